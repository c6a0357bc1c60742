"""What is owed and does not stand in this change's way: rows with a date, a thing and an owner."""

from __future__ import annotations

from collections.abc import Sequence

from policy_gate.report.look import Look
from policy_gate.report.page import Line, Span, hanging, line, prose, width_of
from policy_gate.report.wording import SHOW_ALL, called, due_text, plural
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report

_INDENT = 6
_DATE = 12


def debt_table(title: str, debt: Sequence[Finding], report: Report, look: Look, limit: int | None = 10) -> list[Line]:
    """A heading and one row a finding: due date, title, owner; what the limit hides is counted."""
    if not debt:
        return []
    shown = debt[:limit]
    lines = prose(title, look, indent=2, style="name")
    room = max((width_of(finding.title) for finding in shown if _fits(finding, report, look)), default=0)
    for finding in shown:
        lines += _row(finding, report, look, room)
    if len(debt) > len(shown):
        lines += prose(f"and {len(debt) - len(shown)} more ({SHOW_ALL})", look, indent=_INDENT, style="faint")
    return lines


def debt_heading(debt: Sequence[Finding]) -> str:
    """'Debt: 6 things; the first is due 2027-01-21'."""
    late = [finding for finding in debt if finding.blame == "overdue"]
    dates = [finding.due for finding in debt if finding.due and finding.blame != "overdue"]
    heading = f"Debt: {plural(len(debt), 'thing')}"
    if late:
        heading += f", {len(late)} overdue"
    if dates:
        heading += f"; {'the first' if not late else 'the next'} is due {min(dates).isoformat()}"
    return heading


def owner(finding: Finding, report: Report) -> str:
    """Who does it: the first responsible role, else the first accountable one."""
    roles = finding.responsible or finding.accountable
    return called(report, roles[0]) if roles else ""


def _fits(finding: Finding, report: Report, look: Look) -> bool:
    """Whether title and owner fit on one line, with the longest owner's name in mind."""
    owners = max((width_of(called(report, role)) for role in (*finding.responsible, *finding.accountable)), default=0)
    return _INDENT + _DATE + width_of(finding.title) + 2 + owners <= look.width


def _row(finding: Finding, report: Report, look: Look, room: int) -> list[Line]:
    late = finding.blame == "overdue"
    date = Span(due_text(finding.due).ljust(_DATE), "late" if late else "faint")
    head = line(" " * _INDENT, date)
    who = owner(finding, report)
    title = f"Overdue: {finding.title}" if late and finding.due is None else finding.title
    if who and width_of(finding.title) <= room and _INDENT + _DATE + room + 2 + width_of(who) <= look.width:
        pad = " " * (room - width_of(finding.title) + 2)
        return [(*head, Span(title + pad), Span(who))]
    return [*hanging(head, title, look), *(prose(who, look, indent=_INDENT + _DATE, style="faint") if who else [])]
