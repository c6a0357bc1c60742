"""Law packs (`policy-gate/pack/v1`) as written, before they are compiled."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from policy_gate.schema.document_types import Day, FactName, KebabId, Line
from policy_gate.schema.law import Binding, RowStatus
from policy_gate.schema.strict import FieldsError, Strict

RowId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$")]


class SourceSpec(Strict):
    """Where rows were read; `kind` says whether that is primary text, a reproduction or digest of it, or secondary."""

    id: Line
    what: Line
    kind: Line


class UncertainSpec(Strict):
    """What is not settled, what is known of it, and how rows of it are handled meanwhile."""

    id: Line
    topic: Line
    known: Line
    handling: Line


class DerivedSpec(Strict):
    """A fact that follows from stated ones; conditions of every pack may name it as `law.ID`."""

    id: FactName
    about: Line
    definition: Line | None = Field(default=None, description="how its source words it")
    when: Line = Field(description="CEL over system.* and earlier law.*")


class PointSpec(Strict):
    """A point of a list that the law keeps, such as Annex III."""

    id: Line
    use: Line
    mark: Line


class RouteSpec(Strict):
    """From which day a row applies, where `when` holds."""

    from_: Day = Field(alias="from")
    when: Line | None = None


class EvidenceSpec(Strict):
    """An artifact, or one of several, wanted only where `when` holds."""

    artifact: KebabId | None = None
    any_of: Annotated[list[KebabId], Field(min_length=2)] | None = None
    when: Line | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> EvidenceSpec:
        if (self.artifact is None) == (self.any_of is None):
            raise FieldsError(
                "evidence is an artifact, or any_of several",
                "write `artifact: ID` or `any_of: [ID, ID]`, not both",
            )
        return self


class RowSpec(Strict):
    """One duty: its place in the law, what it asks of whom and when, and how sure that is."""

    id: RowId
    citation: Line
    requirement: Line
    role: Line = Field(description="to whom it speaks, in words")
    condition: Line = Field(description="when it applies, in its source's words")
    when: Line = Field(description="the same in CEL over system.* and law.*")
    practice: Line | None = Field(default=None, description="the point of a prohibition, as art5_practices names it")
    prohibited_when: Line | None = Field(default=None, description="CEL: the system does what this row prohibits")
    told_by: KebabId | None = Field(
        default=None, description="the rule that finds the same where art5_practices names the practice"
    )
    void_when: Line | None = Field(default=None, description="CEL: what the row speaks of is not had")
    applies: list[RouteSpec] = Field(default=[], description="the first route that holds; none: long in force")
    dates: Line | None = Field(default=None, description="the dates in its source's words, where they say more")
    until: Day | None = Field(default=None, description="the last day on which it applies")
    formal_from: Day | None = None
    binding: Binding
    status: RowStatus = "in-force"
    superseded_by: KebabId | None = Field(default=None, description="the regulation that replaced it")
    evidence: list[KebabId | EvidenceSpec] = []
    penalty: Line = ""
    mark: Line = Field(description="how it was checked: verified with sources, or from memory")
    sources: list[Line] = []
    uncertain: list[Line] = []
    advisory: bool = Field(default=False, description="never blocks, as what it says is not settled")
    checked_on: Day | None = Field(default=None, description="where it was checked on another day than its pack")


class PackFile(Strict):
    """One law pack; the ids of its rows begin with its own."""

    schema_: Literal["policy-gate/pack/v1"] = Field(alias="schema")
    id: KebabId
    title: Line
    regulation: KebabId
    cite: Line | None = Field(default=None, description="what citations of rows that do not name the law begin with")
    checked_on: Day
    since: Day = Field(description="from this day on gaps that are older count as debt")
    due_at: KebabId | None = Field(default=None, description="the gate from which on it is owed; none: at every stage")
    sources: list[SourceSpec] = []
    uncertain: list[UncertainSpec] = []
    derived: list[DerivedSpec] = []
    points: list[PointSpec] = []
    rows: Annotated[list[RowSpec], Field(min_length=1)]
