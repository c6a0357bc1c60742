"""The code in a notebook, and where a line of it stands in the file."""

from __future__ import annotations

import json
from collections.abc import Sequence


def cells_of(text: str) -> list[str] | None:
    """The code of each cell of a notebook; None where it is none that can be read."""
    try:
        cells = json.loads(text)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def line_in(text: str, lines: Sequence[str], line: int) -> int:
    """The line of a notebook on which this line of one of its cells stands."""
    begin = text.find(json.dumps(lines[line - 1])[1:-1]) if 0 < line <= len(lines) else -1
    return text.count("\n", 0, max(begin, 0)) + 1
