"""T35, T60: a group that was held to the limit of all gets one of its own that asks for less, or may (fault E40)."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import entry, policy, snapshot
from world import to_yaml

from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of
from policy_gate.facts.held_facts import hold
from policy_gate.schema.facts import Metric
from policy_gate.schema.snapshot import Snapshot

OF_ALL = 0.8


def carded(women: Any, limit: Any = None, of_all: Any = OF_ALL) -> Snapshot:
    limits = {} if limit is None else {"women": {"recall": limit}}
    card = {
        "schema": "policy-gate/card/v1",
        "overall_performance": {"recall": 0.88},
        "performance_by_group": {"women": {"recall": women}} if women is not None else {},
        "performance_thresholds": limits if of_all is None else {"recall": of_all, **limits},
    }
    return snapshot(entry(model_card="card.yaml"), files={"card.yaml": to_yaml(card)})


def told(base: Snapshot, result: Snapshot) -> tuple[list[tuple[Any, Any]], Metric | None]:
    """What is told of the group's limit, and the group's number as it is judged."""
    was, now = facts_of(base, policy()), facts_of(result, policy())
    changes = changes_between(was, now, base, result, policy())
    card = hold(was, now, changes, policy())[0].card
    assert card is not None
    dropped = [
        (it.before, it.after) for it in changes if (it.kind, it.field) == ("limit-dropped", "threshold recall[women]")
    ]
    return dropped, next((it for it in card.metrics if it.group == "women"), None)


@pytest.mark.parametrize(
    ("before", "after", "dropped"),
    [
        ((0.6,), (0.6, 0.55), [(0.8, 0.55)]),
        ((0.6,), (0.6, 0.79), [(0.8, 0.79)]),
        ((0.9,), (0.9, 0.79), [(0.8, 0.79)]),
        ((0.6,), (0.6, "< 0.9"), [(0.8, 0.9)]),
        ((0.6,), ("60 %", "55 %"), [(0.8, 0.55)]),
        # in another unit, or one that nobody can read
        ((60,), (60, 55), [(None, 55)]),
        ((0.6,), (0.6, 55), [(0.8, 55)]),
        ((0.6,), (0.6, "0.5 or 0.6"), [(0.8, None)]),
        ((0.6, 0.7), (0.6, 0.55), [(0.7, 0.55)]),
        ((0.6, 0.7), (0.6,), [(0.7, None)]),
        # the controls: no less than that of all, a first limit where there was none, no limit, words without a number
        ((0.6,), (0.6, 0.8), []),
        ((0.6,), (0.6, 0.9), []),
        ((0.6,), ("60 %", "80 %"), []),
        ((0.6, None, None), (0.6, 0.5, None), []),
        ((None,), (0.6, 0.5), []),
        ((0.6,), (0.7,), []),
        ((60,), (60,), []),
        ((0.6,), (0.6, "as agreed"), []),
        ((0.6,), (None,), []),
        ((0.6, 0.5), (0.6, 0.55), []),
    ],
)  # fmt: skip
def test_t35_a_groups_own_limit_that_asks_for_less_than_that_of_all_is_a_weakening(
    before: tuple[Any, ...], after: tuple[Any, ...], dropped: list[tuple[Any, Any]]
) -> None:
    assert told(carded(*before), carded(*after))[0] == dropped


def of_groups(groups: Any, limits: dict[str, Any] | None = None) -> Snapshot:
    """A card with a limit of all, these numbers of groups and these limits of their own."""
    card = {
        "schema": "policy-gate/card/v1",
        "overall_performance": {"recall": 0.88},
        "performance_by_group": {**groups, "men": {"recall": 0.9}},
        "performance_thresholds": {"recall": OF_ALL, **(limits or {})},
    }
    return snapshot(entry(model_card="card.yaml"), files={"card.yaml": to_yaml(card)})


def drops(base: Snapshot, result: Snapshot) -> list[tuple[Any, Any]]:
    was, now = facts_of(base, policy()), facts_of(result, policy())
    changes = changes_between(was, now, base, result, policy())
    return [(it.before, it.after) for it in changes if it.kind == "limit-dropped"]


LOW = {"women": {"recall": 0.5}}


@pytest.mark.parametrize("said", ["n/a", "-", "pending", None, "0.9 or 0.6", "approx. 0.5?"])
def test_t35_a_number_that_was_taken_out_first_leaves_its_group_under_the_limit_of_all(said: Any) -> None:
    base = of_groups({"women": {"recall": said}})
    assert drops(of_groups({"women": {"recall": 0.55}}), base) == [], "the step before: told as a number that is gone"
    assert drops(base, of_groups({"women": {"recall": 0.55}}, LOW)) == [(0.8, 0.5)]
    assert drops(base, of_groups({"women": {"recall": 0.55}}, {"women": {"recall": 0.8}})) == [], "control: no less"
    assert drops(base, of_groups({"women": {"recall": 0.55}})) == [], "control: none of its own"


@pytest.mark.parametrize(
    ("before", "after", "limits"),
    [
        ({"women": "n/a"}, {"women": {"recall": 0.55}}, LOW),
        ({"women": "n/a"}, {"women": {"recall": {"value": 0.55, "min": 0.5}}}, {}),
        ({"women": {"recall": "n/a"}}, {"Women": {"Recall": 0.55}}, {"Women": {"Recall": 0.5}}),
        ({"women": {"recall": "n/a"}}, {"women": {"recall": "n/a"}}, LOW),
    ],
)
def test_t35_so_it_is_in_other_forms_of_the_same(before: Any, after: Any, limits: dict[str, Any]) -> None:
    assert len(drops(of_groups(before), of_groups(after, limits))) == 1
    assert drops(of_groups(before), of_groups(after)) == [] or "value" in str(after)


def test_t35_control_a_group_that_comes_may_have_a_limit_of_its_own() -> None:
    assert drops(of_groups({}), of_groups({"women": {"recall": 0.55}}, LOW)) == []
    assert drops(of_groups({"women": {"recall": "n/a"}}, LOW), of_groups({"women": {"recall": 0.55}}, LOW)) == []


def test_e40_control_a_group_without_a_number_misses_no_limit() -> None:
    card = facts_of(of_groups({"women": {"recall": "n/a"}}), policy())[0].card
    assert card is not None
    assert [it.has_overall_limit for it in card.metrics if it.group == "women"] == [False]


def test_d41_a_limit_of_all_that_is_lowered_holds_its_groups_as_base_s() -> None:
    number = told(carded(0.6), carded(0.6, of_all=0.5))[1]
    assert number is not None
    assert (number.overall_limit, number.meets_overall_limit) == (0.8, False)
    lowered = told(carded(0.6, 0.5), carded(0.6, 0.5, of_all=0.5))[1]
    assert lowered is not None
    assert (lowered.threshold, lowered.has_overall_limit) == (0.5, False), "it had its own"
