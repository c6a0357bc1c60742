"""Programs that stand inside another file: in Python in a script, CI file or image, and what a page of the web runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_HERE: Final = lazy_pattern(
    r"\b(?:python|pypy|uv run)[^\n<]{0,200}<<[-~]?[ \t]{0,4}[\"']?(\w{1,40})[\"']?[^\n]{0,200}\n"
)
_SHELL: Final = lazy_pattern(r"^[ \t-]*shell:[ \t]*[\"']?(?:python|pypy|uv run)", re.MULTILINE)
_BLOCK: Final = lazy_pattern(r"^([ \t]*)(?:-[ \t]+)?(?:run|script):[ \t]*[|>][-+\d]*[ \t]*\n", re.MULTILINE)
_LINE: Final = lazy_pattern(
    r"\b(?:python|pypy)[\d.]*[^\n|;&<]{0,80}?[ \t]-c[ \t]{1,4}(?:\"([^\"\n]{1,2000})\"|'([^'\n]{1,2000})')"
)
_INTERPRETERS: Final = ("python", "pypy", "uv run")
"""one of which each of these expressions holds"""

_IN_PAGE: Final = lazy_pattern(rb"<script\b[^<>]{0,1000}>(.*?)(?:</script\b|\Z)", re.IGNORECASE | re.DOTALL)
_SEEN: Final = lazy_pattern(rb"[^\n]+")


def scripts_of_page(data: bytes) -> bytes:
    """The scripts of a page, each on the lines on which it stands there; what the page shows is left out."""
    parts: list[bytes] = []
    at = 0
    for found in _IN_PAGE.finditer(data):
        parts += [_SEEN.sub(b"", data[at : found.start(1)]), found[1]]
        at = found.end(1)
    return b"".join(parts)


def programs_inside(text: str) -> Iterator[tuple[str, int, bool]]:
    """Each program with the line that it begins on, and whether it is a whole one and not a line of a command."""
    if not any(name in text for name in _INTERPRETERS):
        return
    for found in _HERE.finditer(text):
        end = re.compile(rf"^[ \t]*{found[1]}[ \t]*$", re.MULTILINE).search(text, found.end())
        yield dedent(text[found.end() : end.start() if end else len(text)]), _line(text, found.end()), True
    for found in _BLOCK.finditer(text) if _SHELL.search(text) else ():
        yield dedent(_indented(text[found.end() :], len(found[1]))), _line(text, found.end()), True
    for found in _LINE.finditer(text):
        yield "\n".join(map(str.strip, (found[1] or found[2]).split(";"))), _line(text, found.start()), False


def _indented(text: str, margin: int) -> str:
    """The lines that stand further in than a margin, up to the first that does not."""
    kept: list[str] = []
    for line in text.split("\n"):
        if line.strip() and len(line) - len(line.lstrip()) <= margin:
            break
        kept.append(line)
    return "\n".join(kept)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def front_matter(text: str) -> str:
    """The front matter of a Markdown file, or nothing."""
    return text.split("\n---", 1)[0] if text.startswith("---\n") else ""
