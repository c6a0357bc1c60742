"""Points, score and tier against what the lesson's own code gave; ranges, floors, required controls."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from facts_world import PROFILE, entry, policy, snapshot
from msgspec.structs import replace

from policy_gate.facts.facts import facts_of
from policy_gate.facts.risk_score import rate, tier_of
from policy_gate.policy.load import compile_condition
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import Floor

LESSON = json.loads((Path(__file__).parent / "lesson_scores.json").read_text())
TIERS = {"l": "low", "m": "medium", "h": "high", "c": "critical"}
SYSTEMS = {
    "SYS-001": ("employment", "partial", "sensitive", "general_public", "thousands", "difficult_to_reverse"),
    "SYS-002": ("financial", "partial", "sensitive", "general_public", "thousands", "reversible"),
    "SYS-003": ("informational", "full", "sensitive", "professionals", "internal", "reversible"),
}


def only(*entries: dict[str, object]) -> Facts:
    return facts_of(snapshot(*entries), policy())[0]


def test_all_combinations_score_as_in_the_lesson() -> None:
    scores = [int(score) for line in LESSON["scores"] for score in line.split()]
    tiers = [TIERS[letter] for line in LESSON["tiers"] for letter in line]
    combinations = list(product(*LESSON["order"].values()))
    assert len(combinations) == len(scores) == len(tiers) == 2592
    for combination, score, tier in zip(combinations, scores, tiers, strict=True):
        values = {f"system.{name}": value for name, value in zip(LESSON["order"], combination, strict=True)}
        values["system.declared"] = sorted(LESSON["order"])
        rating = rate(values, policy())
        assert (rating.score, rating.score_range, rating.score_tier) == (score, (score, score), tier), combination


def test_a_rating_is_the_same_where_nobody_can_say_what_it_is_rated_from() -> None:
    reads = compile_condition("system . eu_market", "system", policy())
    assert reads.names is None
    scoring = policy().scoring
    blind = replace(policy(), scoring=replace(scoring, floors=(*scoring.floors, Floor("any", reads, "low", "Any"))))
    values: dict[str, Any] = {f"system.{name}": words[-1] for name, words in LESSON["order"].items()}
    values |= {"system.declared": sorted(LESSON["order"]), "system.eu_market": False}
    assert rate(values, blind) == rate(values, policy())


def test_required_controls_are_the_lessons_lists() -> None:
    got = {tier: [control.replace("-", "_") for control in ids] for tier, ids in policy().controls_by_tier.items()}
    assert got == LESSON["controls"]


@pytest.mark.parametrize(
    ("id_", "score", "tier"), [("SYS-001", 13, "high"), ("SYS-002", 11, "medium"), ("SYS-003", 6, "low")]
)
def test_the_three_systems_of_the_lesson(id_: str, score: int, tier: str) -> None:
    facts = only(entry(risk_profile=dict(zip(PROFILE, SYSTEMS[id_], strict=True))))
    assert (facts.rating.score, facts.tier, facts.rating.score_tier, facts.rating.undeclared) == (score, tier, tier, ())
    assert policy().scoring.score_range == (5, 23)


def test_a_missing_dimension_gives_a_range_judged_at_its_top() -> None:
    profile = dict(zip(PROFILE, SYSTEMS["SYS-002"], strict=True)) | {"human_oversight": None}
    facts = only(entry(risk_profile={name: value for name, value in profile.items() if value}))
    assert (facts.rating.score, facts.rating.score_tier, facts.rating.score_range) == (None, None, (10, 13))
    assert (facts.tier, facts.rating.tier_range, facts.rating.undeclared) == (
        "high",
        ("medium", "high"),
        ("human_oversight",),
    )
    assert "system.score" not in facts.values
    assert "system.human_oversight" not in facts.values


def test_an_empty_profile_spans_everything() -> None:
    facts = only(entry(risk_profile={}))
    assert facts.rating.score_range == (5, 23)
    assert facts.rating.tier_range == ("low", "critical")
    assert facts.tier == "critical"


def test_life_safety_is_never_below_high_though_its_points_say_medium() -> None:
    profile = dict(zip(PROFILE, SYSTEMS["SYS-003"], strict=True)) | {"decision_impact": "life_safety"}
    facts = only(entry(risk_profile=profile))
    assert (facts.rating.score, facts.rating.score_tier, facts.tier, facts.rating.floors) == (
        10,
        "medium",
        "high",
        ("life-safety",),
    )


def test_a_floor_that_a_missing_dimension_could_bring_raises_the_top_only() -> None:
    profile = dict(zip(PROFILE, SYSTEMS["SYS-003"], strict=True))
    del profile["decision_impact"]
    facts = only(entry(risk_profile=profile))
    assert (facts.rating.score_range, facts.rating.tier_range, facts.tier) == ((6, 10), ("low", "high"), "high")


def test_an_annex_iii_employment_use_is_high_and_has_its_law_class() -> None:
    profile = dict(zip(PROFILE, SYSTEMS["SYS-003"], strict=True))
    facts = only(entry(risk_profile=profile, facts={"annex_iii_points": ["4-a"], "eu_market": True}))
    assert (facts.rating.score, facts.rating.score_tier, facts.tier) == (6, "low", "high")
    assert facts.law_class == ("eu-ai-act:high-risk-annex-iii",)


@pytest.mark.parametrize(("score", "tier"), [(6, "low"), (7, "medium"), (11, "medium"), (12, "high"), (17, "critical")])
def test_thresholds(score: int, tier: str) -> None:
    assert tier_of(score, policy().scoring) == tier
