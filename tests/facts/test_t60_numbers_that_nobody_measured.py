"""T60: a number that a note, a column, a heading or a sentence beside it calls an estimate, a target or in-sample."""

from __future__ import annotations

import json

import pytest
from card_words import CARD_WORDS
from facts_world import evidence

from policy_gate.cards.reader import read_card
from policy_gate.schema.facts import Metric
from policy_gate.schema.source import Location

LIMITS = "\n## Thresholds\n\n- Accuracy: >= 0.9\n"


def read(text: str, path: str = "MODEL_CARD.md") -> Metric:
    card = read_card(evidence(path, text), Location("governance.yaml"), CARD_WORDS)
    return next(it for it in card.metrics if it.name.casefold() == "accuracy")


def verdict(body: str, heading: str = "Evaluation") -> str:
    return str(read(f"# Screener 2\n\n## {heading}\n\n{body}\n{LIMITS}").verdict)


def table(*rows: str) -> str:
    bars = "|".join("---" for _ in rows[0].split("|"))
    return "".join(f"| {row} |\n" for row in (rows[0], bars, *rows[1:]))


NOTES = [
    "On the training set.",
    "training data only",
    "estimated, not measured",
    "a rough estimate",
    "target for the next release",
    "not measured yet",
    "to be measured in May",
    "Geschätzt",
    "jeu d'entraînement",
]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize(
    "body",
    [
        table("Metric | Value", "Accuracy | 0.93[^1]") + "\n[^1]: {note}\n",
        table("Metric | Value", "Accuracy | 0.93\\*") + "\n\\* {note}\n",
        table("Metric | Value", "Accuracy* | 0.93") + "\n\\*) {note}\n",
        table("Metric | Value †", "Accuracy | 0.93") + "\n† {note}\n",
        "- Accuracy: 0.93<sup>1</sup>\n\n<sup>1</sup> {note}\n",
        "- Accuracy¹: 0.93\n\n¹ {note}\n",
        table("Metric | Value | Note", "Accuracy | 0.93 | {note}"),
        "* a list\n\n## Data\n\n\\* From the test set.\n\n## Results\n\n- Accuracy: 0.93\\*\n\n\\* {note}\n",
    ],
)
def test_t60_a_number_with_a_note_that_says_so_is_no_result(body: str, note: str) -> None:
    assert verdict(body.format(note=note)) == "unknown"


@pytest.mark.parametrize(
    "body",
    [
        table("Metric | Training", "Accuracy | 0.93"),
        table("Metric | Baseline", "Accuracy | 0.93"),
        table("Metrik | Erwartete Werte", "Accuracy | 0.93"),
        table("Métrique | Valeur visée", "Accuracy | 0.93"),
        table("Metric | Split | Value", "Accuracy | train | 0.93"),
        "The figures below are targets for the next release.\n\n- Accuracy: 0.93\n",
        "Results on the training set:\n\n" + table("Metric | Value", "Accuracy | 0.93"),
        "Table 1: expected results (projected).\n\n" + table("Metric | Value", "Accuracy | 0.93"),
        "Estimated values:\nAccuracy: 0.93\n",
        "### Targets\n\n- Accuracy: 0.93\n",
        "- Accuracy: 0.93\n\nAll figures are estimates.\n",
        "- Accuracy: 0.93\n\nThese numbers have not been measured yet.\n",
    ],
)
def test_t60_nor_is_one_below_or_beside_such_words(body: str) -> None:
    assert verdict(body) == "unknown"


def test_t60_nor_one_whose_own_section_says_so() -> None:
    assert verdict("- Accuracy: 0.93\n", "Evaluation (expected)") == "unknown"


@pytest.mark.parametrize(
    "body",
    [
        "- Accuracy: 0.93[^1]\n\n[^1]: Mean of five seeds on the test set.\n",
        "- Accuracy: 0.93<sup>1</sup>\n\n<sup>1</sup> On 1,200 applications of October.\n",
        table("Metric | Split | Value", "Accuracy | train | 0.97", "Accuracy | test | 0.93"),
        table("Metric | Train | Test", "Accuracy | 0.97 | 0.93"),
        table("Metric | Value | Note", "Accuracy | 0.93 | estimated by bootstrap over 1,000 draws"),
        table("Metric | Value | Note", "Accuracy | 0.93 | training seed 3"),
        table("Metric | Value | Target met", "Accuracy | 0.93 | yes"),
        table("Metric | Estimate | n", "Accuracy | 0.93 | 1200"),
        table("Metric | Point estimate", "Accuracy | 0.93"),
        table("Metric | Value | Task", "Accuracy | 0.93 | forecast"),
        "### Target metrics\n\n" + table("Metric | Target | Result", "Accuracy | 0.9 | 0.93"),
        "Targets and results of the last run.\n\n" + table("Metric | Target | Result", "Accuracy | 0.9 | 0.93"),
        "The model was trained on the training set and evaluated on the held-out set:\n\n- Accuracy: 0.93\n",
        "- Accuracy: 0.93\n\nResults on the training set were higher (0.97).\n",
        "- Accuracy: 0.93\n\nPerformance on other languages has not been evaluated.\n",
        "- Accuracy: 0.93\n\nThe intervals are estimated by bootstrap. The target was 0.9.\n",
        "Robustness was not tested.\n\n- Accuracy: 0.93\n",
        "Our targets for this release were agreed with HR.\n\n- Accuracy: 0.93\n",
        "The goal of this evaluation is to compare groups.\n\n" + table("Metric | Value", "Accuracy | 0.93"),
        "These figures will be measured again each quarter.\n\n- Accuracy: 0.93\n",
        "As expected, the results improved:\n\n- Accuracy: 0.93\n",
        "All targets were met.\n\n- Accuracy: 0.93\n",
        "- Expected calibration error: 0.02\n- Accuracy: 0.93\n",
    ],
)
def test_t60_control_what_else_is_said_of_a_number_leaves_it_one(body: str) -> None:
    assert verdict(body) == "met"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{value: 0.93, split: train}", "unknown"),
        ("{value: 0.93, note: estimated}", "unknown"),
        ("{value: 0.93, evaluated_on: the training set}", "unknown"),
        ("{value: 0.93, split: test}", "met"),
        ("{value: 0.93, note: mean of five seeds}", "met"),
    ],
)
def test_t60_what_a_key_beside_a_value_says_of_it(data: str, said: str) -> None:
    text = f"overall_performance:\n  accuracy: {data}\nperformance_thresholds: {{accuracy: 0.9}}\n"
    assert read(text, "card.yaml").verdict == said


