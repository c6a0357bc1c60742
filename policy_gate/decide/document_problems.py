"""Documents that could not be read: whose fault that is, and what it stops (D24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from policy_gate.decide.system_change import SystemChange
from policy_gate.schema.check_inputs import CheckOptions
from policy_gate.schema.dates import Instant, lies_ahead
from policy_gate.schema.facts import Facts
from policy_gate.schema.incidents import TIMES, IncidentFact
from policy_gate.schema.snapshot import Snapshot, UnreadManifest
from policy_gate.schema.source import Problem
from policy_gate.schema.vocabulary import Verdict

CLOCKS: Final = ("enrolled", "reclassified", "reclassification_review", "stage_since")
"""The dates of an entry that debt and reviews count from."""


def problems_verdict(
    base: Snapshot,
    result: Snapshot,
    system_changes: Iterable[SystemChange],
    changed: frozenset[str],
    mode: str,
    as_of: Instant,
) -> tuple[Verdict, tuple[Problem, ...]]:
    """The verdict that unreadable documents force, and the problems to show, worst first.

    Made by the change: block. Inherited: block for the full check and for a change to that file or to its folder;
    undecided for a change to what a manifest could have governed that cannot be read (D45); conditions otherwise.
    """
    old = {_identity(problem) for problem in base.problems}
    fresh = [problem for problem in result.problems if _identity(problem) not in old]
    inherited = [problem for problem in result.problems if _identity(problem) in old]
    for system_change in system_changes:
        known = {_identity(item) for item in _of_system(system_change.was, as_of)}
        for problem in _of_system(system_change.declared, as_of):
            (inherited if _identity(problem) in known else fresh).append(problem)
    shown = tuple(dict.fromkeys((*fresh, *inherited)))
    unread = {it.path for it in base.unread}
    own = [item for item in inherited if item.path not in unread]
    if fresh or (inherited and (mode == "all" or any(_is_touched(item, changed) for item in own))):
        return "block", shown
    if unread_above(base, result, changed):
        return "undecided", shown
    return ("conditions" if inherited else "pass"), shown


def unread_above(base: Snapshot, result: Snapshot, changed: frozenset[str]) -> dict[UnreadManifest, str]:
    """The manifests of base that stay unreadable and could have governed what is changed, each with such a path.

    What is governed whatever a manifest says is not looked at: policies, CI files, records and waivers.
    """
    still = {unread.path for unread in result.unread}
    found: dict[UnreadManifest, str] = {}
    if not base.unread:
        return found
    for path in sorted(changed - _governed_anyhow(base, result)):
        if path.removesuffix(".sig") not in {record.path for record in result.records}:
            for unread in base.may_be_governed_by(path):
                if unread.path in still:
                    found.setdefault(unread, path)
    return found


def unread_notes(base: Snapshot, result: Snapshot, changed: frozenset[str]) -> Iterator[str]:
    """Why there is no answer for what a manifest could have governed that cannot be read, and what to do."""
    for unread, path in unread_above(base, result, changed).items():
        way_out = (
            "say where the manifests are with `manifests:` in policy-gate.yaml, in a change of its own"
            if unread.is_anothers
            else "mend it first, in a change of its own"
        )
        yield f"{unread.path} of base cannot be read, and could govern {path}: {way_out}"


def stage_untold(base: Snapshot, result: Snapshot, options: CheckOptions) -> Iterator[str]:
    """Why it cannot be told whether all that is declared has reached the stage that is required."""
    if options.require_stage is None or options.only:
        return
    for path in dict.fromkeys(it.path for side in (base, result) for it in side.unread if not it.is_anothers):
        yield f"{path} cannot be read, and may declare a system that has not reached {options.require_stage}: mend it"


def _governed_anyhow(*sides: Snapshot) -> set[str]:
    files = {file.path for side in sides for file in (*side.policy_files, *side.enforcement_files)}
    return files | {side.waivers.path for side in sides if side.waivers is not None}


def _of_system(facts: Facts | None, as_of: Instant) -> Iterator[Problem]:
    """What is wrong in an entry, dates to count from that lie more than a day ahead included: refused (D09)."""
    if facts is None:
        return
    yield from facts.problems
    system = facts.declared
    dated = [(name, name, getattr(system.entry, name)) for name in CLOCKS]
    dated += [("vendors", f"assessed_on of vendor {it.id}", it.assessed_on) for it in system.vendors]
    for told in facts.incidents:
        yield from _incident_to_come(told, as_of)
    for part, name, day in dated:
        if day is not None and lies_ahead(day, as_of.date()):
            at = system.at(part)
            message = f"{name} lies in the future (got {day}, expected a day that has come)"
            yield Problem(at.path, message, at.line, at.column, "write the day on which it happened")


def _incident_to_come(told: IncidentFact, as_of: Instant) -> Iterator[Problem]:
    """The times of an incident that no time zone explains: they have not come yet."""
    incident, document = told.incident, told.document
    times: list[tuple[tuple[str | int, ...], datetime | None]] = [((name,), getattr(incident, name)) for name in TIMES]
    times += [(("timeline", index), entry.at) for index, entry in enumerate(incident.timeline)]
    # One that ends with what is stated has no start: the planned use may be to come.
    times += [(("clock_starts", it.id), it.starts_at) for it in told.clocks if it.id in incident.clock_starts]
    for way, moment in times:
        if moment is not None and moment - as_of > timedelta(days=1):
            at = document.at(*way)
            name = " ".join(part for part in way if isinstance(part, str))
            message = f"{name} lies in the future (got {moment.isoformat()}, expected a time that has come)"
            yield Problem(at.path, message, at.line, at.column, "write the time at which it happened")


def unread_incidents(
    base: Snapshot, result: Snapshot, system_changes: Iterable[SystemChange]
) -> tuple[Verdict, tuple[str, ...]]:
    """No answer for a change that moves a system on while an incident of base cannot be read: it may be its own."""
    still = [path for path in base.unread_incidents if path in result.unread_incidents]
    moving = [it.id for it in system_changes if it.is_promotion]
    if not still or not moving:
        return "pass", ()
    return "undecided", (
        f"{still[0]} of base cannot be read, and may tell of an incident of {moving[0]}: mend it first, in a change of "
        "its own",
    )


def _identity(problem: Problem) -> tuple[str, str]:
    """The same problem of the same file, wherever its line has moved."""
    return problem.path, problem.message


def _is_touched(problem: Problem, changed: frozenset[str]) -> bool:
    folder = problem.path.rpartition("/")[0]
    return problem.path in changed or any(path.startswith(folder + "/") for path in changed)
