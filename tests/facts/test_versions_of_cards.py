"""From one version of a card to the next: what stayed, how far numbers fell, evidence that went."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import entry, policy, snapshot
from world import to_yaml

from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of
from policy_gate.schema.change import Change
from policy_gate.schema.snapshot import Snapshot

CARD: dict[str, Any] = {
    "schema": "policy-gate/card/v1",
    "model_name": "Resume ranker",
    "version": "2.1",
    "base_model": "bert-base",
    "changelog_summary": "Retrained on the cleaned sample.",
    "primary_intended_uses": ["Order applications for a recruiter who reads all of them"],
    "training_data_description": "12,000 applications of 2019 to 2023",
    "overall_performance": {
        "accuracy": {"value": 0.9, "evidence": {"test": "bias-benchmark-suite"}},
        "latency": "90 ms",
    },
    "performance_by_group": {"women": {"recall": 0.8}, "men": {"recall": 0.9}},
}
MARKDOWN = """# Resume ranker

## Version

2.1

## Base model

bert-base

## Changelog

Retrained on the cleaned sample.

## Intended uses

- Order applications for a recruiter who reads all of them

## Training data

12,000 applications of 2019 to 2023

## Performance

| metric | value |
| --- | --- |
| accuracy | 0.9 |
| latency | 90 ms |

## Performance by group

| group | recall |
| --- | --- |
| women | 0.8 |
| men | 0.9 |
"""
BOUND = [{"name": "accuracy", "evidence": {"test": "bias-benchmark-suite"}}]


def tree(card: dict[str, Any] | str, **fields: Any) -> Snapshot:
    path = "MODEL_CARD.md" if isinstance(card, str) else "card.yaml"
    text = card if isinstance(card, str) else to_yaml(card)
    return snapshot(entry(model_card=path, **fields), files={path: text})


def between(base: Snapshot, result: Snapshot) -> tuple[Change, ...]:
    rules = policy()
    return changes_between(facts_of(base, rules), facts_of(result, rules), base, result, rules)


def told(changes: tuple[Change, ...]) -> dict[str, tuple[Any, Any]]:
    wanted = ("version-kept", "changelog-kept", "metric-evidence-dropped")
    return {change.kind: (change.before, change.after) for change in changes if change.kind in wanted}


@pytest.mark.parametrize(
    ("edits", "found"),
    [
        ({"base_model": "bert-large"}, {"version-kept": ("2.1", "base_model")}),
        ({"training_data_description": "9,000 applications"}, {"version-kept": ("2.1", "training_data_description")}),
        ({"primary_intended_uses": ["Reject applicants"]}, {"version-kept": ("2.1", "primary_intended_uses")}),
        (
            {"base_model": "bert-large", "training_data_description": "9,000"},
            {"version-kept": ("2.1", "base_model, training_data_description")},
        ),
        ({"base_model": "bert-large", "version": "2.2"}, {"changelog-kept": ("2.1", "2.2")}),
        (
            {"version": "2.2", "changelog_summary": "retrained on the CLEANED sample"},
            {"changelog-kept": ("2.1", "2.2")},
        ),
        ({"version": "2.2", "base_model": "bert-large", "changelog_summary": "A larger base."}, {}),
        ({"training_data_description": "12,000 aplications of 2019 to 2023"}, {}),
        ({"known_limitations": ["English alone"]}, {}),
        ({}, {}),
    ],
)
def test_what_stayed_although_the_model_changed(edits: dict[str, Any], found: dict[str, tuple[str, str]]) -> None:
    assert told(between(tree(CARD), tree(CARD | edits))) == found


@pytest.mark.parametrize(
    ("edits", "field"),
    [
        ({"primary_intended_uses": ["Reject applicants"]}, "purpose"),
        ({"primary_intended_uses": ["Reject applicants"], "base_model": "bert-large"}, "version"),
        ({"base_model": "bert-large"}, "version"),
    ],
)
def test_a_purpose_alone_is_told_apart_from_another_model(edits: dict[str, Any], field: str) -> None:
    kept = [change for change in between(tree(CARD), tree(CARD | edits)) if change.kind == "version-kept"]
    assert [change.field for change in kept] == [field]


def test_the_version_of_the_entry_counts_too() -> None:
    base, result = tree(CARD, model_version="2.1"), tree(CARD, model_version="2.2")
    assert told(between(base, result)) == {"version-kept": ("2.1", "model_version")}


@pytest.mark.parametrize(
    ("edits", "before", "after", "field"),
    [
        ({}, "2.1", "2.2", "version"),
        ({"primary_intended_uses": ["Reject applicants"]}, "2.1", "2.2", "version"),
        ({"primary_intended_uses": ["Reject applicants"]}, "2.1", "2.1", "purpose"),
        ({"primary_intended_uses": ["Reject applicants"]}, None, "2.2", "purpose"),
    ],
)
def test_another_version_in_the_entry_is_another_model(
    edits: dict[str, Any], before: str | None, after: str, field: str
) -> None:
    base, result = tree(CARD, model_version=before), tree(CARD | edits, model_version=after)
    kept = [change for change in between(base, result) if change.kind == "version-kept"]
    assert [change.field for change in kept] == [field]


@pytest.mark.parametrize(
    ("edits", "field", "percent"),
    [
        ({"performance_by_group": {"women": {"recall": 0.76}, "men": {"recall": 0.9}}}, "recall[women]", 5.0),
        ({"performance_by_group": {"women": {"recall": "79.9 %"}, "men": {"recall": 0.9}}}, "recall[women]", 0.125),
        ({"performance_by_group": {"women": {"recall": 0.8}}}, "recall[men]", 100.0),
        ({"overall_performance": CARD["overall_performance"] | {"latency": "0.099 s"}}, "latency[overall]", 10.0),
    ],
)
def test_a_number_fell_by_so_much_in_one_group(edits: dict[str, Any], field: str, percent: float) -> None:
    fell = [change for change in between(tree(CARD), tree(CARD | edits)) if change.kind == "metric-regressed"]
    assert [change.field for change in fell] == [field]
    assert fell[0].by_percent == pytest.approx(percent)


def test_evidence_that_goes_is_a_weakening_and_evidence_that_moves_is_none() -> None:
    bare = CARD | {"overall_performance": {"accuracy": 0.9, "latency": "90 ms"}}
    (change,) = between(tree(CARD), tree(bare))
    assert (change.kind, change.field, change.weakening) == ("metric-evidence-dropped", "accuracy[overall]", True)
    assert between(tree(CARD), tree(bare, metrics=BOUND)) == ()
    assert between(tree(bare), tree(CARD)) == ()


def test_h24_the_same_card_in_another_format_changes_nothing() -> None:
    assert between(tree(CARD), tree(MARKDOWN, metrics=BOUND)) == ()
    assert between(tree(MARKDOWN, metrics=BOUND), tree(CARD)) == ()
