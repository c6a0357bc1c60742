"""The documents a governed repository holds, as pydantic models: manifest, config, approval records, waivers.

Vendors are in `vendor_document`, roles in `roles`, incidents in `incident_document`, policies in `policy_document`.
Validation against the policies (does this artifact id exist?) is not done here but where they are known.
"""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from policy_gate.schema.document_types import Day, FactName, FactValue, Id, KebabId, Line, RuleId, Source, day_of
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.strict import Strict, empty_dict, empty_list
from policy_gate.schema.tool_pin import ToolPin
from policy_gate.schema.vendor_document import VendorEntry
from policy_gate.schema.vocabulary import Stage

_STAYS_INSIDE = lazy_pattern(r"(?!/)(?:(?!\.{1,2}(?:/|$))[^/\\]+(?:/|$))+")
_PASSWORD = lazy_pattern(r"[a-z]+://[^/]*:[^/]*@")


def _month_or_day(text: str) -> str:
    day_of(text if len(text) > len("YYYY-MM") else f"{text}-01")
    return text


class RiskProfile(Strict):
    """The six scored dimensions; one left out makes the tier a range, never a lower tier."""

    decision_impact: (
        Literal["life_safety", "employment", "financial", "access_to_services", "reputational", "informational"] | None
    ) = None
    human_oversight: Literal["none", "partial", "full"] | None = None
    data_sensitivity: Literal["special_category", "highly_sensitive", "sensitive", "non_sensitive"] | None = None
    user_vulnerability: Literal["vulnerable_populations", "general_public", "professionals"] | None = None
    deployment_scale: Literal["millions", "hundreds_of_thousands", "thousands", "internal"] | None = None
    decision_reversibility: Literal["irreversible", "difficult_to_reverse", "reversible"] | None = None


class ArtifactEntry(Strict):
    """One required document: a file of this repository, or evidence held elsewhere (D19)."""

    id: KebabId
    path: Line | None = None
    url: Line | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    held_by: Line | None = None
    status: Literal["draft", "final"] | None = None
    completed: Day | None = None


class TestEntry(Strict):
    """One test suite and the file its result is in; `suite` and `cases` (names, with `*`) say what of it counts.

    A result that nobody here can read, such as a tester's PDF, is attested like a document (D19).
    """

    __test__ = False

    id: KebabId
    report: Line | None = None
    url: Line | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    held_by: Line | None = None
    suite: Line | None = None
    cases: list[Line] = empty_list()
    version: Line | None = None
    model: Line | None = Field(default=None, description="the model that the report must say it was run on")
    completed: Day | None = None


class ModelEntry(Strict):
    """One model that the system uses, under the name by which code asks for it, and what pins it."""

    name: Line
    vendor: KebabId | None = Field(default=None, description="who serves it, one of the system's vendors")
    version: Line | None = None
    digest: Annotated[str, StringConstraints(pattern=r"^(?:sha256:)?[0-9a-f]{64}$")] | None = None
    path: Line | None = Field(default=None, description="the file of its weights, where this repository holds it")
    retires: Day | None = Field(default=None, description="the day on which its vendor ends it, YYYY-MM-DD")
    source: Source | None = Field(default=None, description="where the vendor says when it ends")
    fallback: bool = Field(default=False, description="once in base, the code may go back to it without a yes")

    @model_validator(mode="after")
    def _ends_by_a_source(self) -> "ModelEntry":
        if (self.retires is None) != (self.source is None):
            raise ValueError("retires stands beside the source that says so, such as the vendor's page")
        return self


class EvidenceOfMetric(Strict):
    """Where a number comes from: the share of a test that passed, or a place in its report or in a file."""

    test: KebabId | None = None
    file: Line | None = None
    pointer: Annotated[str, StringConstraints(pattern=r"^/", max_length=500)] | None = Field(
        default=None, description="a JSON pointer, such as /results/hellaswag/acc,none"
    )
    property: Line | None = Field(default=None, description="a property of JUnit XML")

    @model_validator(mode="after")
    def _one_place(self) -> "EvidenceOfMetric":
        if (self.test is None) == (self.file is None):
            raise ValueError("name a test or a file")
        if self.pointer is not None and self.property is not None:
            raise ValueError("name a pointer (JSON) or a property (JUnit XML), not both")
        if self.file is not None and self.pointer is None and self.property is None:
            raise ValueError("beside a file stands a pointer (JSON) or a property (JUnit XML)")
        return self


class MetricEntry(Strict):
    """What a number of the model card rests on; with `value`, also one that the card does not state."""

    name: Line
    group: Line = "overall"
    value: int | float | Line | None = None
    threshold: int | float | Line | None = None
    evidence: EvidenceOfMetric | None = None


class NotApplicable(Strict):
    """A requirement the team says does not concern the system, and why."""

    id: KebabId
    reason: Line


