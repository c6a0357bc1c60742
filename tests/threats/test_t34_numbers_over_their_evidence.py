"""T34, D60: a card that says more than the results it names, and results exchanged behind its back."""

from __future__ import annotations

from typing import Any

import pytest
from evaluations import dumped, lm_eval, promptfoo
from evidence import CARD_SECTIONS
from promotion import Promotion
from scratch import Scratch
from world import days_ago, high_system, to_yaml

PATH = "reports/lm.json"
PLACE = {"file": PATH, "pointer": "/results/hellaswag/acc,none"}
BOUND = [{"name": "accuracy", "evidence": PLACE}]
GOOD = dumped(lm_eval(0.9124))


def yaml_card(**accuracy: Any) -> str:
    """The card of the other tests as YAML, its accuracy with parts."""
    words = {name: text for name, text in CARD_SECTIONS.items() if "performance" not in name or "caveats" in name}
    numbers = {
        "overall_performance": {"accuracy": accuracy, "recall": 0.88},
        "performance_by_group": {"women": {"recall": 0.87}, "men": {"recall": 0.88}},
        "performance_thresholds": {"accuracy": 0.85, "recall": 0.8},
    }
    return to_yaml({"schema": "policy-gate/card/v1", **words, **numbers})


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (dumped(lm_eval(0.84)), "It says 0.91, and reports/lm.json at /results/hellaswag/acc,none says 0.84."),
        (dumped(lm_eval(0.99)), "says 0.99."),
    ],
)
def test_t34_a_number_over_another_result_blocks(promotion: Promotion, result: str, said: str) -> None:
    found = promotion.attempt({PATH: result}, metrics=BOUND)
    assert (found.code, found.blocking()) == (1, ["that:metric-contradicted"]), found
    assert said in found.finding("metric-contradicted")["message"]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({}, PLACE),
        ({PATH: GOOD}, PLACE | {"pointer": "/results/hellaswag/acc"}),
        ({PATH: '{"results": '}, PLACE),
        ({PATH: GOOD}, {"test": "bias-benchmark-suite", "property": "accuracy"}),
    ],
)
def test_t34_evidence_that_gives_no_number_blocks(promotion: Promotion, files: dict[str, str], place: Any) -> None:
    found = promotion.attempt(files, metrics=[{"name": "accuracy", "evidence": place}])
    assert (found.code, found.blocking()) == (1, ["that:metric-evidence-unread"]), found


@pytest.mark.parametrize("result", [GOOD, dumped(lm_eval(0.906))])
def test_t34_control_the_number_that_the_result_gives_is_met(promotion: Promotion, result: str) -> None:
    found = promotion.attempt({PATH: result}, metrics=BOUND)
    assert (found.code, found.findings("gap")) == (0, []), found


@pytest.mark.parametrize(
    ("accuracy", "files", "blocks"),
    [
        ({"value": 0.91, "evidence": f"{PATH}#/results/hellaswag/acc,none"}, {PATH: GOOD}, []),
        (
            {"value": 0.91, "evidence": f"{PATH}#/results/hellaswag/acc,none"},
            {PATH: dumped(lm_eval(0.84))},
            ["metric-contradicted"],
        ),
        ({"value": 0.91, "evidence": {"test": "bias-benchmark-suite"}}, {}, ["metric-contradicted"]),
        ({"value": "100 %", "evidence": {"test": "bias-benchmark-suite"}}, {}, []),
        # a power of ten makes a number no rounder
        (
            {"value": "1e2 %", "evidence": f"{PATH}#/results/hellaswag/acc,none"},
            {PATH: dumped(lm_eval(0.88))},
            ["metric-contradicted"],
        ),
        ({"value": 0.91, "evidence": "../other/r.json#/a"}, {}, ["metric-evidence-unread"]),
        ({"value": 0.8, "n": 10}, {}, ["metric-below-threshold"]),
    ],
)
def test_t34_evidence_in_the_card_itself(
    promotion: Promotion, accuracy: dict[str, Any], files: dict[str, str], blocks: list[str]
) -> None:
    found = promotion.attempt({"model_card.yaml": yaml_card(**accuracy), **files}, model_card="model_card.yaml")
    assert found.blocking() == [f"that:{rule}" for rule in blocks], found


def test_a_number_that_meets_its_limit_with_few_measured_is_told(promotion: Promotion) -> None:
    card = yaml_card(value=0.91, n=40)
    found = promotion.attempt({"model_card.yaml": card}, model_card="model_card.yaml")
    told = found.finding("metric-inconclusive")
    assert (found.code, told["enforcement"]) == (0, "advise"), found
    assert "0.91 lies between 0.7" in told["message"]
    assert "n=40; its limit is 0.85" in told["message"]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("live"))
    repo.adopt(high_system("production", stage_since=days_ago(20)))
    repo.branch()
    card = yaml_card(value=0.91, evidence=f"{PATH}#/results/hellaswag/acc,none")
    repo.edit(model_card="model_card.yaml")
    repo.commit("Numbers with their evidence", files={"model_card.yaml": card, PATH: GOOD}, by="Rae Kim")
    repo.merge()
    return repo


def _start(repo: Scratch) -> None:
    repo.git("checkout", "-q", "-f", "-B", "attempt", "main")


def test_t34_a_result_exchanged_under_the_card_is_seen(live: Scratch) -> None:
    _start(live)
    live.commit("Other results", files={PATH: dumped(lm_eval(0.84))})
    assert live.check().blocking() == ["that:metric-contradicted"]


def test_t34_evidence_taken_away_needs_a_second_person(live: Scratch) -> None:
    _start(live)
    live.commit("Simpler", files={"model_card.yaml": yaml_card(value=0.97)})
    found = live.check()
    assert "metric-evidence-dropped" in found.changes()
    assert "approval:ai-safety-lead" in found.blocking()


def test_t34_control_the_number_may_follow_its_result(live: Scratch) -> None:
    _start(live)
    card = yaml_card(value=0.93, evidence=f"{PATH}#/results/hellaswag/acc,none")
    live.commit("A better model", files={"model_card.yaml": card, PATH: dumped(lm_eval(0.9312))})
    found = live.check()
    assert found.code == 0, found


def test_t08_a_result_exchanged_after_the_approval_voids_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    repo = Promotion(tmp_path_factory.mktemp("approved"))
    repo.restart()
    repo.edit(metrics=BOUND)
    repo.commit("Numbers with their evidence", files={PATH: GOOD})
    gate = "pre-deployment-security-review"
    for role in ("ciso", "legal", "product-owner"):
        repo.approve(role, gate)
    assert repo.check().code == 0
    repo.commit("The same share of others", files={PATH: dumped(lm_eval(0.9126, samples=9))})
    assert "approval:ciso" in repo.check().blocking()


def test_a_number_that_rests_on_answers_counted_by_promptfoo(promotion: Promotion) -> None:
    report = "reports/answers.json"
    tests = promotion.results("adversarial-robustness-evaluation", report=report)
    bound = [{"name": "refused attacks", "value": "97.5 %", "evidence": {"test": "adversarial-robustness-evaluation"}}]
    text = dumped(promptfoo(40, description="all"))
    found = promotion.attempt({report: text}, tests=tests, metrics=bound)
    assert found.blocking() == ["that:metric-contradicted"], found
    assert promotion.attempt({report: text}, tests=tests, metrics=[bound[0] | {"value": "100 %"}]).code == 0
