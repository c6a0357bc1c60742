"""Documents that could not be read: whose fault that is, and what it stops (D24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from policy_gate.decide.system_change import SystemChange
from policy_gate.schema.dates import Instant
from policy_gate.schema.facts import Facts
from policy_gate.schema.snapshot import Snapshot
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

    Made by the change: block. Inherited: block for the full check and for a change to that file or to
    the folder it governs; conditions otherwise.
    """
    old = {_identity(problem) for problem in base.problems}
    fresh = [problem for problem in result.problems if _identity(problem) not in old]
    inherited = [problem for problem in result.problems if _identity(problem) in old]
    for system_change in system_changes:
        known = {_identity(item) for item in _of_system(system_change.was, as_of)}
        for problem in _of_system(system_change.declared, as_of):
            (inherited if _identity(problem) in known else fresh).append(problem)
    shown = tuple(dict.fromkeys((*fresh, *inherited)))
    if fresh or (inherited and (mode == "all" or any(_is_touched(item, changed) for item in inherited))):
        return "block", shown
    return ("conditions" if inherited else "pass"), shown


def _of_system(facts: Facts | None, as_of: Instant) -> Iterator[Problem]:
    """What is wrong in an entry, dates to count from that lie more than a day ahead included: refused (D09)."""
    if facts is None:
        return
    yield from facts.problems
    system = facts.declared
    dated = [(system.at(name), name, getattr(system.entry, name)) for name in CLOCKS]
    dated += [(system.at("vendors"), f"assessed_on of vendor {it.id}", it.assessed_on) for it in system.vendors]
    for at, name, day in dated:
        if day is not None and day - as_of.date() > timedelta(days=1):
            message = f"{name} lies in the future (got {day}, expected a day that has come)"
            yield Problem(at.path, message, at.line, at.column, "write the day on which it happened")


def _identity(problem: Problem) -> tuple[str, str]:
    """The same problem of the same file, wherever its line has moved."""
    return problem.path, problem.message


def _is_touched(problem: Problem, changed: frozenset[str]) -> bool:
    folder = problem.path.rpartition("/")[0]
    return problem.path in changed or bool(folder and any(path.startswith(folder + "/") for path in changed))
