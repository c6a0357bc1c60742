"""Which fields of a card a heading, label, table row or key is about: by the names that the policies list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from policy_gate.cards.phrases import PhraseIndex, PhrasePlace, indexed, phrase, words_in, words_sought
from policy_gate.cards.text_normal import key_of
from policy_gate.schema.card_fields import CARD_FIELDS, CardWords
from policy_gate.schema.patterns import lazy_pattern

_EXPLAINED = lazy_pattern(r"\A(?P<name>[^.!?\n]{3,60}?)(?:[.!?]\s+|\s+[*•–—-]\s+|:\s+)(?=\S)")
"""a heading that goes on with what belongs below it"""
_VOCABULARIES = 8
"""are kept; to hash the words of one takes as long as to ask it of a hundred headings"""
_JOINS = lazy_pattern(r"\s*(?:[,、，&/+;；·]|\b(?:and|or|y|e|und|et)\b)\s*", re.IGNORECASE)
_OPENS_BOX: Final = lazy_pattern(
    r"(?:(?:click|tap)(?: here)? to )?(?:expand|show|see|open|view|read|unfold)"
    r"(?: (?:more|all|here|details|the|full|list|complete|this|section|me))*"
    r"|(?:more |further )?details|more(?: information)?|(?:the )?(?:full|complete) list",
    re.IGNORECASE,
)
"""a summary that says how to read what is folded away, and nothing of it"""
_PARTS: Final = lazy_pattern(r"limits?|limitations?|restrictions?|uses?|bias(?:es)?|points?|items?|text", re.IGNORECASE)
_MORE: Final = lazy_pattern(r"\A(?:(?:more|other|further|all|our|the|full|list|of) )+", re.IGNORECASE)

_THE_MODEL: Final = lazy_pattern(
    r"\b(?:this|the|our) (?:ai )?(?:model|system|tool|classifier|service)\b|\bthis\b(?! \w+ing)", re.IGNORECASE
)
_BESIDE_DATA: Final = frozenset({
    "preprocessing", "pre processing", "processing", "data preprocessing", "preparation", "data preparation",
    "features", "feature engineering", "splits", "split", "cleaning", "data cleaning", "vorverarbeitung",
    "population", "población", "população", "bevölkerung", "cohort", "collection",
    "prétraitement", "preprocesamiento", "pré processamento",
})  # fmt: skip
"""what a heading has beside the data that it names, and is no field"""
_BESIDE: Final = frozenset({
    "attribution", "citation", "non goals", "nongoals", "future work", "further work", "next steps", "outlook",
    "open questions", "roadmap", "notes", "references", "acknowledgements", "acknowledgments", "discussion",
    "context", "provenance", "ausblick", "perspectives", "trabajo futuro", "trabalhos futuros", "今後の課題",
})  # fmt: skip
"""what a heading has beside any field that it names, and is none itself"""
_OF_DATA: Final = frozenset({"training_data_description", "evaluation_data_description"})


class CardVocabulary(Struct, frozen=True, eq=False):
    """The words by which cards are read.

    `named` has the fields by the key of each of their names, `under` those that a key means in the section of a
    field; `joint` the words of which a text needs one to count for a field where several share a heading, or where
    `loose` has the field and the key of its heading; `only_under` has the fields and keys of `under`.
    """

    named: Mapping[str, tuple[str, ...]]
    under: Mapping[tuple[str, str], tuple[str, ...]]
    joint: Mapping[str, PhrasePlace]
    loose: frozenset[tuple[str, str]]
    only_under: frozenset[tuple[str, str]]
    phrases: PhraseIndex

    def fields_named(self, name: str, within: Iterable[str] = ()) -> tuple[str, ...]:
        """The card fields that a heading, label or key is about; () where it is none that is known.

        `within` are the fields of the section that it stands in.
        """
        key = name_key(name)
        for parent in within:
            if found := self.under.get((parent, key)):
                return found
        return self.named.get(key) or self.named.get(key.removeprefix("model ").removesuffix(" optional"), ())

    def fields_headed(self, heading: str, within: Iterable[str] = ()) -> tuple[str, ...]:
        """The fields of a heading, which may go on with an explanation, or name several fields one by one."""
        if found := self.fields_named(_asked_of_it(heading), within):
            return found
        explained = _EXPLAINED.match(heading)
        if explained and (found := self.fields_named(explained["name"], within)):
            return found
        parts = [part for part in _JOINS.split(heading[:200]) if part]
        if not 1 < len(parts) <= len(CARD_FIELDS):
            return ()
        named = {part: self._part(part, parts, within) for part in parts}
        beside = {name_key(part) for part, fields in named.items() if not fields}
        is_all_told = (_BESIDE_DATA | _BESIDE).issuperset(beside)
        found = tuple(dict.fromkeys(field for fields in named.values() for field in fields))
        is_of_data = _BESIDE.issuperset(beside) or _OF_DATA.issuperset(found)
        return found if is_all_told and is_of_data else ()

    def _part(self, part: str, parts: Sequence[str], within: Iterable[str]) -> tuple[str, ...]:
        """The fields of one of several names: "Training" of "Training and test data" is the training data."""
        shared = parts[-1].split()
        found = self.fields_named(f"{part} {shared[-1]}", within) if part != parts[-1] and len(shared) > 1 else ()
        return found or self.fields_named(part, within)

    def told_of(self, fields: tuple[str, ...], heading: str, text: str) -> tuple[str, ...]:
        """Those of a heading's fields that a text under it is about."""
        key = name_key(heading)
        asked = [field for field in fields if len(fields) > 1 or (field, key) in self.loose]
        if not asked:
            return fields
        words = words_in(text)
        aside = {it for it in asked if (signs := self.joint.get(it)) and not any(map(signs.takes, words))}
        return tuple(field for field in fields if field not in aside)


