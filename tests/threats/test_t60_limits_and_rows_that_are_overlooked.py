"""T60: a result below its limit that is written so that limit or result is overlooked."""

from __future__ import annotations

import pytest
from evidence import card
from promotion import Promotion

LIMITS = "\n\n## Thresholds\n\n{}\n"
RESULT = "\n## Evaluation results\n\n- share of fair orders: {}\n"


def in_rows(first: str, *rows: tuple[str, float]) -> str:
    lines = "".join(f"| {name} | {value} |\n" for name, value in rows)
    return f"\n## Evaluation results\n\n| {first} | share of fair orders |\n|---|---|\n{lines}"


@pytest.mark.parametrize("sign", ["≥", ">=", "⩾", "≧", "at least"])
def test_t60_a_limit_behind_a_sign_holds(promotion: Promotion, sign: str) -> None:
    limit = LIMITS.format(f"- share of fair orders {sign} 0.85")
    result = promotion.attempt({"MODEL_CARD.md": card() + RESULT.format(0.7) + limit})
    assert result.code == 1
    assert result.blocking()[0].startswith("that:metric-")
    assert promotion.attempt({"MODEL_CARD.md": card() + RESULT.format(0.9) + limit}).code == 0


@pytest.mark.parametrize(
    ("first", "worse", "better"),
    [("Data", "old data", "new data"), ("Version", "v1", "v2"), ("Run", "last year", "this year")],
)
def test_t60_a_row_of_other_data_or_of_no_stated_version_counts(
    promotion: Promotion, first: str, worse: str, better: str
) -> None:
    limit = LIMITS.format("- share of fair orders: 0.85")
    rows = in_rows(first, (worse, 0.7), (better, 0.9))
    assert promotion.attempt({"MODEL_CARD.md": card() + rows + limit}).code == 1
    rows = in_rows(first, (worse, 0.88), (better, 0.9))
    assert promotion.attempt({"MODEL_CARD.md": card() + rows + limit}).code == 0
