"""Headings that are questions, each with an answer, with nothing and beside questions about something else."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.source import Location


def state(heading: str, text: str, name: str) -> str:
    found = evidence_of("CARD.md", "", f"# Ranker\n\n## {heading}\n\n{text}\n".encode())
    return read_card(found, Location("governance.yaml"), CARD_WORDS).fields[name].state


@pytest.mark.parametrize(
    ("heading", "name", "answer"),
    [
        ("What is it for?", "primary_intended_uses", "It orders fault calls by how urgent they sound."),
        ("🎯 What is this model for?", "primary_intended_uses", "It orders fault calls by how urgent they sound."),
        ("1. What does the system do?", "primary_intended_uses", "It orders fault calls by how urgent they sound."),
        ("Who should use it?", "primary_intended_users", "Dispatchers of the control room."),
        ("What is it not for?", "out_of_scope_uses", "Gas and water networks."),
        ("What was this model trained on?", "training_data_description", "Call notes of two towns."),
        ("How well does it work?", "overall_performance", "Recall was 0.93 in the last two months."),
        ("How was it tested?", "evaluation_data_description", "On calls of two months that it had never seen."),
        ("When does it fail?", "failure_modes", "Sarcasm and very short notes confuse it."),
        ("What are its limits?", "known_limitations", "Leaks that are described as smells are overlooked."),
        ("Whom could it hurt?", "safety_risks", "Callers with little German may wait longer."),
        ("Who made this?", "authors", "The grid analytics team."),
        ("What changed?", "changelog_summary", "Longer notes are read whole."),
    ],
)
def test_a_question_about_the_model_is_the_heading_of_its_answer(heading: str, name: str, answer: str) -> None:
    assert state(heading, answer, name) == "present"
    assert state(heading, "TBD", name) == "placeholder"
    assert state(heading, "", name) == "placeholder"


@pytest.mark.parametrize(
    "heading",
    ["What is the weather for?", "Who should use the kitchen?", "How was the cake tested?", "When does it rain?"],
)
def test_a_question_about_something_else_is_no_heading_of_a_field(heading: str) -> None:
    names = ("primary_intended_uses", "primary_intended_users", "evaluation_data_description", "failure_modes")
    assert {state(heading, "All of us by the window.", name) for name in names} == {"absent"}
