"""Numbers of a card against the results that they rest on: shown, contradicted, unread, claimed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from evaluations import deepeval, dumped, lm_eval, promptfoo
from facts_world import entry, evidence, policy, snapshot
from msgspec.structs import replace
from world import to_yaml

from policy_gate.facts.changes_card import card_differences, card_gains, evidence_differences
from policy_gate.facts.facts import facts_of
from policy_gate.facts.group_comparison import group_values
from policy_gate.facts.metric_evidence import held_against_files
from policy_gate.schema.facts import CardFact, Metric, MetricEvidence
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
    "reports/own.yaml": "accuracy: 0.91\n",
}


def seen(evidence: Any, value: Any = 0.91, files: dict[str, str] | None = None, **fields: Any) -> Metric:
    numbers = {"accuracy": {"value": value, "evidence": evidence}}
    return metrics({"overall_performance": numbers}, files, **fields)[0]


def metrics(card: dict[str, Any], files: dict[str, str] | None = None, **fields: Any) -> tuple[Metric, ...]:
    return card_fact(card, files, **fields).metrics


def card_fact(card: dict[str, Any], files: dict[str, str] | None = None, **fields: Any) -> CardFact:
    tests = [{"id": "bias-benchmark-suite", "report": "reports/bias.xml"}]
    data = {"schema": "policy-gate/card/v1", "model_name": "Ranker", **card}
    item = entry(model_card="card.yaml", tests=tests, **fields)
    found = {**FILES, **(files or {}), "card.yaml": to_yaml(data)}
    results = {path: Evidence(path, "file", "0" * 40, it) for path, it in found.items() if not path.endswith("yaml")}
    tree = snapshot(item, files={**found, **results})
    system = replace(tree.systems[0], files={path: path for path in (*found, "reports/gone.json")})
    tree = replace(tree, systems=(system,))
    facts = facts_of(tree, policy())[0]
    assert facts.card is not None
    assert facts.card.cause is None, facts.card.detail
    return facts.card


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
        ("reports/own.yaml#/accuracy", 0.91),
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
        ({"test": "bias-benchmark-suite", "pointer": "/a"}, "no well-formed JSON"),
        ("reports/odd.json#/a~1b/~0/0/1", "leads nowhere"),
        ("reports/odd.json#/a~1b/~0/1/0", "leads nowhere"),
        ("reports/odd.json#/a~1b/~0/x", "leads nowhere"),
        ("reports/odd.json#/a~1b/~0/5", "leads nowhere"),
        ("reports/odd.json#/a~2b", "is no JSON pointer"),
        ("card.yaml#/none", "leads nowhere"),
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


def test_what_the_card_itself_names_for_a_number_goes_before_what_the_entry_names() -> None:
    place, other = ({"file": "reports/odd.json", "pointer": f"/a~1b/~0/{number}"} for number in (4, 0))
    for own, entrys, state in ((place, other, "shown"), (other, place, "contradicted"), (None, place, "shown")):
        numbers = {"accuracy": {"value": 0.91, **({"evidence": own} if own else {})}}
        stated = [{"name": "accuracy", "evidence": entrys}]
        assert metrics({"overall_performance": numbers}, metrics=stated)[0].evidence == state


def test_a_number_that_the_entry_contradicts_is_not_shown_by_what_the_card_names() -> None:
    numbers = {"overall_performance": {"accuracy": {"value": 0.91, "evidence": "reports/odd.json#/a~1b/~0/4"}}}
    for value, state in ((0.91, "shown"), (0.8, "contradicted")):
        (found,) = metrics(numbers, metrics=[{"name": "accuracy", "value": value}])
        assert found.evidence == state


@pytest.mark.parametrize(
    ("card", "stated", "state"),
    [
        ({}, {}, "unread"),
        ({}, {"threshold": 0.9}, "claimed"),
        ({}, {"value": "0.9 or 0.95"}, "claimed"),
        ({"accuracy": "0.9 or 0.95"}, {}, "claimed"),
        ({"accuracy": {"evidence": "reports/own.yaml#/accuracy"}}, {}, "claimed"),
        ({"accuracy": "0.9 or 0.95"}, {"value": 0.91}, "claimed"),
    ],
)
def test_what_rests_on_evidence_without_a_number_is_told_once(card: Any, stated: Any, state: str) -> None:
    entrys = [{"name": "accuracy", "evidence": {"file": "reports/own.yaml", "pointer": "/accuracy"}, **stated}]
    found = next(it for it in metrics({"overall_performance": {"f1": 0.5, **card}}, metrics=entrys) if it.name != "f1")
    assert (found.value, found.evidence) == (None, state)


def test_files_that_numbers_rest_on_are_bound_once_each() -> None:
    numbers = {
        "a": {"value": 0.91, "evidence": "reports/own.yaml#/accuracy"},
        "b": {"value": 0.9, "evidence": "reports/lm.json#/none"},
        "c": {"value": 0.9, "evidence": "reports/lm.json#/results"},
        "d": {"value": 0.9, "evidence": "reports/gone.json#/a"},
        "e": {"value": 0.9, "evidence": "../elsewhere.json#/a"},
        "f": {"value": 0.75, "evidence": {"test": "bias-benchmark-suite"}},
        "g": 0.9,
    }
    card = card_fact({"overall_performance": numbers})
    own = evidence("reports/own.yaml", FILES["reports/own.yaml"]).oid
    assert card.bound == (("reports/lm.json", "0" * 40), ("reports/own.yaml", own))
    assert "reports/gone.json is absent" in next(it for it in card.metrics if it.name == "d").evidence_said
    assert card_fact({"overall_performance": {"g": 0.9}}).bound == ()


@pytest.mark.parametrize(
    ("value", "unit", "step", "seen", "is_shown"),
    [
        # half of the last written digit, in the unit in which it is compared
        (120, "ms", 0.5, "0.1204 s", True),
        (120, "ms", 0.5, "0.1206 s", False),
        (120, "ms", 5, "0.1251 s", False),
        (0.12, "s", 0.0005, "120.4 ms", True),
        (0.12, "s", 0.0005, "120.6 ms", False),
        (0, "", 0.5, "0.4", True),
        (0, "", 0.5, "0.7", False),
        # as good as the same: by a billionth, of large numbers by that part of them
        (0.3, "", 0, "0.3", True),
        (0, "", 0, "0.000000001", True),
        (0, "", 0, "0.0000000015", False),
        (1000000000000, "", 0, "1000000000100", True),
        (1000000000000, "", 0, "1000000010000", False),
        (0.9, "", 0, "0.9 s", False),
    ],
)
def test_a_number_is_shown_by_one_that_it_is_when_rounded(
    value: float, unit: str, step: float, seen: str, is_shown: bool
) -> None:
    claim = MetricEvidence(file="r.json", pointer="/a")
    own = Metric("latency", "overall", value, unit=unit, step=step, claim=claim)
    (found,) = held_against_files([own], {"r.json": Evidence("r.json", "file", "", json.dumps({"a": seen}))})
    assert found.evidence == ("shown" if is_shown else "contradicted")


def test_a_card_without_a_system_is_held_against_the_files_that_it_names() -> None:
    def number(value: float, file: str, pointer: str = "/a") -> Metric:
        return Metric("accuracy", "overall", value, claim=MetricEvidence(file=file, pointer=pointer))

    files = {"r.json": Evidence("r.json", "file", "", '{"a": 0.9}'), "gone.json": Evidence("gone.json", "absent")}
    files["data.bin"] = Evidence("data.bin", "binary", "1" * 40)
    asked = (number(0.9, "r.json"), number(0.8, "r.json"), number(0.9, "gone.json"), number(0.9, "../r.json"),
             number(0.9, "data.bin"))  # fmt: skip
    found = held_against_files(asked, files)
    assert [it.evidence for it in found] == ["shown", "contradicted", "unread", "unread", "unread"]
    assert "data.bin is binary" in found[4].evidence_said
    assert "r.json at /a says 0.9" in found[1].evidence_said
    assert "gone.json is absent" in found[2].evidence_said
    assert "leads outside the card's folder" in found[3].evidence_said


def test_a_number_whose_result_is_another_is_told_with_both() -> None:
    def card(*states: Any, is_bound: bool = True) -> CardFact:
        claim = MetricEvidence(test="t") if is_bound else None
        numbers = [
            Metric(name, "overall", 0.9, line=line, claim=claim, evidence=state, evidence_said=f"{state}.")
            for line, (name, state) in enumerate(zip(("Accuracy", "recall"), states, strict=False), 3)
        ]
        return CardFact("card.md", "", None, "", {}, metrics=tuple(numbers))

    (told,) = evidence_differences(card("shown", "shown"), card("contradicted", "shown"))
    assert (told.kind, told.field) == ("metric-evidence-changed", "Accuracy[overall]")
    assert (told.before, told.after, told.line, told.base_line) == ("shown", "contradicted", 3, 3)
    assert (told.evidence, told.evidence_said) == ("contradicted", "contradicted.")
    assert not list(evidence_differences(card("shown"), card("unread", is_bound=False)))
    assert not list(evidence_differences(card("shown", is_bound=False), card("unread")))
    assert not list(evidence_differences(card(), card("shown", "shown")))


def test_evidence_that_leaves_with_its_number_is_told_as_one_that_leaves_alone_is() -> None:
    def card(*metrics: Metric) -> CardFact:
        return CardFact("card.md", "", None, "", {}, metrics=metrics)

    def kinds(was: Metric, *now: Metric) -> list[str]:
        return [told.kind for told in card_differences(card(was), card(*now))]

    bound = Metric("recall", "overall", 0.9, claim=MetricEvidence(test="t"), evidence="shown")
    assert kinds(bound, replace(bound, claim=None)) == ["metric-evidence-dropped"]
    assert kinds(bound) == ["metric-regressed", "metric-evidence-dropped"]
    assert kinds(replace(bound, claim=None)) == ["metric-regressed"]
    assert kinds(bound, bound) == []
    broken = replace(card(), cause="refused")
    assert not list(card_differences(card(bound), broken)), (
        "what cannot be read is told as that, and not by its numbers"
    )


def test_a_number_more_is_told_with_what_it_rests_on() -> None:
    def card(*metrics: Metric) -> CardFact:
        return CardFact("card.md", "", None, "", {}, metrics=metrics)

    known = Metric("recall", "overall", 0.9)
    added = Metric("Threshold recall", "women", 0.8, evidence="shown", evidence_said="As it is.")
    (told,) = card_gains(card(known), card(known, added))
    assert (told.kind, told.field, told.before, told.after) == ("metric-added", "Threshold recall[women]", None, 0.8)
    assert (told.evidence, told.evidence_said) == ("shown", "As it is.")
    (named,) = card_gains(card(known), card(known, replace(added, name="threshold recall")))
    assert named.kind == "metric-added", "a number may be called like a limit"
    (limit,) = card_gains(card(known), card(replace(known, threshold=0.8)))
    assert (limit.kind, limit.field, limit.evidence) == ("threshold-tightened", "threshold recall[overall]", None)
    assert not list(card_gains(card(added), card(replace(added, name="threshold RECALL"))))


def test_a_share_of_answers_binds_a_number() -> None:
    text = dumped(deepeval(40, createdAt="2026-11-20T08:00:00"))
    assert seen({"test": "bias-benchmark-suite"}, "100 %", {"reports/bias.xml": text}).evidence == "shown"
    failed = dumped(deepeval(38, 2, createdAt="2026-11-20T08:00:00"))
    assert seen({"test": "bias-benchmark-suite"}, 0.95, {"reports/bias.xml": failed}).evidence == "shown"
    assert seen({"test": "bias-benchmark-suite"}, 0.99, {"reports/bias.xml": failed}).evidence == "contradicted"


def _group(group: str, value: float | None, name: str = "selection rate", unit: str = "") -> Metric:
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
        ((_group("women", 0.3, unit="s"), _group("men", 0.5, unit="s")), (False, None, None)),
        ((_group("women", 0.3, unit="ratio"), _group("men", 0.5)), (True, 0.6, 0.2)),
        ((_group("women", None), _group("men", 0.5)), (False, None, None)),
        ((_group("women", 1.5, "score"), _group("men", 0.5, "score")), (False, None, None)),
        ((_group("women", 1.0), _group("men", 0.5)), (True, 0.5, 0.5)),
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
