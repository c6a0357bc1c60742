"""The numbers of a model card: values with their units, thresholds with their direction, groups."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from policy_gate.cards.placeholders import is_placeholder
from policy_gate.cards.text_normal import key_of
from policy_gate.schema.facts import Metric

OVERALL: Final = "overall"
_NUMBER: Final = re.compile(
    r"(?P<sign>[-−+]?)(?P<digits>\d[\d,_]*(?:\.\d+)?|\.\d+)(?:[eE](?P<power>[-+]?\d{1,3}))?\s*(?P<percent>%)?"
)
_TOO_LARGE: Final = 1e300
_DECIMAL_COMMA: Final = re.compile(r"0,\d+|\d+,(?:\d{1,2}|\d{4,})")
_LOWER_SIGN: Final = re.compile(
    r"<=?|≤|\b(?:at most|max(?:imum)?|below|under|less than|no more than|up to)\b", re.IGNORECASE
)
_HIGHER_SIGN: Final = re.compile(
    r">=?|≥|\b(?:at least|min(?:imum)?|above|over|more than|no less than)\b", re.IGNORECASE
)
_LOWER_NAMES: Final = re.compile(
    r"error|loss|latency|perplexity|toxic|hallucinat|drift|violation|leak|jailbreak|attack success|"
    r"\b(?:fpr|fnr|far|frr|mae|mse|rmse|mape|wer|cer|ece|eer|brier|bpb|fid|ter)\b|false (?:positive|negative|alarm)|"
    r"\b(?:bias|parity|odds|opportunity) difference\b|\bgap\b|disparity",
    re.IGNORECASE,
)
_ALL_GROUPS: Final = frozenset(
    {"overall", "all", "total", "everyone", "whole", "average", "mean", "aggregate", "combined"}
)


class NumberReading(Struct, frozen=True):
    """A number as written: percent signs are divided out, `per_cent` remembers them."""

    value: float
    per_cent: bool = False


def read_number(raw: Any) -> NumberReading | None:
    """The first number of a value such as 0.91, "91.2%", "0.93 ± 0.02" or "≥ 1,000", or None."""
    if isinstance(raw, bool) or raw is None:
        return None
    if isinstance(raw, int | float):
        return NumberReading(float(raw)) if abs(raw) < _TOO_LARGE else None
    found = _NUMBER.search(str(raw))
    if not found:
        return None
    digits = found["digits"].rstrip(",_")
    if _DECIMAL_COMMA.fullmatch(digits):
        digits = digits.replace(",", ".")
    digits = re.sub(r"[,_]", "", digits)
    value = float(f"{'-' if found['sign'] in ('-', '−') else ''}{digits}e{found['power'] or 0}")
    if not math.isfinite(value):
        return None
    return NumberReading(value / 100, True) if found["percent"] else NumberReading(value)


def metric(name: str, group: str, raw: Any, wanted: Any = None, line: int | None = None) -> Metric:
    """One metric with value and threshold brought to the same unit; a value that is no number is None."""
    value, threshold = read_number(raw), read_number(wanted)
    at_value, at_threshold = value.value if value else None, threshold.value if threshold else None
    if value and threshold and value.per_cent != threshold.per_cent:
        plain = threshold.value if value.per_cent else value.value
        scaled = plain / 100 if abs(plain) > 1 else plain
        at_value, at_threshold = (value.value, scaled) if value.per_cent else (scaled, threshold.value)
    return Metric(name.strip(), group, at_value, at_threshold, _higher_is_better(name, wanted), line)


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
