"""Values that stand in a heading, under a key that only its map explains, in a sentence or in the Hub's index."""

from __future__ import annotations

import json
from typing import Any

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardFact
from policy_gate.schema.source import Location


def card(text: str, path: str = "CARD.md") -> CardFact:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)


def told(text: str, path: str = "CARD.md") -> dict[str, str | None]:
    return {name: it.text for name, it in card(text, path).fields.items() if it.state == "present"}


def test_a_heading_may_hold_its_value() -> None:
    text = "# Ranker\n\n# Author: Ada Byron\n\n# Version: 1.2\n\n# License: MIT\n\n## Summary\n\nIt ranks.\n"
    found = told(text)
    assert (found["authors"], found["version"], found["license"]) == ("Ada Byron", "1.2", "MIT")


@pytest.mark.parametrize("value", ["TBD", "[Your name]", "{author_name}", "<<card.author>>", "n/a"])
def test_a_heading_with_a_place_to_fill_in_states_nothing(value: str) -> None:
    assert card(f"# Ranker\n\n## Author: {value}\n\n## Summary\n\nIt ranks.\n").fields["authors"].state == "placeholder"


def test_a_heading_that_ends_in_a_colon_has_its_text_below() -> None:
    assert told("# Ranker\n\n## License:\n\nMIT\n\n## Version(s): \n\n- r1\n")["license"] == "MIT"


def test_a_heading_that_explains_itself_is_no_statement_of_a_text() -> None:
    fields = card("# Ranker\n\n## Limitations: what it cannot do\n\n## License\n\nMIT\n").fields
    assert fields["known_limitations"].state == "placeholder"


@pytest.mark.parametrize(
    ("above", "expected"), [("Training", "2.1"), ("Checkpoints", "2.1"), ("Changelog", None), ("Version history", None)]
)
def test_a_heading_that_is_a_version_is_the_models_but_for_a_changelog(above: str, expected: str | None) -> None:
    assert told(f"# Ranker\n\n## {above}\n\nWords.\n\n### Version 2.1\n\nTwo epochs.\n").get("version") == expected


def test_keys_that_only_their_map_explains() -> None:
    found = told(
        "name: R\nuse:\n  for: ordering the calls of a ward\n  who: nurses of the ward\n"
        "  forbidden: refusing a call\n  not: calls of children\n"
        "data:\n  train: calls of 2020\n  test: calls of 2021\n",
        "card.yaml",
    )
    assert found["primary_intended_users"] == "nurses of the ward"
    assert found["prohibited_uses"] == "refusing a call"
    assert found["out_of_scope_uses"] == "calls of children"
    assert found["evaluation_data_description"] == "calls of 2021"
    assert "nurses" not in (found["primary_intended_uses"] or "")


@pytest.mark.parametrize("value", ["TBD", "''", "null", "[]", "to be defined"])
def test_such_a_key_left_open_states_nothing(value: str) -> None:
    fields = card(f"name: R\nuse:\n  for: ordering calls\n  who: {value}\n  forbidden: {value}\n", "card.yaml").fields
    assert fields["primary_intended_users"].state != "present"
    assert fields["prohibited_uses"].state != "present"


def test_elsewhere_such_keys_mean_nothing() -> None:
    fields = card("name: R\nteam:\n  who: nurses of the ward\n  not: doctors\n  test: yes\n", "card.yaml").fields
    for name in ("primary_intended_users", "out_of_scope_uses", "evaluation_data_description"):
        assert fields[name].state == "absent"


@pytest.mark.parametrize(
    "said",
    [
        "On the held-out calls the ranker reaches an accuracy of 0.91 for nurses.",
        "It scored an F1 of 91% over all the calls of that ward.",
        "The ranker is fast, with a recall of 0.88 on the calls of 2021.",
    ],
)
def test_a_result_in_a_sentence_is_one_but_no_number_to_hold_a_limit_to(said: str) -> None:
    found = card(f"# Ranker\n\n## Summary\n\n{said}\n")
    assert found.fields["overall_performance"].state == "present"
    assert found.metrics == ()


