"""D24: a rating with gaps: what is not known yet, what floors could come of it, and what an own floor may read."""

from __future__ import annotations

from typing import Any

from facts_world import PROFILE, entry, policy, snapshot
from msgspec.structs import replace
from own_rules_of_risk import with_floor

from policy_gate.facts.facts import facts_of
from policy_gate.facts.risk_score import tier_of
from policy_gate.policy.load import compile_condition
from policy_gate.schema.facts import Rating
from policy_gate.schema.rule_set import Floor, RuleSet

LOW = {
    "decision_impact": "informational",
    "human_oversight": "full",
    "data_sensitivity": "sensitive",
    "user_vulnerability": "professionals",
    "deployment_scale": "internal",
    "decision_reversibility": "reversible",
}


def rating(rules: RuleSet, *without: str, facts: dict[str, Any] | None = None, **profile: str) -> Rating:
    named = {name: value for name, value in (PROFILE | LOW | profile).items() if name not in without}
    return facts_of(snapshot(entry(risk_profile=named, facts=facts or {})), rules)[0].rating


def with_floors(*conditions: str, tier: Any = "critical") -> RuleSet:
    scoring = policy().scoring
    own = (
        Floor(f"own-{at}", compile_condition(it, "system", policy()), tier, "Own") for at, it in enumerate(conditions)
    )
    return replace(policy(), scoring=replace(scoring, floors=(*scoring.floors, *own)))


def test_an_own_floor_reads_the_law_class_that_a_use_has() -> None:
    rules = with_floor('"eu-ai-act:high-risk-annex-iii" in system.law_class', "critical")
    listed = {"annex_iii_points": ["4-a"], "eu_market": True}
    assert rating(rules, facts=listed).tier_range == ("critical", "critical")
    assert rating(rules, facts={**listed, "eu_market": False}).tier_range == ("low", "low"), "the control: no such use"


def test_points_that_are_not_all_known_give_no_tier_of_their_own() -> None:
    for without, tier in (((), "low"), (("deployment_scale",), None)):
        assert rating(policy(), *without).score_tier == tier


def test_what_a_floor_waits_for_is_named_once() -> None:
    found = rating(policy(), "decision_impact")
    assert (found.tier_range, found.undeclared) == (("low", "high"), ("decision_impact",))


def test_what_each_of_several_floors_waits_for_is_named() -> None:
    both = with_floors("system.user_facing && system.business_critical", "system.agentic_ai")
    assert rating(both).undeclared == ("business_critical", "user_facing", "agentic_ai")
    assert rating(both, facts={"agentic_ai": False}).undeclared == ("business_critical", "user_facing")
    assert rating(both, facts={"agentic_ai": True}).undeclared == (), "one that holds leaves nothing to wait for"


def test_policies_that_leave_few_points_without_a_tier_leave_them_the_lowest() -> None:
    late = replace(policy().scoring, thresholds=(("medium", 9), ("low", 6)))
    assert [tier_of(score, late) for score in (5, 6, 9)] == ["low", "low", "medium"]
