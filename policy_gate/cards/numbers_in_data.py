"""The numbers of YAML and JSON in the shapes that people give them, as maps from metric to number or limit.

A list may have an entry for each metric, and a limit may be a map that says what is the least or the most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from policy_gate.cards.field_names import name_key
from policy_gate.cards.measured import notes_in, with_note
from policy_gate.cards.result_columns import is_limit, limits_in, limits_of
from policy_gate.cards.result_names import is_result_name

LIMITS: Final = "performance_thresholds"
_OVERALL: Final = "overall_performance"
_METRIC_KEYS: Final = frozenset({"metric", "metrics", "measure", "name", "metrik", "kennzahl", "métrique", "métrica"})
_VALUE_KEYS: Final = frozenset(
    {"value", "result", "score", "measured", "achieved", "wert", "ergebnis", "valeur", "valor"}
)
_LEAST_KEYS: Final = frozenset({"min", "minimum", "at least", "lower bound", "floor", "gte", "ge", "mindestens"})
_MOST_KEYS: Final = frozenset({"max", "maximum", "at most", "upper bound", "ceiling", "lte", "le", "höchstens"})
_ITSELF: Final = frozenset({"value", "wert", "valeur", "valor"})
"""keys of the number alone, whatever it is: a limit in a map of limits"""
_SIGN_KEYS: Final = frozenset({"op", "operator", "comparison", "comparator", "sign"})
_SIGNS: Final = frozenset({"<", "<=", "≤", ">", ">=", "≥"})
_OF_OTHERS: Final = frozenset(
    {"model", "system", "method", "approach", "group", "groups", "segment", "subgroup", "slice", "population", "cohort"}
)
"""keys by which an entry is of one of several models, or of a part of the people"""


def maps_of(field: str, value: Any) -> Iterator[Mapping[str, Any]]:
    """The maps from metric to number that the value of a field is, or holds in a list."""
    if isinstance(value, Mapping):
        named = {str(key): inner for key, inner in value.items()}
        yield {key: (limit_of if field == LIMITS else _with_value)(inner) for key, inner in named.items()}
        for inner in named.values() if field == _OVERALL else ():
            if isinstance(inner, list):
                yield from maps_of(field, inner)
        return
    for item in value if isinstance(value, list) else [value]:
        if field == LIMITS and isinstance(item, str):
            yield dict(limits_in(item))
        elif field in (LIMITS, _OVERALL) and isinstance(item, Mapping):
            yield _entry(field, item)


def limit_beside(parts: Mapping[str, Any]) -> Any:
    """The limit among what a map says of one number, None where it names none."""
    named = {name_key(str(key)): inner for key, inner in parts.items() if _is_figure(inner)}
    least = [inner for key, inner in named.items() if key in _LEAST_KEYS]
    most = [inner for key, inner in named.items() if key in _MOST_KEYS]
    if least and most:
        return None
    if least or most:
        return f"{'≥' if least else '≤'} {_written((least or most)[0])}"
    others = [(key, _written(inner)) for key, inner in named.items() if is_limit(key)]
    limits = limits_of(others, where_limits_stand=False)
    return named[limits[0][0]] if limits else None


def limit_by_name(name: str) -> tuple[str, str] | None:
    """The metric of which a name such as `min_accuracy` or `accuracy_threshold` is a limit, and the limit's sign."""
    words = name_key(name).split()
    for mark, rest in ((words[:1], words[1:]), (words[-1:], words[:-1])):
        if not rest:
            continue
        if mark[0] in _LEAST_KEYS | _MOST_KEYS:
            return " ".join(rest), "≥" if mark[0] in _LEAST_KEYS else "≤"
        if is_limit(mark[0]):
            return " ".join(rest), ""
    return None


def _with_value(value: Any) -> Any:
    """Results, in which what stands beside its own limit is a value by that name."""
    if not isinstance(value, Mapping):
        return value
    found = _first(value, _VALUE_KEYS)
    if found is None or isinstance(found, Mapping) or limit_beside(value) is None:
        return {key: _with_value(inner) for key, inner in value.items()}
    return {**value, "value": found}


def limit_of(value: Any) -> Any:
    """A limit as it would be written in one line; a map of something else, such as a group's limits, as it is."""
    if not isinstance(value, Mapping):
        return value
    signs = [it for key, it in value.items() if name_key(str(key)) in _SIGN_KEYS and str(it).strip() in _SIGNS]
    figures = {name_key(str(key)): it for key, it in value.items() if _is_figure(it)}
    values = [it for key, it in figures.items() if key in (_VALUE_KEYS if signs else _ITSELF)]
    least = [f"≥ {_written(it)}" for key, it in figures.items() if key in _LEAST_KEYS]
    beside = limit_beside(value)
    found = beside if beside is not None else values[0] if len(values) == 1 else least[0] if least else None
    if found is None:
        return value
    unit = next((str(it) for key, it in value.items() if name_key(str(key)) == "unit" and isinstance(it, str)), "")
    is_signed = isinstance(found, str) and found[:1] in "≥≤<>"
    sign = "" if is_signed or not signs else str(signs[0]).strip()
    return found if not (sign or unit) else f"{sign} {_written(found)} {unit}".strip()


def _entry(field: str, item: Mapping[Any, Any]) -> Mapping[str, Any]:
    """What one entry of a list gives: one metric by its name, or numbers under keys that are metrics."""
    keys = {name_key(str(key)): key for key in item}
    if not _OF_OTHERS.isdisjoint(keys):
        return {}
    named = [item[keys[key]] for key in keys if key in _METRIC_KEYS and isinstance(item[keys[key]], str)]
    if not named:
        notes = tuple(notes_in(item))
        return {str(key): with_note(inner, notes) for key, inner in item.items() if is_result_name(str(key))}
    rest = {key: inner for key, inner in item.items() if name_key(str(key)) not in _METRIC_KEYS}
    if field == LIMITS:
        limit = limit_of(rest)
        values = [inner for key, inner in rest.items() if name_key(str(key)) in _VALUE_KEYS]
        limit = values[0] if isinstance(limit, Mapping) and len(values) == 1 else limit
        return {} if isinstance(limit, Mapping) else {named[0]: limit}
    value = _first(rest, _VALUE_KEYS)
    return {} if value is None else {named[0]: {**rest, "value": value}}


def _first(data: Mapping[Any, Any], names: Set[str]) -> Any:
    return next((inner for key, inner in data.items() if name_key(str(key)) in names), None)


def _is_figure(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number or (isinstance(value, str) and any(map(str.isdigit, value)))


def _written(value: Any) -> str:
    return str(getattr(value, "text", value))
