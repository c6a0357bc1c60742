"""The `incident` views: clocks with the time left, what to do first, what comes next, and how fast it went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from policy_gate.documents.spelling import listed
from policy_gate.report.formats.ics import calendar, due_clock
from policy_gate.report.formats.json import dumped
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, hanging, kept, line, printed, prose
from policy_gate.report.wording import plural
from policy_gate.respond.clocks import in_utc
from policy_gate.respond.metrics import MEASURES, TimeSummary
from policy_gate.respond.next_step import DeskRow, Holder
from policy_gate.respond.triage import Triage
from policy_gate.schema.incidents import Clock, IncidentFact

_LABEL = 12
_STATE = 14
_STATED_BY = {
    "aware_at": "--aware-at TIME",
    "personal_data_exposed": "--[no-]personal-data",
    "eu_residents_affected": "--[no-]eu-residents",
    "risk_to_persons": "--risk none|risk|high",
    "affected_users_estimate": "--affected-users N",
    "serious_incident": "--serious none|WORD",
    "data_role": "--data-role controller|processor",
}
"""The options of `incident triage`, by what they state."""
_HOURS = 96
"""from which a span is told in days"""
_STYLES = {"overdue": "block", "late": "late", "running": "conditions", "unknown": "undecided", "met": "pass"}
_ORDER = ("overdue", "running", "unknown", "late", "met", "not-required")
_SEVERITY = {"critical": "block", "high": "block", "medium": "conditions", "low": "faint"}


def duration(span: timedelta) -> str:
    """A span of time with its sign: '62 h 10 min', '-3 h 10 min', '12 d 4 h'."""
    seconds = int(span.total_seconds())
    sign = "-" if seconds < 0 else ""
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= _HOURS:
        return f"{sign}{hours // 24} d" + (f" {hours % 24} h" if hours % 24 else "")
    if not hours and not minutes:
        return f"{sign}{rest} s"
    parts = (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "")
    return sign + " ".join(part for part in parts if part)


def time_left(clock: Clock, now: datetime) -> str:
    """How much of its time is left, or by how much it is late; late is never zero."""
    state, left = clock.state(now), clock.remaining(now)
    if state == "not-required":
        return clock.because
    more = "; the complete report is to follow" if clock.is_partial else ""
    if left is None:
        told = f"told {in_utc(clock.noticed_at)}{more}" if clock.noticed_at else "without undue delay"
        return told if state != "unknown" else _lacking(clock)
    said = f"{duration(abs(left))} {'late' if left < timedelta(0) else 'left'}"
    if state == "unknown":
        return f"{_lacking(clock)}; if it runs, {said}"
    return f"in time, {duration(left)} before the end{more}" if state == "met" else f"{said}{more}"


def _lacking(clock: Clock) -> str:
    return f"not stated: {', '.join(clock.missing)}"


def clock_data(clock: Clock, now: datetime) -> dict[str, Any]:
    """A clock as JSON; `remaining_hours` is at the moment of the notice, else now, and negative when late."""
    left = clock.remaining(now)
    return {
        "id": clock.id,
        "law": clock.law,
        "title": clock.title,
        "state": clock.state(now),
        "starts_at": in_utc(clock.starts_at),
        "deadline": in_utc(clock.deadline),
        "remaining_hours": None if left is None else round(left.total_seconds() / 3600, 4),
        "noticed_at": in_utc(clock.noticed_at),
        "is_partial": clock.is_partial,
        "recipient": clock.recipient,
        "because": clock.because or None,
        "missing": list(clock.missing),
        "note": clock.note or None,
    }


def ordered(clocks: Sequence[Clock], now: datetime) -> list[Clock]:
    """Clocks with those that run first, each group by its end."""
    far = float("inf")
    return sorted(clocks, key=lambda it: (_ORDER.index(it.state(now)), it.deadline.timestamp() if it.deadline else far))


def status_json(rows: Sequence[DeskRow], now: datetime) -> str:
    """`{"as_of", "incidents": […]}`, the most pressing first."""
    return dumped({"as_of": in_utc(now), "incidents": [_row_data(row, now) for row in rows]})


def _row_data(row: DeskRow, now: datetime) -> dict[str, Any]:
    incident = row.fact.incident
    return {
        "id": incident.id,
        "system": incident.system,
        "system_name": row.system_name,
        "type": incident.type,
        "severity": incident.severity,
        "state": incident.state,
        "description": incident.description,
        "detected_at": in_utc(incident.detected_at),
        "clocks": [clock_data(clock, now) for clock in ordered(row.fact.clocks, now)],
        "targets": [clock_data(clock, now) for clock in row.fact.targets],
        "duties_open": list(row.fact.duties_open) if incident.is_resolved else [],
        "tests_open": list(row.fact.tests_open) if incident.is_resolved else [],
        "next": _next_data(row),
        "location": str(row.fact.location),
    }


def _next_data(row: DeskRow) -> dict[str, Any] | None:
    if row.next is None:
        return None
    return {
        "what": row.next.what,
        "command": row.next.command,
        "due": in_utc(row.next.due),
        "by": [{"role": it.role, "people": list(it.people)} for it in row.by],
    }


def status_calendar(rows: Sequence[DeskRow], now: datetime, repository: str) -> str:
    """Every clock that has not ended well, and the house's own times, as a calendar."""
    found = [
        due_clock(row.fact.id, row.fact.incident.system, clock, clock.deadline)
        for row in rows
        for clock in (*row.fact.clocks, *row.fact.targets)
        if clock.state(now) in ("running", "overdue", "unknown")
    ]
    open_ = sum(1 for row in rows if row.next is not None)
    title = f"policy-gate: {plural(open_, 'incident is', 'incidents are')} open"
    return calendar(found, (), now, of="incidents", title=title, repository=repository)


