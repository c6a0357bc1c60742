"""Requirements in tables: kinds by state for all of it, and for each system what wants what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from policy_gate.report.grouping import SystemFindings
from policy_gate.report.wording import with_capital
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report
from policy_gate.schema.vocabulary import STATES

_ROWS = 80
_SYSTEMS = 12
_KINDS = {
    "artifact": "Documents",
    "test": "Tests",
    "approval": "Approvals",
    "card": "Model card",
    "that": "Statements",
    "any_of": "One of several",
}
_STATE_WORDS = {"not-applicable": "not applicable"}


class Overview(Struct, frozen=True):
    """Kinds of requirement by state: `rows` of (kind, counts), `states` of (id, word), sums below."""

    states: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]
    sums: tuple[int, ...]
    total: int


class Cell(Struct, frozen=True):
    """What one column says of one requirement; an empty state where the column does not want it."""

    column: str
    state: str
    said: str


class Row(Struct, frozen=True):
    """One requirement, and a cell for each gate, control or rule that wants it."""

    kind: str
    subject: str
    title: str
    cells: tuple[Cell, ...]


class Matrix(Struct, frozen=True):
    """One system's requirements by what wants them: gates in order, then controls, then rules."""

    system: str
    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    more: int
    is_open: bool


def overview(report: Report) -> Overview:
    """Every finding counted once, by kind and state; states and kinds that never occur are left out."""
    counts = Counter((finding.kind, finding.state) for finding in report.findings)
    states = [state for state in STATES if any(of == state for _, of in counts)]
    kinds = [*_KINDS, *sorted({kind for kind, _ in counts} - set(_KINDS))]
    rows = [(_KINDS.get(kind, kind), tuple(counts[kind, state] for state in states)) for kind in kinds]
    sums = tuple(sum(numbers[column] for _, numbers in rows) for column in range(len(states)))
    return Overview(
        tuple((state, _STATE_WORDS.get(state, state)) for state in states),
        tuple((kind, numbers, sum(numbers)) for kind, numbers in rows if any(numbers)),
        sums,
        sum(sums),
    )


def matrices(by_system: Sequence[SystemFindings], report: Report) -> tuple[Matrix, ...]:
    """One matrix for each system that the change concerns; for all of them in a full check."""
    wanted = [grouped for grouped in by_system if not grouped.is_quiet or report.trust.mode == "all"]
    found = [_matrix(grouped, report) for grouped in wanted[:_SYSTEMS] if _all_of(grouped)]
    return tuple(found)


def _all_of(grouped: SystemFindings) -> tuple[Finding, ...]:
    return (*grouped.work, *grouped.waiting, *grouped.debt, *grouped.others)


def _matrix(grouped: SystemFindings, report: Report) -> Matrix:
    findings = _all_of(grouped)
    columns = _columns(findings, report)
    ordered = sorted(findings, key=_order)
    rows = [
        Row(
            _KINDS.get(finding.kind, finding.kind),
            finding.subject,
            finding.title,
            tuple(_cell(column, name, finding) for column, name in columns),
        )
        for finding in ordered[:_ROWS]
    ]
    system = grouped.system
    return Matrix(
        system=system.id if system else "",
        name=system.name if system else grouped.named or with_capital(grouped.about_repository),
        columns=tuple(name for _, name in columns),
        rows=tuple(rows),
        more=max(0, len(ordered) - _ROWS),
        is_open=bool(grouped.work or grouped.waiting),
    )


def _order(finding: Finding) -> tuple[int, int, str]:
    kinds = list(_KINDS)
    return (
        kinds.index(finding.kind) if finding.kind in kinds else len(kinds),
        STATES.index(finding.state),
        finding.subject,
    )


def _columns(findings: Iterable[Finding], report: Report) -> list[tuple[str, str]]:
    """(what to look for, heading): the gates that want something, in the policies' order, then the rest."""
    reasons = [reason for finding in findings for reason in finding.because]
    titles = {reason.rule: reason.title for reason in reasons if reason.kind == "gate"}
    ordered = [gate.id for gate in report.docs.gates if gate.id in titles] if report.docs else []
    gates = [*ordered, *(gate for gate in titles if gate not in ordered)]
    kinds = {reason.kind for reason in reasons}
    return [(f"gate:{gate}", titles[gate]) for gate in gates] + [
        (kind, name) for kind, name in (("control", "Controls"), ("law", "Law"), ("rule", "Rules")) if kind in kinds
    ]


def _cell(column: str, name: str, finding: Finding) -> Cell:
    kind, _, gate = column.partition(":")
    wanting = [reason for reason in finding.because if reason.kind == kind and (not gate or reason.rule == gate)]
    if not wanting:
        return Cell(name, "", "")
    word = _STATE_WORDS.get(finding.state, finding.state)
    return Cell(name, finding.state, word if gate or len(wanting) == 1 else f"{word} \u00d7{len(wanting)}")
