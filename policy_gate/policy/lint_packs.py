"""What is wrong with law packs that compile, such as rows that can never apply, and what had better be mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from policy_gate.policy.cel import CompiledCondition
from policy_gate.policy.condition_problems import words_never_had
from policy_gate.policy.expressions import Domain, narrowed
from policy_gate.policy.sealed import conditions_in
from policy_gate.policy.unreachable import never_true
from policy_gate.schema.dates import Period
from policy_gate.schema.law import LAW_NAMES, LawContent, LawPack, LawRow
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.rule_set import FactDefinition
from policy_gate.schema.rule_targets import TARGETS
from policy_gate.schema.source import Location, Problem

_CHECKED_AGAIN: Final = Period.parse("P1Y")
"""How long a row stands unchecked before lint says so."""
_NAMED = 12
"""So many rows are named in a line."""


def dead_rows(content: LawContent, facts: Mapping[str, FactDefinition], types: Mapping[str, str]) -> Iterator[Problem]:
    """Conditions that nothing can make true, words that a fact never is, and rows that end before they begin."""
    words: dict[str, Domain] = {name: frozenset(values) for name, values in TARGETS["system"].words.items()}
    words |= {f"system.{id_}": frozenset(it.values) for id_, it in facts.items() if it.values}
    scalars = {name: values for name, values in words.items() if types.get(name) == "STRING"}
    for fact in content.derived:
        about = f"derived fact {fact.id}"
        strange = list(_strange(about, fact.when, types, words))
        yield from strange or _dead(f"{about}: can never hold", fact.when, scalars)
    for row in content.rows:
        if row.status == "superseded":
            continue
        about = f"row {row.id}"
        strange = [problem for it in conditions_in(row) for problem in _strange(about, it, types, words, row.location)]
        dead = list(_dead(f"{about}: can never apply", row.when, scalars, row.location))
        if not dead:
            here = narrowed(row.when.text, scalars)
            parts = ((f"{about}: {what}", part) for what, part in _parts(row))
            dead = [problem for what, part in parts for problem in _dead(what, part, here, row.location)]
        yield from strange or dead
        if row.until is not None and row.applies and row.until < min(route.from_ for route in row.applies):
            begins = min(route.from_ for route in row.applies)
            place = row.location or Location(row.pack)
            message = f"{about}: ends on {row.until}, before it begins on {begins}"
            yield Problem(place.path, message, place.line, place.column)


def _parts(row: LawRow) -> Iterator[tuple[str, Condition]]:
    routes = (("a route can never be taken", route.when) for route in row.applies)
    evidence = (("evidence can never be wanted", it) for wanted in row.evidence for it in wanted.when)
    bans = (("the ban can never be broken", row.prohibited_when), ("it can never be void", row.void_when))
    yield from ((what, part) for what, part in (*routes, *evidence, *bans) if part is not None)


def _strange(
    about: str, condition: Condition, types: Mapping[str, str], words: Mapping[str, Domain], of: Location | None = None
) -> Iterator[Problem]:
    yield from words_never_had(about, condition.text, _at(condition, of), types, words)


def _dead(
    about: str, condition: Condition, domains: Mapping[str, Domain], of: Location | None = None
) -> Iterator[Problem]:
    if why := never_true(condition, domains):
        place = _at(condition, of)
        yield Problem(place.path, f"{about}: {why}", place.line, place.column)


def _at(condition: Condition, of: Location | None) -> Location:
    """Where the condition stands, where that is in the row that begins `of`; conditions are shared by their text."""
    place = condition.place if isinstance(condition, CompiledCondition) else of or Location("")
    if of is None or (place.path == of.path and (place.line or 0) >= (of.line or 0)):
        return place
    return of


def pack_advice(content: LawContent, today: date | None) -> Iterator[Problem]:
    """What of the packs can be used as it is and had better be mended; with a day, what it makes old."""
    yield from _idle(content)
    if today is not None:
        yield from aged_rows(content, today)


def _idle(content: LawContent) -> Iterator[Problem]:
    """Derived facts that no condition reads, and sources that no row names."""
    read = {name for condition in conditions_in(content) for name in condition.names or ()}
    for fact in content.derived:
        if LAW_NAMES + fact.id not in read:
            place = _at(fact.when, None)
            message = f"derived fact {fact.id}: no row reads it"
            yield Problem(place.path, message, place.line, place.column, "take it out, or use it", advice=True)
    for pack in content.packs:
        rows = [row for row in content.rows if row.pack == pack.id]
        named = {source for row in rows for source in row.sources}
        idle = [source.id for source in pack.sources if source.id not in named]
        if idle:
            message = f"pack {pack.id}: no row names the source {', '.join(idle)}"
            place = _place_of(pack, rows)
            yield Problem(place.path, message, None, None, "take it out, or name it in a row", advice=True)


def _place_of(pack: LawPack, rows: list[LawRow]) -> Location:
    return next((row.location for row in rows if row.location is not None), Location(pack.id))


def aged_rows(content: LawContent, today: date) -> Iterator[Problem]:
    """Advice for each pack with rows that nobody has looked at for a year, that have ended, or that are dated ahead."""
    again = "read the law anew, mend the rows, and set checked_on"
    for pack in content.packs:
        rows = [row for row in content.rows if row.pack == pack.id]
        for told, of, hint in (
            (f"last checked more than {_CHECKED_AGAIN.words} ago", [it for it in rows if _is_aged(it, today)], again),
            ("ended before today", [it for it in rows if it.until is not None and it.until < today], again),
            (
                "checked on a day that is still to come",
                [it for it in rows if it.checked_on > today],
                "set checked_on to the day on which the law was read",
            ),
        ):
            if of:
                place = of[0].location or Location(pack.id, None, None)
                message = f"pack {pack.id}: {_named(of, rows)} {told}"
                yield Problem(place.path, message, place.line, place.column, hint, advice=True)


def _named(of: Sequence[LawRow], rows: Sequence[LawRow]) -> str:
    if len(of) == len(rows) > 1:
        return f"all {len(rows)} rows"
    names = ", ".join(row.id for row in of[:_NAMED])
    return f"{names} and {len(of) - _NAMED} more" if len(of) > _NAMED else names


def _is_aged(row: LawRow, today: date) -> bool:
    return _CHECKED_AGAIN.after(row.checked_on) < today
