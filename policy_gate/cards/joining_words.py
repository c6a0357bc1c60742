"""Statements reduced to the words that say something: an article more or less is no other statement."""

from __future__ import annotations

import re
from typing import Final

from policy_gate.cards.text_normal import key_of
from policy_gate.schema.patterns import lazy_pattern

_ARTICLES: Final = frozenset({"a", "an", "the"})
_OF_PROSE: Final = frozenset({"at", "in", "of", "on", "to", "with"})
"""what says nothing of which model or version a paragraph tells of; of a limit ("in schools", "of schools") it does"""
_ENGLISH: Final = frozenset({"and", "be", "for", "from", "it", "not", "or", "that", "the", "this"})
"""one of these says that a text is English; elsewhere "a" or "an" may be words of weight"""
_COUNTING: Final = frozenset(
    {"bit", "couple", "dozen", "few", "fraction", "half", "hundred", "little", "lot", "million", "number", "quarter"}
    | {"thousand", "third", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve"}
)
"""beside these an article makes a difference: "a few" are some, and "few" are hardly any"""
_LABEL: Final = lazy_pattern(r"(?<=[^\W_] )A\b")
"""a capital within a sentence names something: class A, hepatitis A"""
_LISTED: Final = lazy_pattern(r",\s{1,20}and\b", re.IGNORECASE)
"""the last comma of a list, which some write and some do not"""
_BETWEEN_LETTERS: Final = lazy_pattern(r"(?<=[^\W\d_])-(?=[^\W\d_])")


def statement_key(text: str) -> str:
    """`key_of` without articles, hyphens between words, the "and" after a comma, and the number of "is" (D38).

    An article beside a number stays. A text of such words alone is its `key_of`.
    """
    return _without(text, _ARTICLES)


def prose_key(text: str) -> str:
    """The same of a paragraph about models and versions, without prepositions, too (D39)."""
    return _without(text, _ARTICLES | _OF_PROSE)


def _without(text: str, joining: frozenset[str]) -> str:
    whole = key_of(_LABEL.sub("label-a", _LISTED.sub(",", text)))
    words = _BETWEEN_LETTERS.sub(" ", whole).split(" ")
    if _ENGLISH.isdisjoint(words):
        return " ".join(words)
    beside = zip(["", *words], words, [*words[1:], ""], strict=False)
    kept = [word for left, word, right in beside if word not in joining or _weighs(left) or _weighs(right)]
    return " ".join("is" if word == "are" else word for word in kept) or whole


def is_same_statement(one: str, other: str) -> bool:
    """Whether two texts say the same: by all of their words, or by those that say something."""
    return key_of(one) == key_of(other) or statement_key(one) == statement_key(other)


def _weighs(neighbour: str) -> bool:
    """Whether a word beside this one may be one of weight: a number, a sign, a small number in words."""
    return neighbour in _COUNTING or (bool(neighbour) and not neighbour.replace("'", "").replace("’", "").isalpha())
