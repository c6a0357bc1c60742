"""T15, T46, T55, T59: reports of tools for evaluations in which the wanted answers were not given, or not now."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from evaluations import MODEL, deepeval, dumped, garak, lm_eval, promptfoo, promptfoo_row
from promotion import Promotion
from scratch import Scratch
from world import days_ago, high_system

ID = "bias-benchmark-suite"
PATH = "reports/evaluation.json"
GOOD = promptfoo()
LISTED = [{"name": "gpt-4o", "version": "2024-08-06"}]


def _older(report: dict[str, Any], days: int) -> str:
    return dumped(report).replace(days_ago(1), days_ago(days))


@pytest.mark.parametrize(
    ("report", "fields", "said"),
    [
        (promptfoo(0, stats={"successes": 40, "failures": 0, "errors": 0}), {}, "the report holds no test"),
        (
            promptfoo(rows=[promptfoo_row(n, testCase={"vars": {}}, gradingResult=None) for n in range(40)]),
            {},
            "all 40 tests were skipped",
        ),
        (promptfoo(39, 1), {}, "1 of 40 failed: 39 of 40 answers passed (97.5 %, 95 % interval 87.1 to 99.6 %)"),
        (promptfoo(40, stats={"successes": 40, "failures": 3, "errors": 0}), {}, "1 of 40 failed"),
        (promptfoo(rows=[promptfoo_row(0, success=True, error="timed out")]), {}, "1 of 1 failed"),
        (promptfoo(rows=[promptfoo_row(0, status="failed")]), {}, "1 of 1 failed"),
        (promptfoo(provider="openai:chat:gpt-3.5-turbo"), {}, "for another model (got openai:chat:gpt-3.5-turbo"),
        (promptfoo(description="smoke-test-suite"), {}, "another suite (got smoke-test-suite"),
        (_older(GOOD, 400), {}, "not older than 6 months"),
        (_older(GOOD, -9), {}, "which is in the future"),
        (GOOD, {"version": "2.1.0"}, "it does not say for which model version"),
        (promptfoo(config={"tags": {"model_version": "2.0.0"}}), {}, "got 2.0.0, the model card says 2.1.0"),
        (promptfoo(config={"tags": {"system_id": "SYS-002"}}), {}, "for another system (got SYS-002"),
        (lm_eval(0.99), {}, "4 of 400 failed"),
        (deepeval(39, 1), {}, "1 of 40 failed"),
        (garak(hits=1), {}, "1 of 40 failed"),
        ('{"passed": true}', {}, "no test result that is known"),
        (dumped(GOOD).replace('"success": true,', '"success": true,\n"success": true,', 1), {}, "twice in one place"),
    ],
)
def test_t15_a_report_that_proves_nothing_blocks(
    promotion: Promotion, report: Any, fields: dict[str, Any], said: str
) -> None:
    text = report if isinstance(report, str) else dumped(report)
    result = promotion.attempt({PATH: text}, tests=promotion.results(ID, report=PATH, **fields), models=LISTED)
    assert (result.code, result.blocking()) == (1, [f"test:{ID}"]), result
    assert said in result.finding(ID)["message"]


def test_t15_control_an_honest_report_is_met(promotion: Promotion) -> None:
    result = promotion.attempt({PATH: dumped(GOOD)}, tests=promotion.results(ID, report=PATH), models=LISTED)
    assert (result.code, result.finding(ID)["state"]) == (0, "met"), result
    seen = "40 of 40 answers passed (100 %, 95 % interval 91.2 to 100 %), model openai:chat:gpt-4o-2024-08-06"
    assert result.finding(ID)["seen"] == f"{seen} (committed, promptfoo)"
    assert "test-inconclusive" not in result.out


def test_a_handful_of_answers_passes_and_is_told(promotion: Promotion) -> None:
    result = promotion.attempt({PATH: dumped(promptfoo(5))}, tests=promotion.results(ID, report=PATH))
    assert result.code == 0, result
    told = result.finding("test-inconclusive")
    assert (told["state"], told["enforcement"]) == ("gap", "advise")
    assert "5 of 5 answers passed (100 %, 95 % interval 56.6 to 100 %), 30 are wanted" in told["message"]


def test_t59_answers_that_count_for_no_test_are_named(promotion: Promotion) -> None:
    tests = promotion.results(ID, report=PATH, cases=["refuses 1*"])
    result = promotion.attempt({PATH: dumped(promptfoo(40))}, tests=tests)
    told = result.finding("test-cases-uncounted")
    assert (result.code, told["enforcement"]) == (0, "advise"), result
    assert "refuses 0, refuses 2, refuses 3" in told["message"]


def test_t59_one_report_is_not_two_tests(promotion: Promotion) -> None:
    tests = [
        item | ({"report": PATH} if item["id"] in (ID, "adversarial-robustness-evaluation") else {})
        for item in promotion.results(ID)
    ]
    result = promotion.attempt({PATH: dumped(promptfoo(description="all"))}, tests=tests)
    assert result.code == 1
    assert "its tests count for" in result.out


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("live"))
    repo.adopt(high_system("production", model_version="2.1.0", stage_since=days_ago(20)))
    repo.branch()
    tests = [it | ({"report": PATH} if it["id"] == ID else {}) for it in repo.entry()["tests"]]
    repo.edit(tests=tests)
    repo.commit("Evaluate by prompts", files={PATH: _older(GOOD, 9)}, by="Rae Kim")
    repo.merge()
    return repo


def _another_model(repo: Scratch, text: str) -> str:
    repo.git("checkout", "-q", "-f", "-B", "attempt", "main")
    repo.edit(model_version="2.2.0")
    repo.commit("Another model", files={PATH: text})
    return str(repo.check().finding(f"{ID} or ai-safety-lead")["state"])


def _without_stats(text: str) -> str:
    data = json.loads(text)
    del data["results"]["stats"]["successes"]
    return dumped(data)


def _shifted(text: str) -> str:
    data = json.loads(text)
    for number, row in enumerate(data["results"]["results"]):
        row["testCase"]["description"], row["id"] = f"declines {number + 1}", f"new-{number}"
    return dumped(data)


@pytest.mark.parametrize(
    "touch",
    [
        str,
        _without_stats,
        _shifted,
        lambda text: json.dumps(json.loads(text)),
        lambda text: text.replace("40", "40 ", 0),
    ],
)
def test_t55_an_old_report_dated_anew_is_no_run_of_another_model(live: Scratch, touch: Callable[[str], str]) -> None:
    assert _another_model(live, touch(_older(GOOD, 0))) == "gap"


def test_t55_control_answers_given_anew_are_met(live: Scratch) -> None:
    rows = [promptfoo_row(n, id=f"n{n}", latencyMs=391 + 3 * n, provider={"id": MODEL}) for n in range(40)]
    assert _another_model(live, dumped(promptfoo(rows=rows, day=days_ago(0)))) == "met"


def test_t12_an_old_report_with_a_later_day_is_evidence_redated(live: Scratch) -> None:
    live.git("checkout", "-q", "-f", "-B", "attempt", "main")
    live.commit("Evaluated again", files={PATH: _older(GOOD, 0)})
    assert "evidence-redated" in live.check().changes()
