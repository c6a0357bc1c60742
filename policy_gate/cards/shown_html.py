"""HTML inside a document: which of its text a reader of the rendered page is shown.

Elements on the list show what they hold, where each of their attributes is known to leave it readable; whatever is
on no list holds no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from policy_gate.cards.shown_styles import Look, look_of
from policy_gate.cards.text_normal import visible
from policy_gate.cards.text_standing import is_no_part, is_set_aside
from policy_gate.schema.patterns import lazy_pattern

_SHOWN_TEXT: Final = """
    a abbr acronym address article aside b bdi big blockquote body br caption center cite code col colgroup data dd
    details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr html i img ins kbd
    label li main mark menu nav nobr ol p picture pre q rt ruby samp section small source span strong sub summary
    sup table tbody td tfoot th thead time tr tt u ul var wbr
    """
_SHOWN: Final = frozenset(_SHOWN_TEXT.split())
_STRUCK: Final = frozenset({"s", "strike", "del"})
_FALLBACK: Final = frozenset({"rp"})
"""what stands in for an element that every reader is shown"""
_SMALLER: Final = frozenset({"sub", "sup", "small"})
_SMALLEST: Final = 3
"""how many of these can stand in one another and still be read"""
_VOID_TEXT: Final = """
    area base br col embed hr img input link meta param source track wbr
    """
_VOID: Final = frozenset(_VOID_TEXT.split())
_OTHER_TEXT: Final = """
    applet audio bdo button canvas datalist dialog dir embed fieldset form frame frameset head iframe input
    legend link map marquee math meta meter noembed noframes noscript object optgroup option output param plaintext
    portal progress script select slot style svg template textarea title track video xmp area base basefont
    """
_KNOWN: Final = _SHOWN | _STRUCK | _FALLBACK | frozenset(_OTHER_TEXT.split())
_PERSISTENT_TEXT: Final = """
    s strike font b i em strong u code small big tt a
    """
_PERSISTENT: Final = frozenset(_PERSISTENT_TEXT.split())
"""elements that go on in the next block where nothing closes them"""
_ENDED_BY: Final = {
    "li": {"li"}, "p": {"p"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "rp": {"rp", "rt"}, "rt": {"rp", "rt"},
    "td": {"td", "th"}, "th": {"td", "th"},
    "tr": {"tr", "td", "th"}, "tbody": {"tr", "td", "th", "thead"}, "tfoot": {"tr", "td", "th", "tbody", "thead"},
}  # fmt: skip
"""elements that may go without their end, by those whose beginning ends them"""
_BREAKS_TEXT: Final = """
    p div li tr td th br ul ol table summary details dt dd dl blockquote section article hr pre figure caption
    """
_BREAKS: Final = frozenset(_BREAKS_TEXT.split())
_BOLD: Final = frozenset({"strong", "b"})
_APART: Final = frozenset({"td", "th", "summary", "caption"})
"""elements whose bold words are no label of what follows"""
_OF_TABLES: Final = {
    "td": "cell", "th": "head", "tr": "row",
    **dict.fromkeys(("thead", "tbody", "tfoot", "table"), "table"),
}  # fmt: skip
RAISED: Final = "^"
"""stands before a figure that is raised behind another, and none of its digits"""
_PART: Final = lazy_pattern(
    r"<!--(?:>|->|.*?(?:--!?>|(?P<open>\Z)))|<\?.*?(?:>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<![A-Za-z][^>]*(?:>|\Z)"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL,
)
_TAG: Final = lazy_pattern(r"<[^<>]*>")
_COMMENT_END: Final = lazy_pattern(r"--!?>")
_ATTRIBUTE: Final = lazy_pattern(r"([^\s\"'<>/=]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?")
_HEADING: Final = lazy_pattern(r"h[1-6]")

_PAGE: Final = Look()
_DEEPEST: Final = 256
"""elements that may be open at a time; below them, nothing is shown"""


def is_raised(before: str) -> bool:
    """Whether a raised figure after this text is a note to a number, or the beginning of a note."""
    return not before.strip() or before[-1] in "\n%" or before[-1].isdecimal()


class _Element(Struct):
    name: str
    hides: bool
    look: Look
    foreign: bool = False
    """nothing but its own end closes it: what it holds is none of the page's text"""
    summary: str = ""
    span: str = ""
    """of a cell that reaches over several rows or columns: `ROWSxCOLUMNS`"""


