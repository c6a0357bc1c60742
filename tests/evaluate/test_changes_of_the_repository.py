"""Rules about policies, CI files and waivers are evaluated as all others are."""

from __future__ import annotations

import pytest
from decision_world import RULES, change, evaluation, facts, rules_with
from own_rules import findings, own_rule, problems

from policy_gate.policy.load import compile_condition

POLICIES = {"kind": "policy-changed", "field": "policies/a.yaml"}
OF_POLICIES = 'change.kind == "policy-changed"'
LEGAL = "[{approval: legal}]"
TRUE = "{that: 'change.field.startsWith(\"policies/\")', message: Elsewhere}"
FALSE = "{that: 'change.field.startsWith(\"rules/\")', message: Elsewhere}"


def test_a_rule_that_holds_now_blocks() -> None:
    (found,) = findings(own_rule(OF_POLICIES, LEGAL), POLICIES)
    assert (found.kind, found.state, found.blocks) == ("approval", "gap", True)
    assert found.seen == "policies/a.yaml changed"
    assert found.system is None


def test_a_rule_that_is_not_effective_yet_is_upcoming() -> None:
    (found,) = findings(own_rule(OF_POLICIES, LEGAL, "    effective: 2099-01-01\n"), POLICIES)
    assert (found.state, found.blocks, found.blame) == ("upcoming", False, None)
    assert str(found.due) == "2099-01-01"


@pytest.mark.parametrize(("that", "state"), [(TRUE, "met"), (FALSE, "gap")])
def test_a_condition_is_evaluated(that: str, state: str) -> None:
    (found,) = findings(own_rule(OF_POLICIES, f"[{that}]"), POLICIES)
    assert found.state == state
    assert found.blocks is (state == "gap")
    assert found.message == ("Elsewhere" if state == "gap" else "Mine")


def test_a_requirement_is_wanted_only_where_its_own_condition_holds() -> None:
    require = "[{approval: legal, when: 'change.field == \"policies/b.yaml\"'}]"
    (found,) = findings(own_rule(OF_POLICIES, require), POLICIES)
    assert found.state == "not-applicable"
    (found,) = findings(own_rule(OF_POLICIES, require), {**POLICIES, "field": "policies/b.yaml"})
    assert found.state == "gap"


@pytest.mark.parametrize(("parts", "state"), [((FALSE, TRUE), "met"), ((FALSE, FALSE), "gap")])
def test_one_of_several_is_enough(parts: tuple[str, str], state: str) -> None:
    (found,) = findings(own_rule(OF_POLICIES, f"[{{any_of: [{', '.join(parts)}]}}]"), POLICIES)
    assert found.state == state


def test_a_rule_may_be_about_changes_of_both() -> None:
    text = own_rule('change.kind in ["policy-changed", "data-changed"]', LEGAL)
    found = findings(text, POLICIES, {"kind": "data-changed", "field": "training_data_description"})
    assert [(item.system, item.state) for item in found] == [("CASE", "gap"), (None, "gap")]


def test_a_rule_limited_to_systems_sees_their_facts() -> None:
    text = own_rule('change.of == "system" && system.tier == "low"', LEGAL)
    found = findings(text, POLICIES, {"kind": "data-changed", "field": "training_data_description"})
    assert [item.system for item in found] == ["CASE"]
    assert not problems(text)


def test_a_part_for_systems_beside_one_for_the_repository_is_sound() -> None:
    parts = "[{approval: legal}, {artifact: model-card, when: 'change.of == \"system\"'}]"
    text = own_rule('change.kind in ["policy-changed", "data-changed"]', parts)
    assert not problems(text)
    assert {item.kind for item in findings(text, POLICIES) if item.state == "gap"} == {"approval"}


def test_one_rule_finds_each_change_in_the_order_of_the_changes() -> None:
    changes = [{"kind": kind, "field": "a"} for kind in ("policy-changed", "enforcement-changed", "waivers-changed")]
    found = findings(own_rule('change.of == "repository"', f"[{FALSE}]"), *changes)
    assert len(found) == 3


@pytest.mark.parametrize("kind", ["artifact", "test"])
def test_the_repository_has_no_papers_of_its_own(kind: str) -> None:
    paper = next(want for rule in RULES.rules for want in rule.requirements if want.kind == kind)
    rules = rules_with("policy-change", requirements=(paper,))
    edit = change("policy-changed", "policies/a.yaml", "1", "2", system=None)
    made = evaluation([facts()], [facts()], [edit], rules)
    (found,) = [item for item in made.after if item.rule.id == "policy-change"]
    assert (found.state, found.cause) == ("gap", "refused")
    assert found.seen == f"the repository itself has no {kind} of its own"


def test_what_nobody_could_state_of_the_repository_is_unknown_and_the_rule_is_at_fault() -> None:
    when = compile_condition(f'{OF_POLICIES} && system.tier == "low"', "change", RULES)
    edit = change("policy-changed", "policies/a.yaml", "1", "2", system=None)
    made = evaluation([facts()], [facts()], [edit], rules_with("policy-change", when=when))
    found = next(item for item in made.after if item.rule.id == "policy-change")
    assert (found.state, found.cause, found.missing_facts) == ("unknown", "unknown", ())
    assert found.seen == "the repository itself has no system.tier"
