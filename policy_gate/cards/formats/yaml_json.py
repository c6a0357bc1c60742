"""Cards as data: our own document (`policy-gate/card/v1`) as YAML or JSON, and foreign keys that are read by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Final, get_args

from msgspec.structs import replace

from policy_gate.cards.card import NUMBERS, CardDocument, WrittenCard, differences
from policy_gate.cards.card_values import (
    document_values,
    field_of,
    fields_of,
    index_again,
    inner_lines,
    line_at,
    map_of,
    numbers_by_name,
    numbers_in,
    passages_of,
    plain_data,
    statements_by_name,
    values_again,
    values_by_name,
    with_makers,
)
from policy_gate.cards.corrections import with_corrections
from policy_gate.cards.data_in_force import card_in_force, is_of_another_model
from policy_gate.cards.field_names import CardVocabulary
from policy_gate.cards.formats.spdx import spdx_numbers, spdx_values
from policy_gate.cards.formats.toolkits import toolkit_numbers, toolkit_values
from policy_gate.cards.metrics import with_more
from policy_gate.cards.stated_twice import differing, told_beside, with_all_places
from policy_gate.cards.statements import with_statements
from policy_gate.errors import DocumentError
from policy_gate.schema.card_document import Card
from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.facts import CardField
from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.vocabulary import TIERS

SCHEMA: Final = "policy-gate/card/v1"
_FIELDS_OF_A_CARD: Final = 2
"""fields that a map names at least by its keys where it holds a whole card"""


def recognises(evidence: Evidence) -> bool:
    """By its suffix."""
    return evidence.path.lower().endswith((".yaml", ".yml", ".json"))


def recognises_json(evidence: Evidence) -> bool:
    """By its suffix."""
    return evidence.path.lower().endswith(".json")


def read(evidence: Evidence, words: CardVocabulary) -> CardDocument:
    """The card; DocumentError where it is no mapping, or has our schema and does not keep to it."""
    if not isinstance(evidence.data, Mapping):
        raise DocumentError("the card is no map of fields")
    whole, evidence = evidence.data, _unwrapped(evidence, words)
    ours = str(evidence.data.get("schema", "")).startswith("policy-gate/")
    values, lines = _ours(evidence) if ours else _foreign(evidence, words)
    more = () if ours else _more_numbers(evidence, words)
    numbers, again = with_more({name: numbers_in(name, values.get(name)) for name in NUMBERS}, more)
    passages = passages_of(evidence.data, evidence.marks, words)
    known = with_corrections(numbers, again, passages)
    fields = with_statements(fields_of(values, lines), passages, words)
    if not ours:
        fields = with_makers(with_all_places(fields, statements_by_name(evidence.data, evidence.marks, words)))
    stated = () if ours else values_again(evidence.data, evidence.marks, words)
    return CardDocument(
        format="json" if recognises_json(evidence) else "yaml",
        words=words,
        fields=fields,
        numbers=known.numbers,
        again=known.again,
        twice=tuple(
            dict.fromkeys(
                (*filter(None, (differing(name, fields[name], it) for name, it in stated)), *told_beside(fields))
            )
        ),
        number_lines={**{name: line for name, line in lines.items() if line is not None}, **known.lines},
        data=whole,
    )


def _unwrapped(evidence: Evidence, words: CardVocabulary) -> Evidence:
    """The foreign card within a lone key that is no field's, whatever a house calls it."""
    (key, inner), *more = evidence.data.items() if evidence.data else [("", None)]
    is_alone = not more and not words.fields_named(str(key)) and not is_of_another_model(key)
    if not is_alone or not isinstance(inner, Mapping) or "schema" in inner or not card_in_force(evidence.data):
        return evidence
    if sum(bool(words.fields_named(str(it))) for it in inner) < _FIELDS_OF_A_CARD:
        return evidence
    marks = {way[1:]: mark for way, mark in evidence.marks.items() if way[:1] == (key,) and way[1:]}
    return replace(evidence, data=inner, marks=marks)


def write(card: CardDocument) -> WrittenCard:
    """Our document as YAML."""
    from policy_gate.documents.writer import yaml_text  # noqa: PLC0415

    return _checked(card, "model_card.yaml", yaml_text(_document(card)))


