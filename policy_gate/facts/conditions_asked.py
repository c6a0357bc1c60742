"""What the conditions of the policies name that is looked up only where one asks for it."""

from __future__ import annotations

from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.rule_set import RuleSet


def asks_what_is_seen(policy: RuleSet) -> bool:
    """Whether one names what the code of a system shows, so that all of it is looked at."""
    return _is_read("system.observed_", policy)


def asks_who_wrote(policy: RuleSet) -> bool:
    """Whether one names who wrote the commits of a change."""
    return _is_read("change.by_agent", policy)


def _is_read(name: str, policy: RuleSet) -> bool:
    """Whether one has a variable that begins so."""
    said = name.rpartition(".")[2]
    return any(said in condition.text and _reads(condition, name) for condition in policy.conditions)


def _reads(condition: Condition, name: str) -> bool:
    """Whether it has such a variable, or that cannot be said; a text that it compares with is none."""
    return condition.names is None or any(read.startswith(name) for read in condition.names)
