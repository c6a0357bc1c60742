"""A card as a Markdown document with front matter, both ways: what the Markdown formats share.

What is written is read again before it is handed out. A text that would not come back as it is, because it looks like
Markdown or like another field, is escaped or stands in a code fence; numbers that the text does not give stand in
the front matter. So the words of a card survive whatever they are made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.cards.card import NUMBERS, CardDocument, WrittenCard, differences
from policy_gate.cards.card_values import (
    field_of,
    fields_of,
    front_values,
    index_again,
    index_numbers,
    map_of,
    numbers_by_name,
    numbers_in,
    plain_data,
    statements_by_name,
    text_of,
    values_by_name,
    with_makers,
)
from policy_gate.cards.corrections import with_corrections
from policy_gate.cards.field_names import CardVocabulary
from policy_gate.cards.markdown_card import MarkdownCard
from policy_gate.cards.markdown_sections import read_markdown_card
from policy_gate.cards.metrics import with_more
from policy_gate.cards.placeholders import is_placeholder, split_sentences, unread_draft
from policy_gate.cards.stated_twice import differing, told_beside, with_all_places
from policy_gate.cards.statements import with_statements
from policy_gate.cards.text_normal import visible
from policy_gate.schema.card_fields import CARD_FIELD_KINDS, CARD_FIELDS
from policy_gate.schema.facts import CardField
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.snapshot import Evidence

_SPECIAL: Final = lazy_pattern(r"[\\`*_\[\]<>&|#~!]")
_MARKER: Final = lazy_pattern(r"^([ \t]*(?:\d{1,9}(?=[.)](?:\s|$)))?)([-+=.)])", re.MULTILINE)
_UNTITLED: Final = "Model card"
_OF_ONE_VALUE: Final = ("word", "day", "tier")
"""kinds of fields that say the same where a card states them twice, as a label and in a table"""
_FIGURES: Final = "Figures"
"""the heading of tables with numbers that no field's text gives; it names no field"""
_OVERALL, _GROUPS, _THRESHOLDS = "overall_performance", "performance_by_group", "performance_thresholds"


def read_document(evidence: Evidence, format_: str, words: CardVocabulary) -> CardDocument:
    """The card: its text by sections, and where the text leaves a field open, the front matter."""
    lines = (evidence.text or "").split("\n")[max(evidence.body_line - 1, 0) :]
    found = read_markdown_card("\n".join(lines), words, evidence.body_line)
    front = evidence.data if isinstance(evidence.data, Mapping) else {}
    values, front_lines = values_by_name(front_values(front), evidence.marks, words)
    in_front = fields_of(values, front_lines)
    in_words = {name: _of_text(found, name) for name in in_front}
    fields = {name: _with_front(_either(in_words[name], it), it) for name, it in in_front.items()}
    fields = with_all_places(
        with_statements(fields, found.passages, words), statements_by_name(front_values(front), evidence.marks, words)
    )
    fields = with_makers(fields)
    in_text = {name: map_of(found.numbers.get(name)) for name in NUMBERS}
    numbers, again = with_more(in_text, _numbers_of(front, values, words))
    known = with_corrections(numbers, (*found.again, *again), found.told)
    return CardDocument(
        format=format_,
        words=words,
        fields=fields,
        numbers=known.numbers,
        number_lines={**found.number_lines, **known.lines},
        title=found.title,
        data=front,
        unclaimed=tuple(found.unclaimed),
        again=known.again,
        twice=(
            *filter(None, (differing(name, in_words[name], it) for name, it in in_front.items())),
            *told_beside(fields),
        ),
    )


