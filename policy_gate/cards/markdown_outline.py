"""A document as an outline: headings, paragraphs, list items, table rows, code, each with its line.

CommonMark is read by markdown-it-py, imported only when there is a text to read. HTML comments,
scripts, hidden blocks and images are no text; a paragraph or item that begins with a bold label
becomes a label and what follows it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_TEXT: Final = 1 << 20
"""characters of a text that is read as a document; a longer one is refused"""
RUN_IN: Final = 7
"""the level of a bold paragraph or label that serves as a heading, below all real ones"""

_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_UNSEEN: Final = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_HIDDEN: Final = re.compile(
    r"<\w{1,20}[^>]{0,300}(?:display\s*:\s*none|visibility\s*:\s*hidden|\shidden\b)", re.IGNORECASE
)
_HIDDEN_BOX: Final = re.compile(
    r"<(div|section|article|aside|main|details|blockquote|table|ul|ol|dl)\b"
    r"[^>]{0,400}(?:display\s*:\s*none|visibility\s*:\s*hidden|\shidden\b)",
    re.IGNORECASE,
)
_HTML_HEADING: Final = re.compile(r"<h([1-6])\b[^>]{0,200}>(.{0,500}?)</h\1\s{0,5}>", re.DOTALL | re.IGNORECASE)
_HTML_CELL_END: Final = re.compile(
    r"</(?:p|div|li|tr|td|th|br|ul|ol|table|summary|details)\s*>|<br\s*/?>", re.IGNORECASE
)
_TAG: Final = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>")
_TAG_NAMES: Final = """
    a abbr b blockquote br caption center cite code col colgroup dd del details div dl dt em figcaption figure font
    h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q s samp section small source span strike strong sub
    summary sup table tbody td tfoot th thead tr tt u ul var video
    """
_KNOWN_TAGS: Final = frozenset(_TAG_NAMES.split())
_LABEL: Final = re.compile(r"\A(?P<label>[^:\n]{1,80}?)\s*[:：]\s*(?P<rest>.*)\Z", re.DOTALL)


class Piece(Struct, frozen=True):
    """One part of a document. `level` is 1 to 6 for headings and RUN_IN for labels, else 0.

    `cells` are a table row's cells; `header` marks the row that names the columns; `emphasised` a
    paragraph that is italic or quoted as a whole, as template hints are.
    """

    kind: Literal["heading", "text", "item", "row", "code"]
    text: str
    line: int
    level: int = 0
    cells: tuple[str, ...] = ()
    header: bool = False
    emphasised: bool = False


def outline(text: str, first_line: int = 1) -> tuple[Piece, ...]:
    """The pieces of a CommonMark text in order; `first_line` is where `text` begins in its file."""
    return tuple(_Reader(first_line).read(_markdown().parse(text)))


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415

    return MarkdownIt("commonmark").enable("table")


class _Reader:
    """Walks markdown-it's flat token list and keeps what list, table and quote it is in."""

    def __init__(self, first_line: int) -> None:
        self.offset = first_line
        self.open: list[str] = []
        self.cells: list[str] = []
        self.line = first_line
        self.unseen = ""
        self.depth = 0

    def read(self, tokens: Sequence[Token]) -> Iterator[Piece]:
        """The pieces that a reader sees."""
        return (piece for piece in self._pieces(tokens) if not self.unseen)

    def _pieces(self, tokens: Sequence[Token]) -> Iterator[Piece]:
        for position, token in enumerate(tokens):
            if token.map:
                self.line = token.map[0] + self.offset
            if token.type.endswith("_open"):
                self.open.append(token.type.removesuffix("_open"))
                self.cells = [] if token.type == "tr_open" else self.cells
            elif token.type.endswith("_close"):
                yield from self._close(token)
            elif token.type == "inline":
                yield from self._inline(token, tokens[position - 1])
            elif token.type in ("fence", "code_block"):
                yield Piece("code", token.content, self.line)
            elif token.type == "html_block":
                self._follow_hidden(token.content)
                yield from _html_pieces(token.content, self.line)

    def _follow_hidden(self, html: str) -> None:
        """Keep track of a hidden element that one block of HTML opens and a later one closes."""
        opening = None if self.unseen else _HIDDEN_BOX.search(html)
        if opening:
            self.unseen, html = opening[1].casefold(), html[opening.start() :]
        if self.unseen:
            tags = re.findall(rf"<(/?){self.unseen}\b", html, re.IGNORECASE)
            self.depth += sum(-1 if slash else 1 for slash in tags)
            self.unseen = self.unseen if self.depth > 0 else ""
            self.depth = max(self.depth, 0)

    def _close(self, token: Token) -> Iterator[Piece]:
        self.open.pop()
        if token.type == "tr_close":
            yield Piece("row", " | ".join(self.cells), self.line, cells=tuple(self.cells), header="thead" in self.open)

    def _inline(self, token: Token, opener: Token) -> Iterator[Piece]:
        children = token.children or []
        text = inline_text(children)
        if "tr" in self.open:
            self.cells.append(text.replace("\n", " ").strip())
        elif opener.type == "heading_open":
            yield Piece("heading", text, self.line, level=int(opener.tag[1]))
        else:
            yield from self._paragraph(children, text)

    def _paragraph(self, children: Sequence[Token], text: str) -> Iterator[Piece]:
        kind: Literal["item", "text"] = "item" if "list_item" in self.open else "text"
        line = self.line
        for part in _lines_with_labels(children):
            label, rest = bold_label(part, alone=kind == "text")
            if label:
                yield Piece("heading", label, line, level=RUN_IN)
            if rest.strip():
                yield Piece(kind, rest, line, emphasised="blockquote" in self.open or _is_emphasised(part))
            line += sum(1 for child in part if child.type in ("softbreak", "hardbreak"))


