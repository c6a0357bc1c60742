"""One part of a document: a heading, a paragraph, an item, a row or code, with its line."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

RUN_IN: Final = 7
"""the level of a bold paragraph or label that serves as a heading, below all real ones"""


class Piece(Struct, frozen=True):
    """One part of a document. `level` is 1 to 6 for headings and RUN_IN for labels, else 0.

    `cells` are a table row's cells; `header` marks the row that names the columns; `emphasised` a
    paragraph that is italic or quoted as a whole, as template hints are. `quoted` is in a quotation, notes of the
    author's own aside. `block` numbers the blocks of the top level, `depth` is that of the list; `heads` marks an
    item with a list of its own below it.
    """

    kind: Literal["heading", "text", "item", "row", "code"]
    text: str
    line: int
    level: int = 0
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """of a row with cells that reach over several columns or rows: what stands in each column"""
    header: bool = False
    emphasised: bool = False
    quoted: bool = False
    block: int = 0
    depth: int = 0
    heads: bool = False
    boxes: tuple[str, ...] = ()
    """the summaries that it is folded away under"""
    drawn: bool = False
    """it is the source of a drawing, whose words are told and are none of the text"""
    lead: str = ""
    """the words in bold that it begins with, where more follows on their line; of code, its language"""

    @property
    def placed(self) -> tuple[str, ...]:
        """What stands in each column of a row, a cell that reaches over several in each of them."""
        return self.columns or self.cells

    def with_text(self, text: str) -> Piece:
        """The same piece with less of its text."""
        return replace(self, text=text)
