"""From plain data to typed documents: every fault located, with what was got, expected and meant."""

from __future__ import annotations

import copy
import json
import re
import types
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError

from policy_gate.documents.spelling import did_you_mean, nearest
from policy_gate.errors import DocumentError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Document, Loc, Mark, Problem, SpeltFloat, SpeltInt, Unread
from policy_gate.schema.strict import Strict

M = TypeVar("M", bound=Strict)
Fault = Any
"""One of pydantic's error details."""

_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "list_type": "a list",
    "dict_type": "a mapping of keys",
    "date_type": "a real date as YYYY-MM-DD",
    "date_parsing": "a real date as YYYY-MM-DD",
    "date_from_datetime_parsing": "a real date as YYYY-MM-DD",
    "date_from_datetime_inexact": "a real date as YYYY-MM-DD",
    "moment": "a time with its zone, as 2026-11-20T10:00:00Z",
    "moment_range": "a time from 2000 to 2199",
    "datetime_type": "a time with its zone, as 2026-11-20T10:00:00Z",
    "finite_number": "a finite number",
    "string_unicode": "text",
    "model_type": "a mapping of keys",
    "model_attributes_type": "a mapping of keys",
}
_NO_ZONE = lazy_pattern(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?")
_MOST_TOLD = 200
"""faults of one document that are put into words"""
_DAYS_ELSEWHERE = ("%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y")
"""11/20/2026 is not among them: a tenth of November may be an eleventh of October."""
_TRUTHS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "lower-case words joined by -",
    r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$": "lower-case words joined by -, or a row of law as pack/row",
    r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$": "lower-case words joined by -, as pack/row",
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$": "letters, digits, dots, - and _, at most 128",
    r"^[a-z][a-z0-9_]*$": "lower-case words joined by _",
    r"^[0-9a-f]{64}$": "64 hexadecimal digits in lower case",
    r"^sha256:[0-9a-f]{64}$": "sha256: and 64 hexadecimal digits in lower case",
    r"^[^@\s]+@[^@\s]+$": "an e-mail address",
    r"^\d{4}-\d{2}(-\d{2})?$": "YYYY-MM or YYYY-MM-DD",
    r"\S": "an address, or words that say where it stands",
}


def validated(model: type[M], path: str, oid: str, raw: Any, marks: Mapping[Loc, Mark]) -> Document[M]:
    """The typed document that `raw` is; DocumentError with one Problem per fault, in file order.

    Types are strict, but a number is taken as the text it was written as (1.10) where text is wanted,
    and ISO text as a date where a date is. A document that is `Unread` is refused with its own problems.
    """
    if isinstance(raw, Unread):
        raise _refusal(raw.problems)
    try:
        return Document(path, oid, _validate(model, raw), marks)
    except ValidationError as refused:
        faults = refused.errors(include_url=False)
        found = set(_problems(model, path, raw, marks, faults[:_MOST_TOLD]))
    problems = sorted(found, key=lambda it: (it.line or 0, it.column or 0, it.message))
    if len(faults) > _MOST_TOLD:
        problems.append(Problem(path, f"{len(faults) - _MOST_TOLD} more faults are not told"))
    raise _refusal(tuple(problems))


def _refusal(problems: tuple[Problem, ...]) -> DocumentError:
    first = problems[0]
    return DocumentError(f"{first.location}: {first.message}", hint=first.hint, problems=problems)


def _validate(model: type[M], raw: Any) -> M:
    try:
        return model.model_validate(raw)
    except ValidationError as refused:
        numbers = [fault["loc"] for fault in refused.errors() if _is_spelt_number(fault)]
        if not numbers:
            raise
    return model.model_validate(_as_text(raw, numbers))


def _is_spelt_number(fault: Fault) -> bool:
    got = fault["input"]
    return fault["type"] == "string_type" and isinstance(got, (int, float)) and not isinstance(got, bool)


def _as_text(raw: Any, locs: Iterable[Loc]) -> Any:
    """A copy of `raw` in which the numbers at `locs` are the text they were written as."""
    whole = copy.deepcopy(raw)
    for loc in locs:
        *parents, last = _place(raw, loc).way
        holder = whole
        for part in parents:
            holder = holder[part]
        number = holder[last]
        if isinstance(number, (int, float)):
            holder[last] = number.text if isinstance(number, (SpeltInt, SpeltFloat)) else repr(number)
    return whole


class _Place(NamedTuple):
    """Where an error's loc leads in the document; `union` is where the names of branches begin in it."""

    way: Loc
    union: Loc | None


