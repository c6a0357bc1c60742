"""An incident as its file tells it: what happened, who is affected, and what was done when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from policy_gate.schema.document_types import FactName, Id, KebabId, Line
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.strict import Strict, empty_dict, empty_list
from policy_gate.schema.vocabulary import DataRole, Risk, SeriousIncident, Severity

SCHEMA: Final = "policy-gate/incident/v1"
_MOMENT = lazy_pattern(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})")
_YEARS: Final = range(2000, 2200)
"""of moments that an incident can have; clocks that begin in them end within what can be told as a date"""

Step = Literal["triaged", "contained", "leadership-notified", "notified", "resolved", "note"]


def moment_of(text: str) -> datetime | None:
    """The moment that a text in ISO 8601 with its zone says; None for any other text."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = moment_of(value)
    if found is None:
        raise PydanticCustomError("moment", "a time with its zone")
    if found.year not in _YEARS:
        raise PydanticCustomError("moment_range", "a time of these centuries")
    return found


Moment = Annotated[datetime, BeforeValidator(_moment), Field(description="ISO 8601 with a zone: 2026-11-20T10:00:00Z")]


class TimelineEntry(Strict):
    """One step of the response: when, what, by whom."""

    at: Moment
    step: Step
    by: Line
    clock: KebabId | None = Field(default=None, description="of notified: the legal clock that the notice is for")
    report: Literal["initial", "complete"] | None = Field(
        default=None, description="of notified: whether more is to follow; a notice that says nothing is complete"
    )
    audience: Literal["regulators", "affected-users", "leadership"] | None = None
    what: Line | None = None


class Incident(Strict):
    """`governance/incidents/*.yaml`: one incident of one system. What is left out was not assessed."""

    schema_: Literal["policy-gate/incident/v1"] = Field(alias="schema")
    id: Id
    system: Id
    type: FactName
    severity: Severity
    description: Line
    occurred_at: Moment | None = None
    detected_at: Moment
    aware_at: Moment | None = Field(default=None, description="when it was reasonably certain; legal clocks start here")
    affected_users_estimate: Annotated[int, Field(ge=0)] | None = None
    eu_residents_affected: bool | None = None
    personal_data_exposed: bool | None = None
    risk_to_persons: Risk | None = None
    serious_incident: SeriousIncident | None = None
    data_role: DataRole = Field(default="controller", description="how the data was handled: for oneself or for others")
    attack_vector: Line | None = None
    clock_starts: dict[KebabId, Moment] = empty_dict("when a clock began that starts with another event, by its id")
    not_required: dict[KebabId, Line] = empty_dict("clocks that do not run here although they seem to, and why")
    timeline: list[TimelineEntry] = empty_list("in order; what stands here stays")
    root_cause: Annotated[str, Field(max_length=4000)] = ""
    new_tests: list[Line] = empty_list("paths or test ids that would have caught it earlier")
    control_changes: list[Line] = empty_list("paths, rule or control ids that keep it from happening again")

    def first(self, step: Step) -> datetime | None:
        """When a step was first taken; None where it was not."""
        return next((entry.at for entry in self.timeline if entry.step == step), None)

    @property
    def is_resolved(self) -> bool:
        return self.first("resolved") is not None

    @property
    def state(self) -> str:
        """How far the response is: open, triaged, contained or resolved."""
        for step in ("resolved", "contained", "triaged"):
            if self.first(step) is not None:
                return step
        return "open"
