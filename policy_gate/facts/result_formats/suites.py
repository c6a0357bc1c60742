"""Suites and cases of a test report, whatever tool wrote it: what every reader makes, and all that is judged of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from msgspec import Struct, field

from policy_gate.facts.result_dialects import CaseOutcome

MAX_CHARACTERS: Final = 10_000_000
MAX_CASES: Final = 100_000
MAX_DEPTH: Final = 40

Properties = list[tuple[str, str]]
"""names, folded, with their values, in the order of the file"""


class Suite(Struct):
    """One suite: what its attributes count (`claimed` failures and errors, `skips` of `total` tests), what it holds.

    `own` are the failures of the suite itself, outside any test; `skipped` says that the suite as a whole did not run.
    """

    name: str
    line: int
    claimed: int = 0
    skips: int = 0
    total: int | None = None
    passes: int | None = None
    """how many passed by its own count, the least that it says"""
    skipped: bool = False
    timestamp: str = ""
    properties: Properties = field(default_factory=list)
    own: list[Case] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    inner: list[Suite] = field(default_factory=list)
    model: str = ""
    """the model that it was run on, as the tool calls it"""
    seed: str = ""
    sampled: bool = False
    """its cases are answers of a model, of which a share may be wrong, and no checks that hold or do not"""
    tool: str = ""
    """of an outermost one: what wrote the report; empty for JUnit XML"""


class Case(Struct):
    """One test case, by the worst that its attributes and elements say of it; `number` counts them in the report."""

    name: str
    line: int
    outcome: CaseOutcome = "passed"
    message: str = ""
    timestamp: str = ""
    number: int = 0
    properties: Properties = field(default_factory=list)
    time: str = ""
    home: str = ""
    """the class, module or file that it belongs to, where the report says so apart from its name"""
    written: str = ""
    """all that the report says of it: what stands there twice in the same words ran once"""
    times: int = 1
    """how many answers of this outcome it stands for, where a tool only counts them"""
    ids: str = ""
    """what the tool calls this run, or what ran in it: words that no other run has"""


class ResultRefusedError(Exception):
    """The report is none that can be trusted to be read."""


class Placed(NamedTuple):
    """A test case and the suites it lies in, the outermost first."""

    case: Case
    around: tuple[Suite, ...]


def all_suites(suites: Iterable[Suite]) -> Iterator[Suite]:
    """Every suite, outer before inner."""
    ways = [iter(suites)]
    while ways:
        suite = next(ways[-1], None)
        if suite is None:
            ways.pop()
        else:
            yield suite
            ways.append(iter(suite.inner))


def all_cases(suites: Iterable[Suite]) -> Iterator[Case]:
    """Every test case of every suite."""
    return (case for suite in all_suites(suites) for case in suite.cases)
