"""Model cards in Markdown: headings, bold labels, `Name: value` lines and key tables, to fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from policy_gate.cards.bookkeeping import row_says_nothing
from policy_gate.cards.card_title import name_in_title, title_of
from policy_gate.cards.field_names import CardVocabulary, name_key, opens_box
from policy_gate.cards.joined_labels import pairs_of_lines
from policy_gate.cards.markdown_card import BY_GROUP, MarkdownCard
from policy_gate.cards.markdown_outline import outline
from policy_gate.cards.markdown_tables import GROUP_HEADERS, ResultTable
from policy_gate.cards.measured import Notes
from policy_gate.cards.piece import RUN_IN, Piece
from policy_gate.cards.placeholders import is_bare_name, is_placeholder, split_sentences, states_nothing
from policy_gate.cards.result_columns import limits_in, looks_like_number
from policy_gate.cards.result_names import are_results
from policy_gate.cards.statements import Passage
from policy_gate.cards.text_normal import visible
from policy_gate.cards.text_standing import turns_meaning
from policy_gate.schema.card_fields import CARD_FIELD_KINDS
from policy_gate.schema.patterns import lazy_pattern

_PAIR: Final = lazy_pattern(r"\A(?P<name>[^:：|\n]{1,60}?)\s*[:：]\s*(?P<value>.*)\Z", re.DOTALL)
_BY: Final = lazy_pattern(r"\A(?P<name>(?:[^\W\d]+[ -]){1,3}(?:by|from))\s+(?P<value>\S.*)\Z", re.DOTALL | re.I)
"""a line such as `Developed by the team`, whose name needs no colon outside the sections of fields"""
_KEY_HEADERS: Final = frozenset({
    "field", "key", "property", "attribute", "item", "name", "parameter", "", "campo", "atributo", "feld", "merkmal",
    "champ", "字段", "项目", "項目", "aspect", "detail", "details", "info",
})  # fmt: skip
VERSION: Final = lazy_pattern(
    r"(?:model\s+)?version\s*[:#]?\s*v?(?P<number>\d[\w.+-]{0,30})|(?P<other>v\d+(?:\.\d+)+)", re.IGNORECASE
)
"""a heading that is a version"""
_ANNOUNCES: Final = lazy_pattern(r"\b(?:results|scores|metrics|performance)\b[^.\n]*[:：]\s*\Z", re.IGNORECASE)
_PLAIN: Final = frozenset({"", "text", "txt", "plain", "plaintext", "markdown", "md", "none", "diff", "patch", "udiff"})
"""languages of a code fence that holds words and no program"""
_OF_TESTS: Final = lazy_pattern(r"\b(?:test|testing|validation|evaluation|eval|hold-?out|benchmark)\b", re.IGNORECASE)
_COUNTS_TRAINING: Final = frozenset({"training_data_size", "training_data_cutoff"})
"""what a label below a heading about a test says of the data of that test"""
_USES: Final = frozenset({"primary_intended_uses", "out_of_scope_uses", "prohibited_uses", "primary_intended_users"})
_COLUMNS: Final = 3
"""columns of a table that has a model in each row"""
OF_COLUMNS: Final = frozenset({
    "model_name", "version", "release_date", "license", "base_model", "training_data_description",
    "training_data_size", "training_data_cutoff",
})  # fmt: skip
_OVERALL: Final = "overall_performance"
_LIMITS: Final = "performance_thresholds"
_WORDS: Final = ("word", "words", "day", "tier")
"""kinds of fields whose value may stand in their heading"""
_OF_SOFTWARE: Final = frozenset({
    "framework versions", "framework version", "software versions", "library versions", "package versions",
    "versions of frameworks", "tool versions", "dependency versions",
})  # fmt: skip
"""headings that training tools write below any other, over the versions of libraries of which one is called Datasets"""
_DATA: Final = r"(?:data(?: ?sets?)?|sets?|corpus|corpora|splits?|samples?)"
_BEGINS: Final = r"\A\W*(?:(?:the|our|its|primary|main|intended|target)\s+)*"
_OF_ANOTHER: Final[dict[str, tuple[str, re.Pattern[str]]]] = {
    "primary_intended_uses": (
        "primary_intended_users",
        lazy_pattern(
            rf"{_BEGINS}users\b[^.]{{0,60}}?\b(?:are|is|include)\b(?!.*\b(?:to|for|who|when)\b)",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    "training_data_description": (
        "evaluation_data_description",
        lazy_pattern(
            rf"{_BEGINS}(?:evaluation|test(?:ing)?|validation|held-?out)\s+{_DATA}\b(?!.*\btrain)",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    "evaluation_data_description": (
        "training_data_description",
        lazy_pattern(rf"{_BEGINS}train(?:ing)?\s+{_DATA}\b(?!.*\b(?:test|eval|valid|held))", re.IGNORECASE | re.DOTALL),
    ),
}
"""by a field another one, and how a sentence begins that is about that other and stands in the section of the first"""
_IN_FIGURES: Final = frozenset({_OVERALL, BY_GROUP, _LIMITS})
"""fields in whose tables a cell that points elsewhere is no result; in others "not tested" may be the limit"""


@lru_cache(maxsize=1024)
def read_markdown_card(text: str, words: CardVocabulary, first_line: int = 1) -> MarkdownCard:
    """The fields that a Markdown card speaks of; texts are as written, placeholders among them.

    The same text gives the same object, which is for reading only.
    """
    pieces = outline(visible(text), first_line)
    walk = _Walk(words, title_of(pieces), Notes(pieces))
    for piece in pieces:
        walk.take(piece)
    walk.table.read_across()
    divided = {name for name in walk.divided if not walk.card.texts.get(name)}
    for name in walk.card.withheld | divided:
        if all(is_placeholder(text) for text in walk.card.texts.get(name, ())):
            walk.card.texts.pop(name, None)
            walk.card.lines.pop(name, None)
    return walk.card


class _Walk:
    """Where the reader is: the headings above, the fields they are about, the table's columns."""

    def __init__(self, words: CardVocabulary, title: Piece | None, notes: Notes) -> None:
        self.words = words
        self.notes = notes
        self.around = ""
        """what says that numbers here are none that were measured"""
        self.card = MarkdownCard()
        self.table = ResultTable(self.card, notes)
        self.title = title
        self.divided: set[str] = set()
        """fields of headings that hold nothing but parts with names of their own"""
        self.results = 0
        self.implied: tuple[str, ...] = ()
        self.headings: list[tuple[float, str, tuple[str, ...]]] = []
        self.label = ""
        self.introduction = ("", 0, 0)
        self.under = ""

    @property
    def fields(self) -> tuple[str, ...]:
        for _, _, fields in reversed(self.headings):
            if fields:
                return fields
        return self.implied

    def named(self, name: str) -> tuple[str, ...]:
        """The fields of a label where the reader is."""
        if any(name_key(title) in _OF_SOFTWARE for _, title, _ in self.headings):
            return ()
        return self.words.fields_named(name, self.fields)

    def say(self, text: str, line: int, fields: tuple[str, ...] | None = None, label: str = "") -> None:
        """What stands here said of the fields of its label, or of the section: under a heading of several, of each that
        it is about.
        """
        heading = self._section() if fields is None else label
        fields = self.fields if fields is None else fields
        told = fields
        if not is_placeholder(text):
            told = self.words.told_of(fields, heading, text)
            told = tuple(dict.fromkeys(_really_told(name, text) for name in told))
            self.card.withheld.update(set(fields) - set(told))
        if told or not fields:
            self.card.say(told, text, line, self.under)

    def _section(self) -> str:
        """The heading that gives what stands here its fields."""
        return next((title for _, title, fields in reversed(self.headings) if fields), "")

    def take(self, piece: Piece) -> None:
        self._leave_lists(piece)
        self.under = self._standing(piece)
        self.around = self._around(piece) if self._counts_results() else ""
        self._hear(piece)
        if piece.kind == "heading":
            self.notes.section = piece.line
            self._heading(piece)
        elif piece.heads and self._is_list_heading(piece):
            level, name = 6 + piece.depth / 100, piece.text.strip().rstrip(":：")
            fields = self.named(name)
            self.card.mention(fields, piece.line)
            self.headings.append((level, name, fields))
        elif piece.kind == "row":
            self._row(piece)
        elif piece.kind == "code":
            if piece.drawn or piece.lead in _PLAIN:
                self.say(piece.text, piece.line)
        elif piece.lead and self._lead(piece):
            return
        else:
            for line, text in _lines(piece, self._is_pair):
                self._text(text, line)
                if not (piece.quoted or piece.emphasised):
                    told = self.words.told_of(self.fields, self._section(), text)
                    self.card.passages.append(Passage(line, text, told, self._path()))
            if piece.text.rstrip().endswith((":", "：")) and turns_meaning(piece.text):
                self.introduction = (piece.text, piece.block, piece.depth)

    def _hear(self, piece: Piece) -> None:
        """Keep what a sentence of the card's own says, a row of one cell among them."""
        lone = [cell for cell in piece.cells if cell.strip()] if piece.kind == "row" and not piece.header else []
        text = piece.text if piece.kind in ("text", "item") else lone[0] if len(lone) == 1 else ""
        if text and not piece.quoted:
            self.card.told.append(Passage(piece.line, text, self.fields, self._path()))

    def _counts_results(self) -> bool:
        return _OVERALL in self.fields or BY_GROUP in self.fields

    def _around(self, piece: Piece) -> str:
        return self.notes.about(piece, self._path(), self.table.headers if piece.kind == "row" else ())

    def _path(self) -> tuple[str, ...]:
        """The headings that a piece stands under, outermost first."""
        return tuple(title for _, title, _ in self.headings)

    def _lead(self, piece: Piece) -> bool:
        """Take bold words without a colon as a label, where they name a field."""
        fields = self.named(piece.lead)
        rest = piece.text.strip().removeprefix(piece.lead).strip()
        is_limit = _LIMITS in self.fields and any(limits_in(piece.text))
        if not fields or is_limit or not rest or rest == piece.text.strip():
            return False
        self._heading(replace(piece, kind="heading", text=piece.lead, level=RUN_IN))
        self._text(rest, piece.line)
        return True

    def _leave_lists(self, piece: Piece) -> None:
        """Leave items that head a list together with it; results stand in the block that they are announced for."""
        while self.headings and 6 < self.headings[-1][0] < RUN_IN and self.headings[-1][0] >= 6 + piece.depth / 100:
            self.headings.pop()
        if piece.kind == "heading":
            self.results = 0
        self.implied = (_OVERALL,) if self.results and piece.block == self.results else ()
        if piece.kind == "text" and not self.fields and _ANNOUNCES.search(piece.text):
            self.results = piece.block + 1

    def _is_list_heading(self, piece: Piece) -> bool:
        name = piece.text.strip().rstrip(":：")
        is_name = "\n" not in name and bool(self.named(name))
        return is_name and (not self.fields or self.headings[-1][0] > 6 or _is_key_line(name, self.fields))

    def _standing(self, piece: Piece) -> str:
        """What a piece stands under in its field: headings and summaries that name none, and what turns its words."""
        if piece.kind == "heading":
            self.introduction = ("", 0, 0)
            return ""
        words, block, depth = self.introduction
        is_introduced = piece.block == block + 1 or (piece.block == block and piece.depth > depth)
        above: list[str] = []
        for _, title, fields in reversed(self.headings):
            if fields:
                break
            above.insert(0, title)
        above += [box for box in piece.boxes if not opens_box(box, self.words)]
        about = [("a quotation", piece.quoted), ("a drawing", piece.drawn), (words, bool(words) and is_introduced)]
        said = [*above, *(name for name, is_so in about if is_so)]
        return " / ".join(" ".join(part.split()).rstrip(":") for part in said)

    def _heading(self, piece: Piece) -> None:
        level = self._level(piece, self.words.fields_headed(piece.text, self.fields))
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        fields = self.words.fields_headed(piece.text, self.fields)
        if not fields and ":" in piece.text:
            fields = self._pair(piece.text, piece.line) or ()
        elif self._gives_value(piece.text, fields) and self._pair(piece.text, piece.line):
            self.headings.append((level, piece.text, ()))
            return
        if not self.headings and not fields:
            self._title(piece)
        is_of_model = "changelog_summary" not in self.fields
        if not fields and is_of_model and (number := VERSION.fullmatch(piece.text)):
            self.card.say(("version",), number["number"] or number["other"], piece.line)
        if fields and self.headings:
            self.divided.update(set(self.headings[-1][2]) - set(fields))
        self.card.mention(fields, piece.line)
        self.label = piece.text if piece.level == RUN_IN and not fields else ""
        self.headings.append((level, piece.text, fields))
        if not self.fields:
            self.card.unclaimed.append((piece.line, piece.text))

    def _gives_value(self, heading: str, fields: tuple[str, ...]) -> bool:
        """Whether a heading such as "Author: Ada" has its value behind the name, and no text below to wait for."""
        found = _PAIR.match(heading)
        is_word = all(CARD_FIELD_KINDS[name] in _WORDS for name in fields)
        gives = found is not None and bool(found["value"].strip()) and self.named(found["name"]) == fields
        return is_word and gives

    def _level(self, piece: Piece, fields: tuple[str, ...]) -> int:
        """A label that names no field stands below a label that announces results by group; versions below nothing."""
        if name_key(piece.text) in _OF_SOFTWARE:
            return 1
        announced = any(level == RUN_IN and BY_GROUP in known for level, _, known in self.headings)
        return RUN_IN + 1 if piece.level == RUN_IN and announced and not fields else piece.level

    def _title(self, piece: Piece) -> None:
        is_title = piece.level == 1 or piece is self.title or (piece.level == RUN_IN and piece.block == 1)
        if piece.level == 1 and not self.card.title:
            self.card.title = " ".join(piece.text.split())
        name, is_card = name_in_title(piece.text)
        is_title = is_title and (is_card or piece.level != RUN_IN) and "model_name" not in self.card.texts
        if is_title and name:
            self.card.say(("model_name",), name, piece.line)

    def _text(self, text: str, line: int) -> None:
        group = self._group()
        if group and BY_GROUP in self.fields:
            self._number(text, line, group)
        elif is_bare_name(text):
            self.card.mention(self.named(text), line)
            self.say(text, line)
            return
        elif self._pair(text, line) is None:
            self._number(text, line, "")
            self.say(f"{self.label}: {text}" if self.label else text, line)
            self.label = ""
            return
        if group and BY_GROUP in self.fields:
            self.say(f"{group} {text}", line, (BY_GROUP,), self._section())

    def _group(self) -> str:
        """The label below a by-group heading that names a group, or empty."""
        level, title, fields = self.headings[-1] if self.headings else (0, "", ())
        return title if level > 0 and not fields and BY_GROUP in self.fields else ""

    def _pair(self, text: str, line: int) -> tuple[str, ...] | None:
        """Take `Name: value` where the name is a field's; None where it is not."""
        plain = text.strip()
        found = _PAIR.match(plain) or (None if self.fields else _BY.match(plain))
        fields = self.named(found["name"]) if found else ()
        if not found or not fields:
            return None
        is_here = any((name, name_key(found["name"])) in self.words.only_under for name in fields)
        is_of_a_test = not self.fields and any(map(_OF_TESTS.search, self._path()[1:]))
        if is_of_a_test and _COUNTS_TRAINING.issuperset(fields):
            return None
        if self.fields and not is_here and not _is_key_line(found["name"], self.fields):
            return None
        self.say(found["value"], line, fields, found["name"])
        return fields

    def _is_pair(self, line: str) -> bool:
        """Whether a line is `Name: value`, and not the rest of a sentence that has a colon in it."""
        found = _PAIR.match(line)
        if not found or not line[0].islower():
            return found is not None
        return looks_like_number(found["value"]) or bool(self.named(found["name"]))

    def _number(self, text: str, line: int, group: str) -> None:
        found = _PAIR.match(text.strip())
        if not found or not looks_like_number(found["value"]):
            for signed, limit in limits_in(text) if _LIMITS in self.fields and not group else ():
                self.card.count(_LIMITS, signed, limit, line)
            return
        name, note = self.notes.without_mark(found["name"].strip("*_` "))
        value = found["value"].strip()
        result = self.notes.noted(value, (note, name), self.around)
        if group:
            self.card.count_group(group, name, result, line)
        else:
            for field_ in self.fields:
                if field_ in (_OVERALL, _LIMITS, BY_GROUP):
                    self.card.count(field_, name, value if field_ == _LIMITS else result, line)

    def _row(self, piece: Piece) -> None:
        if piece.header:
            self.table.head(piece)
            if not self.fields and self.table.columns and self.table.first not in GROUP_HEADERS:
                self.results = piece.block if are_results(self.table.headers) else 0
            return
        key, *values = piece.placed
        fields = self.named(key)
        if len(values) == 1 and fields and (not self.fields or self.table.first in _KEY_HEADERS):
            self.say(values[0], piece.line, fields, key)
            return
        if values and fields and self.table.first == "" and OF_COLUMNS.issuperset(fields):
            self.say("; ".join(values), piece.line, fields)
            return
        if self._do_and_do_not(piece):
            return
        self.table.take(key, values, piece.line, self.fields, self.around)
        self._columns_row(piece)
        filled = [cell for cell in piece.cells if cell and not is_placeholder(cell)]
        if not _IN_FIGURES.isdisjoint(self.fields):
            filled = [cell for cell in filled if cell == key or not states_nothing(cell)]
        if len(filled) >= 2 or len(piece.cells) == 1:
            headers, text = self.table.headers, " ".join(filled)
            hollow = (name for name in self.fields if row_says_nothing(headers, piece.cells, name))
            self.card.hollow.update((name, text) for name in hollow)
            self.say(text, piece.line)

    def _do_and_do_not(self, piece: Piece) -> bool:
        """Whether every column of a table is a use, allowed or not; takes what stands in a row of it."""
        named = [self.named(header) for header in self.table.headers]
        is_of_uses = len(named) == len(piece.cells) > 1 and all(it and _USES.issuperset(it) for it in named)
        for fields, header, cell in zip(named, self.table.headers, piece.cells, strict=True) if is_of_uses else ():
            if cell:
                self.say(cell, piece.line, fields, header)
        return is_of_uses

    def _columns_row(self, piece: Piece) -> None:
        """Cells below the name of a field, in a table that no field's section holds."""
        if self.fields or len(piece.cells) != len(self.table.headers) or len(piece.cells) < _COLUMNS:
            return
        for header, value in zip(self.table.headers, piece.cells, strict=True):
            fields = tuple(name for name in self.named(header) if name in OF_COLUMNS)
            if fields and value:
                self.say(value, piece.line, fields)


def _really_told(field: str, text: str) -> str:
    """The field, or the other one that all of a text, which is one sentence, names by its first words."""
    other, pattern = _OF_ANOTHER.get(field, ("", None))
    is_other = pattern is not None and pattern.match(text) is not None and len(split_sentences(text)) == 1
    return other if is_other else field


def _lines(piece: Piece, is_pair: Callable[[str], bool]) -> Iterator[tuple[int, str]]:
    """Lines that are `Name: value` stand alone; other lines of a paragraph stay together."""
    lines = list(pairs_of_lines(piece.text))
    if len(lines) == 1 or not any(is_pair(line.strip()) for _, line in lines):
        yield piece.line, piece.text
        return
    for offset, line in lines:
        if line.strip():
            yield piece.line + offset, line


def _is_key_line(name: str, fields: tuple[str, ...]) -> bool:
    """Inside a field's own section only an unmistakable name opens another field."""
    return len(name_key(name).split()) >= 2 or not fields
