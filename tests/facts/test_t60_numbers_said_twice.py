"""T60: a card that gives a number twice, once as it is wanted; the less good one counts, in every form of a card.

Controls say one thing in two places, round it, or name two data sets apart.
"""

from __future__ import annotations

import json

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.documents.yaml_reader import read_by_suffix
from policy_gate.schema.facts import CardFact, Metric
from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.source import Location


def card(text: str, path: str = "MODEL_CARD.md") -> CardFact:
    data, marks, line = read_by_suffix(path, text.encode())
    found = Evidence(path, "file", oid="1", text=text, data=data, marks=marks, body_line=line)
    return read_card(found, Location("governance.yaml"), CARD_WORDS)


def one(text: str, path: str = "MODEL_CARD.md", group: str = "overall") -> Metric:
    (metric,) = (it for it in card(text, path).metrics if it.group == group and "acc" in it.name.lower())
    return metric


def hub(*values: float, text: str = "", where: str = "ours") -> str:
    results = [{"dataset": {"name": where}, "metrics": [{"type": "accuracy", "value": it}]} for it in values]
    return (
        f"---\n{json.dumps({'license': 'mit', 'model-index': [{'name': 'r', 'results': results}]})}\n---\n# R\n{text}"
    )


TABLE = "\n## Performance\n\n| Metric | Value | Threshold |\n|---|---|---|\n| Accuracy | {} | {} |\n"
LIMIT = "\n## Thresholds\n\n- accuracy: >= 0.9\n"
BOM = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}


def bom(*values: str) -> str:
    metrics = [{"type": "accuracy", "value": it} for it in values]
    model = {"type": "machine-learning-model", "name": "r", "version": "1"}
    model |= {"modelCard": {"quantitativeAnalysis": {"performanceMetrics": metrics}}}
    return json.dumps(BOM | {"components": [model]})


def toolkit(*values: float) -> str:
    metrics = [{"type": "accuracy", "value": str(it), "threshold": ">= 0.9"} for it in values]
    return json.dumps({"model_details": {"name": "R"}, "quantitative_analysis": {"performance_metrics": metrics}})


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (hub(0.71, text=TABLE.format("0.93", ">= 0.9")), "README.md"),
        (hub(0.93, text=TABLE.format("0.71", ">= 0.9")), "README.md"),
        (hub(0.93, 0.71, text=LIMIT), "README.md"),
        (hub(0.93, 0.71, text=LIMIT, where=""), "README.md"),
        (TABLE.format("0.93", ">= 0.9") + "| accuracy | 0.71 | |\n", "MODEL_CARD.md"),
        (TABLE.format("93 %", "90 %") + TABLE.format("71 %", "90 %"), "MODEL_CARD.md"),
        ("---\noverall_performance: {accuracy: 0.71}\n---\n" + TABLE.format("0.93", ">= 0.9"), "MODEL_CARD.md"),
        ("metrics: {accuracy: 0.93}\nresults: {Accuracy: 0.71}\nthresholds: {accuracy: '>= 0.9'}\n", "card.yaml"),
        ("metrics: {accuracy: 0.93, Accuracy: 0.71}\nthresholds: {accuracy: '>= 0.9'}\n", "card.yaml"),
        (
            "schema: policy-gate/card/v1\noverall_performance: {accuracy: 0.93, Accuracy: 0.71}\n"
            "performance_thresholds: {accuracy: '>= 0.9'}\n",
            "card.yaml",
        ),
        (toolkit(0.93, 0.71), "card.json"),
    ],
)
def test_t60_of_two_numbers_the_less_good_one_counts_and_both_are_told(text: str, path: str) -> None:
    metric = one(text, path)
    assert (metric.value, metric.threshold, metric.verdict) == (0.71, 0.9, "missed")
    assert "93%" in metric.also or "0.93" in metric.also


def test_t60_a_bill_of_materials_gives_the_less_good_one() -> None:
    assert [(it.value, bool(it.also)) for it in card(bom("0.93", "0.71"), "bom.json").metrics] == [(0.71, True)]
    assert [(it.value, bool(it.also)) for it in card(bom("0.93", "0.93"), "bom.json").metrics] == [(0.93, False)]


@pytest.mark.parametrize(
    "text",
    [
        "---\nperformance_thresholds: {accuracy: '>= 0.9'}\n---\n" + TABLE.format("0.8", ">= 0.5"),
        "---\nperformance_thresholds: {accuracy: '>= 0.5'}\n---\n" + TABLE.format("0.8", ">= 0.9"),
        TABLE.format("0.8", ">= 0.5") + TABLE.format("0.8", ">= 0.9"),
    ],
)
def test_t60_of_two_limits_the_stricter_one_counts(text: str) -> None:
    assert (one(text).threshold, one(text).verdict) == (0.9, "missed")
    assert "wanted" in one(text).also


