"""Which policies have the code of every system looked at: those that read what it shows, and no others."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from policy_gate.app.views import builtin_policies
from policy_gate.collect.policy_files import builtin_layer
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.facts.conditions_asked import asks_what_is_seen
from policy_gate.policy.load import compile_condition, load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document

READ = [
    "system.observed_models.size() > 1",
    "system . observed_hosts == []",
    '"openai" in system.observed_vendors && system.stage == "production"',
]
COMPARED = ['change.field.startsWith("observed_")', 'change.field == "observed_models"']


def with_rule(when: str, for_each: str) -> RuleSet:
    text = (
        "schema: policy-gate/policy/v1\nrules:\n  - id: mine\n    title: Mine\n    why: So.\n"
        f"    for_each: {for_each}\n    enforcement: block\n    when: '{when}'\n"
        "    require: [{that: 'false', message: No.}]\n"
    )
    path = "policies/own.yaml"
    raw, marks = read_yaml(path, text.encode())
    own = LayerSource("repository", "own", (Document(path, "0" * 40, raw, marks),), trusted=True)
    return load_policies((builtin_layer(with_cases=False), own))


def test_the_shipped_rules_compare_names_and_read_no_code_of_systems_at_rest() -> None:
    assert not asks_what_is_seen(builtin_policies())


@pytest.mark.parametrize("when", READ)
def test_a_condition_that_reads_what_is_seen_asks_for_it(when: str) -> None:
    assert asks_what_is_seen(with_rule(when, "system"))


@pytest.mark.parametrize("when", COMPARED)
def test_a_word_that_is_only_compared_with_asks_for_nothing(when: str) -> None:
    assert not asks_what_is_seen(with_rule(when, "change"))


@pytest.mark.parametrize("name", ["floor", "law class", "rule", "requirement", "statement", "part of a choice"])
def test_wherever_a_condition_stands_it_asks_for_what_it_reads(name: str) -> None:
    rules = builtin_policies()
    seen = compile_condition("system.observed_models.size() > 1", "system", rules)
    scoring, first = rules.scoring, rules.rules[0]
    want = first.requirements[0]

    def with_first(**fields: Any) -> RuleSet:
        return replace(rules, rules=(replace(first, **fields), *rules.rules[1:]))

    others = {
        "floor": lambda: replace(rules, scoring=replace(scoring, floors=(replace(scoring.floors[0], when=seen),))),
        "law class": lambda: replace(
            rules, scoring=replace(scoring, law_classes=(replace(scoring.law_classes[0], when=seen),))
        ),
        "rule": lambda: with_first(when=seen),
        "requirement": lambda: with_first(requirements=(replace(want, when=(seen,)), *first.requirements[1:])),
        "statement": lambda: with_first(requirements=(replace(want, condition=seen),)),
        "part of a choice": lambda: with_first(
            requirements=(replace(want, alternatives=(replace(want, when=(seen,)),)),)
        ),
    }
    assert asks_what_is_seen(others[name]())
    assert not asks_what_is_seen(with_first(when=None))
