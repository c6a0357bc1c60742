"""The numbers of a model card: values beside their thresholds, in one unit; which way is better; groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.cards.placeholders import is_placeholder
from policy_gate.cards.quantities import RATIO, NumberReading, is_struck, on_one_scale, read_number
from policy_gate.cards.text_normal import key_of
from policy_gate.schema.facts import Metric
from policy_gate.schema.patterns import lazy_pattern

OVERALL: Final = "overall"
_UNREAD: Final = "cannot be read as one number with its unit"
_NO_RESULT: Final = (
    "cannot be read as one result: write the number and its unit alone, such as 0.91 or 91 %; what else there is to "
    "say of it has a column of its own"
)
_LOWER_SIGN: Final = lazy_pattern(
    r"<=?|≤|\b(?:at most|max(?:imum)?|below|under|less than|no more than|up to|or less|or lower|or fewer)\b",
    re.IGNORECASE,
)
_HIGHER_SIGN: Final = lazy_pattern(
    r">=?|≥|\b(?:at least|min(?:imum)?|above|over|(?<!no )more than|no less than|or more|or higher)\b", re.IGNORECASE
)
_BOUND_BEHIND: Final = lazy_pattern(
    r"\b(?:or (?:less|lower|fewer|more|higher)|at (?:least|most)|max(?:imum)?|min(?:imum)?)\W*\Z", re.IGNORECASE
)
_LOWER_NAMES: Final = lazy_pattern(
    r"error|loss|latency|perplexity|toxic|hallucinat|drift|violation|leak|jailbreak|attack success|"
    r"\b(?:fpr|fnr|far|frr|mae|mse|rmse|mape|wer|cer|ece|eer|brier|bpb|fid|ter)\b|false (?:positive|negative|alarm)|"
    r"\b(?:bias|parity|odds|opportunity) difference\b|\bgap\b|disparity",
    re.IGNORECASE,
)
_ALL_GROUPS: Final = frozenset(
    {"overall", "all", "total", "everyone", "whole", "average", "mean", "aggregate", "combined"}
)


def metric(name: str, group: str, raw: Any, wanted: Any = None, line: int | None = None) -> Metric:
    """One metric with value and threshold brought to the same unit.

    The value is None, with `problem` saying why, where it or its limit is no number, or both have no unit in common.
    """
    value, limit = read_number(raw), read_number(wanted, of_limit=True)
    higher = _higher_is_better(name, wanted)
    unit = value.unit if value else limit.unit if limit else ""
    values = (value.value if value else None, limit.value if limit else None)
    plain = Metric(name.strip(), group, *values, higher_is_better=higher, line=line, unit=unit)
    if limit is None and _is_stated(wanted):
        problem = f'its limit "{_short(wanted)}" {_UNREAD}'
        return replace(plain, value=None, problem=problem, has_unread_limit=True)
    if value is None:
        return replace(plain, problem=f'"{_short(raw)}" {_NO_RESULT}') if _is_stated(raw) else plain
    if not isinstance(raw, int | float) and _is_bounded(str(raw), _LOWER_SIGN if higher else _HIGHER_SIGN):
        return replace(plain, value=None, problem=f'"{_short(raw)}" bounds the number on the side that says nothing')
    return plain if limit is None else _compared(plain, value, limit)


def _is_bounded(raw: str, sign: re.Pattern[str]) -> bool:
    """Whether a bound of this side stands before or behind the number."""
    behind = _BOUND_BEHIND.search(raw)
    return bool(sign.match(raw.strip(" *_`")) or (behind and sign.search(behind[0])))


def _compared(plain: Metric, value: NumberReading, limit: NumberReading) -> Metric:
    pair = on_one_scale(plain.name, value, limit)
    if pair is None:
        problem = f"{_said(value)} and its limit {_said(limit)} have no unit in common: write the same unit at both"
        return replace(plain, value=None, threshold=limit.value, problem=problem, unit=limit.unit)
    return replace(plain, value=pair[0].value, threshold=pair[1].value, unit=pair[0].unit, problem="")


def held_to(now: Metric, old: Metric) -> Metric:
    """A metric measured against the limit of another, which is stricter."""
    kept = replace(now, threshold=old.threshold, higher_is_better=old.higher_is_better, has_unread_limit=False)
    if now.value is None or old.threshold is None:
        return kept
    return _compared(kept, NumberReading(now.value, now.unit), NumberReading(old.threshold, old.unit))


def is_worse(old: Metric, new: Metric | None) -> bool:
    """Whether a reported number got worse, is gone, or cannot be compared with what it was."""
    return new is None or _is_less(old, old.value, new, new.value)


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
    overall: Mapping[str, Any], groups: Mapping[str, Any], thresholds: Mapping[str, Any], lines: Mapping[str, int]
) -> tuple[Metric, ...]:
    """All metrics of a card, sorted by group and name; a threshold without a result is a metric without value.

    A threshold holds for the overall result, and for groups where it stands under the group's name.
    """
    limits = {key_of(name): (name, wanted) for name, wanted in thresholds.items() if not isinstance(wanted, Mapping)}
    found: list[Metric] = []
    for name, raw in flat(overall):
        wanted = limits.pop(key_of(name), ("", None))[1]
        found.append(metric(name, OVERALL, raw, wanted, lines.get(name)))
    found += [metric(name, OVERALL, None, wanted, lines.get(name)) for name, wanted in limits.values()]
    for group, results in groups.items():
        own = thresholds.get(group)
        found += _of_group(group, results, own if isinstance(own, Mapping) else {}, lines)
    return tuple(sorted(found, key=lambda item: (item.group, item.name)))


def real_groups(groups: Mapping[str, Any]) -> int:
    """How many groups have a name of their own and at least one number."""
    named = {key_of(name) for name, results in groups.items() if _has_number(results) and not is_placeholder(name)}
    return len(named - _ALL_GROUPS)


def flat(results: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """The leaves of nested results, named by their way."""
    for name, value in results.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name} ")
        elif isinstance(value, list | tuple):
            continue
        else:
            yield f"{prefix}{name}", value


def _of_group(group: str, results: Any, limits: Mapping[str, Any], lines: Mapping[str, int]) -> list[Metric]:
    line = lines.get(group)
    if not isinstance(results, Mapping):
        return [metric("result", group, results, None, line)]
    found = [
        metric(name, group, raw, limits.get(name), lines.get(f"{group} {name}", line)) for name, raw in flat(results)
    ]
    seen = {item.name for item in found}
    return found + [metric(name, group, None, wanted, line) for name, wanted in limits.items() if name not in seen]


def _has_number(results: Any) -> bool:
    if isinstance(results, Mapping):
        return any(read_number(raw) is not None for _, raw in flat(results))
    return read_number(results) is not None


def _higher_is_better(name: str, wanted: Any) -> bool:
    text = wanted if isinstance(wanted, str) else ""
    if _LOWER_SIGN.search(text) or "↓" in name:
        return False
    if _HIGHER_SIGN.search(text) or "↑" in name:
        return True
    return not _LOWER_NAMES.search(re.sub(r"[_-]", " ", name))