@pytest.mark.parametrize(("own", "apart"), [(0.9, 0.5), (0.5, 0.9)])
def test_t60_a_limit_beside_the_number_counts_beside_one_that_stands_apart(own: float, apart: float) -> None:
    number = f"overall_performance: {{accuracy: {{value: 0.8, threshold: {own}}}}}\n"
    text = f"schema: policy-gate/card/v1\n{number}performance_thresholds: {{accuracy: '>= {apart}'}}\n"
    assert (one(text, "card.yaml").threshold, one(text, "card.yaml").verdict) == (0.9, "missed")


def test_t60_lower_is_better_for_an_error() -> None:
    text = "## Performance\n\n- Error rate: 0.02\n- error rate: 0.2\n\n## Thresholds\n\n- error rate: <= 0.05\n"
    (metric,) = card(text).metrics
    assert (metric.value, metric.verdict) == (0.2, "missed")


def test_t60_a_group_has_the_less_good_of_two_numbers() -> None:
    front = "---\nperformance_by_group: {women: {accuracy: 0.71}, men: {accuracy: 0.9}}\n---\n"
    rows = "\n## Performance by group\n\n| Group | Accuracy |\n|---|---|\n| women | 0.93 |\n| men | 0.9 |\n"
    assert (one(front + rows, group="women").value, one(front + rows, group="men").also) == (0.71, "")
    assert card(front + rows).groups == 2


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (hub(0.931, text=TABLE.format("93 %", "90 %")), "README.md"),
        (hub(0.93, text=TABLE.format("0.93", ">= 0.9")), "README.md"),
        (hub(93.0, text=TABLE.format("93 %", "90 %")), "README.md"),
        ("---\noverall_performance: {accuracy: 0.93}\n---\n" + TABLE.format("0.93", ">= 0.9"), "MODEL_CARD.md"),
        (TABLE.format("0.93", ">= 0.9") + TABLE.format("93 %", "90 %"), "MODEL_CARD.md"),
    ],
)
def test_t60_control_one_number_in_two_places_is_one(text: str, path: str) -> None:
    metric = one(text, path)
    assert (metric.verdict, metric.also) == ("met", "")


def test_t60_control_names_that_differ_by_a_sign_and_data_sets_are_two() -> None:
    rows = "## Performance\n\n| Metric | Value |\n|---|---|\n| HumanEval C | 0.7 |\n| HumanEval C++ | 0.6 |\n"
    assert [(it.value, it.also) for it in card(rows).metrics] == [(0.7, ""), (0.6, "")]


def test_t60_control_a_column_of_another_model_is_another_number() -> None:
    rows = "## Performance\n\n| Metric | Ours | Baseline |\n|---|---|---|\n| Accuracy | 0.93 | 0.71 |\n"
    assert [(it.value, it.also) for it in card(rows).metrics] == [(0.93, "")]


def test_t60_a_number_of_the_front_matter_that_the_text_leaves_out_is_still_judged() -> None:
    front = (
        "---\noverall_performance: {accuracy: 0.9, toxicity: 0.4}\nperformance_thresholds: {toxicity: '<= 0.1'}\n---\n"
    )
    found = {it.name: it.verdict for it in card(front + TABLE.format("0.93", ">= 0.9")).metrics}
    assert found["toxicity"] == "missed"


@pytest.mark.parametrize(
    ("front", "text", "told"),
    [
        ("license: mit", "## License\n\nProprietary, all rights reserved\n", "license: "),
        ("release_date: 2026-01-02", "## Release date\n\n2026-11-02\n", "release date: "),
        ("base_model: org/small-1b", "## Base model\n\nother/large-70b\n", "base model: "),
        ("license: apache-2.0", "## License\n\nApache License 2.0\n", ""),
        ("license: other", "## License\n\nLlama Community License\n", ""),
        ("release_date: 2026-11-02", "## Release date\n\nNovember 2026\n", ""),
        ("base_model: meta-llama/Llama-3-8B", "## Base model\n\nLlama 3 8B by Meta\n", ""),
    ],
)
def test_t60_fields_of_one_value_that_two_places_give_differently_are_told(front: str, text: str, told: str) -> None:
    found = card(f"---\n{front}\n---\n# R\n\n{text}").twice
    assert [it.startswith(told) for it in found] == ([True] if told else [])


def test_t60_keys_of_one_field_that_differ_are_told() -> None:
    assert [it.startswith("version: '1'") for it in card("version: '1'\nmodel_version: '2'\n", "card.yaml").twice] == [
        True
    ]
    assert card("version: '1'\nmodel_version: '1'\n", "card.yaml").twice == ()