def _lines_with_labels(children: Sequence[Token]) -> list[list[Token]]:
    """The paragraph cut before each line that begins in bold."""
    parts: list[list[Token]] = [[]]
    for child in children:
        after_break = bool(parts[-1]) and parts[-1][-1].type in ("softbreak", "hardbreak")
        if child.type == "text" and not child.content:
            continue
        if child.type == "strong_open" and after_break:
            parts.append([])
        parts[-1].append(child)
    return [part for part in parts if part]


def bold_label(children: Sequence[Token], *, alone: bool = True) -> tuple[str, str]:
    """The bold label that a line begins with, and the rest; an empty label where it has none.

    `alone` says whether a line that is bold as a whole is a label without its colon: a list item is not.
    """
    if not children or children[0].type != "strong_open":
        return "", inline_text(children)
    end = next((i for i, child in enumerate(children) if child.type == "strong_close"), len(children))
    label, rest = inline_text(children[1:end]).strip(), inline_text(children[end + 1 :])
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


def inline_text(children: Sequence[Token]) -> str:
    """The words that a reader sees; images and comments are none, unknown tags stay as placeholders.

    Struck text stands between `~~`, as Markdown has it.
    """
    parts: list[str] = []
    for child in children:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "html_inline":
            parts.append(_tag_text(child.content))
    return "".join(parts)


def _tag_text(tag: str) -> str:
    name = re.match(r"</?([A-Za-z][\w-]*)", tag)
    if not name or tag.startswith("<!--"):
        return ""
    if name.group(1).casefold() == "br":
        return "\n"
    if name.group(1).casefold() in ("del", "s", "strike"):
        return "~~"
    return "" if name.group(1).casefold() in _KNOWN_TAGS else tag


def _is_emphasised(children: Sequence[Token]) -> bool:
    shown = [child for child in children if child.type not in ("softbreak", "hardbreak")]
    return len(shown) >= 3 and shown[0].type == "em_open" and shown[-1].type == "em_close"


def _html_pieces(html: str, line: int) -> Iterator[Piece]:
    html = _UNSEEN.sub("", _COMMENT.sub("", html))
    if _HIDDEN.search(html):
        return
    position = 0
    for heading in _HTML_HEADING.finditer(html):
        yield from _html_text(html[position : heading.start()], line + html.count("\n", 0, position))
        place = line + html.count("\n", 0, heading.start())
        yield Piece("heading", _plain_html(heading.group(2)), place, level=int(heading.group(1)))
        position = heading.end()
    yield from _html_text(html[position:], line + html.count("\n", 0, position))


def _html_text(html: str, line: int) -> Iterator[Piece]:
    text = _plain_html(html)
    if text:
        yield Piece("text", text, line)


def _plain_html(html: str) -> str:
    from html import unescape  # noqa: PLC0415

    broken = _HTML_CELL_END.sub("\n", html)
    return unescape(_TAG.sub(lambda match: _tag_text(match.group()), broken)).strip()
