"""The text of a notebook that is a card: its Markdown cells, on the lines of the file that they stand on.

Code and what it put out are none of it, nor is a cell that a reader is not shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.source import Problem

_HIDING: Final = frozenset(
    f"{verb}{sign}{part}" for verb in ("hide", "remove") for sign in "-_" for part in ("cell", "input")
)
"""tags of cells whose text the page of a notebook leaves out or folds away"""


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
    about = cell.get("metadata") or {}
    folded = (about.get("jupyter") or {}).get("source_hidden")
    if cell["cell_type"] != "markdown" or folded or not _HIDING.isdisjoint(about.get("tags") or ()):
        return ""
    return "".join(cell["source"])


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
