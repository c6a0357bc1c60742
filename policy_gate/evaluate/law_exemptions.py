"""Which first statements take from a system what a row of law asks of it: exemptions and grace periods claimed (T57).

A fact that was not stated lifts nothing, so that stating it can. Others of the same relief, and reliefs that would lift
the same rows, may be stated along with it: each is looked at without the others, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import chain

from policy_gate.evaluate.law import read_without
from policy_gate.schema.facts import Change, Facts
from policy_gate.schema.law import LawContent
from policy_gate.schema.rule_set import RuleSet

_FACT, _DECLARED = "system.", "system.declared"
_Names = frozenset[str]


def exemptions_claimed(
    changes: Sequence[Change], now: Sequence[Facts], policy: RuleSet, today: date
) -> frozenset[tuple[str, str]]:
    """System and fact of each first statement without which a row would apply, or would sooner."""
    if policy.law is None:
        return frozenset()
    read = policy.law.facts & policy.facts.keys()
    first: dict[str, set[str]] = {}
    for change in changes:
        if change.system is not None and change.before is None and change.field in read:
            first.setdefault(change.system, set()).add(change.field)
    if not first:
        return frozenset()
    reliefs = _reliefs(policy.law.content)
    return frozenset(
        (facts.id, name)
        for facts in now
        if facts.id in first
        for name in _claimed(facts, frozenset(first[facts.id]), reliefs, policy.law.content, today)
    )


def _reliefs(content: LawContent) -> tuple[_Names, ...]:
    """The facts of each condition that asks which facts are stated: no other can make a row rest by being stated."""
    rows = ((row.when, row.void_when, *(route.when for route in row.applies)) for row in content.rows)
    conditions = chain((fact.when for fact in content.derived), chain.from_iterable(rows))
    names = (it.names or () for it in conditions if it is not None)
    found = {frozenset(it.removeprefix(_FACT) for it in read if it != _DECLARED) for read in names if _DECLARED in read}
    return tuple(sorted(found, key=sorted))


def _claimed(
    facts: Facts, first: _Names, reliefs: Collection[_Names], content: LawContent, today: date
) -> Iterator[str]:
    begun: dict[_Names, dict[str, date]] = {}

    def begins(without: _Names) -> dict[str, date]:
        """From when each row that speaks to the system applies, where these facts are not stated."""
        if without not in begun:
            results = read_without(facts, without, content, today)
            begun[without] = {it.row.id: it.applies_from or date.min for it in results if it.counts}
        return begun[without]

    def lifts(names: _Names, beside: _Names) -> bool:
        left = begins(beside)
        return any(id_ not in left or day < left[id_] for id_, day in begins(names | beside).items())

    for name in sorted(first):
        own = [relief for relief in reliefs if name in relief]
        beside = {frozenset(), *((relief & first) - {name} for relief in reliefs)} if own else set()
        if any(lifts(names, rest - names) for names in (frozenset({name}), *own) for rest in beside):
            yield name
