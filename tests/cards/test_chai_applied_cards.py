"""The headings of CHAI's Applied Model Card, and short headings about faults of the training data."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardField
from policy_gate.schema.source import Location

LABELS = [
    ("Inquiries or to report an issue", "ml@example.com", "incident_contact"),
    ("Intended use and workflow", "Ranks referrals for a nurse.", "primary_intended_uses"),
    ("Primary intended users", "Nurses", "primary_intended_users"),
    ("Cautioned out-of-scope settings and use cases", "Emergency rooms", "out_of_scope_uses"),
    ("Known risks and limitations", "Fails for patients under 18", "known_limitations"),
    ("Known biases or ethical considerations", "Towards urban clinics", "identified_biases"),
    ("Foundation models used in application, if applicable", "ClinicalBERT", "base_model"),
    ("Development data characterization", "12,000 referrals of 2021", "training_data_description"),
    ("Bias mitigation approaches", "Reweighting by clinic", "mitigation_measures"),
    ("Ongoing maintenance", "Reviewed each quarter", "review_schedule"),
    ("Security and compliance environment practices or accreditations", "ISO 27001", "regulatory_compliance"),
]


def field(text: str, name: str) -> CardField:
    return read_card(evidence_of("CARD.md", "", text.encode()), Location("g"), CARD_WORDS).fields[name]


@pytest.mark.parametrize(("label", "text", "name"), LABELS)
def test_each_label_is_read(label: str, text: str, name: str) -> None:
    assert field(f"# Triage\n\n## Warnings\n\n**{label}:** {text}\n", name).text == text


@pytest.mark.parametrize(("label", "text", "name"), LABELS)
def test_t11_a_label_that_nobody_filled_in_states_nothing(label: str, text: str, name: str) -> None:
    whole = "\n\n".join(f"**{it}:** {'TBD' if it == label else said}" for it, said, _ in LABELS)
    assert field(f"# Triage\n\n{whole}\n", name).state == "placeholder"


@pytest.mark.parametrize("heading", ["Known issues of the training data", "Known issues in the training data"])
def test_faults_of_the_training_data_in_few_words(heading: str) -> None:
    known = "training_data_known_issues"
    assert field(f"# Triage\n\n## {heading}\n\n4 % duplicates.\n", known).text == "4 % duplicates."
    assert field(f"# Triage\n\n## {heading}\n\nNone known.\n", known).state == "placeholder"
