"""Cards as people and their tools write them: which fields they state, and which only look stated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.formats import FORMATS, format_of
from policy_gate.cards.formats.toolkits import toolkit_values
from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.facts import CardFact
from policy_gate.schema.source import Location

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "cards"
LEAST = {"precision": 0.98, "recall": 0.94}


def card(text: str, path: str = "CARD.md") -> CardFact:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)


def stated(text: str, path: str = "CARD.md") -> dict[str, str]:
    fields = card(text, path).fields.items()
    return {name: str(field.text) for name, field in fields if field.state == "present" and name != "model_name"}


@pytest.mark.parametrize(
    "said",
    [
        "See the paper.", "Please see Appendix D in our paper.", "See [our report](https://example.com/r).",
        "None known.",
        "See https://example.com/limits", "Refer to the model registry.", "As described in the technical report.",
        "More information can be found in the wiki.", "x", "?", "-", "N/A", "None.", "Not evaluated yet.",
        "Not considered.", "This has not been assessed yet.", "We have not measured this so far.",
        "No known limitations.",
        "No limitations have been identified.", "Unknown at this time.", "We do not know.", "Not publicly disclosed.",
        "[More Information Needed]", "- [More Information Needed]", "*[More Information Needed]*", "TBD",
        "{{ limits }}",
        "Pending legal review.", "Awaiting sign-off by the board.", "To be filled.", "Will be evaluated in Q3.",
        "Details to follow.", "https://example.com/x", "[here](https://example.com)", "Standard limitations apply.",
        "No fairness testing has ever been run.", "Same as the base model.", "Ask the owner.", "Confidential.",
        "See above.\n\nNot tested.", "Users (both direct and downstream) should be made aware of the risks.",
    ],
)  # fmt: skip
def test_pointers_and_refusals_state_nothing(said: str) -> None:
    assert "known_limitations" not in stated(f"# Ranker\n\n## Limitations\n\n{said}\n")


@pytest.mark.parametrize(
    "said",
    [
        "We looked for gaps by paired names and found none.", "Pending orders are not read.",
        "Needs a review by a person before it is sent.", "Standard English only.",
        "English only.", "Not tested on scanned pages, and known to fail on tables.",
        "See also tables: it fails on them, on scans, on two columns, on handwriting and on forms with boxes.",
        "No names of small schools.",
        "We looked for limits with 400 pairs and found none beyond length.", "Does not know dates.", "仅支持英语。",
        "It has not been tested on names from outside Europe.", "Unknown words are skipped.",
    ],
)  # fmt: skip
def test_what_says_something_is_stated(said: str) -> None:
    assert "known_limitations" in stated(f"# Ranker\n\n## Limitations\n\n{said}\n")


def test_a_licence_and_a_contact_may_point() -> None:
    text = "# Ranker\n\n## License\n\nSee LICENSE.\n\n## Contact\n\nSee https://example.com/on-call\n"
    assert set(stated(text)) == {"license", "incident_contact"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# Model Card for Model ID\n\n## License\n\nMIT\n", None),
        ("# Model card\n\n## License\n\nMIT\n", None),
        ("## Ranker-3B\n\n### License\n\nMIT\n", "Ranker-3B"),
        ("### Ranker\n\n#### License\n\nMIT\n", "Ranker"),
        ("## Overview\n\n### License\n\nMIT\n", None),
        ("## Ranker\n\n## License\n\nMIT\n", None),
        ("# Ranker {#top}\n\n## License\n\nMIT\n", "Ranker"),
        ("<h1 align='center'>Ranker</h1>\n\n## License\n\nMIT\n", "Ranker"),
    ],
)
def test_the_title_that_names_the_model(text: str, name: str | None) -> None:
    field = card(text).fields["model_name"]
    assert (field.text if field.state == "present" else None) == name


@pytest.mark.parametrize(
    "text",
    [
        "# R\n\n**Limitations**\nEnglish only.\n",
        "# R\n\n## Risks\n\n**Known limitations:**\n\nEnglish only.\n",
        "# R\n\n## Limitations {#limits}\n\nEnglish only.\n",
        "# R\n\n## 4.2 ⚠️ Limitations ¶\n\nEnglish only.\n",
        "# R\n\n## <a name='l'></a>Limitations ##\n\nEnglish only.\n",
        "# R\n\n- **Facts**\n  - Version: 2\n- **Limitations**\n  - English only.\n- **Contact**\n  - example.com\n",
        "# R\n\n* Model details\n  * Version: 2\n* Limitations:\n  1. English only.\n",
        "# R\n\n## Intended uses & limitations\n\nEnglish only.\n",
        "---\nlicense: other\nextra_gated_prompt: 'A\u2028B\u2029C'\n---\n# R\n\n## Limitations\n\nEnglish only.\n",
        '---\nlicense: other\nextra_gated_prompt: "A\\LB\\PC"\n---\n# R\n\n## Limitations\n\nEnglish only.\n',
        "<h2>Limitations</h2>\n<p align='left'>English <kbd>only</kbd>.</p>\n",
    ],
)
def test_ways_to_head_a_section(text: str) -> None:
    assert "English" in stated(text)["known_limitations"]
    assert "example.com" not in stated(text)["known_limitations"]


def test_names_of_metrics_are_no_results_and_a_trainers_are() -> None:
    front = "---\nlicense: mit\nmetrics: [accuracy]\n---\n"
    assert "overall_performance" not in stated(f"{front}# Ranker\n", "README.md")
    text = "# Ranker\n\nTuned on applications. It achieves the following results on the test set:\n- Accuracy: 0.9\n"
    assert [metric.value for metric in card(front + text, "README.md").metrics] == [0.9]
    index = (
        "---\nlicense: mit\nmodel-index:\n- name: r\n  results:\n  - dataset: {name: held out}\n"
        "    metrics: [{name: F1, type: f1, value: 0.8}]\n---\n# R\n"
    )
    assert [(metric.name, metric.value) for metric in card(index, "README.md").metrics] == [("F1", 0.8)]
    plain = "# Ranker\n\nThe results are filed here:\n\nA paragraph.\n\n- Accuracy: 0.9\n"
    assert card(plain).metrics == ()


@pytest.mark.parametrize(
    ("results", "numbers"),
    [
        ([("a", 0.9), ("b", 0.7)], [("acc", 0.9), ("acc (b)", 0.7)]),
        ([("a", 0.9), ("a", 0.4)], [("acc", 0.4)]),
        ([("a", 0.9), ("a", 0.4), ("a", 0.3)], [("acc", 0.3)]),
        ([("", 0.9), ("", 0.4)], [("acc", 0.4)]),
    ],
    ids=["two data sets", "the same twice", "three times", "no data set"],
)
def test_a_metric_of_the_hubs_index_is_one_number_for_each_data_set_and_the_less_good_one_where_it_comes_twice(
    results: list[tuple[str, float]], numbers: list[tuple[str, float]]
) -> None:
    given = [{"dataset": {"name": where}, "metrics": [{"type": "acc", "value": value}]} for where, value in results]
    front = json.dumps({"license": "mit", "model-index": [{"name": "r", "results": given}]})
    found = card(f"---\n{front}\n---\n# R\n", "README.md").metrics
    assert [(metric.name, metric.value) for metric in found] == numbers


TOOLKIT: dict[str, Any] = {
    "model_details": {
        "name": "Ranker",
        "version": {"name": "2.1"},
        "owners": [{"name": "T", "contact": "t@example.com"}],
    },
    "schema_version": "0.0.2",
    "considerations": {"users": [{"description": "Recruiters"}]},
}


def test_a_toolkits_card_states_what_it_states_and_no_more() -> None:
    found = stated(json.dumps(TOOLKIT), "card.json")
    assert (found["version"], found["primary_intended_users"]) == ("2.1", "Recruiters")
    assert not {"known_limitations", "safety_risks", "identified_biases", "mitigation_measures"} & set(found)
    more = TOOLKIT | {"considerations": {"limitations": [{"description": "English only"}], "ethical_considerations": [
        {"name": "Gaps count", "mitigation_strategy": "A second look"}]}}  # fmt: skip
    found = stated(json.dumps(more), "card.json")
    assert (found["known_limitations"], found["mitigation_measures"]) == ("English only", "A second look")


def test_a_bill_of_materials_version_is_not_the_models() -> None:
    model = {
        "type": "machine-learning-model", "name": "Ranker",
        "modelCard": {
            "considerations": {"technicalLimitations": ["English only"], "users": ["Recruiters"]},
            "quantitativeAnalysis": {"performanceMetrics": [
                {"type": "recall", "value": "0.9", "slice": "women"},
                {"type": "recall", "value": "0.8", "slice": "men"},
            ]},
        },
    }  # fmt: skip
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 7, "components": [{"type": "library"}, model]}
    fact = card(json.dumps(bill), "bom.json")
    assert (fact.fields["version"].state, fact.fields["known_limitations"].text) == ("absent", "English only")
    assert fact.groups == 2
    assert toolkit_values({"model_details": "x", "considerations": {}}) is None


def test_the_values_of_an_attribute_are_groups_and_parts_of_one_group_are_none() -> None:
    text = (
        "performance_by_group:\n  gender:\n    women: {recall: 0.81, precision: 0.85}\n    men: {recall: 0.83}\n"
        "  pensioners:\n    test: {recall: 0.7}\n    training: {recall: 0.9}\n"
    )
    fact = card(text, "card.yaml")
    assert fact.groups == 3
    assert [(it.group, it.name, it.value) for it in fact.metrics] == [
        ("gender men", "recall", 0.83),
        ("gender women", "precision", 0.85),
        ("gender women", "recall", 0.81),
        ("pensioners", "test recall", 0.7),
        ("pensioners", "training recall", 0.9),
    ]
    for below, named in (("{recall: 0.8}", ("gender", "recall")), ("{women: {value: 0.8}}", ("gender", "women"))):
        whole = card(f"performance_by_group:\n  gender: {below}\n", "card.yaml")
        assert [(it.group, it.name, it.value) for it in whole.metrics] == [(*named, 0.8)], below


@pytest.mark.parametrize("title", ["# 📋 Model Card — Ranker", "# Model Card: Ranker", "# 🤗 Ranker Model Card"])
def test_a_sign_before_the_title_is_none_of_the_models_name(title: str) -> None:
    assert card(f"{title}\n\n## License\n\nMIT\n").fields["model_name"].text == "Ranker"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collection of cards is not here")
def test_the_collection_is_read_no_worse_than_before() -> None:
    labels = json.loads((CORPUS / "labels.json").read_text(encoding="utf-8"))
    right = wrong = missed = 0
    for name, label in labels.items():
        found = evidence_of(name, "", (CORPUS / name).read_bytes())
        fields = read_card(found, Location("governance.yaml"), CARD_WORDS).fields
        assert format_of(found) in FORMATS
        for field in set(CARD_FIELDS) & set(label) - set(label.get("ambiguous", ())):
            is_there, is_wanted = fields[field].state == "present", label[field] == "present"
            right += is_there and is_wanted
            wrong += is_there and not is_wanted
            missed += is_wanted and not is_there
    assert right / (right + wrong) >= LEAST["precision"]
    assert right / (right + missed) >= LEAST["recall"]


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("**Risk tier**: high\n\n| Field | Value |\n|---|---|\n| Risk tier | high |\n", "risk_tier", "high"),
        ("Version: 2.1\n\n## Version\n\n2.1\n", "version", "2.1"),
        ("- **License:** MIT\n\n## License\n\nMIT\n", "license", "MIT"),
        ("**Release date**: 2026-05-01\n\n## Release date\n\n2026-05-02\n", "release_date", "2026-05-01\n2026-05-02"),
        ("## Limitations\n\n- No scans.\n- No scans.\n", "known_limitations", "No scans.\nNo scans."),
    ],
)
def test_one_value_that_stands_twice_is_one(text: str, field: str, said: str) -> None:
    assert card(f"# Ranker\n\n{text}").fields[field].text == said


@pytest.mark.parametrize("text", [
    "# [Insert name] overview\n\n# Public data\n\nLetters of a town.\n",
    "# Model card for {{ model_name }}, release\n\n# Private data\n\nNone used.\n",
    "# <your model name here> at a glance\n\n# Crawled pages\n\nTwo newspapers.\n",
])  # fmt: skip
def test_a_title_to_be_filled_in_names_no_model_and_later_headings_none_either(text: str) -> None:
    assert card(text).fields["model_name"].state == "placeholder"


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Version", "version"),
        ("Release date", "release_date"),
        ("Base model", "base_model"),
        ("Risk tier", "risk_tier"),
    ],
)
def test_one_value_with_a_place_to_fill_in_is_left_open(label: str, field: str) -> None:
    assert card(f"# Ranker\n\n**{label}**: about [insert it here] or so\n").fields[field].state == "placeholder"
    assert card(f"# Ranker\n\n**{label}**: 2026-05-01\n").fields[field].state == "present"


def test_headings_after_the_title_give_the_model_no_other_name() -> None:
    found = card("# Letter router\n\n# Installation\n\nRun it.\n\n# Notes on hardware\n\nOne card.\n")
    assert found.fields["model_name"].text == "Letter router"


@pytest.mark.parametrize(
    "said",
    [
        "For more detailed information on the ethical side of this model and of its family, please see the subcards.",
        "For further details about how letters were chosen in each of the towns that took part, refer to the annex.",
        "To find additional information regarding limits that our partners found in a year of use, consult the wiki.",
        "Readers should be aware that this section has words that may hurt.",
        "CONTENT WARNING: readers should be made aware this card quotes slurs.",
        "Readers should be aware the text below is about violence.",
    ],
)  # fmt: skip
def test_what_leads_on_or_warns_of_the_card_itself_states_nothing(said: str) -> None:
    assert stated(f"# Ranker\n\n## Limitations\n\n{said}\n") == {}
    assert stated(f"# Ranker\n\n## Notes\n\n{said}\n") == {}


@pytest.mark.parametrize("link", ["Insert link here", "your address", "TODO: form of ours", "add the page"])
def test_a_link_to_be_filled_in_is_no_contact(link: str) -> None:
    text = "# Ranker\n\n## Notes\n\nPlease report concerns and bugs of this model to us [here]({0}).\n"
    assert "incident_contact" not in stated(text.format(link))
    assert "incident_contact" in stated(text.format("https://example.com/desk"))


@pytest.mark.parametrize(
    "said",
    [
        "For more detailed information on people over 60 the model has too few letters.",
        "Readers should be aware that the model misses every second request in a letter.",
        "Problems with scans are listed [here](problems.md) and the model reads no handwriting.",
    ],
)
def test_and_what_states_a_limit_beside_it_does(said: str) -> None:
    assert "known_limitations" in stated(f"# Ranker\n\n## Limitations\n\n{said}\n")


@pytest.mark.parametrize(
    ("said", "field", "is_stated"),
    [
        ("The model is intended for commercial and research use in two languages.", "primary_intended_users", False),
        ("It helps shops to reach their target audience at any hour.", "primary_intended_users", False),
        ("The model is intended for academic use by way of our site only.", "primary_intended_users", False),
        ("The model is intended for researchers of old letters and handwriting.", "primary_intended_users", True),
        ("Our target audience is the clerks of a town hall.", "primary_intended_users", True),
        ("It is intended to be used for research purposes only for now.", "prohibited_uses", False),
        ("It is not intended to be used to create letters in anybody's name.", "prohibited_uses", False),
        ("It must not be used to create letters in anybody's name.", "prohibited_uses", True),
        ("Letters in anybody's name are prohibited under all our contracts.", "prohibited_uses", True),
    ],
)
def test_a_use_is_no_user_and_a_mild_word_prohibits_nothing(said: str, field: str, is_stated: bool) -> None:
    assert (field in stated(f"# Ranker\n\n## Notes\n\n{said}\n")) is is_stated
