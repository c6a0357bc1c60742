"""Evidence text to sections with substance: what somebody really wrote below each heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from policy_gate.cards.data_in_force import entries_in_force
from policy_gate.cards.draft_questions import is_asked
from policy_gate.cards.markdown_outline import outline
from policy_gate.cards.piece import RUN_IN, Piece
from policy_gate.cards.placeholders import first_placeholder, is_placeholder
from policy_gate.cards.substance import repetition_in, substantive_words
from policy_gate.cards.text_normal import has_key, key_of, visible
from policy_gate.facts.text_dates import without_date_lines, without_dates
from policy_gate.schema.facts import Section
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Loc, Mark

FEW_WORDS: Final = 15
KEPT: Final = 1 << 14
"""texts whose readings are kept: base and result mostly name the same ones"""
_HINT: Final = lazy_pattern(
    r"^(?:describe|list|explain|provide|state|summari[sz]e|insert|add|give|document|include|specify|identify|enter|fill"
    r"|outline|replace|detail|note|use this|this section|what|who|how|which|when|where|why)\b",
    re.IGNORECASE,
)


_MARKUP: Final = lazy_pattern(r"<[!?/A-Za-z]|~|\[\^|\$|```")
_STRUCK: Final = lazy_pattern(r"~~.*?(?:~~|\Z)", re.DOTALL)
"""struck, whether or not it stands as Markdown wants it: nothing else takes such signs away from a value"""


class DocumentReading(Struct, frozen=True):
    """What was found in one document: sections, words of substance, and what stands for missing text."""

    sections: tuple[Section, ...]
    words: int
    placeholders: int
    filled: int
    """paragraphs, items, rows and lines that are more than a placeholder"""
    hollow: bool = False
    """there are sections below the title, and not one of them says anything"""
    placeholder: str | None = None
    placeholder_line: int | None = None
    substance: str = ""
    """the words that a reader is shown, less dates and lines that only say when (D09)"""

    @property
    def is_template(self) -> bool:
        """Whether nothing, or hardly anything but placeholders, was written."""
        if self.words == 0:
            return True
        return self.placeholders > 0 and (self.hollow or self.words < FEW_WORDS or self.placeholders > self.filled)


class _Part(Struct):
    title: str
    line: int
    level: int
    texts: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    """what tables, code and data say, where the same words may come again and again"""
    placeholder: tuple[str, int] | None = None
    placeholders: int = 0
    words: int = 0
    key: str = ""
    """the words of the title, which say nothing again below it"""
    repeats: bool = False

    @property
    def said(self) -> int:
        """The words that count for the section: none where they are the same again and again."""
        return 0 if self.repeats else self.words


class DocumentText(NamedTuple):
    """A text to read, and the line of its file that it begins at."""

    text: str
    first_line: int = 1


class Readings:
    """What texts were read as: base and result mostly name the same ones, and so do all checks of a session."""

    def __init__(self) -> None:
        self._known: dict[DocumentText, DocumentReading] = {}

    def known(self, text: DocumentText) -> DocumentReading | None:
        """What the text was read as; None where it was not read yet."""
        return self._known.get(text)

    def keep(self, read: Mapping[DocumentText, DocumentReading]) -> None:
        """Take these as read; where there are too many, those before them are let go."""
        if len(self._known) + len(read) > KEPT:
            self._known.clear()
        self._known.update(read)


READINGS: Final = Readings()


def read_markdown(text: str, first_line: int = 1) -> DocumentReading:
    """Read a CommonMark text that begins at `first_line` of its file; a section's words include its subsections'."""
    asked = DocumentText(text, first_line)
    reading = READINGS.known(asked)
    if reading is None:
        pieces = outline(visible(text), first_line)
        said = _substance(_shown(piece) for piece in pieces if not piece.drawn)
        reading = replace(_reading(_parts(pieces)), substance=said)
        READINGS.keep({asked: reading})
    return reading


def read_data(data: Any, marks: Mapping[Loc, Mark]) -> DocumentReading:
    """Read a parsed YAML or JSON document: its top-level keys are its sections; remarks in it are no substance."""
    parts = [_Part("", 1, 0)]
    if isinstance(data, Mapping):
        for key, value in entries_in_force(data):
            mark = marks.get((str(key),))
            parts.append(_Part(str(key).replace("_", " "), mark.line if mark else 1, 1))
            _take_data(parts[-1], value, parts[-1].line)
    else:
        _take_data(parts[0], data, 1)
    return replace(_reading(parts), substance=_substance(_leaves(data)))


def _shown(piece: Piece) -> str:
    return f"{piece.text}:" if piece.level == RUN_IN else piece.text


def _substance(texts: Iterable[str]) -> str:
    return key_of(without_dates(without_date_lines("\n".join(texts))))


def _take_data(part: _Part, value: Any, line: int) -> None:
    for leaf in _leaves(value):
        if is_placeholder(leaf):
            _note(part, leaf.strip() or "(empty)", line)
        else:
            part.cells.append(leaf)


def _leaves(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key, inner in entries_in_force(value):
            texts = list(_leaves(inner))
            yield from (f"{key} {text}" if not is_placeholder(text) else text for text in texts)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield "" if value is None else _shown_text(str(value))


def _shown_text(text: str) -> str:
    """What a reader is shown of a value that may hold marks of Markdown or HTML."""
    if not _MARKUP.search(text):
        return text
    text = _STRUCK.sub("", text)
    return "\n".join(piece.text for piece in outline(visible(text)) if not piece.drawn)


def _parts(pieces: Iterable[Piece]) -> list[_Part]:
    parts = [_Part("", 1, 0)]
    for piece in pieces:
        if piece.kind == "heading":
            title = piece.text.strip()
            parts.append(_Part(title, piece.line, piece.level, key=key_of(title)))
        else:
            _take(parts[-1], piece)
    return parts


def _take(part: _Part, piece: Piece) -> None:
    if piece.kind == "row":
        _take_row(part, piece)
    elif piece.drawn:
        return
    elif piece.kind == "code":
        part.cells += [line for line in piece.text.splitlines() if line.strip()]
    elif piece.emphasised and _HINT.match(piece.text.strip(" _*")):
        _note(part, piece.text.strip().splitlines()[0][:80], piece.line)
    elif _is_bare_label(piece.text):
        return
    elif not has_key(piece.text, part.key):
        found = first_placeholder(piece.text)
        if found:
            _note(part, found, piece.line + piece.text.count("\n", 0, max(piece.text.find(found), 0)))
        if not _is_only_questions(piece.text):
            part.texts.append(piece.text)


def _take_row(part: _Part, piece: Piece) -> None:
    if piece.header:
        return
    filled = [cell for cell in piece.cells if not is_placeholder(cell)]
    if len(filled) >= min(2, len(piece.cells)):
        part.cells.append("; ".join(filled))
    else:
        waiting = next((cell for cell in piece.cells if cell and is_placeholder(cell)), "(empty table row)")
        _note(part, waiting, piece.line)


def _note(part: _Part, text: str, line: int) -> None:
    part.placeholders += 1
    part.placeholder = part.placeholder or (text, line)


def _is_only_questions(text: str) -> bool:
    if "?" not in text or re.match(r"\s*\[[xX]\]", text):
        return False
    sentences = [s for s in re.split(r"(?<=[.!?])\s+|\n+", text.strip()) if s]
    return all(sentence.rstrip(" *_").endswith("?") or is_asked(sentence) for sentence in sentences)


def _is_bare_label(text: str) -> bool:
    line = text.strip()
    return "\n" not in line and line.endswith((":", "：")) and len(line.split()) <= 6


def _reading(parts: list[_Part]) -> DocumentReading:
    told: set[str] = set()
    for part in parts:
        part.words = substantive_words([*part.texts, *part.cells], told, part.title)
        repeated = repetition_in(part.texts)
        if repeated:
            part.repeats, part.placeholder = True, part.placeholder or (repeated, part.line)
    noted = [part.placeholder for part in parts if part.placeholder and part.placeholders]
    first = min(noted, key=lambda item: item[1], default=None)
    return DocumentReading(
        sections=tuple(_section(parts, position) for position in range(1, len(parts))),
        words=sum(part.words for part in parts),
        placeholders=sum(part.placeholders for part in parts),
        filled=sum(1 for part in parts for text in (*part.texts, *part.cells) if not is_placeholder(text)),
        hollow=len(parts) > 2 and not any(part.words for part in parts[2:]),
        placeholder=first[0] if first else None,
        placeholder_line=first[1] if first else None,
    )


def _section(parts: list[_Part], position: int) -> Section:
    part = parts[position]
    words, placeholder = part.said, part.placeholder
    for inner in (parts[at] for at in range(position + 1, len(parts))):
        if inner.level <= part.level:
            break
        words, placeholder = words + inner.said, placeholder or inner.placeholder
    return Section(part.title, part.line, words, placeholder[0] if placeholder else None, part.level, part.said)
