"""T11: a key, a label or a cell beside what says nothing makes no answer of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardField
from policy_gate.schema.source import Location


def limits(text: str, path: str = "CARD.md", name: str = "known_limitations") -> CardField:
    card = read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)
    return card.fields[name]


def below(text: str) -> str:
    return limits(f"# Ranker\n\n## Known limitations\n\n{text}\n").state


def in_data(value: Any) -> str:
    return limits(json.dumps({"model_name": "Ranker", "known_limitations": value}), "card.json").state


@pytest.mark.parametrize(
    ("hollow", "real"),
    [
        ({"description": "As discussed."}, {"description": "Parcels over 40 kg."}),
        ([{"id": "L1", "text": "The usual ones."}], [{"id": "L1", "text": "Wet labels."}]),
        ([{"name": "Limitation 1", "severity": "high"}], [{"name": "Glare", "severity": "high"}]),
        ({"en": "TBD", "de": "Folgt"}, {"en": "TBD", "de": "Nasse Pakete"}),
        ({"documented": True}, {"indoors only": True}),
        ({"url": "https://example.com/limits"}, {"url": "https://example.com/limits", "night": "poor"}),
        ({"reviewed_by": "Ada", "date": "2026-01-01"}, {"reviewed_by": "Ada", "age": "over 80"}),
        (["yes", "no"], ["yes", "at night"]),
        ("Known limitations: none known at this time.", "Known limitations: none known in 400 paired runs."),
    ],
)
def test_t11_a_key_before_nothing_is_no_answer(hollow: Any, real: Any) -> None:
    assert in_data(hollow) == "placeholder"
    assert in_data(real) == "present", "the control says something behind its key"


@pytest.mark.parametrize(
    ("hollow", "real"),
    [
        ("**Description:** The usual ones.", "**Description:** Wet labels."),
        ("- Status: documented", "- Status: documented for wet labels"),
        ("- Owner: ML team\n- Severity: high", "- Owner: ML team\n- Severity: high for children"),
        ("- [x] Documented", "- [x] Night images"),
        ("L1. The usual ones.", "L1. Wet labels."),
        ("N/A - see paper", "N/A - see paper; fails in rain"),
        ("None known – to be confirmed", "None known – tested with 400 parcels"),
    ],
)
def test_t11_a_label_before_nothing_is_no_answer(hollow: str, real: str) -> None:
    assert below(hollow) == "placeholder"
    assert below(real) == "present", "the control says something behind its label"


@pytest.mark.parametrize(
    ("header", "hollow", "real"),
    [
        ("Limitation | Impact", "The usual ones | As discussed", "The usual ones | Late parcels"),
        ("Limitation | Severity", "Limitation 1 | High", "Glare | High"),
        ("Limitation | Notes", "1 | See wiki", "Over 60 | See wiki"),
        ("ID | Limitation | Owner", "L1 | documented | Ada", "L1 | dry labels | Ada"),
        ("Age | Impact", "various | High", "80 | High"),
    ],
)
def test_t11_a_row_of_cells_that_say_nothing_is_no_answer(header: str, hollow: str, real: str) -> None:
    rule = " | ".join("---" for _ in header.split(" | "))
    assert below(f"{header}\n{rule}\n{hollow}") == "placeholder"
    assert below(f"{header}\n{rule}\n{hollow}\n{real}") == "present", "one row says something"
    assert below(f"{header}\n{rule}\n{real}") == "present"


def test_t11_the_row_that_says_nothing_is_shown() -> None:
    text = "# Ranker\n\n## Known limitations\n\nLimitation | Impact\n--- | ---\nThe usual ones | As discussed\n"
    assert (limits(text).line, limits(text).text) == (7, "The usual ones As discussed")
