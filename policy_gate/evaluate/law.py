"""Which rows of which law apply to a system on a day, will, do not, or cannot be told: three-valued, and pure.

A fact that nobody stated is never read as false. A relief (an exemption, a grace period) holds only where the facts
that give it are stated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.evaluate.statements import shown
from policy_gate.schema.dates import Instant
from policy_gate.schema.facts import Facts
from policy_gate.schema.law import LAW_NAMES, LawBook, LawContent, LawRow, RowResult, RowState
from policy_gate.schema.rule_condition import Condition, Truth
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_targets import TODAY

_FACT = "system."
_KEPT = 64
"""Of so many systems that differ in what rows read it is remembered what the rows come to."""


class LawReading(Struct, frozen=True):
    """Every row for one system on one day; `values` are what conditions of rows see, derived facts among them."""

    results: tuple[RowResult, ...]
    values: Mapping[str, Any]
    lacking: Mapping[str, tuple[str, ...]]
    """derived facts that cannot be told, to the stated ones that they lack"""
    by_law: Mapping[str, tuple[RowResult, ...]]
    """the results by regulation, but those of rows that were superseded"""
    brought: tuple[str, ...]
    """the laws of which a row applies, or will"""


def speaks_of_law(facts: Facts, policy: RuleSet) -> bool:
    """Whether a system names a law, or states a fact by which one is judged: of others no row is read."""
    if policy.law is None:
        return False
    stated = facts.stated.get("system.declared", ())
    return bool(facts.regulations) or not policy.law.facts.isdisjoint(stated)


def read_law(facts: Facts, book: LawBook, today: date) -> LawReading:
    """Every row of the packs in force, in their order."""
    values = {**facts.values, TODAY: today.isoformat()}
    found = _read_by_facts(book, _comparable(values, book), today)
    return replace(found, values={**found.values, **values})


def _comparable(values: Mapping[str, Any], book: LawBook) -> tuple[tuple[str, type, Any], ...]:
    """What some row reads; numbers with their type, as 1, 1.0 and true are equal."""
    stated = ((name, values[name]) for it in book.facts if (name := _FACT + it) in values)
    return tuple([
        (name, tuple, tuple(value)) if isinstance(value, (list, tuple)) else (name, type(value), value)
        for name, value in stated
    ])  # fmt: skip


@lru_cache(maxsize=_KEPT)
def _read_by_facts(book: LawBook, stated: tuple[tuple[str, type, Any], ...], today: date) -> LawReading:
    """`read_law` of the facts that rows read: base, result and a raised system are alike in most of them."""
    values = {name: value for name, _, value in stated}
    return _reading({**values, TODAY: today.isoformat()}, book.content, today)


def law_of_systems(systems: Sequence[Facts], policy: RuleSet, as_of: Instant) -> dict[str, tuple[RowResult, ...]]:
    """Every row of law for each system that says something by which one is judged, by the system's id."""
    if policy.law is None:
        return {}
    asked = (facts for facts in systems if speaks_of_law(facts, policy))
    return {facts.id: read_law(facts, policy.law, as_of.date()).results for facts in asked}


def _reading(values: dict[str, Any], content: LawContent, today: date) -> LawReading:
    lacking = _derive(values, content)
    return reading_of(tuple(_result(row, values, lacking, today) for row in content.rows), values, lacking)


def reading_of(
    results: tuple[RowResult, ...], values: Mapping[str, Any], lacking: Mapping[str, tuple[str, ...]]
) -> LawReading:
    """The reading that these results make: by law, too, as that is asked at each evaluation."""
    by_law: dict[str, list[RowResult]] = {}
    for result in results:
        if result.state != "superseded":
            by_law.setdefault(result.row.regulation, []).append(result)
    brought = (law for law, own in by_law.items() if any(it.counts and it.row.binding == "law" for it in own))
    return LawReading(results, values, lacking, {law: tuple(own) for law, own in by_law.items()}, tuple(brought))


