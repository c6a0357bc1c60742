"""Values inside the documents that tools write: what is there, and nothing where it has another shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy_gate.cards.measured import notes_in, with_note

_ALL: Final = frozenset({"", "all", "overall", "total", "everyone"})


def numbers_again(metrics: list[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The same numbers, each by itself: a list may give one several times, of which `performance_of` has the first."""
    for metric in metrics:
        yield from ((part, values) for part, values in performance_of([metric]).items() if values)


def performance_of(metrics: list[Any]) -> dict[str, Any]:
    """Numbers of the whole, of groups (`slice`), and the thresholds that they are held to."""
    overall: dict[str, Any] = {}
    groups: dict[str, dict[str, Any]] = {}
    limits: dict[str, Any] = {}
    for metric in metrics:
        if not isinstance(metric, Mapping) or metric.get("value") in (None, ""):
            continue
        name, group = str(metric.get("type") or metric.get("name") or ""), str(metric.get("slice") or "").strip()
        value = with_note(metric["value"], notes_in(metric))
        if group.casefold() in _ALL:
            overall.setdefault(name, value)
        else:
            groups.setdefault(group, {}).setdefault(name, value)
        if metric.get("threshold") not in (None, ""):
            limits.setdefault(name, metric["threshold"])
    return {"overall_performance": overall, "performance_by_group": groups, "performance_thresholds": limits}


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """The values that say something."""
    kept = {name: [it for it in value if it] if isinstance(value, list) else value for name, value in values.items()}
    return {name: value for name, value in kept.items() if value}


def map_in(value: Any, name: str) -> Mapping[Any, Any]:
    """The map under a name; empty where there is none."""
    inner = value.get(name) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def list_of(value: Mapping[Any, Any], name: str) -> list[Any]:
    """What stands under a name as a list."""
    return items_of(value.get(name))


def items_of(value: Any) -> list[Any]:
    """A value as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def first_of(value: Any, *names: str) -> Any:
    """The first of these keys that holds something; of what is no map, the value itself."""
    if not isinstance(value, Mapping):
        return value
    return next((value[name] for name in names if value.get(name)), None)


def said_of(value: Any) -> str:
    """Name and description of a data set."""
    return ": ".join(_parts(value)) if isinstance(value, Mapping) else str(value)


def _parts(value: Mapping[Any, Any]) -> Iterator[str]:
    yield from (str(value[name]) for name in ("name", "description", "ref") if isinstance(value.get(name), str))


def all_of(value: Mapping[Any, Any], name: str) -> list[Any]:
    """Description or name of each item under a name."""
    return [first_of(item, "description", "name") for item in list_of(value, name)]


def mitigations_of(value: Mapping[Any, Any], name: str) -> list[Any]:
    """The strategy of each item under a name."""
    found = (item for item in list_of(value, name) if isinstance(item, Mapping))
    return [item.get("mitigation_strategy") or item.get("mitigationStrategy") for item in found]
