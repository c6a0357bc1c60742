"""What a card says outside a field's own section, and what of it is no statement."""

from __future__ import annotations

import json
from typing import Any

import pytest
from card_words import CARD_WORDS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_gate.cards.formats import FORMATS, format_of
from policy_gate.cards.phrases import indexed, phrase
from policy_gate.cards.reader import read_card
from policy_gate.cards.statements import ELSEWHERE
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.facts import CardFact
from policy_gate.schema.source import Location


def card(text: str, path: str = "CARD.md") -> CardFact:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)


def states(text: str, *names: str, path: str = "CARD.md") -> list[str]:
    return [card(text, path).fields[name].state for name in names]


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("out_of_scope_uses", "The model is not intended for hiring decisions of any kind."),
        ("prohibited_uses", "It must not be used to identify people in public places."),
        ("training_data_size", "It was trained on 1.2 million images of street signs."),
        ("training_data_cutoff", "The articles were collected until March 2024 from two newspapers."),
        ("base_model", "Ranker is a fine-tuned version of RoBERTa for German."),
        ("failure_modes", "On scanned tables it often hallucinates whole rows."),
        ("identified_biases", "The scores show racial bias on the older photographs."),
        ("mitigation_measures", "Faces were blurred to reduce the risk of leaking identities."),
        ("required_oversight_level", "Every refusal goes through human review before it is sent."),
        ("evaluation_data_description", "It was evaluated on the test split of SQuAD."),
        ("performance_by_group", "Accuracy differs by age and is lowest for people over 65."),
        ("performance_by_group", "The word error rate is 3% worse for older women."),
        ("performance_caveats", "Testing to date was in English alone and has not covered all uses."),
        ("performance_caveats", "Undisclosed training sets make a comparison with other models challenging."),
        ("performance_caveats", "Some benchmark questions may be contaminated by web pages in the corpus."),
        ("base_model", "The tagger uses a small pre-trained encoder with a new head."),
        ("prohibited_uses", "You may not use the model to write threats to anybody."),
        ("fine_tuning_approach", "Its answers were aligned with human preferences from paid raters."),
    ],
)
def test_a_sentence_with_a_phrase_of_the_field_states_it_wherever_it_stands(field: str, sentence: str) -> None:
    found = card(f"# Ranker\n\n## Model summary\n\nA small model.\n{sentence}\n").fields[field]
    assert (found.state, found.text, found.line, found.standing) == ("present", sentence, 5, (ELSEWHERE,))


@pytest.mark.parametrize(
    "text",
    [
        "Is the model not intended for hiring decisions?",
        "Not intended for.",
        "It is not intended for use.",
        "Uses: not intended for all.",
        "[Say here what the model is not intended for, such as hiring]",
        "TODO: it is not intended for hiring decisions",
        "For what it is not intended for, refer to the paper of the team.",
        "> The model is not intended for hiring decisions of any kind.",
        "*The model is not intended for hiring decisions of any kind.*",
        "~~The model is not intended for hiring decisions of any kind.~~",
        "<!-- The model is not intended for hiring decisions of any kind. -->",
        "```\nThe model is not intended for hiring decisions of any kind.\n```",
        "## How to use\n\nThe model is not intended for hiring decisions of any kind.",
        "## Example\n\nA sample card would say that a model is not intended for hiring.",
    ],
)
def test_what_is_no_sentence_of_the_cards_own_states_nothing(text: str) -> None:
    assert states(f"# Ranker\n\n{text}\n", "out_of_scope_uses") == ["absent"]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("Scores show racial bias here.", ["identified_biases"]),
        ("A fine-tuned version of RoBERTa.", []),
        ("Ranker is a fine-tuned version of RoBERTa for German.", ["base_model"]),
    ],
)
def test_a_few_words_in_a_section_state_only_what_such_a_section_is_asked_for(said: str, fields: list[str]) -> None:
    found = card(f"# Ranker\n\n## Known limitations\n\n- {said}\n").fields
    assert [name for name in ("base_model", "identified_biases") if found[name].state == "present"] == fields


