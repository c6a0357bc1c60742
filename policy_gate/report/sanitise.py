"""One sanitiser per sink, for all text that came from a repository.

Nothing is dropped: what a sink would obey is shown in a visible form instead.
"""

from __future__ import annotations

import re
import unicodedata

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BLANKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_COMMAND_AT_START = re.compile(r"\A(\s*)::")
_COMMAND_ANYWHERE = re.compile(r"##(?=\w*\[)")
_JSON_COMMAND = re.compile(r"##(?=\w*\[)")
_MARKDOWN_SPECIAL = re.compile(r"[\\`*_\[\]!~$|<>&@#]|:(?=//)|\bwww\.", re.IGNORECASE)
_MARKDOWN_START = re.compile(r"\A(\s*)(?:([-+=])|(\d+)([.)])(?=\s|\Z)|(::))")
_BACKTICKS = re.compile(r"`+")
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

    Line breaks and tabs become spaces, everything else of that sort its `\\uXXXX` name.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if char in _BLANKS else _named(char) if _is_unsafe(char) else char for char in text)


def log_line(line: str) -> str:
    """One line of a log that no CI runner takes for a command (`::error`, `##[add-mask]`, `##vso[`)."""
    return _COMMAND_ANYWHERE.sub("# #", _COMMAND_AT_START.sub(r"\1: :", terminal(line)))


def markdown(text: str) -> str:
    """Text inside a Markdown line or table cell: no markup, HTML, link, mention or reference of its own."""
    escaped = _MARKDOWN_SPECIAL.sub(_escaped_mark, terminal(text).strip())
    return _MARKDOWN_START.sub(_escaped_start, escaped)


def code(text: str) -> str:
    """Text as a Markdown code span that also holds inside a table cell."""
    shown = log_line(text).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(shown)), default=0))
    pad = " " if not shown or shown[0] in " `" or shown[-1] in " `" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def json_text(dumped: str) -> str:
    """Dumped JSON (not ASCII-escaped) with control, bidirectional and invisible characters as `\\uXXXX`.

    The line breaks between its parts stay; a runner's command inside a string is broken by an escape.
    """
    safe = _JSON_COMMAND.sub(r"#\\u0023", dumped)
    if safe.isascii():
        return safe.replace("\x7f", "\\u007f")
    return "".join(_named(char) if char != "\n" and _is_unsafe(char) else char for char in safe)


def _is_unsafe(char: str) -> bool:
    return unicodedata.category(char) in _UNSAFE_CATEGORIES


def _named(char: str) -> str:
    """The JSON escape of a character, as a surrogate pair beyond the basic plane."""
    point = ord(char)
    if point <= 0xFFFF:
        return f"\\u{point:04x}"
    high, low = divmod(point - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def _escaped_mark(found: re.Match[str]) -> str:
    mark = found.group()
    if len(mark) > 1:
        return mark[:-1] + "\\."
    return _ENTITIES.get(mark, "\\" + mark)


def _escaped_start(found: re.Match[str]) -> str:
    blank, mark, number, after, command = found.groups()
    if command:
        return f"{blank}&#58;:"
    return f"{blank}\\{mark}" if mark else f"{blank}{number}\\{after}"
