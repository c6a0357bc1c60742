"""Where something stands: marks in documents, locations in trees, and problems found there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, NamedTuple, TypeVar

from msgspec import Struct

T = TypeVar("T")

Loc = tuple[str | int, ...]
"""The way to a node inside a document: keys and list positions from its root."""


class SpeltInt(int):
    """A whole number that remembers how it was written, for where text is meant: 007, 0x1F."""

    text: str

    @classmethod
    def of(cls, value: int, text: str) -> SpeltInt:
        number = cls(value)
        number.text = text
        return number


class SpeltFloat(float):
    """A number that remembers how it was written, for where text is meant: version 1.10."""

    __slots__ = ("text",)
    text: str

    @classmethod
    def of(cls, value: float, text: str) -> SpeltFloat:
        number = cls(value)
        number.text = text
        return number


class Mark(NamedTuple):
    """A place in a text; both count from 1."""

    line: int
    column: int


class Location(Struct, frozen=True):
    """A place in a tree: a path relative to the repository's root, and where known a mark."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.path, self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None)


class Problem(Struct, frozen=True):
    """Why a document could not be read, or what is wrong in it.

    `message` says what was got and what was expected in one line; `hint` what to do.
    """

    path: str
    message: str
    line: int | None = None
    column: int | None = None
    hint: str = ""
    advice: bool = False
    """worth mending, but the document can be used as it is"""

    @property
    def location(self) -> Location:
        return Location(self.path, self.line, self.column)


class Unread(Struct, frozen=True):
    """What stands in for the content of a document that cannot be parsed: why not."""

    problems: tuple[Problem, ...]


class Document(Struct, Generic[T], frozen=True):
    """One file as written: where it is, its blob, what it says, and where each part of it stands."""

    path: str
    oid: str
    content: T
    marks: Mapping[Loc, Mark]

    def at(self, *loc: str | int) -> Location:
        """The location of a node, or of its nearest parent that the file really has."""
        way: Loc = loc
        while way not in self.marks and way:
            way = way[:-1]
        mark = self.marks.get(way)
        return Location(self.path, mark.line if mark else 1, mark.column if mark else 1)
