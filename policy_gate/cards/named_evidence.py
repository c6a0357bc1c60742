"""What a card names beside a number for the number to rest on: a test, or a place in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy_gate.schema.facts import MetricEvidence

_EVIDENCE_KEYS: Final = ("test", "file", "pointer", "property")


def evidence_of(stated: Any) -> MetricEvidence | None:
    """What stands under `evidence` of a metric: `FILE#POINTER`, or a map of test, file, pointer and property."""
    if stated is None:
        return None
    if isinstance(stated, str):
        file, mark, pointer = stated.strip().partition("#")
        if mark and file and pointer.startswith("/"):
            return MetricEvidence(file=file, pointer=pointer)
        return MetricEvidence(problem=f'"{" ".join(stated.split())[:60]}" is no FILE#/POINTER')
    if not isinstance(stated, Mapping):
        return MetricEvidence(problem="it is neither a text nor a map")
    parts = {str(key).casefold(): str(value).strip() for key, value in stated.items() if isinstance(value, str)}
    strange = sorted({str(key) for key in stated} - set(_EVIDENCE_KEYS))
    problem = f"it has {', '.join(strange[:3])}, expected {', '.join(_EVIDENCE_KEYS)}" if strange else ""
    if not problem and ("test" in parts) == ("file" in parts):
        problem = "it names neither a test nor a file" if "test" not in parts else "it names both a test and a file"
    if not problem and "file" in parts and ("pointer" in parts) == ("property" in parts):
        problem = "beside a file stands a `pointer` (JSON) or a `property` (JUnit XML)"
    return MetricEvidence(**{key: parts.get(key) for key in _EVIDENCE_KEYS}, problem=problem)


def files_named(data: Any) -> Iterator[str]:
    """The files that any `evidence` in a document names, as written."""
    ways = [data]
    while ways:
        value = ways.pop()
        if isinstance(value, Mapping):
            claim = evidence_of(value.get("evidence"))
            if claim is not None and claim.file is not None and not claim.problem:
                yield claim.file
            ways += value.values()
        elif isinstance(value, list | tuple):
            ways += value
