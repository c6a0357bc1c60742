"""Policy documents (`policy-gate/policy/v1`) as written, before they are compiled.

Numbers say in `json_schema_extra={"stricter": …}` which direction is stricter; a later layer may
move them only that way unless the earlier one marked the item `overridable`.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from policy_gate.schema.card_names import CardFieldSpec, CardNamesSpec
from policy_gate.schema.document_types import Day, FactName, KebabId, Line
from policy_gate.schema.incident_policy import (
    IncidentClockSpec,
    IncidentSeveritySpec,
    IncidentTypeSpec,
    NoticeSpec,
    SeriousIncidentSpec,
)
from policy_gate.schema.model_names import KnownVendorSpec, ModelNameSpec
from policy_gate.schema.period_text import ByTier, Duration
from policy_gate.schema.policy_head import PolicyHead
from policy_gate.schema.requirement_document import RequirementSpec
from policy_gate.schema.strict import FieldsError, Strict
from policy_gate.schema.vocabulary import (
    TIERS,
    Enforcement,
    Held,
    Severity,
    Stage,
    Subject,
    Tier,
    VendorTier,
    WaiverFault,
)


class Titled(Strict):
    id: KebabId
    title: Line
    why: Line | None = None
    citation: Line | None = None
    overridable: bool = False


class FactSpec(Strict):
    """A fact of a system that a manifest may state under `facts:`, or that is derived."""

    id: FactName
    type: Literal["BOOL", "INT", "DOUBLE", "STRING", "LIST<STRING>"]
    about: Line
    values: list[str] | None = None
    weaker: Literal["false", "true", "lower", "higher", "any", "none"] = Field(
        default="any",
        description="which move makes the system look safer: to false, to true, a lower or higher number, any change"
        " of value (for lists: an item dropped), or none; removing the fact is a weakening unless `none`",
    )


class DimensionSpec(Titled):
    """One scored dimension; `id` is its name in the manifest's `risk_profile`."""

    id: FactName
    points: dict[str, int]
    meanings: dict[str, Line] = Field(default_factory=dict, description="what each value means, in one sentence")


class ThresholdSpec(Strict):
    tier: Tier
    at_least: int = Field(json_schema_extra={"stricter": "lower"})


class FloorSpec(Titled):
    """A condition under which the tier is never below `tier`."""

    when: Line
    tier: Tier


