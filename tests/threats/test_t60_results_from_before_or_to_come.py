"""T60: numbers of an earlier version, of made-up data or hoped for, where results should stand."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS
from evidence import card
from promotion import Promotion

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardFact
from policy_gate.schema.source import Location

NOTED = (
    "# Ranker\n\n## Evaluation results\n\n| Metric | Value | Threshold |\n|---|---|---|\n"
    "| accuracy | 0.91\\* | 0.85 |\n\n\\* {}\n"
)
BELOW = "# Ranker\n\n## Evaluation\n\n### {}\n\n| Metric | Value |\n|---|---|\n| accuracy | 0.95 |\n"


def read(text: str, path: str = "CARD.md") -> CardFact:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)


def value_in(text: str, path: str = "CARD.md") -> float | None:
    return next(it.value for it in read(text, path).metrics if it.name == "accuracy")


@pytest.mark.parametrize(
    "note",
    [
        "on simulated data",
        "Measured on synthetic data.",
        "in simulation",
        "expected after retraining",
        "to be reached after retraining",
        "once retrained",
        "we aim for this",
        "of the previous version",
        "measured with the old model",
        "this was wrong",
        "Not reliable because of a leak.",
        "corrected: 0.81",
        "now 81 %",
    ],
)
def test_t60_a_note_of_what_was_or_will_be_leaves_no_result(note: str) -> None:
    assert value_in(NOTED.format(note)) is None


@pytest.mark.parametrize(
    "note",
    [
        "on simulated and on real orders",
        "on 1,200 orders of the last release",
        "corrected for age over 65",
        "actually measured on 3 sites",
        "We expect less on longer orders.",
        "we plan to reach 0.95 next year",
        "now 12 classes",
        "not reliable for orders above 500",
        "on generated images",
        "after retraining in May",
    ],
)
def test_t60_control_a_note_about_a_measurement_leaves_it_one(note: str) -> None:
    assert value_in(NOTED.format(note)) == 0.91


def test_t60_control_a_card_about_simulated_data_may_say_so_at_a_number() -> None:
    about = "\n## Evaluation data\n\nAll orders are simulated, as the ranker sorts those of a game.\n"
    assert value_in(NOTED.format("on simulated data") + about) == 0.91


@pytest.mark.parametrize(
    "heading",
    [
        "Old results",
        "Previous results",
        "Earlier evaluation",
        "Superseded results (May)",
        "Results of the previous version",
        "Results (old)",
        "Results before the fix",
        "Frühere Ergebnisse",
        "Anciens résultats",
    ],
)
def test_t60_results_from_before_are_none_and_stand_in_nobodys_way(heading: str) -> None:
    old = BELOW.format(heading)
    assert value_in(old) is None
    now = f"{old}\n### Results\n\n| Metric | Value |\n|---|---|\n| accuracy | 0.91 |\n"
    assert value_in(now) == 0.91


@pytest.mark.parametrize(
    "heading",
    ["Results", "Historical performance", "Results on old orders", "Results against previous results", "New results"],
)
def test_t60_control_other_headings_hold_results(heading: str) -> None:
    assert value_in(BELOW.format(heading)) == 0.95


def test_t60_keys_for_results_from_before_hold_none() -> None:
    text = "model_name: Ranker\n{}:\n  metrics: {{accuracy: 0.95}}\n"
    assert not read(text.format("old_results"), "card.yaml").metrics
    assert value_in(text.format("our_results"), "card.yaml") == 0.95


@pytest.mark.parametrize(
    "said", ["Expected after retraining:", "After retraining we expect:", "The targets are as follows.", "We aim for:"]
)
def test_t60_numbers_that_are_announced_as_hoped_for_are_none(said: str) -> None:
    text = "# Ranker\n\n## Evaluation results\n\n{}\n\n- accuracy: 0.95\n"
    assert value_in(text.format(said)) is None
    assert value_in(text.format("On the test set we measured:")) == 0.95


def test_t60_a_target_beside_its_name_is_none() -> None:
    found = read("# Ranker\n\n## Evaluation results\n\n- accuracy (target): 0.95\n- F1 (macro): 0.9\n").metrics
    assert [it.value for it in found] == [0.9, None]


@pytest.mark.parametrize(
    ("wish", "result"),
    [
        ("We aim for 0.95.", "We aim for 0.95 and reached 0.91."),
        ("Our goal is an accuracy of 0.95 by June.", "Our goal is 0.95; so far it has 0.91."),
        ("The accuracy is expected to reach 0.95 after retraining.", "The accuracy is 0.91 on the test set."),
        ("The model should reach 95 % of the orders.", "The model ranks 91 % of the orders right."),
        ("Angestrebt wird eine Genauigkeit von 0,95.", "Angestrebt war 0,95, gemessen wurde 0,91."),
        ("Nous visons une exactitude de 0,95.", "Nous visons 0,95 et avons mesuré 0,91."),
    ],
)
def test_t60_a_wish_states_no_performance(wish: str, result: str) -> None:
    text = "# Ranker\n\n## Evaluation results\n\n{}\n"
    assert read(text.format(wish)).fields["overall_performance"].state == "placeholder"
    assert read(text.format(result)).fields["overall_performance"].state == "present"
    assert read(text.format(f"{wish} {result}")).fields["overall_performance"].state == "present"


@pytest.mark.parametrize(
    "said", ["These numbers are not reliable because of a leak in the test set.", "The results above were inflated."]
)
def test_t60_a_sentence_that_takes_all_numbers_of_its_section_back_leaves_none(said: str) -> None:
    text = "# Ranker\n\n## Evaluation results\n\n- accuracy: 0.91\n\n{}\n"
    assert value_in(text.format(said)) is None
    for other in ("Results for small groups are not reliable.", "These numbers are valid for orders in English."):
        assert value_in(text.format(other)) == 0.91


def test_t60_a_simulated_number_blocks_where_a_limit_is_met_by_it_alone(promotion: Promotion) -> None:
    rows = "| Metric | Value | Threshold |\n|---|---|---|\n| share of fair orders | 0.9\\* | 0.85 |\n"
    text = card() + f"\n## Evaluation results\n\n{rows}"
    result = promotion.attempt({"MODEL_CARD.md": f"{text}\n\\* On simulated data.\n"})
    assert (result.code, result.blocking()[0].split("-")[0]) == (1, "that:metric")
    assert promotion.attempt({"MODEL_CARD.md": f"{text}\n\\* On 1,200 orders of May.\n"}).code == 0
