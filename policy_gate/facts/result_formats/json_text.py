"""JSON of test reports: read strictly, one value or one a line, with the lines on which its parts begin."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from json.decoder import scanstring  # type: ignore[attr-defined]  # the decoder's own, which typeshed leaves out
from typing import Any, Final

from policy_gate.facts.result_dialects import StatedOutcome, outcome_of_members, worse
from policy_gate.facts.result_formats.suites import MAX_CASES, Case, Properties, ResultRefusedError
from policy_gate.schema.patterns import lazy_pattern

_SPACE: Final = lazy_pattern(r"[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder()
_SHOWN: Final = 300


class JsonLines(list[Any]):
    """The values of a file that has one a line; `lines` are theirs."""

    lines: list[int]


def read_json(text: str) -> Any:
    """The value of a JSON text, or JsonLines; ResultRefusedError where it is neither, or says something twice."""
    text = text.removeprefix("\ufeff")
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as fault:
        if fault.msg.startswith("Extra data"):
            return _read_lines(text)
        raise _no_json(fault.lineno) from None
    except (RecursionError, ValueError):
        raise ResultRefusedError(
            "the report is no JSON that can be read: too deep, or with a number too long"
        ) from None


def _read_lines(text: str) -> JsonLines:
    found = JsonLines()
    found.lines = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(json.loads(line, object_pairs_hook=_unique))
        except (RecursionError, ValueError):
            raise _no_json(number) from None
        found.lines.append(number)
    return found


def _no_json(line: int) -> ResultRefusedError:
    return ResultRefusedError(f"the report is no well-formed JSON (it cannot be read beyond line {line})")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ResultRefusedError(f'the report says "{twice[:40]}" twice in one place')
    return found


def lines_of(text: str, *way: str) -> list[int]:
    """The line of each element of the list, or member of the object, at a way of keys; of text that is JSON."""
    try:
        start = _value_at(text, 1 if text.startswith("\ufeff") else 0, way)
        return [] if start is None else list(_lines(text, start))
    except (RecursionError, ValueError):
        return []


def _value_at(text: str, start: int, way: tuple[str, ...]) -> int | None:
    start = _skip(text, start)
    if not way:
        return start
    if text[start] != "{":
        return None
    found = next((at for key, _, at in _members(text, start) if key == way[0]), None)
    return None if found is None else _value_at(text, found, way[1:])


def _lines(text: str, start: int) -> Iterator[int]:
    places = (at for _, at, _ in _members(text, start)) if text[start] == "{" else _elements(text, start)
    line, seen = 1, 0
    for at in places:
        line, seen = line + text.count("\n", seen, at), at
        yield line


def _members(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Key, its place and the place of its value, of each member of the object that begins at `start`."""
    at = _skip(text, start + 1)
    while text[at] != "}":
        key, end = scanstring(text, at + 1)
        value = _skip(text, _skip(text, end) + 1)
        yield key, at, value
        at = _next(text, value)


def _elements(text: str, start: int) -> Iterator[int]:
    at = _skip(text, start + 1)
    while text[start] == "[" and text[at] != "]":
        yield at
        at = _next(text, at)


def _next(text: str, start: int) -> int:
    """Where what follows the value at `start` begins, a comma aside."""
    _, end = _DECODER.raw_decode(text, start)
    end = _skip(text, end)
    return _skip(text, end + 1) if text[end] == "," else end


def _skip(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found else start


def mapping(value: Any) -> Mapping[str, Any]:
    """A JSON object as it is; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The elements of a list, of which each must be an object; ResultRefusedError where one is not."""
    if not isinstance(value, list):
        return []
    if len(value) > MAX_CASES:
        raise ResultRefusedError(f"the report holds more than {MAX_CASES} tests")
    if not all(isinstance(item, Mapping) for item in value):
        raise ResultRefusedError("the report lists something among its tests that is no test")
    return value


def words(value: Any) -> str:
    """A text or number as text, blanks made one; empty for anything else, and for true and false."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())[:_SHOWN]


def count(value: Any) -> int:
    """A whole number of at most nine digits that is not below zero; 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else 0


def properties(*maps: Any) -> Properties:
    """What objects state by name: texts and numbers alone."""
    stated = ((name.strip().casefold(), words(value)) for it in maps for name, value in mapping(it).items())
    return [(name, value) for name, value in stated if value]


def case(name: str, line: int, number: int, known: str, members: Mapping[str, Any], **more: Any) -> Case:
    """A case that passed as far as the members of its object go that its format does not know (`known`, folded)."""
    own = frozenset(known.split())
    stated = outcome_of_members({key: value for key, value in members.items() if key.casefold() not in own})
    written = hashlib.sha256(json.dumps(members, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
    return make_case(name, line, number, stated, written=written, **more)


def make_case(name: str, line: int, number: int, stated: StatedOutcome, **more: Any) -> Case:
    """A case with an outcome and what says so."""
    plain = re.sub(r"\s+", " ", name).strip()[:_SHOWN]
    return Case(
        plain or f"(test without a name, line {line})", line, stated.outcome, stated.said, number=number, **more
    )


def ended(one: Case, stated: StatedOutcome) -> Case:
    """The case with the worse of what it says so far and this; a failure told in words comes before one that is not."""
    if worse(one.outcome, stated.outcome) != one.outcome or (one.outcome == stated.outcome and not one.message):
        one.outcome, one.message = stated.outcome, stated.said[:_SHOWN]
    return one
