"""Steps of a response: when one may have been taken, and what the incident says once it is on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from policy_gate.respond.clocks import in_utc
from policy_gate.schema.incident_document import Incident, Step, TimelineEntry
from policy_gate.schema.incidents import TIMES

_BY_PEOPLE: Final[tuple[Step, ...]] = ("triaged", "leadership-notified", "notified", "resolved")
"""The steps that somebody takes who knows of the incident."""


def wrong_moment(incident: Incident, at: datetime, now: datetime, step: Step | None = None) -> str | None:
    """Why no step, or not this one, can have been taken then; None where it can."""
    if at > now:
        return f"{in_utc(at)} lies in the future"
    begin = incident.occurred_at
    if begin is not None and at < begin:
        return f"{in_utc(at)} is before occurred_at ({in_utc(begin)})"
    first = min(moment for moment in (incident.detected_at, incident.aware_at) if moment is not None)
    # A guard may contain what nobody has seen yet; nobody answers it, or tells of it.
    if at < first and (begin is None or step in _BY_PEOPLE):
        return f"{in_utc(at)} is before the incident was detected ({in_utc(first)})"
    last = max(incident.timeline, key=lambda entry: entry.at, default=None)
    if last is not None and at < last.at:
        return f"{in_utc(at)} is before the last step on record ({last.step}, {in_utc(last.at)})"
    return None


def wrong_times(stated: Mapping[str, datetime | None], now: datetime) -> tuple[str, ...]:
    """What is wrong with the times of an incident itself, by the names of their fields."""
    begin = stated.get("occurred_at")
    found = []
    for name in TIMES:
        moment = stated.get(name)
        if moment is not None and moment > now:
            found.append(f"{name} {in_utc(moment)} lies in the future")
        if moment is not None and begin is not None and moment < begin:
            found.append(f"{name} {in_utc(moment)} is before occurred_at ({in_utc(begin)})")
    return tuple(found)


def with_steps(incident: Incident, entries: Sequence[TimelineEntry], fields: Mapping[str, Any]) -> Incident:
    """The incident with these entries after those that it has, and these fields."""
    return incident.model_copy(update={**fields, "timeline": [*incident.timeline, *entries]})


def as_of(incident: Incident, moment: datetime) -> Incident | None:
    """The incident as it stood then: without the steps that came later, and not yet certain where that came later.

    None where nobody knew of it yet.
    """
    if incident.detected_at > moment:
        return None
    steps = [entry for entry in incident.timeline if entry.at <= moment]
    certain = incident.aware_at if incident.aware_at is not None and incident.aware_at <= moment else None
    return incident.model_copy(update={"timeline": steps, "aware_at": certain})
