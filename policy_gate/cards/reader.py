"""A system's model card, read by its fields: the format of ours, foreign YAML and JSON, and Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.cards.field_names import fields_named
from policy_gate.cards.markdown import read_markdown_card
from policy_gate.cards.markdown_outline import MAX_TEXT
from policy_gate.cards.metrics import metrics_of, real_groups
from policy_gate.cards.placeholders import first_placeholder, is_placeholder, split_sentences
from policy_gate.cards.text_normal import visible
from policy_gate.errors import DocumentError
from policy_gate.schema.documents import CARD_FIELDS, Card
from policy_gate.schema.facts import CardFact, CardField
from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.source import Loc, Location, Mark
from policy_gate.schema.vocabulary import Cause

NUMBERS: Final = ("overall_performance", "performance_by_group", "performance_thresholds")
_CAUSES: Final[dict[str, Cause]] = {"absent": "absent"}
_DATA_SUFFIXES: Final = (".yaml", ".yml", ".json")


def read_card(evidence: Evidence, declared_at: Location) -> CardFact:
    """The card that a manifest names: every field of CARD_FIELDS as present, placeholder or absent.

    `cause` is absent, refused (no file that can be read, or a malformed card), empty, or template
    where it has headings or keys and nothing filled in; else None.
    """
    blank = CardFact(evidence.path, evidence.oid, None, "", _absent(), declared_at=declared_at)
    if evidence.state != "file" or evidence.text is None:
        cause = _CAUSES.get(evidence.state, "refused")
        detail = evidence.problem.message if evidence.problem else f"the card is {_state_words(evidence.state)}"
        return replace(blank, cause=cause, detail=detail)
    if not visible(evidence.text).strip():
        return replace(blank, cause="empty", detail="the card is empty")
    card = _read(evidence, blank)
    if card.cause is None and not any(field.state == "present" for field in card.fields.values()):
        return replace(card, cause="template", detail="no field of the card is filled in")
    return card


def _state_words(state: str) -> str:
    return "missing" if state == "absent" else f"no regular text file ({state})"


def _absent() -> dict[str, CardField]:
    return {name: CardField("absent") for name in CARD_FIELDS}


def _read(evidence: Evidence, blank: CardFact) -> CardFact:
    if evidence.problem is not None:
        flaw = evidence.problem.location
        return replace(blank, cause="refused", detail=f"{flaw}: {evidence.problem.message}", flaw_at=flaw)
    if len(evidence.text or "") > MAX_TEXT:
        return replace(blank, cause="refused", detail="the card is too large to be read")
    if not evidence.path.lower().endswith(_DATA_SUFFIXES):
        return _markdown(evidence, blank)
    if not isinstance(evidence.data, Mapping):
        return replace(blank, cause="refused", detail="the card is no map of fields")
    if str(evidence.data.get("schema", "")).startswith("policy-gate/"):
        return _ours(evidence, blank)
    return _of_values(blank, *_foreign(evidence.data, evidence.marks))


def _ours(evidence: Evidence, blank: CardFact) -> CardFact:
    from policy_gate.documents.validation import validated  # noqa: PLC0415

    try:
        card = validated(Card, evidence.path, evidence.oid or "", evidence.data, evidence.marks).content
    except DocumentError as error:
        first = error.problems[0] if error.problems else None
        detail = f"line {first.line}: {first.message}" if first else error.message
        return replace(blank, cause="refused", detail=detail, flaw_at=first.location if first else None)
    values = {name: getattr(card, name) for name in CARD_FIELDS if getattr(card, name) is not None}
    keys = {name: name for name in evidence.data if name in CARD_FIELDS}
    lines = {name: _line(evidence.marks, (name,)) for name in keys}
    empty = {name: None for name in keys if name not in values}
    return _of_values(blank, {**values, **empty}, {**lines, **_inner_lines(evidence.marks)})


def _foreign(data: Mapping[Any, Any], marks: Mapping[Loc, Mark]) -> tuple[dict[str, Any], dict[str, int | None]]:
    """Fields found by the names of keys, at the top and one map further down; the first filled one wins."""
    values: dict[str, Any] = {}
    lines: dict[str, int | None] = _inner_lines(marks)
    ways: list[tuple[tuple[Any, ...], Any]] = [((key,), value) for key, value in data.items()]
    ways += [
        ((key, inner), deep)
        for key, value in data.items()
        if isinstance(value, Mapping)
        for inner, deep in value.items()
    ]
    for way, value in ways:
        for field in fields_named(str(way[-1])):
            if field not in values or _text(values[field]) == "":
                values[field], lines[field] = value, _line(marks, way)
    return values, lines


def _line(marks: Mapping[Loc, Mark], way: Loc) -> int | None:
    mark = marks.get(way)
    return mark.line if mark else None


def _inner_lines(marks: Mapping[Loc, Mark]) -> dict[str, int | None]:
    """Lines of metrics by name, and of group metrics by `group name`."""
    return {" ".join(str(part) for part in way[1:]): mark.line for way, mark in marks.items() if len(way) in (2, 3)}


def _of_values(blank: CardFact, values: Mapping[str, Any], lines: Mapping[str, int | None]) -> CardFact:
    fields = {
        name: _field(values[name], lines.get(name)) if name in values else CardField("absent") for name in CARD_FIELDS
    }
    return _with_numbers(replace(blank, fields=fields), values, {k: v for k, v in lines.items() if v is not None})


def _with_numbers(card: CardFact, values: Mapping[str, Any], lines: Mapping[str, int]) -> CardFact:
    maps = [_map(values.get(name)) for name in NUMBERS]
    return replace(card, metrics=metrics_of(maps[0], maps[1], maps[2], lines), groups=real_groups(maps[1]))


def _map(value: Any) -> Mapping[str, Any]:
    return {str(key): inner for key, inner in value.items()} if isinstance(value, Mapping) else {}


def _field(value: Any, line: int | None) -> CardField:
    if _states_no_findings(value):
        text = f"assessed, no findings: {_get(value, 'method')}".rstrip(": ")
        return CardField("present", line, text, (text,))
    text = _text(value)
    if not text:
        return CardField("placeholder", line, None)
    if is_placeholder(text):
        return CardField("placeholder", line, first_placeholder(text) or text)
    return CardField("present", line, text, items_of(text))


def _states_no_findings(value: Any) -> bool:
    """An assessed list may honestly be empty, where it says how it was assessed."""
    method = _get(value, "method")
    return _get(value, "assessed") is True and not _get(value, "findings") and not is_placeholder(str(method or ""))


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _text(value: Any) -> str:
    """The filled-in parts of a value, one a line; placeholders in lists and maps do not count."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        parts = ((str(key), _text(inner)) for key, inner in value.items())
        return "\n".join(f"{key}: {text}" for key, text in parts if text and not is_placeholder(text))
    if isinstance(value, list | tuple):
        return "\n".join(text for text in map(_text, value) if text and not is_placeholder(text))
    if hasattr(value, "findings"):
        return _text(value.findings) if value.assessed else ""
    return visible(str(getattr(value, "text", value))).strip()


def items_of(text: str) -> tuple[str, ...]:
    """The sentences and list items of a field's text."""
    return tuple(split_sentences(text))


def _markdown(evidence: Evidence, blank: CardFact) -> CardFact:
    lines = (evidence.text or "").split("\n")[max(evidence.body_line - 1, 0) :]
    found = read_markdown_card("\n".join(lines), evidence.body_line)
    front = evidence.data if isinstance(evidence.data, Mapping) else {}
    values, front_lines = _foreign(front, evidence.marks)
    fields = {}
    for name in CARD_FIELDS:
        texts = found.texts.get(name)
        said = [text for text in texts or () if not is_placeholder(text)] or texts
        field = _field("\n".join(said), found.lines[name]) if said is not None else CardField("absent")
        if field.state != "present" and name in values:
            fallback = _field(values[name], front_lines.get(name))
            field = fallback if fallback.state == "present" or field.state == "absent" else field
        fields[name] = field
    numbers: dict[str, Any] = {name: found.numbers.get(name) or values.get(name) for name in NUMBERS}
    return _with_numbers(replace(blank, fields=fields), numbers, found.number_lines)
