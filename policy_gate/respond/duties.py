"""What has to follow an incident that was resolved: a cause, new tests, and a control that changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy_gate.schema.facts import TestFact
    from policy_gate.schema.incident_document import Incident

_LEAST_WORDS = 5
"""of a root cause"""


def file_of(named: str) -> str:
    """The path of an entry of new_tests or control_changes, which may go on with a test's name behind `::`."""
    return named.partition("::")[0].strip().removeprefix("./")


def duties_open(
    incident: Incident, files: Mapping[str, str], tests: Collection[str], controls: Collection[str]
) -> tuple[str, ...]:
    """What is not there, each in a few words.

    `files` are the paths that the tree holds, with the blob of each that can be a test or a control, `tests` the ids of
    tests, `controls` those of rules, gates and controls.
    """
    found = []
    if len(set(incident.root_cause.casefold().split())) < _LEAST_WORDS:
        found.append("root_cause")
    for name, named, known in (
        ("new_tests", incident.new_tests, tests),
        ("control_changes", incident.control_changes, controls),
    ):
        if not named:
            found.append(name)
        said = ((it, _not_there(it, files)) for it in named if it not in known)
        found += [f"{name} {it}, which is {why}" for it, why in said if why]
    return tuple(found)


def tests_open(incident: Incident, tests: Mapping[str, TestFact], known: Collection[str]) -> tuple[str, ...]:
    """The new tests that are ids of tests, and that the system does not show to have passed."""
    ids = [it for it in incident.new_tests if it in known or it in tests]
    return tuple(it for it in ids if it not in tests or not tests[it].has_passed)


def _not_there(path: str, files: Mapping[str, str]) -> str:
    """Why nothing that follows from an incident is at a path; empty where something is."""
    blob = files.get(file_of(path))
    if blob is None:
        return "neither a file nor an id"
    return "" if blob else "blank, or the file of an incident"
