"""Words of cards of systems and registers, each beside what only looks like it."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardFact
from policy_gate.schema.source import Location


def read(text: str, path: str = "CARD.md") -> CardFact:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)


def state(text: str, name: str, path: str = "CARD.md") -> str:
    return read(text, path).fields[name].state


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Metrics reported", "overall_performance"),
        ("Eval result", "overall_performance"),
        ("Performance actuelle", "overall_performance"),
        ("Hors de portée", "out_of_scope_uses"),
        ("Limitations and non-goals", "out_of_scope_uses"),
        ("Limitations and non-goals", "known_limitations"),
        ("Limitations and open questions", "known_limitations"),
        ("Problèmes connus", "known_limitations"),
        ("Known issues", "known_limitations"),
        ("License and attribution", "license"),
        ("Use case and high-level description", "primary_intended_uses"),
        ("Stratégies d'atténuation", "mitigation_measures"),
        ("Human oversight expectations", "required_oversight_level"),
        ("Regulatory posture", "regulatory_compliance"),
        ("トレーニングデータ", "training_data_description"),
        ("バイアス、リスク、制約", "known_limitations"),
        ("推奨", "mitigation_measures"),
    ],
)
def test_a_heading_of_these_houses_names_its_field(heading: str, name: str) -> None:
    said = "It stops at parcels of more than 40 kg, which a person has to weigh and should risk no bias, 0.9."
    assert state(f"# Ranker\n\n## {heading}\n\n{said}\n", name) == "present"
    assert state(f"# Ranker\n\n## {heading}\n\nTBD\n", name) != "present"
    assert state(f"# Ranker\n\n## Weather and {heading.casefold()} elsewhere\n\nTwo words.\n", name) == "absent"


def test_what_stands_beside_a_field_in_a_heading_is_none_of_its_own() -> None:
    assert state("# Ranker\n\n## Notes and references\n\nIt was read by two people.\n", "known_limitations") == "absent"
    told = "# Ranker\n\n## {} and provenance\n\nThe rows of 2019 come from 40 shops.\n"
    assert state(told.format("Training data"), "training_data_description") == "present"
    assert state(told.format("Colours"), "training_data_description") == "absent"


@pytest.mark.parametrize(
    ("name", "stated", "not_stated"),
    [
        (
            "authors",
            "Researchers at Lyon Parcels built the model last winter.",
            "Researchers at Lyon Parcels built the sorting hall.",
        ),
        (
            "base_model",
            "It is a diffusion model that used Lumen as a pre-trained model.",
            "The model can be used as a pre-trained model by anybody else.",
        ),
        (
            "fine_tuning_approach",
            "The model was finetuned to predict the class of a parcel.",
            "The model may be used to predict the class of a parcel.",
        ),
        (
            "fine_tuning_approach",
            "Fine-tuning a small encoder with contrastive pairs came first.",
            "Fine-tuning a small encoder with your rows is up to you.",
        ),
        (
            "base_model",
            "It was made by finetuning the mt5-base model on news of Spain.",
            "You may go on by finetuning the rank-base model on news of Spain.",
        ),
        (
            "base_model",
            "This is a Norwegian gpt2-small model fine-tuned to letters of the post.",
            "This is a Norwegian rank-small model well suited to letters of the post.",
        ),
        (
            "base_model",
            "It is a parcel model finetuned pretrained DistilRank encoder of 2020.",
            "It is a parcel model, and pretrained encoders were of no use to it.",
        ),
        (
            "overall_performance",
            "The mean accuracy on the test set is 99.59% in our last run.",
            "The mean accuracy on the test set is not what we look at first.",
        ),
        (
            "training_data_known_issues",
            "The training data are not representative of small shops at all.",
            "The training data make a representative model of small shops.",
        ),
        (
            "training_data_size",
            "The set samples 100,000 infrared aerial image scenes over land.",
            "The set samples infrared aerial image scenes over land alone.",
        ),
        (
            "prohibited_uses",
            "Uses in courts and at borders are out of scope and prohibited.",
            "Uses in courts and at borders are in scope and looked after.",
        ),
        (
            "performance_thresholds",
            "The target accuracy rate is greater than 90% of all the answers.",
            "The target group is greater than it was, and likes all answers.",
        ),
    ],
)
def test_a_sentence_of_these_houses_states_its_field(name: str, stated: str, not_stated: str) -> None:
    for said, wanted in ((stated, "present"), (not_stated, "absent")):
        assert state(f"# Ranker\n\n## Overview\n\n{said}\n", name) == wanted


def test_known_issues_are_those_of_what_they_stand_below() -> None:
    text = "# Ranker\n\n## {}\n\nRows of 2019.\n\n### Known issues\n\nLabels of small shops are noisy.\n"
    below_data = read(text.format("Training data")).fields
    assert (below_data["training_data_known_issues"].state, below_data["known_limitations"].state) == (
        "present",
        "absent",
    )
    assert read(text.format("Operation")).fields["known_limitations"].state == "present"


def test_a_table_of_what_is_allowed_and_what_not_states_both() -> None:
    table = "| Allowed | {} |\n|---|---|\n| sorting of parcels | sorting of people |\n| counting | |\n"
    fields = read(f"# Ranker\n\n## Intended use\n\n{table.format('Not allowed')}").fields
    assert (fields["primary_intended_uses"].text, fields["prohibited_uses"].text) == (
        "sorting of parcels\ncounting",
        "sorting of people",
    )
    other = read(f"# Ranker\n\n## Intended use\n\n{table.format('Colour')}").fields
    assert other["prohibited_uses"].state == "absent"
    heads = "| Intended use | Out of scope |\n|---|---|\n| sorting of parcels | {} |\n"
    assert state(f"# Ranker\n\n{heads.format('people')}", "out_of_scope_uses") == "present"
    assert state(f"# Ranker\n\n{heads.format('TBD')}", "out_of_scope_uses") == "placeholder"


def test_a_count_below_a_heading_about_a_test_is_none_of_the_training() -> None:
    text = "# Ranker\n\n## {}\n\nDataset size: 1000\n"
    assert state(text.format("Validation sample of the shops"), "training_data_size") == "absent"
    assert state(text.format("Shops of Lyon"), "training_data_size") == "present"


@pytest.mark.parametrize(
    ("said", "wanted"),
    [("train 4,248 90%", "present"), ("train 80%, test 20%", "absent"), ("a train 70/30 split by shop", "absent")],
)
def test_a_share_of_the_training_data_is_no_size(said: str, wanted: str) -> None:
    assert state(f"# Ranker\n\n## Training data\n\n- Parcels.\n- {said}\n", "training_data_size") == wanted
