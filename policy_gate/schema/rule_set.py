"""The policies in force: one frozen RuleSet, layered, linted and compiled."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field

from policy_gate.schema.card_fields import CardWords, WantedCardField
from policy_gate.schema.dates import Period
from policy_gate.schema.law import LawBook
from policy_gate.schema.rule import Rule, every_part
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.rule_settings import (
    Assurance,
    CalendarSettings,
    DebtPeriods,
    Owners,
    VendorTierRule,
    WaiverSettings,
)
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import Enforcement, Held, Layer, Severity, Stage, Tier

if TYPE_CHECKING:
    from policy_gate.schema.incident_rules import IncidentRules


class Named(Struct, frozen=True, kw_only=True):
    """What every item of the policies says of itself: its id, and to people what it is and why."""

    id: str
    title: str
    why: str | None = None
    citation: str | None = None


class FactDefinition(Struct, frozen=True, kw_only=True):
    """A fact of a system that a manifest may state; `weaker` is the move that makes a system look safer."""

    id: str
    type: Literal["BOOL", "INT", "DOUBLE", "STRING", "LIST<STRING>"]
    about: str
    values: tuple[str, ...] | None = None
    weaker: Literal["false", "true", "lower", "higher", "any", "none"] = "any"


class Dimension(Named, frozen=True, kw_only=True):
    """A scored dimension: points by value, and what a value means in a sentence."""

    points: Mapping[str, int]
    meanings: Mapping[str, str] = field(default_factory=dict)


class Regulation(Named, frozen=True, kw_only=True):
    """A law or standard that `regulatory_scope` may name; `pack` evaluates it, None means not evaluated (D42)."""

    aliases: tuple[str, ...] = ()
    enforced_by: tuple[str, ...] = ()
    pack: str | None = None
    superseded_by: str | None = None
    enforcement: Enforcement = "advise"
    """what a gap does of its rows that are no law: guidance, or taken on by choice"""


class WantedSection(Struct, frozen=True):
    """A section that a document must have, under its title or one of its aliases, with so many words."""

    title: str
    aliases: tuple[str, ...] = ()
    min_words: int = 8


class Artifact(Named, frozen=True, kw_only=True):
    """A document that rules may want: what it must contain, how old it may be by tier, and who owes it."""

    about: str
    sections: tuple[WantedSection, ...] = ()
    min_words: int = 40
    max_age: Mapping[Tier, Period] | None = None
    responsible: tuple[str, ...] = ()
    accountable: tuple[str, ...] = ()
    satisfied_by: tuple[str, ...] = ()
    """other artifacts that count as this one"""
    may_be_attested: bool = True
    is_model_card: bool = False


class TestDefinition(Named, frozen=True, kw_only=True):
    """A test that rules may want: what a result must come to, how old it may be by tier, and who owes it."""

    __test__ = False

    about: str
    max_age: Mapping[Tier, Period] | None = None
    min_executed: int = 1
    min_pass_rate: float = 1.0
    wanted_cases: int = 1
    may_be_attested: bool = True
    responsible: tuple[str, ...] = ()
    accountable: tuple[str, ...] = ()


class Role(Named, frozen=True, kw_only=True):
    """A role that rules may ask for."""

    about: str


class Control(Named, frozen=True, kw_only=True):
    """A bundle of requirements by tier; its requirements are those of the rule of the same id (D07)."""

    tiers: tuple[Tier, ...]
    satisfied_by: tuple[str, ...] = ()
    """stricter controls that count as this one"""


class Gate(Named, frozen=True, kw_only=True):
    """One lifecycle transition; what it requires are the requirements of the rule of the same id."""

    from_: Stage
    to: Stage
    tiers: tuple[Tier, ...]
    none_for: tuple[Tier, ...] = ()
    recurring: Mapping[Tier, Period] | None = None
    stands_until: Stage | None = None
    entered_by: Literal["stage", "review", "reclassification"] = "stage"
    keeps: tuple[Tier, ...] = ()
    """tiers that may not take back a document once it has counted here, though its gaps remediate (D58)"""


class ChangeKind(Named, frozen=True, kw_only=True):
    """A kind of semantic difference; `holds` is what of base judges for the whole of such a change (D41)."""

    weakening: bool = False
    raising: bool = False
    holds: Held = "nothing"
    below_percent: int | None = None
    """of evidence with a later date: a smaller share of other words is no new work (D52)"""
    after_raise: Mapping[str, int] = field(default_factory=dict)
    """artifact id to the new words that are work in one older than its system's `reclassified` (D49)"""


