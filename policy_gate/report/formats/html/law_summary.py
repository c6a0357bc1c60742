"""How far the evidence for each law is complete, system by system; never a word of compliance."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from policy_gate.schema.report import LawReport, Report

_ROWS = 200


class LawRow(Struct, frozen=True):
    """`state` is complete, incomplete or not-evaluated, `said` the same in words."""

    system: str
    law: str
    id: str
    applicable: int
    met: int
    gaps: int
    unknown: int
    upcoming: int
    state: str
    said: str


class LawSummary(Struct, frozen=True):
    """The rows shown of the laws of a system; `more` are left out."""

    rows: tuple[LawRow, ...]
    more: int
    unevaluated: int


def law_rows(report: Report) -> LawSummary:
    """One row a system and law; those for which no pack is active say that nothing was evaluated (D42)."""
    rows = tuple(_rows(report))
    unevaluated = sum(1 for row in rows if row.state == "not-evaluated")
    return LawSummary(rows[:_ROWS], max(0, len(rows) - _ROWS), unevaluated)


def regulation_title(report: Report, regulation: str) -> str:
    """The title of a regulation, or its id where the report carries no documentation."""
    return report.docs.regulations.get(regulation, regulation) if report.docs else regulation


def _rows(report: Report) -> Iterator[LawRow]:
    for system in report.systems:
        for law in system.law:
            state, said = _state(law)
            yield LawRow(
                system.id, regulation_title(report, law.regulation), law.regulation, law.applicable, law.met,
                law.gaps, law.unknown, law.upcoming, state, said,
            )  # fmt: skip


def _state(law: LawReport) -> tuple[str, str]:
    if law.applicable == 0 and law.unknown:
        return "incomplete", "facts are missing"
    if law.applicable == 0 and not law.evidence_complete:
        return "not-evaluated", "not evaluated"
    if law.evidence_complete:
        return "complete", "evidence complete"
    return "incomplete", "evidence incomplete"