_BY_WORDS: dict[int, tuple[tuple[CardWords, ...], CardVocabulary]] = {}
"""by the id of the words, which are kept beside, so that no others can get it"""


def vocabulary(words: tuple[CardWords, ...]) -> CardVocabulary:
    """The vocabulary of these words; a field's own name means it and no other, whatever they say."""
    known = _BY_WORDS.get(id(words))
    if known is None:
        if len(_BY_WORDS) >= _VOCABULARIES:
            _BY_WORDS.clear()
        known = _BY_WORDS[id(words)] = words, _vocabulary(words)
    return known[1]


@lru_cache(maxsize=_VOCABULARIES)
def _vocabulary(words: tuple[CardWords, ...]) -> CardVocabulary:
    named: dict[str, list[str]] = {}
    under: dict[tuple[str, str], list[str]] = {}
    told = {known.id: known for known in words}
    own = {field: field.replace("_", " ") for field in CARD_FIELDS}
    for field in CARD_FIELDS:
        known = told.get(field, CardWords(field))
        _add(named, own[field], field)
        for key in known.keys:
            if key not in own.values():
                _add(named, key, field)
        for parent, keys in known.under:
            for key in keys:
                _add(under, (parent, key), field)
    said = [phrase(text, known.id) for known in words for text in known.phrases]
    said += [phrase(text, known.id, parent) for known in words for parent, texts in known.phrases_in for text in texts]
    return CardVocabulary(
        {key: tuple(fields) for key, fields in named.items() if key},
        {way: tuple(fields) for way, fields in under.items()},
        {known.id: words_sought(known.joint) for known in words if known.joint},
        frozenset((known.id, key) for known in words for key in known.loose),
        frozenset((known.id, key) for known in words for _, keys in known.under for key in keys),
        indexed(said),
    )


def _add(found: dict[Any, list[str]], key: Any, field: str) -> None:
    known = found.setdefault(key, [])
    if field not in known:
        known.append(field)


def _asked_of_it(heading: str) -> str:
    """A heading that asks about the model asks about "it"."""
    return _THE_MODEL.sub("it", heading) if heading.rstrip().endswith("?") else heading


@lru_cache(maxsize=4096)
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


def opens_box(summary: str, words: CardVocabulary) -> bool:
    """Whether a summary says of what is folded away no more than that it is there, or what field it is of."""
    plain = summary.strip(" .:…")
    named = _MORE.sub("", plain)
    return bool(_OPENS_BOX.fullmatch(plain) or _PARTS.fullmatch(named) or words.fields_named(named))
