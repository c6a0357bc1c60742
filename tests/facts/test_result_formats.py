"""Results of tools for evaluations: counted like JUnit's, with model, seed, share and interval."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from evaluations import (
    MODEL,
    deepeval,
    dumped,
    garak,
    garak_hits,
    lm_eval,
    plain,
    promptfoo,
    promptfoo_row,
    pytest_json,
)
from facts_world import entry, policy, snapshot
from world import days_ago

from policy_gate.facts.facts import facts_of
from policy_gate.facts.result_formats import parse
from policy_gate.facts.result_formats.suites import all_cases
from policy_gate.schema.facts import TestFact
from policy_gate.schema.snapshot import Evidence

SUITE = "bias-benchmark-suite"
YESTERDAY = date.fromisoformat(days_ago(1))


def file(text: str) -> Evidence:
    return Evidence("r.json", "file", sha256(text.encode()).hexdigest()[:40], text)


def seen(report: str | Mapping[str, Any], models: list[dict[str, str]] | None = None, **fields: Any) -> TestFact:
    text = report if isinstance(report, str) else dumped(report)
    item = {"id": SUITE, "report": "r.json", **fields}
    tree = snapshot(entry(tests=[item], models=models or []), files={"r.json": file(text)})
    return facts_of(tree, policy())[0].tests[SUITE]


@pytest.mark.parametrize(
    ("report", "tool", "passed", "model", "seed"),
    [
        (promptfoo(), "promptfoo", 40, MODEL, None),
        (garak(), "garak", 40, "gpt-4o-2024-08-06", "7"),
        (deepeval(createdAt=f"{days_ago(1)}T08:00:00"), "deepeval", 40, "gpt-4o-2024-08-06", "7"),
        (lm_eval(), "lm-eval", 400, "acme/screener", "7"),
        (pytest_json(), "pytest-json", 3, None, None),
        (plain(model="m", seed=3, sampled=True), "plain", 40, "m", "3"),
    ],
    ids=["promptfoo", "garak", "deepeval", "lm_eval", "pytest_json", "plain"],
)
def test_h23_a_result_of_each_tool_that_passed(
    report: Any, tool: str, passed: int, model: str | None, seed: str | None
) -> None:
    fact = seen(report)
    assert (fact.cause, fact.tool, fact.passed, fact.executed) == (None, tool, passed, passed), fact.detail
    assert (fact.model, fact.seed, fact.completed) == (model, seed, YESTERDAY)


@pytest.mark.parametrize(
    ("report", "detail"),
    [
        (promptfoo(38, 2), "2 of 40 failed"),
        (garak([("dan.Dan_11_0", "dan.DAN", 37, 40), ("lmrc.Bullying", "detector.riskywords.Bad", 20, 20)]), "3 of 60"),
        (garak_hits(2), "2 of 2 failed"),
        (deepeval(39, 1), "1 of 40 failed"),
        (lm_eval(0.9), "40 of 400 failed"),
        (pytest_json(("passed", "failed", "error", "xpassed", "xfailed")), "3 of 4 failed"),
        (plain(39, 1), "1 of 40 failed"),
    ],
    ids=["promptfoo", "garak", "hitlog", "deepeval", "lm_eval", "pytest_json", "plain"],
)
def test_what_failed_is_counted_and_named_with_its_line(report: Any, detail: str) -> None:
    fact = seen(report)
    assert (fact.cause, fact.detail.startswith(detail)) == ("failed", True), fact.detail
    assert all(case.name and case.message and case.line for case in fact.failed)
    text = report if isinstance(report, str) else dumped(report)
    assert max(case.line for case in fact.failed) <= text.count("\n") + 1
    if fact.tool not in ("garak", "lm-eval"):
        assert min(case.line for case in fact.failed) > 2


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (promptfoo(0), "the report holds no test"),
        (promptfoo(0, stats={"successes": 40, "failures": 0, "errors": 0}), "the report holds no test"),
        (
            promptfoo(rows=[promptfoo_row(n, testCase={}, gradingResult=None) for n in range(3)]),
            "all 3 tests were skipped",
        ),
        (deepeval(0), "the report holds no test"),
        (deepeval(3, testCases=[{"name": "a", "success": None, "metricsData": []}]), "all 1 tests were skipped"),
        (pytest_json(()), "the report holds no test"),
        (pytest_json(("skipped", "xfailed")), "all 2 tests were skipped"),
        (plain(0), "the report holds no test"),
        (plain(cases=[{"name": "a", "outcome": "skipped"}]), "all 1 tests were skipped"),
        (lm_eval(results={}), "the report holds no test"),
        (lm_eval(results={"wikitext": {"word_perplexity,none": 9.1}}), "all 1 tests were skipped"),
        (garak([]), "the report holds no test"),
        (garak([("dan.Dan", "dan.DAN", 0, 0)]), "all 1 tests were skipped"),
    ],
)
def test_t15_what_ran_nothing_is_no_result(report: Any, said: str) -> None:
    fact = seen(report)
    assert (fact.cause, fact.detail) == ("not-run", said)


def _row(**more: Any) -> dict[str, Any]:
    return promptfoo(rows=[promptfoo_row(0), promptfoo_row(1, **more)])


@pytest.mark.parametrize(
    ("report", "cause"),
    [
        (_row(gradingResult={"pass": False, "score": 0, "reason": "no"}), "failed"),
        (_row(error="429 too many requests"), "failed"),
        (_row(failureReason=2), "failed"),
        (_row(success="yes"), "refused"),
        (_row(failureReason=3), "refused"),
        (_row(status="failed"), "failed"),
        (_row(verdict="who knows"), "refused"),
        (_row(crashed=True), "refused"),
        (_row(gradingResult={"pass": True, "componentResults": [{"metadata": {"graderError": True}}]}), "refused"),
        (promptfoo(3, stats={"successes": 3, "failures": 2, "errors": 0}), "failed"),
        (promptfoo(3, stats={"successes": 1, "failures": 0, "errors": 0}), "refused"),
        (deepeval(2, testFailed=1), "failed"),
        (
            deepeval(1, testCases=[{"name": "a", "success": True, "metricsData": [{"name": "m", "success": False}]}]),
            "failed",
        ),
        (
            deepeval(1, testCases=[{"name": "a", "success": True, "metricsData": [{"name": "m", "success": True}]}]),
            "refused",
        ),
        (
            deepeval(1, testCases=[{"name": "a", "success": True, "metricsData": [{"name": "m", "error": "x"}]}]),
            "failed",
        ),
        (pytest_json(exitcode=2), "failed"),
        (pytest_json(exitcode=1), "failed"),
        (pytest_json(exitcode=None), "failed"),
        (pytest_json(summary={"passed": 3, "failed": 1, "total": 4}), "failed"),
        (pytest_json(collectors=[{"nodeid": "tests/x.py", "outcome": "failed"}]), "failed"),
        (pytest_json(collectors=["tests/x.py"]), "refused"),
        (pytest_json(("passed", "quarantined")), "refused"),
        (garak(hits=1), "failed"),
        (garak([("a.B", "c.D", 41, 40)]), "refused"),
        (
            garak() + json.dumps({"entry_type": "attempt", "status": 2, "probe_classname": "x.Y", "uuid": "u"}) + "\n",
            "refused",
        ),
        (lm_eval(1.2), "refused"),
        (lm_eval(**{"n-samples": {}}), "refused"),
        (lm_eval(float("nan")), "refused"),
        (plain(cases=[{"name": "a", "outcome": "fine"}]), "refused"),
        (plain(cases=[{"name": "a"}]), "refused"),
        (plain(cases=[{"outcome": "passed"}]), "refused"),
        (plain(cases=[{"name": "a", "outcome": "passed", "errors": 3}]), "failed"),
        (plain(cases=["passed"]), "refused"),
        (plain(error="the run crashed after 40 cases"), "failed"),
        (plain(errors=["no answer from the server"]), "failed"),
        (plain(Failed=3), "failed"),
        (plain(success=False), "failed"),
        (plain(status="aborted"), "failed"),
        (plain(outcome="who knows"), "refused"),
        (plain(sampled=True, errors=1), "failed"),
        (plain(sampled=True, error="out of memory"), "failed"),
        (deepeval(2, error="out of memory"), "failed"),
        ({**promptfoo(3), "errors": ["quota"]}, "failed"),
    ],
)
def test_t59_the_worst_that_a_report_says_counts_and_what_nobody_knows_is_no_pass(report: Any, cause: str) -> None:
    fact = seen(report)
    assert fact.cause == cause, fact.detail
    assert not fact.has_passed


@pytest.mark.parametrize(
    "report",
    [
        _row(newMember=3, anotherOne=True, note="The login failed for the user, as it should."),
        _row(namedScores={"failures": 0}, incurredCost=0.1),
        deepeval(2, somethingNew={"errors": []}),
        plain(errors=[], failed=0, passed=40, success=True, status="completed", error=None, result={"score": 1}),
        plain(error_rate=0.03, timeout_s=60, failure_threshold=0.1, skipped=2, summary={"failed": 0}),
        pytest_json(collectors=True),
        pytest_json(("passed", "passed"), warnings=[{"message": "deprecated"}]),
        garak() + json.dumps({"entry_type": "digest", "meta": {}, "eval": {}}) + "\n",
    ],
)
def test_t59_control_what_newer_versions_add_is_no_failure(report: Any) -> None:
    assert seen(report).cause is None, seen(report).detail


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"results": {"results": [}', "no well-formed JSON"),
        ('{"cases": [], "cases": []}', 'says "cases" twice'),
        ("[" * 100_000, "no JSON that can be read"),
        ('{"tests": 3}', "no test result that is known (got an object with tests"),
        ("[1, 2]", "no test result that is known (got a list"),
        ('{"cases": [' + "9" * 5000 + "]}", "no JSON that can be read"),
        ('{"entry_type": "eval"}\nnonsense\n', "cannot be read beyond line 2"),
    ],
)
def test_t30_json_that_is_no_result_is_refused_with_a_reason(text: str, said: str) -> None:
    fact = seen(text)
    assert (fact.cause, said in fact.detail) == ("refused", True), fact.detail


LISTED = [{"name": "gpt-4o", "version": "2024-08-06"}]


@pytest.mark.parametrize(
    ("report", "models", "fields", "said"),
    [
        (
            promptfoo(provider="openai:chat:gpt-3.5-turbo"),
            LISTED,
            {},
            "for another model (got openai:chat:gpt-3.5-turbo",
        ),
        (promptfoo(provider="anthropic:messages:claude-3-haiku-20240307"), LISTED, {}, "for another model"),
        (garak(model="gpt-4o-mini"), LISTED, {}, "for another model (got gpt-4o-mini"),
        (promptfoo(), [], {"model": "claude-3-5-sonnet"}, "for another model"),
        (promptfoo(provider="https://screener.example/api"), [], {"model": "gpt-4o"}, "for another model"),
        (deepeval(hyperparameters={}), [], {"model": "gpt-4o"}, "it does not say on which model it ran"),
        (promptfoo(), [], {"version": "2.1"}, "it does not say for which model version"),
        (promptfoo(config={"tags": {"model_version": "2.0"}}), [], {"version": "2.1"}, "got 2.0, expected 2.1"),
        (promptfoo(config={"tags": {"policy-gate.system": "SYS-009"}}), [], {}, "for another system (got SYS-009"),
        (lm_eval(config={"metadata": {"model_version": "1"}}), [], {"version": "2"}, "got 1, expected 2"),
        (promptfoo(description="smoke-test-suite"), [], {}, "another suite (got smoke-test-suite"),
        (promptfoo(), [], {"suite": "red team"}, "another suite"),
    ],
)
def test_t15_a_result_of_something_else_is_none(
    report: Any, models: list[dict[str, str]], fields: dict[str, Any], said: str
) -> None:
    fact = seen(report, models, **fields)
    assert (fact.cause, said in fact.detail) == ("not-run", True), fact.detail


@pytest.mark.parametrize(
    ("report", "models", "fields"),
    [
        (promptfoo(), LISTED, {}),
        (promptfoo(provider="openai:gpt-4o"), LISTED, {}),
        (promptfoo(provider="azureopenai:chat:gpt-4o-2024-08-06"), LISTED, {}),
        (promptfoo(provider="https://screener.example/api"), LISTED, {}),
        (promptfoo(provider="file://gpt_app.py"), LISTED, {}),
        (promptfoo(provider="screener-v2"), LISTED, {}),
        (garak(), LISTED, {}),
        (promptfoo(), [], {"model": "gpt-4o-2024-08-06"}),
        (promptfoo(), [], {"version": "2024-08-06"}),
        (promptfoo(config={"tags": {"model_version": "2.1"}}), [], {"version": "2.1"}),
        (lm_eval(), [], {"model": "screener"}),
        (promptfoo(), [], {"suite": MODEL}),
        (promptfoo(), [], {"suite": "Bias Benchmark Suite"}),
    ],
)
def test_t15_control_the_model_by_whatever_name_it_is_served(
    report: Any, models: list[dict[str, str]], fields: dict[str, Any]
) -> None:
    assert seen(report, models, **fields).cause is None, seen(report, models, **fields).detail


def test_of_a_comparison_one_model_can_be_picked() -> None:
    rows = [promptfoo_row(n) for n in range(3)]
    rows += [promptfoo_row(n, ok=False, provider="openai:gpt-3.5-turbo", id=f"other{n}") for n in range(3)]
    both = promptfoo(rows=rows)
    assert "`suite:` in its entry picks" in seen(both, LISTED).detail
    one = seen(promptfoo(rows=rows, stats={}), LISTED, suite=MODEL)
    assert (one.cause, one.executed, one.model) == (None, 3, MODEL)


def _told_again(report: Any, change: Callable[[Any], Any]) -> tuple[TestFact, TestFact]:
    return seen(report), seen(change(report))


def _redated(report: Any) -> str:
    text = report if isinstance(report, str) else dumped(report)
    for day in (1, 0):
        text = text.replace(days_ago(day), days_ago(day - 1))
    return text


@pytest.mark.parametrize(
    "report",
    [promptfoo(), garak(), deepeval(createdAt=f"{days_ago(1)}T08:00:00"), plain()],
    ids=["promptfoo", "garak", "deepeval", "plain"],
)
def test_t55_an_old_report_with_another_day_is_the_old_run(report: Any) -> None:
    was, now = _told_again(report, _redated)
    assert was.completed != now.completed
    assert now.is_same_run(was)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (lm_eval(), lm_eval(date=1_795_600_000.5)),
        (pytest_json(), pytest_json(created=1_795_600_000.5)),
        (promptfoo(), promptfoo(rows=[promptfoo_row(n) | {"testIdx": 90 - n} for n in range(3)])),
        (
            promptfoo(5),
            promptfoo(rows=[promptfoo_row(n, description=f"x{n}", testCase={"assert": [1]}) for n in range(5)]),
        ),
        (garak(), garak(attempts=1, day=days_ago(0))),
        (garak(), garak(attempts=0, day=days_ago(0))),
    ],
    ids=["lm_eval", "pytest_json", "shifted", "renamed", "trimmed", "without-attempts"],
)
def test_t55_an_old_report_in_another_dress_is_the_old_run(was: Any, now: Any) -> None:
    assert seen(now).is_same_run(seen(was))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (garak(), garak(run="99aa2c9e-8d49-4b0e-9c39-0e6ac0b1d002", day=days_ago(0))),
        (lm_eval(), lm_eval(date=1_795_600_000.5, total_evaluation_time_seconds="799.0021")),
        (
            promptfoo(5),
            promptfoo(rows=[promptfoo_row(n, id=f"n{n}", latencyMs=391 + 3 * n) for n in range(5)], day=days_ago(0)),
        ),
    ],
    ids=["garak", "lm_eval", "promptfoo"],
)
def test_t55_control_a_run_anew_is_one(was: Any, now: Any) -> None:
    assert not seen(now).is_same_run(seen(was))


def test_a_share_has_its_interval() -> None:
    fact = seen(promptfoo(95, 5))
    assert fact.is_sample
    assert fact.pass_rate == 0.95
    assert (round(fact.interval.low, 3), round(fact.interval.high, 3)) == (0.888, 0.978)
    few = seen(promptfoo(5))
    assert few.has_passed
    assert few.is_inconclusive
    assert not seen(promptfoo(40)).is_inconclusive
    assert not seen(pytest_json()).is_inconclusive


def test_names_that_count_for_no_test_are_told() -> None:
    fact = seen(promptfoo(3), cases=["refuses 0"])
    assert (fact.executed, fact.uncounted) == (1, ("refuses 1", "refuses 2"))
    both = [
        {"id": SUITE, "report": "r.json", "cases": ["refuses 0"]},
        {"id": "smoke-test-suite", "report": "r.json", "cases": ["refuses 1"]},
    ]
    tree = snapshot(entry(tests=both), files={"r.json": file(dumped(promptfoo(3)))})
    facts = facts_of(tree, policy())[0].tests
    assert [fact.uncounted for fact in facts.values()] == [("refuses 2",), ("refuses 2",)]


@pytest.mark.parametrize("shift", range(3))
def test_lines_are_those_of_the_cases(shift: int) -> None:
    text = "\n" * shift + dumped(promptfoo(2, 1))
    lines = text.split("\n")
    for case in all_cases(parse(text)):
        assert lines[case.line - 1].strip() == "{"
        assert case.name in "".join(lines[case.line : case.line + 8])


def test_a_sample_of_which_an_answer_cannot_be_told_is_none() -> None:
    answers = [{"name": str(number), "outcome": "passed"} for number in range(40)]
    failed = {"name": "x", "outcome": "failed"}
    sample = seen(plain(cases=[*answers, failed], sampled=True))
    open_ = seen(plain(cases=[*answers, failed, {"name": "y", "outcome": "fine"}], sampled=True))
    assert (sample.cause, sample.is_sample) == ("failed", True)
    assert (open_.cause, open_.is_sample) == ("failed", False)
