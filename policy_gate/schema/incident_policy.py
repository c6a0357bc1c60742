"""What policies say of incidents, as written: their types, severities, clocks, serious incidents and notices."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from policy_gate.schema.document_types import Day, FactName, KebabId, Line
from policy_gate.schema.strict import FieldsError, Strict
from policy_gate.schema.vocabulary import SeriousIncident, Severity

_DAYS, _HOURS, _MINUTES = 3_660, 24 * 3_660, 24 * 60 * 366
"""the longest time that a clock may have, ten years; an answer has a year"""


class OfIncidents(Strict):
    """What every item says of itself; ids of words that incident files use are snake_case."""

    title: Line
    why: Line | None = None
    citation: Line | None = None
    overridable: bool = False


class IncidentTypeSpec(OfIncidents):
    """A kind of incident: what to do at once, and how it can be contained."""

    id: FactName
    about: Line
    first_actions: Annotated[list[Line], Field(min_length=1)]
    containment_options: Annotated[list[Line], Field(min_length=1)]
    reopens_data: bool = Field(
        default=False,
        json_schema_extra={"stricter": "true"},
        description="the data may be spoiled: approvals that rest on it are given anew",
    )
    harms: list[Line] = Field(default=[], description="types of harm as the OECD's reporting framework names them")


class IncidentSeveritySpec(OfIncidents):
    """How fast an incident so severe is answered, in minutes from when it was detected, and who is called."""

    id: Severity
    triage: int = Field(ge=1, le=_MINUTES, json_schema_extra={"stricter": "lower"})
    containment: int = Field(ge=1, le=_MINUTES, json_schema_extra={"stricter": "lower"})
    leadership_notify: int = Field(ge=1, le=_MINUTES, json_schema_extra={"stricter": "lower"})
    escalation: list[Line] = Field(default=[], description="`{triage}` and its like stand for the minutes")
    window: Line = Field(description="by when it is told whether an authority must know")
    oecd: Line = Field(description="the word of the OECD's reporting framework")


class NeedSpec(Strict):
    """Something that has to be so for a clock to run; `otherwise` is why it does not where it is not so."""

    that: Line
    otherwise: Line


class BindsLaterSpec(Strict):
    """A later day from when a clock's duty binds, of systems for which `when` surely holds."""

    from_: Day = Field(alias="from")
    when: Line


class RestsSpec(Strict):
    """Systems that a clock's duty does not bind; `when` must surely hold, and `because` is what is told."""

    when: Line
    because: Line


class IncidentClockSpec(OfIncidents):
    """A time within which law wants somebody told. Without a length: without undue delay."""

    id: KebabId
    law: KebabId
    needs: list[NeedSpec] = []
    starts: Literal["detected_at", "aware_at", "stated"] = "aware_at"
    hours: Annotated[int, Field(ge=1, le=_HOURS)] | None = None
    days: Annotated[int, Field(ge=1, le=_DAYS)] | None = None
    business_days: Annotated[int, Field(ge=1, le=_DAYS)] | None = None
    applies_from: Day | None = Field(
        default=None,
        json_schema_extra={"stricter": "earlier"},
        description="from when the duty binds; before that it is told, and missing it stands in nobody's way",
    )
    binds_later: list[BindsLaterSpec] = Field(
        default=[], description="the first that surely holds gives the day in place of applies_from"
    )
    rests: list[RestsSpec] = Field(
        default=[], description="systems that the duty does not bind, such as those of a transitional rule"
    )
    before: bool = Field(default=False, description="the time ends at what is stated, and does not begin there")
    calendar: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] | None = Field(
        default=None, description="whose holidays count, as US or US-NY"
    )
    zone: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z_]*(/[A-Z][A-Za-z_+-]*)+$")] | None = Field(
        default=None, description="by whose clock a business day begins, as America/New_York"
    )
    recipient: Line
    tells: list[Literal["regulators", "affected-users"]] = Field(
        default=["regulators"], description="the notices that meet it; none where neither is its recipient"
    )
    note: Line | None = None
    reports: list[Literal["initial", "complete"]] = []
    checked: Line = Field(description="how the row was checked, and by which source")
    checked_on: Day

    @model_validator(mode="after")
    def _one_length(self) -> IncidentClockSpec:
        if sum(length is not None for length in (self.hours, self.days, self.business_days)) > 1:
            raise FieldsError("a clock has one of hours, days and business_days", "leave the others out")
        if self.binds_later and self.applies_from is None:
            raise FieldsError("binds_later is later than applies_from", "add applies_from, or leave it out")
        if (self.calendar is not None or self.zone is not None) and self.business_days is None:
            raise FieldsError("calendar and zone are for business_days", "add business_days, or leave them out")
        return self


class SeriousIncidentSpec(OfIncidents):
    """A word of `serious_incident`, with where the AI Act defines it."""

    id: SeriousIncident
    harms: list[Line] = []


class NoticeSectionSpec(Strict):
    """Something that a notice has to say; `when` says to which incidents."""

    title: Line
    asks: Line
    when: Line | None = None


class NoticeSpec(OfIncidents):
    """A notice to one audience: what it has to say, and who writes it."""

    id: Literal["regulators", "affected-users", "leadership"]
    about: Line
    parts: Annotated[list[NoticeSectionSpec], Field(min_length=1)]
    roles: Annotated[list[KebabId], Field(min_length=1)]
