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


class CellLines:
    """On which lines of a notebook the lines of its cells stand, which come in their order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._since, self._line = 0, 1  # where the next cell may begin, and the number of that line
        self._met = -1  # the last place of this cell

    def begin_cell(self) -> None:
        """What is asked from now on stands in the next cell."""
        if self._met >= 0:
            self._line += self._text.count("\n", self._since, self._met + 1)
            self._since, self._met = self._met + 1, -1

    def of(self, lines: Sequence[str], line: int) -> int:
        """The line on which this line of the cell stands; 1 where it cannot be found."""
        said = json.dumps(lines[line - 1])[1:-1] if 0 < line <= len(lines) else ""
        begin = self._text.find(said, self._since) if said else -1
        if begin < 0:
            return self._text.count("\n", 0, max(self._text.find(said) if said else 0, 0)) + 1
        self._met = max(self._met, begin)
        return self._line + self._text.count("\n", self._since, begin)
