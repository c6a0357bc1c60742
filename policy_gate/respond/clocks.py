"""Which legal clocks an incident starts, when each ends, and whether somebody was told in time.

A clock runs where everything it needs is so. One thing that is not so stops it, whatever else is unknown; with none,
a fact that nobody stated leaves it unknown. Days are counted as calendar days of 24 hours, which is never later than
what rules on counting days allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from policy_gate.respond.business_days import not_counted, shifted
from policy_gate.schema.incident_document import Incident, Step
from policy_gate.schema.incident_rules import IncidentClock, IncidentRules
from policy_gate.schema.incidents import HOUSE, Clock

TARGETS: tuple[tuple[str, str, Step], ...] = (
    ("triage", "Triage", "triaged"),
    ("containment", "Containment", "contained"),
    ("leadership_notify", "Leadership is told", "leadership-notified"),
)
"""what each severity gives minutes for, and the step of the timeline that meets it"""


def clocks_of(incident: Incident, values: Mapping[str, Any], rules: IncidentRules) -> tuple[Clock, ...]:
    """Every legal clock for an incident, in the order of the policies; `values` are its own and its system's."""
    return tuple(_clock(spec, incident, values) for spec in rules.clocks.values())


def _clock(spec: IncidentClock, incident: Incident, values: Mapping[str, Any]) -> Clock:
    begins = next((it.from_ for it in spec.binds_later if it.when.truth(values).value), spec.applies_from)
    clock = Clock(
        spec.id, spec.title, spec.law, spec.recipient, runs=True, note=_note(spec, begins), applies_from=begins
    )
    reason = incident.not_required.get(spec.id)
    if reason is not None:
        return replace(clock, runs=False, because=reason)
    if spec.starts == "stated" and spec.id not in incident.clock_starts:
        return replace(clock, runs=False, because=f"nothing here starts it; state when under clock_starts: {spec.id}")
    missing: list[str] = []
    for need in spec.needs:
        truth = need.that.truth(values)
        if truth.value is False:
            return replace(clock, runs=False, because=need.otherwise)
        missing += truth.missing
    if (rest := next((it for it in spec.rests if it.when.truth(values).value), None)) is not None:
        return replace(clock, runs=False, because=rest.because)
    start = incident.clock_starts.get(spec.id) or (
        incident.detected_at if spec.starts == "detected_at" else incident.aware_at
    )
    # A time that nobody states would else never run out; until one does it is the earliest that it can be.
    counted = start or incident.detected_at
    if start is None:
        missing.append(f"incident.{spec.starts}")
    told = [entry for entry in incident.timeline if entry.step == "notified" and entry.clock == spec.id]
    is_partial = bool(spec.reports and told and all(entry.report == "initial" for entry in told))
    uncounted = not_counted(spec.calendar, spec.zone) if spec.business_days else ()
    return replace(
        clock,
        runs=None if missing else True,
        missing=tuple(dict.fromkeys(missing)),
        starts_at=None if spec.before else start,
        deadline=deadline_of(spec, counted),
        noticed_at=told[0].at if told else None,
        is_partial=is_partial,
        note=" ".join(part for part in (clock.note, *uncounted) if part),
    )


def _note(spec: IncidentClock, begins: date | None) -> str:
    binds = f"Binds from {begins.isoformat()} on; until then nothing waits for it." if begins else ""
    return " ".join(part for part in (spec.note, binds) if part)


def deadline_of(spec: IncidentClock, start: datetime) -> datetime | None:
    """When a clock that began at `start` ends, in the zone of `start`; None for one without a length.

    Hours and days are elapsed time: where clocks are put forward or back in between, the end is read otherwise.
    """
    sign = -1 if spec.before else 1
    if spec.business_days is not None:
        return shifted(start, sign * spec.business_days, spec.calendar, spec.zone)
    if spec.hours is None and spec.days is None:
        return None
    elapsed = sign * timedelta(hours=spec.hours or 0, days=spec.days or 0)
    return (start.astimezone(UTC) + elapsed).astimezone(start.tzinfo)


def targets_of(incident: Incident, rules: IncidentRules) -> tuple[Clock, ...]:
    """The times that the severity gives for triage, containment and telling leadership, from when it was detected.

    What is resolved was triaged and contained by then at the latest, also where no step of the timeline says so.
    """
    severity = rules.severities.get(incident.severity)
    if severity is None:
        return ()
    ended = incident.first("resolved")
    return tuple(
        Clock(
            id=f"sla-{name.replace('_', '-')}",
            title=title,
            law=HOUSE,
            recipient="leadership" if step == "leadership-notified" else "",
            runs=True,
            starts_at=incident.detected_at,
            deadline=incident.detected_at + timedelta(minutes=getattr(severity, name)),
            noticed_at=incident.first(step) or (ended if step in ("triaged", "contained") else None),
        )
        for name, title, step in TARGETS
    )


def in_utc(moment: datetime | None) -> str | None:
    """A moment as text in UTC, to the second; None for none."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
