"""T60: a card whose cell has a number in it that measures nothing; the many forms are in tests/facts."""

from __future__ import annotations

import pytest
from evidence import card
from promotion import Promotion


def with_cell(value: str) -> str:
    rows = f"| Metric | Value | Threshold |\n|---|---|---|\n| share of fair orders | {value} | 0.85 |\n"
    return card() + f"\n## Evaluation results\n\n{rows}"


@pytest.mark.parametrize(
    "value",
    [
        "95 of 136", "2026-11-20", "~~0.9~~", "<del>0.9</del> 0.7", "70", "0.7 to 0.9", "v2.1", "0.9 or less",
        "0.9 at best", "0.9 ± 0.5", "0.9 (if it works)",
    ],
)  # fmt: skip
def test_t60_a_number_that_measures_nothing_blocks(promotion: Promotion, value: str) -> None:
    result = promotion.attempt({"MODEL_CARD.md": with_cell(value)})
    assert result.code == 1
    assert result.blocking()[0].startswith("that:metric-")


@pytest.mark.parametrize("value", ["120 of 136", "86 %", "0.9 ± 0.01", "~~0.7~~ 0.9"])
def test_t60_control_a_measurement_passes(promotion: Promotion, value: str) -> None:
    assert promotion.attempt({"MODEL_CARD.md": with_cell(value)}).code == 0


@pytest.mark.parametrize(
    "note", ["\n\\* On the training set.\n", "\nAll figures are estimates.\n", "\n\\* target for the next release\n"]
)
def test_t60_a_number_whose_note_says_that_nobody_measured_it_blocks(promotion: Promotion, note: str) -> None:
    result = promotion.attempt({"MODEL_CARD.md": with_cell("0.9\\*") + note})
    assert result.code == 1
    assert result.blocking()[0].startswith("that:metric-")


@pytest.mark.parametrize(
    "note", ["\n\\* On 1,200 orders of the test set.\n", "\nThe intervals are estimated by bootstrap.\n"]
)
def test_t60_control_any_other_note_leaves_it_a_measurement(promotion: Promotion, note: str) -> None:
    assert promotion.attempt({"MODEL_CARD.md": with_cell("0.9\\*") + note}).code == 0
