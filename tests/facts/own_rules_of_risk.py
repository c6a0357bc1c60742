"""The shipped policies with one floor or one law class more."""

from __future__ import annotations

from functools import cache

from policy_gate.collect.policy_files import builtin_layer
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document


@cache
def with_floor(when: str, tier: str) -> RuleSet:
    """A floor `own` under this condition."""
    return _with(f"floors:\n  - id: own\n    title: Own\n    why: So.\n    when: '{when}'\n    tier: {tier}\n")


@cache
def with_law_class(when: str) -> RuleSet:
    """A law class `eu-ai-act:own` under this condition."""
    return _with(
        "law_classes:\n  - id: eu-ai-act:own\n    title: Own\n    regulation: eu-ai-act\n    rank: 1\n"
        f"    citation: Own\n    when: '{when}'\n"
    )


def _with(items: str) -> RuleSet:
    path = "policies/own.yaml"
    raw, marks = read_yaml(path, f"schema: policy-gate/policy/v1\n{items}".encode())
    own = LayerSource("repository", "base:policies", (Document(path, "0" * 40, raw, marks),))
    return load_policies((builtin_layer(with_cases=False), own))
