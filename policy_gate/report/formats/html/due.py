"""What falls due, as the page sets it: the next rows of the calendar, and how many more there are."""

from __future__ import annotations

from msgspec import Struct

from policy_gate.report.due_rows import DueRow, due_count, due_rows
from policy_gate.schema.report import Report

_SHOWN = 200


class DueTable(Struct, frozen=True):
    """`told` says that what is late is told elsewhere, too."""

    count: str
    rows: tuple[DueRow, ...]
    more: int
    told: bool


def due_table(report: Report) -> DueTable:
    """Empty of rows where nothing falls due that is not told as a finding."""
    rows = due_rows(report)
    told = any(item.finding and item.day < report.as_of for item in report.due)
    return DueTable(due_count(report), rows[:_SHOWN], len(rows[_SHOWN:]), told)
