"""What a row of results is about: its metric, its version, its data; and limits behind a sign without a colon."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import Metric
from policy_gate.schema.source import Location


def metrics(text: str, path: str = "CARD.md") -> dict[str, Metric]:
    found = read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS).metrics
    return {it.name: it for it in found}


def held(results: str, limits: str, head: str = "") -> dict[str, tuple[float | None, float | None]]:
    text = f"# Ranker\n\n{head}\n\n## Results\n\n{results}\n\n## Thresholds\n\n{limits}\n"
    return {name: (it.value, it.threshold) for name, it in metrics(text).items()}


@pytest.mark.parametrize(
    "limit",
    [
        "- accuracy ≥ 0.85", "- accuracy >= 0.85", "- accuracy ⩾ 0.85", "- accuracy ≧ 0.85", "accuracy at least 0.85",
        "- **accuracy** > 0.85", "- accuracy ≥ 85 %", "- accuracy: ≥ 0.85", "accuracy no less than 0.85.",
    ],
)  # fmt: skip
def test_a_metric_with_a_sign_and_a_number_is_a_limit_without_a_colon_too(limit: str) -> None:
    assert held("- accuracy: 0.7", limit)["accuracy"] == (0.7, 0.85)


def test_several_limits_on_a_line_are_several_and_a_ceiling_points_down() -> None:
    found = metrics("# R\n\n## Thresholds\n\n- accuracy ≥ 0.85 and recall ≥ 0.7, FPR ⩽ 2 %\n")
    assert {name: (it.threshold, it.higher_is_better) for name, it in found.items()} == {
        "accuracy": (0.85, True),
        "recall": (0.7, True),
        "FPR": (0.02, False),
    }


@pytest.mark.parametrize(
    "said",
    [
        "We accept it where the accuracy on new loans is ≥ 0.85",
        "accuracy ≥ 0.85 and everybody is content",
        "accuracy ≥ TBD",
        "~~accuracy ≥ 0.85~~",
    ],
)
def test_a_sentence_with_a_sign_in_it_is_no_limit_of_a_metric(said: str) -> None:
    assert held("- accuracy: 0.9", f"- {said}") == {"accuracy": (0.9, None)}


def test_limits_in_a_list_of_a_document_are_limits() -> None:
    text = "name: R\nmetrics:\n  accuracy: 0.7\nthresholds:\n- accuracy ≥ 0.85\n- FPR < 2 %\n- to be settled\n"
    found = metrics(text, "card.yaml")
    assert {name: (it.value, it.threshold) for name, it in found.items()} == {
        "accuracy": (0.7, 0.85),
        "FPR": (None, 0.02),
    }


def test_columns_that_count_are_no_results_and_the_others_stay_apart() -> None:
    table = "| Class | Precision | Recall | {} |\n|---|---|---|---|\n| fraud | 0.7 | 0.6 | 120 |\n"
    for name in ("Support", "n", "Samples", "Number of samples"):
        assert set(metrics(f"# R\n\n## Results\n\n{table.format(name)}")) == {"fraud Precision", "fraud Recall"}
    assert set(metrics(f"# R\n\n## Results\n\n{table.format('F1')}")) == {
        "fraud Precision", "fraud Recall", "fraud F1",
    }  # fmt: skip
    only = "| Metric | Count |\n|---|---|\n| refused orders | 3 |\n"
    assert metrics(f"# R\n\n## Results\n\n{only}")["refused orders"].value == 3


def test_a_metric_may_stand_in_a_column_behind_its_data_and_the_less_good_one_counts() -> None:
    table = "| Dataset | Metric | Value |\n|---|---|---|\n| A | accuracy | 0.95 |\n| B | accuracy | 0.7 |\n"
    assert held(table, "- accuracy: 0.85") == {"accuracy": (0.7, 0.85)}


def test_of_models_and_of_a_baseline_such_a_row_is_not_this_models() -> None:
    models = "| Model | Metric | Value |\n|---|---|---|\n| baseline | accuracy | 0.7 |\n| other | accuracy | 0.9 |\n"
    assert held(models, "- accuracy: 0.85")["accuracy"] == (None, 0.85)
    runs = "| Run | Metric | Value |\n|---|---|---|\n| baseline | accuracy | 0.95 |\n| final | accuracy | 0.7 |\n"
    assert held(runs, "- accuracy: 0.85")["accuracy"] == (0.7, 0.85)


@pytest.mark.parametrize("data", ["Training set", "train", "On the training data", "Training split", "estimated"])
def test_t60_such_a_row_of_training_data_or_of_an_estimate_is_no_result(data: str) -> None:
    table = "| Dataset | Metric | Value |\n|---|---|---|\n| {} | accuracy | 0.99 |\n"
    assert held(table.format(data), "- accuracy: 0.85")["accuracy"] == (None, 0.85)
    assert held(table.format("Calls of a ward"), "- accuracy: 0.85")["accuracy"] == (0.99, 0.85)


VERSIONS = "| Version | Accuracy | F1 |\n|---|---|---|\n| {} | 0.7 | 0.9 |\n| {} | 0.95 | 0.6 |\n"


@pytest.mark.parametrize(("old", "new"), [("1.0", "2.0"), ("v1", "v2"), ("Version 1.0", "2"), ("v1", "v2 (current)")])
def test_of_rows_of_versions_that_of_the_card_counts(old: str, new: str) -> None:
    assert held(VERSIONS.format(old, new), "- Accuracy: 0.85", "**Version:** 2.0")["Accuracy"] == (0.95, 0.85)
    assert held(VERSIONS.format(old, new), "- Accuracy: 0.85", "**Version:** 1.0")["Accuracy"] == (0.7, 0.85)


@pytest.mark.parametrize("head", ["", "**Version:** 3.0", "**Version:** TBD", "**Version:** 2.0\n\n**Version:** 1.0"])
def test_without_one_version_that_is_among_them_the_less_good_row_counts(head: str) -> None:
    assert held(VERSIONS.format("v1", "v2"), "- Accuracy: 0.85", head)["Accuracy"] == (0.7, 0.85)


def test_rows_of_old_data_are_of_this_model_and_rows_of_an_old_model_are_not() -> None:
    table = "| Run | Accuracy | F1 |\n|---|---|---|\n| {} | 0.7 | 0.6 |\n| new | 0.95 | 0.8 |\n"
    assert held(table.format("old data"), "- Accuracy: 0.85")["Accuracy"] == (0.7, 0.85)
    assert held(table.format("last year"), "- Accuracy: 0.85")["Accuracy"] == (0.7, 0.85)
    assert held(table.format("old model"), "- Accuracy: 0.85")["Accuracy"] == (0.95, 0.85)
    assert held(table.format("previous version"), "- Accuracy: 0.85")["Accuracy"] == (0.95, 0.85)


def test_a_table_without_a_row_of_names_has_names_beside_values() -> None:
    rows = "<tr><td>accuracy</td><td>0.9</td><td>1200</td></tr><tr><td>License</td><td>{}</td></tr>"
    for license_, expected in (("MIT", "present"), ("TBD", "placeholder")):
        text = f"# R\n\n## Details\n\n<table>{rows.format(license_)}</table>\n"
        fields = read_card(evidence_of("CARD.md", "", text.encode()), Location("g"), CARD_WORDS).fields
        assert fields["license"].state == expected
    text = f"# R\n\n## Results\n\n<table>{rows.format('MIT')}</table>\n"
    found = read_card(evidence_of("CARD.md", "", text.encode()), Location("g"), CARD_WORDS)
    assert found.fields["overall_performance"].state == "present"
