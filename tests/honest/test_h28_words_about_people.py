"""H28: a card that says that no personal data is in it, or that a person decides, contradicts nobody."""

from __future__ import annotations

import pytest
from evidence import CARD_SECTIONS
from scratch import Scratch
from world import high_system

FACTS = {"eu_market": True, "annex_iii_points": ["4-a"], "processes_personal_data": False}
CONTRADICTIONS = {"personal-data-contradicted", "data-sensitivity-contradicted", "oversight-denied-by-card"}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("training_data_description", "Job advertisements of 2023 to 2025. It contains no personal data."),
        ("training_data_description", "Applications from which names, photos and home addresses were removed."),
        ("training_data_description", "Synthetic applicants' records made by a generator, none of a real person."),
        ("primary_intended_uses", "Sorts applications automatically; a human decides whom to invite."),
        ("primary_intended_uses", "Rank applications. Not for automatic rejection, and never without human review."),
    ],
)
def test_h28_honest_words_contradict_no_fact(scratch: Scratch, field: str, text: str) -> None:
    system = high_system("development", facts=FACTS, risk_profile={"human_oversight": "full"})
    scratch.adopt(system)
    scratch.branch("work")
    card = scratch.read("MODEL_CARD.md")
    assert str(CARD_SECTIONS[field]) in card
    scratch.write({"MODEL_CARD.md": card.replace(str(CARD_SECTIONS[field]), text)})
    scratch.commit("Say it in the card")
    found = {item["requirement"]["subject"] for item in scratch.check().findings("gap")}
    assert not found & CONTRADICTIONS
