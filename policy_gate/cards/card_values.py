"""Values of a document to the fields of a card, and back to plain data that every format can hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, Final

from policy_gate.cards.bookkeeping import without_labels
from policy_gate.cards.data_in_force import card_in_force, holds_no_results, is_of_another_model
from policy_gate.cards.field_names import CardVocabulary, name_key
from policy_gate.cards.measured import is_no_measurement, notes_in, with_note
from policy_gate.cards.no_answer import is_one_word
from policy_gate.cards.numbers_in_data import LIMITS, maps_of
from policy_gate.cards.placeholders import (
    first_placeholder,
    holds_blank,
    is_bare_name,
    is_mostly_open,
    is_placeholder,
    split_sentences,
    states_nothing,
)
from policy_gate.cards.result_names import is_result_name
from policy_gate.cards.statements import Passage
from policy_gate.cards.text_normal import visible
from policy_gate.cards.wishes import is_wish
from policy_gate.documents.scalars import UNCLEAN
from policy_gate.schema.card_fields import CARD_FIELD_KINDS, CARD_FIELDS
from policy_gate.schema.facts import CardField
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Loc, Mark, SpeltFloat, SpeltInt

_MAY_POINT: Final = frozenset({"license", "incident_contact", "changelog_summary", "regulatory_compliance", "model_id"})
"""fields that a pointer does answer: the licence in its file, the page where incidents are taken"""
NO_FINDINGS: Final = "assessed, no findings"
"""how a field begins that was looked into and is honestly empty"""
_OF_ONE_VALUE: Final = ("word", "day", "tier")
"""kinds of fields that a place to fill in leaves open, whatever stands around it"""
_IN_WORDS: Final = ("text", "numbers")
"""kinds of fields that take more than the name of a part of a template"""
_FREELY: Final = 2
"""maps into which names of one word are looked for"""
_DEEPEST: Final = 5
"""maps into which anything is looked for"""
_SEVERAL: Final = ("s", "werte")
"""how a name ends that is of limits for several results, and not of one beside its value"""
_UNMISTAKABLE: Final = 2
"""words of a name that means its field wherever it stands"""
_WRAPPERS: Final = frozenset({"model card", "card", "modelcard", "model", "metadata", "model details", "details"})
"""keys that hold the whole card, or all that is said of the model"""
_OVERALL: Final = "overall_performance"
_RESULTS: Final = frozenset({_OVERALL, "performance_by_group"})
_NO_LICENSE: Final = frozenset({"other", "custom"})
"""what the Hub has for a licence without an id, whose name and place stand in keys of their own"""
_TIER: Final = (
    r"(?:(?:very|extremely) )?(?:low|medium|moderate|minimal|limited|high|critical|unacceptable|prohibited|none)"
    r"(?:[ -]risk)?"
)
_CHOICE: Final = lazy_pattern(
    rf"(?:[\w ]+:\s*)?[\[(<{{]?\s*{_TIER}(?:\s*(?:[/|,]|,?\s*\bor\b)\s*{_TIER}){{2,}}\s*[\])>}}]?\.?", re.IGNORECASE
)
"""three tiers or more, of which nobody chose one"""
_NEVER_ASKED: Final = frozenset(
    {
        "overall_performance", "performance_by_group", "evaluation_data_description", "training_data_description",
        "known_limitations", "identified_biases", "safety_risks", "mitigation_measures",
    }
)  # fmt: skip
"""fields that questions alone do not state; uses and failures may be told by what somebody asks the model"""
_PLANNED: Final = lazy_pattern(
    r"(?:(?:is|are|still) )*(?:planned|scheduled)(?: (?:for|in|by|after|later|once)\b[^.,:;\n]{0,40})?", re.IGNORECASE
)
"""what should be told, put off; of reviews it is what was asked"""
_OF_PEOPLE: Final = frozenset({"incident_contact", "review_schedule"})
"""fields of one value that no yes and no no answers"""
_SHORTEST_NUMBER: Final = 3
_SAYS_MORE: Final = frozenset({"review_schedule", "training_data_size"})
"""fields of one value of which few words must say something, too"""
_WAY: Final = lazy_pattern(
    r"https?:|www\.|[@[\d]|\b(?:contact|ask|consult|talk|check|e-?mail|write|see|refer|link|here|page|website|docs?"
    r"|documentation|readme|wiki|paper|issues?|described|stated|listed|found|given)\b",
    re.IGNORECASE,
)
"""words by which a contact that says little may still lead to somebody"""
_OF_DATA: Final = frozenset({"training_data_description", "evaluation_data_description"})
_COUNT: Final = lazy_pattern(r"\d{1,3}(?:[,.' ]\d{3})+|\d{5,}")
_FIGURE: Final = lazy_pattern(r"(?<![^\W_])\d")
"""a number, and no name that ends in one, such as F1"""
_LINE_BREAKS: Final = "\u2028\u2029"


def values_by_name(
    data: Mapping[Any, Any], marks: Mapping[Loc, Mark], words: CardVocabulary
) -> tuple[dict[str, Any], dict[str, int | None]]:
    """Fields found by the names of keys, in maps within maps; the first filled one of the outermost wins.

    In the map of one field only an unmistakable name is another field's, and what it holds is not the first one's.
    Remarks, and what a key says is withdrawn, are none of it.
    """
    data = card_in_force(data)
    values: dict[str, Any] = {}
    lines: dict[str, int | None] = inner_lines(marks)
    for way, node, within in _nodes(data, words):
        fields = _named_at(way, within, words)
        value = _own_part(node, _depth(way), fields or within, words) if isinstance(node, Mapping) else node
        for field in words.told_of(fields, str(way[-1]), text_of(value)) if text_of(value) else fields:
            if field not in values or not _is_filled(field, values[field]):
                values[field], lines[field] = value, line_at(marks, way)
    for way, value in _bare_results(data):
        if isinstance(values.setdefault(_OVERALL, {}), Mapping):
            lines.setdefault(_OVERALL, line_at(marks, way))
            values[_OVERALL] = {str(way[-1]): value, **values[_OVERALL]}
    return values, lines


def _bare_results(data: Mapping[Any, Any]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Numbers that are results by the names of their keys, beside what a card says of the model as a whole."""
    for key, value in data.items():
        if isinstance(value, Mapping) and name_key(str(key)) in _WRAPPERS:
            yield from (((key, *way), inner) for way, inner in _bare_results(value))
        elif isinstance(value, int | float) and not isinstance(value, bool) and is_result_name(str(key)):
            yield (key,), with_note(value, notes_in(data))