def test_a_section_of_its_own_is_all_that_counts_even_one_left_open() -> None:
    text = "# R\n\nThe model is not intended for hiring decisions.\n\n## Out-of-scope use\n\n"
    assert states(f"{text}TBD\n", "out_of_scope_uses") == ["placeholder"]
    assert card(f"{text}Ranking of minors.\n").fields["out_of_scope_uses"].items == ("Ranking of minors.",)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("No fairness testing was done across gender or age.", "performance_by_group"),
        ("The model has never been fine-tuned on anything else.", "fine_tuning_approach"),
        ("It can be fine-tuned on your own documents.", "fine_tuning_approach"),
        ("You can build a quantized version of it yourself.", "failure_modes"),
    ],
)
def test_what_was_not_done_or_only_could_be_is_not_stated(said: str, field: str) -> None:
    assert states(f"# Ranker\n\n## Model summary\n\n{said}\n", field) == ["absent"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("The applicants in it are 55% women and 45% men from ten regions.", "performance_by_group"),
        ("Rows are split by language and stored as one file per region.", "performance_by_group"),
        ("Pixels that are contaminated with clouds were taken out before.", "performance_caveats"),
        ("A score below zero is interpreted as a refusal by the service.", "performance_caveats"),
        ("You may not use this file except in compliance with its licence.", "prohibited_uses"),
        ("The authors shall not be liable for any claim that arises from it.", "prohibited_uses"),
        ("This repository holds code, pre-trained weights and a small demo.", "base_model"),
        ("Distances are those of a pre-trained network for faces, as is usual.", "base_model"),
        ("For fine-tuning of the model on rows of your own see the script.", "base_model"),
        ("The grid of one source was aligned with that of the other one.", "fine_tuning_approach"),
        ("It is trained on one graphics card in the course of two days.", "training_data_description"),
        ("This release is said to be 4x faster than the one before it.", "training_data_size"),
        ("The package was tested on the last three releases of the system.", "evaluation_data_description"),
        ("For errors in this page write to the people named at its end.", "failure_modes"),
        ("The option for long rows has been removed from the command line.", "mitigation_measures"),
        ("The bird in the picture lives only in Antarctica and on islands.", "known_limitations"),
    ],
)
def test_a_phrase_about_something_else_states_nothing_of_the_model(said: str, field: str) -> None:
    assert states(f"# Ranker\n\n## Model summary\n\n{said}\n", field) == ["absent"]


@pytest.mark.parametrize(
    ("heading", "said", "stated", "not_stated"),
    [
        ("Bias, Risks, and Limitations", "It is slow on phones.", "known_limitations", "identified_biases"),
        ("Bias, Risks, and Limitations", "It shows bias against older names.", "identified_biases", "safety_risks"),
        ("Ethical considerations", "Outputs may be harmful to children.", "safety_risks", "identified_biases"),
        ("Limitations and out-of-scope use", "Numbers are rounded.", "known_limitations", "out_of_scope_uses"),
        ("Caveats and recommendations", "Rows beyond 1,000 are cut.", "known_limitations", "mitigation_measures"),
    ],
)
def test_a_heading_of_several_fields_counts_for_those_that_its_text_is_about(
    heading: str, said: str, stated: str, not_stated: str
) -> None:
    assert states(f"# R\n\n## {heading}\n\n{said}\n", stated, not_stated) == ["present", "absent"]
    left_open = states(f"# R\n\n## {heading}\n\n[More Information Needed]\n", stated, not_stated)
    assert left_open == ["placeholder", "placeholder"]


@pytest.mark.parametrize(
    ("text", "field", "state"),
    [
        ("## Limitations\n\n**Data:** Scans are missing.", "training_data_description", "absent"),
        ("## Limitations\n\n**Data:** Scans are missing.", "training_data_known_issues", "present"),
        ("## Evaluation data\n\n### Datasets\n\nA held-out year.", "training_data_description", "absent"),
        ("## Training data\n\n- Size: 12,000 rows", "training_data_size", "present"),
        ("**License** A licence of our own.", "license", "present"),
        ("**Any** use is fine by us.", "primary_intended_uses", "absent"),
        ("## Model details\n\n- Developed by Ada and Bo\n- MIT", "authors", "present"),
        ("## Training data\n\n- Derived from open records", "base_model", "absent"),
        ("## Model details\n\n- Developed by [name of the team]", "authors", "placeholder"),
        ("## Intended Use. Use cases that were envisioned.\n\n* Primary intended uses\n", "primary_intended_uses",
         "placeholder"),
        ("## Version 2.1\n\nA small one.", "version", "present"),
        ("## Model details\n\n* License\n* Citation details\n", "license", "placeholder"),
        ("## Modellname\n\nRanker", "model_name", "present"),
        ("## 局限性\n\n仅支持英语。", "known_limitations", "present"),
        ("## Uses\n\n```python\nmodel.predict(rows)\n```\n", "primary_intended_uses", "placeholder"),
        ("## Limitations\n\n[Describe what the model cannot do, at least three things (or say none)]",
         "known_limitations", "placeholder"),
        ("| Campo | Detalle |\n|---|---|\n| **Versión** | v1.0 |\n", "version", "present"),
        ("| Model | Tokens | Knowledge cutoff |\n|---|---|---|\n| R | 2T | May 2024 |\n", "training_data_cutoff",
         "present"),
    ],
)  # fmt: skip
def test_names_are_read_in_their_section(text: str, field: str, state: str) -> None:
    assert states(f"# Ranker\n\n{text}\n", field) == [state]


