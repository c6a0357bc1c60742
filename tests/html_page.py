"""Pages as data, for every test of one: elements, visible text, and what is wrong with them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

BROWSER = Path(__file__).resolve().parent / "browser.py"
VOID = {"meta", "link", "br", "hr", "img", "input"}
LINKS = ("href", "src", "action", "data", "formaction", "poster", "background", "srcset", "xlink:href", "cite")


class Page(HTMLParser):
    """Every element with its attributes, the visible text, and whether tags close as they opened."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.faults: list[str] = []
        self.comments: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += [f"never closed: {tag}" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"an attribute twice: {tag} {names}")
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"closes out of turn: {tag} at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, name: str) -> list[str]:
        return [value or "" for _, attrs in self.elements for key, value in attrs.items() if key == name]

    def tags(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elements if tag in names]


def links_to_nothing(page: Page) -> list[str]:
    """What links and labels point at on the page that is not there."""
    ids = set(page.all("id"))
    wanted = [href[1:] for href in page.all("href") if href.startswith("#")]
    wanted += [id_ for value in page.all("aria-labelledby") for id_ in value.split()]
    return [id_ for id_ in wanted if id_ not in ids]


def headings_out_of_order(page: Page) -> list[tuple[int, int]]:
    """Levels that leave one out, and first levels that are not the first and only one."""
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    steps = [(a, b) for a, b in pairwise(levels) if b > a + 1 or b == 1]
    return [*([] if levels[:1] == [1] else [(0, 0)]), *steps]
