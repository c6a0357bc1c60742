"""Rows of law as data: from when each applies, to whom, what evidence it wants, and what it comes to for a system."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from msgspec import Struct, field

from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.source import Location, Problem
from policy_gate.schema.vocabulary import Enforcement

Binding = Literal["law", "guidance", "voluntary"]
RowStatus = Literal["in-force", "adopted-future", "draft", "under-rescission", "superseded"]
RowState = Literal["enforceable", "upcoming", "superseded", "not-applicable", "unknown"]
LAW_NAMES: Final = "law."
"""What the names of derived facts begin with."""


class LawSource(Struct, frozen=True):
    """Where a row was read, and what kind of text that is."""

    id: str
    what: str
    kind: str


class Uncertainty(Struct, frozen=True):
    """What is not settled about some rows, what is known of it, and how rows of it are handled."""

    id: str
    topic: str
    known: str
    handling: str


class DerivedFact(Struct, frozen=True):
    """A fact that follows from stated ones, named `law.ID` in conditions; `definition` is how its source words it."""

    id: str
    about: str
    when: Condition
    definition: str | None = None
    pack: str = ""


class Route(Struct, frozen=True):
    """From which day a row applies, where `when` holds; the first route that holds is the row's."""

    from_: date
    when: Condition | None = None


class LawRow(Struct, frozen=True, kw_only=True):
    """One duty of a law or framework. `condition` is in its source's words, `when` the same over facts.

    Without `applies` it is in force since before anybody asks, or, as a draft, has no date. From `formal_from` until
    then it is on the books, and nothing is yet what it speaks of. An `advisory` row never blocks. Of a prohibited
    practice `when` is to whom the ban speaks, and `prohibited_when` that the system does it. What it asks is owed from
    the gate `due_at` on, or at every stage; a gap that is older than `since` is debt from that day on.
    """

    id: str
    pack: str
    regulation: str
    citation: str
    requirement: str
    role: str
    condition: str
    when: Condition
    applies: tuple[Route, ...] = ()
    dates: str | None = None
    until: date | None = None
    formal_from: date | None = None
    binding: Binding
    status: RowStatus = "in-force"
    superseded_by: str | None = None
    evidence: tuple[Requirement, ...] = ()
    penalty: str = ""
    mark: str
    sources: tuple[str, ...] = ()
    uncertain: tuple[str, ...] = ()
    advisory: bool = False
    practice: str | None = None
    prohibited_when: Condition | None = None
    void_when: Condition | None = None
    """where this holds, what the row speaks of is not had, and so it does not apply"""
    told_by: str | None = None
    """the rule that finds the same where art5_practices names the practice"""
    since: date
    due_at: str | None = None
    title: str
    checked_on: date
    location: Location | None = None

    def rule(self, enforcement: Enforcement, effective: date | None = None) -> Rule:
        """The rule that the row is for a system: what it asks as evidence, from when, and what a gap of it does."""
        return Rule(
            kind="law",
            id=self.id,
            title=self.title,
            why=self.requirement,
            citation=self.citation,
            requirements=self.evidence,
            enforcement=enforcement,
            gate=self.due_at,
            effective=effective,
            waivable=self.practice is None,
            location=self.location,
        )


class LawPack(Struct, frozen=True, kw_only=True):
    """The rows of one law or framework, with where they were read and what is uncertain of them."""

    id: str
    title: str
    regulation: str
    checked_on: date
    sources: tuple[LawSource, ...] = ()
    uncertain: tuple[Uncertainty, ...] = ()
    points: Mapping[str, str] = field(default_factory=dict)
    """of a list that the law keeps (Annex III): what each point says"""


class LawContent(Struct, frozen=True):
    """All packs in force; `derived` is in an order in which each needs only earlier ones."""

    packs: tuple[LawPack, ...] = ()
    derived: tuple[DerivedFact, ...] = ()
    rows: tuple[LawRow, ...] = ()


class LawBook(ABC):
    """The packs in force, which are read where a row is judged and not before."""

    @property
    @abstractmethod
    def digest(self) -> str:
        """Over the bytes of every pack; empty where there is none."""

    @property
    @abstractmethod
    def content(self) -> LawContent:
        """What the packs say, read when it is first asked for; PolicyError with every located problem."""

    @property
    @abstractmethod
    def facts(self) -> frozenset[str]:
        """The facts by which rows are judged, by bare name: nothing else of a system decides what they come to."""


class RowResult(Struct, frozen=True, kw_only=True):
    """What one row comes to for one system on one day.

    `missing_facts` are bare names, in the order in which they are asked. `practised` says of a prohibited practice
    whether the system does it. `because` is in words.
    """

    row: LawRow
    state: RowState
    applies_from: date | None = None
    missing_facts: tuple[str, ...] = ()
    practised: bool = False
    because: str = ""
    is_advised: bool = False
    """on the books by the letter, before anything is what it speaks of"""

    @property
    def counts(self) -> bool:
        return self.state in ("enforceable", "upcoming")


class EvidenceSeen(Struct, frozen=True):
    """What was found of one artifact that a row wants: met, why it does not count, or that it is not wanted here."""

    id: str
    state: str


class LawOfSystem(Struct, frozen=True, kw_only=True):
    """Every row of law for one system, each with the evidence that it wants of it."""

    system: str
    name: str
    results: tuple[RowResult, ...]
    evidence: Mapping[str, tuple[EvidenceSeen, ...]]
    """by the id of the row; of rows that apply, will, or cannot be told"""
    to_ask: Mapping[str, tuple[str, ...]]
    """the facts to state next, each with the rows that it decides"""
    problems: tuple[Problem, ...] = ()
    """what is wrong in its entry, and was read as if it were not there"""
