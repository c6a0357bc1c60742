"""Two sets of policies over recorded facts: what the second would do, and where facts alone do not tell. Pure.

A rule that both have alike does nothing. One that differs is asked of the facts: where it speaks of a system and wants
more than a statement about facts (a document, a test, an approval), the repository itself has to be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal

from msgspec.structs import replace

from policy_gate.schema.finding import RequirementId
from policy_gate.schema.policy_impact import DecidingRule, Difference, Effect, SystemImpact
from policy_gate.schema.recorded import RecordedSystem
from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vocabulary import State

_OF_RULES: Final = frozenset({"rules", "plain_rules", "origins", "digest", "source", "trusted", "notes", "facts"})
"""what of a rule set is compared rule by rule, or says nothing of systems"""
_Outcome = Literal["rests", "asks", "stops", "unknown"]
_WORST_FIRST: Final[tuple[_Outcome, ...]] = ("stops", "unknown", "asks", "rests")
_STATES: Final[Mapping[_Outcome, State | None]] = {"rests": None, "asks": "gap", "stops": "gap", "unknown": "unknown"}


def differing_parts(was: RuleSet, now: RuleSet) -> tuple[str, ...]:
    """What both say otherwise beside rules: scoring, roles, documents. Its effect is not told from facts."""
    names = [name for name in was.__struct_fields__ if name not in _OF_RULES]
    other = [name for name in names if _plain(getattr(was, name)) != _plain(getattr(now, name))]
    is_known = all(_plain(now.facts.get(name)) == _plain(spec) for name, spec in was.facts.items())
    return tuple(name.replace("_", " ") for name in ([] if is_known else ["facts"]) + other)


def impact_on_recorded(was: RuleSet, now: RuleSet, system: RecordedSystem, repository: str, day: date) -> SystemImpact:
    """What the second policies would do to a recorded system; `unknown` where its facts were not recorded."""
    tier = str((system.facts or {}).get("system.tier", ""))
    effect: Effect = "unknown"
    differences: tuple[Difference, ...] = ()
    if system.facts is not None:
        differences = tuple(_differences(was, now, system, day))
        effect = _effect(differences, is_told=not differing_parts(was, now))
    verdict: Literal["block", "undecided"] = "block" if effect == "newly-blocked" else "undecided"
    named = f"{system.name} ({repository})".strip()
    return SystemImpact(system.id, named, system.manifest, effect, "undecided", verdict, tier, tier, differences)


def _effect(differences: tuple[Difference, ...], *, is_told: bool) -> Effect:
    decisive = [it for it in differences if it.decides]
    if any(it.stops for it in decisive):
        return "newly-blocked"
    if not is_told or any("unknown" in (it.was, it.now) for it in decisive):
        return "unknown"
    return "freed" if decisive else "changed" if differences else "unchanged"


def _differences(was: RuleSet, now: RuleSet, system: RecordedSystem, day: date) -> Iterator[Difference]:
    before, after = ({(rule.kind, rule.id): rule for rule in policy.rules} for policy in (was, now))
    for key in dict.fromkeys((*after, *before)):
        old, new = before.get(key), after.get(key)
        if _alike(old) == _alike(new):
            continue
        told = new or old
        assert told is not None  # noqa: S101 - one of both has the key
        outcomes = (_outcome(old, system, day), _outcome(new, system, day))
        if outcomes[0] != outcomes[1] or outcomes[0] == "unknown":
            yield _difference(told, *outcomes)


def _difference(rule: Rule, was: _Outcome, now: _Outcome) -> Difference:
    placed = DecidingRule(rule.kind, rule.id, rule.title, rule.enforcement, rule.location)
    named = RequirementId("that", rule.id)
    decides = {was, now} != {"rests", "asks"}
    return Difference(named, rule.title, _STATES[was], _STATES[now], (placed,), decides, stops=now == "stops")


def _outcome(rule: Rule | None, system: RecordedSystem, day: date) -> _Outcome:
    """What one rule says of a system as it stands."""
    if rule is None or rule.for_each == "change" or (rule.effective is not None and rule.effective > day):
        return "rests"
    values = _instances(rule, system)
    if values is None:
        return "unknown"
    return _worst(_of_values(rule, one) for one in values)


def _worst(outcomes: Iterable[_Outcome]) -> _Outcome:
    return min(outcomes, key=_WORST_FIRST.index, default="rests")


def _instances(rule: Rule, system: RecordedSystem) -> list[Mapping[str, Any]] | None:
    facts = system.facts or {}
    if rule.for_each == "system":
        return [facts]
    if rule.for_each == "metric":
        return None
    parts = system.vendors if rule.for_each == "vendor" else system.models
    return None if parts is None else [{**facts, **part} for part in parts]


def _of_values(rule: Rule, values: Mapping[str, Any]) -> _Outcome:
    tier = values.get("system.tier")
    if rule.tiers and tier is not None and tier not in rule.tiers:
        return "rests"
    applies = True if rule.when is None else rule.when.truth(values).value
    if applies is False:
        return "rests"
    worst = _worst(_of_requirement(it, values) for it in rule.requirements)
    if worst == "stops" and (applies is None or rule.kind != "rule"):
        worst = "unknown"
    if worst == "rests" or rule.enforcement == "block":
        return worst
    return "asks"


def _of_requirement(asked: Requirement, values: Mapping[str, Any]) -> _Outcome:
    """Whether a statement about facts holds; what wants anything else is not told from facts."""
    guards = [condition.truth(values).value for condition in asked.when]
    if False in guards:
        return "rests"
    if asked.kind != "that" or asked.condition is None or None in guards:
        return "unknown"
    return {True: "rests", False: "stops", None: "unknown"}[asked.condition.truth(values).value]  # type: ignore[return-value]


def _alike(rule: Rule | None) -> object:
    """A rule as what is compared: without where it stands."""
    return _plain(replace(rule, location=None, layer="builtin")) if rule is not None else None


def _plain(value: Any) -> object:
    """A part of the policies with conditions by their text."""
    if hasattr(value, "truth"):
        return value.text
    if hasattr(value, "__struct_fields__"):
        return [(name, _plain(getattr(value, name))) for name in value.__struct_fields__ if name != "location"]
    if isinstance(value, Mapping):
        return {str(key): _plain(it) for key, it in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(it) for it in value]
    return sorted(map(str, value)) if isinstance(value, (set, frozenset)) else value