class Activity(Named, frozen=True, kw_only=True):
    """One row of the RACI matrix."""

    responsible: tuple[str, ...]
    accountable: str
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()


class KnownVendor(Struct, frozen=True, kw_only=True):
    """A vendor as signs in code name it, with the words by which a manifest may; see `KnownVendorSpec` for each."""

    id: str
    title: str
    names: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    serves_others: bool = False
    runs_here: bool = False


class ModelName(Struct, frozen=True, kw_only=True):
    """Names of hosted models that move, or that their vendor ends; see `ModelNameSpec` for each."""

    id: str
    title: str
    names: tuple[str, ...]
    moving: bool = False
    retires: date | None = None
    source: str = ""


class VendorFinding(Named, frozen=True, kw_only=True):
    """Something that may be wrong with a vendor; see `VendorFindingSpec` for each."""

    when: Condition
    that: Condition
    severity: Severity
    points: int
    issue: str
    asks: str
    fix: str
    caiq: Mapping[str, str] = field(default_factory=dict)

    @property
    def decided_by(self) -> str | None:
        """The field of the entry that decides it; None where several do, or that cannot be said."""
        names = self.that.names or ()
        return names[0].removeprefix("vendor.") if len(names) == 1 else None


class Floor(Struct, frozen=True):
    """A condition under which the tier is never below `tier`."""

    id: str
    when: Condition
    tier: Tier
    title: str


class LawClass(Struct, frozen=True):
    """A class that law puts a system in; of one regulation, a higher `rank` is stricter."""

    id: str
    when: Condition
    regulation: str
    rank: int
    title: str


class Threshold(Struct, frozen=True):
    """From how many points a system is of this tier."""

    tier: Tier
    at_least: int


class Scoring(Struct, frozen=True, dict=True):
    """Points per dimension value and the thresholds, highest tier first."""

    dimensions: tuple[Dimension, ...]
    thresholds: tuple[tuple[Tier, int], ...]
    floors: tuple[Floor, ...]
    law_classes: tuple[LawClass, ...]

    @cached_property
    def rated_from(self) -> tuple[str, ...] | None:
        """All variables that decide a rating, the score and law class that are worked out of them left aside.

        None where some condition does not say for sure what it reads.
        """
        names = {f"system.{dimension.id}" for dimension in self.dimensions}
        conditions = [floor.when for floor in self.floors] + [known.when for known in self.law_classes]
        for condition in conditions:
            if condition.names is None:
                return None
            names.update(condition.names)
        return tuple(sorted(names - {"system.score", "system.law_class"}))

    @cached_property
    def known_ratings(self) -> dict[Any, Any]:
        """Ratings worked out so far, by the values of `rated_from`; kept as long as the policies themselves."""
        return {}

    @cached_property
    def score_range(self) -> tuple[int, int]:
        points = [tuple(dimension.points.values()) for dimension in self.dimensions]
        return sum(min(p) for p in points), sum(max(p) for p in points)


class WaiverRule(Struct, frozen=True):
    """What a fault of a waiver weighs, in the shape of a rule; `finding` is its title with places to fill."""

    rule: Rule
    finding: str

    def title(self, what: str, expires: date) -> str:
        """The finding in one line, of what is waived until when."""
        return self.finding.replace("{expires}", expires.isoformat()).replace("{what}", what)


class Origin(Struct, frozen=True):
    """Which layer set the effective value of an item, and where."""

    layer: Layer
    location: Location


