"""A document as an outline: headings, paragraphs, list items, table rows, code, each with its line.

CommonMark is read by markdown-it-py, imported only when there is a text to read. The outline holds what a reader of
the rendered page is shown: no HTML that shows nothing, nothing struck, no footnote without a reference, no images,
nothing that its heading or introduction sets aside (D53). A paragraph or item that begins with a bold label becomes
a label and what follows it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec.structs import replace

from policy_gate.cards.html_tables import Spans
from policy_gate.cards.piece import RUN_IN, Piece
from policy_gate.cards.shown_html import RAISED, ShownHtml, is_raised
from policy_gate.cards.shown_source import kept, restored, shown_code, without_hidden_formulas
from policy_gate.cards.text_normal import visible
from policy_gate.cards.text_standing import in_force, is_alert
from policy_gate.schema.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

MAX_TEXT: Final = 1 << 20
"""characters of a text that is read as a document; a longer one is refused"""

_HEADING_MARKS: Final = lazy_pattern(
    r"\s*\{:?\s*[#.][^{}\n]{0,120}\}\s*\Z|\s+#+\s*\Z|\s*(?:¶|🔗|:link:)\s*\Z|(?:\A|\s+):[a-z0-9_+-]{2,40}:(?=\s|\Z)"
)
"""ids, anchors and signs that tools put into a heading, and that are none of its words"""
_BLANK_AFTER_MARK: Final = lazy_pattern(r"^( {0,3}#{1,6})[\u00a0\u2002-\u200a\u202f\u3000]", re.MULTILINE)
"""a heading whose mark is parted from its words by a blank of another kind, as some keyboards write"""
_INLINE_MARKS: Final = lazy_pattern(r"[\n\\`~*_\[\]!<&]")
"""with none of these, a paragraph is one piece of plain text"""
_FOOTNOTE: Final = lazy_pattern(r"\[\^([^\]\s]{1,80})\]")
_TILDE: Final = "\ue0f0"
"""a tilde of code, which strikes nothing"""
_DOLLAR: Final = "\ue0f2"
"""a dollar sign of code, which begins no formula"""
_STRUCK: Final = lazy_pattern(r"(?<![~\w])~(?=[^\s~])[^~\n]*?(?<=[^\s~])~(?![~\w])")
_BAR: Final = lazy_pattern(r"\s[|·•]\s*\Z")
"""what parts two labels on one line"""
_OPEN_LABEL: Final = "\n"
"""a label of HTML of which the end is still to come"""
_LABEL: Final = lazy_pattern(r"\A(?P<label>[^:\n]{1,80}?)\s*[:：]\s*(?P<rest>.*)\Z", re.DOTALL)


@lru_cache(maxsize=64)
def outline(text: str, first_line: int = 1) -> tuple[Piece, ...]:
    """The pieces of a CommonMark text in order; `first_line` is where `text` begins in its file.

    What was just read is kept: a document is asked for its sections and for its substance in turn.
    """
    if not text.isascii():
        text = _BLANK_AFTER_MARK.sub(r"\1 ", text)
    return tuple(in_force(_Reader(first_line).read(_markdown().parse(kept(text)), text)))


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415
    from markdown_it.token import Token  # noqa: PLC0415

    class Reader(MarkdownIt):
        """Where a link leads is none of the text, and bringing it into form takes long."""

        def normalizeLink(self, url: str) -> str:  # noqa: N802 - the name is the library's
            return url

    def inline(state: StateCore) -> None:
        """As the library does, but that plain words are not searched for marks rule by rule."""
        for token in state.tokens:
            if token.type == "inline":
                token.children = []
                if _INLINE_MARKS.search(token.content):
                    state.md.inline.parse(token.content, state.md, state.env, token.children)
                elif token.content:
                    token.children.append(Token("text", "", 0, content=token.content))

    reader = Reader("commonmark").enable("table").enable("strikethrough")
    reader.core.ruler.at("inline", inline)
    reader.inline.terminator_re = _INLINE_MARKS
    return reader


class _Reader:
    """Walks markdown-it's flat token list and keeps what list, table, quote and HTML it is in."""

    def __init__(self, first_line: int) -> None:
        self.offset = first_line
        self.open: list[str] = []
        self.cells: list[str] = []
        self.line = first_line
        self.block = 0
        self.own_quote = False
        self.html = ShownHtml(frozenset())
        self.references: frozenset[str] = frozenset()
        self.after_footnote = False
        self.spans = Spans()

    def read(self, tokens: Sequence[Token], text: str) -> Iterator[Piece]:
        """The pieces that a reader sees of a text."""
        self.html = ShownHtml(frozenset(_ends(tokens) if "</" in text else ()))
        self.references = frozenset(_references(tokens) if "[^" in text else ())
        for position, token in enumerate(tokens):
            if token.map:
                self.line = token.map[0] + self.offset
            if token.level == 0 and token.nesting >= 0:
                self.block += 1
            if token.type.endswith("_open"):
                self._open(token)
            elif token.type.endswith("_close"):
                self.html.leave(self.open.pop())
                if token.type == "tr_close" and any(self.cells):
                    yield self._cells(tuple(self.cells), is_header="thead" in self.open, line=self.line)
            elif token.type == "inline":
                yield from self._inline(token, tokens[position - 1], tokens[position + 2 : position + 3])
            elif token.type in ("fence", "code_block"):
                is_footnote = self.after_footnote and token.type == "code_block"
                self.html.saw(token.content)
                source, drawn = shown_code(restored(token.content), token.info)
                if source.strip() and not self.html.is_hidden and not is_footnote:
                    language = token.info.strip().split(" ")[0].casefold()
                    yield self._piece("code", source, self.line, drawn=drawn, lead=language)
            elif token.type == "html_block":
                yield from self._html(restored(token.content))

    def _piece(self, kind: Any, text: str, line: int, **more: Any) -> Piece:
        quoted = "blockquote" in self.open and not self.own_quote
        more = {"boxes": self.html.boxes, **more}
        return Piece(kind, text, line, quoted=quoted, block=self.block, depth=self.open.count("list_item"), **more)

    def _open(self, token: Token) -> None:
        name = token.type.removesuffix("_open")
        self.open.append(name)
        self.html.enter(name)
        self.cells = [] if name == "tr" else self.cells
        self.own_quote = False if name == "blockquote" else self.own_quote

    def _cells(self, cells: tuple[str, ...], *, is_header: bool, line: int) -> Piece:
        return self._piece("row", " | ".join(cells), line, cells=cells, header=is_header)

    def _inline(self, token: Token, opener: Token, after: Sequence[Token]) -> Iterator[Piece]:
        shown = self._shown(token.children or [], has_footnotes="[^" in token.content)
        text = inline_text(shown)
        if "tr" in self.open:
            self.cells.append(text.replace("\n", " ").strip())
        elif opener.type == "heading_open":
            title = " ".join(_HEADING_MARKS.sub(" ", text).split())
            yield self._piece("heading", title, self.line, level=int(opener.tag[1]))
        elif text.strip():
            heads = bool(after) and after[0].type.endswith("_list_open")
            if len(shown) == 1 and shown[0].type == "text" and "blockquote" not in self.open:
                yield self._piece("item" if "list_item" in self.open else "text", text, self.line, heads=heads)
            else:
                yield from self._paragraph(shown, heads=heads)

    def _shown(self, children: Sequence[Token], *, has_footnotes: bool) -> list[Token]:
        """The parts of a paragraph that are neither hidden, struck, nor a footnote that nothing refers to."""
        kept: list[Token] = []
        struck, is_footnote, at_start = 0, False, True
        for at, child in enumerate(children):
            if has_footnotes and at_start and child.type == "text" and (found := _FOOTNOTE.match(child.content)):
                is_definition = child.content[found.end() :].startswith(":")
                is_footnote = is_definition and found[1].casefold() not in self.references
            at_start = child.type in ("softbreak", "hardbreak")
            if child.type in ("s_open", "s_close"):
                struck += 1 if child.type == "s_open" else -1
            elif child.type == "html_inline":
                said = self.html.tag(child.content)
                if (
                    child.content.casefold().startswith("<sup")
                    and is_raised(inline_text(kept[-1:]))
                    and children[at + 1 :]
                ):
                    said = RAISED if children[at + 1].content[:1].isdecimal() else said
                if said and not struck and not is_footnote:
                    kept.append(_text_token(said))
            elif child.type in ("text", "code_inline"):
                self.html.saw(child.content)
                if not (self.html.is_hidden or struck or is_footnote):
                    kept.append(child)
            else:
                kept.append(child)
        self.after_footnote = is_footnote
        return kept

    def _paragraph(self, children: Sequence[Token], *, heads: bool) -> Iterator[Piece]:
        kind: Literal["item", "text"] = "item" if "list_item" in self.open else "text"
        line = self.line
        if "blockquote" in self.open and is_alert(inline_text(children)):
            self.own_quote = True
            children = _after_break(children)
        for part in _lines_with_labels(children):
            label, rest = bold_label(part, alone=kind == "text")
            if label:
                yield self._piece("heading", label, line, level=RUN_IN)
            if rest.strip():
                emphasised = "blockquote" in self.open or _is_emphasised(part)
                lead = "" if label else _bold_lead(part)
                yield self._piece(kind, rest, line, emphasised=emphasised, heads=heads, lead=lead)
            line += sum(1 for child in part if child.type in ("softbreak", "hardbreak"))

    def _html(self, html: str) -> Iterator[Piece]:
        """The headings of a block of HTML, and the text between them."""
        words: list[str] = []
        cells: list[tuple[str, str]] = []
        start, level, boxes, is_blank, label = 0, 0, self.html.boxes, True, ""
        ends = [found.start() for found in re.finditer("\n", html)]
        for at, kind, shown in self.html.read(html):
            if kind == "text":
                start = at if is_blank else start
                is_blank = is_blank and not shown.strip()
                words.append(shown)
                continue
            if kind == "/bold" or (kind == "bold" and not _may_begin_a_label(words)):
                label = "".join(words).strip() if kind == "/bold" and label == _OPEN_LABEL else label
                continue
            if kind in ("cell", "head"):
                cells.append((kind, " ".join("".join(words).split())))
                self.spans.add(shown)
                words, is_blank = [], True
                continue
            if kind == "table":
                self.spans = Spans()
                continue
            if kind == "row":
                if any(text for _, text in cells) and is_blank:
                    yield self._row_of(cells, self.line + bisect_left(ends, start))
                    cells, words = [], []
                self.spans.next_row()
                continue
            words, cells = [*(f"{cell}\n" for _, cell in cells), *words], []
            yield from self._html_piece(words, level, self.line + bisect_left(ends, start), boxes, label)
            words, start, boxes, is_blank = [], at, self.html.boxes, True
            label = _OPEN_LABEL if kind == "bold" else ""
            level = level if kind in ("box", "bold") else 0 if kind.startswith("/") else int(kind[1])
        words = [*(f"{cell}\n" for _, cell in cells), *words]
        yield from self._html_piece(words, level, self.line + bisect_left(ends, start), boxes, label)

    def _row_of(self, cells: Sequence[tuple[str, str]], line: int) -> Piece:
        is_header = all(kind == "head" for kind, _ in cells)
        texts = tuple(text for _, text in cells)
        return replace(self._cells(texts, is_header=is_header, line=line), columns=self.spans.columns_of(texts))

    def _html_piece(
        self, words: list[str], level: int, line: int, boxes: tuple[str, ...], label: str = ""
    ) -> Iterator[Piece]:
        """A heading, or a stretch of text, which may begin with a label in bold."""
        lines = (" ".join(part.split()) for part in _BAR.sub("", "".join(words)).split("\n"))
        text = "\n".join(part for part in lines if part)
        label = " ".join(label.split())
        rest = text.removeprefix(label).strip() if label and text.startswith(label) else ""
        if rest and not level and (label.endswith((":", "：")) or rest.startswith((":", "："))):
            yield self._piece("heading", label.rstrip(":： "), line, level=RUN_IN, boxes=boxes)
            text, label = rest.lstrip(":： "), ""
        if text and level:
            yield self._piece(
                "heading", " ".join(_HEADING_MARKS.sub(" ", text).split()), line, level=level, boxes=boxes
            )
        elif text:
            is_lead = bool(rest) and _is_title(label.rstrip(".?")) and not rest[0].islower()
            yield self._piece("text", text, line, boxes=boxes, lead=label if is_lead else "")


