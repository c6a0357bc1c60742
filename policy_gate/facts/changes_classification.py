"""Changes of what a system is said to be: stage, tier, law class, dimensions, facts, regulations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from policy_gate.facts.change_kinds import FactsPair
from policy_gate.facts.declared_facts import names_declared
from policy_gate.facts.risk_score import rate
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Rating, unrated_values
from policy_gate.schema.rule import Rule, every_part
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.rule_set import Dimension, FactDefinition
from policy_gate.schema.vocabulary import DIMENSIONS, stage_rank, tier_rank

POPULATION = ("user_vulnerability", "deployment_scale")
DATA = ("data_sensitivity",)


def classification_changes(pair: FactsPair) -> Iterator[Change]:
    """Every change of classification between the two sides of one system."""
    yield from _guesses(pair)
    yield from _stage(pair)
    yield from _tier(pair)
    yield from _law_class(pair)
    if pair.was.stated != pair.now.stated:
        for dimension in pair.policy.scoring.dimensions:
            yield from _dimension(pair, dimension)
        for name in sorted(pair.policy.facts):
            yield from _fact(pair, pair.policy.facts[name])
    yield from _regulations(pair)


def _guesses(pair: FactsPair) -> Iterator[Change]:
    """An id that was a guess, and guesses that base's entry did not name: what it holds is no guess (D48)."""
    was, now = pair.was.declared.entry, pair.now.declared.entry
    if was.id != now.id:
        yield pair.change("id-mended", "id", was.id, now.id, "id")
    if set(now.guessed) - set(was.guessed):
        yield pair.change("guess-claimed", "guessed", sorted(was.guessed), sorted(now.guessed), "guessed")


def _stage(pair: FactsPair) -> Iterator[Change]:
    before, after = pair.was.stage, pair.now.stage
    if before != after:
        kind = "stage-advanced" if stage_rank(after) > stage_rank(before) else "stage-regressed"
        if kind == "stage-regressed" and pair.mends("stage"):
            kind = "stage-mended"
        yield pair.change(kind, "stage", before, after, "stage")


def _tier(pair: FactsPair) -> Iterator[Change]:
    before, after = pair.was.tier, pair.now.tier
    if before != after:
        kind = "tier-raised" if tier_rank(after) > tier_rank(before) else "tier-lowered"
        if kind == "tier-lowered" and tier_rank(_tier_by_answers(pair)) <= tier_rank(after):
            kind = "tier-answered"
        yield pair.change(kind, "tier", before, after, "risk_profile")


def _tier_by_answers(pair: FactsPair) -> str:
    """Base's tier with its blanks filled in as the result does; base's own where a law class falls away (D48)."""
    was, policy = pair.was, pair.policy
    if any(change.kind == "law-class-dropped" for change in _law_class(pair)):
        return was.tier
    filled = dict(was.stated)
    for name, value in pair.now.stated.items():
        spec = policy.facts.get(name.removeprefix("system."))
        is_open = name not in was.stated and (spec is not None or name.removeprefix("system.") in DIMENSIONS)
        if is_open and not (spec and rests_on_absence(pair, spec, value)):
            filled[name] = value
    filled["system.declared"] = names_declared(filled, policy)
    return rate(unrated_values(was.id, was.stage, was.from_stage, was.regulations, filled), policy).tier


def _law_class(pair: FactsPair) -> Iterator[Change]:
    """A class replaced by a higher one of the same regulation is no loss, and by a lower one no gain."""
    before, after = list(pair.was.law_class), list(pair.now.law_class)
    gone, new = [c for c in before if c not in after], [c for c in after if c not in before]
    place = {known.id: (known.regulation, known.rank) for known in pair.policy.scoring.law_classes}
    if any(not _is_above(place, new, lost) for lost in gone):
        yield pair.change("law-class-dropped", "law_class", before, after, "facts")
    if any(not _is_above(place, gone, won) for won in new):
        yield pair.change("law-class-added", "law_class", before, after, "facts")


def _is_above(place: dict[str, tuple[str, int]], others: list[str], one: str) -> bool:
    regulation, rank = place[one]
    return any(place[other][0] == regulation and place[other][1] > rank for other in others)


def _dimension(pair: FactsPair, dimension: Dimension) -> Iterator[Change]:
    name = f"system.{dimension.id}"
    before, after = pair.was.stated.get(name), pair.now.stated.get(name)
    if before == after:
        return
    loc = ("risk_profile", dimension.id)
    if before is None:
        is_top = dimension.points[str(after)] == max(dimension.points.values())
        yield pair.change("dimension-stated" if is_top else "dimension-answered", dimension.id, None, after, *loc)
        return
    if after is None:
        yield pair.change("dimension-removed", dimension.id, before, None, *loc)
        return
    move = dimension.points[after] - dimension.points[before]
    if move < 0:
        yield pair.change("dimension-lowered", dimension.id, before, after, *loc)
    elif move > 0:
        kind = "oversight-weakened" if dimension.id == "human_oversight" else "dimension-raised"
        yield pair.change(kind, dimension.id, before, after, *loc)
    elif dimension.id not in POPULATION + DATA:
        yield pair.change("use-case-changed", dimension.id, before, after, *loc)
    if dimension.id in POPULATION:
        yield pair.change("population-changed", dimension.id, before, after, *loc)
    elif dimension.id in DATA:
        yield pair.change("data-changed", dimension.id, before, after, *loc)


