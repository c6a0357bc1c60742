"""Two long texts reduced to where they differ, so that whoever agrees to the change sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

_SHORT: Final = 30
"""words up to which a text is shown whole"""
_BESIDE: Final = 6
"""unchanged words that are shown on either side of a difference"""
_MOST: Final = 1_500
"""words of a text that are compared one by one; of longer ones only what they begin and end with is left out"""


def differing(before: str, after: str) -> tuple[str, str]:
    """Both texts with '…' for what they have in common, but for some words beside each difference.

    Short texts, and such as have nothing in common, are returned as they are.
    """
    was, now = before.split(), after.split()
    if max(len(was), len(now)) <= _SHORT or was == now:
        return before, after
    same = list(_shared(was, now))
    return _shown(was, [(start, length) for start, _, length in same]), _shown(
        now, [(start, length) for _, start, length in same]
    )


def _shared(was: Sequence[str], now: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Where both have the same words, in order: place in either, and how many."""
    if max(len(was), len(now)) <= _MOST:
        yield from SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
        return
    least = min(len(was), len(now))
    start = next((at for at in range(least) if was[at] != now[at]), least)
    end = next((at for at in range(least - start) if was[-1 - at] != now[-1 - at]), least - start)
    yield from ((0, 0, start), (len(was) - end, len(now) - end, end))


def _shown(words: Sequence[str], same: Sequence[tuple[int, int]]) -> str:
    told: list[str] = []
    at = 0
    for start, length in same:
        told += words[at:start]
        at = start + length
        head = _BESIDE if start else 0
        tail = _BESIDE if at < len(words) else 0
        kept = words[start:at]
        left_out = length - head - tail
        told += kept if left_out < _BESIDE else [*kept[:head], "…", *kept[length - tail :]]
    return " ".join([*told, *words[at:]])