def _may_begin_a_label(words: Sequence[str]) -> bool:
    """Whether bold words after these stand at the beginning of a line, or behind a bar."""
    before = "".join(words).rpartition("\n")[2]
    return not before.strip() or _BAR.search(before) is not None


def _ends(tokens: Sequence[Token]) -> Iterator[str]:
    """The names of all elements that the HTML of a text ends somewhere."""
    for token in tokens:
        if token.type in ("html_block", "html_inline"):
            yield from (name.casefold() for name in re.findall(r"</([A-Za-z][^\s/>]*)", token.content))
        if token.children:
            yield from _ends(token.children)


def _references(tokens: Sequence[Token]) -> Iterator[str]:
    """The footnotes that the text refers to; what a footnote itself says refers to none."""
    for token in tokens:
        at_start, in_footnote = True, False
        for child in token.children or () if "[^" in token.content else ():
            if child.type == "text":
                found = _FOOTNOTE.match(child.content) if at_start else None
                in_footnote = in_footnote or bool(found and child.content[found.end() :].startswith(":"))
                yield from () if in_footnote else (name.casefold() for name in _FOOTNOTE.findall(child.content))
            at_start = child.type in ("softbreak", "hardbreak")


def _text_token(text: str) -> Token:
    from markdown_it.token import Token  # noqa: PLC0415

    return Token("softbreak" if text == "\n" else "text", "", 0, content=text)


