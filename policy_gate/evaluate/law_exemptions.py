"""Which first statements take from a system what a row of law asks of it: exemptions and grace periods claimed (T57).

A fact that was not stated lifts nothing, so that stating it can. Others of the same relief, and reliefs that would lift
the same rows, may be stated along with it: each is looked at without the others, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from policy_gate.evaluate.law import read_without, without_facts
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.law import LawContent
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.rule_set import RuleSet

_FACT, _DECLARED = "system.", "system.declared"
_Names = frozenset[str]
_Asking = tuple[Condition, _Names]


def exemptions_claimed(
    changes: Sequence[Change], now: Sequence[Facts], policy: RuleSet, today: date
) -> dict[tuple[str, str], bool]:
    """System and fact of each first statement that is a relief: whether a row would apply, or sooner, without it.

    Where none would, as what the row speaks of is not stated yet, the relief is there for when it is.
    """
    if policy.law is None:
        return {}
    read = policy.law.facts & policy.facts.keys()
    first: dict[str, set[str]] = {}
    for change in changes:
        if change.system is not None and change.before is None and change.field in read:
            first.setdefault(change.system, set()).add(change.field)
    if not first:
        return {}
    content = policy.law.content
    asking = tuple(_asking_what_is_stated(content))
    found: dict[tuple[str, str], bool] = {}
    for facts in now:
        own = frozenset(first.get(facts.id, ()))
        found |= {(facts.id, name): False for name in _mild(facts, own, asking, today)}
        found |= {(facts.id, name): True for name in _lifting(facts, own, asking, content, today)}
    return found


def _asking_what_is_stated(content: LawContent) -> Iterator[_Asking]:
    """Each condition that asks which facts are stated, with its facts: no other can make a row rest by being stated."""
    rows = ((row.when, row.void_when, *(route.when for route in row.applies)) for row in content.rows)
    conditions = {it.text: it for it in chain((fact.when for fact in content.derived), *rows) if it is not None}
    for condition in conditions.values():
        names = condition.names or ()
        if _DECLARED in names:
            yield condition, frozenset(name.removeprefix(_FACT) for name in names if name != _DECLARED)


def _mild(facts: Facts, first: _Names, asking: Sequence[_Asking], today: date) -> Iterator[str]:
    """The facts of a condition that does not hold where none of them is stated, and may hold as they are."""
    now = without_facts(facts, (), today)
    for condition, names in asking:
        if not names & first or condition.truth(now).value is False:
            continue
        if condition.truth(without_facts(facts, names, today)).value is False:
            yield from names & first


def _lifting(facts: Facts, first: _Names, asking: Sequence[_Asking], content: LawContent, today: date) -> Iterator[str]:
    """The facts without which a row would apply, or sooner."""
    reliefs = frozenset(names for _, names in asking)
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
