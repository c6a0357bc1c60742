"""Rules that can never fire: words no variable can have, conditions that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policy_gate.policy.cel import CompiledCondition, Language
from policy_gate.policy.condition_problems import strange_words
from policy_gate.policy.expressions import Domain, Domains, narrowed
from policy_gate.policy.items import CompiledItem, Item, MergedPolicies, Which
from policy_gate.schema.requirement_document import RequirementSpec
from policy_gate.schema.rule import Requirement, every_part
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.rule_set import Scoring
from policy_gate.schema.rule_targets import TARGETS
from policy_gate.schema.source import Loc, Problem
from policy_gate.schema.vocabulary import DIMENSIONS


def vocabulary(policy: MergedPolicies) -> dict[str, Domain]:
    """The values that closed variables can have (for lists: that their entries can have)."""
    facts = policy.items["fact"]
    found = {name: frozenset(words) for target in TARGETS.values() for name, words in target.words.items()}
    found |= {
        "system.regulations": frozenset(policy.items["regulation"]),
        "system.law_class": frozenset(policy.items["law-class"]),
        "system.declared": frozenset((*facts, *DIMENSIONS, "deployment_date")),
        "change.kind": frozenset(policy.items["change-kind"]),
    }
    if types := policy.items["incident-type"]:
        found["incident.type"] = frozenset(types)
    found |= {
        f"system.{id_}": frozenset(item.definition.values) for id_, item in facts.items() if item.definition.values
    }
    return found


def unreachable(
    policy: MergedPolicies, language: Language, rules: Sequence[CompiledItem], scores: Scoring, which: Which
) -> Iterator[Problem]:
    """Every condition of the policies that nothing can make true, or `that` that nothing can make false."""
    words = vocabulary(policy)
    scalars = scalars_of(words, language)
    for item, rule in rules:
        if not which(item):
            continue
        texts = list(_written(item.spec.require, ("require",)))
        if rule.when is not None:
            texts.append((rule.when.text, ("when",)))
        strange = list(strange_words(item, texts, language.variables[rule.for_each], words))
        yield from strange
        if not strange:
            yield from _never(item, rule.when, rule.requirements, scalars, rule.tiers)
    conditions = [("floor", known.id, known.when) for known in scores.floors]
    conditions += (("law-class", known.id, known.when) for known in scores.law_classes)
    for kind, id_, when in conditions:
        if which(item := policy.items[kind][id_]):
            strange = list(strange_words(item, [(when.text, ("when",))], language.variables["system"], words))
            yield from strange or _never(item, when, (), scalars, frozenset())


def scalars_of(words: Mapping[str, Domain], language: Language) -> dict[str, Domain]:
    """The closed variables that have one value at a time."""
    types = {name: kind for names in language.variables.values() for name, kind in names.items()}
    return {name: values for name, values in words.items() if types.get(name) == "STRING"}


def _written(specs: Sequence[RequirementSpec], way: Loc) -> Iterator[tuple[str, Loc]]:
    """Every condition below a list of requirements, with the way to it."""
    for index, spec in enumerate(specs):
        here = (*way, index)
        for name in ("when", "that"):
            if (text := getattr(spec, name)) is not None:
                yield text, (*here, name)
        yield from _written(spec.all_of or (), (*here, "all_of"))
        yield from _written(spec.any_of or (), (*here, "any_of"))


def _never(
    item: Item,
    when: Condition | None,
    requirements: Sequence[Requirement],
    words: Domains,
    tiers: Domain | frozenset[str],
) -> Iterator[Problem]:
    domains = {**words, "system.tier": tiers} if tiers else dict(words)
    if when is not None:
        if problem := contradiction(item, when, domains, "when"):
            yield problem
            return
        domains = narrowed(when.text, domains)
    for requirement in every_part(requirements):
        left = domains
        for condition in requirement.when:
            if problem := contradiction(item, condition, left, "require"):
                yield problem
                break
            left = narrowed(condition.text, left)
        if requirement.condition is not None and _constant(requirement.condition) is True:
            yield item.problem(f"`that: {requirement.condition.text}` always holds, so it asks for nothing", "require")


def contradiction(item: Item, condition: Condition, domains: Domains, part: str) -> Problem | None:
    """That a condition of an item can never be true with the values that are left; None where it can."""
    why = never_true(condition, domains)
    return None if why is None else item.problem(f"can never fire: {why}", part)


def never_true(condition: Condition, domains: Domains) -> str | None:
    """Why nothing can make the condition true, where the variables have these values; None where something may."""
    if _constant(condition) is False:
        return f"`{condition.text}` is never true"
    for name, values in narrowed(condition.text, domains).items():
        if not values:
            own = domains.get(name)
            here = f" (here {name} is {' or '.join(sorted(own))})" if own and name == "system.tier" else ""
            return f"`{condition.text}` leaves no value for {name}{here}"
    return None


def _constant(condition: Condition) -> bool | None:
    """What the condition is whatever the facts, or None where they matter."""
    return condition.truth({}).value if isinstance(condition, CompiledCondition) else None
