"""What a language model answered, put into the template it was asked to fill: section by section, as a draft.

Only the text under headings that the template has is taken. The headings, what stands above them, and the files that
name the document stay ours, so that no answer can pass for another document, or for a finished one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from msgspec import Struct

from policy_gate.advise.hidden_signs import without_hidden
from policy_gate.cards.placeholders import DRAFTED, UNKNOWN
from policy_gate.schema.patterns import lazy_pattern

_HEADING: Final = lazy_pattern(r"\A(#{1,6})\s+(\S.*?)\s*#*\s*\Z")
_FENCE: Final = lazy_pattern(r"\s{0,3}(`{3,}|~{3,})")
_UNDERLINE: Final = lazy_pattern(r"\s{0,3}(=+|-+)\s*")
_OPEN: Final = lazy_pattern(r"\bTODO\b")
_TODO: Final = lazy_pattern(r"^([\W\d_]*)(?:TODO|TBD|FIXME)\b[\W_]*+(?!not known:)")
_MARKUP: Final = lazy_pattern(r"<(?=[A-Za-z/!?])")
_IMAGE: Final = lazy_pattern(r"!(?=\[)")
_MOST: Final = 20_000
"""characters of one section that are taken"""


class Filled(Struct, frozen=True):
    """The template with what was answered, and the headings of the sections that nothing was answered for."""

    text: str
    left_open: tuple[str, ...]


def filled(template: str, answer: str, model: str, day: date, *, cut: bool = False) -> Filled:
    """The template with the answer's text in each of its open sections.

    An open section is one that says TODO. What stands above that line stays. Each that was filled has a line that names
    the model and the day, and what the model did not know stands in lines of its own: while one of them is there, the
    gate takes the document for no evidence. `cut`: the answer was cut short.
    """
    given = {_key(heading): lines[1:] for heading, lines in _sections(answer) if heading}
    last = next((key for key in reversed(given)), None)
    out: list[str] = []
    left: list[str] = []
    for heading, lines in _sections(template):
        body = given.get(_key(heading), [])
        text = _plain("\n".join(body))
        if not heading or not _OPEN.search("\n".join(lines[1:])):
            out += lines
        elif not text:
            left.append(heading.lstrip("# "))
            out += lines
        else:
            short = ", cut short" if cut and _key(heading) == last else ""
            mark = f"{DRAFTED} {_plain(model)} on {day.isoformat()}{short}; check it, then delete this line."
            out += [lines[0], *_before_open(lines[1:]), "", mark, "", text, ""]
    return Filled("\n".join(out).rstrip("\n") + "\n", tuple(left))


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each heading with its own and the following lines; what stands above the first has an empty heading.

    A line of a code block is none.
    """
    heading, fence = "", ""
    lines: list[str] = []
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence[:1] * len(fence)) and not line.strip().strip(fence[0]):
            fence = ""
        if not fence and not mark and _HEADING.fullmatch(line) and len(line) < 300:
            yield heading, lines
            heading, lines = line, []
        lines.append(line)
    yield heading, lines


def _before_open(lines: list[str]) -> list[str]:
    """What a section says above its open line, which no answer takes away."""
    open_ = next(at for at, line in enumerate(lines) if _OPEN.search(line))
    known = "\n".join(lines[:open_]).strip("\n")
    return ["", *known.split("\n")] if known else []


def _key(heading: str) -> str:
    found = _HEADING.fullmatch(heading)
    return " ".join(found[2].casefold().split()) if found else ""


def _plain(text: str) -> str:
    """Markdown without what nobody sees, markup of HTML and pictures from elsewhere; its headings are bold lines."""
    lines = without_hidden(text)[:_MOST].splitlines()
    lines = [_TODO.sub(rf"\1{UNKNOWN} ", _HEADING.sub(r"**\2**", line)) for line in lines]
    kept = "\n".join(line for line in lines if not _UNDERLINE.fullmatch(line))
    return _IMAGE.sub("", _MARKUP.sub("&lt;", kept)).strip()
