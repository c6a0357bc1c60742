"""Problems of conditions, each told at the place within the text that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policy_gate.documents.spelling import spelling_hint
from policy_gate.policy.cel import inside
from policy_gate.policy.expressions import Domain, compared_words
from policy_gate.policy.items import Item
from policy_gate.schema.source import Loc, Problem


def condition_problem(item: Item, way: Loc, text: str, offset: int, message: str, hint: str = "") -> Problem:
    """A problem at an offset of the condition that stands at this part of an item."""
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    place = inside(item.at(*way), text, line, column)
    return Problem(place.path, f"{item.kind} {item.id}: {message}", place.line, place.column, hint)


def strange_words(
    item: Item, texts: Sequence[tuple[str, Loc]], types: Mapping[str, str], words: Mapping[str, Domain]
) -> Iterator[Problem]:
    """Words that a condition compares a variable with and that it never has; `words` are those of closed ones."""
    for text, way in texts:
        for name, word, shown, offset in compared_words(text, types):
            known = words.get(name)
            if known is None or word in known or (word is None and shown[0] in "\"'rRbB"):
                continue
            hint = spelling_hint(word or shown, known)
            yield condition_problem(item, way, text, offset, f"{name} is never {shown}", hint)
