"""Changes of incidents: what was recorded stays, and what looks milder than before is agreed to by somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date
from typing import Any

from msgspec.structs import replace

from policy_gate.facts.change_kinds import FactsPair
from policy_gate.respond.clocks import in_utc
from policy_gate.respond.duties import file_of
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.change import Change
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.incidents import TIMES, Clock, IncidentFact
from policy_gate.schema.vocabulary import RISKS, SEVERITIES

_TOLD = ("description", "attack_vector", "root_cause")
_LEARNT = ("new_tests", "control_changes")
_URGENCY = {"none": 0, "death": 2, "critical_infrastructure": 3, "widespread": 3}
"""Of serious incidents: the shorter the time to report one, the higher; 1 for all others."""


def incident_changes(pair: FactsPair) -> Iterator[Change]:
    """What differs between the incidents of both sides."""
    was, now = ({it.id: it for it in side.incidents} for side in (pair.was, pair.now))
    for id_ in sorted({*was, *now}):
        if id_ not in was:
            after = now[id_]
            yield _change(pair, "incident-opened", id_, None, after.incident.severity, None, after)
            if after.incident.is_resolved:
                # It never stood in anybody's way here: that it is over is said for the first time, too.
                yield _change(pair, "incident-resolved", id_, after.incident.severity, "resolved", None, after)
        elif id_ not in now:
            yield _change(pair, "incident-dropped", id_, was[id_].incident.severity, None, was[id_], None)
        else:
            yield from (_change(pair, *said, was[id_], now[id_]) for said in _between(was[id_], now[id_], pair.today))


def _change(
    pair: FactsPair, kind: str, id_: str, before: Any, after: Any, was: IncidentFact | None, now: IncidentFact | None
) -> Change:
    change = pair.change(kind, id_, before, after)
    return replace(
        change,
        location=now.location if now else change.location,
        base_location=was.location if was else None,
        bound=digest_of(now.incident.model_dump(mode="json")) if now else "",
    )


def _between(before: IncidentFact, after: IncidentFact, today: date | None) -> Iterator[tuple[str, str, Any, Any]]:
    """Kind, id, before and after of each difference that matters."""
    was, now = before.incident, after.incident
    if SEVERITIES.index(now.severity) < SEVERITIES.index(was.severity):
        yield "incident-severity-lowered", now.id, was.severity, now.severity
    rewritten = _rewritten(was, now) | _relearnt(before, after)
    if rewritten:
        yield "incident-rewritten", now.id, *_sides(rewritten)
    eased = _eased(was, now) | _put_off(before, after) | _let_go(before, after)
    if eased:
        yield "incident-eased", now.id, *_sides(eased)
    if backdated := _backdated(before, after, today):
        yield "incident-notice-backdated", now.id, *_sides(backdated)
    if was.is_resolved != now.is_resolved:
        kind = "incident-resolved" if now.is_resolved else "incident-reopened"
        yield kind, now.id, *((was.severity, now.state) if now.is_resolved else (was.state, now.severity))


def _sides(found: dict[str, tuple[Any, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    return {name: it[0] for name, it in found.items()}, {name: it[1] for name, it in found.items()}


def _rewritten(was: Incident, now: Incident) -> dict[str, tuple[Any, Any]]:
    """What was on record and reads otherwise: times, steps of the timeline, what happened."""
    found: dict[str, tuple[Any, Any]] = {}
    for name in TIMES:
        before, after = getattr(was, name), getattr(now, name)
        if before is not None and before != after:
            found[name] = before.isoformat(), after.isoformat() if after else None
    for id_, moment in was.clock_starts.items():
        after = now.clock_starts.get(id_)
        if after != moment:
            found[f"clock_starts {id_}"] = moment.isoformat(), after.isoformat() if after else None
    kept = now.timeline[: len(was.timeline)]
    if kept != was.timeline:
        found["timeline"] = _steps(was), _steps(now)
    return found


def _relearnt(before: IncidentFact, after: IncidentFact) -> dict[str, tuple[Any, Any]]:
    """What a closed incident told and promised, and says otherwise now; what is added to a list is none of it."""
    was, now = before.incident, after.incident
    if not was.is_resolved:
        return {}
    found: dict[str, tuple[Any, Any]] = {}
    for name in _TOLD:
        old, new = getattr(was, name), getattr(now, name)
        if old and old.split() != (new or "").split():
            found[name] = old, new
    for name in _LEARNT:
        old, new = getattr(was, name), getattr(now, name)
        moved = {_moved_from(it, after.files) for it in new if it not in old} - {""}
        gone = [it for it in old if it not in new and _moved_from(it, before.files) not in moved]
        # What has not passed is told as let go.
        if [it for it in gone if it not in before.tests_open]:
            found[name] = old, new
    return found


def _moved_from(named: str, files: Mapping[str, str]) -> str:
    """What a path that is named holds, by which a file that only moved is known; empty for an id."""
    _, mark, case = named.partition("::")
    blob = files.get(file_of(named), "")
    return f"{blob}{mark}{case}" if blob else ""


def _steps(incident: Incident) -> list[dict[str, Any]]:
    return [entry.model_dump(mode="json", exclude_none=True) for entry in incident.timeline]


def _eased(was: Incident, now: Incident) -> dict[str, tuple[Any, Any]]:
    """What makes the incident look milder, or a clock not run."""
    found: dict[str, tuple[Any, Any]] = {}
    if was.type != now.type:
        found["type"] = was.type, now.type
    for name in ("eu_residents_affected", "personal_data_exposed"):
        before, after = getattr(was, name), getattr(now, name)
        if before != after and after is not True:
            found[name] = before, after
    if _is_milder(was.risk_to_persons, now.risk_to_persons):
        found["risk_to_persons"] = was.risk_to_persons, now.risk_to_persons
    if was.serious_incident != now.serious_incident and not _is_more_serious(
        was.serious_incident, now.serious_incident
    ):
        found["serious_incident"] = was.serious_incident, now.serious_incident
    if was.data_role != now.data_role:
        found["data_role"] = was.data_role, now.data_role
    if (now.affected_users_estimate or 0) < (was.affected_users_estimate or 0):
        found["affected_users_estimate"] = was.affected_users_estimate, now.affected_users_estimate
    for id_ in sorted(now.not_required):
        if was.not_required.get(id_) != now.not_required[id_]:
            found[f"not_required {id_}"] = was.not_required.get(id_), now.not_required[id_]
    return found


def _put_off(was: IncidentFact, now: IncidentFact) -> dict[str, tuple[Any, Any]]:
    """Starts that are stated anew for clocks which ran without them, or in place of another, and end later by them."""
    running = {it.id: it for it in now.clocks if it.runs is True}
    stated = [running[id_] for id_ in sorted(running) if id_ in _newly_stated(was, now)]
    found: dict[str, tuple[Any, Any]] = {}
    for clock in was.clocks:
        if clock.runs is not True or clock.deadline is None:
            continue
        for other in stated:
            is_meant = other.id == clock.id or (clock.id not in running and _are_for_one(clock, other))
            if is_meant and other.deadline is not None and other.deadline > clock.deadline:
                found[f"clock_starts {other.id}"] = f"ends {in_utc(clock.deadline)}", f"ends {in_utc(other.deadline)}"
    return found


def _backdated(was: IncidentFact, now: IncidentFact, today: date | None) -> dict[str, tuple[Any, Any]]:
    """Clocks that had run out by yesterday with nobody told, and of which it is said now that somebody was, in time."""
    told = {it.id: it.noticed_at for it in now.clocks if it.noticed_at is not None}
    found: dict[str, tuple[Any, Any]] = {}
    for clock in was.clocks:
        sent, end = told.get(clock.id), clock.deadline
        if clock.runs is False or clock.noticed_at is not None or sent is None or end is None or today is None:
            continue
        if sent <= end and end.astimezone(UTC).date() < today:
            found[clock.id] = f"ended {in_utc(end)}, nobody told", f"sent {in_utc(sent)}"
    return found


def _let_go(was: IncidentFact, now: IncidentFact) -> dict[str, tuple[Any, Any]]:
    """New tests that have not passed and are named no more: a file in their place would show nothing."""
    gone = [name for name in was.tests_open if name not in now.incident.new_tests]
    return {"new_tests": (was.incident.new_tests, now.incident.new_tests)} if gone else {}


def _newly_stated(was: IncidentFact, now: IncidentFact) -> set[str]:
    return {*now.incident.clock_starts} - {*was.incident.clock_starts}


def _are_for_one(clock: Clock, other: Clock) -> bool:
    return (clock.law, clock.recipient) == (other.law, other.recipient)


def _is_more_serious(was: str | None, now: str | None) -> bool:
    """Whether it is to be reported sooner; what was not assessed is answered by anything but none."""
    if now is None:
        return False
    return _URGENCY.get(now, 1) > (0 if was is None else _URGENCY.get(was, 1))


def _is_milder(was: str | None, now: str | None) -> bool:
    """Whether the risk reads milder; one that was not assessed counts as one that may be there."""
    if was == now:
        return False
    if now is None:
        return True
    return RISKS.index(now) < (1 if was is None else RISKS.index(was))
