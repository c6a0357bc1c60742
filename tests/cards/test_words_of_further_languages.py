"""Cards in further languages, by their headings and a sentence here and there, beside what only looks like it."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.source import Location


def below(heading: str, text: str, name: str) -> str:
    card = f"# Ranker\n\n## {heading}\n\n{text}\n"
    return (
        read_card(evidence_of("CARD.md", "", card.encode()), Location("governance.yaml"), CARD_WORDS).fields[name].state
    )


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Limitazioni", "known_limitations"),
        ("Beperkingen", "known_limitations"),
        ("Ограничения", "known_limitations"),
        ("Sınırlamalar", "known_limitations"),
        ("القيود", "known_limitations"),
        ("محدودیت\u200cها", "known_limitations"),
        ("Limitacions", "known_limitations"),
        ("Ograniczenia", "known_limitations"),
        ("한계", "known_limitations"),
        ("کاربرد موردنظر", "primary_intended_uses"),
        ("Kullanım amacı", "primary_intended_uses"),
        ("Назначение", "primary_intended_uses"),
        ("Cas d'usage", "primary_intended_uses"),
        ("Cas d\u2019usage", "primary_intended_uses"),
        ("Contact en cas d\u2019incident", "incident_contact"),
        ("Bestimmungsgemäßer Gebrauch", "primary_intended_uses"),
        ("Nicht bestimmungsgemäßer Gebrauch", "out_of_scope_uses"),
        ("Unzulässige Verwendung", "prohibited_uses"),
        ("Bekende beperkingen", "known_limitations"),
        ("Misure di mitigazione", "mitigation_measures"),
        ("Biais de représentation", "identified_biases"),
        ("Dati di addestramento", "training_data_description"),
        ("Обучающие данные", "training_data_description"),
        ("Risultati", "overall_performance"),
        ("Licenza", "license"),
        ("Autorzy", "authors"),
        ("Primary use case", "primary_intended_uses"),
        ("Not valid for", "out_of_scope_uses"),
        ("Not valid for:", "out_of_scope_uses"),
    ],
)
def test_a_heading_is_of_its_field_and_an_empty_one_states_nothing(heading: str, name: str) -> None:
    assert below(heading, "- Ada: 0.91, MIT, 1200", name) == "present"
    assert below(heading, "TBD", name) == "placeholder"
    assert below(heading, "", name) == "placeholder"


@pytest.mark.parametrize("heading", ["Not valid", "No longer valid", "Withdrawn", "Not valid any more"])
def test_a_heading_that_takes_back_what_stands_below_still_does(heading: str) -> None:
    text = f"## Limitations\n\n### {heading}\n\n- Reads no tables of any kind."
    assert below("Summary", text, "known_limitations") != "present"


@pytest.mark.parametrize(
    ("name", "stated", "not_stated"),
    [
        (
            "primary_intended_uses",
            "Il est conçu pour lire les lettres des registres d'une ville.",
            "Il est lu par toutes les personnes des registres de la ville.",
        ),
        (
            "out_of_scope_uses",
            "Il ne doit pas être utilisé pour lire les lettres des juges.",
            "Il doit être relu avec soin avant la lettre des juges.",
        ),
        (
            "out_of_scope_uses",
            "Das Modell ist nicht für Entscheidungen über Menschen bestimmt, auch nicht zum Teil.",
            "Das Modell ist für Entscheidungen über alle Bilder der Stadt gut.",
        ),
        (
            "training_data_known_issues",
            "Les lettres couvrent principalement le nord et un seul siècle.",
            "Les lettres sont rangées au nord de la ville par siècle.",
        ),
        (
            "training_data_known_issues",
            "It learnt from a collection known to contain rude and vulgar words.",
            "It learnt from a collection known to all of its many readers.",
        ),
    ],
)
def test_a_sentence_states_a_field_and_its_neighbour_does_not(name: str, stated: str, not_stated: str) -> None:
    assert below("Sommaire", stated, name) == "present"
    assert below("Sommaire", not_stated, name) == "absent"


def test_a_count_below_training_data_is_its_size_and_one_below_a_test_is_not() -> None:
    rows = "| Property | Value |\n|---|---|\n| Total {} | {} |\n"
    assert below("Training data", rows.format("ratings", "9,600,000"), "training_data_size") == "present"
    assert below("Training data", rows.format("ratings", "TBD"), "training_data_size") == "absent"
    assert below("Evaluation data", rows.format("ratings", "9,600,000"), "training_data_size") == "absent"
