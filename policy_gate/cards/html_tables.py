"""Cells of an HTML table that reach over several rows or columns: which column each cell of a row stands in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_SPAN: Final = lazy_pattern(r"\s*\+?(?P<rows>\d{1,6})[^x]*x\s*\+?(?P<columns>\d{1,6})")
_MOST: Final = 50
"""columns of a table whose cells are placed"""
_TO_THE_END: Final = 1 << 20
"""rows that a cell reaches over which says 0"""


class Spans:
    """The cells that reach into rows below their own, and what the cells of the row that is read say of themselves."""

    def __init__(self) -> None:
        self._from_above: dict[int, tuple[int, str]] = {}
        """of each column that a cell of an earlier row reaches into: for how many rows more, and its text"""
        self._row: list[tuple[int, int]] = []

    def add(self, said: str) -> None:
        """Take note of a cell of this row, `ROWSxCOLUMNS`."""
        found = _SPAN.match(said)
        rows, columns = (int(found["rows"]), int(found["columns"])) if found else (1, 1)
        self._row.append((rows or _TO_THE_END, columns or 1))

    def next_row(self) -> None:
        """The row is at its end."""
        self._row = []

    def columns_of(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The text of every column of the row; empty where each cell stands in a column of its own."""
        if not self._from_above and all(span == (1, 1) for span in self._row):
            return ()
        placed: list[str] = []
        below = {column: (rows - 1, text) for column, (rows, text) in self._from_above.items() if rows > 1}
        cells = list(zip(texts, self._row, strict=False))
        while len(placed) < _MOST and (cells or len(placed) in self._from_above):
            if len(placed) in self._from_above:
                placed.append(self._from_above[len(placed)][1])
                continue
            text, (rows, wide) = cells.pop(0)
            for _ in range(min(max(wide, 1), _MOST)):
                if rows > 1:
                    below[len(placed)] = (rows - 1, text)
                placed.append(text)
        self._from_above = below
        return tuple(placed)
