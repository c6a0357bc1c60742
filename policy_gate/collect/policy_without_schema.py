"""YAML among the policies that says no schema and reads like a policy all the same: nothing of it is in force."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Problem

_OF_MANY_TOOLS: Final = frozenset({"id", "title", "message", "fix"})
"""keys that rules of linters have as well"""
_AT_LEAST: Final = 2
"""so many keys of an entry are ours before a file is taken for a policy"""
_KEY: Final = lazy_pattern(rb"^([A-Za-z_][A-Za-z0-9_-]*)[ \t]*:", re.MULTILINE)
"""a key at the left: what has one that is none of ours is not read any further"""


def problem_without_schema(path: str, data: bytes, schema: str) -> Problem | None:
    """Advice on a file that lacks the line `schema: …` alone; None for one that may well be another tool's."""
    from policy_gate.schema.policy_document import PolicyFile  # noqa: PLC0415 - few folders hold a file of others

    sections = PolicyFile.model_fields
    if not all(key.decode() in sections for key in _KEY.findall(data)):
        return None
    try:
        content, _ = read_yaml(path, data)
    except DocumentError:
        return None
    if not isinstance(content, dict) or not _reads_like_ours(content, sections):
        return None
    message = "says no schema, so it is not read, and nothing of it is in force"
    return Problem(path, message, 1, 1, f"begin the file with `schema: {schema}`", advice=True)


def _reads_like_ours(content: Mapping[str, Any], sections: Mapping[str, Any]) -> bool:
    return content.keys() <= sections.keys() and any(
        len(entry.keys() & fields - _OF_MANY_TOOLS) >= _AT_LEAST
        for name, section in content.items()
        for fields in _fields_of(sections[name].annotation)
        for entry in (section if isinstance(section, list) else [section])
        if isinstance(entry, dict)
    )


def _fields_of(annotation: Any) -> Iterator[set[str]]:
    """The keys of a section's entries, as YAML spells them."""
    for model in get_args(annotation):
        if hasattr(model, "model_fields"):
            yield {field.alias or name for name, field in model.model_fields.items()}
