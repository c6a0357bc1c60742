"""What is true of one system in one tree, and how two trees differ in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field

from policy_gate.schema.intervals import Interval, wilson
from policy_gate.schema.snapshot import DeclaredSystem, SystemKey
from policy_gate.schema.source import Location, Problem
from policy_gate.schema.test_runs import CaseOfRun, is_one_run
from policy_gate.schema.vocabulary import RETIRED, Cause, Tier, stage_rank

if TYPE_CHECKING:
    from policy_gate.schema.incidents import IncidentFact
    from policy_gate.schema.vendor_terms import TermsFrom


class Section(Struct, frozen=True):
    """A heading of a document and the words of substance below it (templates and blanks not counted)."""

    title: str
    line: int
    words: int
    placeholder: str | None = None
    """the first placeholder text met, such as TODO"""
    level: int = 0
    own: int | None = None
    """the words above its first subsection; None where nothing is known of subsections"""


class ArtifactFact(Struct, frozen=True):
    """What was seen of one declared artifact.

    `cause` is why the file by itself does not count (absent, refused, empty, template), or None where
    it can be read as a document with some substance. Age, status and sections are judged by whoever
    wants it. `attested` is evidence held elsewhere or in a binary file, by digest (D19).
    """

    id: str
    path: str | None
    oid: str | None
    status: Literal["draft", "final"] | None
    completed: date | None
    declared_at: Location
    cause: Cause | None = None
    detail: str = ""
    """what was seen, in words, where `cause` is set"""
    words: int = 0
    sections: tuple[Section, ...] = ()
    placeholder: str | None = None
    placeholder_line: int | None = None
    substance: str = field(default="")
    """the words of the text less its dates: equal substance means no new work (D09)"""
    attested: str | None = None
    """sha256 of the evidence held elsewhere, else None"""
    names_systems: tuple[str, ...] = ()
    """system ids that the document says it is for; empty where it says none"""
    flaw_at: Location | None = None
    """where in the document the fault stands that keeps it from being read"""


class FailedCase(Struct, frozen=True):
    """A case that failed, what its result says of it, and the line there."""

    name: str
    message: str
    line: int


class TestFact(Struct, frozen=True):
    """What was seen of one declared test result: counts, suite, model, version, date.

    `cause` is None only where at least one test ran and none failed or errored, or where it is `attested`.
    """

    __test__ = False

    id: str
    path: str
    oid: str | None
    declared_at: Location
    cause: Cause | None
    detail: str
    executed: int = 0
    failed: tuple[FailedCase, ...] = ()
    skipped: int = 0
    suite: str | None = None
    version: str | None = None
    completed: date | None = None
    provenance: Literal["committed", "job"] = "committed"
    outcome: tuple[tuple[str, str], ...] = field(default=())
    """(case name, passed/failed/error/skipped/unknown), sorted: what a digest sees of it (D11)"""
    unread_timestamp: str = ""
    """what stands where the date of the run should, if no date can be read there"""
    run: tuple[tuple[int, str], ...] = ()
    """place in the report and written time of every test counted: what tells one run from another"""
    cases: tuple[CaseOfRun, ...] = field(default=())
    """the tests counted, with how long each took and when it ran, sorted: what tells a run from the last (D52)"""
    passed: int = 0
    model: str | None = None
    """what it was run on, as the tool that wrote the report calls it"""
    seed: str | None = None
    tool: str = ""
    """what wrote the report; empty for JUnit XML"""
    is_sample: bool = False
    """the tests are answers of a model, and nothing but single answers is wrong: a share of them may be judged"""
    wanted_cases: int = 1
    """of a sample, how many answers the policies want before it says something"""
    min_pass_rate: float = 1.0
    """of a sample, the least share of right answers, by the policies"""
    uncounted: tuple[str, ...] = ()
    """names of tests of the same report that count for no test of the system, where its tool is no JUnit's"""
    left_out: tuple[FailedCase, ...] = ()
    """failures of one kind with what is counted that its `cases` leave out, and that count for no other test"""
    unlisted: str = ""
    """what is to be said of totals that count more tests than are listed"""
    names_its_system: bool = False
    """every test that ran says that it is of this system, be it of others, too"""
    attested: str | None = None
    """sha256 of a result that nobody here can read (D19), else None"""

    @property
    def pass_rate(self) -> float:
        """The share of the tests that ran and passed; 0 where none ran."""
        return self.passed / self.executed if self.executed else 0.0

    @property
    def interval(self) -> Interval:
        """Where the true share of a sample lies."""
        return wilson(self.passed, self.executed)

    @property
    def has_passed(self) -> bool:
        """Whether it is known to have run and nothing failed, or of a sample no more than the policies allow."""
        if self.attested is not None:
            return False
        is_enough = self.cause == "failed" and self.is_sample and 0 < self.min_pass_rate <= self.pass_rate
        return self.cause is None or is_enough

    @property
    def is_inconclusive(self) -> bool:
        """Whether a sample that passed is too small to say so: by its size, or as its share may lie below the least."""
        if not (self.is_sample and self.has_passed):
            return False
        is_below = self.min_pass_rate < 1 and self.interval.low < self.min_pass_rate
        return self.executed < self.wanted_cases or is_below

    def is_same_run(self, other: TestFact) -> bool:
        """Whether this is the file of the other result, or tells of the same run."""
        if self.attested is not None or other.attested is not None:
            return self.attested == other.attested
        return self.oid == other.oid or is_one_run(other.cases, self.cases)

    def is_later_run(self, others: Iterable[TestFact]) -> bool:
        """Whether its tests say themselves that they ran after all tests of the others."""
        own = [case.moment for case in self.cases]
        return all(own) and all(case.moment < min(own) for other in others for case in other.cases) if own else False


