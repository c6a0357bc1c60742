"""An incident as a fact of its system: its document, the legal clocks that it starts, and what has to follow it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct

from policy_gate.schema.source import Document, Location

if TYPE_CHECKING:
    from policy_gate.schema.incident_document import Incident

TIMES: Final = ("occurred_at", "detected_at", "aware_at")
"""The times of an incident itself, in the order in which they usually come."""

HOUSE: Final = "house"
"""What stands for a law where the house itself set the time."""

INTERNAL: Final = "internal"
"""What stands for a recipient where nobody outside is told: what is to be done is the clock's title."""

ClockState = Literal["not-required", "running", "met", "late", "overdue", "unknown"]


class Clock(Struct, frozen=True):
    """One time within which somebody wants to be told, or something done.

    `runs` is None where that cannot be told; `missing` then says which facts lack. `because` says why it does not run.
    `deadline` is None for a clock without a length (without undue delay) and for one that has not started. Where nobody
    stated when it started, it counts from when the incident was detected.
    """

    id: str
    title: str
    law: str
    recipient: str
    runs: bool | None
    because: str = ""
    missing: tuple[str, ...] = ()
    starts_at: datetime | None = None
    deadline: datetime | None = None
    noticed_at: datetime | None = None
    is_partial: bool = False
    """what was told so far is a first report; the complete one is to follow"""
    note: str = ""
    applies_from: date | None = None
    """from when the duty binds; None where it does"""

    def told_by(self, now: datetime) -> datetime | None:
        """When somebody was told; None where that has not come yet, whatever the file says."""
        return self.noticed_at if self.noticed_at is not None and self.noticed_at <= now else None

    def state(self, now: datetime) -> ClockState:
        """How it stands. What was done is met or late; a late notice stays late."""
        if self.runs is False:
            return "not-required"
        if (told := self.told_by(now)) is not None:
            return "late" if self.deadline is not None and told > self.deadline else "met"
        if self.runs is None:
            return "unknown"
        return "overdue" if self.deadline is not None and now > self.deadline else "running"

    def remaining(self, now: datetime) -> timedelta | None:
        """The time left when the notice went out, else now; below zero where it was or is late. None without an end."""
        if self.runs is False or self.deadline is None:
            return None
        return self.deadline - (self.told_by(now) or now)

    @property
    def named_with_what_lacks(self) -> str:
        """Its id; where it cannot be told whether it runs, with the facts that would tell."""
        facts = ", ".join(name.partition(".")[2] for name in self.missing)
        return f"{self.id} (not stated: {facts})" if self.runs is None else self.id

    def is_over(self, now: datetime) -> bool:
        """Whether nobody was told although its time is over, or would be if it runs."""
        over = self.deadline is not None and now > self.deadline
        return self.runs is not False and over and self.told_by(now) is None

    def is_missed(self, now: datetime) -> bool:
        """Whether it is over by a duty that bound at its end."""
        if self.deadline is None or not self.is_over(now):
            return False
        return self.applies_from is None or self.deadline.date() >= self.applies_from


class IncidentFact(Struct, frozen=True):
    """One incident of one system.

    `values` are the `incident.*` values that no time changes. `files` are those of the paths it names that the tree
    holds, with their blobs. `duties_open` says what has to follow a resolved incident and is not there, `tests_open`
    which of its new tests have not passed.
    """

    document: Document[Incident]
    files: Mapping[str, str]
    values: Mapping[str, Any]
    clocks: tuple[Clock, ...] = ()
    targets: tuple[Clock, ...] = ()
    """how fast it has to be triaged, contained, and told to leadership"""
    duties_open: tuple[str, ...] = ()
    tests_open: tuple[str, ...] = ()

    @property
    def incident(self) -> Incident:
        return self.document.content

    @property
    def id(self) -> str:
        return self.document.content.id

    @property
    def location(self) -> Location:
        return self.document.at()

    def values_at(self, now: datetime) -> dict[str, Any]:
        """All `incident.*` values, with those that depend on the time."""
        found = dict(self.values)
        found["incident.clocks_running"] = [it.id for it in self.clocks if it.state(now) == "running"]
        found["incident.clocks_missed"] = [it.id for it in self.clocks if it.is_missed(now)]
        found["incident.clocks_unknown"] = [it.id for it in self.clocks if it.state(now) == "unknown"]
        found["incident.duties_open"] = list(self.duties_open)
        found["incident.tests_open"] = list(self.tests_open)
        return found

    def told(self, now: datetime) -> str:
        """The incident in a sentence, with what of it is open."""
        one, opened = self.incident, self.incident.detected_at.date()
        parts = [f"{one.severity} {one.type}, {one.state}, detected {opened}"]
        if missed := [it.named_with_what_lacks for it in self.clocks if it.is_missed(now)]:
            parts.append(f"out of time: {', '.join(missed)}")
        if one.is_resolved and self.duties_open:
            parts.append(f"lacking: {', '.join(self.duties_open)}")
        if one.is_resolved and self.tests_open:
            parts.append(f"not passed: {', '.join(self.tests_open)}")
        return f"{one.id}: {'; '.join(parts)}."


INCIDENT_STATED: Final[Mapping[str, str]] = {
    "incident.id": "STRING",
    "incident.type": "STRING",
    "incident.severity": "STRING",
    "incident.state": "STRING",
    "incident.is_open": "BOOL",
    "incident.reopens_data": "BOOL",
    "incident.detected_on": "STRING",
    "incident.affected_users_estimate": "INT",
    "incident.eu_residents_affected": "BOOL",
    "incident.personal_data_exposed": "BOOL",
    "incident.risk_to_persons": "STRING",
    "incident.serious_incident": "STRING",
    "incident.data_role": "STRING",
}
"""What conditions may read of an incident, with types; what the file leaves out is absent."""

INCIDENT_WORKED_OUT: Final[Mapping[str, str]] = {
    "incident.clocks_running": "LIST<STRING>",
    "incident.clocks_missed": "LIST<STRING>",
    "incident.clocks_unknown": "LIST<STRING>",
    "incident.duties_open": "LIST<STRING>",
    "incident.tests_open": "LIST<STRING>",
}
"""What is worked out of it with the time of the check; conditions of clocks do not see it."""


class SystemIncidents(Struct, frozen=True):
    """The incidents of one system, for the views of the desk."""

    system: str
    name: str
    contact: str
    incidents: tuple[IncidentFact, ...]
