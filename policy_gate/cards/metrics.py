"""The numbers of a model card: values beside their thresholds, in one unit; which way is better; groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.cards.measured import notes_in, with_note
from policy_gate.cards.metric_direction import higher_is_better, is_bounded, is_distance
from policy_gate.cards.named_evidence import evidence_of
from policy_gate.cards.named_limits import limits_by_names
from policy_gate.cards.numbers_in_data import limit_beside, limit_of
from policy_gate.cards.placeholders import is_placeholder
from policy_gate.cards.quantities import (
    RATIO,
    NumberReading,
    is_struck,
    is_wide,
    on_one_scale,
    read_number,
    sample_size,
    written_step,
)
from policy_gate.cards.stated_number import StatedNumber, spelled
from policy_gate.cards.stated_twice import worst_of
from policy_gate.cards.text_normal import key_of
from policy_gate.schema.facts import Metric
from policy_gate.schema.intervals import wilson

OVERALL: Final = "overall"
ONLY_RESULT: Final = "result"
"""the one number of a group under which no metric is named"""
_MOST_PAIRS: Final = 400
"""values of one metric times its limits that are held against each other"""
THRESHOLDS: Final = "performance_thresholds"
_GROUPS: Final = "performance_by_group"
_UNREAD: Final = "cannot be read as one number with its unit"
_NO_RESULT: Final = (
    "cannot be read as one result: write the number and its unit alone, such as 0.91 or 91 %; what else there is to "
    "say of it has a column of its own"
)
_SIZE_KEYS: Final = ("n", "size", "sample_size", "samples", "cases", "n_samples", "support")
_INTERVAL_KEYS: Final = ("interval", "confidence_interval", "ci", "ci95", "range")
_ATTRIBUTES_TEXT: Final = """
    gender sex age race ethnicity region language country nationality religion disability dialect accent origin
    genero gênero género sexo idade edad raça raza etnia região región idioma geschlecht alter
    herkunft sprache genre âge
    """
_ATTRIBUTES: Final = frozenset({*_ATTRIBUTES_TEXT.split(), "age group", "skin tone", "skin type"})
"""what people are told apart by, in the languages that cards are written in"""
_NO_UNITS: Final = ("", "ratio", "share", "proportion", "fraction", "score", "none")
_ALL_GROUPS: Final = frozenset(
    {"overall", "all", "total", "everyone", "whole", "average", "mean", "aggregate", "combined"}
)


def metric(name: str, group: str, raw: Any, wanted: Any = None, line: int | None = None) -> Metric:
    """One metric with value and threshold brought to the same unit; `raw` is a number, a text or a typed metric.

    The value is None, with `problem` saying why, where it or its limit is no number, or both have no unit in common.
    """
    if is_typed(raw):
        return _typed(name, group, raw, wanted, line)
    value, limit = _read_value(name, raw), read_number(wanted, of_limit=True)
    unit = value.unit if value else limit.unit if limit else ""
    higher = higher_is_better(name, wanted, unit)
    values = (value.value if value else None, limit.value if limit else None)
    plain = Metric(name.strip(), group, *values, higher_is_better=higher, line=line, unit=unit)
    plain = plain if value is None else _measured(plain, value, raw)
    if limit is None and _is_stated(wanted):
        problem = f'its limit "{_short(wanted)}" {_UNREAD}'
        return replace(plain, value=None, problem=problem, has_unread_limit=True)
    if value is None:
        return replace(plain, problem=f'"{_short(raw)}" {_NO_RESULT}') if _is_stated(raw) else plain
    if not isinstance(raw, int | float) and is_bounded(str(raw), higher=higher):
        return replace(plain, value=None, problem=f'"{_short(raw)}" bounds the number on the side that says nothing')
    return plain if limit is None else _compared(plain, value, limit)


def _read_value(name: str, raw: Any) -> NumberReading | None:
    """The number; of a difference, which has two sides, how far off it is."""
    found = read_number(raw)
    if found is None or found.value >= 0 or not is_distance(name):
        return found
    spread = (-found.spread[1], -found.spread[0]) if found.spread else None
    return replace(found, value=-found.value, spread=spread)


def is_typed(raw: Any) -> bool:
    """Whether this is a metric with a value of its own key, beside which stand its unit, size, interval or evidence."""
    return isinstance(raw, Mapping) and any(str(key).casefold() in ("value", "evidence") for key in raw)


def _typed(name: str, group: str, raw: Mapping[Any, Any], wanted: Any, line: int | None) -> Metric:
    """A metric from its parts: value, unit, size, interval, threshold, direction and evidence."""
    parts = {str(key).casefold().replace(" ", "_").replace("-", "_"): value for key, value in raw.items()}
    written = with_note(_with_unit(parts.get("value"), parts.get("unit")), notes_in(parts))
    limit = limit_beside(parts) if wanted is None else wanted
    plain = metric(name, group, written, _with_unit(limit, parts.get("unit")), line)
    direction = str(parts.get("direction", parts.get("better", ""))).casefold()
    stated = parts.get("higher_is_better")
    is_told = isinstance(stated, bool) or direction.startswith(("high", "low", "max", "min", "up", "down"))
    if is_told:
        plain = replace(
            plain,
            higher_is_better=stated if isinstance(stated, bool) else direction.startswith(("high", "max", "up")),
        )
    size = next((parts[key] for key in _SIZE_KEYS if _is_count(parts.get(key))), plain.size)
    ends = _ends(next((parts[key] for key in _INTERVAL_KEYS if parts.get(key) is not None), None), parts.get("unit"))
    plain = replace(plain, size=size, claim=evidence_of(parts.get("evidence")))
    reading = _read_value(name, written)
    if plain.value is None or reading is None:
        return plain
    first = read_number(written)
    if ends is not None and first is not None and first.value != reading.value:
        ends = (-ends[1], -ends[0])
    if ends is not None and not ends[0] <= reading.value <= ends[1]:
        return replace(plain, value=None, problem="its interval does not hold the number itself")
    if ends is not None and is_wide(NumberReading(reading.value, spread=ends)):
        return replace(plain, value=None, problem="its interval is too wide for the number to say anything")
    factor = plain.value / reading.value if reading.value else 1.0
    low, high = ends or _wilson_of(reading, size) or (None, None)
    if low is None or high is None:
        return plain
    return replace(plain, low=low * factor, high=high * factor)


def _with_unit(value: Any, unit: Any) -> Any:
    """The value as it would be written with its unit behind it."""
    if value is None or not isinstance(unit, str) or unit.strip().casefold() in _NO_UNITS:
        return value
    has_one = isinstance(value, str) and re.search(r"[^\W\d_]|%", value)
    return value if has_one else f"{getattr(value, 'text', value)} {unit.strip()}"


def _ends(stated: Any, unit: Any) -> tuple[float, float] | None:
    """Both ends of an interval that is written as two numbers, by name, or as a text such as "0.88 to 0.94"."""
    if isinstance(stated, Mapping):
        by_name = {str(key).casefold(): value for key, value in stated.items()}
        low = next((by_name[key] for key in ("low", "lower", "min") if key in by_name), None)
        stated = [low, next((by_name[key] for key in ("high", "upper", "max") if key in by_name), None)]
    if isinstance(stated, str):
        stated = [part for part in re.split(r"\s*(?:[,;–—]|\bto\b|(?<=[\d%])\s*-)\s*", stated.strip(" []()")) if part]
    if not isinstance(stated, list | tuple) or len(stated) != 2:
        return None
    ends = [read_number(_with_unit(end, unit)) for end in stated]
    return (ends[0].value, ends[1].value) if ends[0] and ends[1] and ends[0].value <= ends[1].value else None


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**12


def _measured(plain: Metric, value: NumberReading, raw: Any) -> Metric:
    """The metric with its size, the ends between which it lies, and how it was rounded."""
    size = sample_size(raw)
    low, high = value.spread or _wilson_of(value, size) or (None, None)
    return replace(plain, size=size, low=low, high=high, step=written_step(raw, value))


def _wilson_of(value: NumberReading, size: int | None) -> tuple[float, float] | None:
    """Where a part of one lies that was counted over so many; None for what is none."""
    if size is None or value.unit not in ("", RATIO) or not 0 <= value.value <= 1:
        return None
    found = wilson(value.value * size, size)
    return found.low, found.high


def _compared(plain: Metric, value: NumberReading, limit: NumberReading) -> Metric:
    pair = on_one_scale(plain.name, value, limit)
    if pair is None:
        problem = f"{_said(value)} and its limit {_said(limit)} have no unit in common: write the same unit at both"
        return replace(plain, value=None, threshold=limit.value, problem=problem, unit=limit.unit)
    factor = pair[0].value / value.value if value.value else 1.0
    low, high = (None if end is None else end * factor for end in (plain.low, plain.high))
    found = replace(plain, value=pair[0].value, threshold=pair[1].value, unit=pair[0].unit, problem="")
    return replace(found, low=low, high=high, step=plain.step * abs(factor))


def held_to(now: Metric, old: Metric) -> Metric:
    """A metric measured against the limit of another, which is stricter."""
    kept = replace(now, threshold=old.threshold, higher_is_better=old.higher_is_better, has_unread_limit=False)
    if now.value is None or old.threshold is None:
        return kept
    return _compared(kept, NumberReading(now.value, now.unit), NumberReading(old.threshold, old.unit))


def is_worse(old: Metric, new: Metric | None) -> bool:
    """Whether a reported number got worse, is gone, or cannot be compared with what it was."""
    return new is None or _is_less(old, old.value, new, new.value)


def worsened_by(old: Metric, new: Metric | None) -> float:
    """By how many per cent of what it was a number got worse; 100 where it is gone or cannot be compared."""
    if new is None or old.value is None or new.value is None:
        return 100.0
    pair = on_one_scale(old.name, NumberReading(old.value, old.unit), NumberReading(new.value, new.unit))
    if pair is None or not pair[0].value:
        return 100.0
    loss = pair[0].value - pair[1].value if old.higher_is_better else pair[1].value - pair[0].value
    return max(loss / abs(pair[0].value) * 100, 0.0)


def is_loosened(old: Metric, new: Metric | None) -> bool:
    """Whether a threshold is gone, asks for less, points the other way, or cannot be compared with what it was."""
    if new is None or new.higher_is_better != old.higher_is_better:
        return True
    return _is_less(old, old.threshold, new, new.threshold)


def _is_less(old: Metric, before: float | None, new: Metric, after: float | None) -> bool:
    if before is None or after is None:
        return True
    pair = on_one_scale(old.name, NumberReading(before, old.unit), NumberReading(after, new.unit))
    if pair is None:
        return True
    return pair[1].value < pair[0].value if old.higher_is_better else pair[1].value > pair[0].value


def _is_stated(raw: Any) -> bool:
    """Whether something with a figure stands there: words alone are no number that was misread."""
    return isinstance(raw, str) and not is_struck(raw) and bool(re.search(r"\d", raw)) and not is_placeholder(raw)


def _short(raw: Any) -> str:
    return " ".join(str(raw).split())[:60]


def _said(number: NumberReading) -> str:
    if number.unit == RATIO:
        return f"{number.value * 100:g}%"
    return f"{number.value:g} {number.unit}".strip()


def metrics_of(
    overall: Mapping[str, Any],
    groups: Mapping[str, Any],
    thresholds: Mapping[str, Any],
    lines: Mapping[str, int],
    again: Iterable[StatedNumber] = (),
) -> tuple[Metric, ...]:
    """All metrics of a card, sorted by group and name; a threshold without a result is a metric without value.

    A threshold holds for the overall result, and for a group where both names stand over it, in either order. `again`
    are the places that give a number once more: of two that differ the less good one counts, beside the stricter limit.
    """
    stated = [StatedNumber("", OVERALL, name, raw, lines.get(name)) for name, raw in flat(overall)]
    for group, results in _each_group(groups):
        stated += _of_group(group, results, lines)
    limits = list(_each_limit(thresholds, stated, lines))
    for it in again:
        (limits if it.part == THRESHOLDS else stated).append(it)
    stated, limits = limits_by_names(stated, limits)
    found: dict[tuple[str, str], tuple[list[StatedNumber], list[StatedNumber]]] = {}
    for place, kind in ((0, stated), (1, limits)):
        for it in kind:
            found.setdefault((spelled(it.group), spelled(it.name)), ([], []))[place].append(it)
    metrics = (_one_of(values, wanted) for values, wanted in found.values())
    return tuple(sorted(metrics, key=lambda item: (item.group, item.name)))


def with_more(
    numbers: Mapping[str, Mapping[str, Any]], more: Iterable[tuple[str, Mapping[str, Any]]]
) -> tuple[dict[str, Mapping[str, Any]], tuple[StatedNumber, ...]]:
    """The numbers of each field with those that further places give; those that they give once more are apart."""
    found: dict[str, dict[str, Any]] = {name: dict(values) for name, values in numbers.items()}
    again: list[StatedNumber] = []
    for part, values in more:
        known = {key_of(name): name for name in found[part]}
        for name, raw in values.items():
            own = known.get(key_of(name))
            if own is None:
                found[part][name] = raw
            elif raw != found[part][own]:
                again += _given_again(part, own, raw)
    return dict(found), tuple(again)


def _given_again(part: str, name: str, raw: Any) -> Iterator[StatedNumber]:
    """What one place more gives under a name: of a group, of limits for one, or of the whole."""
    if part == _GROUPS:
        for group, results in _each_group({name: raw}):
            yield from _of_group(group, results, {})
    elif part == THRESHOLDS and isinstance(raw, Mapping) and not is_typed(raw):
        yield from (StatedNumber(part, name, inner, it) for inner, it in raw.items())
    else:
        yield from (StatedNumber(part, OVERALL, inner, it) for inner, it in flat({name: raw}))


def _one_of(values: list[StatedNumber], limits: list[StatedNumber]) -> Metric:
    if not values:
        first = limits[0]
        values = [StatedNumber("", first.group, first.name, None, first.line)]
    values, limits = _each_once(values), _each_once(limits)
    wanted = [it.raw for it in limits]
    if len(values) * max(len(wanted), 1) > _MOST_PAIRS:
        first = values[0]
        problem = f"the card gives it {len(values)} values and {len(wanted)} limits: write one of each"
        plain = metric(first.name, first.group, None, None, first.line)
        return replace(plain, problem=problem, has_unread_limit=bool(wanted))
    read = [
        metric(it.name, it.group, it.raw, limit, it.line)
        for it in values
        for limit in (*wanted, *([None] if not wanted or _has_own_limit(it.raw) else []))
    ]
    return worst_of(read)


def _each_once(stated: list[StatedNumber]) -> list[StatedNumber]:
    """What places say, the same in the same words taken once."""
    found: dict[str, StatedNumber] = {}
    for it in stated:
        found.setdefault(repr(it.raw), it)
    return list(found.values())


def _has_own_limit(raw: Any) -> bool:
    return is_typed(raw) and limit_beside(raw) is not None


def _each_limit(
    thresholds: Mapping[str, Any], stated: Sequence[StatedNumber], lines: Mapping[str, int]
) -> Iterator[StatedNumber]:
    """Every limit with what it is for; below a name that is neither one of all nor known from a result it is none."""
    groups = {spelled(it.group) for it in stated if it.group != OVERALL}
    names = {spelled(it.name) for it in stated}
    for name, wanted in _each_group(thresholds):
        own = limit_of(wanted)
        if not isinstance(own, Mapping):
            yield StatedNumber("", OVERALL, name, own, lines.get(name))
            continue
        is_metric = spelled(name) in names and spelled(name) not in groups
        for inner, limit in own.items():
            group, measured = (inner, name) if is_metric else (name, inner)
            is_of_all = key_of(group) in _ALL_GROUPS and spelled(group) not in groups
            if is_of_all or spelled(group) in groups:
                yield StatedNumber("", OVERALL if is_of_all else group, measured, limit_of(limit), lines.get(name))


def is_group(name: str) -> bool:
    """Whether a group has a name of its own, and is not all of them."""
    return bool(key_of(name)) and not is_placeholder(name) and key_of(name) not in _ALL_GROUPS


def real_groups(groups: Mapping[str, Any]) -> int:
    """How many groups have a name of their own and at least one number."""
    return len({key_of(name) for name, results in _each_group(groups) if _has_number(results) and is_group(name)})


def _each_group(groups: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every group with its results; below an attribute of people, such as gender, each of its values is a group."""
    for name, results in groups.items():
        inner = list(results.items()) if isinstance(results, Mapping) and key_of(name) in _ATTRIBUTES else []
        if inner and all(isinstance(it, Mapping) and not is_typed(it) for _, it in inner):
            yield from ((f"{name} {value}", it) for value, it in inner)
        else:
            yield name, results


def flat(results: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """The leaves of nested results, named by their way; what a map says of all its numbers stands with each."""
    notes = tuple(notes_in(results))
    for name, value in results.items():
        if isinstance(value, Mapping) and not is_typed(value):
            yield from ((way, with_note(it, notes)) for way, it in flat(value, f"{prefix}{name} "))
        elif isinstance(value, list | tuple):
            continue
        else:
            is_map = isinstance(value, Mapping) and bool(notes)
            yield f"{prefix}{name}", {**value, "note": notes[0]} if is_map else with_note(value, notes)


def _of_group(group: str, results: Any, lines: Mapping[str, int]) -> list[StatedNumber]:
    line = lines.get(group)
    if not isinstance(results, Mapping):
        return [StatedNumber("", group, ONLY_RESULT, results, line)]
    return [StatedNumber("", group, name, raw, lines.get(f"{group} {name}", line)) for name, raw in flat(results)]


def _has_number(results: Any) -> bool:
    if isinstance(results, Mapping):
        return any(read_number(_value_in(raw)) is not None for _, raw in flat(results))
    return read_number(results) is not None


def _value_in(raw: Any) -> Any:
    return next((it for key, it in raw.items() if str(key).casefold() == "value"), None) if is_typed(raw) else raw
