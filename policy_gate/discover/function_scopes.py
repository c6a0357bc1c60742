"""Where functions begin and end in programs that are read by their text: by their brackets, or by `def` and `end`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

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


class FunctionScopes:
    """The functions of code without texts; none where its brackets do not fit."""

    def __init__(self, code: str, language: str) -> None:
        by_words = language in ("ruby", "hashed")
        ranges = list(_between_words(code) if by_words else _between_brackets(code))
        self._starts: list[int] = []
        self._around: list[tuple[int, int] | None] = []
        open_ones: list[tuple[int, int]] = []
        for each in sorted(ranges, key=lambda it: (it[0], -it[1])):
            self._leave(open_ones, each[0])
            open_ones.append(each)
            self._note(each[0], each)
        self._leave(open_ones, len(code) + 1)

    def around(self, at: int) -> tuple[int, int] | None:
        """Where the innermost function around a place begins and ends."""
        found = bisect_right(self._starts, at)
        return self._around[found - 1] if found else None

    def _leave(self, open_ones: list[tuple[int, int]], at: int) -> None:
        """Go on to a place: functions that end before it are left."""
        while open_ones and open_ones[-1][1] < at:
            _, end = open_ones.pop()
            self._note(end + 1, open_ones[-1] if open_ones else None)

    def _note(self, at: int, around: tuple[int, int] | None) -> None:
        self._starts.append(at)
        self._around.append(around)


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