def write_json(card: CardDocument) -> WrittenCard:
    """Our document as JSON."""
    return _checked(card, "model_card.json", json.dumps(_document(card), indent=2, ensure_ascii=False) + "\n")


def _foreign(evidence: Evidence, words: CardVocabulary) -> tuple[dict[str, Any], dict[str, int | None]]:
    """A toolkit's card or a document of SPDX by its own shape, any other by the names of its keys.

    What such a shape has no place for stands beside it, under the names of our fields.
    """
    data = card_in_force(evidence.data)
    known = toolkit_values(data)
    known = spdx_values(data) if known is None else known
    if known is None:
        return values_by_name(document_values(evidence.data), evidence.marks, words)
    beside = {name: data[name] for name in CARD_FIELDS if name in data and not known.get(name)}
    return {**known, **beside}, {name: line_at(evidence.marks, (name,)) for name in beside}


def _more_numbers(evidence: Evidence, words: CardVocabulary) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """All places with numbers of a card that is not ours, the first of each field among them."""
    data = card_in_force(evidence.data)
    if toolkit_values(data) is not None:
        return toolkit_numbers(data)
    if spdx_values(data) is not None:
        return spdx_numbers(data)
    again = (("overall_performance", {name: value}) for name, value in index_again(data))
    return chain(numbers_by_name(document_values(evidence.data), words, NUMBERS), again)


def _ours(evidence: Evidence) -> tuple[dict[str, Any], dict[str, int | None]]:
    from policy_gate.documents.validation import validated  # noqa: PLC0415

    card = validated(Card, evidence.path, evidence.oid or "", evidence.data, evidence.marks).content
    stated = {name: getattr(card, name) for name in CARD_FIELDS if getattr(card, name) is not None}
    keys = [name for name in evidence.data if name in CARD_FIELDS]
    empty = {name: None for name in keys if name not in stated}
    lines = {name: line_at(evidence.marks, (name,)) for name in keys}
    return {**stated, **empty}, {**lines, **inner_lines(evidence.marks)}


def _checked(card: CardDocument, path: str, text: str) -> WrittenCard:
    from policy_gate.documents.yaml_reader import read_by_suffix  # noqa: PLC0415

    data, marks, _ = read_by_suffix(path, text.encode())
    return WrittenCard(
        text, differences(card, read(Evidence(path, "file", text=text, data=data, marks=marks), card.words))
    )


def _document(card: CardDocument) -> dict[str, Any]:
    values = {name: _value(name, card) for name in CARD_FIELDS}
    return {"schema": SCHEMA} | {
        name: value for name, value in values.items() if value is not None or card.fields[name].state == "placeholder"
    }


def _value(name: str, card: CardDocument) -> Any:
    """The value that reads as this field, or the nearest that the schema allows; None for one left empty."""
    field = card.fields[name]
    if name in card.data and _is_kept(name, card):
        return plain_data(card.data[name])
    if name in NUMBERS and card.numbers.get(name):
        return plain_data(card.numbers[name])
    text = plain_data(field.text)
    if not text or field_of(text, None, name).state != field.state or (name == "risk_tier" and text not in TIERS):
        return None
    lines = text.split("\n")
    as_list = list[str] in get_args(Card.model_fields[name].annotation) and len(lines) > 1
    return lines if as_list and _same(field_of(lines, None, name), field) else text


def _is_kept(name: str, card: CardDocument) -> bool:
    """Whether the document that the card was read from states the field in our form, and still as the card has it."""
    from policy_gate.documents.validation import validated  # noqa: PLC0415

    try:
        stated = validated(Card, "", "", {"schema": SCHEMA, name: card.data[name]}, {}).content
    except DocumentError:
        return False
    value = getattr(stated, name)
    numbers = name not in NUMBERS or map_of(value) == card.numbers.get(name, {})
    return numbers and _same(field_of(value, None, name), card.fields[name])


def _same(one: CardField, other: CardField) -> bool:
    return (one.state, one.text) == (other.state, other.text)
