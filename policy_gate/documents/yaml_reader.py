"""The one strict reader of YAML, JSON and front matter: plain values, and where each of them stands.

Nothing clever in a document survives here: no duplicate keys, aliases, anchors, merge keys, tags,
directives or second documents; sizes, depths and counts are capped; scalars are those of YAML 1.2's
core schema, so `NO`, `on` and dates stay text. What the values mean is checked in `schema.validate`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from policy_gate.documents.json_reader import parse_json
from policy_gate.documents.scalars import (
    MAX_DEPTH,
    MAX_NODES,
    TYPED_STARTS,
    ScalarError,
    ScalarRefusedError,
    clean_text,
    core_scalar,
    decode,
    document_error,
    refuse_unclean,
    unclean,
)
from policy_gate.schema.source import Loc, Mark

_Parser: Any = getattr(yaml.cyaml, "CParser") if yaml.__with_libyaml__ else yaml.SafeLoader  # noqa: B009 - untyped name
_mark: Callable[[tuple[int, int]], Mark] = functools.partial(tuple.__new__, Mark)
"""Mark(...) without a Python frame: there are as many marks as nodes."""

_HINTS = (
    ("mapping values are not allowed", "put text that holds ': ' in quotes, and check the indentation"),
    ("scanning an alias", "put text that begins with * in quotes"),
    ("scanning an anchor", "put text that begins with & in quotes"),
    ("cannot start any token", "indent with spaces, and put text that begins with %, @ or ` in quotes"),
    ("expected <block end>", "check the indentation of this line"),
    ("did not find expected key", "check the indentation of this line"),
)


def read_yaml(path: str, data: bytes) -> tuple[Any, Mapping[Loc, Mark]]:
    """Read one YAML document: its plain value, and the mark of each node by its way from the root.

    The mark of a scalar or flow collection is where it begins; that of a block collection which is the
    value of a key is the key's. DocumentError, with one located Problem, for everything T16 lists.
    """
    return _located(path, data, _parse_yaml)


def read_json(path: str, data: bytes) -> tuple[Any, Mapping[Loc, Mark]]:
    """Read one JSON text as strictly as `read_yaml` reads YAML; the same result and error."""
    return _located(path, data, parse_json)


def read_front_matter(path: str, data: bytes) -> tuple[Any, Mapping[Loc, Mark], str, int]:
    """Read a Markdown text: its front matter (None without one), marks, the body, the body's first line.

    A BOM before the text is dropped. Lines count from 1 in the whole file. DocumentError where the text
    is no UTF-8, or its front matter is no strict YAML or never ends.
    """
    text = decode(path, data)
    lines = text.split("\n", 1)
    if lines[0].rstrip() != "---" or len(lines) == 1:
        return None, {}, text, 1
    end = re.search(r"^(?:---|\.\.\.)[ \t\r]*$", lines[1], re.MULTILINE)
    if not end:
        raise document_error(path, "the front matter that begins here never ends", 1, 1, "close it with a line of ---")
    front, body = lines[1][: end.start()], lines[1][end.end() :].removeprefix("\n")
    value, marks = _located(path, front.encode(), _parse_yaml, first_line=2)
    return value, marks, body, front.count("\n") + 3


def _located(
    path: str, data: bytes, parse: Callable[[str], tuple[Any, dict[Loc, Mark]]], first_line: int = 1
) -> tuple[Any, Mapping[Loc, Mark]]:
    text = clean_text(path, data)
    try:
        refuse_unclean(text)
        value, marks = parse(text)
    except ScalarRefusedError as fault:
        line = fault.line + first_line - 1
        raise document_error(path, fault.message, line, fault.column, fault.hint) from None
    if first_line > 1:
        marks = {way: Mark(mark.line + first_line - 1, mark.column) for way, mark in marks.items()}
    return value, marks


def _parse_yaml(text: str) -> tuple[Any, dict[Loc, Mark]]:
    parser = _Parser(text)
    try:
        return _build(parser.get_event)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        said = ", ".join(part for part in (fault.context, fault.problem) if part)
        hint = next((hint for words, hint in _HINTS if words in said), "")
        raise ScalarRefusedError(f"no YAML: {said}", *_at(mark), hint) from None
    except yaml.YAMLError as fault:
        raise ScalarRefusedError(f"no YAML: {' '.join(str(fault).split())}", 1, 1) from None
    finally:
        parser.dispose()


def _build(next_event: Callable[[], Any]) -> tuple[Any, dict[Loc, Mark]]:  # noqa: PLR0912 - one hot loop
    """One pass over the events of one document; values and marks are made as they come."""
    marks: dict[Loc, Mark] = {}
    root: list[Any] = []
    stack: list[tuple[Any, Loc]] = []
    into: Any = root
    way: Loc = ()
    key: Any = None
    is_map = False
    key_mark: Any = None
    while (event := next_event()) is not None:
        kind = type(event)
        if kind is ScalarEvent:
            value = event.value
            if event.anchor is not None or event.tag is not None:
                _refuse_extras(event)
            if event.style == '"':
                _refuse_unclean(event)
            if is_map and key is None:
                if value in into or not value or value[0] in TYPED_STARTS:
                    _check_key(event, marks.get((*way, value)))
                key, key_mark = value, event.start_mark
                continue
            if not event.style and (not value or value[0] in TYPED_STARTS):
                value = _plain(event)
            mark = event.start_mark
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            value = {} if kind is MappingStartEvent else []
            _check_opening(event, len(stack), len(marks), is_map and key is None)
            mark = key_mark if is_map and not event.flow_style else event.start_mark
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            into, way = stack.pop()
            is_map, key = type(into) is dict, None
            continue
        else:
            _check_frame(event, bool(root))
            continue
        if is_map:
            here: Loc = (*way, key)
            into[key] = value
            key = None
        else:
            here = () if into is root else (*way, len(into))
            into.append(value)
        marks[here] = _mark((mark.line + 1, mark.column + 1))
        if kind is not ScalarEvent:
            stack.append((into, way))
            into, way, is_map = value, here, kind is MappingStartEvent
    if len(marks) > MAX_NODES:
        raise ScalarRefusedError(
            f"the document has too many nodes (got {len(marks)}, at most {MAX_NODES} are read)", 1, 1
        )
    return (root[0] if root else None), marks


def _refuse_extras(event: Any) -> None:
    if event.anchor is not None:
        raise ScalarRefusedError(f"anchor &{event.anchor} is not read", *_at(event.start_mark), "write the value out")
    raise ScalarRefusedError(f"tag {event.tag} is not read", *_at(event.start_mark), "leave the tag out")


def _refuse_unclean(event: Any) -> None:
    if odd := unclean(event.value):
        raise ScalarRefusedError(f"character {odd} has no place in the text", *_at(event.start_mark), "remove it")


def _check_key(event: Any, first: Mark | None) -> None:
    """Refuse a key that is there already, a merge key, and a plain key that is no text."""
    shown, place = repr(event.value), _at(event.start_mark)
    if first:
        hint = f"keep one of them; the first is in line {first.line}"
        raise ScalarRefusedError(f"key {shown} is there twice", *place, hint)
    if event.style:
        return
    if event.value == "<<":
        raise ScalarRefusedError("merge key << is not read", *place, "write the keys out")
    if not isinstance(_plain(event), str):
        raise ScalarRefusedError(f"key {event.value or 'nothing'} is no text", *place, "write the key in quotes")


def _plain(event: Any) -> Any:
    try:
        return core_scalar(event.value)
    except ScalarError as fault:
        hint = "write it in quotes if it is meant as text"
        raise ScalarRefusedError(str(fault), *_at(event.start_mark), hint) from None


def _check_opening(event: Any, depth: int, count: int, as_key: bool) -> None:
    if event.anchor is not None or event.tag is not None:
        _refuse_extras(event)
    if as_key:
        raise ScalarRefusedError("a mapping or list is no key", *_at(event.start_mark), "use text as the key")
    if depth >= MAX_DEPTH:
        message = f"nested too deeply (at most {MAX_DEPTH} levels are read)"
        raise ScalarRefusedError(message, *_at(event.start_mark))
    if count > MAX_NODES:
        raise ScalarRefusedError(f"too many nodes (at most {MAX_NODES} are read)", *_at(event.start_mark))


def _check_frame(event: Any, document_seen: bool) -> None:
    """Refuse aliases, directives and a second document; the rest of the frame says nothing."""
    if isinstance(event, AliasEvent):
        raise ScalarRefusedError(f"alias *{event.anchor} is not read", *_at(event.start_mark), "write the value out")
    if isinstance(event, DocumentStartEvent):
        if document_seen:
            raise ScalarRefusedError(
                "a second document begins here", *_at(event.start_mark), "keep one document per file"
            )
        if event.version or event.tags:
            raise ScalarRefusedError(
                "directives are not read", *_at(event.start_mark), "leave lines that begin with % out"
            )


def _at(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
