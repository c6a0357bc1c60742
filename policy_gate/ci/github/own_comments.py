"""What is ours among what people and programs wrote on GitHub: by its marker, and by its author.

The marker alone proves nothing, since anybody can type it. The author is the account that our token writes as,
and an item that somebody else wrote is neither taken over nor in the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from policy_gate.ci.github.forge import ForgeRefusedError


def marker_of(text: str) -> str:
    """The first line of a text of ours, an HTML comment that no reader sees; ValueError where it is none."""
    marker = text.partition("\n")[0]
    if not (marker.startswith("<!-- policy-gate:") and marker.endswith(" -->")):
        raise ValueError("a text that is kept on GitHub begins with a line that marks it")
    return marker


def ours(items: Iterable[Mapping[str, Any]], account: str, marker: str) -> list[Mapping[str, Any]]:
    """Those that this account wrote and whose text begins with the marker, the oldest first."""
    found = [item for item in items if _author(item) == account.casefold() and _lines(item)[:1] == [marker]]
    return sorted(found, key=lambda item: int(item["id"]))


def is_same(item: Mapping[str, Any], text: str) -> bool:
    """Whether an item says this already; GitHub's editor changes line breaks, and blanks at the end show nowhere."""
    return _lines(item) == text.rstrip().splitlines()


def without(refused: ForgeRefusedError, what: str) -> str:
    """The sentence on what could not be kept; the verdict stands."""
    return f"{what}: {refused.sentence}. The verdict stands without it."


def _author(item: Mapping[str, Any]) -> str:
    user = item.get("user")
    login = user.get("login") if isinstance(user, dict) else None
    return login.casefold() if isinstance(login, str) else ""


def _lines(item: Mapping[str, Any]) -> list[str]:
    body = item.get("body")
    return body.rstrip().splitlines() if isinstance(body, str) else []
