"""Dates as a calendar that calendar programs read (RFC 5545): clocks that run, and what falls due.

A deadline of a clock is an event at its moment, in UTC; a date is an event of that day. Both have an alarm a day
before, a clock one an hour before, too, as some run for hours. They take up no time of the reader's, and keep
their UID, so that a later calendar moves an event instead of adding one. A journal entry says what the calendar is of:
a calendar has to hold something, and an empty one would say that all is well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import chain
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct

from policy_gate.report.alerts import alert_of, caveat_of, fitted, lines_of
from policy_gate.report.due_rows import due_groups, group_title, whose
from policy_gate.report.sanitise import ics
from policy_gate.report.style import RenderOptions
from policy_gate.report.wording import VERDICT_WORDS, place_of, plural
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.due import DueItem
from policy_gate.schema.finding import Finding
from policy_gate.schema.incidents import HOUSE, Clock
from policy_gate.schema.report import ClockReport, Report, SystemReport

MOST: Final = 1000
"""events of a calendar; what falls due later is counted in its journal entry"""
LINE: Final = 75
"""octets of a line, without its break"""
NOTES: Final = 100
"""lines of a journal entry; more are counted"""
TEXT: Final = 1000
"""characters of a line of a description"""
_TITLE = 200
_ALARMS = ("-P1D",)
_ROOT = uuid5(NAMESPACE_URL, "urn:policy-gate:calendar")
_ONCE = ("review", "vendor-terms", "law")
"""what a finding of the same system and day tells as well"""
_SETTLED = ("waived", "not-applicable")


class DueClock(Struct, frozen=True):
    """A clock that runs, or may: somebody is to be told by then."""

    incident: str
    clock: str
    title: str
    deadline: datetime | None
    """None where it is to be done without undue delay"""
    recipient: str
    details: tuple[str, ...] = ()


class DueReview(Struct, frozen=True):
    """Something of a system that falls due on a day; `key` tells two of one title apart."""

    system: str
    title: str
    on: date
    key: str = ""
    details: tuple[str, ...] = ()


def calendar(
    clocks: Iterable[DueClock],
    reviews: Iterable[DueReview],
    stamp: datetime,
    *,
    of: str,
    title: str,
    notes: Sequence[str] = (),
    repository: str = "",
) -> str:
    """The calendar of these. `title` and `notes` are told in its journal entry.

    `of` tells calendars of one repository apart, `repository` what others call by the same ids.
    """
    ordered = sorted(clocks, key=lambda it: (it.deadline or stamp, it.incident, it.clock))
    events = [_clock(it, it.deadline, repository) for it in ordered if it.deadline is not None]
    events += [_review(it, repository) for it in sorted(reviews, key=lambda it: (it.on, it.system, it.title, it.key))]
    notes = [*(f"{it.incident}: {it.title}, without undue delay" for it in ordered if it.deadline is None), *notes]
    said = [*notes[:NOTES], *([f"{len(notes) - NOTES} more left out"] if len(notes) > NOTES else [])]
    if len(events) > MOST:
        said.append(f"{plural(len(events) - MOST, 'later date')} left out")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//policy-gate//calendar//EN", "CALSCALE:GREGORIAN"]
    name = ics(f"policy-gate {repository}".strip())
    lines += [f"NAME:{name}", f"X-WR-CALNAME:{name}"]
    lines += _journal(stamp, title, said, _uid(repository, "journal", of))
    for event in events[:MOST]:
        lines += ["BEGIN:VEVENT", f"DTSTAMP:{_utc(stamp)}", *event, "END:VEVENT"]
    return "".join(f"{part}\r\n" for line in (*lines, "END:VCALENDAR") for part in _folded(line))


def ics_report(report: Report, render: RenderOptions) -> str:
    """Clocks of incidents, what falls due of every system, and the answer as journal. `look` does not matter here."""
    stamp = datetime.combine(report.as_of, time(), UTC)
    caveat = caveat_of(report)
    title = f"policy-gate: {VERDICT_WORDS[report.verdict]}{', does not enforce' if caveat else ''}"
    notes = [text for text in (report.headline, report.hint) if text]
    notes += lines_of(caveat.rows) if caveat else []
    notes += (f"cannot be read: {place_of(it.path, it.line)}: {it.message}" for it in report.problems if not it.advice)
    repository = report.trust.repository
    return calendar(_clocks(report), _due(report), stamp, of="check", title=title, notes=notes, repository=repository)


def due_clock(incident: str, system: str, clock: Clock | ClockReport, end: datetime | None) -> DueClock:
    """A clock of an incident, read alike in the calendar of a check and in that of the desk."""
    facts = ", ".join(name.rpartition(".")[2] for name in clock.missing)
    law = () if clock.law == HOUSE else (f"Law: {clock.law}",)
    lacks = (f"Not known whether it runs: state {facts}",) if facts else ()
    title = f"{clock.title}, if it runs" if facts else clock.title
    return DueClock(incident, clock.id, title, end, clock.recipient, (f"System: {system}", *law, *lacks))


def _clocks(report: Report) -> Iterator[DueClock]:
    """The clocks that nobody has met, also where it is not known whether they run."""
    for incident in report.incidents:
        for clock in incident.clocks:
            end = datetime.fromisoformat(clock.deadline) if clock.deadline else None
            yield due_clock(incident.id, incident.system, clock, end)


def _due(report: Report) -> Iterator[DueReview]:
    systems = {system.id: system for system in report.systems}
    told = set()
    for finding in report.findings:
        if finding.due is not None and finding.state not in _SETTLED:
            system = systems.get(finding.system or "")
            told.add((finding.system, finding.due))
            rows = lines_of(alert_of(finding, report, system).rows)
            owner = _named(system) if system else finding.system or "repository"
            yield DueReview(owner, _what(finding), finding.due, finding.id, tuple(rows))
    alone = [item for item in report.due if not _is_told(item, told)]
    for items in due_groups(alone):
        first = items[0]
        told.add((first.system, first.day))
        owner = _named(systems[first.system]) if first.system in systems else first.system or "repository"
        rows = [f"{it.title}: {it.what}" if len(items) > 1 else f"do: {it.what}" for it in items]
        rows += [f"who: {whose(first, report)}"] if first.who else []
        yield DueReview(owner, group_title(items), first.day, f"{first.kind} {first.title}", tuple(rows))
    for system in report.systems:
        if system.next_due is not None and (system.id, system.next_due) not in told:
            yield DueReview(_named(system), system.next_due_title or "review", system.next_due)


def _is_told(item: DueItem, told: Collection[tuple[str | None, date]]) -> bool:
    """Whether a finding, or the event of a clock, tells it already."""
    if item.finding or item.kind == "clock":
        return True
    return item.kind in _ONCE and (item.system, item.day) in told


def _named(system: SystemReport) -> str:
    return f"{system.id} {system.name}"


def _what(finding: Finding) -> str:
    """What falls due: of something met, what asks for it again."""
    return finding.because[0].title if finding.state == "met" and finding.because else finding.title


def _clock(due: DueClock, end: datetime, repository: str) -> list[str]:
    uid = _uid(repository, "clock", due.incident, due.clock)
    when = f"DTSTART:{_utc(end)}"
    details = (f"Clock: {due.clock}", *([f"To: {due.recipient}"] if due.recipient else []), *due.details)
    return _event(uid, when, f"{due.incident}: {due.title}", details, (*_ALARMS, "-PT1H"))


def _review(due: DueReview, repository: str) -> list[str]:
    uid = _uid(repository, "review", due.system.partition(" ")[0], due.key or due.title)
    return _event(uid, f"DTSTART;VALUE=DATE:{_digits(due.on.isoformat())}", f"{due.system}: {due.title}", due.details)


def _event(uid: str, when: str, title: str, details: Sequence[str], before: Sequence[str] = _ALARMS) -> list[str]:
    summary = ics(fitted(title, _TITLE))
    alarms = [_alarm(it, summary) for it in before]
    return [uid, when, f"SUMMARY:{summary}", *_description(details), "TRANSP:TRANSPARENT", *chain(*alarms)]


def _alarm(before: str, summary: str) -> tuple[str, ...]:
    return ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:{before}", f"DESCRIPTION:{summary}", "END:VALARM")


def _journal(stamp: datetime, title: str, notes: Sequence[str], uid: str) -> Iterator[str]:
    yield from ("BEGIN:VJOURNAL", f"DTSTAMP:{_utc(stamp)}", uid)
    day = _digits(stamp.astimezone(UTC).date().isoformat())
    yield from (f"DTSTART;VALUE=DATE:{day}", f"SUMMARY:{ics(title)}", *_description(notes))
    yield "END:VJOURNAL"


def _description(lines: Sequence[str]) -> list[str]:
    said = "\\n".join(ics(fitted(line, TEXT)) for line in lines)
    return [f"DESCRIPTION:{said}"] if said else []


def _uid(*parts: str) -> str:
    return f"UID:{uuid5(_ROOT, digest_of(list(parts)))}"


def _utc(moment: datetime) -> str:
    return f"{_digits(moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat())}Z"


def _digits(iso: str) -> str:
    """A date or time of ISO 8601 as calendars write it."""
    return iso.replace("-", "").replace(":", "")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, each but the first behind a blank, no character cut in two."""
    piece, size = "", 0
    for char in line:
        width = len(char.encode("utf-8"))
        if size + width > LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + width
    yield piece