class CardField(Struct, frozen=True):
    """One field of a model card. `items` are its list items or sentences, words normalised in `key`."""

    state: Literal["present", "placeholder", "absent"]
    line: int | None = None
    text: str | None = None
    items: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    """for each item, what it stands under in its field: a heading, a quotation, words that turn it; else """ ""
    front: str = ""
    """what the front matter of a card in Markdown says of it, be it that the text says something else"""
    also: tuple[str, ...] = ()
    """of purpose and limits: what other places of the card say of it beyond `items`, in front matter or another key"""

    @property
    def words(self) -> str:
        """The text; empty where there is none."""
        return self.text or ""


_ABSENT_FIELD = CardField("absent")


class MetricEvidence(Struct, frozen=True):
    """Where the number of a metric comes from: a test of the system or a file, and the place of the number in it."""

    test: str | None = None
    file: str | None = None
    """as written: relative to the manifest's folder"""
    pointer: str | None = None
    """a JSON pointer, such as /results/hellaswag/acc,none"""
    property: str | None = None
    """of JUnit XML"""
    problem: str = ""
    """why it names no place, in words"""


EvidenceState = Literal["claimed", "shown", "contradicted", "unread"]
"""of a number: nothing is named for it; what is named gives it; gives another; gives none"""


class Metric(Struct, frozen=True):
    """One number of a model card. `value` and `threshold` share a unit; direction says which way is better.

    `problem` says why the value is None although something is written there, in words. `unit` is `ratio` for a part
    of one, empty where none is written.
    """

    name: str
    group: str
    value: float | None
    threshold: float | None = None
    higher_is_better: bool = True
    line: int | None = None
    unit: str = ""
    problem: str = ""
    has_unread_limit: bool = False
    size: int | None = None
    """how many were counted or measured for it, where it says so"""
    low: float | None = None
    high: float | None = None
    """the ends between which it lies, by the interval or spread beside it or else by its size (Wilson)"""
    step: float = 0.0
    """by how much it may be off for having been rounded as it is written"""
    claim: MetricEvidence | None = None
    evidence: EvidenceState = "claimed"
    evidence_said: str = ""
    """what the evidence says instead, or why it says nothing"""
    also: str = ""
    """what else the card says it is, in words, where it says so twice"""
    is_of_manifest: bool = False
    """the entry states it and the card does not; `line` is then the manifest's"""
    has_overall_limit: bool = False
    """it is a group's, which has no limit, and that of all has one"""
    overall_limit: float | None = None
    """that limit in the unit of the value; None where the two have none in common"""

    @property
    def meets_overall_limit(self) -> bool:
        """Whether a group's number is as good as the limit of all."""
        if self.value is None or self.overall_limit is None:
            return False
        return self.value >= self.overall_limit if self.higher_is_better else self.value <= self.overall_limit

    @property
    def meets(self) -> bool | None:
        """Whether the number itself is as good as its threshold; None where one of them is not there."""
        if self.value is None or self.threshold is None:
            return None
        return self.value >= self.threshold if self.higher_is_better else self.value <= self.threshold

    @property
    def verdict(self) -> Literal["met", "missed", "inconclusive", "unknown"]:
        """Met or missed, or inconclusive where it may well lie on the other side of its threshold."""
        meets = self.meets
        if meets is None or self.threshold is None:
            return "unknown"
        if self.low is not None and self.high is not None and self.low < self.threshold < self.high:
            return "inconclusive"
        return "met" if meets else "missed"


class ModelChoice(Struct, frozen=True):
    """The models that a card describes, and which of them is judged; empty where it describes one alone.

    `is_named` says whether that is the model that was asked for, and not merely the first.
    """

    described: tuple[str, ...] = ()
    judged: str = ""
    is_named: bool = False