class ShownHtml:
    """The elements that are open at a place of a document, across its blocks; `ends` are all that it ever closes."""

    def __init__(self, ends: frozenset[str]) -> None:
        self._ends = ends
        self._open: list[_Element] = []
        self._in_comment = False
        self._too_deep = False

    @property
    def is_hidden(self) -> bool:
        """Whether a reader is shown nothing of what stands here."""
        if self._too_deep or self._in_comment:
            return True
        for element in self._open:
            if element.hides:
                return True
        return not (self._look is _PAGE or self._look.is_readable)

    @property
    def boxes(self) -> tuple[str, ...]:
        """The summaries under which what stands here is folded away, outermost first."""
        found = [element.summary for element in self._open if element.name == "details" and element.summary]
        return tuple(found)

    def enter(self, name: str) -> None:
        """A block of Markdown begins."""
        self._push(_Element(f"#{name}", hides=False, look=self._look))

    def leave(self, name: str) -> None:
        """A block of Markdown ends, and what was opened in it, but for what goes on in the next block."""
        if self._open and self._open[-1].name == f"#{name}":
            self._open.pop()
            return
        at = max((i for i, element in enumerate(self._open) if element.name == f"#{name}"), default=None)
        if at is not None:
            left = self._open[at + 1 :]
            self._open[at:] = [it for it in left if it.hides and (it.foreign or it.name in _PERSISTENT)]

    def tag(self, text: str) -> str:
        """Take one piece of inline HTML; what it shows itself: a break, or a tag of no HTML as it is written."""
        return "".join(shown for _, kind, shown in self.read(text) if kind == "text")

    def saw(self, text: str) -> None:
        """Text of the page that stands here: it is part of a summary where one is open."""
        for element in () if self._too_deep else self._open:
            if element.name == "summary":
                element.summary += f" {text}"

    def read(self, html: str) -> Iterator[tuple[int, str, str]]:
        """The shown parts of a stretch of HTML: (position, `text`, words), or without words where a part begins
        or ends: `hN` or `/hN` for a heading, `box` for what is folded away, `bold` or `/bold` in running text, at the
        end of a table's cell or row `cell`, `head` or `row`.
        """
        at = 0
        while at < len(html) and not self._too_deep:
            if self._in_comment:
                end = _COMMENT_END.search(html, at)
                self._in_comment, at = end is None, end.end() if end else len(html)
                continue
            found = _PART.search(html, at)
            yield from self._text(at, html[at : found.start() if found else len(html)])
            if found is None:
                return
            at = found.end()
            if found["open"] is not None:
                self._in_comment = True
            elif found["name"]:
                yield from self._tag(found)

    def _text(self, at: int, text: str) -> Iterator[tuple[int, str, str]]:
        from html import unescape  # noqa: PLC0415

        plain = visible(unescape(text)) if text else ""
        self.saw(plain)
        if plain and not self.is_hidden:
            yield at, "text", plain

    def _tag(self, found: re.Match[str]) -> Iterator[tuple[int, str, str]]:
        name, is_end = found["name"].casefold(), bool(found["end"])
        foreign = next((element for element in reversed(self._open) if element.foreign), None)
        if foreign is not None and name != foreign.name:
            return
        span = ""
        if is_end:
            shown = not self.is_hidden
            span = next((it.span for it in reversed(self._open) if it.name == name), "") if name in _OF_TABLES else ""
            self._close(name)
        else:
            if name not in _KNOWN and name not in self._ends:
                if not self.is_hidden:
                    yield found.start(), "text", found[0]
                return
            self._begin(name, found["rest"])
            shown = not self.is_hidden
            if name == "sup" and shown and is_raised(_TAG.sub("", found.string[: found.start()][-200:])):
                yield found.start(), "text", RAISED if found.string[found.end() : found.end() + 1].isdecimal() else ""
        if shown and _HEADING.fullmatch(name):
            yield found.start(), f"/{name}" if is_end else name, ""
        elif shown and name in _BOLD and not any(_HEADING.fullmatch(it.name) or it.name in _APART for it in self._open):
            yield found.start(), "/bold" if is_end else "bold", ""
        elif is_end and name in ("summary", "details"):
            yield found.start(), "box", ""
        elif is_end and name in _OF_TABLES and not self.is_hidden:
            yield found.start(), _OF_TABLES[name], span
            yield found.start(), "text", "\n"
        elif name in _BREAKS and (is_end or name in _VOID) and not self.is_hidden:
            yield found.start(), "text", "\n"

    @property
    def _look(self) -> Look:
        return self._open[-1].look if self._open else _PAGE

    def _push(self, element: _Element) -> None:
        self._too_deep = self._too_deep or len(self._open) >= _DEEPEST
        if not self._too_deep:
            self._open.append(element)

    def _begin(self, name: str, rest: str) -> None:
        ended = _ENDED_BY.get(name, set())
        while self._open and self._open[-1].name in ended:
            self._open.pop()
        if name in _VOID:
            return
        attributes: dict[str, str] = {}
        for key, value in _ATTRIBUTE.findall(rest):
            attributes.setdefault(key.casefold(), value.strip("\"'"))
        shows, look = look_of(attributes, self._look, is_font=name == "font") if attributes else (True, self._look)
        foreign = name not in _SHOWN and name not in _STRUCK and name not in _FALLBACK
        too_small = name in _SMALLER and sum(element.name in _SMALLER for element in self._open) >= _SMALLEST
        hides = not shows or too_small or name not in _SHOWN
        spans = (attributes.get("rowspan", "1"), attributes.get("colspan", "1"))
        self._push(_Element(name, hides, look, foreign, span="x".join(spans) if spans != ("1", "1") else ""))

    def _close(self, name: str) -> None:
        at = max((i for i, element in enumerate(self._open) if element.name == name), default=None)
        if at is None:
            return
        goes_on = name in _PERSISTENT or name == "del" or self._open[at].foreign
        if not goes_on and any(element.name.startswith("#") for element in self._open[at:]):
            return
        closed = self._open[at]
        left = self._open[at + 1 :]
        self._open[at:] = [it for it in left if it.name.startswith("#") or (it.hides and it.name in _PERSISTENT)]
        box = next((element for element in reversed(self._open) if element.name == "details"), None)
        if name == "summary" and box is not None:
            box.summary = " ".join(closed.summary.split())
            box.hides = box.hides or is_set_aside(box.summary) or is_no_part(box.summary)
