"""Which fields of a card a heading, label, table row or key is about: by the names that the policies list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from policy_gate.cards.text_normal import key_of
from policy_gate.schema.card_fields import CARD_FIELDS, CardWords


class CardVocabulary(Struct, frozen=True, eq=False):
    """The words by which cards are read; `named` has the fields by the key of each of their names."""

    named: Mapping[str, tuple[str, ...]]

    def fields_named(self, name: str) -> tuple[str, ...]:
        """The card fields that a heading, label or key is about; () where it is none that is known."""
        key = name_key(name)
        return self.named.get(key) or self.named.get(key.removeprefix("model ").removesuffix(" optional"), ())


@lru_cache(maxsize=8)
def vocabulary(words: tuple[CardWords, ...]) -> CardVocabulary:
    """The vocabulary of these words; a field's own name means it whatever they say."""
    found: dict[str, list[str]] = {}
    told = {known.id: known for known in words}
    for field in CARD_FIELDS:
        known = told.get(field)
        for key in (field.replace("_", " "), *(known.keys if known else ())):
            fields = found.setdefault(key, [])
            if key and field not in fields:
                fields.append(field)
    return CardVocabulary({name: tuple(fields) for name, fields in found.items() if name})


def name_key(name: str) -> str:
    """A heading, label or key reduced to its words: without numbering, remarks in brackets and `and`."""
    plain = name.replace("_", " ")
    for opening in ("(", "[", "（"):
        cut = plain.find(opening)
        plain = plain[:cut] if cut > 0 else plain
    words = [word for word in key_of(plain.replace("/", " ").replace("-", " ")).split() if word not in ("and", "the")]
    while words and words[0].replace(".", "").isdigit():
        words = words[1:]
    return " ".join(words)
