"""What of a file's signs counts at the place where it stands: among tests, in a folder for texts, or of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from policy_gate.discover.places import is_foreign, is_test, is_text
from policy_gate.schema.observed import FileSigns, Signal

LOWER: Final[Mapping[str, str]] = {"high": "medium", "medium": "low", "low": "low"}
"""the confidence next below each"""


def with_confidence(signal: Signal, confidence: str) -> Signal:
    """The same sign, held to be so sure."""
    return replace(signal, confidence=confidence)


def of_unclaimed(seen: FileSigns, path: str) -> FileSigns:
    """What of a file's signs is worth a line where no system claims it, by the names of its folders.

    A test says what is tested: that it imports something is worth a line, its texts are not. What others wrote is used
    where the product says so.
    """
    if is_test(path):
        kept = (it for it in seen.signals if it.kind in ("sdk", "weights", "dependency"))
        return FileSigns(tuple(with_confidence(it, "low") for it in kept), (), seen.unread)
    if is_foreign(path):
        return FileSigns()
    return seen


def of_product(seen: FileSigns, path: str) -> FileSigns:
    """What of a file's signs counts where the product refers to it: in a folder for texts as much as elsewhere."""
    if not is_text(path):
        return seen
    sure = (with_confidence(it, "high") if it.confidence == LOWER["high"] else it for it in seen.signals)
    return replace(seen, signals=tuple(sure))
