"""Cards in documents of SPDX 3: the model that a document is about, its data sets, and documents that say it badly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from card_words import CARD_WORDS
from msgspec.structs import replace

from policy_gate.cards.reader import read_card
from policy_gate.documents.yaml_reader import read_by_suffix
from policy_gate.schema.facts import CardFact
from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.source import Location

BASE = "https://example.org/spdx/"
MODEL: dict[str, Any] = {
    "type": "ai_AIPackage",
    "spdxId": f"{BASE}ranker",
    "name": "resume-ranker",
    "software_packageVersion": "2.1.0",
    "releaseTime": "2026-10-01T00:00:00Z",
    "suppliedBy": f"{BASE}acme",
    "originatedBy": [f"{BASE}ada"],
    "ai_informationAboutApplication": "Ranks applications so that recruiters read the most relevant ones first.",
    "ai_informationAboutTraining": "Fine tuned for three epochs on pairs ranked by recruiters.",
    "ai_limitation": "Reads only English text and scores short careers less reliably.",
    "ai_metric": [{"type": "DictionaryEntry", "key": "accuracy", "value": "0.91"}],
    "ai_metricDecisionThreshold": [{"type": "DictionaryEntry", "key": "accuracy", "value": "0.9"}],
    "ai_standardCompliance": ["GDPR"],
    "ai_safetyRiskAssessment": "high",
    "ai_useSensitivePersonalInformation": "noAssertion",
}
LIMIT = MODEL["ai_metricDecisionThreshold"]
OTHERS: list[dict[str, Any]] = [
    {"type": "SpdxDocument", "spdxId": f"{BASE}document", "name": "The document", "rootElement": [f"{BASE}ranker"]},
    {"type": "Organization", "spdxId": f"{BASE}acme", "name": "Acme"},
    {"type": "Person", "spdxId": f"{BASE}ada", "name": "Ada Example"},
    {
        "type": "dataset_DatasetPackage",
        "spdxId": f"{BASE}pairs",
        "name": "pairs-2026",
        "dataset_dataCollectionProcess": "Pairs of applications of 2019 to 2025, ranked by three recruiters each.",
        "dataset_knownBias": ["Few applicants above sixty."],
    },
    {
        "type": "dataset_DatasetPackage",
        "spdxId": f"{BASE}held-out",
        "name": "held-out-2026",
        "description": "4,000 applications of 2026, balanced by gender and age.",
    },
    {"type": "ai_AIPackage", "spdxId": f"{BASE}base", "name": "distilroberta-base", "ai_limitation": "Knows no dates."},
    {"type": "simplelicensing_LicenseExpression", "spdxId": f"{BASE}mit", "simplelicensing_licenseExpression": "MIT"},
    *(
        {"type": "Relationship", "from": f"{BASE}ranker", "relationshipType": kind, "to": [to]}
        for kind, to in (
            ("trainedOn", f"{BASE}pairs"), ("testedOn", f"{BASE}held-out"), ("descendantOf", f"{BASE}base"),
            ("hasDeclaredLicense", f"{BASE}mit"), ("trainedOn", f"{BASE}nowhere"),
        )
    ),
]  # fmt: skip


def read(graph: Any, **more: Any) -> CardFact:
    held = {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph, **more}
    text = json.dumps({name: value for name, value in held.items() if value is not None})
    data, marks, _ = read_by_suffix("model.spdx.json", text.encode())
    evidence = Evidence("model.spdx.json", "file", oid="1" * 40, text=text, data=data, marks=marks)
    return read_card(evidence, Location("governance.yaml", 1, 1), CARD_WORDS)


def test_the_model_of_a_document_is_read_with_what_it_was_trained_and_tested_on() -> None:
    card = read([MODEL, *OTHERS])
    assert (card.cause, card.twice) == (None, ()), card.detail
    said = {name: field.text for name, field in card.fields.items() if field.state == "present"}
    assert said == {
        "model_name": "resume-ranker",
        "model_id": f"{BASE}ranker",
        "version": "2.1.0",
        "release_date": "2026-10-01T00:00:00Z",
        "authors": "Ada Example",
        "organization": "Acme",
        "license": "MIT",
        "base_model": "distilroberta-base",
        "primary_intended_uses": MODEL["ai_informationAboutApplication"],
        "known_limitations": MODEL["ai_limitation"],
        "training_data_description": f"{MODEL['ai_informationAboutTraining']}\npairs-2026: "
        "Pairs of applications of 2019 to 2025, ranked by three recruiters each.",
        "training_data_known_issues": "Few applicants above sixty.",
        "evaluation_data_description": "held-out-2026: 4,000 applications of 2026, balanced by gender and age.",
        "overall_performance": said["overall_performance"],
        "performance_thresholds": said["performance_thresholds"],
        "regulatory_compliance": "GDPR",
        # what sentences say besides, as in any card
        "fine_tuning_approach": MODEL["ai_informationAboutTraining"],
        "training_data_cutoff": said["training_data_cutoff"],
    }
    (metric,) = card.metrics
    assert (metric.name, str(metric.value), str(metric.threshold)) == ("accuracy", "0.91", "0.9")


def test_what_the_profile_has_no_place_for_stands_beside_the_graph() -> None:
    modes = "Tables and two column layouts are read in the wrong order and rank too low."
    card = read([MODEL, *OTHERS], failure_modes=modes, prohibited_uses=["TODO"], known_limitations="Knows everything.")
    assert card.fields["failure_modes"].text == modes
    assert card.fields["prohibited_uses"].state == "placeholder"
    assert card.fields["known_limitations"].text == MODEL["ai_limitation"], "the model's own counts"


def test_a_base_model_beside_it_answers_nothing_for_it() -> None:
    silent = {name: value for name, value in MODEL.items() if name != "ai_limitation"}
    assert read([*OTHERS, silent]).fields["known_limitations"].state == "absent"


@pytest.mark.parametrize("word", ["NOASSERTION", "noAssertion", "", "none", "TBD"])
def test_what_declines_to_say_is_no_answer(word: str) -> None:
    card = read([{**MODEL, "ai_limitation": word}, *OTHERS])
    assert card.fields["known_limitations"].state != "present"


@pytest.mark.parametrize(
    ("graph", "said"),
    [
        ([MODEL, *OTHERS[1:]], "describes 2 models, and says of none alone that it is about it"),
        ([MODEL, {**OTHERS[0], "rootElement": [f"{BASE}ranker", f"{BASE}base"]}, *OTHERS[1:]], "describes 2 models"),
        ([MODEL, {**MODEL, "spdxId": "", "ai_limitation": "None."}], "describes 2 models"),
        ([MODEL, {**MODEL, "ai_limitation": "None."}], f"two elements of this SPDX document are {BASE}ranker"),
        (
            [MODEL, *OTHERS, {**OTHERS[3], "dataset_knownBias": []}],
            f"two elements of this SPDX document are {BASE}pairs",
        ),
        (
            [{**MODEL, "ai_metricDecisionThreshold": [*LIMIT, {**LIMIT[0], "value": "0.1"}]}],
            "threshold of accuracy is there",
        ),
        (OTHERS[:5], "no element of this SPDX document is an ai_AIPackage"),
        ([], "no element of this SPDX document is an ai_AIPackage"),
    ],
)
def test_a_document_that_leaves_open_which_model_it_is_about_is_no_card(graph: list[Any], said: str) -> None:
    card = read(graph)
    assert card.cause == "refused"
    assert said in card.detail


def test_one_model_needs_no_root_and_may_stand_without_a_graph() -> None:
    assert read([MODEL]).fields["model_name"].text == "resume-ranker"
    alone = read(None, **MODEL)
    assert alone.fields["known_limitations"].text == MODEL["ai_limitation"]


@pytest.mark.parametrize("graph", ["text", {"type": "ai_AIPackage"}, 7])
def test_a_graph_of_another_shape_is_no_document_of_spdx(graph: Any) -> None:
    assert read(graph).fields.get("known_limitations", replace(read([MODEL]).fields["failure_modes"])).state == "absent"


@pytest.mark.parametrize(
    "field", ["ai_metric", "ai_metricDecisionThreshold", "suppliedBy", "originatedBy", "ai_limitation"]
)
@pytest.mark.parametrize("value", [None, 3, "text", [], [None], {"a": 1}, [[1]], [{"key": None, "value": {}}]])
def test_values_of_another_shape_break_nothing(field: str, value: Any) -> None:
    assert read([{**MODEL, field: value}, *OTHERS]).fields["model_name"].text == "resume-ranker"
