"""H23: a promotion whose results come from tools for evaluations, under policies that allow for a share of errors."""

from __future__ import annotations

from typing import Any

import pytest
from evaluations import deepeval, dumped, garak, lm_eval, plain, promptfoo, pytest_json
from promotion import Promotion
from scratch import Scratch
from world import days_ago, high_system, to_yaml

ID = "adversarial-robustness-evaluation"
POLICY = {
    "schema": "policy-gate/policy/v1",
    "about": "How many of a model's answers may be wrong.",
    "tests": [{"id": ID, "min_pass_rate": 0.9}],
}


class Tolerant(Promotion):
    """A promotion in a repository whose policies want nine answers of ten right."""

    def __init__(self, path: Any) -> None:
        Scratch.__init__(self, path)
        self.adopt(high_system("development"), files={"policies/answers.yaml": to_yaml(POLICY)})
        self.promote()


@pytest.fixture(scope="module")
def tolerant(tmp_path_factory: pytest.TempPathFactory) -> Tolerant:
    return Tolerant(tmp_path_factory.mktemp("tolerant"))


@pytest.mark.parametrize(
    ("name", "report", "seen"),
    [
        ("r.json", promptfoo(97, 3, description="all"), "97 of 100 answers passed (97 %, 95 % interval 91.5 to 99 %)"),
        ("garak.report.jsonl", garak([("dan.Dan", "dan.DAN", 98, 100)]), "98 of 100 answers passed"),
        ("r.json", deepeval(40, createdAt=days_ago(1)), "40 of 40 answers passed"),
        ("results.json", lm_eval(0.96), "384 of 400 answers passed"),
        ("report.json", pytest_json(), "3 tests passed (committed)"),
        ("r.json", plain(suite="all"), "40 tests passed (committed)"),
    ],
    ids=["promptfoo", "garak", "deepeval", "lm-eval", "pytest-json", "plain"],
)
def test_h23_such_a_report_is_met(tolerant: Tolerant, name: str, report: Any, seen: str) -> None:
    text = report if isinstance(report, str) else dumped(report)
    result = tolerant.attempt({f"reports/{name}": text}, tests=tolerant.results(ID, report=f"reports/{name}"))
    finding = result.finding(ID)
    assert (result.code, finding["state"]) == (0, "met"), result
    assert finding["seen"].startswith(seen)


def test_a_share_below_what_the_policies_want_blocks(tolerant: Tolerant) -> None:
    text = dumped(promptfoo(80, 20, description="all"))
    result = tolerant.attempt({"reports/r.json": text}, tests=tolerant.results(ID, report="reports/r.json"))
    assert result.blocking() == [f"test:{ID}"]
    assert "at least 90% is wanted" in result.finding(ID)["message"]


def test_a_share_that_may_lie_below_it_is_told_and_passes(tolerant: Tolerant) -> None:
    text = dumped(promptfoo(46, 4, description="all"))
    result = tolerant.attempt({"reports/r.json": text}, tests=tolerant.results(ID, report="reports/r.json"))
    assert result.code == 0, result
    assert (
        "92 %, 95 % interval 81.2 to 96.8 %), at least 90% is wanted" in result.finding("test-inconclusive")["message"]
    )


def test_an_error_of_the_run_is_no_share(tolerant: Tolerant) -> None:
    text = dumped(promptfoo(99, 1, description="all", stats={"successes": 99, "failures": 1, "errors": 2}))
    result = tolerant.attempt({"reports/r.json": text}, tests=tolerant.results(ID, report="reports/r.json"))
    assert result.blocking() == [f"test:{ID}"]
