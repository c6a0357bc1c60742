"""T11: a sentence with a metric and a number that says nothing of how well this model does."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.source import Location


def state(sentence: str, name: str = "Ranker") -> str:
    text = f"# Model card: {name}\n\n## About\n\n{sentence}\n"
    found = read_card(evidence_of("MODEL_CARD.md", "", text.encode()), Location("governance.yaml"), CARD_WORDS)
    return found.fields["overall_performance"].state


@pytest.mark.parametrize(
    "sentence",
    [
        "On our held-out test set, GPT-4 reaches an accuracy of 0.95.",
        "Llama 3.1 8B Instruct achieved an accuracy of 95 % on the same test set.",
        "Its predecessor achieves an accuracy of 0.95 on the held-out test set.",
        "The base model achieves an accuracy of 0.95 on the held-out test set.",
        "In the next release the model achieves an accuracy of 0.95 on the test set.",
        "The model achieves an accuracy of 0.95 on the test set, once retrained.",
        "The model fails to achieve an accuracy of 0.95 on the test set.",
        "The model has yet to achieve an accuracy of 0.95 on the test set.",
        "Nobody has checked that the model achieves an accuracy of 0.95 on the test set.",
        "For example, the model achieves an accuracy of 0.95 on the test set.",
    ],
)
def test_t11_a_number_of_something_else_states_no_results(sentence: str) -> None:
    assert state(sentence) == "absent"


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("On our held-out test set, Ranker reaches an accuracy of 0.95.", "Ranker"),
        ("Llama Guard Tuned reaches an accuracy of 0.95 on our test set.", "Llama Guard Tuned"),
        ("It was tested against GPT-4 labels and reached an F1 of 0.91 on 4,000 cases.", "Ranker"),
        ("The second version of the model reached an accuracy of 0.91 on the test set.", "Ranker"),
    ],
)
def test_t11_control_a_number_of_this_model_does(sentence: str, name: str) -> None:
    assert state(sentence, name) == "present"


@pytest.mark.parametrize(("text", "expected"), [
    ("Does the model have any limitations?", "placeholder"),
    ("- Does it read tables?\n- Does it read scans?", "placeholder"),
    ("Does it read tables? No, and no scans.", "present"),
    ("- Does it read tables?\n- It reads no scans.", "present"),
])  # fmt: skip
def test_t11_questions_alone_state_no_limitation(text: str, expected: str) -> None:
    found = read_card(
        evidence_of("MODEL_CARD.md", "", f"# Model card: Ranker\n\n## Limitations\n\n{text}\n".encode()),
        Location("governance.yaml"),
        CARD_WORDS,
    )
    assert found.fields["known_limitations"].state == expected
