"""A page of text: lines of styled spans, wrapped to a width, printed plain or in colour.

Everything passes the terminal's sanitiser here, so that no caller can forget it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from policy_gate.report.sanitise import log_line, terminal
from policy_gate.report.style import RenderOptions

LABEL_INDENT = 7
LABEL_WIDTH = 7
_NARROWEST = 20
_WIDEST = 120
_KEPT_BLANK = "\udbff"
"""A blank that does not break. No text of a repository has it: half a surrogate pair is in no UTF-8, and refused by
the reader where it is escaped. A no-break space of an author's would carry words past the edge of a terminal, which
puts them at the beginning of a line."""


class Span(NamedTuple):
    """A piece of a line; `style` is a name of the style sheet below, or empty."""

    text: str
    style: str = ""


Line = tuple[Span, ...]

STYLES = {
    "block": "bold red",
    "undecided": "bold magenta",
    "conditions": "bold yellow",
    "pass": "bold green",
    "name": "bold",
    "faint": "dim",
    "command": "cyan",
    "late": "red",
}


def line(*spans: Span | str) -> Line:
    """A line of spans; plain strings have no style."""
    return tuple(span if isinstance(span, Span) else Span(span) for span in spans)


def prose(text: str, render: RenderOptions, *, indent: int = 0, style: str = "") -> list[Line]:
    """A paragraph, every line indented."""
    return [line(" " * indent, Span(part, style)) for part in wrapped(text, render.width - indent)]


def hanging(first: Line, text: str, render: RenderOptions, *, style: str = "") -> list[Line]:
    """`first` with a paragraph after it, whose further lines stand under its own beginning."""
    indent = width_of(plain(first))
    parts = wrapped(text, render.width - indent)
    return [(*first, Span(parts[0], style)), *(line(" " * indent, Span(part, style)) for part in parts[1:])]


def labelled(label: str, text: str, render: RenderOptions, *, style: str = "") -> list[Line]:
    """One row of a piece of work: a label in its column, and a paragraph."""
    return hanging(_label(label), text, render, style=style)


def verbatim(label: str, text: str) -> list[Line]:
    """A row whose text is to be copied: never wrapped, never cut."""
    return [(*_label(label), Span(text, "command"))]


def ends(left: Line, right: str, render: RenderOptions, *, style: str = "") -> list[Line]:
    """A line with something at its right edge, or below it where both do not fit: wrapped, where it is wider yet."""
    edge = min(render.width, _WIDEST)
    if width_of(right) > edge:
        return [left, *prose(right, render, indent=2, style=style)]
    gap = edge - width_of(plain(left)) - width_of(right)
    if gap >= 2:
        return [(*left, Span(" " * gap), Span(right, style))]
    return [left, line(" " * max(0, edge - width_of(right)), Span(right, style))]


def columns(groups: Sequence[Span], render: RenderOptions, *, indent: int = 0, gap: int = 3) -> list[Line]:
    """Groups side by side, a new line where the next one does not fit; no group is broken."""
    lines: list[list[Span]] = [[Span(" " * indent)]]
    for group in groups:
        used = width_of(plain(tuple(lines[-1])))
        if used > indent and used + gap + width_of(group.text) > render.width:
            lines.append([Span(" " * indent)])
        elif used > indent:
            lines[-1].append(Span(" " * gap))
        lines[-1].append(group)
    return [tuple(spans) for spans in lines]


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns; a word that is wider, such as an id, stays whole.

    So does text that went through `kept`, whatever blanks it has.
    """
    lines: list[str] = []
    room = max(width, _NARROWEST)
    for word in _KEPT_BLANK.join(map(terminal, text.split(_KEPT_BLANK))).split(" "):
        if not word:
            continue
        if lines and width_of(lines[-1]) + 1 + width_of(word) <= room:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return [part.replace(_KEPT_BLANK, " ") for part in lines] or [""]


def kept(text: str) -> str:
    """Text that wrapping does not break, such as a command to copy."""
    return text.replace(" ", _KEPT_BLANK)


def width_of(text: str) -> int:
    """Columns that a terminal gives `text`: wide characters count two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def plain(spans: Iterable[Span]) -> str:
    """The text of spans without their styles."""
    return "".join(span.text for span in spans)


def printed(lines: Sequence[Line], render: RenderOptions) -> str:
    """The page as one text with a line break at its end, in colour where `look` has it."""
    safe = [_safe(spans) for spans in lines]
    if render.colour:
        return _coloured(safe)
    return "".join(plain(spans).rstrip() + "\n" for spans in safe)


def _label(label: str) -> Line:
    return line(" " * LABEL_INDENT, Span(label.ljust(LABEL_WIDTH), "faint"))


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _safe(spans: Line) -> Line:
    """The line with each span made safe; a line that a CI runner would obey becomes one plain span."""
    shown = tuple(Span(terminal(span.text), span.style) for span in spans)
    whole = plain(shown)
    guarded = log_line(whole)
    return shown if guarded == whole else (Span(guarded),)


def _coloured(lines: Sequence[Line]) -> str:
    from io import StringIO  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    paper = StringIO()
    console = Console(
        file=paper, force_terminal=True, color_system="standard", legacy_windows=False, width=10_000,
        highlight=False, markup=False, emoji=False, _environ={},
    )  # fmt: skip
    for spans in lines:
        text = Text(end="")
        for span in spans:
            text.append(span.text, STYLES.get(span.style, ""))
        text.rstrip()
        console.print(text, soft_wrap=True)
    return paper.getvalue()
