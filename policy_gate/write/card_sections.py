"""Sections and keys that a card lacks, added at its end and marked as to be written; nothing else changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from policy_gate.cards.draft_questions import asked_of_field
from policy_gate.cards.field_names import CardVocabulary
from policy_gate.cards.markdown_document import field_section
from policy_gate.cards.markdown_outline import outline
from policy_gate.errors import UsageError
from policy_gate.schema.card_fields import CARD_FIELD_KINDS, WantedCardField
from policy_gate.schema.facts import CardField
from policy_gate.schema.snapshot import Evidence

_EMPTY = frozenset({"numbers", "tier"})
"""kinds of fields that a text is no value of"""
_HEADINGS = 6


def todo(field: WantedCardField) -> str:
    """What stands in a section until somebody has written it."""
    return f"TODO: {asked_of_field(field)}"


def with_sections(evidence: Evidence, format_: str, fields: Sequence[WantedCardField], words: CardVocabulary) -> str:
    """The text of a card with an open section or key for each of these fields; UsageError where it has no end.

    All of it stays as it is, line ends too, and what is added ends its lines as the first of them does.
    """
    text = evidence.text or ""
    at, added = _ADDERS.get(format_, _to_markdown)(text, evidence, fields, words)
    first = text.partition("\n")[0]
    return text[:at] + (added.replace("\n", "\r\n") if first.endswith("\r") else added) + text[at:]


def _to_markdown(
    text: str, evidence: Evidence, fields: Sequence[WantedCardField], words: CardVocabulary
) -> tuple[int, str]:
    marks = "#" * _level(evidence, words)
    parts = [_end_of_line(text)]
    for field in fields:
        section = field_section(field.id, CardField("placeholder", text=todo(field)), words, field.title)
        parts.append(re.sub(r"\A##", marks, section))
    return len(text), "\n".join(parts)


def _end_of_line(text: str) -> str:
    return "" if text.endswith("\n") else "\n"


def _level(evidence: Evidence, words: CardVocabulary) -> int:
    """The highest level at which a heading of a field stands, so that what is added is a part of no other section."""
    lines = (evidence.text or "").split("\n")[max(evidence.body_line - 1, 0) :]
    pieces = outline("\n".join(lines), evidence.body_line)
    headings = [it for it in pieces if it.kind == "heading" and it.level <= _HEADINGS]
    levels = [heading.level for heading in headings if words.fields_headed(heading.text)]
    return min(levels, default=2)


def _to_yaml(text: str, evidence: Evidence, fields: Sequence[WantedCardField], _: CardVocabulary) -> tuple[int, str]:
    written = text.replace("\r\n", "\n").split("\n")
    body = [line for line in written if line.strip() and not line.startswith(("#", "---", "%"))]
    if not isinstance(evidence.data, Mapping) or not body or body[0].startswith(("{", " ")) or body[-1] == "...":
        raise UsageError(f"{evidence.path} is no plain map of keys that a key can be added to")
    lines = []
    for field in fields:
        is_empty = CARD_FIELD_KINDS[field.id] in _EMPTY
        lines += [f"# {todo(field)}", f"{field.id}:"] if is_empty else [f"{field.id}: {json.dumps(todo(field))}"]
    return len(text), _end_of_line(text) + "\n".join(lines) + "\n"


def _to_json(text: str, evidence: Evidence, fields: Sequence[WantedCardField], _: CardVocabulary) -> tuple[int, str]:
    end = text.rstrip()
    if not isinstance(evidence.data, Mapping) or not end.endswith("}"):
        raise UsageError(f"{evidence.path} is no map of keys that a key can be added to")
    before = end[:-1].rstrip()
    found = re.search(r"\n([ \t]+)\S", text)
    indent = found[1] if found else "  "
    keys = (json.dumps(None if CARD_FIELD_KINDS[it.id] in _EMPTY else todo(it)) for it in fields)
    lines = [f"{indent}{json.dumps(field.id)}: {value}" for field, value in zip(fields, keys, strict=True)]
    comma = "" if before.endswith("{") else ","
    closing = "" if "\n" in end[len(before) :] else "\n"
    return len(before), f"{comma}\n" + ",\n".join(lines) + closing


_ADDERS: Mapping[str, Callable[[str, Evidence, Sequence[WantedCardField], CardVocabulary], tuple[int, str]]] = {
    "yaml": _to_yaml,
    "json": _to_json,
}
