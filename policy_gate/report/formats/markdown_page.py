"""A page of Markdown: a few lines, a short table, folded sections; and how it is cut at whole items to fit.

What is in here is Markdown already: its text has passed the sanitiser. Lengths are bytes of UTF-8, which is
never less than what a forge counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources
from typing import Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

ELSEWHERE = "in the full report"
_LONGEST_LINE = 8
"""The part of a limit that one of the lines above the table may take: an eighth."""


class Measured(Protocol):
    """What takes room on a page."""

    @property
    def size(self) -> int: ...


Thing = TypeVar("Thing", bound=Measured)


class PageRow(Struct, frozen=True):
    """One line of the table."""

    what: str
    who: str
    where: str

    @property
    def size(self) -> int:
        return size_of(f"| {self.what} | {self.who} | {self.where} |\n")


class PageItem(Struct, frozen=True):
    """A point of a folded section."""

    head: str
    rows: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return size_of(f"- {self.head}\n") + sum(size_of(f"  - {row}\n") for row in self.rows)


class PageSection(Struct, frozen=True):
    """A folded list; `more` counts the items that had no room."""

    title: str
    items: tuple[PageItem, ...]
    more: int = 0


class MarkdownPage(Struct, frozen=True):
    """The first line, those below it, the table and what is folded away."""

    first: str
    lines: tuple[str, ...] = ()
    rows: tuple[PageRow, ...] = ()
    sections: tuple[PageSection, ...] = ()
    more_rows: int = 0


def size_of(text: str) -> int:
    """The size of a text in UTF-8, in bytes."""
    return len(text.encode("utf-8"))


def filled(page: MarkdownPage) -> str:
    """The page as Markdown, whole."""
    return rendered(
        "comment.md.j2",
        lines=(page.first, *page.lines),
        rows=page.rows,
        more_rows=page.more_rows,
        sections=page.sections,
        elsewhere=ELSEWHERE,
    )


def fitted(page: MarkdownPage, limit: int, plain: str) -> str:
    """The page in at most `limit` bytes: what has no room is counted, the table goes before what is folded.

    `plain` stands for a first line that is itself too long: the verdict alone.
    """
    whole = filled(page)
    if size_of(whole) <= limit:
        return whole
    page = _short_lines(page, limit, plain)
    bare = replace(
        page,
        rows=(),
        more_rows=len(page.rows),
        sections=tuple(replace(section, items=(), more=len(section.items)) for section in page.sections),
    )
    room = limit - size_of(filled(bare))
    if room < 0:
        return filled(MarkdownPage(plain, (f"Too much to show here; it is {ELSEWHERE}.",)))
    rows, room = chosen(page.rows, room)
    sections = []
    for section in page.sections:
        items, room = chosen(section.items, room)
        sections.append(replace(section, items=items, more=len(section.items) - len(items)))
    return filled(replace(page, rows=rows, more_rows=len(page.rows) - len(rows), sections=tuple(sections)))


def chosen(things: Sequence[Thing], room: int) -> tuple[tuple[Thing, ...], int]:
    """Those that fit, in order, and the room that is left; one that is too long hides none behind it."""
    kept = []
    for thing in things:
        if thing.size <= room:
            kept.append(thing)
            room -= thing.size
    return tuple(kept), room


def rendered(template: str, **parts: object) -> str:
    """A template of this folder, filled; ends in one line break."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - slow to import, and few runs need it

    source = (resources.files(__package__) / template).read_text(encoding="utf-8")
    house = Environment(autoescape=False, undefined=StrictUndefined, trim_blocks=True)  # noqa: S701 - sanitised before
    return house.from_string(source).render(**parts).rstrip("\n") + "\n"


def joined(parts: Iterable[str], shown: int, noun: str) -> str:
    """'a; b; 3 more systems': the first of them, and how many there are beyond."""
    listed = list(parts)
    more = len(listed) - shown
    return "; ".join(listed[:shown] + ([f"{more} more {noun}{'s' if more > 1 else ''}"] if more > 0 else []))


def _short_lines(page: MarkdownPage, limit: int, plain: str) -> MarkdownPage:
    most = limit // _LONGEST_LINE
    instead = f"(A line too long to show here; it is {ELSEWHERE}.)"
    lines = (line if size_of(line) <= most else instead for line in page.lines)
    return replace(page, first=page.first if size_of(page.first) <= most else plain, lines=tuple(lines))
