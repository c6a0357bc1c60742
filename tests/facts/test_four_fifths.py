"""The ratio of selection rates at four fifths, on both sides of it, as written rates give it."""

from __future__ import annotations

import pytest

from policy_gate.facts.group_comparison import group_values
from policy_gate.schema.facts import Metric


def ratio(least: float, greatest: float) -> float:
    rates = [
        Metric(name="selection rate", group=group, value=value) for group, value in (("a", least), ("b", greatest))
    ]
    found: float = group_values(rates)["system.selection_rate_ratio"]
    return found


@pytest.mark.parametrize("hundredths", range(5, 105, 5))
def test_four_fifths_of_any_rate_is_four_fifths(hundredths: int) -> None:
    greatest = hundredths / 100
    assert ratio(hundredths * 4 / 500, greatest) == 0.8
    assert ratio(hundredths * 4 / 500 - 0.0001, greatest) < 0.8
    assert ratio(min(hundredths * 4 / 500 + 0.0001, greatest), greatest) > 0.8
