"""T15: a test result in which the wanted tests did not run."""

from __future__ import annotations

from typing import Any

import pytest
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
        (junit("smoke-test-suite"), {}, "another suite (got smoke-test-suite"),
        (GOOD, {"suite": "Fairness"}, "another suite (got bias-benchmark-suite, expected Fairness)"),
        (GOOD.replace(days_ago(1), days_ago(400)), {}, "wanted: not older than P6M"),
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
        (junit(ID, skipped=2), {}),
    ],
)
def test_t15_a_run_of_the_wanted_suite_counts(promotion: Promotion, report: str, fields: dict[str, Any]) -> None:
    result = promotion.attempt({PATH: report}, tests=promotion.results(ID, **fields))
    assert (result.code, result.finding(ID)["state"]) == (0, "met")
