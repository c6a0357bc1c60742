"""The card that the lesson prints: all that it says is read, and what is rendered here says all of it and more."""

from __future__ import annotations

from typing import Any

import pytest
from card_words import CARD_WORDS
from world import to_yaml

from policy_gate.cards.card import NUMBERS, CardDocument
from policy_gate.cards.formats import FORMATS, format_of
from policy_gate.collect.evidence import evidence_of
from policy_gate.report.views.card_html import card_html
from policy_gate.schema.card_fields import CARD_FIELDS

VALUES: dict[str, Any] = {
    "model_id": "org/letter-router",
    "model_name": "Letter router",
    "version": "3.4",
    "release_date": "2026-10-05",
    "previous_version": "3.3",
    "changelog_summary": "Learnt from the letters of the spring, too.",
    "authors": ["Noor Haddad"],
    "organization": "Example Town",
    "primary_intended_uses": ["Sends letters to the desk that answers them"],
    "primary_intended_users": ["Clerks of the post room"],
    "out_of_scope_uses": ["Answering letters"],
    "prohibited_uses": ["Rating the people who write"],
    "overall_performance": {"accuracy": "93%", "recall": "0.88"},
    "performance_by_group": {"German": {"accuracy": "0.94"}, "Turkish": {"accuracy": "0.87"}},
    "performance_thresholds": {"accuracy": 0.9},
    "performance_caveats": ["Few letters by hand were in the test"],
    "base_model": "org/encoder",
    "fine_tuning_approach": "Four epochs on sorted letters",
    "training_data_description": "Letters of five years, names taken out",
    "training_data_size": "40,000 letters",
    "training_data_cutoff": "2026-03-31",
    "training_data_known_issues": ["Hardly any letters in French"],
    "evaluation_data_description": "Letters of one month that were kept aside",
    "known_limitations": ["Reads one page of a letter"],
    "failure_modes": ["Two requests in one letter go to one desk"],
    "identified_biases": ["Weaker on letters in Turkish"],
    "safety_risks": ["A letter about a deadline may lie at the wrong desk"],
    "mitigation_measures": ["A clerk sees what goes to the legal desk"],
    "risk_tier": "medium",
    "required_oversight_level": "partial",
    "approved_by": ["Ida Lund", "Tom Ferro"],
    "approval_date": "2026-10-01",
    "review_schedule": "every six months",
    "incident_contact": "post@town.example",
    "regulatory_compliance": ["GDPR", "EU AI Act"],
}
OMITTED = {
    "version", "authors", "primary_intended_users", "performance_thresholds", "base_model", "fine_tuning_approach",
    "training_data_description", "training_data_size", "training_data_cutoff", "training_data_known_issues",
    "evaluation_data_description", "safety_risks",
}  # fmt: skip
"""fields that its print has no place of their own for"""


def _list(items: list[str], mark: str = "") -> str:
    return "\n".join(f"- {mark}{item}{mark}" for item in items)


def printed(values: dict[str, Any]) -> str:
    """These values under the headings and labels that the lesson's print has."""
    groups = "".join(
        f"\n**{group}**:\n" + "".join(f"- {name}: {score}\n" for name, score in found.items())
        for group, found in values["performance_by_group"].items()
    )
    overall = [f"{name}: {score}" for name, score in values["overall_performance"].items()]
    rows = {
        "Risk Tier": values["risk_tier"],
        "Required Oversight": values["required_oversight_level"],
        "Approved By": ", ".join(values["approved_by"]),
        "Approval Date": values["approval_date"],
        "Review Schedule": values["review_schedule"],
        "Incident Contact": values["incident_contact"],
    }
    return "\n".join(
        [
            f"# Model Card: {values['model_name']} v{values['version']}\n",
            f"**Model ID**: `{values['model_id']}`",
            f"**Organization**: {values['organization']}",
            f"**Release Date**: {values['release_date']}",
            f"**Previous Version**: {values['previous_version']}",
            f"**Risk Tier**: {values['risk_tier']}",
            f"**Regulatory Compliance**: {', '.join(values['regulatory_compliance'])}\n",
            f"## Changelog\n{values['changelog_summary']}\n",
            f"## Intended Use\n\n**Primary Uses**:\n{_list(values['primary_intended_uses'])}\n",
            f"**Out-of-Scope Uses**:\n{_list(values['out_of_scope_uses'])}\n",
            f"**Prohibited Uses**:\n{_list(values['prohibited_uses'], '**')}\n",
            f"## Performance\n\n**Overall**:\n{_list(overall)}\n",
            f"**By Group** (disaggregated):\n{groups}\n",
            f"**Caveats**:\n{_list(values['performance_caveats'])}\n",
            f"## Known Limitations\n{_list(values['known_limitations'])}\n",
            f"## Failure Modes\n{_list(values['failure_modes'])}\n",
            f"## Identified Biases and Mitigations\n\n**Biases**:\n{_list(values['identified_biases'])}\n",
            f"**Mitigation Measures**:\n{_list(values['mitigation_measures'])}\n",
            "## Governance\n\n| Field | Value |\n|---|---|",
            *(f"| {name} | {value} |" for name, value in rows.items()),
            "",
        ]
    )


