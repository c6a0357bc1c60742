"""What falls due as every format for people tells it: one row for what one person owes of one system on one day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from policy_gate.report.wording import holders, place_of, plural
from policy_gate.schema.due import DueItem
from policy_gate.schema.report import Report

_KINDS = {
    "debt": "owed",
    "review": "review",
    "reclassification": "review",
    "paper": "paper ages",
    "waiver": "waiver ends",
    "key": "key ends",
    "vendor-assessment": "vendor",
    "vendor-terms": "vendor",
    "model": "model ends",
    "clock": "clock",
    "law": "law begins",
    "rule": "rule begins",
}


_TOGETHER = ("debt", "paper", "law", "rule")


class DueRow(Struct, frozen=True):
    """One line of the calendar; where several things of one sort stand in it, `what` is empty."""

    day: date
    sort: str
    system: str
    title: str
    who: str
    what: str
    where: str
    is_late: bool


def due_rows(report: Report) -> tuple[DueRow, ...]:
    """What comes, and what is late or due today without being told as a finding, in order of days."""
    items = (item for item in report.due if item.day > report.as_of or not item.finding)
    return tuple(_row(group, report) for group in due_groups(items))


def due_groups(items: Iterable[DueItem]) -> list[list[DueItem]]:
    """What is owed, ages or begins for one system on one day, by whom, together; everything else by itself."""
    groups: dict[object, list[DueItem]] = {}
    for item in items:
        own = "" if item.kind in _TOGETHER else item.title
        groups.setdefault((item.day, item.kind, item.system, item.who, own), []).append(item)
    return list(groups.values())


def group_title(items: Sequence[DueItem]) -> str:
    """'Incident log review and 2 more'."""
    return items[0].title + (f" and {len(items) - 1} more" if len(items) > 1 else "")


def whose(item: DueItem, report: Report) -> str:
    """Who has to do it: a person by name, or who holds the roles."""
    return ", ".join(item.who) if item.is_person else holders(report, item.who)


def due_count(report: Report) -> str:
    """'7 things fall due by 2027-02-20, 3 are late'; empty where nothing does."""
    ahead = [item for item in report.due if item.day >= report.as_of]
    late = len(report.due) - len(ahead)
    said = []
    if ahead:
        verb = "falls" if len(ahead) == 1 else "fall"
        said.append(f"{plural(len(ahead), 'thing')} {verb} due by {ahead[-1].day.isoformat()}")
    if late:
        said.append(f"{late} {'is' if late == 1 else 'are'} late" if ahead else f"{plural(late, 'thing')} late")
    return ", ".join(said)


def _row(items: Sequence[DueItem], report: Report) -> DueRow:
    first = items[0]
    return DueRow(
        first.day,
        _KINDS[first.kind],
        first.system,
        group_title(items),
        whose(first, report),
        first.what if len(items) == 1 else "",
        place_of(first.location.path, first.location.line) if first.location else "",
        first.day < report.as_of,
    )
