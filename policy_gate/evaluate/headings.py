"""Which heading of a document is which section that is wanted: by its words, and never one for two (D54)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from policy_gate.cards.text_normal import title_key
from policy_gate.schema.facts import Section
from policy_gate.schema.rule_set import WantedSection

_SMALL_TEXT: Final = "a an and at by for from in into is it its of on or our the their this to was were with"
_SMALL: Final = frozenset(_SMALL_TEXT.split())
"""words that make no difference between two headings"""
_LONGEST: Final = 14
"""words of a heading in which another name is looked for"""


class FoundSection(Struct, frozen=True):
    """The section that stands for a wanted one, less those below it that stand for others; line 0 where none does."""

    title: str = ""
    line: int = 0
    words: int = 0
    placeholder: str | None = None


def find_sections(
    wanted: Sequence[WantedSection], sections: Sequence[Section], called: Mapping[str, str]
) -> list[FoundSection]:
    """One section for each that is wanted, in their order.

    `called` are the headings as the manifest says that the document has them, by the title that is wanted. Then a
    heading that is one of the names, in whatever order of words, goes before one that holds a name among other words.
    """
    taken: dict[int, int] = {}
    pairs = [pair for number, want in enumerate(wanted) for pair in _pairs(number, want, sections, called)]
    for _, number, at in sorted(pairs, key=lambda pair: pair[0], reverse=True):
        if number not in taken and at not in taken.values():
            taken[number] = at
    return [_found(taken.get(number), sections, set(taken.values())) for number in range(len(wanted))]


def _pairs(
    number: int, want: WantedSection, sections: Sequence[Section], called: Mapping[str, str]
) -> Iterator[tuple[tuple[float, ...], int, int]]:
    own = next((heading for title, heading in called.items() if title_key(title) == title_key(want.title)), None)
    names = (own,) if own is not None else (want.title, *want.aliases)
    for at, section in enumerate(sections):
        likeness = _best_likeness(names, section.title)
        if likeness[0] >= (2 if own is not None else 1):
            yield (*likeness, section.words), number, at


@lru_cache(maxsize=1 << 14)
def _best_likeness(names: tuple[str, ...], heading: str) -> tuple[float, float, float]:
    """How well the best of a section's names fits; documents of one kind have the same headings again and again."""
    return max(_likeness(name, heading) for name in names)


def _likeness(name: str, heading: str) -> tuple[float, float, float]:
    """How well a heading fits a name: 3 the same, 2 the same words, 1 these among others; then how many, and where."""
    if title_key(name) == title_key(heading):
        return 3, 1, 0
    asked, words = _words(name), _words(heading)
    if not asked or len(words) > _LONGEST or not set(asked) <= set(words):
        return 0, 0, 0
    same = sorted(asked) == sorted(words)
    return 2 if same else 1, len(asked) / len(words), -float(min(words.index(word) for word in asked))


@lru_cache(maxsize=4096)
def _words(title: str) -> tuple[str, ...]:
    """The words that tell a heading from another, without the ending of many."""
    found = [word for word in title_key(title).split() if word not in _SMALL] or title_key(title).split()
    return tuple(word.removesuffix("s") if len(word) > 3 else word for word in found)


def _found(at: int | None, sections: Sequence[Section], taken: set[int]) -> FoundSection:
    if at is None:
        return FoundSection()
    section = sections[at]
    if section.own is None:
        return FoundSection(section.title, section.line, section.words, section.placeholder)
    words, skipped = section.own, 0
    for below in range(at + 1, len(sections)):
        inner = sections[below]
        if inner.level <= section.level:
            break
        if skipped and inner.level > skipped:
            continue
        skipped = inner.level if below in taken else 0
        words += 0 if skipped else inner.own or 0
    return FoundSection(section.title, section.line, words, section.placeholder)