def read(path: str, text: str) -> CardDocument:
    evidence = evidence_of(path, "", text.encode())
    return FORMATS[format_of(evidence)].read(evidence, CARD_WORDS)


def whole() -> CardDocument:
    return read("card.yaml", to_yaml({"schema": "policy-gate/card/v1", **VALUES}))


def numbers(card: CardDocument) -> set[tuple[str, str, float | None]]:
    return {(it.name, it.group, it.value) for it in card.metrics}


def _words(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [word for key, inner in value.items() for word in (str(key), *_words(inner))]
    return [word for item in value for word in _words(item)] if isinstance(value, list) else [str(value)]


def test_the_fields_are_the_lessons_and_ours_besides() -> None:
    assert set(CARD_FIELDS) - set(VALUES) == {"license", "weights_digest"}
    assert set(VALUES) <= set(CARD_FIELDS)


@pytest.mark.parametrize("name", sorted(set(VALUES) - OMITTED - {"model_name"}))
def test_each_field_of_the_print_is_read_from_its_place(name: str) -> None:
    field = read("MODEL_CARD.md", printed(VALUES)).fields[name]
    assert field.state == "present"
    for word in _words(VALUES[name]):
        assert word in (field.text or "")


def test_the_title_names_the_model_and_the_numbers_are_read() -> None:
    card = read("MODEL_CARD.md", printed(VALUES))
    assert "Letter router" in (card.fields["model_name"].text or "")
    assert numbers(card) == {
        ("accuracy", "overall", 0.93),
        ("recall", "overall", 0.88),
        ("accuracy", "German", 0.94),
        ("accuracy", "Turkish", 0.87),
    }


@pytest.mark.parametrize("name", [name for name in CARD_FIELDS if name in VALUES])
@pytest.mark.parametrize("form", ["markdown", "huggingface"])
def test_what_is_rendered_has_every_field_in_a_place_of_its_own(form: str, name: str) -> None:
    text = FORMATS[form].write(whole()).text
    again = read({"markdown": "MODEL_CARD.md", "huggingface": "README.md"}[form], text)
    assert again.fields[name].state == "present"
    for word in _words(VALUES[name]):
        assert word in text


def test_the_page_for_people_has_every_word_of_the_print() -> None:
    page = card_html(whole())
    assert [word for name in VALUES for word in _words(VALUES[name]) if word not in page] == []


def test_the_print_goes_through_every_form_and_keeps_what_it_says() -> None:
    card = read("MODEL_CARD.md", printed(VALUES))
    paths = {"markdown": "MODEL_CARD.md", "cyclonedx": "bom.json", "yaml": "c.yaml", "json": "c.json"}
    for form, path in paths.items():
        again = read(path, FORMATS[form].write(card).text)
        for name in CARD_FIELDS:
            was, now = card.fields[name], again.fields[name]
            is_kept = was.text == now.text or name in NUMBERS
            assert (was.state, is_kept) == (now.state, True), (form, name)
        assert numbers(again) == numbers(card), form