@pytest.mark.parametrize(("split", "said"), [("train", "unknown"), ("test", "met")])
def test_t60_what_a_model_index_was_measured_on(split: str, said: str) -> None:
    index = (
        "---\nmodel-index:\n- name: x\n  results:\n  - task: {type: t}\n"
        f"    dataset: {{name: imdb, type: imdb, split: {split}}}\n    metrics:\n"
        "    - {type: accuracy, value: 0.93, name: Accuracy}\n---\n# C\n"
    )
    assert read(index + LIMITS).verdict == said


HTML_HEAD = "<table><tr><th>Metric</th><th>Data</th><th>Value</th></tr>"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            f'{HTML_HEAD}<tr><td rowspan="2">Accuracy</td><td>train</td><td>0.97</td></tr>'
            "<tr><td>test</td><td>0.71</td></tr></table>",
            "missed",
        ),
        (
            f"{HTML_HEAD}<tr><td rowspan=0>Accuracy</td><td>train</td><td>0.97</td></tr>"
            "<tr><td>test</td><td>0.93</td></tr></table>",
            "met",
        ),
        (
            '<table><tr><th>Metric</th><th colspan="2">Before</th><th>Now</th></tr>'
            "<tr><td>Accuracy</td><td>0.92</td><td>0.95</td><td>0.71</td></tr></table>",
            "missed",
        ),
        (
            '<table><thead><tr><th rowspan="2">Metric</th><th rowspan="2">Value</th></tr></thead>'
            "<tbody><tr><td>Accuracy</td><td>0.93</td></tr></tbody></table>",
            "met",
        ),
        ("- Accuracy: 0.8<sup>9</sup>", "unknown"),
        ("<p>Accuracy: 0.8<sup>9</sup></p>", "unknown"),
    ],
)
def test_t60_cells_that_reach_over_others_and_figures_that_are_raised(body: str, said: str) -> None:
    assert verdict(body) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["Accuracy | F1", "0.93 | 0.9"], "met"),
        (["Accuracy | F1", "0.71 | 0.9"], "missed"),
        (["Data | Accuracy", "Train | 0.97", "Test | 0.93"], "met"),
        (["Data | Accuracy", "Train | 0.97", "Test | 0.71"], "missed"),
        (["Data | Accuracy", "Training | 0.97"], "unknown"),
        (["Model | Accuracy", "Ours | 0.93", "GPT-4 | 0.71"], "met"),
        (["Model | Accuracy", "Ours | 0.71", "GPT-4 | 0.93"], "missed"),
        (["Model | Accuracy", "Screener 1 | 0.93", "Screener 2 | 0.71"], "unknown"),
        (["Month | Accuracy", "May | 0.93", "June | 0.71"], "missed"),
    ],
)
def test_t60_a_metric_in_each_column(rows: list[str], said: str) -> None:
    assert verdict(table(*rows)) == said


def test_t60_control_a_row_of_limits_below_the_metrics() -> None:
    rows = table("Of | Accuracy | F1", "Threshold | 0.9 | 0.8", "Result | {} | 0.9")
    for value, said in (("0.93", "met"), ("0.83", "missed")):
        assert read(f"# C\n\n## Evaluation\n\n{rows.format(value)}").verdict == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{split: train, accuracy: 0.95}", "unknown"),
        ("{note: all values are estimates, accuracy: 0.95}", "unknown"),
        ("{note: estimated, accuracy: {value: 0.95}}", "unknown"),
        ("{split: test, note: mean of five seeds, accuracy: 0.95}", "met"),
        ("{split: test, accuracy: {value: 0.95}}", "met"),
    ],
)
def test_t60_what_a_key_says_of_all_numbers_of_its_map(data: str, said: str) -> None:
    text = f"overall_performance: {data}\nperformance_thresholds: {{accuracy: 0.9}}\n"
    assert read(text, "card.yaml").verdict == said


@pytest.mark.parametrize(("note", "said"), [("estimated", "unknown"), ("on the test set", "met")])
def test_t60_what_stands_beside_a_number_of_a_toolkit(note: str, said: str) -> None:
    metric = {"type": "accuracy", "value": "0.93", "threshold": "0.9", "note": note}
    text = {"model_details": {"name": "S"}, "quantitative_analysis": {"performance_metrics": [metric]}}
    assert read(json.dumps(text), "card.json").verdict == said
