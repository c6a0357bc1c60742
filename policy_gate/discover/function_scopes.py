"""Which function a place in a program stands in; by brackets, or by `def` and `end`, where only its text is read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, Final

from policy_gate.schema.patterns import lazy_pattern

_BRACKET: Final = lazy_pattern(r"[(){}]")
_AFTER: Final = lazy_pattern(r"\)[^(){};=]{0,80}$")
"""what stands between the parameters of a function and its body"""
_CONTROL: Final = (
    r"(?:if|for|foreach|while|switch|catch|with|using|lock|match|when|until|unless|synchronized|guard|elif|elseif"
    r"|else|repeat|loop|select|try|do)\b"
)
_CONTROLS: Final = lazy_pattern(rf"\s*(?:\}}\s*)?(?:\w+\s*:\s*)?{_CONTROL}")
_NAMES_CONTROL: Final = lazy_pattern(rf"\b{_CONTROL}\s*$")
_BEGINS: Final = lazy_pattern(
    r"^([ \t]*)(?:(?:local|private|public|protected)[ \t]+)?(def|defp|function|end)\b", re.MULTILINE
)
"""a line by which a function begins, or whatever ends with a word"""
_LOOKED_BACK: Final = 160


Place = Any
"""where something stands in a program: what can be compared, a number or a line and a column"""
Range = tuple[Place, Place]


class FunctionScopes:
    """Functions by where each begins and ends; they stand in one another, or apart."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        self._starts: list[Place] = []
        self._around: list[Range | None] = []
        self.outer: dict[Range, Range | None] = {}
        """by function, the one that it stands in"""
        open_ones: list[Range] = []
        for each in sorted(ranges, key=lambda it: it[0]):
            self._leave(open_ones, each[0])
            self.outer.setdefault(each, open_ones[-1] if open_ones else None)
            open_ones.append(each)
            self._note(each[0], each)
        self._leave(open_ones, None)

    def around(self, at: Place) -> Range | None:
        """Where the innermost function around a place begins and ends."""
        found = bisect_right(self._starts, at)
        return self._around[found - 1] if found else None

    def _leave(self, open_ones: list[Range], at: Place | None) -> None:
        """Go on to a place, or to the end: functions that end before it are left."""
        while open_ones and (at is None or open_ones[-1][1] <= at):
            _, end = open_ones.pop()
            self._note(end, open_ones[-1] if open_ones else None)

    def _note(self, at: Place, around: Range | None) -> None:
        self._starts.append(at)
        self._around.append(around)


def functions_in(code: str, language: str) -> Iterable[Range]:
    """The functions of code without texts; none where its brackets do not fit."""
    return _between_words(code) if language in ("ruby", "hashed") else _between_brackets(code)


def _between_brackets(code: str) -> list[tuple[int, int]]:
    """Functions with their parameters and bodies."""
    found: list[tuple[int, int]] = []
    parens: list[int] = []
    opened: dict[int, int] = {}
    blocks: list[int | None] = []
    for it in _BRACKET.finditer(code):
        at, mark = it.start(), it[0]
        if mark == "(":
            parens.append(at)
        elif mark == ")":
            opened[at] = parens.pop() if parens else at
        elif mark == "{":
            blocks.append(_begin_of_function(code, at, opened))
        elif not blocks:
            return []
        elif (begin := blocks.pop()) is not None:
            found.append((begin, at))
    return [] if blocks else found


def _begin_of_function(code: str, at: int, opened: dict[int, int]) -> int | None:
    """Where the function begins whose body opens here; in doubt it is none."""
    first = max(0, at - _LOOKED_BACK)
    head = code[first:at].rstrip()
    is_arrow = head.endswith(("=>", "->"))
    closing = _AFTER.search(head[:-2] if is_arrow else head)
    if closing is None:
        return at if is_arrow else None
    begin = opened.get(first + closing.start(), at)
    before = code[max(0, begin - _LOOKED_BACK) : begin]
    if is_arrow or (_NAMES_CONTROL.search(before) is None and _CONTROLS.match(before.rpartition("\n")[2]) is None):
        return begin
    return None


def _between_words(code: str) -> Iterator[tuple[int, int]]:
    """Functions that end with `end`, as far as it is set in as much as their beginning."""
    begun: dict[str, int] = {}
    for it in _BEGINS.finditer(code):
        if it[2] != "end":
            begun[it[1]] = it.start()
        elif it[1] in begun:
            yield begun.pop(it[1]), it.start()
