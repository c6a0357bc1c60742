"""Differences in meaning between base and result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

from policy_gate.schema.source import Location

SEEN_IN_REPOSITORY: Final = ("unclaimed-ai-use", "absence-contradicted")
"""The kinds of change that are seen in code which no system claims; their `after` says where."""

REFUTED: Final = "statement-refuted"
"""The kind of change that is a statement of the manifest which the code denies; its `after` says where."""


class Change(Struct, frozen=True):
    """A semantic difference of a system between base and result, or of the repository (system None).

    `before` and `after` are for people and for the digest of D16: plain JSON values.
    """

    kind: str
    system: str | None
    field: str
    before: Any
    after: Any
    weakening: bool = False
    raising: bool = False
    """the change made a tier, law class or fact stricter: telling the truth (D21)"""
    location: Location | None = None
    """where the result says it"""
    base_location: Location | None = None
    confidence: str = ""
    """how sure it is that there is such a change: high, medium or low where it was seen in code, empty elsewhere"""
    by_percent: float = 0.0
    """by how much of what it was a number got worse"""
    by_agent: bool = False
    """whether bots and coding agents wrote every commit of what is judged"""
    to_fallback: bool = False
    """whether all that comes are models that base names as ones to fall back on"""
    option_removed: bool = False
    """whether models only leave that base does not name, in code, out of files that still show one which it names"""
    is_last_seen: bool = False
    """whether the code of the system shows no model, vendor, host, weights or prompt any more"""
    files: tuple[str, ...] = ()
    """of code that left, the files that did, by path: patterns alone do not say it"""
    bound: str = ""
    """digest of what an approval of it is for beyond `before` and `after`, which may leave out or shorten"""

    def values(self) -> dict[str, Any]:
        """The `change.*` facts a rule sees; before and after as text."""
        return {
            "change.kind": self.kind,
            "change.field": self.field,
            "change.before": "" if self.before is None else str(self.before),
            "change.after": "" if self.after is None else str(self.after),
            "change.weakening": self.weakening,
            "change.of": "repository" if self.system is None else "system",
            "change.confidence": self.confidence,
            "change.by_agent": self.by_agent,
            "change.by_percent": self.by_percent,
            "change.to_fallback": self.to_fallback,
            "change.option_removed": self.option_removed,
        }


def changes_by_system(changes: Iterable[Change]) -> dict[str | None, tuple[Change, ...]]:
    """The changes of each system that has any, in order; None for those of the repository."""
    found: dict[str | None, list[Change]] = {}
    for change in changes:
        found.setdefault(change.system, []).append(change)
    return {system: tuple(own) for system, own in found.items()}
