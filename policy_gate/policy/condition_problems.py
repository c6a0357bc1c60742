"""Problems of conditions, each told at the place within the text that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policy_gate.documents.spelling import spelling_hint
from policy_gate.policy.cel import inside
from policy_gate.policy.expressions import Domain, compared_words, ordered_words
from policy_gate.policy.items import Item
from policy_gate.schema.source import Loc, Location, Problem

_MOST = 12
"""words that a hint lists"""


def condition_problem(item: Item, way: Loc, text: str, offset: int, message: str, hint: str = "") -> Problem:
    """A problem at an offset of the condition that stands at this part of an item."""
    return _within(item.at(*way), text, offset, f"{item.kind} {item.id}: {message}", hint)


def _within(place: Location, text: str, offset: int, message: str, hint: str) -> Problem:
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    at = inside(place, text, line, column)
    return Problem(at.path, message, at.line, at.column, hint)


def strange_words(
    item: Item, texts: Sequence[tuple[str, Loc]], types: Mapping[str, str], words: Mapping[str, Domain]
) -> Iterator[Problem]:
    """Words that conditions of an item compare a variable with and that it never has."""
    for text, way in texts:
        yield from words_never_had(f"{item.kind} {item.id}", text, item.at(*way), types, words)


def words_never_had(
    about: str, text: str, place: Location, types: Mapping[str, str], words: Mapping[str, Domain]
) -> Iterator[Problem]:
    """The same of one condition that stands at `place`; `words` are those of closed variables."""
    for name, word, shown, offset in compared_words(text, types):
        known = words.get(name)
        if known is None or word in known or (word is None and shown[0] in "\"'rRbB"):
            continue
        yield _within(place, text, offset, f"{about}: {name} is never {shown}", spelling_hint(word or shown, known))
    for name, _, shown, offset in ordered_words(text, types):
        if known := words.get(name):
            message = f"{about}: {name} is a word, and `{shown}` compares words by the alphabet"
            said = ", ".join(f'"{word}"' for word in sorted(known)[:_MOST])
            yield _within(place, text, offset, message, f"list those that are meant: {name} in [...] of {said}")
