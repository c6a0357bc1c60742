"""T11: a template of another house, sent as it came; each beside the same text with something written."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS
from evidence import card
from promotion import Promotion

from policy_gate.cards.placeholders import is_placeholder, strip_placeholders
from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.source import Location


@pytest.mark.parametrize(
    "open_place",
    ["{model_name}", "{PROJECT NAME}", "{nombre_modelo}", "{DATE OF RELEASE}", "<<card.owner>>", "<<model.[x=1].url>>"],
)
def test_t11_a_place_to_fill_in_is_no_answer(open_place: str) -> None:
    assert is_placeholder(open_place)
    assert open_place not in strip_placeholders(f"It was made by {open_place} in Lyon.")


@pytest.mark.parametrize(
    "written",
    [
        r"\text{val_loss} below 0.3", "the set {a, b}", "d_{model_dim}", "{}", "{x}", "x << 3 and y >> 2", "<<",
        "{0, 1}", "{Lyon}", "${HOME}/a is not read", "{{ 3 }} hours", "a <b> c >> d",
    ],
)  # fmt: skip
def test_t11_control_braces_and_signs_of_other_texts_stay(written: str) -> None:
    kept = strip_placeholders(f"We write {written} in the text.")
    assert ("{{" in written or "${" in written) or written in kept


@pytest.mark.parametrize("open_place", ["{KNOWN LIMITATIONS HERE}", "<<card.limits>>", "{known_limits_line}"])
def test_t11_a_field_that_was_never_filled_in_blocks(promotion: Promotion, open_place: str) -> None:
    result = promotion.attempt({"MODEL_CARD.md": card(known_limitations=open_place)})
    assert result.code == 1
    assert result.blocking()
    assert promotion.attempt({"MODEL_CARD.md": card(known_limitations="Weak on {a, b} and scans.")}).code == 0


@pytest.mark.parametrize(
    ("field", "denied", "stated"),
    [
        ("identified_biases", "The model has {} racial bias against people of any group.", ("no known", "a known")),
        ("identified_biases", "In our view it has {} social bias.", ("no known", "a known")),
        ("safety_risks", "There is {} security risk of any kind in it.", ("no known", "a known")),
    ],
)
def test_t11_a_phrase_passes_over_no_negation(field: str, denied: str, stated: tuple[str, str]) -> None:
    states = [
        read_card(
            evidence_of("CARD.md", "", f"# R\n\n## Summary\n\n{denied.format(it)}\n".encode()),
            Location("g"),
            CARD_WORDS,
        )
        .fields[field]
        .state
        for it in stated
    ]
    assert states == ["absent", "present"]
