"""What a card's results say of groups beside one another: the largest gap, the ratio of selection rates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from policy_gate.cards.metrics import is_group
from policy_gate.cards.quantities import RATIO
from policy_gate.cards.text_normal import key_of
from policy_gate.schema.facts import Metric
from policy_gate.schema.patterns import lazy_pattern

_SELECTED: Final = lazy_pattern(
    r"\b(?:selection|selected|acceptance|accepted|approval|approved|hiring|hire|shortlist(?:ing)?|invitation|offer|"
    r"favou?rable(?: outcome)?|positive(?: prediction| outcome)?) rate\b|\bimpact rate\b"
)
_NOT_SELECTED: Final = lazy_pattern(r"\b(?:true|false) (?:positive|acceptance)|\b(?:human|user|code) ")

_PLACES = 12
"""decimal places of a ratio, which written rates do not reach"""


def group_values(metrics: Sequence[Metric]) -> dict[str, Any]:
    """The `system.*` values of groups beside one another; what cannot be told is absent.

    `selection_rate_ratio` is the least group's rate over the greatest's, the worst of several rates;
    `largest_group_gap` the widest distance between groups of any share, from 0 to 1.
    """
    by_name: dict[str, list[float]] = {}
    for it in metrics:
        if it.value is not None and is_group(it.group) and it.unit in ("", RATIO) and 0 <= it.value <= 1:
            by_name.setdefault(key_of(it.name), []).append(it.value)
    compared = {name: values for name, values in by_name.items() if len(values) > 1}
    rates = [values for name, values in compared.items() if _is_selection(name) and max(values) > 0]
    found: dict[str, Any] = {"system.has_selection_rates": bool(rates)}
    if rates:
        # Of 0.04 and 0.05 the ratio is 0.8, and floating point makes it less.
        found["system.selection_rate_ratio"] = min(round(min(values) / max(values), _PLACES) for values in rates)
    if compared:
        found["system.largest_group_gap"] = max(max(values) - min(values) for values in compared.values())
    return found


def _is_selection(name: str) -> bool:
    plain = " ".join(re.findall(r"[^\W_]+", name))
    return bool(_SELECTED.search(plain)) and not _NOT_SELECTED.search(plain)
