"""The one strict reader of YAML, JSON and front matter: plain values, and where each of them stands.

Nothing clever in a document survives here: no duplicate keys, aliases, anchors, merge keys, tags,
directives or second documents; sizes, depths and counts are capped; scalars are those of YAML 1.2's
core schema, so `NO`, `on` and dates stay text. What the values mean is checked in `schema.validate`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

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
    doubled_key,
    merge_mark,
    no_character,
    refuse_unclean,
    short,
    too_deep,
    too_many,
    unclean,
)
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Loc, Mark

_Parser: Any = getattr(yaml.cyaml, "CParser") if yaml.__with_libyaml__ else yaml.SafeLoader  # noqa: B009 - untyped name
_mark: Callable[[tuple[int, int]], Mark] = functools.partial(tuple.__new__, Mark)
"""Mark(...) without a Python frame: there are as many marks as nodes."""

_ESCAPE = lazy_pattern(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_HINTS = {
    "*": "put text that begins with * in quotes",
    "&": "put text that begins with & in quotes",
    ":": "put text that holds ': ' in quotes, and check the indentation",
    "\t": "indent with spaces: YAML takes no tab for one",
} | dict.fromkeys("%@`", "put text that begins with %, @ or ` in quotes")
"""What to do about a text that the parser refuses, by the character that it refuses."""
_HINT = "check the indentation, quotes and brackets of this line"
_ENDS_EARLY = lazy_pattern(r"""[^"'#]*: +("[^"\n]*"|'[^'\n]*') +[^\s#][^\n]*\Z""")
"""A value whose first word alone stands in quotes."""


def read_yaml(path: str, data: bytes) -> tuple[Any, Mapping[Loc, Mark]]:
    """Read one YAML document: its plain value, and the mark of each node by its way from the root.

    The mark of a scalar or flow collection is where it begins; that of a block collection which is the
    value of a key is the key's. DocumentError, with one located Problem, for everything T16 lists.
    """
    return _located(path, data, _parse_yaml)


def read_json(path: str, data: bytes) -> tuple[Any, Mapping[Loc, Mark]]:
    """Read one JSON text as strictly as `read_yaml` reads YAML; the same result and error."""
    from policy_gate.documents.json_reader import parse_json  # noqa: PLC0415 - few documents are JSON

    return _located(path, data, parse_json)


_HIDDEN_BREAKS: Final = lazy_pattern("[\u2028\u2029]")
"""line breaks of front matter that no editor shows; in the prose of a card's keys they are blanks"""


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
    value, marks = _located(path, _HIDDEN_BREAKS.sub(" ", front).encode(), _parse_front, above=1)
    return value, marks, body, front.count("\n") + 3


def read_by_suffix(path: str, data: bytes) -> tuple[Any, Mapping[Loc, Mark], int]:
    """Read a file as its name says: plain value, marks, and the line where a text below front matter begins.

    The value is None for a file that is neither YAML, JSON nor Markdown with front matter. Errors as the others.
    """
    ending = PurePosixPath(path).suffix.lower()
    if ending in (".yaml", ".yml"):
        return (*read_yaml(path, data), 1)
    if ending == ".json":
        return (*read_json(path, data), 1)
    if ending in (".md", ".markdown"):
        front, marks, _, body_line = read_front_matter(path, data)
        return front, marks, body_line
    return None, {}, 1


def _located(
    path: str, data: bytes, parse: Callable[[str], tuple[Any, dict[Loc, Mark]]], above: int = 0
) -> tuple[Any, Mapping[Loc, Mark]]:
    text = clean_text(path, data)
    try:
        refuse_unclean(text)
        value, marks = parse(text)
    except ScalarRefusedError as refused:
        fault = merge_mark(text) or refused
        raise document_error(path, fault.message, fault.line + above, fault.column, fault.hint_in(above)) from None
    if above:
        marks = {way: Mark(mark.line + above, mark.column) for way, mark in marks.items()}
    return value, marks


def _parse_front(text: str) -> tuple[Any, dict[Loc, Mark]]:
    return _parse_yaml(text, _with_blanks)


def _with_blanks(event: Any) -> Any:
    """An event whose text has a blank for the escape of a break that no editor shows."""
    if type(event) is ScalarEvent and event.style == '"':
        event.value = _HIDDEN_BREAKS.sub(" ", event.value)
    return event


def _parse_yaml(text: str, seen: Callable[[Any], Any] | None = None) -> tuple[Any, dict[Loc, Mark]]:
    """`seen` takes each event, and gives it as it is to be read."""
    parser = _Parser(text)
    try:
        return _build(parser.get_event if seen is None else lambda: seen(parser.get_event()))
    except (yaml.YAMLError, ValueError, OverflowError) as fault:
        mark: Any = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
        if mark is None and hasattr(parser, "get_mark"):
            mark = parser.get_mark()
        raise _own_refusal(text, mark) or _own_words(text, mark, fault) from None
    finally:
        parser.dispose()


def _own_refusal(text: str, mark: Any) -> ScalarRefusedError | None:
    """What is refused here before the place where the parser stopped, which may be at a limit of its own.

    It reads ahead of the events that it gives: a thousand brackets, before the first of them is seen here.
    """
    end = mark.index if mark else 0
    parser = _Parser(text[:end])
    last: list[Any] = [None]

    def next_event() -> Any:
        last[0] = parser.get_event()
        return last[0]

    try:
        _build(next_event)
    except ScalarRefusedError as refused:
        last_ends: Any = last[0].end_mark
        is_cut = type(last[0]) is ScalarEvent and last_ends.index >= end
        return None if is_cut else refused
    except (yaml.YAMLError, ValueError, OverflowError):
        return None
    finally:
        parser.dispose()
    return None


def _own_words(text: str, mark: Any, fault: Exception) -> ScalarRefusedError:
    """What the parser refuses at `mark`, and what to do about it by what stands there."""
    offset = mark.index if mark else 0
    if text.startswith("%", text.rfind("\n", 0, offset) + 1):
        return _directive(mark.line + 1 if mark else 1, 1)
    if escape := _ESCAPE.match(text, max(offset - 2, 0)):
        start = getattr(fault, "context_mark", None) or mark
        return no_character(f"U+{int(escape[1] or escape[2], 16):04X}", *_at(start))
    if unseen := _no_break_space(text, offset):
        return unseen
    said = ", ".join(filter(None, (getattr(fault, "context", None), getattr(fault, "problem", None))))
    return ScalarRefusedError(f"no YAML: {said or 'it cannot be read'}", *_at(mark), _hint(text, offset))


def _no_break_space(text: str, offset: int) -> ScalarRefusedError | None:
    """A no-break space on the line where the parser stopped or the one before it: it looks like a blank and is none."""
    start = text.rfind("\n", 0, max(text.rfind("\n", 0, offset), 0)) + 1
    end = text.find("\n", offset)
    found = text.find("\u00a0", start, len(text) if end < 0 else end)
    if found < 0:
        return None
    line, column = text.count("\n", 0, found) + 1, found - text.rfind("\n", 0, found)
    return ScalarRefusedError(
        "no YAML: a no-break space (U+00A0) stands here, which YAML takes for a letter",
        line,
        column,
        "put a plain space in its place",
    )


def _hint(text: str, offset: int) -> str:
    before, at = text[offset - 1 : offset], text[offset : offset + 1]
    start, end = text.rfind("\n", 0, offset) + 1, text.find("\n", offset)
    if _ENDS_EARLY.match(text[start : end if end >= 0 else len(text)]):
        return "put the whole value in quotes of the other kind, as in '\"gdpr\" in system.regulations'"
    return _HINTS.get(before if before in ("*", "&") else at, _HINT)


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
        raise too_many(1, 1)
    return (root[0] if root else None), marks


def _refuse_extras(event: Any) -> None:
    place = _at(event.start_mark)
    if event.anchor is not None:
        raise ScalarRefusedError(f"anchor &{short(event.anchor)} is not read", *place, "write the value out")
    is_ours = event.tag.startswith("!")
    hint = "put text that begins with ! in quotes, or leave the tag out" if is_ours else "leave the tag out"
    raise ScalarRefusedError(f"tag {short(event.tag)} is not read", *place, hint)


def _refuse_unclean(event: Any) -> None:
    if odd := unclean(event.value):
        raise no_character(odd, *_at(event.start_mark))


def _check_key(event: Any, first: Mark | None) -> None:
    """Refuse a key that is there already, a merge key, and a plain key that is no text."""
    place = _at(event.start_mark)
    if first:
        raise doubled_key(short(event.value), *place, first.line)
    if event.style:
        return
    if event.value == "<<":
        raise ScalarRefusedError("merge key << is not read", *place, "write the keys out")
    if not isinstance(_plain(event), str):
        raise ScalarRefusedError(f"key {short(event.value) or 'nothing'} is no text", *place, "write the key in quotes")


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
        raise too_deep(*_at(event.start_mark))
    if count > MAX_NODES:
        raise too_many(*_at(event.start_mark))


def _check_frame(event: Any, document_seen: bool) -> None:
    """Refuse aliases, directives and a second document; the rest of the frame says nothing."""
    if isinstance(event, AliasEvent):
        name = short(str(event.anchor))
        raise ScalarRefusedError(f"alias *{name} is not read", *_at(event.start_mark), "write the value out")
    if isinstance(event, DocumentStartEvent):
        if document_seen:
            raise ScalarRefusedError(
                "a second document begins here", *_at(event.start_mark), "keep one document per file"
            )
        if event.version or event.tags:
            raise _directive(*_at(event.start_mark))


def _directive(line: int, column: int) -> ScalarRefusedError:
    return ScalarRefusedError("directives are not read", line, column, "leave lines that begin with % out")


def _at(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
