"""HTML inside a document: which of its text a reader of the rendered page is shown.

Elements on the list show what they hold, unless an attribute hides or strikes it; whatever is on no list holds no
text. A style is shown only where each of its properties is known to leave the text readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from policy_gate.cards.text_normal import visible
from policy_gate.cards.text_standing import is_set_aside
from policy_gate.schema.patterns import lazy_pattern

_SHOWN_TEXT: Final = """
    a abbr address article aside b bdi bdo big blockquote body br caption center cite code col colgroup data dd details
    dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr html i img ins kbd label li main
    mark menu nav ol p picture pre q rp rt ruby samp section small source span strong sub summary sup table tbody td
    tfoot th thead time tr tt u ul var wbr
    """
_SHOWN: Final = frozenset(_SHOWN_TEXT.split())
_STRUCK: Final = frozenset({"s", "strike", "del"})
_VOID_TEXT: Final = """
    area base br col embed hr img input link meta param source track wbr
    """
_VOID: Final = frozenset(_VOID_TEXT.split())
_OTHER_TEXT: Final = """
    acronym applet audio button canvas datalist dialog dir embed fieldset form frame frameset head iframe input legend
    link map marquee math meta meter noembed noframes noscript object optgroup option output param plaintext portal
    progress script select slot style svg template textarea title track video xmp area base basefont
    """
_KNOWN: Final = _SHOWN | _STRUCK | frozenset(_OTHER_TEXT.split())
_PERSISTENT_TEXT: Final = """
    s strike font b i em strong u code small big tt a
    """
_PERSISTENT: Final = frozenset(_PERSISTENT_TEXT.split())
"""elements that go on in the next block where nothing closes them"""
_ENDED_BY: Final = {
    "li": {"li"}, "p": {"p"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "td": {"td", "th"}, "th": {"td", "th"},
    "tr": {"tr", "td", "th"}, "tbody": {"tr", "td", "th", "thead"}, "tfoot": {"tr", "td", "th", "tbody", "thead"},
}  # fmt: skip
"""elements that may go without their end, by those whose beginning ends them"""
_BREAKS_TEXT: Final = """
    p div li tr td th br ul ol table summary details dt dd dl blockquote section article hr pre figure caption
    """
_BREAKS: Final = frozenset(_BREAKS_TEXT.split())
_PART: Final = lazy_pattern(
    r"<!--(?:>|->|.*?(?:--!?>|(?P<open>\Z)))|<\?.*?(?:>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<![A-Za-z][^>]*(?:>|\Z)"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL,
)
_COMMENT_END: Final = lazy_pattern(r"--!?>")
_ATTRIBUTE: Final = lazy_pattern(r"([^\s\"'<>/=]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?")
_HIDING_CLASSES_TEXT: Final = """
    hidden hide invisible sr-only visually-hidden d-none is-hidden display-none screen-reader-only
    """
_HIDING_CLASSES: Final = frozenset(_HIDING_CLASSES_TEXT.split())
_HEADING: Final = lazy_pattern(r"h[1-6]")

_PLAIN_STYLES: Final = lazy_pattern(
    r"(?:text-(?:align|transform|decoration.*|wrap|justify)|margin.*|padding.*|border.*|outline.*|list-style.*"
    r"|vertical-align|float|clear|white-space|overflow.*|word-.*|hyphens|justify-.*|align-.*|place-.*|flex.*|grid.*|gap"
    r"|row-gap|column.*|page-break-.*|break-.*|box-shadow|box-sizing|cursor|table-layout|direction|object-fit"
    r"|font-(?:weight|style|family|variant.*|feature.*)|background.*|min-width|min-height|order|caption-side"
    r"|empty-cells|quotes|tab-size|user-select|scroll-.*|resize|letter-spacing|aspect-ratio)"
)
_DISPLAYS: Final = lazy_pattern(
    r"(?:inline|block|flex|grid|table|list-item|contents|flow|ruby|initial|inherit|unset).*"
)
_KEYWORDS_TEXT: Final = """
    auto inherit initial unset normal none small smaller x-small medium large larger x-large xx-large 100%
    fit-content max-content min-content
    """
_KEYWORDS: Final = frozenset(_KEYWORDS_TEXT.split())
_LETTERS: Final = {"px": 6.0, "pt": 5.0, "em": 0.45, "rem": 0.45, "%": 45.0, "": 6.0}
"""the least size of letters that can be read, by unit"""
_ROOM: Final = {"px": 1.0, "pt": 1.0, "%": 1.0}
"""the most room that holds no text, by unit"""
_NUMBER: Final = lazy_pattern(r"(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)\s*([a-z%]*)")
_LIGHT: Final = 0xE6
"""from here on a colour, the same in all its parts, cannot be read on white"""


_DEEPEST: Final = 256
"""elements that may be open at a time; below them, nothing is shown"""


class _Element(Struct):
    name: str
    hides: bool
    on_light: bool
    foreign: bool = False
    """nothing but its own end closes it: what it holds is none of the page's text"""
    summary: str = ""


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
        return self._too_deep or self._in_comment or any(element.hides for element in self._open)

    def enter(self, name: str) -> None:
        """A block of Markdown begins."""
        self._push(_Element(f"#{name}", hides=False, on_light=self._on_light))

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
        """The shown parts of a stretch of HTML: (position, `text`, words) or (position, `hN` or `/hN`, "")."""
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
        if is_end:
            shown = not self.is_hidden
            self._close(name)
        else:
            if name not in _KNOWN and name not in self._ends:
                if not self.is_hidden:
                    yield found.start(), "text", found[0]
                return
            self._begin(name, found["rest"])
            shown = not self.is_hidden
        if shown and _HEADING.fullmatch(name):
            yield found.start(), f"/{name}" if is_end else name, ""
        elif name in _BREAKS and (is_end or name in _VOID) and not self.is_hidden:
            yield found.start(), "text", "\n"

    @property
    def _on_light(self) -> bool:
        return self._open[-1].on_light if self._open else True

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
        hides, on_light = _reads(attributes, self._on_light)
        foreign = name not in _SHOWN and name not in _STRUCK
        self._push(_Element(name, hides or foreign or name in _STRUCK, on_light, foreign))

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
        if name == "summary" and is_set_aside(closed.summary):
            box = next((element for element in reversed(self._open) if element.name == "details"), None)
            if box is not None:
                box.hides = True


