"""T60: a number that the card itself corrects or takes back, in a sentence that stands somewhere else."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS
from evidence import card
from promotion import Promotion

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import Metric
from policy_gate.schema.source import Location

TABLE = (
    "# Ranker\n\n## Evaluation results\n\n| Metric | Value | Threshold |\n|---|---|---|\n| accuracy | 0.91 | 0.85 |\n"
    "| F1 | 0.9 | 0.8 |\n\n{}\n"
)
LIST = "# Ranker\n\n## Evaluation results\n\n- accuracy: 0.91\n- F1: 0.9\n\n{}\n"


def metrics_of(text: str, path: str = "CARD.md") -> dict[str, Metric]:
    read = read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)
    return {it.name: it for it in read.metrics}


@pytest.mark.parametrize("form", [TABLE, LIST])
@pytest.mark.parametrize(
    "said",
    [
        "Correction: the accuracy is 0.81.",
        "**Erratum (2026-03-01):** accuracy is 0.81, not 0.91.",
        "*Correction: accuracy 81 %.*",
        "Update: after a leak in the test set was closed, the accuracy is 0.81.",
        "The actual accuracy is 0.81.",
        "It turned out that the test set leaked; the real accuracy is only 0.81.",
        "The accuracy should read 0.81.",
        "We now measure an accuracy of 0.81 instead of 0.91.",
        "Korrektur: Die accuracy beträgt 0,81.",
        "## Errata\n\nThe accuracy is 0.81.",
        "## Limitations\n\nIts true accuracy on the test set is 0.81 because of a leak.",
        "> [!IMPORTANT]\n> Correction: accuracy is 0.81.",
    ],
)
def test_t60_a_corrected_number_is_what_a_later_sentence_says(form: str, said: str) -> None:
    found = metrics_of(form.format(said))
    assert found["accuracy"].value == pytest.approx(0.81)
    assert "also says 0.91" in found["accuracy"].also
    assert found["F1"].value == 0.9, "the control: nobody corrects it"


def test_t60_a_row_of_one_cell_below_the_table_corrects_as_well() -> None:
    assert metrics_of(TABLE.format("").replace("\n\n\n", "\nErratum: accuracy is 0.81.\n"))["accuracy"].value == 0.81


def test_t60_no_sentence_makes_a_number_better() -> None:
    found = metrics_of(TABLE.format("Correction: the accuracy is 0.95."))["accuracy"]
    assert found.value == 0.91
    assert "also says 0.95" in found.also
    assert "line 10" in found.also


@pytest.mark.parametrize(
    "said",
    [
        "The accuracy was overstated.",
        "The reported accuracy is wrong because of a leak.",
        "Accuracy and F1 were inflated, as we found out.",
        "## Limitations\n\nThe accuracy given above was misreported.",
    ],
)
def test_t60_a_number_that_is_only_taken_back_is_none(said: str) -> None:
    text = LIST.format(said)
    found = metrics_of(text)["accuracy"]
    assert found.value is None
    assert "no result" in found.problem
    assert found.line == text.split("\n").index(said.rsplit("\n", maxsplit=1)[-1]) + 1, "where it says so"


@pytest.mark.parametrize("form", [TABLE, LIST])
@pytest.mark.parametrize(
    "said",
    [
        "Update: accuracy improved from 0.88 to 0.91.",
        "Note that accuracy is 0.81 for women.",
        "The actual accuracy is 0.81 on handwriting.",
        "The baseline accuracy is 0.81, not 0.91.",
        "The previous accuracy was 0.81, now 0.91.",
        "The target accuracy is 0.85, not 0.9.",
        "The balanced accuracy is actually 0.81.",
        "The accuracy should be 0.85.",
        "Update: accuracy is 0.81 after quantization.",
        "The accuracy is not reliable for small groups.",
        "Accuracy is wrong in 9% of cases.",
        "Accuracy is overestimated if duplicates are kept.",
        "The accuracy was not overstated.",
        "Correction: the accuracy is 0.91.",
        "## Changelog\n\n- v1.1: Correction: the accuracy is 0.81.",
        "> Correction: the accuracy is 0.81, wrote a reader.\n>\n> — a reader",
    ],
)
def test_t60_control_other_sentences_about_a_metric_correct_nothing(form: str, said: str) -> None:
    found = metrics_of(form.format(said))["accuracy"]
    assert (found.value, found.also) == (0.91, "")


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("caveats", "Correction: the accuracy is 0.81.", 0.81),
        ("correction", "The accuracy is 0.81.", 0.81),
        ("limitations", "The accuracy was overstated.", None),
        ("limitations", "It is weak at night.", 0.91),
        ("changelog", "Correction: the accuracy is 0.81.", 0.91),
        ("previous_model", "{note: 'The actual accuracy is 0.81.'}", 0.91),
    ],
)
def test_t60_keys_of_a_card_correct_its_numbers(key: str, value: str, wanted: float | None) -> None:
    said = value if value.startswith("{") else f"'{value}'"
    text = f"model_name: Ranker\nmetrics:\n  accuracy: 0.91\n{key}: {said}\n"
    assert metrics_of(text, "card.yaml")["accuracy"].value == wanted


def test_t60_text_corrects_the_index_of_the_hub() -> None:
    front = (
        "---\nlicense: mit\nmodel-index:\n- name: R\n  results:\n  - dataset: {name: d, type: d}\n"
        "    metrics: [{type: accuracy, value: 0.91}]\n---\n# Ranker\n\n## Uses\n\nRanking of orders.\n"
    )
    assert metrics_of(front, "README.md")["accuracy"].value == 0.91
    assert metrics_of(f"{front}\nErratum: accuracy is 0.81.\n", "README.md")["accuracy"].value == 0.81


def test_t60_a_corrected_number_below_its_limit_blocks(promotion: Promotion) -> None:
    rows = "| Metric | Value | Threshold |\n|---|---|---|\n| share of fair orders | 0.9 | 0.85 |\n"
    text = card() + f"\n## Evaluation results\n\n{rows}"
    honest = promotion.attempt({"MODEL_CARD.md": f"{text}\nUpdate: the share of fair orders rose from 0.88 to 0.9.\n"})
    assert honest.code == 0
    result = promotion.attempt({"MODEL_CARD.md": f"{text}\nCorrection: the share of fair orders is 0.8.\n"})
    assert result.code == 1
    assert result.blocking()[0].startswith("that:metric-")
