"""YAML of other tools, such as a lock file: read as they may write it, not as strictly as documents of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

_LOADER: Any = getattr(yaml.cyaml, "CBaseLoader") if yaml.__with_libyaml__ else yaml.BaseLoader  # noqa: B009 - untyped
_DEEPEST: Final = 50


def read_foreign_yaml(data: bytes) -> Any:
    """The value of the first YAML document of a text: mappings, lists, and all scalars as texts.

    Merge keys are keys, a key that stands twice has the later value. ValueError for what is no YAML, is nested more
    than 50 deep, or refers to another part of itself.
    """
    text = data.decode("utf-8-sig", "replace")
    try:
        # By events, since the library composes nodes by recursion, for which a process has no limit of its own.
        return _value(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        raise ValueError("no YAML") from error


def _value(events: Iterator[Any]) -> Any:
    stack: list[list[Any]] = [[]]
    """of each part that is open its items so far, in a mapping keys and values in turn"""
    for event in events:
        kind = type(event)
        if kind is ScalarEvent:
            stack[-1].append(event.value)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if len(stack) > _DEEPEST:
                raise ValueError("nested too deep")
            stack.append([])
        elif kind is SequenceEndEvent:
            done = stack.pop()
            stack[-1].append(done)
        elif kind is MappingEndEvent:
            done = stack.pop()
            if not all(isinstance(key, str) for key in done[::2]):
                raise ValueError("a key is no text")
            stack[-1].append(dict(zip(done[::2], done[1::2], strict=True)))
        elif kind is AliasEvent:
            raise ValueError("refers to another part")
    return stack[0][0] if stack[0] else None
