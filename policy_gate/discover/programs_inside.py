"""Programs in Python that stand inside a script, a CI file or an image: here documents, steps of a shell, one line."""

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


def programs_inside(text: str) -> Iterator[tuple[str, int, bool]]:
    """Each program with the line that it begins on, and whether it is a whole one and not a line of a command."""
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
