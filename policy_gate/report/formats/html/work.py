"""What to do next, by person: numbered pieces as the text report numbers them, then the approvals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from msgspec import Struct

from policy_gate.documents.spelling import listed
from policy_gate.report.formats.html.finding_entry import Entry, Place, entry, place, role_of, whose
from policy_gate.report.grouping import SystemFindings
from policy_gate.report.style import RenderOptions
from policy_gate.report.wording import FORGES, title_of, unnamed, with_capital
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report

_PIECES = 200
_PROBLEMS = 200


class Piece(Struct, frozen=True):
    """One numbered piece of work; an approval that waits for other work has its docket's last number."""

    number: int
    entry: Entry
    system: str
    waits: bool = False


class Person(Struct, frozen=True):
    """Whose turn it is, and for what; `role` is the role's title, or who may act in it."""

    name: str
    role: str
    pieces: tuple[Piece, ...]


class BrokenDocument(Struct, frozen=True):
    """A governed document that could not be read."""

    place: Place | None
    message: str
    hint: str


class Work(Struct, frozen=True):
    """All that is to be done before the verdict can change; `more` counts pieces that are not shown."""

    people: tuple[Person, ...]
    approvals: tuple[Piece, ...]
    asks: tuple[tuple[str, str], ...]
    how: str
    faults: tuple[BrokenDocument, ...]
    more_faults: int
    total: int
    more: int
    numbers: dict[str, tuple[int, ...]]
    """system id to the numbers of its pieces; empty id for the repository itself"""


def work_of(by_system: Sequence[SystemFindings], report: Report, render: RenderOptions) -> Work:
    """Pieces numbered through all dockets, then sorted to the people who do them."""
    numbered = _numbered(by_system)
    pieces = [
        (finding, Piece(number, entry(finding, report, grouped.system, render), _called(grouped), waits))
        for number, finding, grouped, waits in numbered[:_PIECES]
    ]
    faults = [BrokenDocument(place(p.location, render), p.message, p.hint) for p in report.problems[:_PROBLEMS]]
    return Work(
        people=_people([(f, piece) for f, piece in pieces if f.kind != "approval"], report),
        approvals=tuple(piece for f, piece in pieces if f.kind == "approval"),
        asks=tuple((ask.name, listed([title_of(report, role) for role in ask.roles])) for ask in report.ask),
        how=next((FORGES[source] for source in report.trust.approval_sources if source in FORGES), ""),
        faults=tuple(faults),
        more_faults=len(report.problems) - len(faults),
        total=len({number for number, *_ in numbered}) + len(report.problems),
        more=len(numbered) - len(pieces),
        numbers=_by_system(numbered[:_PIECES]),
    )


Numbered = tuple[int, Finding, SystemFindings, bool]


def _numbered(by_system: Sequence[SystemFindings]) -> list[Numbered]:
    numbers = count(1)
    found: list[Numbered] = []
    for grouped in by_system:
        found += [(next(numbers), finding, grouped, False) for finding in grouped.work]
        if grouped.waiting:
            last = next(numbers)
            found += [(last, finding, grouped, True) for finding in grouped.waiting]
    return found


def _by_system(numbered: Sequence[Numbered]) -> dict[str, tuple[int, ...]]:
    found: dict[str, dict[int, None]] = {}
    for number, finding, _, _ in numbered:
        found.setdefault(finding.system or "", {})[number] = None
    return {system: tuple(numbers) for system, numbers in found.items()}


def _called(grouped: SystemFindings) -> str:
    if grouped.system:
        return f"{grouped.system.id} {grouped.system.name}"
    return grouped.named or with_capital(grouped.about_repository)


def _people(pieces: Sequence[tuple[Finding, Piece]], report: Report) -> tuple[Person, ...]:
    """By person, in the order of their first piece."""
    by_name: dict[str, list[tuple[Finding, Piece]]] = {}
    for finding, piece in pieces:
        by_name.setdefault(whose(finding, report), []).append((finding, piece))
    return tuple(
        Person(name, _roles([finding for finding, _ in mine], name, report), tuple(piece for _, piece in mine))
        for name, mine in by_name.items()
    )


def _roles(findings: Sequence[Finding], name: str, report: Report) -> str:
    """The titles in which somebody acts; for a role, the names of those who hold it."""
    roles = [role for role in dict.fromkeys(role_of(finding) for finding in findings) if role]
    titles = listed([title_of(report, role) for role in roles])
    if titles != name:
        return titles
    names = report.names.get(roles[0], ())
    return listed(names, "or") if names else unnamed(report, roles[0])
