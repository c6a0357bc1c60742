"""Whether patterns together cover all that another one may: compared by the paths that they fit, not by their words.

A pattern is walked as an automaton over the letters of a path, one state of the narrow one beside all those that the
others may be in. What takes too many steps to tell is not covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from policy_gate.documents.globs import covers_glob

_MOST_STEPS: Final = 20_000
"""for one pattern; ten times as many for all"""
_END: Final = "/"
"""what ends each name of a path"""
_OTHER: Final = "\0"
"""stands for every letter that no pattern names"""

_State = tuple[int, int]
"""which name of the pattern is read, and how much of it; inside `**` 1 while a name is read"""


def uncovered(globs: Iterable[str], others: Iterable[str]) -> list[str]:
    """Those patterns of which something that they could cover, in whatever tree, is covered by none of the others.

    `a/**` means what is below `a`. In doubt a pattern is among them.
    """
    wide = list(others)
    patterns = [_Pattern([*_names(glob), "**"]) for glob in wide]
    found, left = [], 10 * _MOST_STEPS
    for glob in globs:
        if any(covers_glob(other, glob) for other in wide):
            continue
        names = _names(glob)
        own = _Pattern([*names[:-1], "*", "**"] if names[-1:] == ["**"] else [*names, "**"])
        is_inside, steps = _is_inside(own, patterns, min(left, _MOST_STEPS))
        left -= steps
        if not is_inside:
            found.append(glob)
    return found


def _names(glob: str) -> list[str]:
    return [name for name in glob.split("/") if name not in ("", ".")]


class _Pattern:
    """The states of one pattern; it has fitted a whole path where all that is left is `**`."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.letters = {letter for name in names if name != "**" for letter in name} - {"*", "?"}
        self.last = len(names)
        while self.last and names[self.last - 1] == "**":
            self.last -= 1

    def start(self) -> set[_State]:
        return set(self._with_skips((0, 0)))

    def _with_skips(self, state: _State) -> Iterator[_State]:
        """The state, and those that follow it without a letter."""
        yield state
        at, place = state
        if at == len(self.names):
            return
        name = self.names[at]
        if name == "**":
            if place == 0:
                yield from self._with_skips((at + 1, 0))
        elif place < len(name) and name[place] == "*":
            yield from self._with_skips((at, place + 1))

    def after(self, state: _State, letter: str) -> Iterator[_State]:
        """Where a letter, or the end of a name, leads."""
        at, place = state
        if at == len(self.names):
            return
        name = self.names[at]
        if name == "**":
            yield from self._with_skips((at, 0 if letter == _END else 1))
        elif letter == _END:
            if place == len(name):
                yield from self._with_skips((at + 1, 0))
        elif place < len(name) and name[place] == "*":
            yield from self._with_skips(state)
        elif place < len(name) and name[place] in ("?", letter):
            yield from self._with_skips((at, place + 1))

    def fits_all(self, state: _State) -> bool:
        """Whether it fits whatever follows."""
        return state[0] >= self.last


def _is_inside(own: _Pattern, others: list[_Pattern], most: int) -> tuple[bool, int]:
    """Whether no path fits `own` and none of the others, and in how many steps that was told."""
    letters = sorted(set[str]().union(own.letters, *(it.letters for it in others)) | {_OTHER, _END})
    first = frozenset((number, state) for number, it in enumerate(others) for state in it.start())
    waiting = [(state, first, True) for state in own.start()]
    seen = set(waiting)
    steps = 0
    while waiting:
        state, now, is_start = waiting.pop()
        if any(others[number].fits_all(it) for number, it in now):
            continue
        if is_start and own.fits_all(state):
            return False, steps
        for letter in letters:
            if letter == _END and is_start:
                continue  # no name is empty
            steps += 1 + len(now)
            if steps > most:
                return False, steps
            then = frozenset((number, it) for number, was in now for it in others[number].after(was, letter))
            for new in own.after(state, letter):
                step = (new, then, letter == _END)
                if step not in seen:
                    seen.add(step)
                    waiting.append(step)
    return True, steps