def _after_break(children: Sequence[Token]) -> Sequence[Token]:
    at = next((i for i, child in enumerate(children) if child.type in ("softbreak", "hardbreak")), len(children))
    return children[at + 1 :]


def _lines_with_labels(children: Sequence[Token]) -> list[list[Token]]:
    """The paragraph cut before each line that begins in bold, and before a bold label behind a bar."""
    parts: list[list[Token]] = [[]]
    for at, child in enumerate(children):
        after_break = bool(parts[-1]) and parts[-1][-1].type in ("softbreak", "hardbreak")
        if child.type == "text" and not child.content:
            continue
        if child.type == "strong_open" and (after_break or _is_behind_bar(parts[-1], children[at:])):
            parts.append([])
        parts[-1].append(child)
    return [part for part in parts if part]


def _is_behind_bar(before: list[Token], after: Sequence[Token]) -> bool:
    """Whether a bold label with its colon follows another on its line; takes the bar between them away."""
    if not before or before[0].type != "strong_open" or before[-1].type != "text":
        return False
    label = inline_text(after[1 : next((i for i, it in enumerate(after) if it.type == "strong_close"), 1)])
    if not label.rstrip().endswith((":", "：")) or not _BAR.search(before[-1].content):
        return False
    before[-1] = _text_token(_BAR.sub("", before[-1].content))
    return True