def _derive(values: dict[str, Any], content: LawContent) -> dict[str, tuple[str, ...]]:
    """Add the derived facts that can be told to the values; give the others with what they lack."""
    lacking: dict[str, tuple[str, ...]] = {}
    seen = dict(values)
    for fact in content.derived:
        # They are in rounds, each of which needs earlier ones alone: so many of them see the same values.
        if any(name in values and name not in seen for name in fact.when.names or values):
            seen = dict(values)
        truth = _truth(fact.when, seen)
        if truth.value is None:
            lacking[LAW_NAMES + fact.id] = _stated_names(truth.missing, lacking)
        else:
            values[LAW_NAMES + fact.id] = truth.value
    return lacking


def _stated_names(names: Iterable[str], lacking: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Missing names with each derived one replaced by the stated facts that it lacks."""
    found = (known for name in names for known in lacking.get(name, (name,)))
    return tuple(dict.fromkeys(name.removeprefix(_FACT) for name in found))


def _result(row: LawRow, values: Mapping[str, Any], lacking: Mapping[str, tuple[str, ...]], today: date) -> RowResult:
    if row.status == "superseded":
        return RowResult(row=row, state="superseded", because=f"replaced by {row.superseded_by}")
    if row.until is not None and today > row.until:
        return RowResult(row=row, state="not-applicable", because=f"it applied until {row.until.isoformat()}")
    truth = _truth(row.when, values)
    if truth.value is False or (row.void_when is not None and row.void_when.truth(values).value):
        return RowResult(row=row, state="not-applicable")
    if truth.value is None:
        return RowResult(row=row, state="unknown", missing_facts=_stated_names(truth.missing, lacking))
    found = _dated(row, values, lacking, today)
    if row.prohibited_when is not None:
        found = _banned(found, row.prohibited_when.truth(values), lacking)
    missing = _of_evidence(row, values) if found.counts else []
    return replace(found, missing_facts=_stated_names(missing, lacking)) if missing else found


def _truth(condition: Condition, values: Mapping[str, Any]) -> Truth:
    """As the condition says; where none of what it reads is stated that is unknown, and need not be worked out."""
    names = condition.names
    if names and values.keys().isdisjoint(names):
        return Truth(None, names)
    return condition.truth(values)


def _of_evidence(row: LawRow, values: Mapping[str, Any]) -> list[str]:
    """What lacks to tell whether some evidence is wanted at all."""
    conditions = (condition for wanted in row.evidence for condition in wanted.when)
    return [name for condition in conditions for name in condition.truth(values).missing]


def _dated(row: LawRow, values: Mapping[str, Any], lacking: Mapping[str, tuple[str, ...]], today: date) -> RowResult:
    """A row that speaks to the system, by the first route that holds; routes that may hold before it count too."""
    if row.status == "draft":
        return RowResult(row=row, state="upcoming", because="a draft: it has no date yet")
    if not row.applies:
        return RowResult(row=row, state="enforceable")
    days: list[date] = []
    missing: list[str] = []
    is_sure = False
    for route in row.applies:
        truth = _truth(route.when, values) if route.when is not None else Truth(True)
        if truth.value is not False:
            days.append(route.from_)
            missing += truth.missing
        if truth.value:
            is_sure = True
            break
    if not days:
        return RowResult(row=row, state="not-applicable")
    if is_sure and max(days) <= today:
        return RowResult(row=row, state="enforceable", applies_from=days[-1])
    if is_sure and min(days) > today:
        is_advised = row.formal_from is not None and row.formal_from <= today
        return RowResult(row=row, state="upcoming", applies_from=min(days), is_advised=is_advised)
    return RowResult(row=row, state="unknown", missing_facts=_stated_names(missing, lacking))


def _banned(found: RowResult, practised: Truth, lacking: Mapping[str, tuple[str, ...]]) -> RowResult:
    """What it comes to of a ban that speaks to the system: once in force it must be known whether it is done."""
    if not found.counts:
        return found
    if practised.value is None:
        state: RowState = "unknown" if found.state == "enforceable" else found.state
        return replace(found, state=state, missing_facts=_stated_names(practised.missing, lacking))
    return replace(found, practised=bool(practised.value))


def explained(reading: LawReading, facts: Facts, book: LawBook, today: date) -> tuple[RowResult, ...]:
    """The results with the facts that decided each, in words.

    They are those without which it would be another; where it rests on several that each exclude the row, all of these.
    """
    content = book.content
    without: dict[str, tuple[RowResult, ...]] = {}

    def deciding(index: int, result: RowResult) -> list[str]:
        names = stated_in(result.row, reading, book)
        for name in names:
            if name not in without:
                without[name] = read_without(facts, [name], content, today)
        found = [name for name in names if without[name][index].state != result.state]
        if not found and result.state == "not-applicable":
            alone = replace(content, rows=(result.row,))
            rest = {name: [it for it in names if it != name] for name in names}
            found = [it for it in names if read_without(facts, rest[it], alone, today)[0].state == result.state]
        return found or names

    found = []
    for index, result in enumerate(reading.results):
        if result.because:
            found.append(result)
        elif result.state == "unknown":
            found.append(replace(result, because=f"not stated: {', '.join(result.missing_facts)}"))
        else:
            found.append(replace(result, because=_because(result, deciding(index, result), reading)))
    return tuple(found)


def read_without(facts: Facts, names: Collection[str], content: LawContent, today: date) -> tuple[RowResult, ...]:
    """Every row, were these facts not stated."""
    return _reading(without_facts(facts, names, today), content, today).results


def without_facts(facts: Facts, names: Collection[str], today: date) -> dict[str, Any]:
    """What conditions of rows see where these facts are not stated."""
    dropped = {_FACT + name for name in names}
    values = {name: value for name, value in facts.values.items() if name not in dropped}
    values["system.declared"] = [it for it in values.get("system.declared", ()) if it not in names]
    return {**values, TODAY: today.isoformat()}


def _because(result: RowResult, deciding: Sequence[str], reading: LawReading) -> str:
    said = [f"{name} is {shown(reading.values[_FACT + name])}" for name in deciding]
    return ", ".join(said) if said else result.row.condition


def stated_in(row: LawRow, reading: LawReading, book: LawBook) -> list[str]:
    """The stated facts that the row's conditions read, through derived facts too."""
    derived = {LAW_NAMES + fact.id: fact.when for fact in book.content.derived}
    conditions = [row.when, row.void_when, row.prohibited_when, *(route.when for route in row.applies)]
    found = dict.fromkeys(name for it in conditions if it is not None for name in _read_by(it, derived))
    return [name.removeprefix(_FACT) for name in found if name.startswith(_FACT) and name in reading.values]


def _read_by(condition: Condition, derived: Mapping[str, Condition]) -> Iterable[str]:
    for name in condition.names or ():
        if name in derived:
            yield from _read_by(derived[name], derived)
        elif name not in (f"{_FACT}declared", TODAY):
            yield name


class ScopeStanding(Struct, frozen=True):
    """How what `regulatory_scope` names stands to what the facts say, by regulation id."""

    excluded: tuple[str, ...]
    undeclared: tuple[str, ...]
    superseded: tuple[str, ...]


def scope_standing(reading: LawReading, facts: Facts, policy: RuleSet) -> ScopeStanding:
    """A declared law that the facts exclude, one they bring in that is not declared, a declared one that was replaced.

    Laws with a class of their own in the risk model have a rule of their own for the second.
    """
    classed = {known.regulation for known in policy.scoring.law_classes}
    by_law = reading.by_law
    excluded = [law for law in facts.regulations if law in by_law and _all_out(by_law[law])]
    undeclared = [law for law in reading.brought if law not in facts.regulations and law not in classed]
    replaced = [law for law in facts.regulations if law in policy.regulations and policy.regulations[law].superseded_by]
    return ScopeStanding(tuple(excluded), tuple(undeclared), tuple(replaced))


def _all_out(results: Sequence[RowResult]) -> bool:
    return all(result.state == "not-applicable" for result in results)


def to_ask(reading: LawReading, facts: Facts) -> dict[str, list[str]]:
    """The facts to state next, each with the rows that it decides: of every row that cannot be told the first one.

    Frameworks that nobody named are not asked about.
    """
    found: dict[str, list[str]] = {}
    for result in reading.results:
        is_asked = result.row.binding != "voluntary" or result.row.regulation in facts.regulations
        if result.missing_facts and is_asked:
            found.setdefault(result.missing_facts[0], []).append(result.row.id)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))