class LawClassSpec(Titled):
    """A class that law puts a system in; `rank` orders classes of one regulation, higher is stricter."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+:[a-z0-9-]+$")]
    regulation: KebabId
    when: Line
    rank: int


class RegulationSpec(Titled):
    """A law or standard that `regulatory_scope` may name; `enforcement` is what gaps of its guidance do."""

    aliases: list[Line] = []
    enforced_by: list[Line] = Field(
        default=[], description="agencies by whose name people mean it; one leads to every law that it enforces"
    )
    pack: KebabId | None = Field(default=None, description="the pack that evaluates it; none: not evaluated (D42)")
    superseded_by: KebabId | None = Field(default=None, description="the regulation that replaced it")
    enforcement: Enforcement = Field(default="advise", json_schema_extra={"stricter": "higher"})


class SectionSpec(Strict):
    title: Line
    aliases: list[Line] = []
    min_words: int = Field(default=8, ge=1, json_schema_extra={"stricter": "higher"})


class ArtifactSpec(Titled):
    """A document that rules may want: what it must contain and who owes it."""

    about: Line
    sections: list[SectionSpec] = []
    min_words: int = Field(default=40, ge=1, json_schema_extra={"stricter": "higher"})
    max_age: Duration | ByTier | None = Field(default=None, json_schema_extra={"stricter": "shorter"})
    responsible: Annotated[list[KebabId], Field(min_length=1)]
    accountable: Annotated[list[KebabId], Field(min_length=1)]
    satisfied_by: list[KebabId] = Field(default=[], description="other artifacts that count as this one")
    may_be_attested: bool = Field(default=True, json_schema_extra={"stricter": "false"})
    is_model_card: bool = Field(default=False, description="what model_card of the manifest names; `card:` is about it")


class TestSpec(Titled):
    __test__ = False

    about: Line
    max_age: Duration | ByTier | None = Field(default=None, json_schema_extra={"stricter": "shorter"})
    min_executed: int = Field(default=1, ge=1, json_schema_extra={"stricter": "higher"})
    min_pass_rate: float = Field(
        default=1.0,
        gt=0,
        le=1,
        json_schema_extra={"stricter": "higher"},
        description="of answers of a model, as evaluation tools report them: the least share that is right",
    )
    wanted_cases: int = Field(
        default=1,
        ge=1,
        json_schema_extra={"stricter": "higher"},
        description="of answers of a model: fewer say too little (`test.is_inconclusive`)",
    )
    may_be_attested: bool = Field(default=True, json_schema_extra={"stricter": "false"})
    responsible: Annotated[list[KebabId], Field(min_length=1)]
    accountable: Annotated[list[KebabId], Field(min_length=1)]


class RoleSpec(Titled):
    """A role that rules may ask for."""

    about: Line
    renames: KebabId | None = Field(
        default=None,
        description="a role of an earlier layer that is called this here: whatever names that one means this one",
    )


class ControlSpec(Titled):
    """A named bundle of requirements that tiers demand, due at a gate or recurring (D07)."""

    tiers: Annotated[list[Tier], Field(min_length=1)]
    due_at: KebabId | None = None
    recurring: Duration | ByTier | None = Field(default=None, json_schema_extra={"stricter": "shorter"})
    require: Annotated[list[RequirementSpec], Field(min_length=1)]
    satisfied_by: list[KebabId] = Field(default=[], description="stricter controls that count as this one")
    enforcement: Enforcement = "block"
    effective: Day | None = None

    @model_validator(mode="after")
    def _due(self) -> "ControlSpec":
        if (self.due_at is None) == (self.recurring is None):
            raise FieldsError(
                "a control has exactly one of due_at and recurring",
                "leave out recurring where it is due once, at the gate, or due_at where it comes again"
                if self.due_at
                else "add `due_at: GATE` where it is due once, or `recurring: P1Y` where it comes again",
            )
        return self


class GateSpec(Titled):
    """The rules of one lifecycle transition."""

    from_: Stage = Field(alias="from")
    to: Stage
    tiers: Annotated[list[Tier], Field(min_length=1)]
    none_for: list[Tier] = []
    enforcement: Enforcement
    require: Annotated[list[RequirementSpec], Field(min_length=1)]
    recurring: Duration | ByTier | None = Field(default=None, json_schema_extra={"stricter": "shorter"})
    stands_until: Stage | None = None
    entered_by: Literal["stage", "review", "reclassification"] = "stage"
    keeps: list[Tier] = Field(default=[], description="tiers that may not take back a document that has counted here")
    effective: Day | None = None


class RuleSpec(Titled):
    """`when` a condition holds, `require` these."""

    for_each: Subject = "system"
    when: Line
    require: Annotated[list[RequirementSpec], Field(min_length=1)]
    enforcement: Enforcement = Field(json_schema_extra={"stricter": "higher"})
    effective: Day | None = None
    waivable: bool = Field(default=True, json_schema_extra={"stricter": "false"})
    fix: Line | None = None
    activity: KebabId | None = Field(
        default=None, description="of the RACI matrix: who does what this rule asks for by `that`, and who signs it"
    )
    may_be_debt: bool = Field(
        default=True, json_schema_extra={"stricter": "false"}, description="false: a gap blocks, even at adoption"
    )
    approve_for: KebabId | None = Field(
        default=None, description="the id that `approve --for` takes (D16); the rule's own id where absent"
    )
    covers: dict[KebabId, list[KebabId]] = Field(
        default={},
        description="other rules to kinds of change of the same system that they ask about no more while this rule"
        " asks for its approval (D16)",
    )
    shows: Literal["weakenings"] | list[KebabId] = Field(
        default=[], description="kinds of change of the system that are put before whoever approves"
    )
    may_lack_approver: bool = Field(
        default=False,
        json_schema_extra={"stricter": "false"},
        description="where base names nobody for the role, conditions only: a change of policies alone (D26), or of"
        " a system that is within `debt.answers` of its enrolment and enters no gate (D48)",
    )

    @model_validator(mode="after")
    def _about_changes(self) -> "RuleSpec":
        if self.for_each != "change" and (self.covers or self.shows or self.may_lack_approver):
            raise FieldsError(
                "covers, shows and may_lack_approver are for rules with `for_each: change`",
                "add `for_each: change`, or leave them out",
            )
        return self


class ChangeKindSpec(Titled):
    """A kind of semantic difference; a weakening makes a system look safer without work."""

    weakening: bool = False
    raising: bool = Field(
        default=False,
        json_schema_extra={"stricter": "false"},
        description="it makes a system look less safe: what telling the truth brings to light is debt (D21)",
    )
    holds: Held = Field(default="nothing", description="what of base judges for the whole of such a change (D41)")
    below_percent: int | None = Field(
        default=None,
        ge=1,
        le=100,
        json_schema_extra={"stricter": "higher"},
        description="of evidence dated anew: fewer other words than this count as no new work (D52)",
    )
    after_raise: dict[KebabId, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict,
        description="documents that tell why a tier rose: in one older than `reclassified`, so many new words are work",
    )

    @model_validator(mode="after")
    def _one_way(self) -> "ChangeKindSpec":
        if self.weakening and self.raising:
            raise FieldsError("a kind of change is a weakening or a raising, not both", "leave one of them out")
        return self


def _exactly_one(value: object) -> object:
    if isinstance(value, list):
        said = ", ".join(map(str, value)) or "none"
        raise ValueError(f"an activity has exactly one accountable role (got {said})")
    return value


class ActivitySpec(Titled):
    """One row of the RACI matrix: exactly one accountable role, at least one responsible."""

    responsible: Annotated[list[KebabId], Field(min_length=1)]
    accountable: Annotated[KebabId, BeforeValidator(_exactly_one)]
    consulted: list[KebabId] = []
    informed: list[KebabId] = []


def _for_each_tier(value: object) -> object:
    return dict.fromkeys(TIERS, value) if isinstance(value, str) else value


class VendorFindingSpec(Titled):
    """Something that may be wrong with a vendor: `when` says with which, `that` what has to hold of it."""

    when: Line = Field(description="CEL over the vendor; where it cannot be told, the finding applies")
    that: Line = Field(description="CEL over the vendor; where it cannot be told, the question is open")
    severity: Severity
    points: int = Field(ge=0, json_schema_extra={"stricter": "higher"})
    issue: Line = Field(description="what is wrong, in a line; `{field}` stands for what the entry says there")
    asks: Line = Field(description="the question to the vendor, or to whoever uses it")
    fix: Line
    caiq: dict[Line, Line] = Field(
        default={}, description="rows of CSA's questionnaires that answer it, by id, and a word that each must hold"
    )


class VendorTierSpec(Titled):
    """From how many points on a vendor is of this tier, and what that means."""

    id: VendorTier
    at_least: int = Field(ge=0, json_schema_extra={"stricter": "lower"})
    severities: list[Severity] = Field(
        default=[], description="an open finding so severe is answered with this recommendation, whatever the points"
    )
    blocked_by: list[Severity] = Field(default=[], description="an open finding so severe keeps it from being approved")
    use_approved: bool = Field(json_schema_extra={"stricter": "false"})
    recommendation: Line
    review_every: Duration = Field(json_schema_extra={"stricter": "shorter"})


class AssuranceSpec(Strict):
    """What counts as an approval and as authorship (D14, D18)."""

    approvals: dict[Tier, Literal["verified", "recorded"]] | None = None
    governed_changes: Literal["verified", "recorded"] | None = Field(
        default=None, description="for policy-change and enforcement-change, which have no tier"
    )
    authors: Annotated[dict[Tier, Literal["committed", "forge", "signed"]] | None, BeforeValidator(_for_each_tier)] = (
        Field(default=None, description="one word for all tiers, or one for each")
    )
    self_approval: list[Tier] | None = None
    separate_roles: list[list[KebabId]] | None = Field(default=None, description="sets of roles that need two people")
    service_committers: list[Line] | None = Field(
        default=None,
        description="addresses under which a forge commits by itself, and addresses or bare names of tools "
        "that commits name as co-authors; they are nobody's",
    )
    agents: list[Line] | None = Field(default=None, description="bots and coding agents: accounts, addresses, with `*`")
    agent_trailers: list[Line] | None = Field(default=None, description="trailers saying that a tool wrote a commit")
    valid_for: Duration | None = Field(default=None, json_schema_extra={"stricter": "shorter"})
    binds_code: list[Tier] | None = None


class DebtSpec(Strict):
    """How long a team has for what it owes but did not just cause (D22)."""

    enrolment: ByTier | None = Field(default=None, json_schema_extra={"stricter": "shorter"})
    reclassification: ByTier | None = Field(default=None, json_schema_extra={"stricter": "shorter"})
    effective: ByTier | None = Field(default=None, json_schema_extra={"stricter": "shorter"})
    expiry: ByTier | None = Field(default=None, json_schema_extra={"stricter": "shorter"})
    answers: Duration | None = Field(
        default=None,
        json_schema_extra={"stricter": "shorter"},
        description="how long after `enrolled` first answers may merge where base names nobody to read them (D48)",
    )
    enrol_by: Day | None = Field(default=None, json_schema_extra={"stricter": "earlier"}, description="see D28")


class WaiverSpec(Strict):
    max_period: ByTier | None = Field(default=None, json_schema_extra={"stricter": "shorter"})
    approved_like: Annotated[list[KebabId], Field(min_length=1)] | None = Field(
        default=None, description="rules: whoever may give an approval that one of them asks for may approve a waiver"
    )


class WaiverRuleSpec(Titled):
    """What one fault of a waiver weighs, and how it reads; policy-gate itself finds it, after all other rules."""

    id: WaiverFault
    enforcement: Enforcement = Field(json_schema_extra={"stricter": "higher"})
    finding: Line = Field(description="the finding in one line; {what} is what is waived, {expires} the last day")
    message: Line
    fix: Line


class OwnersSpec(Strict):
    """Whose work it is, and who answers for it, where what is missing names nobody of its own."""

    responsible: Annotated[list[KebabId], Field(min_length=1)] | None = None
    accountable: Annotated[list[KebabId], Field(min_length=1)] | None = None
    stage_responsible: Annotated[list[KebabId], Field(min_length=1)] | None = Field(
        default=None, description="for the stage that a job requires"
    )
    stage_accountable: Annotated[list[KebabId], Field(min_length=1)] | None = None


class CalendarSpec(Strict):
    window: Duration | None = Field(default=None, description="the full check lists what falls due within this time")


class PolicyFile(PolicyHead):
    """One policy document; every section is optional, and merges with other files by id."""

    # Nothing is checked across sections: a document is validated by a model of those that it has (`policy_sections`).

    facts: list[FactSpec] = []
    dimensions: list[DimensionSpec] = []
    thresholds: list[ThresholdSpec] = []
    floors: list[FloorSpec] = []
    law_classes: list[LawClassSpec] = []
    regulations: list[RegulationSpec] = []
    roles: list[RoleSpec] = []
    artifacts: list[ArtifactSpec] = []
    tests: list[TestSpec] = []
    controls: list[ControlSpec] = []
    gates: list[GateSpec] = []
    rules: list[RuleSpec] = []
    change_kinds: list[ChangeKindSpec] = []
    raci: list[ActivitySpec] = []
    card_fields: list[CardFieldSpec] = []
    card_names: list[CardNamesSpec] = []
    assurance: AssuranceSpec | None = None
    debt: DebtSpec | None = None
    waivers: WaiverSpec | None = None
    waiver_rules: list[WaiverRuleSpec] = []
    known_vendors: list[KnownVendorSpec] = []
    model_names: list[ModelNameSpec] = []
    vendor_findings: list[VendorFindingSpec] = []
    vendor_tiers: list[VendorTierSpec] = []
    incident_types: list[IncidentTypeSpec] = []
    incident_severities: list[IncidentSeveritySpec] = []
    incident_clocks: list[IncidentClockSpec] = []
    serious_incidents: list[SeriousIncidentSpec] = []
    incident_notices: list[NoticeSpec] = []
    owners: OwnersSpec | None = None
    calendar: CalendarSpec | None = None
