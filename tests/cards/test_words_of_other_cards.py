"""Words by which cards of other houses state a field, each beside what only looks like it."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.source import Location


def state(text: str, name: str, path: str = "CARD.md") -> str:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS).fields[name].state


def below(heading: str, text: str, name: str) -> str:
    return state(f"# Ranker\n\n## {heading}\n\n{text}\n", name)


@pytest.mark.parametrize(
    ("name", "stated", "not_stated"),
    [
        (
            "base_model",
            "We use mMiniLM-v2 as our base model for all of the heads.",
            "We use a threshold of 0.4 as our starting value in all runs.",
        ),
        (
            "base_model",
            "Ranker is a fine-tuned Mistral-7B language model for long texts.",
            "Ranker is a small and well-tuned language model for long texts.",
        ),
        (
            "base_model",
            "Ranker is a fine-tuned Qwen2 model, smaller than most others.",
            "Ranker can be fine-tuned like Qwen2 and most of the others.",
        ),
        (
            "fine_tuning_approach",
            "Ranker is a fine-tuned Mistral-7B language model for long texts.",
            "Ranker is not a fine-tuned language model for long texts.",
        ),
        (
            "prohibited_uses",
            "Its license forbids medical advice and the reading of results.",
            "Its license allows medical advice and the reading of results.",
        ),
        (
            "base_model",
            "The model was trained from distilbert-base on reviews of hotels.",
            "The model was trained from scratch on reviews of small hotels.",
        ),
        (
            "out_of_scope_uses",
            "We advise against using it in courts or at borders.",
            "We advise the teams who use it in courts to read this.",
        ),
        (
            "out_of_scope_uses",
            "It is a help for talks and not for dismissal decisions.",
            "It is for dismissal decisions and also for talks of the team.",
        ),
        (
            "primary_intended_uses",
            "Ranker is intended to support the research of legal texts.",
            "Ranker is not intended to support the research of legal texts.",
        ),
        (
            "primary_intended_users",
            "It is designed to help ward nurses order the calls they get.",
            "It is designed to help order the calls that come in at night.",
        ),
        (
            "identified_biases",
            "It performs unevenly across the accents of one language.",
            "It performs well across the accents of one language.",
        ),
        (
            "performance_caveats",
            "The figures above won't quite match what you see in traffic.",
            "The figures above were made from what we see in traffic.",
        ),
        (
            "base_model",
            "The encoder uses an uncased BERT as its backbone network and adds a head.",
            "The encoder can be used as a base model for other rankers.",
        ),
        (
            "identified_biases",
            "Its accuracy is rather uneven from one accent to the next.",
            "The light is uneven across the pictures of the second clinic.",
        ),
        (
            "training_data_known_issues",
            "The dataset contains more pictures and samples of men than of women.",
            "The dataset contains more than five thousand pictures and samples of men.",
        ),
        (
            "out_of_scope_uses",
            "It orders the talks and is not to make decisions about people.",
            "Take care not to make changes of the order in the talks.",
        ),
        (
            "review_schedule",
            "Drift above the limit triggers an automatic retraining of the ranker.",
            "A key press triggers the next page of the ranker to be shown.",
        ),
        (
            "evaluation_data_description",
            "Le modèle est évalué sur dix exemples tirés au sort.",
            "Le modèle est entraîné sur dix exemples tirés au sort.",
        ),
        (
            "evaluation_data_description",
            "Das Modell wurde auf hundert neuen Bildern getestet auf Daten der Klinik.",
            "Das Modell wurde auf hundert neuen Bildern der Klinik trainiert.",
        ),
    ],
)
def test_a_sentence_states_a_field_and_its_neighbour_does_not(name: str, stated: str, not_stated: str) -> None:
    assert below("Model summary", stated, name) == "present"
    assert below("Model summary", not_stated, name) == "absent"


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Fine-tuning recipe", "fine_tuning_approach"),
        ("Fine-tuning method", "fine_tuning_approach"),
        ("Finetuned from weights", "base_model"),
        ("Finetuned on data", "training_data_description"),
        ("Failure scenarios", "failure_modes"),
        ("Recheck cadence", "review_schedule"),
        ("Eval results", "overall_performance"),
        ("EU AI Act tier", "risk_tier"),
    ],
)
def test_a_heading_is_of_its_field_and_an_empty_one_states_nothing(heading: str, name: str) -> None:
    assert below(heading, "LoRA with rank 8, every second month, F1 0.9, limited", name) == "present"
    assert below(heading, "TBD", name) == "placeholder"


def test_training_and_test_data_share_their_last_word() -> None:
    for heading in ("Training & Validation Data", "Training, test data", "Training / Test Datasets"):
        assert below(heading, "Loans of one bank.", "training_data_description") == "present", heading
        assert below(heading, "Loans of one bank.", "evaluation_data_description") == "present", heading
        assert below(heading, "TBD", "training_data_description") == "placeholder", heading
        assert below(heading, "Loans of one bank.", "fine_tuning_approach") == "absent", heading
    assert below("Training and bias", "Loans of one bank.", "training_data_description") == "absent"


def test_whom_to_ask_and_who_approves_stand_below_the_owner() -> None:
    owner = "name: Ranker\nowner:\n  team: platform\n  contact: {}\n  approver: {}\n"
    for name in ("incident_contact", "approved_by"):
        assert state(owner.format("ai@example.org", "A. Ortiz"), name, "card.yaml") == "present"
        assert state(owner.format("TBD", "TBD"), name, "card.yaml") == "placeholder"
        assert state("name: Ranker\nowner:\n  team: platform\n", name, "card.yaml") == "absent"


def test_a_short_item_below_training_data_gives_its_size() -> None:
    assert below("Training data", "- 9,406 total pairs\n- 7 folders", "training_data_size") == "present"
    assert below("Training data", "- Bible verses\n- 7 folders", "training_data_size") == "absent"
    assert below("Evaluation data", "- 9,406 total pairs", "training_data_size") == "absent"


def test_days_reach_from_a_month_to_a_month() -> None:
    mail = "Letters of donors from {} to {}, with the consent of all who wrote."
    for first, last in (("2024-01", "2026-03"), ("2021", "2024-12-31"), ("2019", "2023")):
        assert below("Training data", mail.format(first, last), "training_data_cutoff") == "present"
    for first, last in (("10000", "20000"), ("10-20", "30-40"), ("Lyon", "Paris")):
        assert below("Training data", mail.format(first, last), "training_data_cutoff") == "absent"


def test_labels_that_share_a_line_are_read_one_by_one() -> None:
    line = "**Project:** Ranker\n**Version:** 1.0 | **Date:** March 2025 · **License:** {}"
    card = read_card(
        evidence_of("CARD.md", "", f"# Ranker\n\n{line.format('MIT')}\n".encode()),
        Location("governance.yaml"),
        CARD_WORDS,
    )
    told = {name: card.fields[name].text for name in ("version", "release_date", "license")}
    assert told == {"version": "1.0", "release_date": "March 2025", "license": "MIT"}
    assert state(f"# Ranker\n\n{line.format('TBD')}\n", "license") == "placeholder"
    assert state("# Ranker\n\nVersion: 1.0 | Date: March 2025\n", "release_date") == "present"
    figures = read_card(
        evidence_of("CARD.md", "", b"# Ranker\n\n## Performance\n\nAUC: 0.88 | F1: 0.8\n"),
        Location("governance.yaml"),
        CARD_WORDS,
    )
    assert {(it.name, it.value) for it in figures.metrics} == {("AUC", 0.88), ("F1", 0.8)}
    one = read_card(
        evidence_of("CARD.md", "", b"# Ranker\n\nVersion: 1.0 | beta\n"), Location("governance.yaml"), CARD_WORDS
    )
    assert one.fields["version"].text == "1.0 | beta"


def test_risks_beside_their_controls_state_both() -> None:
    table = "| Risk | Control |\n| --- | --- |\n| {} | names are removed before it sees them |\n"
    assert below("Risks and mitigations", table.format("Sensitive data exposure"), "safety_risks") == "present"
    assert below("Risks and mitigations", table.format("Layout of the page"), "safety_risks") == "absent"
    for risk in ("Sensitive data exposure", "Layout of the page"):
        assert below("Risks and mitigations", table.format(risk), "mitigation_measures") == "present"
    assert below("Risks and mitigations", "TBD", "mitigation_measures") == "placeholder"


def test_what_a_section_does_not_take_is_heard_elsewhere() -> None:
    text = "It was trained on 12000 pictures from two clinics in one year."
    assert below("Training procedure", text, "fine_tuning_approach") == "absent"
    assert below("Training procedure", "It was trained on 12000 images from two clinics.", "training_data_size") == (
        "present"
    )