def bold_label(children: Sequence[Token], *, alone: bool = True) -> tuple[str, str]:
    """The bold label that a line begins with, and the rest; an empty label where it has none.

    `alone` says whether a line that is bold as a whole is a label without its colon: a list item is not.
    """
    if not children or children[0].type != "strong_open":
        return "", inline_text(children)
    end = next((i for i, child in enumerate(children) if child.type == "strong_close"), len(children))
    label, rest = inline_text(children[1:end]).strip(), inline_text(children[end + 1 :])
    if alone and "\n" not in label and re.match(r"\s*\n", rest) and _is_title(label):
        return label.rstrip(":： "), rest.lstrip()
    if label.endswith((":", "：")):
        return label.rstrip(":： "), rest
    found = re.match(r"\s*(?:\([^)\n]{0,60}\)|\[[^\]\n]{0,40}\])?\s*[:：]", rest)
    if found:
        return label, rest[found.end() :]
    inside = _LABEL.match(label)
    if alone and inside and not rest.strip():
        return inside["label"], inside["rest"]
    if alone and not rest.strip() and len(label.split()) <= 10:
        return label, ""
    return "", inline_text(children)


def _bold_lead(children: Sequence[Token]) -> str:
    """The bold words that a line begins with and goes on after, as `**License** A licence of our own` does."""
    if children[0].type != "strong_open":
        return ""
    end = next((i for i, child in enumerate(children) if child.type == "strong_close"), len(children))
    label, rest = inline_text(children[1:end]).strip(), inline_text(children[end + 1 :]).lstrip()
    is_lead = _is_title(label.rstrip(".?")) and "\n" not in label and rest and not rest[0].islower()
    return label if is_lead else ""


def _is_title(label: str) -> bool:
    return len(label.split()) <= 10 and not label.rstrip().endswith((".", "!", "?", ",", ";"))


def inline_text(children: Sequence[Token]) -> str:
    """The words that a reader sees; images are none."""
    parts: list[str] = []
    for child in children:
        if child.type == "text":
            parts.append(child.content)
        elif child.type == "code_inline":
            parts.append(restored(child.content).replace("~", _TILDE).replace("$", _DOLLAR))
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    text = visible("".join(parts))
    if "~" in text:
        text = _STRUCK.sub("", text)
    if "$" in text:
        text = without_hidden_formulas(text)
    return restored(text.replace(_TILDE, "~").replace(_DOLLAR, "$"), escaped=False)


def _is_emphasised(children: Sequence[Token]) -> bool:
    shown = [child for child in children if child.type not in ("softbreak", "hardbreak")]
    return len(shown) >= 3 and shown[0].type == "em_open" and shown[-1].type == "em_close"
