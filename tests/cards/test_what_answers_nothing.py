"""Words that a heading or a phrase takes for an answer, and that answer something else or nothing."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardField
from policy_gate.schema.source import Location


def field(text: str, name: str, path: str = "CARD.md") -> CardField:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS).fields[name]


def below(heading: str, text: str, name: str) -> str:
    return field(f"# Ranker\n\n## {heading}\n\n{text}\n", name).state


@pytest.mark.parametrize(
    "sentence",
    [
        "There are concerns related both to its dual use and to abuse.",
        "It learns from human feedback to rank the answers better.",
        "Known issues with numbers can come from the tokenizer of it.",
        "Annotators were asked to provide feedback on every pair of answers.",
        "Long recordings can be sent in chunks of ten seconds each.",
        "It answers questions at the level of a first year student.",
    ],
)
def test_concerns_and_feedback_of_others_are_no_contact(sentence: str) -> None:
    assert below("Model summary", sentence, "incident_contact") == "absent"


@pytest.mark.parametrize(
    "sentence",
    [
        "Questions and comments about it go to models@example.com by email.",
        "For bugs and problems please open an issue in this repository.",
        "Concerns about the scores should be reported to the platform team.",
        "Issues can be raised in the channel of the scoring team.",
        "Please leave feedback in the form on the intranet page.",
        "If you have questions about the model, write to the authors.",
    ],
)
def test_control_where_to_send_questions(sentence: str) -> None:
    assert below("Model summary", sentence, "incident_contact") == "present"


@pytest.mark.parametrize(
    "text",
    ["The model should be used fairly by everybody.", "Everybody is to be treated alike, whatever their language."],
)
def test_a_wish_for_fairness_is_no_result_by_group(text: str) -> None:
    assert below("Fairness", text, "performance_by_group") == "absent"
    assert below("Ethical considerations", f"- **Fairness**: {text}", "performance_by_group") == "absent"
    below_it = f"- **Fairness**: {text}\n- **Privacy**: Names are kept for thirty days."
    assert below("Ethical considerations", below_it, "performance_by_group") == "absent"
    assert below("Model details", f"Fairness: {text}", "performance_by_group") == "absent"


@pytest.mark.parametrize(
    "text",
    [
        "Women 0.91, men 0.93.",
        "Recall is lower for people over 65.",
        "Die Genauigkeit ist für beide Geschlechter gleich.",
        "| Group | F1 |\n| --- | --- |\n| women | 0.91 |\n| men | 0.93 |",
    ],
)
def test_control_results_by_group_below_fairness(text: str) -> None:
    assert below("Fairness", text, "performance_by_group") == "present"


_TABLE = "| Metric | Value |\n| --- | --- |\n| F1 | {} |\n| AUC | {} |"


@pytest.mark.parametrize("cell", ["See the dashboard", "not measured", "described in the wiki", "will be added later"])
def test_a_table_that_points_elsewhere_gives_no_performance(cell: str) -> None:
    assert below("Performance", _TABLE.format(cell, cell), "overall_performance") == "placeholder"
    assert below("Performance", _TABLE.format(cell, "0.91"), "overall_performance") == "present"


def test_control_a_row_of_limits_may_say_that_something_was_not_tested() -> None:
    table = "| What | How it does |\n| --- | --- |\n| Night pictures | not tested |\n| Rain | edges blur |"
    limits = field(f"# Ranker\n\n## Limitations\n\n{table}\n", "known_limitations")
    assert limits.items == ("Night pictures not tested", "Rain edges blur")


@pytest.mark.parametrize(
    "text",
    [
        "Report precision and recall on the test split.",
        "Once the training is done, add the measured results.",
        "This template deliberately avoids numbers.",
        "After each run, record the final metrics.",
    ],
)
def test_what_an_author_is_told_to_add_is_no_performance(text: str) -> None:
    assert below("Performance", text, "overall_performance") == "placeholder"


@pytest.mark.parametrize("text", ["We report a recall of 0.9 on the test split.", "Recall was added: 0.9."])
def test_control_what_was_reported_is(text: str) -> None:
    assert below("Performance", text, "overall_performance") == "present"


def test_a_result_is_reported_to_somebody() -> None:
    text = "Report results to models@example.com where they harm somebody."
    assert below("Contact", text, "incident_contact") == "present"


@pytest.mark.parametrize("license_", ["other", "Other", "custom"])
def test_a_licence_of_no_name_and_place_is_none(license_: str) -> None:
    front = "---\nlicense: {}\n{}---\n# Ranker\n\n## Uses\n\nIt ranks answers.\n"
    assert field(front.format(license_, ""), "license").state == "placeholder"
    assert field(f"license: {license_}\nmodel_name: Ranker\n", "license", "card.yaml").state == "placeholder"
    assert below("License", license_, "license") == "placeholder"
    named = field(front.format(license_, "license_name: acme-1.0\n"), "license")
    assert (named.state, named.text) == ("present", "acme-1.0")
    assert field(front.format(license_, "license_link: LICENSE\n"), "license").state == "present"
    assert below("License", f"{license_}, see LICENSE.txt", "license") == "present"
