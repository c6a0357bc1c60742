"""The debt calendar: what is owed and does not stand in this change's way, month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from policy_gate.report.formats.html.finding_entry import Entry, entry
from policy_gate.report.grouping import SystemFindings
from policy_gate.report.style import RenderOptions
from policy_gate.report.wording import plural
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport

_ENTRIES = 300
_MONTHS = 12
_DOTS = 18
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Owed = tuple[Finding, SystemReport | None]


class Month(Struct, frozen=True):
    """One tile: `debt` things fall due and `upcoming` rules come into force; `dots` are drawn, the rest counted.

    Each dot is (x, y, whether it is upcoming).
    """

    name: str
    year: str
    debt: int
    upcoming: int
    late: bool
    dots: tuple[tuple[int, int, bool], ...]
    said: str


class Calendar(Struct, frozen=True):
    """Debt by month, and each entry of it."""

    months: tuple[Month, ...]
    entries: tuple[Entry, ...]
    more: int
    total: int
    overdue: int
    upcoming: int


def owed(by_system: Sequence[SystemFindings], report: Report, render: RenderOptions) -> Calendar:
    """Debt with its entries, soonest first; rules that come into force are drawn and listed elsewhere."""
    debt = sorted(((f, grouped.system) for grouped in by_system for f in grouped.debt), key=_soonest)
    upcoming = [f for grouped in by_system for f in grouped.of("upcoming") if f.due]
    late = [f for f, _ in debt if f.blame == "overdue"]
    return Calendar(
        months=tuple(_months([f for f, _ in debt], upcoming, report.as_of)),
        entries=tuple(entry(f, report, system, render) for f, system in debt[:_ENTRIES]),
        more=max(0, len(debt) - _ENTRIES),
        total=len(debt),
        overdue=len(late),
        upcoming=len(upcoming),
    )


def _soonest(item: Owed) -> tuple[bool, str, str, str]:
    finding = item[0]
    due = finding.due.isoformat() if finding.due else ""
    return (finding.blame != "overdue", due, finding.system or "", finding.title)


def _months(debt: Sequence[Finding], upcoming: Sequence[Finding], as_of: date) -> Iterator[Month]:
    """Overdue and undated first, then a year of months, then what is later."""
    if not debt and not upcoming:
        return
    late = [f for f in debt if f.blame == "overdue"]
    undated = [f for f in debt if f.blame != "overdue" and f.due is None]
    dated = [f for f in debt if f.blame != "overdue" and f.due is not None]
    if late:
        yield _month("Overdue", "", late, (), late=True)
    if undated:
        yield _month("At once", "", undated, ())
    first = as_of.year * 12 + as_of.month - 1
    for ordinal in range(first, first + _MONTHS):
        year, month = divmod(ordinal, 12)
        yield _month(_NAMES[month], str(year), _in(dated, ordinal, first), _in(upcoming, ordinal, first))
    later = [f for f in dated if _ordinal(f) >= first + _MONTHS]
    later_rules = [f for f in upcoming if _ordinal(f) >= first + _MONTHS]
    if later or later_rules:
        yield _month("Later", "", later, later_rules)


def _in(findings: Sequence[Finding], ordinal: int, first: int) -> list[Finding]:
    """Those of a month; what is dated before the first one stands there."""
    return [f for f in findings if max(_ordinal(f), first) == ordinal]


def _ordinal(finding: Finding) -> int:
    return finding.due.year * 12 + finding.due.month - 1 if finding.due else 0


def _month(name: str, year: str, debt: Sequence[Finding], coming: Sequence[Finding], *, late: bool = False) -> Month:
    drawn = ([False] * len(debt) + [True] * len(coming))[:_DOTS]
    dots = tuple((1 + number % 6 * 10, 1 + number // 6 * 10, is_coming) for number, is_coming in enumerate(drawn))
    said = [f"{len(debt)} due"] if debt and not late else [str(len(debt))] if debt else []
    said += [plural(len(coming), "rule begins", "rules begin")] if coming else []
    return Month(name, year, len(debt), len(coming), late, dots, ", ".join(said))
