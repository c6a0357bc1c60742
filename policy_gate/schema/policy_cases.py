"""Cases of the policies (`policy-gate/case/v1`): facts and changes in, findings expected out."""

from typing import Annotated, Any, Literal

from pydantic import Field

from policy_gate.schema.document_types import Day, FactValue, KebabId, Line
from policy_gate.schema.strict import Strict
from policy_gate.schema.vocabulary import Enforcement, Stage

RuleName = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$")]
"""The id of a rule, or of a row of law."""


class ExpectedFinding(Strict):
    """One finding a case expects; `subject` may be left out to mean any."""

    requirement: Line = Field(description="kind:subject, such as artifact:red-team-report")
    state: str
    rules: list[RuleName] = Field(default=[], description="ids that must be among the reasons")
    enforcement: Enforcement | None = None


class Case(Strict):
    """One test of the rules: facts and changes in, findings expected out.

    `facts` overlays a complete, plain system of tier low with nothing declared; `artifacts`, `tests`,
    `card` state evidence outcomes by id (`met`, or a cause such as `absent`, `thin`, `draft`, `stale`);
    everything not named is `met` where `all_met` is true, `absent` otherwise. `expect` names findings
    that must be there; `never` names `kind:subject` that must not be a gap or unknown; with `exactly`
    the gaps and unknowns must be just those expected.
    """

    id: KebabId
    title: Line
    rule: KebabId | None = Field(default=None, description="the rule, gate or control this case is for")
    as_of: Day | None = None
    facts: dict[str, FactValue | None] = {}
    stage: Stage | None = None
    from_stage: Stage | Literal["none"] | None = None
    profile: dict[str, str] = {}
    artifacts: dict[str, str] = {}
    tests: dict[str, str] = {}
    card: dict[str, str] = {}
    all_met: bool = False
    entry: dict[str, str | bool | list[str] | list[dict[str, str]]] = Field(
        default={},
        description="other fields of the system's entry, on both sides: regulatory_scope, deployment_date,"
        " reclassified, reclassification_review, stage_since, enrolled, incident_contact, paths, models",
    )
    base_entry: dict[str, str | bool | list[str]] = Field(
        default={}, description="fields of `entry` that base holds otherwise than the result; false for none"
    )
    base_artifacts: dict[str, str] = Field(
        default={}, description="artifacts that base holds otherwise than the result; `met` there is a year older"
    )
    changes: list[dict[str, Any]] = []
    vendors: list[dict[str, Any]] = []
    metrics: list[dict[str, Any]] = []
    incidents: list[dict[str, Any]] = Field(
        default=[], description="incidents of the system, as their files tell them; what is left out is plain"
    )
    incident_files: list[Line] = Field(default=[], description="paths that incidents name and that are there")
    expect: list[ExpectedFinding] = []
    never: list[Line] = []
    exactly: bool = False


class CaseFile(Strict):
    """`policies/tests/*.yaml`."""

    schema_: Literal["policy-gate/case/v1"] = Field(alias="schema")
    cases: Annotated[list[Case], Field(min_length=1)]
