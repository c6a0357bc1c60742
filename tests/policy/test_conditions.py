"""Conditions: true, false, unknown with the facts to supply; faults of the policy are errors."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
from small_policies import base, policies_of

from policy_gate.errors import PolicyError, UsageError
from policy_gate.policy.load import compile_condition
from policy_gate.schema.rule_condition import Truth

POLICIES = policies_of()


def truth(text: str, facts: dict[str, Any]) -> Truth:
    return compile_condition(text, "system", POLICIES).truth(facts)


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ('system.tier == "high"', {"system.tier": "high"}, Truth(True)),
        ('system.tier == "high"', {"system.tier": "low"}, Truth(False)),
        ('system.tier == "high"', {}, Truth(None, ("system.tier",))),
        ("false && system.eu_market", {}, Truth(False)),
        ("system.eu_market && false", {}, Truth(False)),
        ("system.eu_market || true", {}, Truth(True)),
        ("system.users > 3 && system.eu_market", {"system.users": 1}, Truth(False)),
        ("system.users > 3 && system.eu_market", {"system.users": 5}, Truth(None, ("system.eu_market",))),
        (
            'system.users > 3 && system.eu_market && system.tier == "x"',
            {"system.eu_market": True},
            Truth(None, ("system.users", "system.tier")),
        ),
        ('!("eu_market" in system.declared) || system.eu_market', {"system.declared": []}, Truth(True)),
        ('system.law_class.exists(c, c.startsWith("eu-"))', {"system.law_class": ("eu-ai-act:x",)}, Truth(True)),
        ('system.deployment_date < today.date', {"system.deployment_date": "2026", "today.date": "2027"}, Truth(True)),
        ('"system.users" == system.tier', {}, Truth(None, ("system.tier",))),
    ],
)  # fmt: skip
def test_missing_decides_nothing_unless_it_matters(text: str, facts: dict[str, Any], expected: Truth) -> None:
    assert truth(text, facts) == expected
    assert compile_condition(text, "system", POLICIES).truth(MappingProxyType(facts)) == expected


@pytest.mark.parametrize("said", [True, False, None])
def test_a_condition_that_is_one_fact_is_what_the_same_is_to_the_runtime(said: bool | None) -> None:
    facts = {} if said is None else {"system.eu_market": said}
    assert truth("system.eu_market", facts) == truth("(system.eu_market)", facts)


def test_a_fact_of_another_type_than_declared_is_no_truth_value() -> None:
    with pytest.raises(PolicyError, match="cannot be evaluated"):
        truth("system.eu_market", {"system.eu_market": "yes"})


def test_facts_that_change_in_place_are_seen() -> None:
    asked = compile_condition('system.tier == "high"', "system", POLICIES)
    facts: dict[str, Any] = {}
    assert asked.truth(facts).value is None
    facts["system.tier"] = "high"
    assert asked.truth(facts).value is True
    facts["system.tier"] = "low"
    assert asked.truth(facts).value is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 / system.users == 1", "divide by zero"),
        ('system.law_class[3] == "x"', "Index error"),
        ('system.tier.matches("[")', "regular expression"),
        ("system.eu_market", "Unexpected value type"),
        (
            "[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3,4,5,6,7,8,9].all(c,"
            " [1,2,3,4,5,6,7,8,9].all(d, [1,2,3,4,5,6,7,8,9].all(e, a + b + c + d + e > 0)))))",
            "budget",
        ),
    ],
)
def test_any_other_failure_is_a_fault_of_the_policy(text: str, said: str) -> None:
    facts = {"system.users": 0, "system.law_class": ["a"], "system.tier": "low", "system.eu_market": "yes"}
    with pytest.raises(PolicyError) as fault:
        truth(text, facts)
    assert said in fault.value.message
    assert fault.value.problems[0].path == "expression"


def test_a_fault_at_evaluation_names_the_place_of_the_condition() -> None:
    text = (
        "rules:\n  - {id: odd, title: Odd, why: So., when: 1 / system.users == 1, enforcement: advise,"
        " require: [{test: bias-suite}]}\n"
    )
    rule = policies_of(base(text)).rules[-1]
    assert rule.when is not None
    with pytest.raises(PolicyError) as fault:
        rule.when.truth({"system.users": 0})
    assert str(fault.value.problems[0].location) == "policies/own.yaml:3:43"


@pytest.mark.parametrize("text", ["system.tierr", "", "(" * 200, "system.users", '"\ud800"'])
def test_an_expression_with_faults_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        compile_condition(text, "system", POLICIES)
    assert refusal.value.problems
    assert refusal.value.exit_code == 2


def test_a_subject_sees_its_own_names_beside_the_system() -> None:
    asked = compile_condition('change.weakening && system.tier == "high" && today.date > "2026"', "change", POLICIES)
    facts = {"change.weakening": True, "system.tier": "high", "today.date": "2027-01-01"}
    assert asked.truth(facts) == Truth(True)
    with pytest.raises(UsageError, match=r"change\.weakening"):
        compile_condition("change.weakening", "vendor", POLICIES)
