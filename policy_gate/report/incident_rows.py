"""Open incidents as every format tells them: a line for each, and one for each clock that has not ended well."""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.schema.report import ClockReport, IncidentReport, Report

_STATES = {"overdue": "overdue since", "running": "runs until", "unknown": "cannot be told, would end"}
_OPEN_END = {"overdue": "overdue", "running": "runs, without undue delay", "unknown": "cannot be told"}


def incident_rows(report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each incident in a line, with a line for each of its clocks and for what has to follow it."""
    for incident in report.incidents:
        yield _head(incident), (*map(_of_clock, incident.clocks), *_of_duties(incident))


def counted(report: Report) -> str:
    """How many there are, and how many clocks run or are over."""
    clocks = [clock.state for incident in report.incidents for clock in incident.clocks]
    said = [f"{clocks.count(state)} {state}" for state in ("overdue", "running", "unknown") if state in clocks]
    word = "incident" if len(report.incidents) == 1 else "incidents"
    return f"{len(report.incidents)} {word}" + (f", clocks: {', '.join(said)}" if said else "")


def _head(incident: IncidentReport) -> str:
    return f"{incident.id} of {incident.system}: {incident.severity} {incident.type}, {incident.state}"


def _of_clock(clock: ClockReport) -> str:
    words = _STATES if clock.deadline else _OPEN_END
    end = clock.deadline.replace("T", " ").removesuffix("Z") + " UTC" if clock.deadline else ""
    lacks = f"; state {', '.join(clock.missing)}" if clock.missing else ""
    return f"{clock.id} {words[clock.state]} {end}".rstrip() + f" ({clock.recipient}){lacks}"


def _of_duties(incident: IncidentReport) -> Iterator[str]:
    if incident.duties_open:
        yield f"resolved, and lacking: {', '.join(incident.duties_open)}"
    if incident.tests_open:
        yield f"new tests that have not passed: {', '.join(incident.tests_open)}"
