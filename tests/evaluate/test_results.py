"""When a test result counts: enough ran, none failed, in date, and run on this change where that is asked."""

from __future__ import annotations

from datetime import date

import pytest
from decision_world import RULES, TODAY, day, facts, only, outcomes, rules_with, with_test
from msgspec.structs import replace

from policy_gate.schema.facts import Facts, FailedCase
from policy_gate.schema.finding import Outcome

GATE = "pre-deployment-security-review"
SUITE = "bias-benchmark-suite"


def of(found: Facts) -> Outcome:
    return only(outcomes(found), GATE, SUITE)


def wanting(executed: int) -> Facts:
    return with_test(facts(), SUITE, executed=executed)


@pytest.mark.parametrize(("executed", "state"), [(9, "gap"), (10, "met"), (11, "met")])
def test_as_many_tests_as_the_catalogue_says_must_have_run(executed: int, state: str) -> None:
    spec = replace(RULES.tests[SUITE], min_executed=10)
    ten = replace(RULES, tests={**RULES.tests, SUITE: spec})
    found = only(outcomes(wanting(executed), rules=ten), GATE, SUITE)
    assert found.state == state
    if state == "gap":
        assert (found.cause, found.seen) == ("not-run", "9 of at least 10 tests ran")


def test_one_is_the_least_and_none_is_too_few() -> None:
    assert of(wanting(1)).state == "met"
    assert of(wanting(0)).cause == "not-run"


def test_age_of_a_result_by_tier_to_the_day() -> None:
    allowed = RULES.tests[SUITE].max_age["high"]  # type: ignore[index]
    oldest = next(day(-n) for n in range(400, 0, -1) if allowed.after(day(-n)) >= day(0))
    before = date.fromordinal(oldest.toordinal() - 1)
    assert of(with_test(facts(), SUITE, completed=oldest)).state == "met"
    assert of(with_test(facts(), SUITE, completed=before)).cause == "stale"
    assert of(with_test(facts(), SUITE, completed=None)).cause == "undated"
    assert of(with_test(facts(), SUITE, completed=day(1))).state == "met"
    assert of(with_test(facts(), SUITE, completed=day(2))).cause == "refused"


def test_what_failed_is_told_by_name_and_line() -> None:
    found = of(facts(tests={SUITE: "failed"}))
    assert (found.state, found.cause) == ("gap", "failed")
    assert found.details == (f"reports/{SUITE}.xml:3 {SUITE}.case: wanted another result",)
    assert found.location is not None
    assert (found.location.path, found.location.line) == (f"reports/{SUITE}.xml", 3)


@pytest.mark.parametrize(("outcome", "cause"), [("absent", "not-run"), ("not-run", "not-run"), ("refused", "refused")])
def test_what_did_not_run_is_no_result(outcome: str, cause: str) -> None:
    found = of(facts(tests={SUITE: outcome}))
    assert (found.state, found.cause) == ("gap", cause)


def test_where_a_new_run_is_asked_bases_result_is_none() -> None:
    rule = "data-re-evaluation"
    rules = rules_with(rule, for_each="system", when=None)
    now = facts()
    again = with_test(now, SUITE, oid="9" * 40, completed=TODAY)
    same_day = with_test(now, SUITE, oid="9" * 40)
    assert only(outcomes(same_day, rules=rules, earlier=now), rule).cause == "not-run", "no later than base's"
    old = only(outcomes(now, rules=rules, earlier=now), rule)
    assert (old.state, old.cause) == ("gap", "not-run")
    assert only(outcomes(again, rules=rules, earlier=now), rule).state == "met"
    assert only(outcomes(now, rules=rules), rule).state == "met", "base has no such result"
    assert only(outcomes(now, earlier=now), GATE, SUITE).state == "met", "a gate takes the result there is"


def test_what_counts_is_told_with_what_was_skipped_and_who_ran_it() -> None:
    assert of(with_test(facts(), SUITE, executed=12, skipped=0)).seen == "12 tests passed (committed)"
    skipping = with_test(facts(), SUITE, executed=12, skipped=3, provenance="job")
    assert of(skipping).seen == "12 tests passed, 3 skipped (job)"


def test_a_time_that_cannot_be_read_is_told_where_it_keeps_the_result_from_counting() -> None:
    unread = with_test(facts(), SUITE, completed=None, unread_timestamp="11/20/2026")
    found = of(unread)
    assert found.cause == "undated"
    assert found.seen.startswith('its timestamp "11/20/2026" cannot be read')
    assert of(with_test(facts(), SUITE, completed=None)).seen == "no completed date"
    late = with_test(facts(), SUITE, completed=day(2), unread_timestamp="11/20/2026")
    assert "cannot be read" not in of(late).seen


def test_a_result_that_the_manifest_does_not_name_is_told_where_it_belongs() -> None:
    now = facts()
    rest = {id_: fact for id_, fact in now.tests.items() if id_ != SUITE}
    found = of(replace(now, tests=rest))
    assert (found.state, found.cause, found.seen) == ("gap", "not-run", "the manifest names no result for it")
    assert found.location == now.declared.at("tests")


def test_five_failures_are_shown_and_the_first_line_is_the_place() -> None:
    cases = tuple(FailedCase(f"t{line}", "bad", line) for line in (9, 4, 5, 6, 7, 8))
    found = of(with_test(facts(), SUITE, cause="failed", failed=cases))
    assert len(found.details) == 5
    assert found.location is not None
    assert found.location.line == 4


@pytest.mark.parametrize(
    ("passed", "rate", "seen"),
    [(8, 0.9, "8 of 10, at least 90% is wanted"), (9, 1.0, "9 of 10, all are wanted")],
)
def test_a_sample_that_falls_short_says_what_is_wanted_of_it(passed: int, rate: float, seen: str) -> None:
    case = FailedCase("a", "wrong", 3)
    short = with_test(
        facts(), SUITE, cause="failed", detail="short", failed=(case,), is_sample=True, executed=10, passed=passed,
        min_pass_rate=rate,
    )  # fmt: skip
    found = of(short)
    assert (found.state, found.cause) == ("gap", "failed")
    assert str(found.seen).startswith("short: ")
    assert str(found.seen).endswith(seen.partition(", ")[2])
    assert str(passed) in str(found.seen)
    plain = of(with_test(short, SUITE, is_sample=False))
    assert plain.seen == "short", "of cases that each must pass the number says it"


def test_a_sample_that_is_enough_is_told_with_what_it_was_taken_of() -> None:
    sample = {"is_sample": True, "executed": 50, "passed": 45, "min_pass_rate": 0.8, "tool": "promptfoo"}
    bare, whole = (
        of(with_test(facts(), SUITE, **sample, **more)).seen
        for more in ({}, {"model": "ranker", "version": "2.1", "seed": "7", "skipped": 2})
    )
    assert bare.endswith(" (committed, promptfoo)")
    assert whole == bare.replace(" (committed", ", 2 skipped, model ranker, version 2.1, seed 7 (committed")


@pytest.mark.parametrize(("may_be", "cause"), [(True, "not-approved"), (False, "refused")])
def test_d19_whether_a_result_may_be_held_elsewhere_says_the_catalogue(may_be: bool, cause: str) -> None:
    specs = {**RULES.tests, SUITE: replace(RULES.tests[SUITE], may_be_attested=may_be)}
    found = outcomes(with_test(facts(), SUITE, attested="a" * 64), rules=replace(RULES, tests=specs))
    outcome = only(found, GATE, SUITE)
    assert (outcome.state, outcome.cause) == ("gap", cause)
    assert outcome.needs_attestation == ("a" * 64 if may_be else None)
