"""Facts under which a row of law comes to a wanted result, searched for; for tests.

The search asks the row itself what it lacks, and tries for each such fact the values that conditions tell apart: both
answers, each word or number that is compared, and its neighbours on both sides.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from law_world import book, content, facts_with, rules

from policy_gate.evaluate.law import read_law
from policy_gate.policy.expressions import tokens
from policy_gate.policy.sealed import conditions_in
from policy_gate.schema.law import LawBook, LawContent, LawRow, RowResult

Facts = dict[str, Any]
DAY = re.compile(r"\d{4}-\d\d-\d\d")
_GUARDED = re.compile(r'"(\w+)" in system\.declared')
_STEPS = 400


class OneRow(LawBook):
    """The packs in force with one row of theirs alone, and the derived facts that it rests on."""

    def __init__(self, row: LawRow) -> None:
        needed = set(conditions_of(row))
        derived = tuple(fact for fact in content().derived if fact.when.text in needed)
        self._content = LawContent(content().packs, derived, (row,))

    @property
    def digest(self) -> str:
        return book().digest

    @property
    def facts(self) -> frozenset[str]:
        return book().facts

    @property
    def content(self) -> LawContent:
        return self._content


@cache
def alone(row: LawRow) -> OneRow:
    return OneRow(row)


def result(row: LawRow, facts: Mapping[str, Any], today: date, **case: Any) -> RowResult:
    """What one row comes to."""
    (found,) = read_law(facts_with(facts, **case), alone(row), today).results
    return found


def witness(row: LawRow, today: date, wanted: Callable[[RowResult], bool]) -> Facts | None:
    """The first facts under which the row is as wanted and lacks none that decides it.

    A relief is asked for by no row that lacks it, so each is tried as the first that is stated.
    """
    return next(witnesses(row, today, wanted, {}), None)


def witnesses(row: LawRow, today: date, wanted: Callable[[RowResult], bool], said: Facts) -> Iterator[Facts]:
    """Facts beside those that are said, under which the row is as wanted: by itself, then with each of its reliefs."""
    starts: list[Facts] = [said, *({name: value, **said} for name in reliefs(row) for value in values(name))]
    for start in starts:
        if (found := _witness(row, today, wanted, start)) is not None:
            yield found


def reliefs(row: LawRow) -> list[str]:
    """The facts that decide the row only where they are stated."""
    found = (name for text in conditions_of(row) for name in _GUARDED.findall(text))
    return [name for name in dict.fromkeys(found) if name in rules().facts]


def _witness(row: LawRow, today: date, wanted: Callable[[RowResult], bool], start: Facts) -> Facts | None:
    left = [_STEPS]

    def search(facts: Facts) -> Facts | None:
        left[0] -= 1
        found = result(row, facts, today)
        if wanted(found) and not found.missing_facts:
            return facts
        if left[0] <= 0 or not found.missing_facts:
            return None
        name = next((it for it in found.missing_facts if it not in facts and it in rules().facts), None)
        tried = (search({**facts, name: value}) for value in values(name)) if name is not None else ()
        return next((more for more in tried if more is not None), None)

    return search(start)


@cache
def values(name: str) -> tuple[Any, ...]:
    """The values of a fact that conditions of packs tell apart."""
    kind = rules().facts[name].type
    if kind == "BOOL":
        return (True, False)
    words = tuple(dict.fromkeys(_literals(name)))
    if kind == "DOUBLE":
        return tuple(side for word in words for side in around(float(word)))
    if kind == "INT":
        return tuple(side for word in words for side in (int(word) - 1, int(word), int(word) + 1))
    days = [day for word in words if DAY.fullmatch(word) for day in _days(word)]
    closed = rules().facts[name].values or ()
    said = [it for it in words if (it in closed if closed else not DAY.fullmatch(it))]
    other = [it for it in closed if it not in words][:1]
    found = tuple(dict.fromkeys([*said, *other, *days]))
    if kind == "STRING":
        return found
    return (*([it] for it in found or ("Some Company",)), [])


def around(number: float) -> tuple[float, float, float]:
    """The number above, the number itself, and the one below: the nearest that there are."""
    return math.nextafter(number, math.inf), number, math.nextafter(number, -math.inf)


def _days(word: str) -> Iterator[str]:
    day = date.fromisoformat(word)
    yield from ((day + timedelta(days=step)).isoformat() for step in (-1, 0, 1))


def _literals(name: str) -> Iterator[str]:
    """The words and numbers that stand beside a fact in a condition of a pack."""
    for condition in conditions_in(content()):
        pieces = tokens(condition.text)
        for index, piece in enumerate(pieces):
            if piece.kind == "name" and piece.text.split(".exists")[0] == f"system.{name}":
                yield from _beside(pieces, index)


def _beside(pieces: Any, index: int) -> Iterator[str]:
    before = pieces[index - 2 : index]
    if len(before) == 2 and before[1].text == "in" and before[0].word:
        yield before[0].word
    for piece in pieces[index + 1 :]:
        if piece.text in ("&&", "||", ")"):
            return
        if piece.kind in ("text", "number"):
            yield piece.word or piece.text


def conditions_of(row: LawRow) -> Iterator[str]:
    """The text of every condition that decides the row, through derived facts too."""
    derived = {f"law.{fact.id}": fact.when for fact in content().derived}
    waiting = [row.when, row.void_when, row.prohibited_when, *(route.when for route in row.applies)]
    seen: set[str] = set()
    while waiting:
        condition = waiting.pop()
        if condition is None or condition.text in seen:
            continue
        seen.add(condition.text)
        waiting += [derived[name] for name in condition.names or () if name in derived]
        yield condition.text
