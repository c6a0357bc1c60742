"""Obligations and what was found about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import Blame, Cause, Enforcement, State


class RequirementId(Struct, frozen=True):
    """What names a requirement in a report: its kind, and what it is about; see `Requirement`."""

    kind: Literal["artifact", "test", "approval", "card", "that", "any_of"]
    subject: str


class Outcome(Struct, frozen=True):
    """What one rule's one requirement came to, for one subject of one system.

    `instance` tells subjects of for_each apart (vendor id, change kind and field, metric name); empty
    for system. `event` is true for approvals and tests of a gate: they are asked only when it is
    entered. `due` is set for recurring rules (when the review falls due) and for rules not yet
    effective. `seen` and `wanted` are sentences.
    """

    system: str | None
    rule: Rule
    requirement: Requirement
    instance: str
    state: State
    cause: Cause | None = None
    seen: str = ""
    wanted: str = ""
    location: Location | None = None
    event: bool = False
    due: date | None = None
    reviewed: date | None = None
    """for a recurring rule: the oldest `completed` of its artifacts, None while one has none (D06)"""
    missing_facts: tuple[str, ...] = ()
    needs_attestation: str | None = None
    """sha256 of evidence held elsewhere: met only with a verified approval (D19)"""
    claims_not_applicable: str | None = None
    """the reason the manifest gives (D29); counts only when approved"""
    details: tuple[str, ...] = ()
    approval: Requirement | None = None
    """of alternatives: the approval that would do instead of the work"""

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What blame compares: (requirement kind, subject, rule kind, rule id, instance)."""
        return (self.requirement.kind, self.requirement.subject, self.rule.kind, self.rule.id, self.instance)

    @property
    def is_vouchable(self) -> bool:
        """Whether it hangs on somebody's word alone: evidence held elsewhere, or a claim of no concern."""
        return self.needs_attestation is not None or self.claims_not_applicable is not None

    @property
    def is_attestation(self) -> bool:
        """Whether a yes to it vouches for evidence that nobody reads here: only a verified one will do (D19, D47)."""
        return self.needs_attestation is not None or self.instance.startswith("evidence-attested:")

    def become(self, state: State, **changes: Any) -> Outcome:
        return replace(self, state=state, **changes)


class Reason(Struct, frozen=True):
    """One rule that wants the thing: its kind, id, title, citation and what a gap of it does."""

    kind: Literal["gate", "control", "rule", "law"]
    rule: str
    title: str
    citation: str | None
    why: str = ""
    enforcement: Enforcement = "block"


class ClaimNote(Struct, frozen=True):
    """A claim that was looked at and why it does or does not count."""

    who: str
    counts: bool
    why: str
    when: date | None = None


class Finding(Struct, frozen=True):
    """One piece of work, or one thing met: a requirement's subject with every reason for it."""

    id: str
    system: str | None
    state: State
    enforcement: Enforcement
    blame: Blame | None
    requirement: RequirementId
    title: str
    message: str
    because: tuple[Reason, ...]
    location: Location | None
    fix: str
    responsible: tuple[str, ...]
    accountable: tuple[str, ...]
    cause: Cause | None = None
    gate: str | None = None
    entered: bool = False
    due: date | None = None
    waiver: str | None = None
    for_: str | None = None
    """what an approval would be for (D16); set where the finding wants an approval"""
    subject_digest: str | None = None
    claims: tuple[ClaimNote, ...] = ()
    able: tuple[str, ...] | None = None
    """where an approval would settle it: names of those in base who could give it; None elsewhere"""
    missing_facts: tuple[str, ...] = ()
    artifact: str | None = None
    """the artifact that it is about where its subject is another word: of a card, the model card"""
    about: tuple[str, ...] = ()
    """kinds of change that it is about; empty where it is about none"""
    shows: frozenset[str] = frozenset()
    """kinds of change of its system to show beside it"""
    details: tuple[str, ...] = field(default=())
    """further lines for people, such as was/now side by side"""
    blocks: bool = False
    """this finding makes the verdict block"""
    undecided: bool = False
    """this finding makes the verdict undecided"""
    seen: str = ""
    """what was seen, a sentence; `message` holds both where these two are empty"""
    wanted: str = ""
    """what was wanted, a sentence"""

    @property
    def kind(self) -> str:
        return self.requirement.kind

    @property
    def subject(self) -> str:
        return self.requirement.subject

    @property
    def wanted_in_words(self) -> str:
        """What was wanted, for people: a condition is an expression for machines, and its rule's words say it."""
        return "" if self.kind == "that" else self.wanted


def by_system(findings: Iterable[Finding]) -> dict[str | None, list[Finding]]:
    """The findings of each system that has any, in order; None for those about the repository."""
    found: dict[str | None, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.system, []).append(finding)
    return found