def _reads(attributes: dict[str, str], on_light: bool) -> tuple[bool, bool]:
    """Whether an element with these attributes hides its text, and whether it then stands on a light ground."""
    from html import unescape  # noqa: PLC0415

    style = re.sub(r"/\*.*?\*/", "", unescape(attributes.get("style", "")).casefold(), flags=re.DOTALL)
    pairs = [part.partition(":") for part in style.split(";") if part.strip()]
    values = {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}
    ground = attributes.get("bgcolor") or values.get("background-color") or values.get("background") or ""
    if ground and ground not in ("none", "inherit", "transparent", "initial", "unset"):
        on_light = _is_light(ground)
    colour = values.get("color") or values.get("-webkit-text-fill-color") or attributes.get("color", "").casefold()
    hides = (
        "hidden" in attributes
        or attributes.get("aria-hidden", "").casefold() == "true"
        or bool(_HIDING_CLASSES & set(attributes.get("class", "").casefold().split()))
        or any(attributes.get(side, "").strip("px% ") in ("0", "1") for side in ("width", "height"))
        or any(_style_hides(name, value) for name, value in values.items())
        or (bool(colour) and (colour == ground.casefold() or _is_clear(colour) or (on_light and _is_light(colour))))
    )
    return hides, on_light


def _style_hides(name: str, value: str) -> bool:
    """Whether a property keeps its text from being read, or is one that is not known."""
    numbers = [(float(number), unit) for number, unit in _NUMBER.findall(value)]
    if any(number <= -20 for number, _ in numbers):
        return True
    if name in ("font-size", "font"):
        sizes = [(n, u) for n, u in numbers if u in _LETTERS and not (name == "font" and u == "" and n >= 100)]
        return any(number < _LETTERS[unit] for number, unit in sizes) or ("(" in value and name == "font-size")
    if name in ("width", "height", "max-width", "max-height", "line-height", "zoom"):
        return value not in _KEYWORDS and any(number <= _ROOM.get(unit, 0) for number, unit in numbers)
    if name == "display":
        return not _DISPLAYS.fullmatch(value)
    if name == "visibility":
        return value not in ("visible", "inherit", "initial", "unset")
    if name == "opacity":
        return not numbers or numbers[0][0] < (30 if "%" in value else 0.3)
    if name == "position":
        return value not in ("static", "relative", "sticky")
    if name.startswith("text-decoration") and "line-through" in value:
        return True
    return name != "color" and not _PLAIN_STYLES.fullmatch(name) and not name.startswith("--")


def _is_clear(colour: str) -> bool:
    """Whether a colour lets all through."""
    alpha = re.fullmatch(r"(?:rgba?|hsla?)\(.*[,/]\s*(0?\.?\d+%?)\s*\)", colour)
    is_four = bool(alpha) and len(re.split(r"[,/\s]+", colour.strip(")").split("(", 1)[1].strip())) == 4
    faint = alpha is not None and is_four and float(alpha[1].strip("%")) < (20 if "%" in alpha[1] else 0.2)
    return colour == "transparent" or faint or bool(re.fullmatch(r"#(?:[0-9a-f]{3}0|[0-9a-f]{6}[01][0-9a-f])", colour))


def _is_light(colour: str) -> bool:
    """Whether a colour is white, or so near to it that nothing in it is read on a white page."""
    colour = colour.casefold().strip()
    if re.search(r"\b(?:white|snow|ivory|ghostwhite|whitesmoke|floralwhite|azure|mintcream|transparent)\b", colour):
        return True
    short = re.search(r"#([0-9a-f]{3,8})\b", colour)
    if short:
        digits = short[1] if len(short[1]) >= 6 else "".join(digit * 2 for digit in short[1])
        return all(int(digits[i : i + 2], 16) >= _LIGHT for i in (0, 2, 4))
    called = re.search(r"(rgb|hsl)a?\(([^)]*)", colour)
    parts = [float(number) for number in re.findall(r"[\d.]+", called[2])] if called else []
    if called is None or len(parts) < 3:
        return False
    if called[1] == "hsl":
        return parts[2] >= 90
    return all(part >= (90 if "%" in called[2] else _LIGHT) for part in parts[:3])
