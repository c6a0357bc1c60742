"""Pieces of names that tell by themselves whether a text can hold one of the names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_PIECES: Final = lazy_pattern(r"[a-z0-9_]+")
_COMMON: Final = frozenset(
    {
        *("api", "golang", "rest", "cloud", "services", "sdk", "models", "github", "google", "microsoft", "extensions"),
        *("projects", "com", "org", "dev", "amazon", "azure", "apis", "integrate", "technologies", "firebase", "fine"),
        *("classifiers", "inference", "generative", "runtime"),
    }
)
"""pieces of names that stand in much code besides"""
_EVERYWHERE: Final = frozenset(
    {
        *("client", "language", "translate", "speech", "vision", "software", "apache", "collections", "serve", "train"),
        *("classification", "regression", "edge", "symfony", "laravel", "text", "content", "service", "go", "provider"),
        *("to", "js", "safety", "workers", "analysis", "translation", "image", "document", "video"),
    }
)
"""the same, in even more"""


def telling_pieces(names: Iterable[str]) -> frozenset[str]:
    """Of each name the piece in lower case that stands in the least code besides: what holds none holds no name."""
    pieces = (_PIECES.findall(name.lower()) for name in names)
    return frozenset(max(found, key=_telling) for found in pieces if found)


def _telling(word: str) -> tuple[bool, bool, int]:
    return word not in _EVERYWHERE, word not in _COMMON, len(word)
