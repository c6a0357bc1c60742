"""Weights that DVC keeps elsewhere: what its pointers say of each, by the digest that stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.discover.places import is_tracking
from policy_gate.discover.signs import Signs
from policy_gate.errors import DocumentError
from policy_gate.schema.observed import Signal
from policy_gate.schema.patterns import lazy_pattern

_POINTER: Final = ".dvc"
_DIGESTS: Final = ("md5", "sha256", "checksum", "etag", "version_id")
_BARE: Final = lazy_pattern(
    rb"(\b(?:md5|sha256|checksum|etag|version_id)[ \t]*:[ \t]+)([\w.+-]+)(?=[ \t]*(?:[,}#\r\n]|\Z))"
)
"""a digest without quotes, which may look like a number"""
_ANY: Final = "weights-tracked-inside"
"""the sign of whatever may speak of weights"""
_Way = tuple[str | int, ...]


def with_tracked(path: str, data: bytes, signals: Sequence[Signal], signs: Signs) -> list[Signal]:
    """The signs of a file, where it is one of DVC's with each of the weights that it speaks of in its own place.

    One that cannot be read, or speaks of nothing, stays what its name says of it.
    """
    weights = [it for it in signals if it.kind == "weights"]
    if not weights or not is_tracking(path):
        return list(signals)
    from policy_gate.documents.yaml_reader import read_yaml  # noqa: PLC0415 - few repositories have such files

    try:
        value, marks = read_yaml(path, _BARE.sub(rb'\1"\2"', data))
    except DocumentError:
        return list(signals)
    found = list(_tracked(value, ()))
    if not found:
        return list(signals)
    is_whole = _are_weights(path.removesuffix(_POINTER), signs)
    told = (it for it in found if is_whole or _are_weights(it[1], signs))
    own = [replace(weights[0], line=marks[way].line, found=name, value=digest) for way, name, digest in told]
    return [*(it for it in signals if it.kind != "weights"), *own]


def _are_weights(path: str, signs: Signs) -> bool:
    """Are these weights by their name, or by that of a pointer to them?"""
    named = (*signs.of_path(path), *signs.of_path(f"{path}{_POINTER}"))
    return any(it.spec.kind == "weights" and it.spec.id != _ANY for it in named)


def _tracked(value: Any, way: _Way) -> Iterator[tuple[_Way, str, str]]:
    """Every file or folder that is named beside what tells its content: where, its name, and that."""
    if isinstance(value, list):
        for at, it in enumerate(value):
            yield from _tracked(it, (*way, at))
    elif isinstance(value, dict):
        digest = " ".join(
            str(getattr(value[key], "text", value[key])) for key in _DIGESTS if value.get(key) is not None
        )
        if isinstance(value.get("path"), str) and digest:
            yield (*way, "path"), value["path"], digest
        for key, it in value.items():
            yield from _tracked(it, (*way, key))