def status_text(rows: Sequence[DeskRow], now: datetime, render: RenderOptions) -> str:
    """One block an incident: what comes next and by whom, the clocks that run, and the house's own times."""
    lines: list[Line] = []
    for row in rows:
        lines += [*([()] if lines else []), *_block(row, now, render)]
    return printed(lines or prose("no incident is open", render), render)


def _block(row: DeskRow, now: datetime, render: RenderOptions) -> list[Line]:
    incident = row.fact.incident
    lines = [*heading(row.fact, row.system_name, render), *prose(incident.description, render, indent=2)]
    lines += next_lines(row, now, render)
    shown = [clock for clock in ordered(row.fact.clocks, now) if clock.state(now) != "not-required"]
    if shown:
        lines += [(), *prose("legal clocks", render, indent=2, style="name")]
        lines += [part for clock in shown for part in _clock(clock, now, render)]
        lines += _to_state(row.fact, shown, now, render)
    rest = len(row.fact.clocks) - len(shown)
    if rest:
        words = (
            f"{plural(rest, 'clock does', 'clocks do')} not run (policy-gate incident triage {incident.id} says why)"
        )
        lines += prose(words, render, indent=4, style="faint")
    lines += [(), *prose("response times", render, indent=2, style="name")]
    return lines + [part for clock in row.fact.targets for part in _target(clock, now, render)]


def heading(fact: IncidentFact, system_name: str, render: RenderOptions) -> list[Line]:
    """What incident it is, on a line."""
    incident = fact.incident
    head = line(Span(incident.id, "name"), "  ", Span(incident.severity, _SEVERITY[incident.severity]), " ")
    return hanging(head, f"{incident.type}, {incident.state}, {incident.system} {system_name}", render)


def next_lines(row: DeskRow, now: datetime, render: RenderOptions) -> list[Line]:
    """What comes next, the command for it, and by whom."""
    if row.next is None:
        return hanging(_label("next"), "nothing is left to be done", render, style="pass")
    due = row.next.due
    until = "" if due is None else f", {'by' if due >= now else 'due since'} {in_utc(due)}"
    lines = hanging(_label("next"), f"{row.next.what}{until}", render, style="name")
    lines += hanging(_label(""), kept(row.next.command), render, style="command")
    return lines + (hanging(_label("by"), holders_told(row.by), render) if row.by else [])


def holders_told(holders: Sequence[Holder]) -> str:
    """Roles with the people in them: 'Rae Kim (AI Safety Lead), CISO'."""
    return ", ".join(f"{listed(it.people, 'or')} ({it.title})" if it.people else it.title for it in holders)


def _label(name: str) -> Line:
    return line("  ", Span(name.ljust(_LABEL), "faint"))


def _clock(clock: Clock, now: datetime, render: RenderOptions) -> list[Line]:
    state = clock.state(now)
    head = line("    ", Span(state.ljust(_STATE), _STYLES.get(state, "faint")))
    word = {"running": "until", "overdue": "due since"}.get(state)
    until = f", {word} {in_utc(clock.deadline)}" if clock.deadline and word else ""
    lines = hanging(head, f"{clock.id}: {time_left(clock, now)}{until}", render)
    told = f"{clock.title} ({clock.recipient})" if state != "not-required" else ""
    return lines + (hanging(line(" " * (4 + _STATE)), told, render, style="faint") if told else [])


def _to_state(fact: IncidentFact, clocks: Sequence[Clock], now: datetime, render: RenderOptions) -> list[Line]:
    """How the facts of the incident are stated that its unknown clocks hang on, as far as options state them."""
    missing = {name for clock in clocks if clock.state(now) == "unknown" for name in clock.missing}
    wanted = [flag for name, flag in _STATED_BY.items() if f"incident.{name}" in missing]
    if not wanted:
        return []
    command = f"policy-gate incident triage {fact.id} {' '.join(wanted)}"
    return hanging(line("    ", Span("to state".ljust(_STATE), "faint")), command, render, style="command")


