"""How fast incidents were answered: triage, containment, notices and resolution against their times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from statistics import median

from msgspec import Struct

from policy_gate.schema.incidents import Clock, IncidentFact

MEASURES: Mapping[str, str] = {
    "triage": "Triage",
    "containment": "Containment",
    "leadership": "Leadership told",
    "notice": "Legal notice",
    "resolution": "Resolution",
}
_TARGETS = {"sla-triage": "triage", "sla-containment": "containment", "sla-leadership-notify": "leadership"}


class ResponseTime(Struct, frozen=True):
    """One time that was measured, in minutes; `is_done` is False where it still runs, `within` None without a limit."""

    minutes: float
    is_done: bool
    within: bool | None


class TimeSummary(Struct, frozen=True):
    """All times of one measure.

    `count` were done, `within` of them in time, `late` not; `overdue` are not done and out of time, `pending` not done
    and not. `median` is of what was done. `worst` counts what is overdue, too, as long as it has taken so far.
    """

    count: int
    within: int
    late: int
    overdue: int
    pending: int
    median: float | None
    worst: float | None


def measured(facts: Iterable[IncidentFact], now: datetime) -> dict[str, TimeSummary]:
    """Each measure over these incidents."""
    spans: dict[str, list[ResponseTime]] = {name: [] for name in MEASURES}
    for fact in facts:
        for name, span in _spans(fact, now):
            spans[name].append(span)
    return {name: _summary(found) for name, found in spans.items()}


def grouped(facts: Sequence[IncidentFact], field: str, order: Sequence[str]) -> dict[str, list[IncidentFact]]:
    """The incidents by a field of theirs, those of `order` first; only what occurs."""
    found = {getattr(fact.incident, field) for fact in facts}
    names = [name for name in order if name in found] + sorted(found - set(order))
    return {name: [fact for fact in facts if getattr(fact.incident, field) == name] for name in names}


def _spans(fact: IncidentFact, now: datetime) -> Iterator[tuple[str, ResponseTime]]:
    for target in fact.targets:
        if target.id in _TARGETS:
            yield _TARGETS[target.id], _span(target, now)
    for clock in fact.clocks:
        if clock.runs and clock.starts_at is not None:
            yield "notice", _span(clock, now)
    resolved = fact.incident.first("resolved")
    taken = (resolved or now) - fact.incident.detected_at
    yield "resolution", ResponseTime(taken.total_seconds() / 60, resolved is not None, None)


def _span(clock: Clock, now: datetime) -> ResponseTime:
    end = clock.noticed_at or now
    # What was done before somebody saw it, as by a guard, took no time.
    minutes = max(0.0, (end - (clock.starts_at or end)).total_seconds() / 60)
    within = None if clock.deadline is None else end <= clock.deadline
    return ResponseTime(minutes, clock.noticed_at is not None, within)


def _summary(spans: Sequence[ResponseTime]) -> TimeSummary:
    done = [span for span in spans if span.is_done]
    overdue = [span for span in spans if not span.is_done and span.within is False]
    times = [span.minutes for span in done]
    return TimeSummary(
        count=len(done),
        within=sum(span.within is True for span in done),
        late=sum(span.within is False for span in done),
        overdue=len(overdue),
        pending=len(spans) - len(done) - len(overdue),
        median=median(times) if times else None,
        worst=max((span.minutes for span in (*done, *overdue)), default=None),
    )