def test_a_table_of_html_is_read_by_its_rows() -> None:
    head = "<tr><th>Model</th><th>Token count</th><th>Knowledge cutoff</th></tr>"
    rows = "<tr>\n<td>R <b>small</b></td>\n<td>~40T</td><td>August 2024</td></tr>"
    fields = card(f"# Ranker\n\n<table>\n{head}\n{rows}\n</table>\n").fields
    assert (fields["training_data_size"].text, fields["training_data_cutoff"].text) == ("~40T", "August 2024")
    results = "<tr><th>Metric</th><th>Value</th></tr>\n<tr><td>accuracy</td><td>0.91</td></tr>"
    found = card(f"# Ranker\n\n## Results\n\n<table>\n{results}\n</table>\n")
    assert [(metric.name, metric.value) for metric in found.metrics] == [("accuracy", 0.91)]
    open_end = card("# Ranker\n\n## Limitations\n\n<table><tr><td>Weak on scans</table>\n")
    assert open_end.fields["known_limitations"].text == "Weak on scans"


def test_keys_within_keys_belong_to_what_they_stand_in() -> None:
    data: dict[str, Any] = {
        "model_details": {"name": "Ranker", "version": "2"},
        "intended_use": {"primary_uses": None, "primary_users": None},
        "training_data": {"dataset": {"name": "SNLI", "url": "https://example.com"}},
        "evaluation": {"metrics": ["accuracy", "recall"]},
        "documentation": {"fairness_metrics": False},
        "ethical_considerations": "It shows bias against older names.",
    }
    fields = card(json.dumps(data), "card.json").fields
    assert (fields["model_name"].text, fields["version"].text) == ("Ranker", "2")
    wanted = {
        "primary_intended_uses": "placeholder", "training_data_description": "present", "safety_risks": "absent",
        "overall_performance": "placeholder", "performance_by_group": "placeholder", "identified_biases": "present",
    }  # fmt: skip
    assert {name: fields[name].state for name in wanted} == wanted


def test_phrases_have_gaps_beginnings_numbers_and_alternatives() -> None:
    index = indexed([phrase("# * rows|hours", "a"), phrase("hallucinat*", "b"), phrase("~tuned on", "c"),
                     phrase("data * until ##", "d"), phrase("not for", "e")])  # fmt: skip
    wanted = set("abcde")

    def found(text: str) -> str:
        return "".join(sorted({known.field for known in index.found_in(text, wanted)}))

    assert found("It has 1,200 long rows and hallucinates.") == "ab"
    assert found("The model was tuned on data of ours until 2024.") == "cd"
    assert found("It can be tuned on data until 20245.") == ""
    assert found("It is not for sale.") == "e"
    assert found("It never hallucinates.") == found("No test shows that it hallucinates.") == ""
    assert not list(index.found_in("It hallucinates.", {"a"}))


PIECES = [
    "# R", "## Limitations", "## Bias, Risks, and Limitations", "**License** MIT", "- Version: 2", "* Datasets", "TBD",
    "The model is not intended for hiring.", "| a | b |", "|---|---|", "| Size | 2 |", "```", "---", "<details>", "[x",
    "]", "license: mit", "<table><tr><td>a</td></tr>", "1. one", "    code", "> q", "\\", "***", "&nbsp;", "\u2028",
    "**",
]  # fmt: skip
CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=14).map("\n".join))
def test_no_text_breaks_the_reader_and_what_it_states_is_in_the_text(text: str) -> None:
    found = evidence_of("CARD.md", "", text.encode("utf-8", "replace"))
    fields = read_card(found, Location("governance.yaml"), CARD_WORDS).fields
    assert set(fields) == set(CARD_FIELDS)
    for field in fields.values():
        assert (field.state == "present") == bool(field.items) or field.text


LEAVES = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=12) | st.just("not intended for hiring at all")
)
KEYS = st.sampled_from(["data", "name", "intended_use", "evaluation", "limitations", "metrics", "bias", "x", "details"])


@CALM
@given(st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)))
def test_no_data_breaks_the_reader(data: Any) -> None:
    fields = card(json.dumps({"model_details": data}), "card.json").fields
    assert set(fields) == set(CARD_FIELDS)


def test_what_was_stated_elsewhere_is_a_section_once_it_is_written() -> None:
    text = "# Ranker\n\n## Model summary\n\nIt is not intended for hiring decisions.\n"
    evidence = evidence_of("CARD.md", "", text.encode())
    first = FORMATS[format_of(evidence)].read(evidence, CARD_WORDS)
    written = FORMATS["markdown"].write(first)
    assert written.losses == ()
    assert "## Out of scope uses\n\nIt is not intended for hiring decisions.\n" in written.text
