"""The policies in force: one frozen RuleSet, layered, linted and compiled; conditions as a protocol."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, Protocol

from msgspec import Struct, field

from policy_gate.schema.dates import Period
from policy_gate.schema.policy_document import (
    ActivitySpec,
    ArtifactSpec,
    CardFieldSpec,
    ChangeKindSpec,
    ControlSpec,
    DimensionSpec,
    FactSpec,
    GateSpec,
    RegulationSpec,
    RoleSpec,
    RuleSpec,
    TestSpec,
)
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import Enforcement, Layer, Subject, Tier


class Truth(NamedTuple):
    """What a condition is of some facts: true, false, or None for unknown with the facts to supply."""

    value: bool | None
    missing: tuple[str, ...] = ()


class Condition(Protocol):
    """A compiled condition; evaluating it needs no knowledge of CEL."""

    @property
    def text(self) -> str: ...

    def truth(self, facts: Mapping[str, Any]) -> Truth:
        """Evaluate over typed facts; a needed fact that is absent gives an unknown, never an error.

        Raises PolicyError where the policy itself is at fault (division by zero, exhausted budget).
        """
        ...


class Requirement(Struct, frozen=True):
    """A compiled requirement. `kind` is artifact, test, approval, card, that, or any_of.

    `subject` is what it is about: the artifact, test or role id; "complete" or comma-joined fields for
    card; the message's rule for `that`; "a or b" for any_of. `all_of` is flattened when compiled, each
    part carrying the conjunction of the conditions above it.
    """

    kind: Literal["artifact", "test", "approval", "card", "that", "any_of"]
    subject: str
    when: tuple[Condition, ...] = ()
    condition: Condition | None = None
    alternatives: tuple[Requirement, ...] = ()
    status: Literal["draft", "final"] | None = None
    max_age: Mapping[str, Period] | None = None
    sections: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    updated_in_change: bool = False
    count: int = 1
    message: str | None = None
    fix: str | None = None
    may_be_not_applicable: bool = False


class Rule(Struct, frozen=True):
    """Gates, controls and rules in one compiled shape, so that evaluating them is one loop.

    `tiers` is empty for rules (their `when` decides). For a gate, `gate` is its own id; for a control
    the gate it is due at, or None where it recurs. `recurring` is the period by tier.
    """

    kind: Literal["gate", "control", "rule"]
    id: str
    title: str
    why: str
    citation: str | None
    requirements: tuple[Requirement, ...]
    enforcement: Enforcement
    for_each: Subject = "system"
    when: Condition | None = None
    tiers: frozenset[Tier] = frozenset()
    gate: str | None = None
    recurring: Mapping[str, Period] | None = None
    effective: date | None = None
    waivable: bool = True
    may_be_debt: bool = True
    overridable: bool = False
    fix: str | None = None
    approve_for: str | None = None
    covers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """other rules to kinds of change that they ask about no more where this one asks for its approval (D16)"""
    shows: frozenset[str] = frozenset()
    """kinds of change of the system that are put before whoever approves"""
    may_lack_approver: bool = False
    layer: Layer = "builtin"
    location: Location | None = None


class Scoring(Struct, frozen=True):
    """Points per dimension value and the thresholds, highest tier first."""

    dimensions: tuple[DimensionSpec, ...]
    thresholds: tuple[tuple[Tier, int], ...]
    floors: tuple[tuple[str, Condition, Tier, str], ...]
    """(id, condition, tier, title)"""
    law_classes: tuple[tuple[str, Condition, str, int, str], ...]
    """(id, condition, regulation, rank, title)"""

    @property
    def score_range(self) -> tuple[int, int]:
        points = [tuple(dimension.points.values()) for dimension in self.dimensions]
        return sum(min(p) for p in points), sum(max(p) for p in points)


class Assurance(Struct, frozen=True):
    """What counts as an approval and as authorship, by tier (D14, D18)."""

    approvals: Mapping[str, str]
    governed_changes: str
    authors: Mapping[str, str]
    self_approval: frozenset[str]
    separate_roles: tuple[frozenset[str], ...]
    service_committers: frozenset[str]
    """addresses in lower case"""
    valid_for: Period
    binds_code: frozenset[str]


class Owners(Struct, frozen=True):
    """Roles that do, and that answer for, what names nobody of its own; and the stage that a job requires."""

    responsible: tuple[str, ...]
    accountable: tuple[str, ...]
    stage_responsible: tuple[str, ...]
    stage_accountable: tuple[str, ...]


class WaiverRule(Struct, frozen=True):
    """What a fault of a waiver weighs, in the shape of a rule; `finding` is its title with places to fill."""

    rule: Rule
    finding: str

    def title(self, what: str, expires: date) -> str:
        """The finding in one line, of what is waived until when."""
        return self.finding.replace("{expires}", expires.isoformat()).replace("{what}", what)


class DebtPeriods(Struct, frozen=True):
    """How long a team has, by tier, after each kind of start (D22)."""

    enrolment: Mapping[str, Period]
    reclassification: Mapping[str, Period]
    effective: Mapping[str, Period]
    expiry: Mapping[str, Period]


class Origin(Struct, frozen=True):
    """Which layer set the effective value of an item, and where."""

    layer: Layer
    location: Location


class RuleSet(Struct, frozen=True):
    """Everything the policies in force say.

    `rules` holds gates, controls and rules in file order of the builtin layer, then additions.
    `controls_by_tier` is the lesson's list word for word, kebab-case; `demanded` is what a tier really
    owes: its own controls and those of lower tiers that none of its own satisfies (D07).
    """

    rules: tuple[Rule, ...]
    gates: Mapping[str, GateSpec]
    controls: Mapping[str, ControlSpec]
    plain_rules: Mapping[str, RuleSpec]
    artifacts: Mapping[str, ArtifactSpec]
    tests: Mapping[str, TestSpec]
    roles: Mapping[str, RoleSpec]
    facts: Mapping[str, FactSpec]
    change_kinds: Mapping[str, ChangeKindSpec]
    regulations: Mapping[str, RegulationSpec]
    aliases: Mapping[str, str]
    """lower-case spelling to regulation id"""
    raci: Mapping[str, ActivitySpec]
    card_fields: tuple[CardFieldSpec, ...]
    scoring: Scoring
    controls_by_tier: Mapping[str, tuple[str, ...]]
    demanded: Mapping[str, tuple[str, ...]]
    assurance: Assurance
    debt: DebtPeriods
    waiver_periods: Mapping[str, Period]
    waivers_approved_like: tuple[str, ...]
    """rules: who may give an approval that they ask for may approve a waiver"""
    waiver_rules: Mapping[str, WaiverRule]
    owners: Owners
    renamed_roles: Mapping[str, str]
    """roles of earlier layers to what a later layer calls them"""
    origins: Mapping[str, Origin]
    """'kind:id' or 'kind:id.field' to where its effective value was set"""
    digest: str
    source: str
    """for people: 'builtin', 'builtin + base:policies'"""
    trusted: bool = True
    notes: tuple[str, ...] = ()
    """what was read past, loosened or ignored, in words"""

    @property
    def model_card(self) -> str | None:
        """The id of the artifact that is a system's model card; None where the policies know none."""
        return next((id_ for id_, spec in self.artifacts.items() if spec.is_model_card), None)

    def is_reclassification(self, gate: str | None) -> bool:
        """Whether this is a gate at which a system that was raised is looked at again (D43)."""
        return gate in self.gates and self.gates[str(gate)].entered_by == "reclassification"