class RuleSet(Struct, frozen=True, dict=True):
    """Everything the policies in force say.

    `rules` holds gates, controls and rules in file order of the builtin layer, then additions.
    `controls_by_tier` is the lesson's list word for word, kebab-case; `demanded` is what a tier really
    owes: its own controls and those of lower tiers that none of its own satisfies (D07).
    """

    rules: tuple[Rule, ...]
    gates: Mapping[str, Gate]
    controls: Mapping[str, Control]
    plain_rules: Mapping[str, Rule]
    artifacts: Mapping[str, Artifact]
    tests: Mapping[str, TestDefinition]
    roles: Mapping[str, Role]
    facts: Mapping[str, FactDefinition]
    change_kinds: Mapping[str, ChangeKind]
    regulations: Mapping[str, Regulation]
    aliases: Mapping[str, str]
    """lower-case spelling to regulation id"""
    raci: Mapping[str, Activity]
    card_fields: tuple[WantedCardField, ...]
    scoring: Scoring
    controls_by_tier: Mapping[str, tuple[str, ...]]
    demanded: Mapping[str, tuple[str, ...]]
    assurance: Assurance
    debt: DebtPeriods
    waivers: WaiverSettings
    waiver_rules: Mapping[str, WaiverRule]
    owners: Owners
    renamed_roles: Mapping[str, str]
    """roles of earlier layers to what a later layer calls them"""
    origins: Mapping[str, Origin]
    """'kind:id' or 'kind:id.field' to where its effective value was set"""
    digest: str
    source: str
    """for people: 'builtin', 'builtin + base:policies'"""
    agencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """lower-case name to the ids of the regulations that it enforces"""
    trusted: bool = True
    notes: tuple[str, ...] = ()
    """what was read past, loosened or ignored, in words"""
    known_vendors: Mapping[str, KnownVendor] = field(default_factory=dict)
    model_names: Mapping[str, ModelName] = field(default_factory=dict)
    vendor_findings: Mapping[str, VendorFinding] = field(default_factory=dict)
    vendor_tiers: Mapping[str, VendorTierRule] = field(default_factory=dict)
    incidents: "IncidentRules | None" = None
    card_words: tuple[CardWords, ...] = ()
    law: LawBook | None = None
    """the law packs in force; None where there are none"""
    calendar: CalendarSettings | None = None
    """None where nothing says how far to look ahead: then nothing is listed"""

    @cached_property
    def model_card(self) -> str | None:
        """The id of the artifact that is a system's model card; None where the policies know none."""
        return next((id_ for id_, spec in self.artifacts.items() if spec.is_model_card), None)

    @cached_property
    def remembered(self) -> dict[str, Any]:
        """What was worked out of these policies alone, by name; kept as long as they are."""
        return {}

    @cached_property
    def rules_wanting(self) -> Mapping[tuple[str, str], tuple[Rule, ...]]:
        """The rules that ask for each thing, by its kind and id, in their own order; as one of several ways, too."""
        found: dict[tuple[str, str], dict[str, Rule]] = {}
        for rule in self.rules:
            for part in every_part(rule.requirements):
                found.setdefault((part.kind, part.subject), {})[f"{rule.kind}:{rule.id}"] = rule
        return {wanted: tuple(rules.values()) for wanted, rules in found.items()}

    @cached_property
    def section_titles(self) -> Mapping[str, tuple[str, ...]]:
        """Every section title that the catalogue or any requirement wants, by artifact."""
        titles = {id_: [section.title for section in spec.sections] for id_, spec in self.artifacts.items()}
        for rule in self.rules:
            for part in every_part(rule.requirements):
                if part.kind == "artifact" and part.sections:
                    titles.setdefault(part.subject, []).extend(part.sections)
        return {id_: tuple(dict.fromkeys(found)) for id_, found in titles.items()}

    def is_reclassification(self, gate: str | None) -> bool:
        """Whether this is a gate at which a system that was raised is looked at again (D43)."""
        return gate in self.gates and self.gates[str(gate)].entered_by == "reclassification"
