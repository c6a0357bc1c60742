"""How much data there was and until when: said of the training, and not of a test, a context or an afternoon."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.source import Location


def state(text: str, field: str) -> str:
    return (
        read_card(evidence_of("CARD.md", "", text.encode()), Location("governance.yaml"), CARD_WORDS)
        .fields[field]
        .state
    )


def said(sentence: str, field: str, heading: str = "Model summary") -> str:
    return state(f"# Ranker\n\n## {heading}\n\nA small model of ours.\n{sentence}\n", field)


@pytest.mark.parametrize(
    "sentence",
    [
        "Training took 24 hours on eight cards of the lab.",
        "It accepts inputs of up to 512 tokens at once.",
        "The context window is 8 thousand tokens long in all variants.",
        "It was evaluated on 300 images of street signs.",
        "The pretrained network was tested with 300 images of street signs.",
        "A benchmark of 2000 questions was put together for it.",
    ],
)
def test_a_number_of_something_else_is_no_size_of_the_training_data(sentence: str) -> None:
    assert said(sentence, "training_data_size") == "absent"


@pytest.mark.parametrize(
    "sentence",
    [
        "It was trained on 300 images of street signs and tested on 20.",
        "It was pretrained on 2T tokens of text from the web.",
        "We trained it on about 95 million transcriptomes of single cells.",
        "The recordings come to 40 hours of telephone speech in all.",
        "The corpus has 12000 sentences of news in three languages.",
    ],
)
def test_control_the_size_of_the_training_data_in_a_sentence(sentence: str) -> None:
    assert said(sentence, "training_data_size") == "present"


def test_what_stands_in_the_section_of_the_test_is_of_its_data() -> None:
    sentence = "500 images of street signs were collected until March 2024 for it."
    for heading in ("Evaluation data", "Metrics", "Test set"):
        for field in ("training_data_size", "training_data_cutoff"):
            assert said(sentence, field, heading) == "absent", heading
    assert said(sentence, "training_data_size", "Training data") == "present"
    assert said(sentence, "training_data_cutoff", "Training data") == "present"


@pytest.mark.parametrize("heading", ["Evaluation data", "Test set", "Metrics"])
@pytest.mark.parametrize("label", ["Number of examples", "Sample size", "Number of rows"])
def test_a_label_of_size_below_a_test_counts_its_data(heading: str, label: str) -> None:
    assert state(f"# Ranker\n\n## {heading}\n\n- {label}: 500\n", "training_data_size") == "absent"
    assert state(f"# Ranker\n\n## Training data\n\n- {label}: 500\n", "training_data_size") == "present"
    both = f"# Ranker\n\n## Training data\n\n- {label}: 9000\n\n## {heading}\n\n- {label}: 500\n"
    assert state(both, "training_data_size") == "present"


def test_a_row_of_several_models_gives_each_its_size() -> None:
    table = "|  | Ranker S | Ranker L |\n| --- | --- | --- |\n| Training Data Size | {} | {} |\n"
    assert state("# Ranker\n\n## Models\n\n" + table.format("3M", "6M"), "training_data_size") == "present"
    assert state("# Ranker\n\n## Models\n\n" + table.format("TBD", "TBD"), "training_data_size") == "placeholder"
