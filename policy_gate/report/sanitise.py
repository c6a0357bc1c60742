"""One sanitiser per sink, for all text that came from a repository.

Nothing is dropped: what a sink would obey is shown in a visible form instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote

from policy_gate.schema.patterns import lazy_pattern

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_MAYBE_UNSAFE = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""All characters of these categories but the line break, by any Unicode version: which are, the one at hand says."""
_PLAIN_BYTES = bytes((0x0A, *range(0x20, 0x7F)))
_BLANKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_WIDE_BLANKS = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Every blank but the plain one: where lines are broken, most of them are not."""
_UNSEEN_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\uffa0\U0001d159"
"""Letters, marks and signs that show nothing, such as the Hangul fillers and the empty Braille pattern."""
_HIGHEST_PILE = 6
"""Marks on one letter, which is more than any script asks for; more of them run over the lines above and below."""
_MAYBE_PILED = lazy_pattern(rf"[^\x00-\u02ff]{{{_HIGHEST_PILE + 1}}}")
_COMMAND_AT_START = lazy_pattern(r"\A(\s*)::")
_COMMAND_ANYWHERE = lazy_pattern(r"##(?=\w*\[)")
_JSON_COMMAND = lazy_pattern(r"##(?=\w*\[)")
_MARKDOWN_SPECIAL = lazy_pattern(r"[\\`*_\[\]!~$|<>&@#]|:(?=//)|\bwww\.|\bGH(?=-\d)", re.IGNORECASE)
_MARKDOWN_START = lazy_pattern(r"\A(\s*)(?:([-+=])|(\d+)([.)])(?=\s|\Z)|(::))")
_NO_TOKEN = lazy_pattern(r"[^A-Za-z0-9._-]")
_BACKTICKS = lazy_pattern(r"`+")
_SARIF_LINK = lazy_pattern(r"\](?=\()")
_SARIF_PLACE = lazy_pattern(r"\{(?=\d+\})")
_XML_TAG = lazy_pattern(r"\[(?=\[\s*\w+\s*\|)")
_XML_SPECIAL = lazy_pattern("[&<>\"'\ufffe\uffff]")
_XML_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_HTML_SPECIAL = lazy_pattern(r"[&<>\"'`]|\A(?=\s*::)\s*:|#(?=#\w*\[)")
_ICS_SPECIAL = lazy_pattern(r"[\\;,]")
_ICS_TAG = lazy_pattern(r"<(?=[A-Za-z/!?])")
_COLON_PAIR = lazy_pattern(r"\A:|:(?=:)")
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_FORMULA_BEHIND = lazy_pattern(r";(?=\s*[=+@\uff1d\uff0b\uff20]|\s*[-\uff0d]+[^-\uff0d\s;])")
_UNCLIMBABLE = ("", ".", "..")
_ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "|": "&#124;",
    "@": "@&#8203;",
    "#": "&#35;&#8203;",
    ":": "&#58;",
}


def terminal(text: str) -> str:
    """Text for a terminal or a log, on one line: no control, bidirectional or invisible character.

    Line breaks, tabs and blanks of every width become spaces, everything else of that sort its `\\uXXXX` name.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = _maybe_unshown().sub(_blank_or_named, text.replace("\n", " "))
    return "".join(_without_piles(shown)) if _MAYBE_PILED.search(shown) else shown


def log_line(line: str) -> str:
    """One line of a log that no CI runner takes for a command (`::error`, `##[add-mask]`, `##vso[`)."""
    return _COMMAND_ANYWHERE.sub("# #", _COMMAND_AT_START.sub(r"\1: :", terminal(line)))


def csv_cell(text: str) -> str:
    """A cell of CSV on one line: an apostrophe stands before what a spreadsheet would take for a formula.

    Where the decimal sign is a comma, spreadsheets part cells at semicolons, so it stands behind one as well.
    """
    shown = _FORMULA_BEHIND.sub(";'", terminal(text))
    is_formula = shown.lstrip().startswith(_FORMULA) or text.lstrip(" ").startswith(("\t", "\r", "\n"))
    return f"'{shown}" if is_formula else shown


def markdown(text: str) -> str:
    """Text inside a Markdown line or table cell: no markup, HTML, link, mention or reference of its own."""
    escaped = _MARKDOWN_SPECIAL.sub(_escaped_mark, terminal(text).strip())
    return _MARKDOWN_START.sub(_escaped_start, escaped)


def draft_line(text: str) -> str:
    """A line of a Markdown document that people go on writing: no HTML, no picture, nothing invisible.

    Addresses and names stay as they were written, so that they can be masked, and sent to whom they are for.
    """
    return string(text).replace("<", "&lt;").replace("![", "!\\[")


def code(text: str) -> str:
    """Text as a Markdown code span that also holds inside a table cell."""
    shown = log_line(text).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(shown)), default=0))
    pad = " " if not shown or shown[0] in " `" or shown[-1] in " `" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def html(text: str) -> str:
    """Text inside an HTML element or a quoted attribute: no markup of its own, nothing invisible.

    A page may be printed into a log as well, so that no runner's command survives in it either.
    """
    return _HTML_SPECIAL.sub(_as_references, terminal(text))