def _place(raw: Any, loc: Loc) -> _Place:
    way: list[str | int] = []
    union: Loc | None = None
    for part in loc:
        if part in raw if isinstance(raw, dict) else isinstance(raw, list) and isinstance(part, int):
            way.append(part)
            raw = raw[part]
        elif part != "[key]" and union is None:
            union = tuple(way)
    return _Place(tuple(way), union)


def _problems(
    model: type[Strict], path: str, raw: Any, marks: Mapping[Loc, Mark], faults: list[Fault]
) -> Iterator[Problem]:
    """One Problem for each fault; the branches of a union make one."""
    wrong_schema = [fault for fault in faults if fault["loc"] == ("schema",) and fault["type"] == "literal_error"]
    groups: dict[Loc, list[tuple[Loc, Fault]]] = {}
    misspelt = {meant for fault in faults if (meant := _meant_key(model, raw, fault))}
    for fault in wrong_schema or faults:
        if fault["type"] == "missing" and fault["loc"] in misspelt:
            continue
        way, union = _place(raw, fault["loc"][:-1] if fault["type"] == "missing" else fault["loc"])
        known = fault | {"choices": _choices(model, way, fault)} if fault["type"] == "literal_error" else fault
        groups.setdefault(fault["loc"] if union is None else (*union, "|"), []).append((way, known))
    for group in groups.values():
        for way, fault in _told(group):
            message, hint = _words(model, way, fault)
            line, column = _mark(marks, way)
            yield Problem(path, message, line, column, hint)


def _meant_key(model: type[Strict], raw: Any, fault: Fault) -> Loc | None:
    """Where the key would stand that an unknown one is a misspelling of: what is told of the one is all there is."""
    if fault["type"] != "extra_forbidden":
        return None
    way, _ = _place(raw, fault["loc"])
    near = nearest(str(way[-1]), keys_of(model, way[:-1]))
    return (*fault["loc"][:-1], near) if near else None


def _mark(marks: Mapping[Loc, Mark], way: Loc) -> Mark:
    while way and way not in marks:
        way = way[:-1]
    return marks.get(way, Mark(1, 1))


def _told(group: list[tuple[Loc, Fault]]) -> list[tuple[Loc, Fault]]:
    """The errors worth telling: of a union, those of the branch that fits best, else all as one."""
    if len(group) == 1:
        return group
    shallow = min(len(way) for way, _ in group)
    best = [(way, fault) for way, fault in group if len(way) > shallow or not _is_of_type(fault)]
    if best:
        return list({way: (way, fault) for way, fault in reversed(best)}.values())
    way, first = group[0]
    expected = list(dict.fromkeys(_expected(fault) for _, fault in group))
    return [(way, {**first, "type": "union", "expected": _or(expected)})]


def _is_of_type(fault: Fault) -> bool:
    return fault["type"] in _EXPECTED or fault["type"] == "literal_error"