def _fact(pair: FactsPair, spec: FactDefinition) -> Iterator[Change]:
    name = f"system.{spec.id}"
    before, after = pair.was.stated.get(name), pair.now.stated.get(name)
    if before == after and (before is None) == (after is None):
        return
    kind = _fact_kind(spec, before, after)
    first = kind in ("fact-added", "fact-answered") and spec.weaker != "none"
    if (first and _lifts(pair, name)) or (kind == "fact-answered" and rests_on_absence(pair, spec, after)):
        kind = "fact-flipped"
    change = pair.change(kind, spec.id, before, after, "facts", spec.id)
    yield replace(change, weakening=False) if spec.weaker == "none" else change


def _lifts(pair: FactsPair, name: str) -> bool:
    """Whether the system would be in a law class, or a tier, that this fact alone says it is not in (T57).

    It is asked once more without the other facts first stated here on their safest side, which could lift it as well.
    """
    known = {f"system.{spec.id}": spec for spec in pair.policy.facts.values()}
    claimed = {
        other
        for other, value in pair.now.stated.items()
        if other in known and other not in pair.was.stated and _looks_safest(known[other], value)
    }
    return any(_is_lower(pair, _rated_less(pair, left), _rated_less(pair, {*left, name})) for left in ((), claimed))


def _is_lower(pair: FactsPair, with_it: Rating, without: Rating) -> bool:
    place = {known.id: (known.regulation, known.rank) for known in pair.policy.scoring.law_classes}
    lifted = [one for one in without.law_class if one not in with_it.law_class]
    if any(not _is_above(place, list(with_it.law_class), one) for one in lifted):
        return True
    return tier_rank(without.tier) > tier_rank(with_it.tier)


def _rated_less(pair: FactsPair, names: Collection[str]) -> Rating:
    now = pair.now
    stated = {name: value for name, value in now.stated.items() if name not in names}
    stated["system.declared"] = names_declared(stated, pair.policy)
    return rate(unrated_values(now.id, now.stage, now.from_stage, now.regulations, stated), pair.policy)


def _fact_kind(spec: FactDefinition, before: Any, after: Any) -> str:
    if after is None:
        return "fact-removed"
    if before is None:
        return "fact-answered" if _looks_safest(spec, after) else "fact-added"
    if isinstance(after, list):
        if spec.weaker == "none":
            return "fact-changed"
        return "fact-raised" if set(before) <= set(after) else "fact-changed"
    if spec.weaker in ("any", "none"):
        return "fact-changed"
    return "fact-flipped" if _is_safer(spec, before, after) else "fact-raised"


def _looks_safest(spec: FactDefinition, value: Any) -> bool:
    """Whether stating this value for the first time excuses the system from something."""
    if isinstance(value, bool):
        return spec.weaker == str(value).lower()
    return isinstance(value, list) and not value and spec.weaker != "none"


def rests_on_absence(pair: FactsPair, spec: FactDefinition, value: Any) -> bool:
    """Whether a gate that base's system has passed asked for something that this first statement makes fall away."""
    was = pair.was
    stated = {**was.stated, f"system.{spec.id}": value}
    stated["system.declared"] = names_declared(stated, pair.policy)
    before, after = was.values, {**was.values, **stated}
    passed = (rule for rule in pair.policy.rules if _was_passed(rule, pair))
    return any(_falls_away(condition, before, after) for rule in passed for condition in _conditions_of(rule))


def _was_passed(rule: Rule, pair: FactsPair) -> bool:
    """Whether the rule's gate lies behind base's system, which went through it: what was enrolled went through none."""
    was, gate = pair.was, pair.policy.gates.get(rule.gate or "")
    if gate is None or gate.entered_by != "stage" or stage_rank(gate.to) > stage_rank(was.stage):
        return False
    if was.tier not in rule.tiers:
        return False
    entry = was.declared.entry
    if entry.enrolled is None:
        return True
    return gate.to == was.stage and entry.stage_since is not None and entry.stage_since > entry.enrolled


def _conditions_of(rule: Rule) -> Iterator[Condition]:
    if rule.when is not None:
        yield rule.when
    for part in every_part(rule.requirements):
        yield from part.when


def _falls_away(condition: Condition, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return condition.truth(before).value is not False and condition.truth(after).value is False


def _is_safer(spec: FactDefinition, before: Any, after: Any) -> bool:
    if isinstance(after, bool):
        return spec.weaker == str(after).lower()
    return bool(after < before) if spec.weaker == "lower" else bool(after > before)


def _regulations(pair: FactsPair) -> Iterator[Change]:
    before, after = list(pair.was.regulations), list(pair.now.regulations)
    if set(before) - set(after):
        yield pair.change("regulation-removed", "regulatory_scope", before, after, "regulatory_scope")
    if set(after) - set(before):
        yield pair.change("regulation-added", "regulatory_scope", before, after, "regulatory_scope")
