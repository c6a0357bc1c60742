"""Rules about changes: whether what they name, ask for and cover is there for all that they can be about.

A change of the policies, of the CI files or of the waivers has no system. A rule that such a change may set
off and that names a system's facts, or asks for a system's evidence, could never be told; it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from policy_gate.documents.spelling import spelling_hint
from policy_gate.policy.cel import Language
from policy_gate.policy.condition_problems import condition_problem
from policy_gate.policy.consistency import unknown_names
from policy_gate.policy.definitions import ALL_WEAKENINGS
from policy_gate.policy.expressions import tokens
from policy_gate.policy.items import CompiledItem, Item, MergedPolicies, Which
from policy_gate.schema.requirement_document import RequirementSpec
from policy_gate.schema.rule import Requirement, every_part
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.rule_targets import CHANGES_OF_REPOSITORY, TARGETS, TODAY
from policy_gate.schema.source import Loc, Problem

_OF_A_SYSTEM = ("artifact", "test", "card")
_REPOSITORY = "a change of the repository itself (policies, CI files, waivers)"


class _Written(NamedTuple):
    """A condition as an item writes it, and the way to it."""

    text: str
    way: Loc


def misplaced(
    policy: MergedPolicies, language: Language, rules: Sequence[CompiledItem], which: Which
) -> Iterator[Problem]:
    """What rules about changes name or ask for, and a change of the repository that sets them off never has."""
    for item, rule in rules:
        target = TARGETS[rule.for_each]
        if not target.may_lack_system or not which(item):
            continue
        there = (*target.fields, TODAY)
        never = language.variables[rule.for_each].keys() - set(there)
        for kind in CHANGES_OF_REPOSITORY:
            known = _known(kind, policy)
            if rule.when is not None and rule.when.truth(known).value is False:
                continue
            yield from _unanswerable(item, rule.when, known, never, there)
            for part in every_part(rule.requirements):
                if not any(condition.truth(known).value is False for condition in part.when):
                    yield from _of_part(item, part, known, never, there)


def coverage(policy: MergedPolicies, which: Which) -> Iterator[Problem]:
    """Ids that `approve_for`, `covers` and `shows` name and nothing declares; and chains of rules that cover."""
    rules = [item for item in policy.items["rule"].values() if item.rule is not None]
    for item in filter(which, rules):
        yield from _unknown_ids(policy, item)
    covered = {id_: item.id for item in reversed(rules) if item.rule for id_ in item.rule.covers}
    for item in rules:
        if item.rule and item.rule.covers and item.id in covered:
            first = covered[item.id]
            message = f"is covered by {first}, so its own approval is not always asked, and covers nothing else"
            yield item.problem(message, "covers", hint="name all that is covered in the first rule")


def _unknown_ids(policy: MergedPolicies, item: Item) -> Iterator[Problem]:
    approved = (*policy.items["rule"], *policy.items["gate"])
    for_, covers, shows = item.spec.approve_for, item.spec.covers, item.spec.shows
    if for_ is not None and for_ not in approved:
        yield item.problem(f'unknown id "{for_}" to approve for', "approve_for", hint=spelling_hint(for_, approved))
    yield from unknown_names(policy, item, list(covers), "rule", ("covers",))
    for rule, kinds in covers.items():
        yield from unknown_names(policy, item, kinds, "change-kind", ("covers", rule))
    if shows != ALL_WEAKENINGS:
        yield from unknown_names(policy, item, shows, "change-kind", ("shows",))


def _known(kind: str, policy: MergedPolicies) -> dict[str, Any]:
    """What can be said of every change of this kind."""
    known = policy.items["change-kind"].get(kind)
    weakening = known is None or known.definition.weakening
    return {"change.kind": kind, "change.of": "repository", "change.weakening": weakening}


def _of_part(
    item: Item, part: Requirement, known: dict[str, Any], never: set[str], there: Sequence[str]
) -> Iterator[Problem]:
    for condition in (*part.when, part.condition):
        yield from _unanswerable(item, condition, known, never, there)
    if part.kind in _OF_A_SYSTEM:
        message = f"{_REPOSITORY} has no {part.kind}, and this asks for {part.subject}"
        yield item.problem(message, *_way_to(item, part), hint=_hint("ask for approval or that"))


def _unanswerable(
    item: Item, condition: Condition | None, known: dict[str, Any], never: set[str], there: Sequence[str]
) -> Iterator[Problem]:
    """A condition that hangs on a name which is not there, whatever else the change is."""
    if condition is None or condition.truth(known).value is not None:
        return
    token = next((token for token in tokens(condition.text) if token.kind == "name" and token.text in never), None)
    if token is None:
        return
    text = condition.text
    way = next((found.way for found in _conditions(item) if found.text == text), ("when",))
    hint = _hint(spelling_hint(token.text, there))
    yield condition_problem(item, way, text, token.offset, f"{_REPOSITORY} has no {token.text}", hint)


def _hint(first: str) -> str:
    return f'{first}; or limit it to systems: change.of == "system" && …'


def _conditions(item: Item) -> Iterator[_Written]:
    yield _Written(item.spec.when, ("when",))
    for spec, way in _specs(item.spec.require, ("require",)):
        for name in ("when", "that"):
            if (text := getattr(spec, name)) is not None:
                yield _Written(text, (*way, name))


def _way_to(item: Item, part: Requirement) -> Loc:
    found = (way for spec, way in _specs(item.spec.require, ("require",)) if _asks(spec, part))
    return next(found, ("require",))


def _asks(spec: RequirementSpec, part: Requirement) -> bool:
    said = spec.card if part.kind == "card" else getattr(spec, part.kind)
    return said is not None and part.subject == (said if isinstance(said, str) else ",".join(said))


def _specs(specs: Sequence[RequirementSpec], way: Loc) -> Iterator[tuple[RequirementSpec, Loc]]:
    for index, spec in enumerate(specs):
        yield spec, (*way, index)
        yield from _specs(spec.all_of or (), (*way, index, "all_of"))
        yield from _specs(spec.any_of or (), (*way, index, "any_of"))
