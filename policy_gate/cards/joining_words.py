"""Statements reduced to the words that say something: an article more or less is no other statement."""

from __future__ import annotations

import re
from typing import Final

from policy_gate.cards.text_normal import key_of
from policy_gate.schema.patterns import lazy_pattern

_JOINING: Final = frozenset({"a", "an", "at", "are", "in", "is", "of", "on", "the", "to", "with"})
"""English words of which none negates, limits or counts anything, whichever stands in the place of another"""
_ENGLISH: Final = frozenset({"and", "be", "for", "from", "it", "not", "or", "that", "the", "this"})
"""one of these says that a text is English; elsewhere "of", "is" or "on" may be words of weight"""
_COUNTING: Final = frozenset(
    {"bit", "couple", "few", "fraction", "half", "little", "lot", "number", "quarter", "third"}
)
"""before these an article makes a difference: "a few" are some, and "few" are hardly any"""
_LISTED: Final = lazy_pattern(r",\s{1,20}and\b", re.IGNORECASE)
"""the last comma of a list, which some write and some do not"""
_BETWEEN_LETTERS: Final = lazy_pattern(r"(?<=[^\W\d_])-(?=[^\W\d_])")


def statement_key(text: str) -> str:
    """`key_of` without words that only join others, hyphens between words, and the "and" after a comma (D38).

    A word beside a number stays: "1 in 5" is not "1 to 5". A text of such words alone is its `key_of`.
    """
    whole = key_of(_LISTED.sub(",", text))
    words = _BETWEEN_LETTERS.sub(" ", whole).split(" ")
    if _ENGLISH.isdisjoint(words):
        return " ".join(words)
    beside = zip(["", *words], words, [*words[1:], ""], strict=False)
    kept = [word for left, word, right in beside if word not in _JOINING or _weighs(left) or _weighs(right)]
    return " ".join(kept) or whole


def is_same_statement(one: str, other: str) -> bool:
    """Whether two texts say the same: by all of their words, or by those that say something."""
    return key_of(one) == key_of(other) or statement_key(one) == statement_key(other)


def _weighs(neighbour: str) -> bool:
    """Whether a word beside this one may be one of weight: a number, a sign, a small number in words."""
    return neighbour in _COUNTING or (bool(neighbour) and not neighbour.replace("'", "").replace("’", "").isalpha())
