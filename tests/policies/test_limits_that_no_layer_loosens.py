"""What the shipped policies let no later layer loosen: New York City takes an audit of one year at most."""

from __future__ import annotations

import pytest

from policy_gate.collect.policy_files import builtin_layer
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import PolicyError
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document


def with_audit(fields: str) -> RuleSet:
    text = f"schema: policy-gate/policy/v1\nartifacts:\n  - id: independent-bias-audit\n    {fields}\n"
    raw, marks = read_yaml("own.yaml", text.encode())
    document = Document("own.yaml", "0" * 40, raw, marks)
    return load_policies((builtin_layer(), LayerSource("organisation", "organisation", (document,), trusted=True)))


@pytest.mark.parametrize("fields", ["max_age: P13M", "max_age: {high: P2Y}", "max_age: null", "overridable: true"])
def test_no_layer_takes_an_audit_that_is_older_than_a_year(fields: str) -> None:
    with pytest.raises(PolicyError) as refused:
        with_audit(fields)
    assert " loosens " in str(refused.value.problems[0].message) or " drops " in refused.value.problems[0].message


@pytest.mark.parametrize("fields", ["max_age: P6M", "responsible: [legal]"])
def test_control_a_layer_may_ask_for_a_newer_one_and_say_who_sees_to_it(fields: str) -> None:
    assert with_audit(fields).notes == ()