class CardFact(Struct, frozen=True):
    """A system's own model card, read by its fields."""

    path: str
    oid: str | None
    cause: Cause | None
    detail: str
    fields: Mapping[str, CardField]
    metrics: tuple[Metric, ...] = ()
    groups: int = 0
    title: str = ""
    """its own heading, where it has one: what it is called, and no more"""
    declared_at: Location | None = None
    flaw_at: Location | None = None
    """where in the card the fault stands that keeps it from being read"""
    unclaimed: tuple[tuple[int, str], ...] = ()
    """line and words of what stands in no field's section"""
    twice: tuple[str, ...] = ()
    """fields of which two places say different things, in words"""
    bound: tuple[tuple[str, str], ...] = ()
    """path and blob of each file that its numbers rest on, where no test has it as its report"""
    models: ModelChoice = ModelChoice()

    def field(self, name: str) -> CardField:
        """What the card says of a field: `absent` where it says nothing of it, as where it could not be read."""
        return self.read_field(name) if self.cause is None else _ABSENT_FIELD

    def read_field(self, name: str) -> CardField:
        """What was read of a field, of a card with a fault elsewhere, too."""
        return self.fields.get(name, _ABSENT_FIELD)


class Rating(Struct, frozen=True):
    """What the risk model makes of one system's facts.

    `score` is None while a dimension is missing; `undeclared` are the dimensions that decide the range.
    """

    score: int | None
    score_range: tuple[int, int]
    """the least and greatest score that the declared dimensions allow; equal where all are declared"""
    score_tier: Tier | None
    tier_range: tuple[Tier, Tier]
    """the tier after floors, at least and at most; equal where all that decides it is declared"""
    undeclared: tuple[str, ...]
    floors: tuple[str, ...]
    """ids of the floors that hold"""
    law_class: tuple[str, ...]

    @property
    def tier(self) -> Tier:
        """The tier that judges: the top of the range."""
        return self.tier_range[1]

    def values(self) -> dict[str, Any]:
        """The `system.*` values that are worked out; the score only where it is known."""
        rated: dict[str, Any] = {"system.tier": self.tier, "system.law_class": list(self.law_class)}
        if self.score is not None:
            rated["system.score"] = self.score
        return rated


def unrated_values(
    system: str, stage: str, from_stage: str, regulations: tuple[str, ...], stated: Mapping[str, Any]
) -> dict[str, Any]:
    """The `system.*` values but those of the rating, which is worked out from them; see `Facts` for each."""
    return {
        **stated,
        "system.id": system,
        "system.stage": stage,
        "system.from_stage": from_stage,
        "system.is_promoted": _is_promoted(stage, from_stage),
        "system.regulations": list(regulations),
    }


def _is_promoted(stage: str, from_stage: str) -> bool:
    """Whether a system moves on in its life, to its end excepted; one that is new does so unless it is an idea."""
    if stage in RETIRED:
        return False
    return stage_rank(stage) > (0 if from_stage == "none" else stage_rank(from_stage))


class Facts(Struct, frozen=True):
    """Everything known of one system in one tree.

    `from_stage` is base's stage, "none" for a system that base does not have; in base the stage itself. `stated` are
    the `system.*` values that stand nowhere else, by their whole names: dimensions, declared facts, and what the entry
    has or lacks; what nobody declared is absent.
    """

    declared: DeclaredSystem
    stage: str
    from_stage: str
    regulations: tuple[str, ...]
    stated: Mapping[str, Any]
    rating: Rating
    artifacts: Mapping[str, ArtifactFact]
    tests: Mapping[str, TestFact]
    card: CardFact | None = field(default=None)
    vendors: tuple[Mapping[str, Any], ...] = field(default=())
    """`vendor.*` facts as the entries state them, one map a vendor; `vendor.id` is always there"""
    announced: Mapping[str, tuple[TermsFrom, ...]] = field(default_factory=dict)
    """by vendor: the facts that hold from each day on for which it announced other terms"""
    problems: tuple[Problem, ...] = ()
    models: tuple[Mapping[str, Any], ...] = field(default=())
    """`model.*` facts of each model that the entry lists, in its order"""
    incidents: tuple[IncidentFact, ...] = field(default=())
    """the incidents that name the system, by id"""
    earlier_artifacts: Mapping[str, tuple[ArtifactFact, ...]] = field(default_factory=dict)
    """of base, by id: what its history held of evidence that is another in the result, the newest first (D52)"""
    earlier_in_stage: Mapping[str, tuple[ArtifactFact, ...]] = field(default_factory=dict)
    """of those documents the versions held while the system was in the stage that it is in"""
    earlier_tests: Mapping[str, tuple[TestFact, ...]] = field(default_factory=dict)
    """the same for results of tests"""
    history_ends: bool = False
    """that history was cut off in this clone"""
    history_is_long: frozenset[str] = frozenset()
    """ids of the evidence of which it holds more than is looked through"""

    @property
    def key(self) -> SystemKey:
        return self.declared.key

    @property
    def id(self) -> str:
        return self.declared.key.id

    @property
    def tier(self) -> Tier:
        return self.rating.tier

    @property
    def law_class(self) -> tuple[str, ...]:
        return self.rating.law_class

    @property
    def values(self) -> dict[str, Any]:
        """The typed values that conditions see (`system.tier`, `system.eu_market`, …), read from the fields anew."""
        values = unrated_values(self.id, self.stage, self.from_stage, self.regulations, self.stated)
        values.update(self.rating.values())
        return values
