"""Numbers of a card against the results that they rest on: shown, contradicted, unread, claimed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from evaluations import deepeval, dumped, lm_eval, promptfoo
from facts_world import entry, policy, snapshot
from msgspec.structs import replace
from world import to_yaml

from policy_gate.facts.facts import facts_of
from policy_gate.facts.group_comparison import group_values
from policy_gate.schema.facts import Metric
from policy_gate.schema.snapshot import Evidence

JUNIT = """<testsuite name="bias" timestamp="2026-11-20T08:00:00"><properties>
<property name="accuracy" value="0.912"/><property name="twice" value="1"/></properties>
<testcase name="a"/><testcase name="b"><properties><property name="twice" value="2"/></properties></testcase>
<testcase name="c"><failure/></testcase><testcase name="d"/></testsuite>"""
FAIRLEARN = {"by_group": {"selection_rate": {"women": 0.41, "men": 0.5}}, "overall": {"selection_rate": 0.46}}
FILES = {
    "reports/lm.json": dumped(lm_eval(0.9128)),
    "reports/fair.json": dumped(FAIRLEARN),
    "reports/odd.json": json.dumps({"a/b": {"~": [1, "0.5", True, None, "91 %"]}}),
    "reports/bias.xml": JUNIT,
    "reports/broken.json": '{"a": ',
}


def seen(evidence: Any, value: Any = 0.91, files: dict[str, str] | None = None, **fields: Any) -> Metric:
    numbers = {"accuracy": {"value": value, "evidence": evidence}}
    return metrics({"overall_performance": numbers}, files, **fields)[0]


def metrics(card: dict[str, Any], files: dict[str, str] | None = None, **fields: Any) -> tuple[Metric, ...]:
    tests = [{"id": "bias-benchmark-suite", "report": "reports/bias.xml"}]
    data = {"schema": "policy-gate/card/v1", "model_name": "Ranker", **card}
    item = entry(model_card="card.yaml", tests=tests, **fields)
    found = {**FILES, **(files or {}), "card.yaml": to_yaml(data)}
    results = {path: Evidence(path, "file", "0" * 40, text) for path, text in found.items() if path != "card.yaml"}
    tree = snapshot(item, files={**results, "card.yaml": found["card.yaml"]})
    system = replace(tree.systems[0], files={path: path for path in found})
    tree = replace(tree, systems=(system,))
    facts = facts_of(tree, policy())[0]
    assert facts.card is not None
    assert facts.card.cause is None, facts.card.detail
    return facts.card.metrics


@pytest.mark.parametrize(
    ("evidence", "value"),
    [
        ("reports/lm.json#/results/hellaswag/acc,none", 0.91),
        ("reports/lm.json#/results/hellaswag/acc,none", "91 %"),
        ("reports/lm.json#/results/hellaswag/acc,none", "91.3%"),
        ("reports/lm.json#/results/hellaswag/acc,none", "0.9"),
        ({"file": "reports/fair.json", "pointer": "/by_group/selection_rate/women"}, 0.41),
        ("reports/odd.json#/a~1b/~0/1", 0.5),
        ("reports/odd.json#/a~1b/~0/4", 0.91),
        ({"file": "reports/bias.xml", "property": "accuracy"}, 0.912),
        ({"test": "bias-benchmark-suite", "property": "Accuracy"}, 0.91),
        ({"test": "bias-benchmark-suite"}, "3 out of 4"),
        ({"test": "bias-benchmark-suite"}, 0.75),
    ],
)
def test_a_number_that_its_evidence_gives_is_shown(evidence: Any, value: Any) -> None:
    found = seen(evidence, value)
    assert (found.evidence, found.evidence_said) == ("shown", "")


@pytest.mark.parametrize(
    ("evidence", "value", "said"),
    [
        ("reports/lm.json#/results/hellaswag/acc,none", 0.92, "hellaswag/acc,none says 0.9128"),
        ("reports/lm.json#/results/hellaswag/acc,none", 0.9, "") ,
        ("reports/lm.json#/results/hellaswag/acc,none", "93 %", "It says 93%, and"),
        ("reports/lm.json#/results/hellaswag/acc,none", "0.910", ""),
        ("reports/lm.json#/results/hellaswag/acc,none", 1, ""),
        ("reports/lm.json#/results/hellaswag/acc,none", "120 ms", ""),
        ({"test": "bias-benchmark-suite"}, 0.91, "bias-benchmark-suite (reports/bias.xml) says 75%"),
    ],
)  # fmt: skip
def test_t34_another_number_is_a_contradiction(evidence: Any, value: Any, said: str) -> None:
    found = seen(evidence, value if value != 0.9 else "0.90")
    assert found.evidence == "contradicted"
    assert said in found.evidence_said


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ("reports/none.json#/a", "reports/none.json"),
        ("reports/lm.json#/results/other/acc", "leads nowhere: there is no 'other'"),
        ("reports/lm.json#/results/hellaswag", "has no number at"),
        ("reports/odd.json#/a~1b/~0/2", "has no number at"),
        ("reports/odd.json#/a~1b/~0/3", "has no number at"),
        ("reports/odd.json#/a~1b/~0/9", "leads nowhere"),
        ("reports/broken.json#/a", "no well-formed JSON"),
        ("../elsewhere.json#/a", "leads outside"),
        ("reports/lm.json", "is no FILE#/POINTER"),
        ({"file": "reports/bias.xml", "property": "recall"}, "has no property recall"),
        ({"file": "reports/bias.xml", "property": "twice"}, "gives twice 2 values"),
        ({"test": "smoke-test-suite"}, "names no result of smoke-test-suite"),
    ],
)
def test_evidence_that_gives_no_number_is_told(evidence: Any, said: str) -> None:
    found = seen(evidence)
    assert (found.evidence, said in found.evidence_said) == ("unread", True), found.evidence_said


@pytest.mark.parametrize(
    "report",
    [promptfoo(0), promptfoo(3, description="smoke-test-suite"), '{"a": 1}'],
    ids=["empty", "another-suite", "no-report"],
)
def test_t15_a_result_that_is_none_shows_nothing(report: Any) -> None:
    text = report if isinstance(report, str) else dumped(report)
    found = seen({"test": "bias-benchmark-suite"}, 1.0, {"reports/bias.xml": text})
    assert found.evidence == "unread"


def test_without_evidence_a_number_is_claimed() -> None:
    found = metrics({"overall_performance": {"accuracy": 0.91}})[0]
    assert (found.evidence, found.claim) == ("claimed", None)


def test_the_entry_may_say_what_a_number_of_any_card_rests_on() -> None:
    card = {"overall_performance": {"accuracy": 0.91, "recall": 0.7}, "performance_by_group": {"women": {"rate": 0.41}}}
    place = {"file": "reports/lm.json", "pointer": "/results/hellaswag/acc,none"}
    fair = {"file": "reports/fair.json", "pointer": "/by_group/selection_rate/women"}
    stated = [
        {"name": "Accuracy", "evidence": place},
        {"name": "recall", "value": 0.8},
        {"name": "rate", "group": "women", "evidence": fair},
        {"name": "f1", "value": "91 %", "threshold": 0.9, "evidence": place},
        {"name": "typo", "evidence": place},
    ]
    found = {it.name: it for it in metrics(card, metrics=stated)}
    assert {name: it.evidence for name, it in found.items()} == {
        "accuracy": "shown",
        "recall": "contradicted",
        "rate": "shown",
        "f1": "shown",
        "typo": "unread",
    }
    assert "The entry says 0.8." in found["recall"].evidence_said
    assert found["f1"].verdict == "met"
    assert "The card states no such number." in found["typo"].evidence_said


def test_a_share_of_answers_binds_a_number() -> None:
    text = dumped(deepeval(40, createdAt="2026-11-20T08:00:00"))
    assert seen({"test": "bias-benchmark-suite"}, "100 %", {"reports/bias.xml": text}).evidence == "shown"
    failed = dumped(deepeval(38, 2, createdAt="2026-11-20T08:00:00"))
    assert seen({"test": "bias-benchmark-suite"}, 0.95, {"reports/bias.xml": failed}).evidence == "shown"
    assert seen({"test": "bias-benchmark-suite"}, 0.99, {"reports/bias.xml": failed}).evidence == "contradicted"


def _group(group: str, value: float, name: str = "selection rate", unit: str = "") -> Metric:
    return Metric(name, group, value, unit=unit)


@pytest.mark.parametrize(
    ("found", "values"),
    [
        ((_group("women", 0.3), _group("men", 0.5)), (True, 0.6, 0.2)),
        ((_group("women", 0.3, "hiring_rate"), _group("men", 0.5, "Hiring rate")), (True, 0.6, 0.2)),
        ((_group("women", 0.3), _group("overall", 0.5)), (False, None, None)),
        ((_group("women", 0.9, "accuracy"), _group("men", 0.8, "accuracy")), (False, None, 0.1)),
        ((_group("women", 0.3, "false positive rate"), _group("men", 0.5, "false positive rate")), (False, None, 0.2)),
        ((_group("women", 0.0), _group("men", 0.0)), (False, None, 0.0)),
        ((_group("women", 0.0), _group("men", 0.2)), (True, 0.0, 0.2)),
        ((_group("women", 120.0, "latency", "ms"), _group("men", 90.0, "latency", "ms")), (False, None, None)),
    ],
)
def test_groups_are_compared(found: tuple[Metric, ...], values: tuple[bool, float | None, float | None]) -> None:
    got = group_values(found)
    told = (
        got["system.has_selection_rates"],
        got.get("system.selection_rate_ratio"),
        got.get("system.largest_group_gap"),
    )
    assert told == tuple(pytest.approx(it) if isinstance(it, float) else it for it in values)
