"""T60: a limit answered by a number of a baseline, of another model or version, of training data, or by a wish."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS
from yaml import safe_dump

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardFact, Metric
from policy_gate.schema.source import Location


def card(text: str, path: str = "card.md") -> CardFact:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)


def data(**said: object) -> CardFact:
    return card(safe_dump({"name": "Ranker", "thresholds": {"accuracy": 0.85}, **said}), "card.yaml")


def accuracy(found: CardFact) -> Metric:
    return next(it for it in found.metrics if (it.name, it.group) == ("accuracy", "overall"))


def index(**dataset: str) -> list[dict[str, object]]:
    results = [{"dataset": dataset, "metrics": [{"type": "accuracy", "value": 0.95}]}]
    return [{"name": "ranker-v2", "results": results}]


@pytest.mark.parametrize(
    "key", ["previous", "vendor_model", "teacher_model", "old version", "predecessor", "baselines"]
)
def test_t60_a_map_about_another_model_states_nothing_of_this_one(key: str) -> None:
    said = {
        "results": {"accuracy": 0.95},
        "limitations": ["reads no tables"],
        "use": {"forbidden": "dismissal of staff"},
    }
    found = data(**{key: said})
    states = {
        name: found.fields[name].state for name in ("overall_performance", "known_limitations", "prohibited_uses")
    }
    assert (set(states.values()), accuracy(found).verdict) == ({"absent"}, "unknown")
    own = data(**{"model_details": said})
    assert (own.fields["known_limitations"].state, accuracy(own).verdict) == ("present", "met")


@pytest.mark.parametrize("key", ["train", "target", "expected_results", "baseline_results", "training", "goal"])
def test_t60_results_of_a_baseline_or_a_wish_are_none(key: str) -> None:
    found = data(**{key: {"accuracy": 0.95}})
    assert (found.fields["overall_performance"].state, accuracy(found).verdict) == ("absent", "unknown")
    own = data(**{key: {"accuracy": 0.95}, "test": {"accuracy": 0.9}})
    assert own.fields["overall_performance"].words == "0.9"


@pytest.mark.parametrize(
    "dataset", [{"name": "training set"}, {"name": "CVs", "split": "train"}, {"name": "in-sample"}]
)
def test_t60_an_index_of_training_data_answers_no_limit(dataset: dict[str, str]) -> None:
    found = data(**{"model-index": index(**dataset)})
    assert (accuracy(found).verdict, found.fields["evaluation_data_description"].state) == ("unknown", "absent")


def test_t60_control_an_index_of_test_data_does_and_takes_no_name_from_the_card() -> None:
    found = data(**{"model-index": index(name="CVs of 2026", split="test")})
    assert (accuracy(found).verdict, found.fields["evaluation_data_description"].words) == ("met", "CVs of 2026")
    assert found.fields["model_name"].words == "Ranker"
    assert card(safe_dump({"model-index": index(name="CVs"), "license": "mit"}), "c.yaml").fields["model_name"].words


HEAD = "# Model card: Ranker\n\n**Version:** 2.0\n\n## Thresholds\n\n- accuracy ≥ 0.85\n\n## Results\n\n"


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("2.0 baseline", "missed"),
        ("2.0 (human)", "missed"),
        ("2.0 – planned", "missed"),
        ("2.0", "met"),
        ("v2.0 (June 2026)", "met"),
        ("2 (current)", "met"),
    ],
)
def test_t60_a_row_named_after_the_version_is_of_the_model_itself(row: str, verdict: str) -> None:
    text = f"{HEAD}| Version | accuracy |\n|---|---|\n| {row} | 0.95 |\n| 1.0 | 0.7 |\n"
    assert accuracy(card(text)).verdict == verdict


@pytest.mark.parametrize(("run", "verdict"), [
    ("Q3 (expected)", "unknown"), ("north (target)", "unknown"), ("north (training)", "unknown"),
    ("Q3 (2026)", "met"), ("north (held-out)", "met"),
])  # fmt: skip
def test_t60_what_stands_in_brackets_behind_a_row_is_said_of_its_number(run: str, verdict: str) -> None:
    text = f"{HEAD}| Dataset | Metric | Value |\n|---|---|---|\n| {run} | accuracy | 0.95 |\n"
    assert accuracy(card(text)).verdict == verdict