@pytest.mark.parametrize(
    "said",
    [
        "The target is that the ranker reaches an accuracy of 0.91 for nurses.",
        "The ranker should reach or has an accuracy of 0.91 for all nurses.",
        "The baseline reaches an accuracy of 0.91 on the calls of 2021.",
        "It reaches an accuracy of 0.99 on the training data of the ward.",
        "The ranker never reached an accuracy of 0.91 on the calls of 2021.",
        "Other rankers of the same kind achieved an accuracy of 0.91 here.",
        "The ranker reaches an accuracy of TBD on the calls of 2021.",
        "With an estimated accuracy of 0.91 on it, the ranker is fine.",
    ],
)
def test_a_wish_a_limit_and_the_result_of_another_are_none(said: str) -> None:
    assert card(f"# Ranker\n\n## Summary\n\n{said}\n").fields["overall_performance"].state == "absent"


INDEX: dict[str, Any] = {
    "license": "mit",
    "metrics": ["accuracy", "f1"],
    "model-index": [
        {"name": "ranker", "results": [{"dataset": {"name": "Calls"}, "metrics": [{"type": "f1", "value": 0.8}]}]}
    ],
}


def test_the_hubs_keys_mean_the_same_in_a_file_of_yaml_or_json() -> None:
    for path in ("card.json", "card.yaml"):
        found = card(json.dumps(INDEX), path)
        assert told(json.dumps(INDEX), path) == {
            "model_name": "ranker",
            "license": "mit",
            "overall_performance": "f1: 0.8",
            "evaluation_data_description": "Calls",
        }
        assert [(it.name, it.value) for it in found.metrics] == [("f1", 0.8)]


def test_t60_of_a_number_that_the_index_gives_twice_the_less_good_one_counts() -> None:
    results = [{"dataset": {"name": "Calls"}, "metrics": [{"type": "f1", "value": it}]} for it in (0.9, 0.4)]
    twice = {**INDEX, "model-index": [{"name": "ranker", "results": results}]}
    for path in ("card.json", "card.yaml"):
        assert [(it.name, it.value) for it in card(json.dumps(twice), path).metrics] == [("f1", 0.4)]


@pytest.mark.parametrize("metrics", [["accuracy", "f1"], "accuracy", ["accuracy", "precision at 10"]])
def test_names_of_metrics_alone_are_no_results_in_a_document(metrics: Any) -> None:
    fields = card(json.dumps({"name": "R", "license": "mit", "metrics": metrics}), "card.json").fields
    assert fields["overall_performance"].state == ("present" if "10" in str(metrics) else "absent")


def test_in_front_matter_the_title_is_the_name_and_the_index_says_no_other() -> None:
    front = card(f"---\n{json.dumps(INDEX)}\n---\n# Ranker for wards\n", "README.md")
    assert front.fields["model_name"].text == "Ranker for wards"
    assert front.twice == ()
    assert front.fields["evaluation_data_description"].text == "Calls"
    own = card(f"---\n{json.dumps(INDEX)}\n---\n# R\n\n## Evaluation data\n\nTBD\n", "README.md")
    assert own.fields["evaluation_data_description"].text == "Calls"


def test_an_index_without_results_names_no_data_and_no_result() -> None:
    empty = {**INDEX, "model-index": [{"name": "ranker", "results": [{"dataset": {"name": "Calls"}}]}]}
    assert set(told(json.dumps(empty), "card.json")) == {"model_name", "license"}
    other = {**INDEX, "name": "sorter", "model-index": "ranker"}
    assert told(json.dumps(other), "card.json")["model_name"] == "sorter"


def test_an_organization_made_it_where_no_author_is_named() -> None:
    text = "Model_details:\n  Organization: {}\n  Model_version: 1.0\n"
    assert told(text.format("Ward Lab"), "card.yaml")["authors"] == "Ward Lab"
    assert card(text.format("TBD"), "card.yaml").fields["authors"].state == "placeholder"
    named = text.format("Ward Lab") + "  authors: Ada Byron\n"
    assert told(named, "card.yaml")["authors"] == "Ada Byron"
    assert card("Model_details:\n  Model_version: 1.0\n", "card.yaml").fields["authors"].state == "absent"


def test_what_it_is_not_valid_for_tells_no_bias() -> None:
    item = "- Showing that a disparity or an unfair process exists in a ward."
    fields = card(f"# Ranker\n\n## Out-of-scope use\n\n{item}\n").fields
    assert (fields["out_of_scope_uses"].state, fields["identified_biases"].state) == ("present", "absent")
    assert card(f"# Ranker\n\n## Findings\n\n{item}\n").fields["identified_biases"].state == "present"
