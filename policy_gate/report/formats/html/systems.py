"""The systems: a card for each that the change concerns, and one table for the quiet ones."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from policy_gate.report.finding_rows import edits_of, gains_of
from policy_gate.report.formats.html.gauge import Gauge, gauge
from policy_gate.report.formats.html.ladder import Ladder, ladder, stage_title
from policy_gate.report.formats.html.work import Work
from policy_gate.report.grouping import SystemFindings
from policy_gate.report.wording import change_line, movement_of, plural, risk_of, short_digest, title_of
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport
from policy_gate.schema.vocabulary import STATES, tier_rank

_CARDS = 40
_FEW = 8
_ROWS = 300
_CHANGES = 30
_PRESENCE = {
    "added": "New", "enrolled": "Enrolled", "changed": "Changed", "removed": "Removed", "unchanged": "Unchanged",
}  # fmt: skip


class ChangeRow(Struct, frozen=True):
    """One difference; a weakening is one that makes the system look safer without any work done."""

    kind: str
    said: str
    weakening: bool


class Share(Struct, frozen=True):
    """A stretch of the bar of states: from `x`, `width` wide."""

    state: str
    said: str
    x: float
    width: float


class Card(Struct, frozen=True):
    """One system as its card on the page shows it."""

    id: str
    name: str
    verdict: str
    presence: str
    movement: str
    risk: str
    notes: tuple[str, ...]
    gauge: Gauge
    ladder: Ladder
    changes: tuple[ChangeRow, ...]
    more_changes: int
    law_class: tuple[str, ...]
    controls: tuple[str, ...]
    shares: tuple[Share, ...]
    pieces: tuple[int, ...]
    next_due: str
    manifest: str
    digest: str


class QuietRow(Struct, frozen=True):
    """One system of which nothing is asked."""

    id: str
    name: str
    tier: str
    stage: str
    verdict: str
    debt: int
    next_due: str


class Fleet(Struct, frozen=True):
    """`cards` and `quiet` rows, with how many of each are not shown."""

    cards: tuple[Card, ...]
    more_cards: int
    quiet: tuple[QuietRow, ...]
    more_quiet: int
    unread: int
    """systems that are known and were not looked at, because the change concerns none of their files"""


def fleet(by_system: Sequence[SystemFindings], report: Report, work: Work) -> Fleet:
    """Cards for what is not quiet, or for all where they are few and nothing else is to be told."""
    known = [(grouped, grouped.system) for grouped in by_system if grouped.system]
    loud = [(grouped, system) for grouped, system in known if not grouped.is_quiet]
    if len(known) <= _FEW and (not loud or report.trust.mode == "all"):
        loud = known
    told = {system.id for _, system in loud}
    quiet = [_quiet(grouped, system) for grouped, system in known if system.id not in told]
    return Fleet(
        cards=tuple(_card(grouped, system, report, work) for grouped, system in loud[:_CARDS]),
        more_cards=max(0, len(loud) - _CARDS),
        quiet=tuple(quiet[:_ROWS]),
        more_quiet=max(0, len(quiet) - _ROWS),
        unread=max(0, report.system_count - len(known)),
    )


def _quiet(grouped: SystemFindings, system: SystemReport) -> QuietRow:
    due = system.next_due.isoformat() if system.next_due else ""
    stage = stage_title(system.stage)
    return QuietRow(system.id, system.name, risk_of(system), stage, grouped.verdict, len(grouped.debt), due)


def _card(grouped: SystemFindings, system: SystemReport, report: Report, work: Work) -> Card:
    changes = (ChangeRow(c.kind, change_line(c), c.weakening) for c in system.changes)
    edits = (ChangeRow("words-edited", said, weakening=False) for said in edits_of(system))
    gains = (ChangeRow("card-gains", said, weakening=False) for said in gains_of(system))
    rows = (*changes, *edits, *gains)
    return Card(
        id=system.id,
        name=system.name,
        verdict=grouped.verdict,
        presence=_PRESENCE[system.presence],
        movement=_movement(system),
        risk=risk_of(system),
        notes=tuple(_notes(system)),
        gauge=gauge(system, report),
        ladder=ladder(system, report),
        changes=rows[:_CHANGES],
        more_changes=max(0, len(rows) - _CHANGES),
        law_class=tuple(_law_class(report, name) for name in system.law_class),
        controls=tuple(_control(report, name) for name in system.required_controls),
        shares=_shares((*grouped.work, *grouped.waiting, *grouped.debt, *grouped.others)),
        pieces=work.numbers.get(system.id, ()),
        next_due=f"{system.next_due.isoformat()}: {system.next_due_title or 'review'}" if system.next_due else "",
        manifest=system.manifest,
        digest=short_digest(system.subject_digest),
    )


def _movement(system: SystemReport) -> str:
    """What the change does to the system as a whole, with stages by their titles."""
    if system.presence != "removed" and system.base_stage not in (None, system.stage):
        return f"{stage_title(str(system.base_stage))} \u2192 {stage_title(system.stage)}"
    return movement_of(system)


def _notes(system: SystemReport) -> list[str]:
    """Why the tier that judges is not simply what the points say."""
    notes = []
    if system.undeclared:
        notes.append(f"Not declared yet: {', '.join(system.undeclared)}.")
    if system.score_tier and tier_rank(system.score_tier) < tier_rank(system.tier):
        notes.append(f"A floor lifts it: by points alone it would be {system.score_tier}.")
    if system.effective_tier != system.tier:
        notes.append(f"Declared as {system.tier}; this change is judged as {system.effective_tier}.")
    elif system.base_tier and system.base_tier != system.tier:
        notes.append(f"In base it was {system.base_tier}.")
    return notes


def _law_class(report: Report, name: str) -> str:
    """The title of a law class: 'regulation:class' as the rules call it where the policies give none."""
    return report.docs.law_classes.get(name, name) if report.docs else name


def _control(report: Report, name: str) -> str:
    known = report.docs.controls.get(name) if report.docs else None
    return known if known else title_of(report, name).replace("-", " ").capitalize()


def _shares(findings: Sequence[Finding]) -> tuple[Share, ...]:
    """How much of what is asked is met, open or let pass; what does not apply is left out of the whole."""
    counts = [(state, sum(1 for f in findings if f.state == state)) for state in STATES if state != "not-applicable"]
    total = sum(number for _, number in counts)
    shares, x = [], 0.0
    for state, number in counts:
        if number:
            width = 320 * number / total
            said = plural(number, "gap") if state == "gap" else f"{number} {state}"
            shares.append(Share(state, said, round(x, 1), round(width, 1)))
            x += width
    return tuple(shares)
