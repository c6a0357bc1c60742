"""What a test report says of itself, and what an entry picks of it, against the tests that it holds.

Totals grant nothing: only tests that are listed count, each once. Where totals say worse than the list does, they are
believed. A total of tests that is larger than the list says nothing against it: Catch2 and doctest count assertions
there, pytest its subtests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from policy_gate.facts.result_formats.suites import Case, Placed, Suite, all_suites
from policy_gate.schema.facts import FailedCase, TestFact

_SHOWN: Final = 5


class Tally(NamedTuple):
    """What a suite lists, with all that lies in it; `hidden` are the skips that its totals own up to beyond those."""

    cases: int
    times: int
    passed: int
    skipped: int
    bad: int
    hidden: int


_Tallies = Mapping[int, Tally]


def tallies_of(suites: Iterable[Suite]) -> _Tallies:
    """The tally of each suite and of all that lie in it, by identity; each test is looked at once."""
    found: dict[int, Tally] = {}
    for suite in reversed(list(all_suites(suites))):
        if id(suite) not in found:
            found[id(suite)] = _tally(suite, [found[id(inner)] for inner in suite.inner])
    return found


def _tally(suite: Suite, inner: Sequence[Tally]) -> Tally:
    outcomes: Counter[str] = Counter()
    for case in suite.cases:
        outcomes[case.outcome] += case.times
    cases = len(suite.cases) + sum(it.cases for it in inner)
    skipped = sum(1 for case in suite.cases if case.outcome == "skipped") + sum(it.skipped for it in inner)
    bad = outcomes["failed"] + outcomes["error"] + sum(1 for case in suite.own if case.outcome != "unknown")
    left_out = max(0, (suite.total or cases) - cases)
    return Tally(
        cases=cases,
        times=outcomes.total() + sum(it.times for it in inner),
        passed=outcomes["passed"] + sum(it.passed for it in inner),
        skipped=skipped,
        bad=bad + sum(it.bad for it in inner),
        hidden=max(suite.skips - skipped - left_out, sum(it.hidden for it in inner), 0),
    )


def unlisted_failures(suites: Sequence[Suite], tallies: _Tallies | None = None) -> list[FailedCase]:
    """Failures that a suite's totals own up to and that none of its test cases shows; one entry at most."""
    tallies = tallies_of(suites) if tallies is None else tallies
    for suite in suites:
        bad = tallies[id(suite)].bad
        if suite.claimed > bad:
            message = f"the suite reports {suite.claimed} failures and errors, {bad} are listed"
            return [FailedCase(suite.name or "(suite without a name)", message, suite.line)]
    return []


def fewer_passed(suites: Sequence[Suite], tallies: _Tallies | None = None) -> list[Case]:
    """Of each suite whose totals say that fewer passed than it lists, that nobody knows which of them did."""
    tallies = tallies_of(suites) if tallies is None else tallies
    found = []
    for suite in suites:
        tally = tallies[id(suite)]
        passed = tally.passed - min(tally.passed, tally.hidden)
        if suite.passes is not None and suite.passes < passed:
            said = f"its totals count {suite.passes} that passed, {passed} are listed"
            found.append(Case(suite.name or "(suite without a name)", suite.line, "unknown", said))
    return found


def without_copies(placed: Iterable[Placed]) -> list[Placed]:
    """The tests, one that stands in a suite several times in the very same words taken once."""
    return list({(id(it.around[-1]), it.case.name, it.case.written or id(it.case)): it for it in placed}.values())


def more_than_listed(suites: Sequence[Suite], tallies: _Tallies | None = None) -> str:
    """A remark on a report whose totals count more tests than it lists; empty where there is none."""
    tallies = tallies_of(suites) if tallies is None else tallies
    for suite in suites:
        listed = tallies[id(suite)].times
        if (suite.total or 0) > listed:
            return f"of the {suite.total} that the report counts, {listed} are listed"
    return ""


def left_out(every: Iterable[Placed], counted: Sequence[Placed], patterns: Collection[str]) -> tuple[FailedCase, ...]:
    """The failures of a report that an entry's `cases` leave out, although they are of one kind with what it counts.

    Of one kind are tests of one suite that share their class or module, or whose names differ in numbers alone; where
    tests have no class, those from among which single names were picked. A report of a whole build holds others, too.
    """
    taken = {id(it.case) for it in counted}
    homes = {(id(it.around[-1]), it.case.home) for it in counted if it.case.home}
    shapes = {(id(it.around[-1]), _shape(it.case.name)) for it in counted}
    suites = {id(it.around[-1]) for it in counted}
    is_picked = bool(patterns) and not any("*" in pattern for pattern in patterns)
    found = []
    for it in every:
        case, suite = it.case, id(it.around[-1])
        if id(case) in taken or case.outcome not in ("failed", "error"):
            continue
        is_beside = (suite, case.home) in homes if case.home else is_picked and suite in suites
        if is_beside or (suite, _shape(case.name)) in shapes:
            found.append(FailedCase(case.name, case.message, case.line))
    return tuple(found)


def _shape(name: str) -> str:
    return re.sub(r"\d+", "0", " ".join(name.casefold().split()))


def with_left_out(facts: Sequence[TestFact]) -> list[TestFact]:
    """The results of one system, where failures that `cases` leave out count, unless another of its tests has them."""
    return [_with_left_out(fact, facts) if fact.left_out else fact for fact in facts]


def _with_left_out(fact: TestFact, facts: Sequence[TestFact]) -> TestFact:
    of_others = {name for it in facts if it.id != fact.id and it.oid == fact.oid for name in _failures(it)}
    lost = tuple(case for case in fact.left_out if case.name not in of_others)
    if not lost or fact.cause not in (None, "failed"):
        return replace(fact, left_out=())
    shown = ", ".join(case.name[:80] for case in lost[:_SHOWN])
    more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
    said = f"{len(lost)} failed beside those that its `cases` pick, and count for no test: {shown}{more}"
    return replace(fact, cause="failed", detail=said, failed=(*fact.failed, *lost), left_out=lost, is_sample=False)


def _failures(fact: TestFact) -> Iterable[str]:
    return (case.name for case in fact.failed) if fact.cause == "failed" else ()