def _numbers_of(
    front: Mapping[str, Any], values: Mapping[str, Any], words: CardVocabulary
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The numbers of the front matter by their fields, and last those of the Hub's `model-index`."""
    yield from ((name, numbers_in(name, values.get(name))) for name in NUMBERS)
    yield from numbers_by_name(front_values(front), words, NUMBERS)
    yield _OVERALL, index_numbers(front)
    yield from ((_OVERALL, {name: value}) for name, value in index_again(front))


def _with_front(field: CardField, front: CardField) -> CardField:
    return replace(field, front=front.words) if front.state == "present" else field


def write_document(card: CardDocument, front: Mapping[str, Any], format_: str) -> WrittenCard:
    """The card in Markdown below this front matter, which may state fields by itself."""
    from policy_gate.documents.writer import yaml_text  # noqa: PLC0415
    from policy_gate.documents.yaml_reader import read_by_suffix  # noqa: PLC0415

    head = {**_front_numbers(card), **plain_data(front)}
    body = "\n".join(_body(card, fields_of(values_by_name(front_values(head), {}, card.words)[0], {})))
    text = (f"---\n{yaml_text(head)}---\n\n" if head else "") + body
    text = text.encode("utf-8", "replace").decode()
    data, marks, line = read_by_suffix("MODEL_CARD.md", text.encode())
    again = Evidence("MODEL_CARD.md", "file", text=text, data=data, marks=marks, body_line=line)
    return WrittenCard(text, differences(card, read_document(again, format_, card.words)))


def field_section(name: str, field: CardField, words: CardVocabulary, title: str = "") -> str:
    """One field as a section that reads as this field; `title` is taken where it names the field and no other."""
    return _section(name, field, title, {}, words)


def _of_text(found: MarkdownCard, name: str) -> CardField:
    texts = found.texts.get(name)
    if texts is None:
        return CardField("absent")
    if unread := next(filter(None, map(unread_draft, texts)), None):
        return CardField("placeholder", found.lines[name], unread[0].strip())
    under = found.standing.get(name, [])
    written = [pair for pair in zip(texts, under, strict=False) if not is_placeholder(pair[0])]
    kept = [pair for pair in written if (name, pair[0]) not in found.hollow]
    if written and not kept:
        return CardField("placeholder", found.lines[name], written[0][0])
    if CARD_FIELD_KINDS[name] in _OF_ONE_VALUE:
        kept = list({text.strip(): (text, place) for text, place in reversed(kept)}.values())[::-1]
    said = field_of("\n".join(text for text, _ in kept) if kept else "\n".join(texts), found.lines[name], name)
    if not any(place for _, place in kept):
        return said
    standing = tuple(place for text, place in kept for _ in split_sentences(visible(text)))
    return replace(said, standing=standing) if any(standing) and len(standing) == len(said.items) else said


def _either(field: CardField, fallback: CardField) -> CardField:
    if field.state == "present" or fallback.state == "absent":
        return field
    return fallback if fallback.state == "present" or field.state == "absent" else field


def _front_numbers(card: CardDocument) -> dict[str, Any]:
    """The numbers that the text of their field does not give."""
    found: dict[str, Any] = {}
    for name in NUMBERS:
        numbers, field = card.numbers.get(name, {}), card.fields[name]
        if (
            numbers
            and field.state != "absent"
            and not _numbers_in(_section(name, field, "", numbers, card.words), name, card.words)
        ):
            found[name] = plain_data(numbers)
    return found


def _body(card: CardDocument, stated: Mapping[str, CardField]) -> Iterator[str]:
    heading = _heading(card)
    yield f"# {heading}\n"
    titled = _of_text(read_markdown_card(f"# {heading}\n", card.words), "model_name")
    for name in CARD_FIELDS:
        field = card.fields[name]
        known = titled if name == "model_name" else stated[name]
        if field.state != "absent" and (name in NUMBERS or not _is_same(known, field)):
            yield _section(name, field, "", card.numbers.get(name, {}), card.words)
    yield from _figures(card)


def _heading(card: CardDocument) -> str:
    """The document's own title where it gives no other name to the model, else one that names it."""
    name = card.fields["model_name"]
    named = [f"{_UNTITLED}: {name.text}"] if name.state == "present" and name.text and "\n" not in name.text else []
    for title in (card.title, *named):
        for shape in (title, _escaped(title)) if title else ():
            found = read_markdown_card(f"# {shape}\n\n## License\n\nMIT\n", card.words)
            told = _of_text(found, "model_name")
            is_title = found.texts.keys() <= {"model_name", "license"} and found.texts.get("license") == ["MIT"]
            if is_title and (told.state == "absent" or _is_same(told, name)) and found.title == title:
                return shape
    return _UNTITLED


def _section(name: str, field: CardField, title: str, numbers: Mapping[str, Any], words: CardVocabulary) -> str:
    """The first shape that reads as the field, and of those the first that gives the numbers, too.

    Where none does, as with a carriage return, which Markdown does not keep: one that at least is as full or empty.
    """
    own = name.replace("_", " ").capitalize()
    text = field.text or ""
    if not text:
        return f"## {own}\n"
    for heading in (title, own) if title else (own,):
        shapes = [f"## {heading}\n\n{body}" for body in _shapes(text)]
        for wanted in (numbers, {}) if numbers else ({},):
            for section in shapes:
                if _reads_as(section, name, field, words) and _gives(section, name, wanted, words):
                    return section
    fenced = f"## {own}\n\n{_fenced(text)}"
    told = _of_text(read_markdown_card(fenced, words), name)
    return fenced if told.state == field.state else f"## {own}\n"


def _shapes(text: str) -> Iterator[str]:
    """A text as it stands, a line an item; then escaped; then fenced, where nothing in it means anything."""
    for plain in (text, _escaped(text)):
        lines = plain.split("\n")
        yield f"{plain}\n" if len(lines) == 1 else "".join(f"- {line}\n" for line in lines)
    yield _fenced(text)


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}\n"