def _depth(way: Sequence[Any]) -> int:
    """How many maps a key stands in, the card's own aside."""
    wrappers = takewhile(lambda key: name_key(str(key)) in _WRAPPERS, way[:-1])
    return len(way) - sum(1 for _ in wrappers)


def numbers_by_name(
    data: Mapping[Any, Any], words: CardVocabulary, parts: Collection[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every map with numbers of these fields, by the names of keys, outermost first; none inside another of its field,
    and those of the entries of lists.

    `values_by_name` takes the first of them: what the others say of the same number is not lost on whoever judges it.
    """
    taken: dict[str, list[tuple[Any, ...]]] = {}
    for way, node, within in _nodes(card_in_force(data), words):
        for field in _named_at(way, within, words):
            ways = taken.setdefault(field, [])
            if field not in parts or any(way[: len(it)] == it for it in ways):
                continue
            if isinstance(node, Mapping):
                ways.append(way)
            value = _own_part(node, _depth(way), (field,), words) if isinstance(node, Mapping) else node
            yield from ((field, found) for found in maps_of(field, value))


def values_again(
    data: Mapping[Any, Any], marks: Mapping[Loc, Mark], words: CardVocabulary
) -> Iterator[tuple[str, CardField]]:
    """Every plain value that the names of keys give a field, the one that `values_by_name` takes among them."""
    for way, node, within in _nodes(card_in_force(data), words):
        if not isinstance(node, Mapping | list):
            for field in _named_at(way, within, words):
                yield field, field_of(node, line_at(marks, way), field)


def statements_by_name(
    data: Mapping[Any, Any], marks: Mapping[Loc, Mark], words: CardVocabulary
) -> Iterator[tuple[str, CardField]]:
    """What every key says of the field that it names, none inside another of its field."""
    taken: dict[str, list[tuple[Any, ...]]] = {}
    for way, node, within in _nodes(card_in_force(data), words):
        for field in _named_at(way, within, words):
            ways = taken.setdefault(field, [])
            if not any(way[: len(it)] == it for it in ways):
                ways.append(way)
                value = _own_part(node, _depth(way), (field,), words) if isinstance(node, Mapping) else node
                yield field, field_of(value, line_at(marks, way), field)


def passages_of(data: Mapping[Any, Any], marks: Mapping[Loc, Mark], words: CardVocabulary) -> list[Passage]:
    """The texts of a document, each with the fields of the maps it stands in and the keys above it."""
    found: list[Passage] = []
    for way, value, within in _nodes(card_in_force(data), words):
        fields = _named_at(way, within, words) or within
        under = tuple(str(part).replace("_", " ") for part in way)
        texts = value if isinstance(value, list) else [value]
        found += (Passage(line_at(marks, way), text, fields, under) for text in texts if isinstance(text, str))
    return found


def _nodes(data: Mapping[Any, Any], words: CardVocabulary) -> Iterator[tuple[tuple[Any, ...], Any, tuple[str, ...]]]:
    """Every key with its way and value, outermost first, and the fields of the maps around it."""
    level: list[tuple[tuple[Any, ...], Mapping[Any, Any], tuple[str, ...]]] = [((), data, ())]
    while level:
        deeper: list[tuple[tuple[Any, ...], Mapping[Any, Any], tuple[str, ...]]] = []
        for way, inner, within in level:
            for key, value in inner.items():
                yield (*way, key), value, within
                if isinstance(value, Mapping) and len(way) < _DEEPEST:
                    fields = _named(str(key), _depth((*way, key)), within, words)
                    if fields or not is_of_another_model(key):
                        deeper.append(((*way, key), value, fields or within))
        level = deeper


def _named(key: str, depth: int, within: tuple[str, ...], words: CardVocabulary) -> tuple[str, ...]:
    fields = words.fields_named(key, within)
    is_plain = len(name_key(key).split()) < _UNMISTAKABLE
    if is_plain and fields and (within or depth > _FREELY):
        is_limit_of_results = _OVERALL in within and LIMITS in fields and name_key(key).endswith(_SEVERAL)
        own = {*within, LIMITS} if is_limit_of_results else set(within)
        return tuple(field for field in fields if field in own or (field, name_key(key)) in words.only_under)
    return fields


def _named_at(way: Sequence[Any], within: tuple[str, ...], words: CardVocabulary) -> tuple[str, ...]:
    """The fields of the key at the end of a way, none of results where the way is of a baseline or a wish."""
    fields = _named(str(way[-1]), _depth(way), within, words)
    if _RESULTS.isdisjoint(fields) or not any(map(holds_no_results, way[:-1])):
        return fields
    return tuple(field for field in fields if field not in _RESULTS)


def _own_part(value: Mapping[Any, Any], depth: int, within: tuple[str, ...], words: CardVocabulary) -> dict[Any, Any]:
    """A map without what is another field's."""
    found: dict[Any, Any] = {}
    for key, inner in value.items():
        fields = _named(str(key), depth + 1, within, words)
        if not fields or set(fields) & set(within):
            is_map = isinstance(inner, Mapping) and depth < _DEEPEST
            found[key] = _own_part(inner, depth + 1, fields or within, words) if is_map else inner
    return found


def _is_filled(field: str, value: Any) -> bool:
    text = text_of(value)
    if field == "license" and text.casefold() in _NO_LICENSE:
        return False
    return bool(text) and (field != "overall_performance" or isinstance(value, str) or any(map(str.isdigit, text)))


def front_values(front: Mapping[str, Any]) -> dict[str, Any]:
    """The front matter as a card: `metrics` names measures and holds no result, `model-index` has results and data."""
    results = {name: value for name, value in index_numbers(front).items() if value is not None}
    kept = {key: value for key, value in front.items() if key != "metrics" or not _are_names(value)}
    data = {name: value for name, value in _index_names(front).items() if name != "model_name"}
    return data | kept | ({_OVERALL: results} if results and _OVERALL not in front else {})


def document_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """YAML and JSON as a card, which may have the Hub's keys: beside no text, its index names model and test data."""
    values = front_values(data)
    return values | {name: value for name, value in _index_names(data).items() if name not in values}


def _are_names(value: Any) -> bool:
    """Whether a value is a list of words alone, such as the measures that a model was looked at by."""
    items = value if isinstance(value, list) else [value]
    return not isinstance(value, Mapping) and all(isinstance(it, str) and not _FIGURE.search(it) for it in items)


def _index_names(front: Mapping[str, Any]) -> dict[str, Any]:
    """The model that a `model-index` names, and the data of its results, where nothing else of the card does."""
    models = front.get("model-index")
    first = next((it for it in models if isinstance(it, Mapping)), {}) if isinstance(models, list) else {}
    data = [result.get("dataset") for result in _maps(first, "results") if _maps(result, "metrics")]
    of_tests = [it for it in data if isinstance(it, Mapping) and not any(map(_is_none_of_a_test, it.values()))]
    names = [it["name"] for it in of_tests if it.get("name")]
    found = {"model_name": first.get("name"), "evaluation_data_description": list(dict.fromkeys(map(str, names)))}
    return {name: value for name, value in found.items() if value}


def _is_none_of_a_test(value: Any) -> bool:
    return isinstance(value, str) and is_no_measurement(value)


def index_numbers(front: Mapping[str, Any]) -> dict[str, Any]:
    """Each number of the Hub's `model-index`, by metric; by data set too where a metric comes again for another."""
    return {name: values[0] for name, values in _index_values(front).items()}


def index_again(front: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The numbers that a `model-index` gives a metric of one data set after the first."""
    return [(name, value) for name, values in _index_values(front).items() for value in values[1:]]


def _index_values(front: Mapping[str, Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    spelled: dict[tuple[str, str], str] = {}
    for name, where, value in _index_metrics(front.get("model-index")):
        own = spelled.setdefault((name, where), name if name not in found or not where else f"{name} ({where})")
        found.setdefault(own, []).append(value)
    return found


def _index_metrics(index: Any) -> Iterator[tuple[str, str, Any]]:
    """Metric, data set and value of each entry of a `model-index`; what has another shape is none."""
    for model in index if isinstance(index, list) else ():
        for result in _maps(model, "results"):
            data = result.get("dataset")
            split = data.get("split") if isinstance(data, Mapping) else None
            where = data.get("name") or data.get("type") if isinstance(data, Mapping) else data
            for metric in _maps(result, "metrics"):
                name = str(metric.get("name") or metric.get("type") or "").strip()
                if name:
                    yield name, str(where or "").strip(), with_note(metric.get("value"), (split, where))


def _maps(value: Any, name: str) -> list[Mapping[str, Any]]:
    inner = value.get(name) if isinstance(value, Mapping) else None
    return [item for item in inner if isinstance(item, Mapping)] if isinstance(inner, list) else []


def line_at(marks: Mapping[Loc, Mark], way: Loc) -> int | None:
    """The line of a node, where it is known."""
    mark = marks.get(way)
    return mark.line if mark else None


def inner_lines(marks: Mapping[Loc, Mark]) -> dict[str, int | None]:
    """Lines of metrics by name, and of group metrics by `group name`."""
    return {" ".join(str(part) for part in way[1:]): mark.line for way, mark in marks.items() if len(way) in (2, 3)}


def fields_of(values: Mapping[str, Any], lines: Mapping[str, int | None]) -> dict[str, CardField]:
    """Every field of a card: what the value of its name says, absent where there is no such value."""
    return {
        name: field_of(values[name], lines.get(name), name) if name in values else CardField("absent")
        for name in CARD_FIELDS
    }


def with_makers(fields: Mapping[str, CardField]) -> dict[str, CardField]:
    """The fields, with the organization as who made it where no authors are named."""
    is_named = fields["authors"].state == "absent" and fields["organization"].state != "absent"
    return {**fields, "authors": fields["organization"]} if is_named else dict(fields)


def field_of(value: Any, line: int | None, name: str = "") -> CardField:
    """The field of that name from the value that stands for it; a pointer or a refusal states nothing."""
    if _states_no_findings(value):
        text = f"{NO_FINDINGS}: {_get(value, 'method')}".rstrip(": ")
        return CardField("present", line, text, (text,))
    text = text_of(value)
    if not text or isinstance(value, bool) or not (isinstance(value, str) or _is_filled(name, value)):
        return CardField("placeholder", line, None)
    if CARD_FIELD_KINDS.get(name) == "text" and not any(map(str.isalpha, text)) and not _is_count(name, text):
        return CardField("placeholder", line, text)
    if name == "license" and not _is_filled(name, value):
        return CardField("placeholder", line, text)
    if CARD_FIELD_KINDS.get(name) in _IN_WORDS and all(map(is_bare_name, text.split("\n"))):
        return CardField("placeholder", line, text.split("\n")[0])
    if CARD_FIELD_KINDS.get(name) in _OF_ONE_VALUE and holds_blank(text):
        return CardField("placeholder", line, first_placeholder(text) or text)
    if CARD_FIELD_KINDS.get(name) == "tier" and _CHOICE.fullmatch(text):
        return CardField("placeholder", line, text)
    if CARD_FIELD_KINDS.get(name) in _IN_WORDS and name != "review_schedule" and _PLANNED.fullmatch(text.strip(" .*_")):
        return CardField("placeholder", line, text)
    sentences = split_sentences(text)
    is_asked = name in _NEVER_ASKED and all(it.rstrip(" *_").endswith(("?", "？")) for it in sentences)
    if is_asked or (name in _RESULTS and all(map(is_wish, sentences))):
        return CardField("placeholder", line, text.split("\n")[0])
    if (CARD_FIELD_KINDS.get(name) in _IN_WORDS or name in _OF_PEOPLE) and is_one_word(text):
        return CardField("placeholder", line, text)
    if name == "incident_contact" and _reaches_nobody(text):
        return CardField("placeholder", line, text)
    may_be_short = name in _MAY_POINT or (name == "model_name" and len(text) == 1)
    of_field = name if CARD_FIELD_KINDS.get(name) in _IN_WORDS or name in _SAYS_MORE else None
    said = without_labels(text, of_field) if of_field else text
    is_hollow = not may_be_short and states_nothing(said, alone=True, of_field=of_field)
    if is_placeholder(text) or is_mostly_open(text) or is_hollow:
        return CardField("placeholder", line, first_placeholder(text) or text)
    return CardField("present", line, text, tuple(sentences))


def _reaches_nobody(contact: str) -> bool:
    """Whether a contact is a mark, a number too short to call, or an answer put off that names no way to anybody."""
    if not any(map(str.isalpha, contact)):
        return sum(map(str.isdigit, contact)) < _SHORTEST_NUMBER
    return states_nothing(contact) and not _WAY.search(contact)


def _is_count(name: str, text: str) -> bool:
    """Whether a number alone says how much data there is, as no flag, version or year does."""
    return name in _OF_DATA and _COUNT.fullmatch(text) is not None


def numbers_in(name: str, value: Any) -> Mapping[str, Any]:
    """The numbers of the value of a field, of those that lists give several times the first."""
    found: dict[str, Any] = {}
    for numbers in maps_of(name, value):
        found = {**numbers, **found}
    return found


def map_of(value: Any) -> Mapping[str, Any]:
    """A mapping with text as keys; empty for what is no mapping."""
    return {str(key): inner for key, inner in value.items()} if isinstance(value, Mapping) else {}


def text_of(value: Any) -> str:
    """The filled-in parts of a value, one a line; placeholders in lists and maps do not count."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        parts = ((str(key), text_of(inner)) for key, inner in value.items())
        return "\n".join(f"{key}: {text}" for key, text in parts if text and not is_placeholder(text))
    if isinstance(value, list | tuple):
        return "\n".join(text for text in map(text_of, value) if text and not is_placeholder(text))
    if hasattr(value, "findings"):
        return text_of(value.findings) if value.assessed else ""
    return visible(str(getattr(value, "text", value))).strip()


def plain_data(value: Any) -> Any:
    """A value as YAML and JSON can hold it: numbers as they were spelt, no character that the strict readers refuse."""
    if isinstance(value, Mapping):
        return {_clean(str(key)): plain_data(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(inner) for inner in value]
    if isinstance(value, SpeltInt | SpeltFloat):
        number = int(value) if isinstance(value, SpeltInt) else float(value)
        return number if repr(number) == value.text else value.text
    return _clean(value) if isinstance(value, str) else value


def _clean(text: str) -> str:
    return UNCLEAN.sub(lambda found: "\n" if found[0] in _LINE_BREAKS else "\ufffd", text)


def _states_no_findings(value: Any) -> bool:
    """An assessed list may honestly be empty, where it says how it was assessed."""
    method = _get(value, "method")
    return _get(value, "assessed") is True and not _get(value, "findings") and not is_placeholder(str(method or ""))


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
