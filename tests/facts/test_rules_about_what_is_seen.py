"""Which policies have the code of every system looked at: those that read what it shows, and no others."""

from __future__ import annotations

import pytest

from policy_gate.app.views import builtin_policies
from policy_gate.collect.policy_files import builtin_layer
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.facts.conditions_asked import asks_what_is_seen
from policy_gate.policy.load import load_policies
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