def _target(clock: Clock, now: datetime, render: RenderOptions) -> list[Line]:
    state = clock.state(now)
    head = line("    ", Span(state.ljust(_STATE), _STYLES.get(state, "faint")))
    return hanging(head, f"{clock.title}: {time_left(clock, now)}", render)


def triage_json(fact: IncidentFact, found: Triage, now: datetime) -> str:
    """The shape that the contract gives to `incident triage`."""
    incident = fact.incident
    return dumped(
        {
            "id": incident.id,
            "system": incident.system,
            "type": incident.type,
            "severity": incident.severity,
            "state": incident.state,
            "sla_minutes": dict(found.sla),
            "regulatory_window": found.window,
            "escalation": list(found.escalation),
            "immediate_actions": list(found.immediate_actions),
            "clocks": [clock_data(clock, now) for clock in ordered(fact.clocks, now)],
        }
    )


def triage_text(row: DeskRow, found: Triage, now: datetime, render: RenderOptions) -> str:
    """What to do at once, whom to call, and every legal clock: how long it has, or why it does not run."""
    fact = row.fact
    lines = [*heading(fact, row.system_name, render), *prose(fact.incident.description, render, indent=2)]
    minutes = (f"{name.replace('_', ' ')} in {value} min" for name, value in found.sla.items())
    lines += [(), *hanging(_label("SLA"), "; ".join(minutes), render)]
    lines += hanging(_label("regulators"), found.window, render)
    for title, items in (("escalation", found.escalation), ("first actions", found.first_actions)):
        if items:
            lines += [(), *prose(title, render, indent=2, style="name")]
            lines += [part for item in items for part in hanging(line("    - "), item, render)]
    lines += [(), *prose("legal clocks", render, indent=2, style="name")]
    lines += [part for clock in ordered(fact.clocks, now) for part in _clock(clock, now, render)]
    lines += _to_state(fact, fact.clocks, now, render)
    return printed([*lines, (), *next_lines(row, now, render)], render)


def options_text(fact: IncidentFact, options: Sequence[str], render: RenderOptions) -> str:
    """The ways to contain an incident of its type, numbered."""
    lines = prose(f"ways to contain {fact.id} ({fact.incident.type})", render, style="name")
    for number, option in enumerate(options, start=1):
        lines += hanging(line(f"  {number}  "), option, render)
    return printed(lines, render)


def options_json(fact: IncidentFact, options: Sequence[str]) -> str:
    """The ways to contain an incident, as JSON."""
    return dumped({"id": fact.id, "type": fact.incident.type, "containment_options": list(options)})


Groups = Mapping[str, Mapping[str, Mapping[str, TimeSummary]]]
"""`severity` and `type`, each with what was measured of its incidents by the word"""


def metrics_json(every: Mapping[str, TimeSummary], groups: Groups, incidents: int, now: datetime) -> str:
    """`{"as_of", "incidents", "all", "by_severity", "by_type"}`, times in minutes."""
    data: dict[str, Any] = {"as_of": in_utc(now), "incidents": incidents, "all": _measures_data(every)}
    for name, group in groups.items():
        data[f"by_{name}"] = {word: _measures_data(found) for word, found in group.items()}
    return dumped(data)


def _measures_data(found: Mapping[str, TimeSummary]) -> dict[str, Any]:
    return {
        name: {
            "count": it.count,
            "within": it.within,
            "late": it.late,
            "overdue": it.overdue,
            "pending": it.pending,
            "median_minutes": it.median,
            "worst_minutes": it.worst,
        }
        for name, it in found.items()
    }


def metrics_text(
    every: Mapping[str, TimeSummary], groups: Groups, incidents: int, now: datetime, render: RenderOptions
) -> str:
    """A table for all incidents, and one for each severity and type."""
    if not incidents:
        return printed(prose("no incident is on record", render), render)
    lines = prose(f"{plural(incidents, 'incident')} as of {in_utc(now)}", render, style="name")
    lines += [(), *_table("all", every)]
    for group in groups.values():
        for word, found in group.items():
            lines += [(), *_table(word, found)]
    return printed(lines, render)


def _table(title: str, found: Mapping[str, TimeSummary]) -> Iterator[Line]:
    names = ("done", "in time", "late", "overdue", "open")
    widths = (6, 9, 6, 9, 6)
    head = "".join(name.rjust(width) for name, width in zip(names, widths, strict=True))
    yield line(Span(title.ljust(17), "name"), Span(head + "median".rjust(13) + "worst".rjust(13), "faint"))
    for name, it in found.items():
        # No policy says how long a resolution may take.
        timed: tuple[int | str, ...] = ("", "", "") if name == "resolution" else (it.within, it.late, it.overdue)
        cells = zip((it.count, *timed, it.pending), widths, strict=True)
        spans = ("-" if value is None else duration(timedelta(minutes=value)) for value in (it.median, it.worst))
        yield line(
            "  ",
            MEASURES[name].ljust(15),
            "".join(str(cell).rjust(width) for cell, width in cells),
            "".join(span.rjust(13) for span in spans),
        )
