"""Phrases of the policies, found in sentences: words in their order, with gaps, beginnings of words and numbers.

A phrase is written as words in lower case. `biase*` is every word that begins so, `*` alone stands for up to four
words or none, `#` for a number, `##` for a year, month or day, `a|b` for either. Where one of the words before it, or
of those that open the sentence, says no, it is not said; nor is one that begins with `~` after words such as `can be`,
by which it is no fact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from typing import Final

from msgspec import Struct

from policy_gate.schema.patterns import lazy_pattern

_WORD: Final = lazy_pattern(r"[^\W_]+(?:[-'.,/][^\W_]+)*[%+@]?")
_NUMBER: Final = lazy_pattern(r"\d[\d.,]*(?:k|m|b|t|h|hrs|hours|tb|gb|mb|%)?\+?")
_YEAR: Final = lazy_pattern(r"(?:19|20)\d\d(?:[-/.](?:0[1-9]|1[0-2])(?:[-/.]\d\d)?)?")
_GAP: Final = 4
"""words that `*` stands for at most"""
_NEGATIONS: Final = frozenset({"not", "never", "no", "without", "cannot", "nor", "neither"})
_POSSIBLE: Final = frozenset({"can", "could", "may", "might", "be", "you", "your", "to", "if", "how", "users", "will"})
_REACH: Final = 3
"""how many words before a phrase are asked whether they negate it: "no known racial bias" """
_OPENING: Final = 3
"""words that open a sentence, and negate all of it: "No testing was done across age groups" """
_STEM: Final = 4
"""letters by which phrases that begin with the beginning of a word are looked up"""


class PhrasePlace(Struct, frozen=True):
    """What may stand at one place of a phrase: whole words, beginnings of words, numbers; or a gap."""

    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    is_gap: bool = False

    def takes(self, word: str) -> bool:
        """Whether a word may stand here."""
        if word in self.words or (self.beginnings and word.startswith(self.beginnings)):
            return True
        if not word[0].isdigit():
            return False
        return ("#" in self.words and bool(_NUMBER.fullmatch(word))) or (
            "##" in self.words and bool(_YEAR.fullmatch(word))
        )


class Phrase(Struct, frozen=True):
    """A phrase taken apart; `field` is what it states, `within` the only field in whose section it does."""

    places: tuple[PhrasePlace, ...]
    field: str
    within: str = ""
    negates: bool = False
    """it holds a negation of its own, and another before it changes nothing"""
    is_fact: bool = False
    """what could be, or what others may do, is not meant"""
    signs: frozenset[str] = frozenset()
    """one of these words is in every sentence that holds it, where there are any"""

    def may_be_in(self, words: Set[str]) -> bool:
        """False where a sentence of these words surely does not hold it."""
        return not self.signs or not self.signs.isdisjoint(words)


class PhraseIndex(Struct, frozen=True, eq=False):
    """Phrases by the words that they begin with, or by how these begin."""

    by_word: Mapping[str, tuple[Phrase, ...]]
    by_stem: Mapping[str, tuple[Phrase, ...]]

    def found_in(self, sentence: str, wanted: Collection[str]) -> Iterator[Phrase]:
        """The phrases of these fields that a sentence holds."""
        words = words_in(sentence)
        known = frozenset(words)
        by_word, by_stem = self.by_word.get, self.by_stem.get
        for at, word in enumerate(words):
            whole = by_word(word, ())
            begun = by_word("#", ()) if word[0].isdigit() else by_stem(word[:_STEM], ())
            for phrase in (*whole, *begun) if whole and begun else whole or begun:
                if phrase.field not in wanted or not phrase.may_be_in(known):
                    continue
                if _fits(phrase.places, words, at, 0, negates=phrase.negates) and _is_said(phrase, words, at):
                    yield phrase


def phrase(text: str, field: str, within: str = "") -> Phrase:
    """A phrase from its text."""
    parts = text.casefold().replace("’", "'").lstrip("~").split()
    words = [part.split("|") for part in parts]
    negates = any(_is_negation(one) for several in words for one in several)
    places = tuple(map(_place, words))
    return Phrase(places, field, within, negates, is_fact=text.startswith("~"), signs=_signs(places))


def _signs(places: Sequence[PhrasePlace]) -> frozenset[str]:
    """The words of the last place that takes nothing but whole words; the first is what a phrase is looked up by."""
    plain = (place.words for place in reversed(places[1:]) if place.words and not place.beginnings)
    return next((words for words in plain if words.isdisjoint(("#", "##"))), frozenset())


def _place(several: Sequence[str]) -> PhrasePlace:
    return PhrasePlace(is_gap=True) if several == ["*"] else words_sought(several)


def indexed(phrases: Iterable[Phrase]) -> PhraseIndex:
    """The phrases ready to be looked for."""
    by_word: dict[str, list[Phrase]] = {}
    by_stem: dict[str, list[Phrase]] = {}
    for known in phrases:
        for word in known.places[0].words:
            by_word.setdefault("#" if word == "##" else word, []).append(known)
        for beginning in known.places[0].beginnings:
            by_stem.setdefault(beginning[:_STEM], []).append(known)
    return PhraseIndex(
        {word: tuple(found) for word, found in by_word.items()},
        {stem: tuple(found) for stem, found in by_stem.items()},
    )


def words_in(text: str) -> list[str]:
    """The words of a text in lower case."""
    return _WORD.findall(text.casefold().replace("’", "'"))


def words_sought(several: Sequence[str]) -> PhrasePlace:
    """Words, and with `*` beginnings of words, to be looked for by themselves."""
    whole = frozenset(one for one in several if not one.endswith("*"))
    return PhrasePlace(whole, tuple(one[:-1] for one in several if one.endswith("*")))


def _fits(places: Sequence[PhrasePlace], words: Sequence[str], at: int, first: int, *, negates: bool = False) -> bool:
    """Whether the places from the first on are filled by the words from one on; a gap passes over no negation."""
    for position in range(first, len(places)):
        place = places[position]
        if place.is_gap:
            open_ = words[at : at + _GAP]
            most = next((i for i, word in enumerate(open_) if _is_negation(word)), _GAP) if not negates else _GAP
            return any(_fits(places, words, at + gap, position + 1, negates=negates) for gap in range(most + 1))
        if at >= len(words) or not place.takes(words[at]):
            return False
        at += 1
    return True


def _is_said(phrase: Phrase, words: Sequence[str], at: int) -> bool:
    before = words[max(at - _REACH, 0) : at]
    if phrase.is_fact and not _POSSIBLE.isdisjoint(before):
        return False
    return phrase.negates or not any(map(_is_negation, (*before, *words[: min(at, _OPENING)])))


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't")
