"""Strict JSON: what `json` accepts, less duplicate keys, depth, odd numbers and lone surrogates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from policy_gate.documents.scalars import (
    MAX_DEPTH,
    MAX_NODES,
    ScalarError,
    ScalarRefusedError,
    broken_number,
    doubled_key,
    no_character,
    place_after,
    short,
    too_deep,
    too_many,
    unclean,
    whole_number,
)
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Loc, Mark

_HINT = "check the commas, quotes and brackets here; JSON has no comments"
_COMMA_AT_END = lazy_pattern(r",\s*(?=[]}])")
_TOKEN = lazy_pattern(r'"(?:[^"\\]|\\.)*"|[][{}:,]|[^\s"\][{}:,]+', re.DOTALL)


def parse_json(text: str) -> tuple[Any, dict[Loc, Mark]]:
    """The value of a JSON text and the mark of each node; RefusedError at the first fault."""
    marks = _marks(text)
    try:
        value = json.loads(text, parse_float=_float, parse_int=_int, parse_constant=_constant)
    except json.JSONDecodeError as fault:
        place = place_after(text[: _stopped(text, fault.pos)])
        raise ScalarRefusedError(f"no JSON: {fault.msg[:1].lower()}{fault.msg[1:]}", *place, _HINT) from None
    except ScalarError as fault:
        line, column = _place_of_number(text)
        raise ScalarRefusedError(str(fault), line, column, "write it in quotes if it is meant as text") from None
    return value, marks


def _stopped(text: str, position: int) -> int:
    """Where the first thing stands that is no JSON; before a bracket, some versions of `json` name the comma."""
    after = _COMMA_AT_END.match(text, position)
    return after.end() if after else position


def _constant(text: str) -> NoReturn:
    raise ScalarError(f"{text} is no finite number")


def _float(text: str) -> float:
    return broken_number(text)


def _int(text: str) -> int:
    return whole_number(text)


def _place_of_number(text: str) -> tuple[int, int]:
    """Where the first number stands that is refused."""
    for piece, mark in _tokens(text):
        if piece[0] not in '"[]{}:,':
            try:
                json.loads(piece, parse_float=_float, parse_int=_int, parse_constant=_constant)
            except ScalarError:
                return mark
    return Mark(1, 1)


def _tokens(text: str) -> Iterator[tuple[str, Mark]]:
    line, start, seen = 1, 0, 0
    for found in _TOKEN.finditer(text):
        newlines = text.count("\n", seen, found.start())
        if newlines:
            line, start = line + newlines, text.rindex("\n", seen, found.start()) + 1
        seen = found.start()
        yield found[0], Mark(line, seen - start + 1)


def _marks(text: str) -> dict[Loc, Mark]:
    """The mark of each node, from the tokens alone; whether they make JSON is json's to say."""
    marks: dict[Loc, Mark] = {}
    stack: list[list[Any]] = []
    for piece, mark in _tokens(text):
        frame = stack[-1] if stack else None
        if piece in "]}":
            if stack:
                stack.pop()
        elif piece == ",":
            if frame:
                frame[1] = frame[1] + 1 if isinstance(frame[1], int) else None
        elif piece == ":":
            pass
        elif frame and frame[1] is None:
            frame[1] = _key(piece, frame[0], mark, marks)
        else:
            way = (*frame[0], frame[1]) if frame else ()
            marks.setdefault(way, mark)
            _check(piece, mark, len(marks))
            if piece in "[{":
                stack.append([way, 0 if piece == "[" else None])
                if len(stack) > MAX_DEPTH:
                    raise too_deep(*mark)
    return marks


def _key(piece: str, way: Loc, mark: Mark, marks: dict[Loc, Mark]) -> str:
    try:
        key = json.loads(piece)
    except ValueError:
        key = None
    if not isinstance(key, str):
        raise ScalarRefusedError("no JSON: a key in double quotes is expected", *mark, _HINT)
    _check(piece, mark, len(marks))
    if first := marks.get((*way, key)):
        raise doubled_key(short(key), *mark, first.line)
    return key


def _check(piece: str, mark: Mark, count: int) -> None:
    if count > MAX_NODES:
        raise too_many(*mark)
    if piece[0] == '"' and "\\u" in piece:
        try:
            odd = unclean(json.loads(piece))
        except ValueError:
            return
        if odd:
            raise no_character(odd, *mark)