def json_text(dumped: str) -> str:
    """Dumped JSON (not ASCII-escaped) with control, bidirectional and invisible characters as `\\uXXXX`.

    The line breaks between its parts stay; a runner's command inside a string is broken by an escape.
    """
    safe = _JSON_COMMAND.sub(r"#\\u0023", dumped)
    if safe.isascii():
        return safe.replace("\x7f", "\\u007f")
    # A long text has few characters that are worth a look; the rest is let fall in one go.
    odd = safe.encode("utf-8", "surrogatepass").translate(None, _PLAIN_BYTES).decode("utf-8", "surrogatepass")
    is_unsafe = any(unicodedata.category(char) in _UNSAFE_CATEGORIES for char in set(odd))
    return _maybe_unsafe().sub(_named_if_unsafe, safe) if is_unsafe else safe


def command_data(line: str) -> str:
    """One line of the message of a GitHub workflow command, escaped; lines are joined by `%0A`.

    No `::` is left in it, so that parsers which look for the last one agree with those that look for the first.
    """
    return _COLON_PAIR.sub(_parted, log_line(line)).replace("%", "%25")


def command_property(text: str) -> str:
    """A value of a property of a GitHub workflow command, escaped."""
    escaped = log_line(text).replace("%", "%25")
    return escaped.replace(":", "%3A").replace(",", "%2C")


def xml(text: str) -> str:
    """One line of XML, as text or in an attribute: no markup, no character that XML 1.0 forbids, no `]]>`.

    `[[ATTACHMENT|path]]` and its like, which readers of JUnit files obey inside text, are broken up.
    """
    return _XML_SPECIAL.sub(_escaped_xml, _XML_TAG.sub("[ ", log_line(text)))


def sarif(text: str) -> str:
    """One line of a SARIF message: no embedded link `[a](b)` and no placeholder `{0}` of its own."""
    return _SARIF_PLACE.sub("{ ", _SARIF_LINK.sub("] ", log_line(text)))


def ics(text: str) -> str:
    """One line of a TEXT of a calendar (RFC 5545): no property, component or HTML of its own.

    Long lines are folded anywhere, so no `::` is left that a fold could put first.
    """
    plain = _ICS_TAG.sub("< ", _COLON_PAIR.sub(_parted, log_line(text)))
    return _ICS_SPECIAL.sub(r"\\\g<0>", plain)


def relative_uri(path: str) -> str | None:
    """A path of the repository as a relative URI reference (RFC 3986), for any operating system.

    None for what no tree can hold and a reader could resolve to another place: absolute, or with `..` in it.
    """
    parts = path.split("/")
    if any(part in _UNCLIMBABLE for part in parts):
        return None
    try:
        return quote(path.encode("utf-8", "surrogateescape"), safe="/")
    except UnicodeEncodeError:
        return quote(path.encode("utf-8", "replace"), safe="/")


def token(text: str) -> str:
    """An id as a token of OSCAL, which begins with a letter; one that has to be changed is told apart by a digest."""
    import hashlib  # noqa: PLC0415 - slow, and rarely wanted

    plain = _NO_TOKEN.sub("_", text)
    if plain == text and text[:1].isalpha():
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"_{plain[:80]}.{digest[:12]}"


def string(text: str) -> str:
    """Plain text on one line that neither begins nor ends with a blank, as OSCAL's strings want it; may be empty."""
    return terminal(text).strip()


@cache
def _maybe_unsafe() -> re.Pattern[str]:
    """Compiled where the first text wants it: the class takes longer than most processes need."""
    return re.compile(f"[{_MAYBE_UNSAFE}]")


@cache
def _maybe_unshown() -> re.Pattern[str]:
    """What terminals obey, break lines by otherwise, or show nothing for."""
    return re.compile(f"[{_MAYBE_UNSAFE}{_WIDE_BLANKS}{_UNSEEN_LETTERS}]")


@cache
def _unseen_letters() -> re.Pattern[str]:
    return re.compile(f"[{_UNSEEN_LETTERS}]")


def _without_piles(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        yield char if marks <= _HIGHEST_PILE else _named(char)


def _named_if_unsafe(found: re.Match[str]) -> str:
    char = found.group()
    return _named(char) if unicodedata.category(char) in _UNSAFE_CATEGORIES else char


def _blank_or_named(found: re.Match[str]) -> str:
    char = found.group()
    if char in _BLANKS or unicodedata.category(char) == "Zs":
        return " "
    return _named(char) if _unseen_letters().match(char) else _named_if_unsafe(found)


def _named(char: str) -> str:
    """The JSON escape of a character, as a surrogate pair beyond the basic plane."""
    point = ord(char)
    if point <= 0xFFFF:
        return f"\\u{point:04x}"
    high, low = divmod(point - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def _as_references(found: re.Match[str]) -> str:
    """Every character but blanks by its number: '&#60;'."""
    return "".join(char if char.isspace() else f"&#{ord(char)};" for char in found.group())


def _escaped_mark(found: re.Match[str]) -> str:
    mark = found.group()
    if mark.casefold() == "gh":
        return f"{mark}&#8203;"
    if len(mark) > 1:
        return mark[:-1] + "\\."
    return _ENTITIES.get(mark, "\\" + mark)


def _escaped_start(found: re.Match[str]) -> str:
    blank, mark, number, after, command = found.groups()
    if command:
        return f"{blank}&#58;:"
    return f"{blank}\\{mark}" if mark else f"{blank}{number}\\{after}"


def _parted(found: re.Match[str]) -> str:
    return ": " if found.start() else " :"


def _escaped_xml(found: re.Match[str]) -> str:
    return _XML_ENTITIES.get(found[0]) or _named(found[0])
