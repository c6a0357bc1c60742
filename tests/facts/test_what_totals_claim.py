"""What a report's totals say beside the tests that it lists: believed where they say worse, and never where better."""

from __future__ import annotations

from typing import Any

import pytest

from policy_gate.facts.result_claims import (
    fewer_passed,
    left_out,
    more_than_listed,
    unlisted_failures,
    with_left_out,
    without_copies,
)
from policy_gate.facts.result_formats.suites import Case, Placed, Suite
from policy_gate.schema.facts import FailedCase, TestFact
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import Cause


def cases(**outcomes: int) -> list[Case]:
    """One case for each outcome, that stands for so many answers."""
    return [Case(outcome, 7, outcome, times=times) for outcome, times in outcomes.items()]  # type: ignore[arg-type]


def suite(*listed: Case, **fields: Any) -> Suite:
    return Suite(**{"name": "s", "line": 3, "cases": list(listed), **fields})


SETUP = Case("set-up", 4, "failed")
UNKNOWN = Case("set-up", 4, "unknown")


@pytest.mark.parametrize(
    ("claimed", "fields", "is_told"),
    [
        (0, {}, False),
        (1, {}, True),
        (1, {"cases": cases(failed=1)}, False),
        (1, {"cases": cases(error=1)}, False),
        (2, {"cases": cases(failed=1)}, True),
        (2, {"cases": cases(failed=1, error=1)}, False),
        (2, {"cases": cases(failed=2)}, False),
        (1, {"cases": cases(passed=9, skipped=1, unknown=1)}, True),
        (1, {"own": [SETUP]}, False),
        (2, {"own": [SETUP]}, True),
        (1, {"own": [UNKNOWN]}, True),
        (2, {"own": [SETUP], "cases": cases(failed=1)}, False),
        (1, {"inner": [suite(*cases(failed=1))]}, False),
        (1, {"inner": [suite(own=[SETUP])]}, False),
        (2, {"inner": [suite(own=[SETUP])]}, True),
    ],
)
def test_failures_that_are_owned_up_to_count_and_are_told_once(
    claimed: int, fields: dict[str, Any], is_told: bool
) -> None:
    found = unlisted_failures([suite(), suite(claimed=claimed, **fields), suite(claimed=claimed, **fields)])
    assert [(it.name, it.line) for it in found] == ([("s", 3)] if is_told else [])
    nameless = unlisted_failures([suite(claimed=claimed, **{**fields, "name": ""})])
    assert all(it.name for it in nameless)
    assert len(nameless) == len(found)


@pytest.mark.parametrize(
    ("passes", "fields", "is_told"),
    [
        (None, {"cases": cases(passed=2)}, False),
        (2, {"cases": cases(passed=2)}, False),
        (3, {"cases": cases(passed=2)}, False),
        (1, {"cases": cases(passed=2)}, True),
        (0, {"cases": cases(passed=1)}, True),
        (0, {"cases": cases(failed=3, skipped=1)}, False),
        (1, {"cases": cases(passed=1, failed=3)}, False),
        (1, {"inner": [suite(*cases(passed=2))]}, True),
        # one that was skipped and is listed as if it had passed
        (1, {"cases": [*cases(passed=1), *cases(passed=1)], "skips": 1}, False),
        (0, {"cases": [*cases(passed=1), *cases(passed=1)], "skips": 1}, True),
        (0, {"cases": [*cases(passed=1), *cases(passed=1)], "skips": 5}, False),
        (1, {"cases": [*cases(passed=1), *cases(passed=1)], "skips": 1, "total": 3}, True),
    ],
)
def test_where_fewer_passed_than_are_listed_nobody_knows_which(
    passes: int | None, fields: dict[str, Any], is_told: bool
) -> None:
    for name in ("s", ""):
        found = fewer_passed([suite(passes=passes, **{**fields, "name": name})])
        assert [(it.outcome, it.line) for it in found] == ([("unknown", 3)] if is_told else [])
        assert all(it.name for it in found)
        assert name in ("", *(it.name for it in found)) or not is_told


@pytest.mark.parametrize(
    ("total", "fields", "is_told"),
    [
        (None, {}, False),
        (0, {}, False),
        (1, {}, True),
        (1, {"cases": cases(passed=1)}, False),
        (2, {"cases": cases(passed=1)}, True),
        (2, {"cases": cases(passed=2)}, False),
        (2, {"cases": cases(passed=1, failed=1)}, False),
        (1, {"cases": cases(passed=2)}, False),
        (2, {"inner": [suite(*cases(passed=2))]}, False),
    ],
)
def test_a_total_of_more_than_is_listed_is_remarked(total: int | None, fields: dict[str, Any], is_told: bool) -> None:
    assert bool(more_than_listed([suite(), suite(total=total, **fields)])) is is_told


def test_what_stands_twice_in_the_same_words_ran_once() -> None:
    inner, other = suite(), suite()
    twice = [Case("a", 1, written="a 0.1s"), Case("a", 2, written="a 0.1s")]
    later = Case("a", 3, written="a 0.2s")
    unwritten = [Case("a", 4), Case("a", 5)]
    named = Case("b", 6, written="a 0.1s")
    placed = [Placed(it, (inner,)) for it in (*twice, later, *unwritten, named)]
    elsewhere = Placed(twice[0], (inner, other))
    kept = without_copies([*placed, elsewhere])
    assert [it.case.line for it in kept] == [2, 3, 4, 5, 6, 1]


def result(id_: str, cause: Cause | None, **fields: Any) -> TestFact:
    return TestFact(id_, "r.xml", "0" * 40, Location("governance.yaml"), cause, "", **fields)


def test_what_is_left_out_counts_unless_another_test_failed_by_it() -> None:
    lost = (FailedCase("a", "", 1),)
    stale, failed = result("suite", "stale"), result("one", "failed", left_out=lost)
    assert with_left_out([stale])[0] is stale
    for cause, is_told in (("stale", True), (None, True), ("failed", False)):
        other = result("other", cause, failed=lost)  # type: ignore[arg-type]
        assert with_left_out([failed, other])[0].left_out == (lost if is_told else ()), cause


@pytest.mark.parametrize(
    ("patterns", "is_lost"),
    [((), False), (("test one",), True), (("test*",), False), (("test one", "test*"), False)],
)
def test_of_tests_without_a_class_one_beside_is_lost_only_where_single_names_were_picked(
    patterns: tuple[str, ...], is_lost: bool
) -> None:
    inner = suite()
    one, other = Placed(Case("test one", 1), (inner,)), Placed(Case("another thing", 2, "failed"), (inner,))
    assert [it.name for it in left_out([one, other], [one], patterns)] == (["another thing"] if is_lost else [])