def _expected(fault: Fault) -> str:
    """What would have been right, in words."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "union":
        return str(fault["expected"])
    if kind == "literal_error":
        return _or(fault["choices"])
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], f"text like {context['pattern']}")
    if kind == "string_too_long":
        return f"at most {context['max_length']} characters"
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
    return _EXPECTED.get(kind, "something else")


def _choices(model: type[Strict], way: Loc, fault: Fault) -> list[str]:
    """The words that may stand at `way`, or of a fault in a key, as the key there; a fault may name its own."""
    if "choices" in fault.get("ctx", {}):
        return list(fault["ctx"]["choices"])
    if fault["loc"][-1:] == ("[key]",):
        kinds = [
            key for kind in _kinds(model, way[:-1]) if get_origin(kind) is dict for key in _options(get_args(kind)[0])
        ]
    else:
        kinds = _kinds(model, way)
    return [str(word) for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)]


def _or(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _words(model: type[Strict], way: Loc, fault: Fault) -> tuple[str, str]:
    """The message and the hint of one fault."""
    kind, got = fault["type"], fault["input"]
    if kind == "missing":
        return _missing(model, way, str(fault["loc"][-1]))
    if kind == "extra_forbidden":
        known = keys_of(model, way[:-1])
        return f"unknown key {way[-1]}", did_you_mean(str(way[-1]), known) or f"known keys: {', '.join(known)}"
    name = _name(way) if fault["loc"][-1:] != ("[key]",) else f"a key of {_name(way[:-1])}"
    if kind in ("string_too_short", "too_short"):
        return f"{name} is empty", "write something, or leave the key out where it may be left out"
    if kind == "value_error":
        return f"{name}: {fault['ctx']['error']}", getattr(fault["ctx"]["error"], "hint", "")
    if isinstance(got, str) and "\u00a0" in got and "\u00a0" not in _expected(fault):
        return (
            f"{name} is {shown(got)}, with a no-break space (U+00A0) in it",
            "put a plain space in its place, or none",
        )
    if not way and "schema_" in model.model_fields:
        return f"{name} is {'empty' if got is None else shown(got)} ({_expected(fault)})", _beginning(model)
    return f"{name} is {shown(got)} ({_expected(fault)})", _hint(fault)


def _beginning(model: type[Strict]) -> str:
    wanted = get_args(model.model_fields["schema_"].annotation)[0]
    return f"begin the file with `schema: {wanted}`"


def _missing(model: type[Strict], way: Loc, key: str) -> tuple[str, str]:
    if key == "schema":
        return "schema is missing", _beginning(model)
    return f"{key} is missing" + (f" in {_name(way)}" if way else ""), f"add a line `{key}: ...` here"


def _hint(fault: Fault) -> str:
    kind, got = fault["type"], fault["input"]
    if not isinstance(got, str):
        if kind == "list_type" and isinstance(got, dict):
            return "begin each entry of the list with `- `"
        return "write it in quotes" if kind == "string_type" and isinstance(got, bool) else ""
    if kind.startswith("date_"):
        return _as_date(got)
    if kind == "literal_error":
        return did_you_mean(got, fault["choices"])
    if kind == "moment":
        return f"say the zone, as {got[:19]}Z for UTC" if _NO_ZONE.fullmatch(got) else ""
    if kind == "bool_type" and got.lower() in _TRUTHS:
        return f"write {_TRUTHS[got.lower()]}"
    if kind == "list_type":
        return f"write it as a list: [{json.dumps(got, ensure_ascii=False)}]"
    if kind == "string_pattern_mismatch":
        return _respelt(got, fault["ctx"]["pattern"])
    return ""


def _as_date(got: str) -> str:
    """How a day that is written otherwise, and can be read in one way only, is written here."""
    for form in _DAYS_ELSEWHERE:
        with suppress(ValueError):
            return f"write {datetime.strptime(got.strip(), form).date().isoformat()}"
    return ""


def _respelt(got: str, pattern: str) -> str:
    if not got.strip():
        return ""
    plain = re.sub(r"[^a-z0-9]+", "-", got.lower()).strip("-")
    for candidate in (re.sub(r"[^A-Za-z0-9._-]+", "-", got), plain, plain.replace("-", "_"), got.lower()):
        if re.search(pattern, candidate):
            return f'did you mean "{candidate}"?'
    return ""


def _name(way: Loc) -> str:
    """The short name of a node: its key, or for a list item the list's key and its position from 0."""
    if not way:
        return "the document"
    if isinstance(way[-1], str):
        return way[-1]
    key = next((part for part in reversed(way) if isinstance(part, str)), "")
    return f"{key}[{way[-1]}]"


def shown(got: Any) -> str:
    """A value as a message shows it, in at most 60 characters and one line."""
    if isinstance(got, str):
        return json.dumps(got if len(got) <= 60 else got[:57] + "...", ensure_ascii=False)
    if isinstance(got, (list, dict)):
        return "a list" if isinstance(got, list) else "a mapping"
    if isinstance(got, (SpeltInt, SpeltFloat)):
        return got.text
    if got is None or isinstance(got, bool):
        return "nothing" if got is None else str(got).lower()
    return repr(got)


def keys_of(model: type[Strict], way: Loc) -> list[str]:
    """The keys that a mapping at `way` of a document of this model may have; empty where any may."""
    models = [kind for kind in _kinds(model, way) if isinstance(kind, type) and issubclass(kind, Strict)]
    return [field.alias or name for kind in models for name, field in kind.model_fields.items()]


def _kinds(model: type[Strict], way: Loc) -> list[Any]:
    """The types that a node at `way` of a document of this model may have."""
    kinds: list[Any] = [model]
    for part in way:
        kinds = [inner for kind in kinds for inner in _within(kind, part)]
    return kinds


def _within(kind: Any, part: str | int) -> list[Any]:
    """The types that the child `part` of a node of this type may have."""
    if isinstance(kind, type) and issubclass(kind, Strict):
        fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        return _options(fields.get(str(part)))
    return _options(get_args(kind)[-1]) if get_origin(kind) in (list, dict) else []


def _options(annotation: Any) -> list[Any]:
    """The branches of a union, annotations taken off."""
    if get_origin(annotation) is Annotated:
        return _options(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [option for branch in get_args(annotation) for option in _options(branch)]
    return [annotation]
