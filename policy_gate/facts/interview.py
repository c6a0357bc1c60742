"""Questions about the facts of one system: which to ask next, and what an answer comes to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from msgspec.structs import replace

from policy_gate.facts.declared_facts import Refused, checked_fact, names_declared
from policy_gate.facts.risk_score import rate
from policy_gate.schema.facts import Facts, unrated_values
from policy_gate.schema.rule_set import FactDefinition, RuleSet
from policy_gate.schema.vocabulary import FACT_TYPES

_TRUTHS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
_EMPTY = ("none", "[]")


def with_answers(facts: Facts, answers: Mapping[str, Any], policy: RuleSet) -> Facts:
    """The system as if its manifest stated these facts too, rated anew."""
    stated = {**facts.stated, **{f"system.{name}": value for name, value in answers.items()}}
    stated["system.declared"] = names_declared(stated, policy)
    values = unrated_values(facts.id, facts.stage, facts.from_stage, facts.regulations, stated)
    return replace(facts, stated=stated, rating=rate(values, policy))


def next_fact(to_ask: Collection[str], skipped: Collection[str], policy: RuleSet) -> FactDefinition | None:
    """The first fact that somebody can state and nobody has passed over; None where nothing is left to ask."""
    return next((policy.facts[name] for name in to_ask if name in policy.facts and name not in skipped), None)


def how_to_answer(fact: FactDefinition) -> str:
    """What may be answered, in brackets."""
    if fact.type == "BOOL":
        return "yes, no"
    if fact.values is not None:
        choice = ", ".join(fact.values)
        return f"any of {choice}; or none" if fact.type == "LIST<STRING>" else choice
    return "separated by commas; or none" if fact.type == "LIST<STRING>" else FACT_TYPES[fact.type]


def value_of(fact: FactDefinition, said: str, policy: RuleSet) -> Any:
    """The fact's value that an answer is, or a `Refused` that says what is wrong with it."""
    return checked_fact(fact.id, _raw(fact, said.strip()), policy)


def _raw(fact: FactDefinition, said: str) -> Any:
    if fact.type == "BOOL":
        return _TRUTHS.get(said.casefold(), said)
    if fact.type == "LIST<STRING>":
        return [] if said.casefold() in _EMPTY else [part.strip() for part in said.split(",") if part.strip()]
    if fact.type == "STRING":
        return said
    try:
        return int(said) if fact.type == "INT" else float(said)
    except ValueError:
        return said


__all__ = ["Refused", "how_to_answer", "next_fact", "value_of", "with_answers"]
