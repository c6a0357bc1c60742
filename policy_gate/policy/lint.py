"""Everything that is wrong with merged policies, and what had better be mended, in one place.

Items that only the proven layer has set are not linted by themselves again, where no other layer restates what they
are read by; what lies between items is looked at always.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec.structs import replace

from policy_gate.policy.applicability import coverage, misplaced
from policy_gate.policy.cel import Language
from policy_gate.policy.consistency import completeness, pack_faults, references, shapes
from policy_gate.policy.items import CompiledItem, Item, MergedPolicies, Which
from policy_gate.policy.lint_incidents import incident_faults, unreachable_incidents
from policy_gate.policy.lint_raci import raci_faults
from policy_gate.policy.lint_vendors import vendor_faults
from policy_gate.policy.sealed import conditions_in
from policy_gate.policy.unreachable import unreachable
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule import Rule
from policy_gate.schema.rule_set import Scoring
from policy_gate.schema.source import Problem

_READ_BY = ("fact", "dimension", "threshold", "law-class", "regulation", "change-kind")
"""Kinds of item that other items are read by: restated, they may make another item's condition never hold."""


def faults(
    policy: MergedPolicies,
    language: Language,
    rules: Sequence[CompiledItem],
    scores: Scoring,
    layers: Sequence[LayerSource],
    packs: Sequence[str],
    *,
    compiled: bool,
) -> Iterator[Problem]:
    """Every error but those of conditions; rules that never fire only where all is `compiled` and there is no other."""
    which = _to_lint(policy)
    found = [
        *completeness(policy, layers),
        *pack_faults(policy, packs),
        *references(policy, which),
        *shapes(policy, which),
        *coverage(policy, which),
        *vendor_faults(policy, which),
        *raci_faults(policy, which),
        *incident_faults(policy, which),
    ]
    yield from found
    if compiled and not found:
        yield from unreachable(policy, language, rules, scores, which)
        yield from misplaced(policy, language, rules, which)
        yield from unreachable_incidents(policy, language, which)


def _to_lint(policy: MergedPolicies) -> Which:
    if any(item.restated for kind in _READ_BY for item in policy.items[kind].values()):
        return lambda _: True
    return lambda item: not _is_proven(item)


def _is_proven(item: Item) -> bool:
    return item.place.source.sealed is not None and not item.restated


def unread_facts(policy: MergedPolicies, of_law: Collection[str]) -> Iterator[Problem]:
    """Facts of later layers that no condition and no row of law reads; `of_law` are those that rows read."""
    every = [(item.definition, item.rule) for item in policy.every()]
    read = {name for condition in conditions_in(every) for name in condition.names or ()}
    for item in policy.items["fact"].values():
        if item.place.source.layer != "builtin" and f"system.{item.id}" not in read and item.id not in of_law:
            hint = "write a rule that reads it, or take it out: no question of `classify --interview` leads to it"
            yield item.problem("nothing reads it", hint=hint, advice=True)


def packs_not_in_force(policy: MergedPolicies, packs: Collection[str]) -> Iterator[Problem]:
    """Packs that the repository holds and does not name in its config: what stands in their files decides nothing."""
    for id_, place in policy.packs.items():
        if place.source.layer == "repository" and id_ not in packs:
            where = place.at()
            message = f'pack "{id_}" is not named in `packs` of policy-gate.yaml, so nothing of it is in force'
            hint = "name it there; or take this line out, and the file always counts"
            yield Problem(where.path, message, where.line, where.column, hint, advice=True)


def advice(rules: Iterable[CompiledItem]) -> Iterator[Problem]:
    """What can be used as it is and had better be mended."""
    for item, rule in rules:
        if not rule.why:
            yield item.problem("why is missing", hint="say in a sentence why it is asked", advice=True)
        if item.place.source.layer == "repository" and rule.effective is None:
            message = "is new in this layer and has no effective date, so it is owed at once"
            yield item.problem(message, hint="write effective: YYYY-MM-DD", advice=True)
        if not item.place.source.proven:
            yield from _failing(rule)


def _failing(rule: Rule) -> Iterator[Problem]:
    """Conditions that are well formed and fail over facts: with such a rule in base nothing could be judged."""
    for condition in conditions_in(rule):
        for fault in condition.faults_when_tried():
            yield replace(fault, hint="with this rule in base no check has an answer: mend it before", advice=True)
