"""T15: a test result in which the wanted tests did not run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from evaluations import deepeval, dumped, garak, pytest_json
from evidence import junit
from promotion import Promotion
from world import days_ago

ID = "bias-benchmark-suite"
PATH = f"reports/{ID}.xml"
GOOD = junit(ID)
PASSED = f'<testcase classname="{ID}" name="case_0" time="0.01"/>'


def of(name: str, value: str) -> str:
    """GOOD with a property."""
    return GOOD.replace(PASSED, f'<properties><property name="{name}" value="{value}"/></properties>{PASSED}')


def instead(*inner: str) -> str:
    """GOOD with something else in place of its first case."""
    return GOOD.replace(PASSED, "".join(inner))


@pytest.mark.parametrize(
    ("report", "fields", "said"),
    [
        (junit(ID, passed=0), {}, "the report holds no test"),
        (junit(ID, passed=0, skipped=3), {}, "all 3 tests were skipped"),
        (junit(ID, failed=1), {}, "1 of 4 failed"),
        (GOOD.replace('failures="0"', 'failures="2"'), {}, "1 of 3 failed"),
        (instead(f'<testcase name="a"><error/></testcase>{PASSED}'), {}, "1 of 4 failed"),
        (of("result", "failed"), {}, "1 of 3 failed"),
        (GOOD.replace('time="0.01"', 'assertions="0"'), {}, "none of its 3 tests asserted anything"),
        (junit("smoke-test-suite"), {}, "another suite (got smoke-test-suite"),
        (GOOD, {"suite": "Fairness"}, "another suite (got bias-benchmark-suite, expected Fairness)"),
        (GOOD.replace(days_ago(1), days_ago(400)), {}, "wanted: not older than 6 months"),
        (GOOD.replace(days_ago(1), days_ago(-9)), {}, "which is in the future"),
        (of("model_version", "2.0.0"), {"version": "2.1.0"}, "another model version (got 2.0.0, expected 2.1.0)"),
        (GOOD, {"version": "2.1.0"}, "it does not say for which model version"),
        (of("model_version", "2.0.0"), {}, "got 2.0.0, the model card says 2.1.0"),
        (of("system", "SYS-002"), {}, "for another system (got SYS-002, expected SYS-001)"),
        ("3 passed\n", {}, "no well-formed XML"),
        ("<html><body>3 passed</body></html>", {}, "no JUnit XML"),
        ("", {}, "is empty"),
    ],
)
def test_t15_a_result_that_proves_nothing_blocks(
    promotion: Promotion, report: str, fields: dict[str, Any], said: str
) -> None:
    result = promotion.attempt({PATH: report}, tests=promotion.results(ID, **fields))
    finding = result.finding(ID)
    assert (result.code, result.blocking()) == (1, [f"test:{ID}"])
    assert said in finding["message"]
    assert finding["location"]["path"] == (PATH if "failed" in said else "governance.yaml")
    assert finding["location"]["line"] > 1


def test_t15_one_report_is_not_two_tests(promotion: Promotion) -> None:
    result = promotion.attempt(tests=promotion.results("security-penetration-test", report=PATH))
    assert (result.code, result.blocking()) == (1, ["test:security-penetration-test"])


@pytest.mark.parametrize(
    ("report", "fields"),
    [
        (of("model_version", "v2.1.0"), {}),
        (of("model_version", "2.1.0"), {"version": "2.1.0", "suite": "Bias Benchmark Suite"}),
        (of("system", "SYS-001"), {}),
        (of("result", "candidate rejected"), {}),
        (GOOD.replace('time="0.01"', 'assertions="0" status="Passed"'), {}),
        (junit(ID, skipped=2), {}),
    ],
)
def test_t15_a_run_of_the_wanted_suite_counts(promotion: Promotion, report: str, fields: dict[str, Any]) -> None:
    result = promotion.attempt({PATH: report}, tests=promotion.results(ID, **fields))
    assert (result.code, result.finding(ID)["state"]) == (0, "met")


CASES = [
    {"name": f"case {n}", "outcome": "passed" if n < 30 else "failed", "duration": 0.1 + n, "message": ""}
    for n in range(40)
]


def plain(cases: list[dict[str, Any]], **totals: Any) -> str:
    return json.dumps({"suite": ID, "date": days_ago(1), "cases": cases} | totals)


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (GOOD.replace('tests="3"', 'tests="3" passed="1"'), "its totals count 1 that passed, 3 are listed"),
        (GOOD.replace('tests="3"', 'tests="3" executed="0"'), "its totals count 0 that passed, 3 are listed"),
        (GOOD.replace('tests="3"', 'tests="3" disabled="3"'), "all 3 tests were skipped"),
        (f'<testsuites passes="2">{GOOD.partition("?>")[2]}</testsuites>', "its totals count 2 that passed"),
        (plain(CASES[:30], passed=3), "its totals count 3 that passed, 30 are listed"),
        (plain(CASES[:30], total=40), "its totals count 40 tests, 30 are listed"),
        (
            plain(CASES[:30], summary={"passed": 30, "failed": 10}),
            "the suite reports 10 failures and errors, 0 are listed",
        ),
        (plain(CASES[:30], stats={"outcome": "failed"}), "1 of 30 failed"),
        (plain(CASES[:30], Totals={"skipped": 30}), "all 30 tests were skipped"),
        (dumped(pytest_json(summary={"passed": 1, "total": 3})), "its totals count 1 that passed, 3 are listed"),
        (dumped(pytest_json(summary={"passed": 3, "total": 9})), "its totals count 9 tests, 3 are listed"),
        (garak().replace("40,", "400,"), "it counts 400 answers, 40 are listed"),
        (dumped(deepeval(testPassed=1)), "its totals count 1 that passed, 40 are listed"),
    ],
)
def test_t15_totals_that_say_worse_than_the_list(promotion: Promotion, report: str, said: str) -> None:
    result = promotion.attempt({PATH: report})
    assert (result.code, result.blocking()) == (1, [f"test:{ID}"]), result
    assert said in result.finding(ID)["message"] + str(result.finding(ID)["details"])


@pytest.mark.parametrize(
    ("report", "cases"),
    [
        (junit(ID, failed=1), [f"{ID}.case_*"]),
        (junit(ID, failed=1).replace('classname="', 'class="'), [f"{ID}.case_*"]),
        (junit(ID, passed=4).replace('"case_2" time="0.01"/>', '"case_2"><error/></testcase>'), ["*_0", "*_1", "*_3"]),
        (plain(CASES), [f"case {n}" for n in range(30)]),
        (plain(CASES), ["case 0", "case ?", "case 1*", "case 2*"]),
        (plain(CASES, sampled=True), [f"case {n}" for n in range(30)]),
        (plain([CASES[0] | {"name": "Women"}, CASES[30] | {"name": "Men"}]), ["women"]),
        (dumped(pytest_json(("passed", "failed"))), ["*_0*"]),
    ],
)
def test_t15_the_failed_one_is_left_out_of_those_that_count(
    promotion: Promotion, report: str, cases: list[str]
) -> None:
    result = promotion.attempt({PATH: report}, tests=promotion.results(ID, cases=cases))
    assert (result.code, result.blocking()) == (1, [f"test:{ID}"]), result
    assert "beside those that its `cases` pick" in result.finding(ID)["message"]


def test_t15_what_fails_for_another_test_of_the_system_or_for_none_of_them(promotion: Promotion) -> None:
    other = '<testcase classname="ui.Login" name="opens"><failure message="502"/></testcase></testsuite>'
    whole = junit(ID).replace("</testsuite>", other).replace('failures="0"', 'failures="1"')
    result = promotion.attempt({PATH: whole}, tests=promotion.results(ID, cases=[f"{ID}.*"]))
    assert (result.code, result.finding(ID)["state"]) == (0, "met"), "a build holds tests of other things"

    both = junit(ID, failed=1)
    tests = [
        *(it | {"cases": [f"{ID}.case_*"]} if it["id"] == ID else it for it in promotion.results(ID)),
        {"id": "smoke-test-suite", "report": PATH, "cases": [f"{ID}.bad_*"]},
    ]
    result = promotion.attempt({PATH: both}, tests=tests)
    assert result.finding(ID)["state"] == "met", "it is counted, and fails, where the entry says that it belongs"


def test_t15_one_case_in_the_same_words_many_times_ran_once(promotion: Promotion) -> None:
    for report in (plain(CASES[:1] * 30), junit(ID, passed=0).replace("</testsuite>", PASSED * 30 + "</testsuite>")):
        assert promotion.attempt({PATH: report}).finding(ID)["seen"] == "1 tests passed (committed)"


def test_t15_a_total_of_tests_grants_nothing(promotion: Promotion) -> None:
    result = promotion.attempt({PATH: GOOD.replace('tests="3"', 'tests="300"')})
    assert (result.code, result.finding(ID)["state"]) == (0, "met")
    assert result.finding(ID)["seen"].startswith("3 tests passed; of the 300 that the report counts, 3 are listed")
