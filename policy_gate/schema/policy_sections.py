"""The model of a policy document with some sections alone."""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from functools import lru_cache
from typing import Any

from pydantic import create_model

from policy_gate.schema.policy_document import PolicyFile
from policy_gate.schema.policy_head import PolicyHead

_OF_ITSELF = {field.alias or name for name, field in PolicyHead.model_fields.items()}


def policy_file_of(keys: Collection[str]) -> type[PolicyHead]:
    """`PolicyFile` with the sections among these keys alone, as building it for all of them takes long.

    `PolicyFile` itself where one of the keys is unknown: what it says of that key names the others.
    """
    fields = PolicyFile.model_fields
    sections = tuple(name for name in fields if name in keys and name not in PolicyHead.model_fields)
    if not _OF_ITSELF.union(sections).issuperset(keys):
        return PolicyFile
    return _with(sections)


@lru_cache(maxsize=64)
def _with(sections: tuple[str, ...]) -> type[PolicyHead]:
    """Made once for all documents that have these sections."""
    fields = PolicyFile.model_fields
    chosen: dict[str, Any] = {name: (fields[name].annotation, copy(fields[name])) for name in sections}
    return create_model(PolicyFile.__name__, __base__=PolicyHead, **chosen)
