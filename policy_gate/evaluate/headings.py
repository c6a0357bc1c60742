"""Which heading of a document is which section that is wanted: by its words, and never one for two (D54)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from msgspec.structs import replace

from policy_gate.cards.text_normal import title_key
from policy_gate.schema.facts import Section
from policy_gate.schema.rule_set import WantedSection

_SMALL_TEXT: Final = "a an and at by for from in into is it its of on or our the their this to was were with"
_SMALL: Final = frozenset(_SMALL_TEXT.split())
"""words that make no difference between two headings"""
_LONGEST: Final = 14
"""words of a heading in which another name is looked for"""


_KEPT: Final = 4096
"""headings of which it is remembered what they fit"""
_NONE: Final = Section("", 0, 0)
_NO_FIT: Final = -1
_MANY_FITS: Final = -2
_Likeness = tuple[float, float, float]


class WantedSections:
    """The sections that documents of one kind must have, and which of them each heading may stand for.

    Documents of one kind have the same headings again and again: how well one fits is told once.
    """

    def __init__(self, wanted: Sequence[WantedSection]) -> None:
        self.wanted = tuple(wanted)
        self._names = tuple(tuple(_named(name) for name in (want.title, *want.aliases)) for want in self.wanted)
        self._fits: dict[str, tuple[tuple[int, _Likeness], ...]] = {}
        self._only: dict[str, int] = {}

    def find(self, sections: Sequence[Section], called: Mapping[str, str]) -> list[Section]:
        """The section that stands for each, less those below it that stand for others; line 0 where none does.

        `called` are the headings as the manifest says that the document has them, by the title that is wanted. Then a
        heading that is one of the names, in whatever order of words, goes before one that holds a name among others.
        """
        found = None if called else self._each_once(sections)
        if found is not None:
            return found
        taken = _best_pairs(self._pairs_as_called(sections, called) if called else self._pairs(sections))
        held = set(taken.values())
        return [
            _less_others(taken[number], sections, held) if number in taken else _NONE
            for number in range(len(self.wanted))
        ]

    def _each_once(self, sections: Sequence[Section]) -> list[Section] | None:
        """The same where no heading and no section has a choice and none lies within another; else None."""
        found = [_NONE] * len(self.wanted)
        known = self._only
        for section in sections:
            number = known.get(section.title)
            if number is None:
                number = self._only_fit(section.title)
            if number == _NO_FIT:
                continue
            if number == _MANY_FITS or found[number] is not _NONE or section.own not in (None, section.words):
                return None
            found[number] = section
        return found

    def _only_fit(self, heading: str) -> int:
        """The number of the one section that a heading may stand for, or that there is none or more than one."""
        fits = self._fits_of(heading)
        number = self._only[heading] = _NO_FIT if not fits else _MANY_FITS if len(fits) > 1 else fits[0][0]
        return number

    def _fits_of(self, heading: str) -> tuple[tuple[int, _Likeness], ...]:
        """The numbers of the sections that a heading may stand for, with how well it fits each."""
        fits = self._fits.get(heading)
        if fits is None:
            told = _named(heading)
            found = [(number, _best(names, told)) for number, names in enumerate(self._names)]
            if len(self._fits) >= _KEPT:
                self._fits.clear()
                self._only.clear()
            fits = self._fits[heading] = tuple((number, likeness) for number, likeness in found if likeness[0] >= 1)
        return fits

    def _pairs(self, sections: Sequence[Section]) -> Iterator[_Pair]:
        for at, section in enumerate(sections):
            for number, likeness in self._fits_of(section.title):
                yield (*likeness, section.words), number, at

    def _pairs_as_called(self, sections: Sequence[Section], called: Mapping[str, str]) -> Iterator[_Pair]:
        keys = {title_key(title): heading for title, heading in reversed(list(called.items()))}
        titles = ((number, title_key(want.title)) for number, want in enumerate(self.wanted))
        own = {number: keys[title] for number, title in titles if title in keys}
        yield from (pair for pair in self._pairs(sections) if pair[1] not in own)
        for number, heading in own.items():
            for at, section in enumerate(sections):
                likeness = _likeness(_named(heading), _named(section.title))
                if likeness[0] >= 2:
                    yield (*likeness, section.words), number, at


_Pair = tuple[tuple[float, ...], int, int]
"""How well a section fits a wanted one, the number of the latter, the place of the former."""


def _best_pairs(pairs: Iterable[_Pair]) -> dict[int, int]:
    """The best pairs first, no wanted section and no heading twice; of equal ones the first in the list wanted."""
    taken: dict[int, int] = {}
    used: set[int] = set()
    ordered = sorted(pairs, key=lambda pair: pair[1:])
    for _, number, at in sorted(ordered, key=lambda pair: pair[0], reverse=True):
        if number not in taken and at not in used:
            taken[number] = at
            used.add(at)
    return taken


class _Named(NamedTuple):
    """A heading or a name as it is compared: its key, and the words that tell it from another."""

    key: str
    words: tuple[str, ...]
    distinct: frozenset[str]


@lru_cache(maxsize=4096)
def _named(title: str) -> _Named:
    words = _words(title)
    return _Named(title_key(title), words, frozenset(words))


def _best(names: tuple[_Named, ...], heading: _Named) -> _Likeness:
    """How well the best of a section's names fits."""
    return max([_likeness(name, heading) for name in names])


def _likeness(name: _Named, heading: _Named) -> _Likeness:
    """How well a heading fits a name: 3 the same, 2 the same words, 1 these among others; then how many, and where."""
    if name.key == heading.key:
        return 3, 1, 0
    asked, words = name.words, heading.words
    if not asked or len(words) > _LONGEST or not name.distinct <= heading.distinct:
        return 0, 0, 0
    same = sorted(asked) == sorted(words)
    return 2 if same else 1, len(asked) / len(words), -float(min(words.index(word) for word in asked))


def _words(title: str) -> tuple[str, ...]:
    """The words that tell a heading from another, without the ending of many."""
    found = [word for word in title_key(title).split() if word not in _SMALL] or title_key(title).split()
    return tuple(word.removesuffix("s") if len(word) > 3 else word for word in found)


def _less_others(at: int, sections: Sequence[Section], taken: set[int]) -> Section:
    """A section without the words of those below it that stand for others."""
    section = sections[at]
    if section.own is None:
        return section
    words, skipped = section.own, 0
    for below in range(at + 1, len(sections)):
        inner = sections[below]
        if inner.level <= section.level:
            break
        if skipped and inner.level > skipped:
            continue
        skipped = inner.level if below in taken else 0
        words += 0 if skipped else inner.own or 0
    return section if words == section.words else replace(section, words=words)
