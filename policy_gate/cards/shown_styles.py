"""Attributes of HTML elements that are known to leave the text readable; with any other, the text is not shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from policy_gate.schema.patterns import lazy_pattern

Colour = tuple[float, float, float]
"""red, green and blue, each from 0 to 255"""

_PLAIN_ATTRIBUTES_TEXT: Final = """
    abbr accesskey align alt axis border bordercolor cellpadding cellspacing char charoff cite clear colspan compact
    content crossorigin data datetime decoding dir download frame headers height href hreflang hspace id itemid
    itemprop itemscope itemtype lang loading markdown media name nowrap open prefix property rel rev reversed role rows
    rowspan rules scope sizes span src srcset start summary tabindex target title translate type typeof usemap valign
    value vspace width xmlns
    """
_PLAIN_ATTRIBUTES: Final = frozenset(_PLAIN_ATTRIBUTES_TEXT.split())
_PLAIN_ATTRIBUTE: Final = lazy_pattern(r"(?:data|aria|xml|epub|v|mso)[-:][\w.:-]+")
_CLASSES: Final = lazy_pattern(
    r"(?:language|lang|highlight|highlight-source|highlight-text|hljs)-[\w+-]+"
    r"|(?:highlight|hljs|source|sourcecode|markdown|markdown-alert|footnotes?|fn|reference|citation|task-list"
    r"|alert|admonition|callout|octicon|badge|table|tg|docutils|align|align-items|text|col|row|dataframe|heading|header"
    r"|section|level|toc|mw|wp|mermaid|prose|justify|items|mx|my|mt|mb|mb?l|mr|m|p|px|py|pt|pb)(?:-(?:[a-z]*\d[\w.]*|left"
    r"|right|center|centre|start|end|justify|auto|sm|md|lg|xl|base|bold|body|title|link|anchor|ref|backref|list|item"
    r"|source|wrapper|text|note|tip|warning|important|caution|danger|info|success|primary|secondary|striped|bordered"
    r"|responsive|condensed|hover|content|container|contents|inline|heading|row|cell|head|code|python|bash|shell|console"
    r"|yaml|json|xml|html|sql|java|javascript|typescript|go|rust|ruby|cpp|c|csharp|plaintext))*"
    r"|anchor|note|tip|warning|important|caution|info|danger|success|hint|attention|summary|details|contains-task-list"
    r"|center|centered|left|right|container|content|wrapper|main|body|title|subtitle|caption|figure|image|logo|emoji"
    r"|even|odd|first|last|lead|large|small|bold|italic|underline|nowrap|flex|grid|block|inline|inline-block|code"
    r"|pre|kbd|external|internal|simple|line|compact|term|abstract|author|date|list|item|cell|full-width|permalink"
    r"|cards?|level\d|mso[a-z]+"
)
_SHADES: Final = lazy_pattern(r"text-(?:white|black|light|dark|muted|transparent|[a-z]+-\d+|body|hide|0|xs)")

_FONTS_TEXT: Final = """
    arial helvetica sans-serif serif monospace verdana tahoma georgia times courier calibri cambria consolas menlo
    monaco ubuntu roboto inter system-ui lato segoe palatino garamond inherit ui-monospace open noto source lucida
    trebuchet liberation dejavu
    """
_FONTS: Final = frozenset(_FONTS_TEXT.split())
_NAMED_TEXT: Final = """
    black=000000 silver=c0c0c0 gray=808080 grey=808080 white=ffffff maroon=800000 red=ff0000 purple=800080
    fuchsia=ff00ff green=008000 lime=00ff00 olive=808000 yellow=ffff00 navy=000080 blue=0000ff teal=008080
    aqua=00ffff cyan=00ffff magenta=ff00ff orange=ffa500 brown=a52a2a pink=ffc0cb gold=ffd700 crimson=dc143c
    tomato=ff6347 darkred=8b0000 darkgreen=006400 darkblue=00008b darkgray=a9a9a9 darkgrey=a9a9a9
    lightgray=d3d3d3 lightgrey=d3d3d3 dimgray=696969 dimgrey=696969 lightblue=add8e6 lightgreen=90ee90
    lightyellow=ffffe0 darkorange=ff8c00 indigo=4b0082 violet=ee82ee steelblue=4682b4 royalblue=4169e1
    forestgreen=228b22 seagreen=2e8b57 firebrick=b22222 chocolate=d2691e coral=ff7f50 salmon=fa8072 khaki=f0e68c
    beige=f5f5dc ivory=fffff0 snow=fffafa whitesmoke=f5f5f5 aliceblue=f0f8ff slategray=708090 dodgerblue=1e90ff
    darkorchid=9932cc rebeccapurple=663399 turquoise=40e0d0
    """
_NAMED: Final = dict(pair.split("=") for pair in _NAMED_TEXT.split())
"""colours by their names; any other is not known"""
_INHERITED: Final = frozenset({"inherit", "unset"})
_CLEAR: Final = frozenset({"none", "transparent", "initial", "inherit", "unset"})
_LEAST_CONTRAST: Final = 1.5
"""of text and its ground, as web accessibility measures it; below, nobody reads it"""

_LEAST_OPAQUE: Final = 0.5
"""of text; below, it is seen through"""

_NUMBER: Final = lazy_pattern(r"(-?(?:\d+\.?\d*|\.\d+))(px|pt|em|rem|ex|ch|%|fr|vw|vh|)")
_WORD: Final = lazy_pattern(r"[a-z][a-z-]*|#[0-9a-f]{3,8}|rgba?\([\d.,%\s/]+\)")
_PIXELS: Final = {"px": 1, "pt": 1.3, "em": 16, "rem": 16, "ex": 8, "ch": 8, "%": 16, "fr": 16, "vw": 8, "vh": 8, "": 1}
"""about how many pixels a unit is"""
_SPACE, _THIN, _FREE = (0, 160), (0, 24), (0, 9999)
_LENGTHS: Final = (
    (r"(?:margin|padding)(?:-(?:left|right|top|bottom|inline|block)(?:-(?:start|end))?)?|(?:row-|column-)?gap", _SPACE),
    (r"border(?:-(?:left|right|top|bottom))?(?:-width)?|border-spacing", _THIN),
    (r"border(?:-(?:top|bottom)-(?:left|right))?-radius", _FREE),
    (r"letter-spacing|word-spacing", (0, 8)),
    (r"text-indent", (0, 160)),
    (r"(?:min-|max-)?(?:width|height)", (16, 9999)),
    (r"font-size", (6, 96)),
    (r"tab-size|order|flex-grow|flex-shrink", _THIN),
)
_KEYWORDS: Final = {
    r"text-(?:align|align-last|justify|wrap|transform)|vertical-align|float|clear|direction|caption-side": None,
    r"white-space": "normal nowrap pre pre-wrap pre-line break-spaces",
    r"overflow(?:-[xy])?": "visible auto scroll",
    r"word-(?:break|wrap)|overflow-wrap|hyphens|table-layout|box-sizing|cursor|object-fit|user-select": None,
    r"(?:justify|align|place)-(?:content|items|self)|flex-(?:direction|wrap|flow)|border-collapse": None,
    r"(?:page-)?break-(?:before|after|inside)|list-style(?:-(?:type|position))?": None,
    r"font-(?:style|variant|variant-caps)": None,
    r"border(?:-(?:left|right|top|bottom))?-(?:style|color)": None,
    r"font-weight": "normal bold bolder lighter 100 200 300 400 500 600 700 800 900",
    r"text-decoration(?:-(?:line|style))?": "none underline overline solid double dotted dashed wavy auto",
    r"display": "inline block flex grid table list-item contents flow-root inline-block inline-flex inline-grid "
    "inline-table table-cell table-row table-row-group table-header-group table-footer-group table-caption ruby",
    r"visibility": "visible",
    r"position": "static relative sticky",
    r"transform|filter|outline|box-shadow|clip-path|animation|mask|background-image": "none 0",
}
_STYLES: Final = tuple((lazy_pattern(names), limits) for names, limits in _LENGTHS)
_WORDS: Final = tuple((lazy_pattern(names), words and words.split()) for names, words in _KEYWORDS.items())
_COMMON: Final = frozenset({"inherit", "initial", "unset", "normal", "revert"})


class Look(Struct, frozen=True):
    """How text looks at a place: the colours of it and of its ground; None where nobody can tell.

    An element inside may well have another look, so that one which cannot be read hides nothing below it.
    """

    ink: Colour | None = (0, 0, 0)
    ground: Colour | None = (255, 255, 255)

    @property
    def is_readable(self) -> bool:
        """Whether the text stands out from its ground."""
        if self.ink is None or self.ground is None:
            return False
        low, high = sorted((_luminance(self.ink), _luminance(self.ground)))
        return (high + 0.05) / (low + 0.05) >= _LEAST_CONTRAST


def look_of(attributes: Mapping[str, str], above: Look, *, is_font: bool) -> tuple[bool, Look]:
    """Whether an element with these attributes, their names folded, is known to show its text, and how it looks."""
    from html import unescape  # noqa: PLC0415

    style = re.sub(r"/\*.*?\*/", "", unescape(attributes.get("style", "")).casefold(), flags=re.DOTALL)
    pairs = [part.partition(":") for part in style.split(";") if part.strip()]
    values = {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}
    ground = values.get("background-color") or values.get("background") or attributes.get("bgcolor", "")
    ink = values.get("color") or attributes.get("color", "")
    look = Look(_colour(ink.casefold(), above.ink), _colour(ground.casefold(), above.ground, on=above.ground))
    attribute_shows = all(_attribute_shows(name, value, is_font=is_font) for name, value in attributes.items())
    shows = attribute_shows and all(_style_shows(name, value) for name, value in values.items())
    return shows, look


def _attribute_shows(name: str, value: str, *, is_font: bool) -> bool:
    value = value.strip().casefold()
    if name == "class":
        return all(_CLASSES.fullmatch(word) and not _SHADES.fullmatch(word) for word in value.split())
    if name == "face":
        return _is_font(value)
    if name == "size":
        return not is_font or bool(re.fullmatch(r"[1-7]|\+[1-6]|-[12]", value))
    if name in ("width", "height") and value.strip("px% ") in ("0", "1"):
        return False
    if name == "aria-hidden":
        return value != "true"
    is_read_elsewhere = name in ("style", "color", "bgcolor")
    return is_read_elsewhere or name in _PLAIN_ATTRIBUTES or bool(_PLAIN_ATTRIBUTE.fullmatch(name))


def _is_font(value: str) -> bool:
    families = [family.strip(" \"'") for family in value.split(",")]
    return all(re.split(r"[\s-]", family)[0] in _FONTS or family in _FONTS for family in families)


def _style_shows(name: str, value: str) -> bool:
    """Whether a property is known, and is known to keep its text readable with this value."""
    if name.startswith("--") or name in ("color", "background", "background-color") or value in _COMMON:
        return True
    if name == "font-family":
        return _is_font(value)
    if name == "opacity":
        found = _NUMBER.fullmatch(value)
        return bool(found) and float(found[1] if found else 0) / (100 if "%" in value else 1) >= _LEAST_OPAQUE
    if name == "line-height":
        found = _NUMBER.fullmatch(value)
        height = float(found[1]) * (_PIXELS[found[2]] if found[2] not in ("", "%") else 16) if found else 0
        return 12 <= height / (100 if found and found[2] == "%" else 1) <= 96
    if name == "flex":
        return bool(re.fullmatch(r"none|auto|[1-9](?:\s+\d)?(?:\s+(?:auto|\d\d%))?", value))
    for names, (least, most) in _STYLES:
        if names.fullmatch(name):
            return all(_is_within(part, least, most) for part in re.sub(r",\s+", ",", value).split())
    for names, words in _WORDS:
        if names.fullmatch(name):
            parts = re.sub(r",\s+", ",", value).split()
            return all(part in words if words else bool(_WORD.fullmatch(part)) for part in parts)
    return False


def _is_within(part: str, least: float, most: float) -> bool:
    """Whether one part of a value is a word, or a length between these pixels."""
    found = _NUMBER.fullmatch(part)
    if not found:
        return bool(_WORD.fullmatch(part))
    number, unit = float(found[1]), found[2]
    if unit == "%" and most > _SPACE[1]:
        return 5 <= number <= 100 or (least == 0 and number >= 0)
    if unit == "%":
        return least * 6 <= number <= 500 if least else 0 <= number <= 50
    return least <= number * _PIXELS[unit] <= most


def _colour(value: str, inherited: Colour | None, on: Colour | None = None) -> Colour | None:
    """The colour that a value names, or the inherited one where it names none; None where it cannot be told.

    `on` is what a ground without a colour of its own lets through.
    """
    value = value.strip()
    if not value or value in _INHERITED or (on is not None and value in _CLEAR):
        return inherited
    if value in ("initial", "currentcolor") and on is None:
        return (0, 0, 0) if value == "initial" else inherited
    digits = re.fullmatch(r"#?([0-9a-f]{3}|[0-9a-f]{6})", _NAMED.get(value, value))
    if digits:
        code = digits[1] if len(digits[1]) == 6 else "".join(digit * 2 for digit in digits[1])
        return int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)
    called = re.fullmatch(r"(rgb|hsl)a?\(([\d.%,\s/deg]+)\)", value)
    if called is None:
        return None
    parts = re.split(r"[\s,/]+", called[2].strip())
    plain = [re.sub(r"[^\d.]", "", part) for part in parts]
    numbers = [float(part) for part in plain if re.fullmatch(r"\d+\.?\d*|\.\d+", part)]
    if len(numbers) != len(parts) or len(parts) not in (3, 4):
        return None
    scale = 2.55 if "%" in parts[0] else 1
    colour = _of_hsl(numbers) if called[1] == "hsl" else (numbers[0] * scale, numbers[1] * scale, numbers[2] * scale)
    share = min(numbers[3] / (100 if "%" in parts[3] else 1), 1) if len(parts) == 4 else 1.0
    if on is None:
        return colour if share >= _LEAST_OPAQUE else None
    red, green, blue = (part * share + below * (1 - share) for part, below in zip(colour, on, strict=True))
    return red, green, blue


def _of_hsl(numbers: list[float]) -> Colour:
    from colorsys import hls_to_rgb  # noqa: PLC0415

    red, green, blue = hls_to_rgb(numbers[0] % 360 / 360, min(numbers[2], 100) / 100, min(numbers[1], 100) / 100)
    return red * 255, green * 255, blue * 255


def _luminance(colour: Colour) -> float:
    parts = [min(part, 255) / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
