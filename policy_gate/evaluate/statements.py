"""Conditions over facts: `that` requirements, and what an unknown says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vocabulary import DIMENSIONS


def check_that(base: Outcome, values: Mapping[str, Any], facts: Facts | None, policy: RuleSet) -> Outcome:
    """Met where the condition holds; unknown where a fact it needs was declared by nobody."""
    requirement = base.requirement
    assert requirement.condition is not None  # noqa: S101 - compiling guarantees it
    truth = requirement.condition.truth(values)
    if truth.value is None:
        found = unknown(base, truth.missing, facts)
        nobody_can = facts is not None and not any(
            name in policy.facts or name in DIMENSIONS for name in found.missing_facts
        )
        return found.become("unknown", seen=requirement.message or "", missing_facts=()) if nobody_can else found
    if truth.value:
        return base.become("met")
    # What is false of a system stands in its entry; a change, a vendor or a metric brings a place of its own.
    place = facts.declared.at() if facts is not None and base.rule.for_each == "system" else None
    seen, wanted = requirement.message or "", requirement.condition.text
    return base.become("gap", cause="false", seen=seen, wanted=wanted, location=base.location or place)


NOT_WANTED = "not wanted here"
_SYSTEM_NAME = lazy_pattern(r"\bsystem\.(\w+)")


def resting_on(condition: Condition, values: Mapping[str, Any]) -> str:
    """Why a requirement is not wanted: the facts that its condition names and that are stated, with their values."""
    names = dict.fromkeys(_SYSTEM_NAME.findall(condition.text))
    said = [(name, values.get(f"system.{name}")) for name in names if name != "declared"]
    facts = [f"{name} is {shown(value)}" for name, value in said if value is not None]
    return f"{NOT_WANTED}: {', '.join(facts)}" if facts else NOT_WANTED


def shown(value: Any) -> str:
    """A value as findings print it: true and false in small letters, a list in brackets."""
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def unknown(base: Outcome, missing: tuple[str, ...], facts: Facts | None) -> Outcome:
    """Nobody declared what is needed to tell: never a pass (principle 8).

    Without facts it is about the repository, where nobody could declare it: then the rule is at fault.
    """
    names = tuple(dict.fromkeys(name.removeprefix("system.") for name in missing))
    if facts is None:
        seen = f"the repository itself has no {', '.join(dict.fromkeys(missing))}"
        return base.become("unknown", cause="unknown", seen=seen, wanted="a rule that can be told without it")
    return base.become(
        "unknown",
        cause="unknown",
        seen=f"not declared: {', '.join(names)}",
        wanted="the fact that decides it",
        missing_facts=names,
        location=base.location or facts.declared.at("facts"),
    )
