"""What is ours among what people and programs wrote on GitHub: by its marker, and by its author.

The marker alone proves nothing, since anybody can type it. The author is the account that our token writes as,
and an item that somebody else wrote is neither taken over nor in the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github_answers import Comment

Item = TypeVar("Item", bound=Comment)


def marker_of(text: str) -> str:
    """The first line of a text of ours, an HTML comment that no reader sees; ValueError where it is none."""
    marker = text.partition("\n")[0]
    if not (marker.startswith("<!-- policy-gate:") and marker.endswith(" -->")):
        raise ValueError("a text that is kept on GitHub begins with a line that marks it")
    return marker


def ours(items: Iterable[Item], account: str, marker: str) -> list[Item]:
    """Those that this account wrote and whose text begins with the marker, the oldest first."""
    found = [item for item in items if _author(item) == account.casefold() and _lines(item)[:1] == [marker]]
    return sorted(found, key=lambda item: item.id)


def is_same(item: Comment, text: str) -> bool:
    """Whether an item says this already; GitHub's editor changes line breaks, and blanks at the end show nowhere."""
    return _lines(item) == text.rstrip().splitlines()


def without(error: ForgeError, what: str) -> str:
    """The sentence on what could not be kept; the verdict stands."""
    return f"{what}: {error.sentence}. The verdict stands without it."


def _author(item: Comment) -> str:
    return item.user.login.casefold() if item.user else ""


def _lines(item: Comment) -> list[str]:
    return (item.body or "").rstrip().splitlines()
