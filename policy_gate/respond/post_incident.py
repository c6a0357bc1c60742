"""What a document after an incident tells: what happened when, and what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from policy_gate.schema.incident_document import TimelineEntry
from policy_gate.schema.incidents import INTERNAL, IncidentFact

_STEPS = {
    "triaged": "Triaged",
    "contained": "Contained",
    "leadership-notified": "Leadership told",
    "notified": "Notice sent",
    "resolved": "Resolved",
    "note": "Note",
}
_TIMES = {"occurred_at": "It began", "detected_at": "It was seen", "aware_at": "It was certain"}


class StoryMoment(Struct, frozen=True):
    """Something that happened: when, what, and by whom where somebody did it."""

    at: datetime
    what: str
    by: str = ""


def moments(fact: IncidentFact) -> tuple[StoryMoment, ...]:
    """The times of the incident and the steps of the response, in order."""
    incident = fact.incident
    own = [StoryMoment(at, words) for name, words in _TIMES.items() if (at := getattr(incident, name)) is not None]
    steps = [StoryMoment(entry.at, step_told(entry), entry.by) for entry in incident.timeline]
    return tuple(sorted([*own, *steps], key=lambda it: it.at))


def step_told(entry: TimelineEntry) -> str:
    """A step in words: 'Notice sent (regulators, gdpr-33, initial report)'."""
    report = f"{entry.report} report" if entry.report else None
    more = ", ".join(part for part in (entry.audience, entry.clock, report) if part)
    about = f"{_STEPS[entry.step]} ({more})" if more else _STEPS[entry.step]
    return f"{about}: {entry.what}" if entry.what else about


def still_open(fact: IncidentFact, now: datetime) -> Iterator[str]:
    """What is left to be done, each in a sentence without its full stop."""
    incident = fact.incident
    if not incident.is_resolved:
        yield "It is not resolved"
    for clock in fact.clocks:
        state = clock.state(now)
        if state in ("running", "overdue"):
            is_internal = clock.recipient == INTERNAL
            what = f"Not on record: {clock.title}" if is_internal else f"Nobody has told the {clock.recipient}"
            yield f"{what} ({clock.id})"
        elif state == "unknown":
            yield f"Whether {clock.id} runs is not known: {', '.join(clock.missing)} is not stated"
        elif state != "not-required" and clock.is_partial:
            yield f"The complete report to the {clock.recipient} ({clock.id}) is to follow"
    if incident.is_resolved:
        yield from (f"Not there: {duty}" for duty in fact.duties_open)
        yield from (f"Not passed: {test}" for test in fact.tests_open)