def _escaped(text: str) -> str:
    return _MARKER.sub(r"\1\\\2", _SPECIAL.sub(_backslash, text))


def _backslash(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _reads_as(section: str, name: str, field: CardField, words: CardVocabulary) -> bool:
    """Whether the section says this of this field, nothing of another, and leaves alone what comes after it."""
    after = "license" if name != "license" else "version"
    found = read_markdown_card(f"# {_UNTITLED}\n\n{section}\n## {after}\n\n1.0\n", words)
    if found.texts.keys() != {name, after} or found.texts[after] != ["1.0"]:
        return False
    told = _of_text(found, name)
    if field.state == "placeholder" and field.text:
        return told.state == "placeholder" and field.text.startswith(told.text or "\n")
    return _is_same(told, field)


def _gives(section: str, name: str, numbers: Mapping[str, Any], words: CardVocabulary) -> bool:
    """Whether the text of the section gives these numbers of its own field, and no others at all."""
    given = read_markdown_card(section, words).numbers
    return given.keys() <= {name} and _spelt(given.get(name, {})) == _spelt(numbers)


def _numbers_in(section: str, name: str, words: CardVocabulary) -> bool:
    return bool(read_markdown_card(section, words).numbers.get(name))


def _spelt(numbers: Any) -> Any:
    if isinstance(numbers, Mapping):
        return {str(name).strip(): _spelt(value) for name, value in numbers.items()}
    return text_of(numbers)


def _figures(card: CardDocument) -> Iterator[str]:
    """Tables of groups and thresholds whose fields the card does not have: some cards only have the numbers."""
    tables = ""
    for name, rows in ((_GROUPS, _group_rows), (_THRESHOLDS, _threshold_rows)):
        numbers = card.numbers.get(name, {})
        if numbers and card.fields[name].state == "absent":
            cells = list(rows(numbers))
            lines = [" | ".join(_SPECIAL.sub(_backslash, cell) for cell in row) for row in cells]
            lines.insert(1, " | ".join("---" for _ in cells[0]))
            table = "".join(f"| {line} |\n" for line in lines) + "\n"
            section = f"## {_FIGURES}\n\n{table}"
            is_silent = not read_markdown_card(section, card.words).texts
            tables += table if is_silent and _gives(section, name, numbers, card.words) else ""
    if tables:
        yield f"## {_FIGURES}\n\n{tables}"


def _group_rows(groups: Mapping[str, Any]) -> Iterator[list[str]]:
    maps = {group: map_of(results) for group, results in groups.items()}
    names = list(dict.fromkeys(chain.from_iterable(maps.values())))
    yield ["Group", *names, ""]
    for group, results in maps.items():
        yield [group, *(text_of(results.get(name)) for name in names), ""]


def _threshold_rows(thresholds: Mapping[str, Any]) -> Iterator[list[str]]:
    yield ["Metric", "Threshold", ""]
    for name, wanted in thresholds.items():
        yield [name, text_of(wanted), ""]


def _is_same(one: CardField, other: CardField) -> bool:
    return (one.state, one.text) == (other.state, other.text)
