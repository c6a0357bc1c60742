"""What the conditions of the policies name that is looked up only where one asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.schema.rule import every_part
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
    known: dict[str, bool] = policy.remembered.setdefault("names read", {})
    if name not in known:
        said = name.rpartition(".")[2]
        known[name] = any(said in condition.text and _reads(condition, name) for condition in _conditions(policy))
    return known[name]


def _conditions(policy: RuleSet) -> Iterator[Condition]:
    """Every condition of ratings, rules and requirements."""
    yield from (it.when for it in policy.scoring.floors)
    yield from (it.when for it in policy.scoring.law_classes)
    for rule in policy.rules:
        parts = every_part(rule.requirements)
        found = (rule.when, *(it for part in parts for it in (*part.when, part.condition)))
        yield from (condition for condition in found if condition is not None)


def _reads(condition: Condition, name: str) -> bool:
    """Whether it has such a variable, or that cannot be said; a text that it compares with is none."""
    return condition.names is None or any(read.startswith(name) for read in condition.names)