class SystemEntry(Strict):
    """One AI system of the manifest."""

    # Built at once: the manifest's validator takes it over, and its digest needs it by itself.
    model_config = ConfigDict(defer_build=False)

    id: Id
    name: Line
    description: str = ""
    owner_team: Line
    stage: Stage
    paths: list[Line]
    risk_profile: RiskProfile
    incident_contact: Line | None = None
    deployment_date: (
        Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$"), AfterValidator(_month_or_day)] | None
    ) = None
    enrolled: Day | None = None
    reclassified: Day | None = None
    reclassification_review: Day | None = None
    stage_since: Day | None = None
    guessed: list[Literal["id", "stage", "paths"]] = empty_list(
        "What nobody has confirmed yet: mended once, it is a first answer and no weakening (D48)"
    )
    regulatory_scope: list[Line] = empty_list()
    facts: dict[FactName, FactValue] = empty_dict()
    model_card: Line | None = None
    model_version: Line | None = None
    models: list[ModelEntry] = empty_list()
    vendors: list[KebabId] = empty_list()
    artifacts: list[ArtifactEntry] = empty_list()
    tests: list[TestEntry] = empty_list()
    metrics: list[MetricEntry] = empty_list()
    not_applicable: list[NotApplicable] = empty_list()
    sections: dict[KebabId, dict[Line, Line]] = empty_dict(
        "by artifact: the section that is wanted, and the heading under which the document has it"
    )

    @property
    def is_review_held(self) -> bool:
        """Whether the system was reviewed on or after the day it was raised, by what the entry says (D49)."""
        raised, held = self.reclassified, self.reclassification_review
        return raised is not None and held is not None and held >= raised


class Manifest(Strict):
    """`governance.yaml`: the AI systems of a repository or folder."""

    schema_: Literal["policy-gate/manifest/v1"] = Field(alias="schema")
    systems: list[SystemEntry] = empty_list()
    vendors: list[VendorEntry] = empty_list()
    reason: Line | None = Field(default=None, description="Why there is no system, where `systems` is empty (D28)")

    @model_validator(mode="after")
    def _says_why_it_is_empty(self) -> "Manifest":
        if not self.systems and not self.vendors and self.reason is None:
            raise ValueError("no system is declared; say why under `reason`, or declare one")
        return self


class PackFrom(Strict):
    """A law pack from outside: a folder of this repository, or a git repository; and the digest that it must have."""

    folder: Line | None = Field(default=None, description="where it lies in this repository, outside `policies`")
    url: Annotated[str, StringConstraints(pattern=r"^(https?|ssh|file)://[^\s]+$", max_length=2000)] | None = None
    ref: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=255)] | None = Field(
        default=None, description="a branch, tag or commit of `url`; else its default branch"
    )
    digest: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> "PackFrom":
        if (self.folder is None) is (self.url is None):
            raise ValueError("a pack comes from a folder or from a url; give one of them")
        if self.ref is not None and self.url is None:
            raise ValueError("ref is of a url; a folder is read as base has it")
        if self.folder is not None and not _STAYS_INSIDE.fullmatch(self.folder):
            raise ValueError("folder must be a path below the root of this repository")
        if self.url is not None and _PASSWORD.match(self.url):
            raise ValueError("url must hold no password: everybody who reads this repository would have it")
        return self

    @property
    def place(self) -> str:
        """What people call it: the folder with a slash, or the url, with the ref where one is given."""
        if self.folder is not None:
            return f"{self.folder.strip('/')}/"
        return f"{self.url}@{self.ref}" if self.ref else str(self.url)


class Config(Strict):
    """`policy-gate.yaml`, read from the base only."""

    schema_: Literal["policy-gate/config/v1"] = Field(alias="schema")
    repository: Line = ""
    manifests: Annotated[list[Line], Field(min_length=1)] = ["**/governance.yaml"]
    policies: Line = "policies"
    packs: list[KebabId | PackFrom] = empty_list("ids of shipped packs, and packs from outside with their digests")
    shared: list[Line] = empty_list()
    enforcement: list[Line] | None = None
    merge_methods: Annotated[list[Literal["merge", "squash", "rebase", "fast-forward"]], Field(min_length=1)] = [
        "merge",
        "squash",
        "rebase",
    ]
    tool: ToolPin | None = None

    @property
    def pack_ids(self) -> list[str]:
        """The shipped packs that are asked for."""
        return [it for it in self.packs if isinstance(it, str)]

    @property
    def packs_from_outside(self) -> list[tuple[int, PackFrom]]:
        """The packs that come from a folder or url, each with its place in `packs`."""
        return [(index, it) for index, it in enumerate(self.packs) if isinstance(it, PackFrom)]


class Approver(Strict):
    name: Line
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")]


class ApprovalRecord(Strict):
    """`governance/approvals/*.yaml`: someone said yes to exact content, in a role."""

    schema_: Literal["policy-gate/approval/v1"] = Field(alias="schema")
    system: Id | None = None
    for_: KebabId = Field(alias="for")
    role: KebabId
    approver: Approver
    approved_on: Day
    expires: Day
    subject_digest: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
    target_branch: str = ""
    statement: Line
    id: Id | None = Field(default=None, description="random: tells an approval given again from one that is spent")
    content: dict[Line, Annotated[str, StringConstraints(max_length=2000)]] = Field(
        default={}, description="the parts that the digest is over, by name: what was seen, for comparing later"
    )


class Waiver(Strict):
    """A permission to miss one requirement of one rule on one system until a date."""

    system: Id
    rule: RuleId
    subject: Line | None = Field(
        default=None, description="the one requirement; may be left out where the rule wants one thing only"
    )
    owner: Line
    approver: Line
    reason: Line
    ticket: Line | None = None
    created: Day
    expires: Day


class Waivers(Strict):
    """`governance/waivers.yaml`, read from the base only."""

    schema_: Literal["policy-gate/waiver/v1"] = Field(alias="schema")
    waivers: list[Waiver] = empty_list()
