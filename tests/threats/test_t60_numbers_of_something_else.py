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


LIMITS = "## Performance thresholds\n\n| Metric | Minimum |\n|---|---|\n| Accuracy | 0.85 |\n\n"
LIMIT = f"# Ranker\n\n{LIMITS}## Performance\n\n"


def of_columns(one: str, other: str, values: str = "0.95 | 0.71", more: str = "") -> Metric:
    table = f"| Metric | {one} | {other} |\n|---|---|---|\n| Accuracy | {values} |\n"
    found = card(f"{LIMIT}{table}{more}")
    return next(it for it in found.metrics if (it.name, it.group) == ("Accuracy", "overall"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("v1", "v2"), ("2025", "2026"), ("Q1", "Q2"), ("Seed 1", "Seed 2"), ("Run 1", "Run 2"), ("Fold 3", "Fold 4"),
        ("Best run", "Mean"), ("Max", "Min"), ("Highest", "Median"), ("Vendor's figure", "Our measurement"),
        ("Claimed", "In our tests"), ("Peak", "Average"),
    ],
)  # fmt: skip
def test_t60_of_two_columns_of_a_kind_the_less_good_counts_and_a_picked_one_is_none(one: str, other: str) -> None:
    assert of_columns(one, other).verdict == "missed"
    assert of_columns(one, other, "0.71 | 0.95").value == (0.95 if one in PICKED else 0.71)
    assert of_columns(one, other, "0.95 | 0.91").verdict == "met", "control: both meet it"


PICKED = ("Best run", "Max", "Highest", "Vendor's figure", "Claimed", "Peak")


@pytest.mark.parametrize(
    ("one", "other"), [("Value", "Rank"), ("Result", "Best"), ("Score", "SD"), ("Best", "Baseline")]
)
def test_t60_control_a_column_of_another_kind_takes_nothing_from_the_result(one: str, other: str) -> None:
    assert of_columns(one, other).value == 0.95


def test_t60_of_two_versions_that_of_the_card_counts() -> None:
    assert of_columns("v1", "v2", "0.71 | 0.95", "\n## Version\n\n2\n").value in (0.71, 0.95)
    told = LIMIT.replace("# Ranker\n", "# Ranker\n\n- Version: 2\n")
    found = card(f"{told}| Metric | v1 | v2 |\n|---|---|---|\n| Accuracy | 0.71 | 0.95 |\n")
    assert next(it for it in found.metrics if it.name == "Accuracy").value == 0.95


@pytest.mark.parametrize(
    "note",
    ["outdated", "no longer reached", "This figure is retracted", "superseded", "could not be reproduced", "obsolete"],
)
def test_t60_a_number_that_its_row_says_is_past_is_none(note: str) -> None:
    assert of_columns("Value", "Comment", f"0.95 | {note}").verdict == "unknown"


@pytest.mark.parametrize(
    "note",
    ["replaces the outdated 0.81", "reproduced twice", "on data that is no longer collected", "withdrawn CVs left out"],
)
def test_t60_control_other_remarks_take_nothing(note: str) -> None:
    assert of_columns("Value", "Comment", f"0.95 | {note}").value == 0.95


def test_t60_numbers_that_a_sentence_says_nobody_measured_are_none() -> None:
    assert (
        of_columns("Value", "Comment", "0.95 | x", "\nNone of these numbers has been measured.\n").verdict == "unknown"
    )
    assert of_columns("Value", "Comment", "0.95 | x", "\nNone of these numbers is below its limit.\n").value == 0.95
