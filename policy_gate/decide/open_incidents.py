"""The incidents of judged systems that are not behind them, the clock that ends first before the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from policy_gate.decide.system_change import SystemChange
from policy_gate.schema.dates import Instant
from policy_gate.schema.incidents import Clock, IncidentFact
from policy_gate.schema.report import ClockReport, IncidentReport


def open_incidents(system_changes: Iterable[SystemChange], as_of: Instant) -> tuple[IncidentReport, ...]:
    """Each incident that is open, has a clock that runs or ran out, or is resolved and not learnt from."""
    told = ((it.now.id, fact) for it in system_changes for fact in it.now.incidents)
    found = [_report(system, fact, as_of) for system, fact in told if _is_open(fact, as_of)]
    return tuple(sorted(found, key=lambda it: (_first_end(it), it.id)))


def _is_open(fact: IncidentFact, as_of: Instant) -> bool:
    if not fact.incident.is_resolved or fact.duties_open or fact.tests_open:
        return True
    return any(clock.state(as_of) in ("running", "overdue") or clock.is_over(as_of) for clock in fact.clocks)


def _first_end(incident: IncidentReport) -> str:
    return min((clock.deadline for clock in incident.clocks if clock.deadline), default="9999")


def _report(system: str, fact: IncidentFact, as_of: Instant) -> IncidentReport:
    incident = fact.incident
    place = fact.location
    clocks = sorted(_clocks(fact.clocks, as_of), key=lambda it: (it.deadline or "9999", it.id))
    return IncidentReport(
        incident.id,
        system,
        incident.type,
        incident.severity,
        incident.state,
        place.path,
        tuple(clocks),
        fact.duties_open if incident.is_resolved else (),
        fact.tests_open if incident.is_resolved else (),
    )


def _clocks(clocks: Iterable[Clock], as_of: Instant) -> Iterator[ClockReport]:
    """Those that run, ran out, or of which nobody can tell; what is settled is behind everybody."""
    for clock in clocks:
        state = clock.state(as_of)
        if state in ("running", "overdue", "unknown"):
            missing = tuple(name.partition(".")[2] for name in clock.missing)
            yield ClockReport(clock.id, clock.title, clock.law, state, _text(clock.deadline), clock.recipient, missing)


def _text(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
