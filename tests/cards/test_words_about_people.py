"""What sentences of a card say of people, beside honest ones that only sound alike."""

from __future__ import annotations

import pytest

from policy_gate.cards.words_about_people import names_automatic_decisions, names_personal_data

PERSONAL = (
    "Trained on 40,000 CVs from the last five years.",
    "The corpus holds names and e-mail addresses of customers.",
    "Patient records of two hospitals, 2019 to 2024.",
    "Inputs are personal data of applicants.",
    "It reads dates of birth and home addresses.",
    "Die Trainingsdaten enthalten personenbezogene Daten von Kunden.",
    "Employee files, with phone numbers.",
)
NOT_PERSONAL = (
    "The data contains no personal data.",
    "Names were removed before training, and e-mail addresses masked.",
    "De-identified patient records only.",
    "Web text, which may contain personal information.",
    "Do not enter personal data.",
    "Names of products and of cities.",
    "Synthetic applicants' records.",
    "The data does not include PII.",
    "Personal data must not be used as input.",
    "Customer support articles and product manuals.",
    "Das Korpus enthält keine personenbezogenen Daten.",
    "A collection of 10,000 invoices of machines, without names of people.",
)
AUTOMATIC = (
    ["Applications below 0.2 are automatically rejected."],
    ["It approves loans without human review."],
    ["Fully automated decisions on claims."],
    ["Automatically declines applicants whose score is low."],
    ["Grants access with no manual check."],
)
NOT_AUTOMATIC = (
    ["A human decides."],
    ["Ranks applications automatically; a recruiter decides."],
    ["Not for fully automated decisions."],
    ["Must never be used without human review."],
    ["Automated decision support for clinicians."],
    ["Applications are automatically rejected in the draft.", "A recruiter reviews each before it takes effect."],
    ["Automatically selects the nearest warehouse.", "Staff confirm each choice."],
    ["It suggests which claims to reject automatically."],
    ["Transcribes meetings automatically."],
)


@pytest.mark.parametrize("text", PERSONAL)
def test_t34_personal_data_is_named(text: str) -> None:
    assert names_personal_data(["Some data.", text])


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_h28_what_only_sounds_like_personal_data_is_not(text: str) -> None:
    assert not names_personal_data([text])


@pytest.mark.parametrize("texts", AUTOMATIC)
def test_t34_decisions_without_a_person_are_named(texts: list[str]) -> None:
    assert names_automatic_decisions(texts)


@pytest.mark.parametrize("texts", NOT_AUTOMATIC)
def test_h28_a_person_who_decides_is_no_automatic_decision(texts: list[str]) -> None:
    assert not names_automatic_decisions(texts)
