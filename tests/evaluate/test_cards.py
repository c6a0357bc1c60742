"""Which fields of a model card a tier wants, and when one counts as stated."""

from __future__ import annotations

import pytest
from decision_world import RULES, facts, only, outcomes, rules_with
from msgspec.structs import replace

from policy_gate.evaluate.cards import wanted_fields
from policy_gate.schema.finding import Outcome
from policy_gate.schema.vocabulary import TIERS


def of(groups: int | None = None, tier: str = "high", **card: str) -> Outcome:
    found = facts(tier, card=card)
    if groups is not None:
        assert found.card is not None
        found = replace(found, card=replace(found.card, groups=groups))
    return only(outcomes(found), "model-card", "model-card")


@pytest.mark.parametrize(("groups", "state"), [(0, "gap"), (1, "gap"), (2, "met"), (3, "met")])
def test_performance_by_group_takes_two_groups(groups: int, state: str) -> None:
    found = of(groups)
    assert found.state == state
    if state == "gap":
        assert found.wanted == "Performance by group"
        assert "at least two groups" in found.details[0]


def test_a_tier_that_does_not_ask_for_groups_takes_none() -> None:
    assert of(0, "medium").state == "met"


@pytest.mark.parametrize("state", ["absent", "placeholder"])
@pytest.mark.parametrize("tier", ["medium", "high", "critical"])
def test_every_field_that_a_tier_wants_must_be_stated_and_no_other(tier: str, state: str) -> None:
    wanted = {spec.id for spec in RULES.card_fields if tier in spec.tiers} - {"performance_by_group"}
    for spec in RULES.card_fields:
        if spec.id != "performance_by_group":
            found = of(tier=tier, **{spec.id: state})
            assert (found.state == "gap") == (spec.id in wanted), (tier, spec.id)
            if found.state == "gap":
                assert (found.cause, found.wanted) == ("thin", spec.title)
                assert ("placeholder" in found.details[0]) == (state == "placeholder")


def test_the_first_line_that_lacks_something_is_the_place() -> None:
    both = of(known_limitations="placeholder", failure_modes="placeholder")
    assert both.location is not None
    assert len(both.details) == 2
    lines = [int(detail.partition("line ")[2].split()[0]) for detail in both.details]
    assert both.location.line == min(lines)
    assert of(known_limitations="absent").location.line == 1  # type: ignore[union-attr]


def test_a_requirement_that_names_fields_wants_these_whatever_the_tier() -> None:
    named = ("known_limitations", "safety_risks")
    for tier in TIERS:
        assert {spec.id for spec in wanted_fields(named, tier, RULES)} == set(named)
    assert len(wanted_fields((), "critical", RULES)) > len(wanted_fields((), "high", RULES)) > 2
    assert wanted_fields((), "low", RULES) == ()


@pytest.mark.parametrize("whole", ["empty", "template", "refused"])
def test_a_card_that_cannot_be_read_states_nothing(whole: str) -> None:
    found = of(complete=whole)
    assert (found.state, found.cause) == ("gap", whole)


def test_no_card_at_all_is_a_gap_at_the_line_that_would_name_it() -> None:
    found = replace(facts(), card=None)
    artifacts = {name: fact for name, fact in found.artifacts.items() if name != "model-card"}
    lacking = only(outcomes(replace(found, artifacts=artifacts)), "model-card", "model-card")
    assert (lacking.state, lacking.cause) == ("gap", "absent")
    assert "model_card" in lacking.seen


def test_a_card_that_the_change_must_have_worked_on_says_something_else() -> None:
    rule = "card-after-change"
    rules = rules_with(rule, for_each="system", when=None)
    now = facts()
    assert now.card is not None
    version = replace(now.card.fields["version"], text="9.9.9")
    other = replace(now, card=replace(now.card, oid="9" * 40, fields={**now.card.fields, "version": version}))
    touched = replace(now, card=replace(now.card, oid="9" * 40))
    assert only(outcomes(touched, rules=rules, earlier=now), rule, "model-card").cause == "stale", "blanks are no work"
    none = replace(now, card=None)
    assert only(outcomes(now, rules=rules, earlier=now), rule, "model-card").cause == "stale"
    assert only(outcomes(other, rules=rules, earlier=now), rule, "model-card").state == "met"
    assert only(outcomes(now, rules=rules, earlier=none), rule, "model-card").state == "met"
    assert only(outcomes(now, rules=rules), rule, "model-card").state == "met"
    assert only(outcomes(now, earlier=now), "model-card", "model-card").state == "met", "others do not ask for work"


def test_a_card_that_states_nothing_lacks_every_field() -> None:
    card = facts().card
    assert card is not None
    bare = replace(facts(), card=replace(card, fields={}, groups=0))
    (found,) = [item for item in outcomes(bare) if item.rule.id == "model-card"]
    assert (found.state, found.cause) == ("gap", "thin")
    assert found.seen.startswith("0 of ")
    assert found.location is not None
    assert found.location.line == 1
