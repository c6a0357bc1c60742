"""T60: a result of YAML or JSON below a limit that stands in a list, in a map or under a name of its own."""

from __future__ import annotations

from json import dumps, loads

import pytest
from card_words import CARD_WORDS
from yaml import safe_dump

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardFact, Metric
from policy_gate.schema.source import Location


def card(**data: object) -> CardFact:
    text = safe_dump({"name": "Ranker", **data}).encode()
    return read_card(evidence_of("card.yaml", "", text), Location("governance.yaml"), CARD_WORDS)


def one(name: str = "accuracy", **data: object) -> Metric:
    return next(it for it in card(**data).metrics if (it.name, it.group) == (name, "overall"))


@pytest.mark.parametrize(
    "limits",
    [
        [{"metric": "accuracy", "min": 0.85}],
        [{"name": "accuracy", "threshold": 0.85}],
        [{"metric": "accuracy", "operator": ">=", "value": 0.85}],
        [{"metric": "accuracy", "value": "85 %"}],
        ["recall ≥ 0.7", "accuracy ≥ 0.85"],
        {"accuracy": {"min": 0.85}},
        {"accuracy": {"minimum": "85 %", "why": "0.71 is what the search had"}},
        {"accuracy": {"op": ">=", "value": 0.85}},
        {"min_accuracy": 0.85},
        {"accuracy_minimum": 0.85},
    ],
)
def test_t60_a_limit_in_any_shape_holds(limits: object) -> None:
    found = one(results={"accuracy": 0.7, "recall": 0.9}, thresholds=limits)
    assert (found.verdict, found.value, found.threshold) == ("missed", 0.7, 0.85)
    assert one(results={"accuracy": 0.9, "recall": 0.9}, thresholds=limits).verdict == "met"


@pytest.mark.parametrize("limits", [{"latency": {"max": 200, "unit": "ms"}}, {"max_latency": "200 ms"}])
def test_t60_the_most_is_a_limit_too(limits: object) -> None:
    verdicts = [one("latency", results={"latency": f"{it} ms"}, thresholds=limits).verdict for it in (150, 300)]
    assert verdicts == ["met", "missed"]


@pytest.mark.parametrize(
    "results",
    [
        {"accuracy": {"value": 0.7, "min": 0.85}},
        {"accuracy": {"value": 0.7, "required": 0.85, "target": 0.9}},
        {"accuracy": {"result": 0.7, "threshold": 0.85}},
        {"accuracy": {"measured": 0.7, "minimum": 0.85}},
        {"accuracy": 0.7, "accuracy_threshold": 0.85},
        [{"metric": "accuracy", "result": 0.7, "minimum": 0.85}],
    ],
)
def test_t60_a_limit_beside_its_result_holds(results: object) -> None:
    found = one(results=results)
    assert (found.verdict, found.value, found.threshold) == ("missed", 0.7, 0.85)


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ([{"dataset": "north", "accuracy": 0.9}, {"dataset": "south", "accuracy": 0.7}], "missed"),
        ([{"dataset": "north", "accuracy": 0.9}, {"dataset": "south", "accuracy": 0.88}], "met"),
        ([{"metric": "accuracy", "dataset": it, "value": 0.9 - 0.2 * (it == "b")} for it in "ab"], "missed"),
        ([{"metric": "accuracy", "dataset": it, "value": 0.9} for it in "ab"], "met"),
        ([{"metric": "accuracy", "split": "train", "value": 0.9}], "unknown"),
        ([{"dataset": "training set", "accuracy": 0.9}], "unknown"),
        ([{"model": "GPT-4", "metric": "accuracy", "value": 0.9}], "unknown"),
        ([{"model": "GPT-4", "accuracy": 0.9}], "unknown"),
        ([{"metric": "accuracy", "value": 0.9, "note": "planned"}], "unknown"),
    ],
)
def test_t60_of_a_list_of_results_the_least_good_counts_that_was_measured(results: object, verdict: str) -> None:
    assert one(results=results, thresholds={"accuracy": 0.85}).verdict == verdict


@pytest.mark.parametrize(
    "said",
    [
        {"results": {"accuracy": "{}", "thresholds": {"accuracy": 0.85}}},
        {"evaluation": {"results": {"accuracy": "{}"}, "thresholds": {"accuracy": 0.85}}},
        {"evaluation": {"results": [{"metric": "accuracy", "value": "{}"}], "thresholds": {"min_accuracy": 0.85}}},
        {"results": {"test": {"accuracy": "{}"}, "train": {"accuracy": 0.97}}, "thresholds": {"min_accuracy": 0.85}},
        {"results": {"test": {"accuracy": "{}"}}, "thresholds": {"accuracy": 0.85}},
    ],
)
def test_t60_limits_within_results_and_of_results_in_maps_hold(said: dict[str, object]) -> None:
    for value, verdict in ((0.7, "missed"), (0.9, "met")):
        data = loads(dumps(said).replace('"{}"', str(value)))
        assert one(**data).verdict == verdict


def test_t60_control_training_answers_no_limit() -> None:
    assert one(results={"train": {"accuracy": 0.97}}, thresholds={"accuracy": 0.85}).verdict == "unknown"


@pytest.mark.parametrize(("field", "key"), [("evaluation_data_description", "test_data"), ("mitigation_measures",) * 2])
def test_t11_what_is_planned_is_not_stated(field: str, key: str) -> None:
    assert card(**{key: "planned for Q3"}).fields[field].state == "placeholder"
    assert card(**{key: "Planned by Ada: 300 cases of May, each read twice."}).fields[field].state == "present"
    assert card(review_schedule="Planned for every March").fields["review_schedule"].state == "present"


def test_h19_what_only_looks_like_a_limit_is_none() -> None:
    found = card(results={"accuracy": 0.7, "min_accuracy": 0.6, "similarity threshold": 0.5})
    assert {it.name: (it.value, it.threshold) for it in found.metrics} == {
        "accuracy": (0.7, None),
        "min_accuracy": (0.6, None),
        "similarity threshold": (0.5, None),
    }
    assert one(results={"accuracy": {"value": 0.7, "min": 0.65, "max": 0.75}}).threshold is None
    own = card(results={"accuracy": 0.9, "min_iou": 0.6}, thresholds={"min_iou": 0.5})
    assert [(it.name, it.verdict) for it in own.metrics if it.threshold is not None] == [("min_iou", "met")]
    groups = card(by_group={"women": {"recall": 0.9}}, thresholds={"women": {"recall": 0.85}})
    assert [(it.group, it.verdict) for it in groups.metrics] == [("women", "met")]
