"""D41: base's value judges for the whole of the change that weakens it, approved or not; then the new one does."""

from __future__ import annotations

import pytest
from decision_world import change, claim, evaluation, facts, one, outcomes, people, report, weighed
from msgspec.structs import replace

from policy_gate.schema.change import Change
from policy_gate.schema.evaluation import Evaluation

LACKING = {"artifacts": {"red-team-report": "absent"}}
LOWERED = change("tier-lowered", "tier", "high", "medium")
POINTS = change("dimension-lowered", "decision_impact", "employment", "financial")


def lowering() -> Evaluation:
    """A system that lowers its tier in the change that would enter a gate of the higher one without its papers."""
    moved = change("stage-advanced", "stage", "development", "pre_deployment")
    return evaluation([facts("high", "development")], [facts("medium", **LACKING)], [LOWERED, POINTS, moved])


def test_d41_the_old_tier_judges_while_the_new_one_is_asked_for() -> None:
    made = lowering()
    (now,), (declared,) = made.now, made.declared
    assert (declared.tier, now.tier, now.values["system.tier"]) == ("medium", "high", "high")
    found = weighed(made)
    assert one(found, "red-team-engagement").outcome.state == "gap"
    alone = outcomes(facts("medium", **LACKING))
    assert "red-team-engagement" not in {item.rule.id for item in alone}, "the control: medium does not want it"


def test_d41_an_approval_lets_it_merge_and_changes_nothing_of_what_judges() -> None:
    made = lowering()
    silent = weighed(made)
    digests = {(item.outcome.key, item.digest) for item in silent if item.for_}
    yes = [claim("ai-safety-lead", "tier-lowering", one(silent, "tier-lowering").digest)]
    approved = weighed(made, people(*yes))
    assert one(approved, "tier-lowering").outcome.state == "met"
    assert one(approved, "red-team-engagement").outcome.state == "gap"
    assert {(item.outcome.key, item.digest) for item in approved if item.for_} == digests, "no digest moved"
    assert report(made, people(*yes)).verdict == "block"


def test_d41_from_the_next_change_on_the_new_value_judges() -> None:
    merged = facts("medium", **LACKING)
    again = evaluation([merged], [replace(merged)], [change("path-widened", "paths")])
    assert again.now[0].tier == "medium"
    assert "red-team-engagement" not in {item.outcome.rule.id for item in weighed(again)}


@pytest.mark.parametrize("weakening", [False, True])
def test_d41_only_what_is_a_weakening_is_held(weakening: bool) -> None:
    told = [replace(item, weakening=weakening) for item in (LOWERED, POINTS)]
    made = evaluation([facts("high")], [facts("medium")], told)
    assert made.now[0].tier == ("high" if weakening else "medium")
    other = Change("dimension-lowered", "OTHER", "decision_impact", 4, 3, weakening=True)
    assert evaluation([facts("high")], [facts("medium")], [other]).now[0].tier == "medium"
