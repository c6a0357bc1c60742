"""The text of a notebook that is a card: its Markdown cells, on the lines of the file that they stand on.

Code and what it put out are none of it, nor is a cell that a reader is not shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.source import Problem

_HIDING: Final = lazy_pattern(
    r"(?:hide|hidden|remove|removed|exclude|excluded|no[-_]?(?:show|display|render|export))"
    r"(?:[-_](?:cell|input|all|me|this))?",
    re.IGNORECASE,
)
"""tags of cells whose text the page of a notebook leaves out or folds away"""
_FENCE: Final = lazy_pattern(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<info>.*)$", re.MULTILINE)
_ELEMENT: Final = lazy_pattern(
    r"<(?P<end>/?)(?P<name>div|section|article|aside|span|del|s|strike|details|template|noscript|figure|center|font|p)"
    r"(?=[\s>])[^<>]*>",
    re.IGNORECASE,
)


def is_notebook(path: str) -> bool:
    """By its suffix."""
    return path.lower().endswith(".ipynb")


def as_shown(evidence: Evidence) -> Evidence:
    """A notebook as the Markdown that it shows, with a problem where it cannot be read; any other file as it is."""
    if not is_notebook(evidence.path) or not (evidence.text or "").lstrip().startswith("{"):
        return evidence
    try:
        cells = json.loads(evidence.text or "", object_pairs_hook=_each_key_once)["cells"]
        texts = [text for cell in cells if (text := _shown_in(cell))]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        problem = Problem(evidence.path, "it is no notebook that can be read", 1, 1)
        return replace(evidence, problem=evidence.problem or problem)
    return replace(evidence, text="\n".join(_placed(texts, evidence.text or "")))


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _shown_in(cell: Mapping[str, Any]) -> str:
    """The text of a Markdown cell that is shown; empty for any other cell."""
    if cell["cell_type"] != "markdown" or _is_hidden(cell.get("metadata") or {}):
        return ""
    return _closed("".join(cell["source"]))


def _is_hidden(about: Mapping[str, Any]) -> bool:
    tags = about.get("tags") or ()
    is_tagged = any(_HIDING.fullmatch(str(tag)) for tag in ([tags] if isinstance(tags, str) else tags))
    is_left_out = about.get("nbsphinx") == "hidden" or about.get("hide_input") is True
    return bool((about.get("jupyter") or {}).get("source_hidden")) or is_tagged or is_left_out


def _closed(text: str) -> str:
    """A cell with the end of what it leaves open: code, comment and elements end with their cell, as it is shown."""
    fence, since = "", len(text)
    for found in _FENCE.finditer(text):
        if not fence:
            fence, since = found["mark"], found.start()
        elif found["mark"].startswith(fence) and not found["info"].strip():
            fence, since = "", len(text)
    before = text[:since]
    is_comment = before.rfind("<!--") > before.rfind("-->")
    open_: list[str] = []
    for tag in _ELEMENT.finditer(before):
        name = tag["name"].lower()
        if not tag["end"]:
            open_.append(name)
        elif name in open_:
            del open_[len(open_) - 1 - open_[::-1].index(name) :]
    ends = ["-->"] if is_comment else [fence] if fence else []
    return "\n".join((text, *ends, *(f"\n</{name}>" for name in reversed(open_))))


def _placed(texts: list[str], file: str) -> Iterator[str]:
    """The lines of the cells, an empty one between two of them, as near as may be to where each begins in the file."""
    at, since, lines_before = 0, 0, 0
    for text in texts:
        lines = text.splitlines()
        first = next((line for line in lines if line.strip()), "")
        found = max(file.find(json.dumps(first, ensure_ascii=is_ascii)[1:-1], since) for is_ascii in (True, False))
        if found >= 0:
            lines_before += file.count("\n", since, found)
            since = found
        begin = max(lines_before - lines.index(first) if first else 0, at + 1)
        yield from [""] * (begin - at)
        yield from lines
        at = begin + len(lines)
