"""D61: a sum in other signs is the same sum, and what nobody can compare is less."""

# ruff: noqa: E501 - tables of cases are read one a line

from __future__ import annotations

import pytest

from policy_gate.facts.changes_vendors import exceeds


@pytest.mark.parametrize(
    "same",
    [
        "5 Mio. EUR", "EUR 5,000,000", "EUR 5.000.000", "5.000.000 €", "€5,000,000", "€ 5m", "5 million euros",
        "EUR 5 Millionen", "5 M€", "EUR 5 000 000", "EUR 5\u202f000\u202f000", "EUR 5\u2019000\u2019000", "5 mln EUR",
    ],
)  # fmt: skip
def test_a_sum_in_other_signs_is_the_same(same: str) -> None:
    assert (exceeds(same, "EUR 5 million"), exceeds("EUR 5 million", same)) == (None, None)
    assert (exceeds(same, "EUR 4 million"), exceeds(same, "EUR 6 million")) == (True, False)


@pytest.mark.parametrize(
    "less",
    [
        "4 Mio. EUR", "4.999.999 €", "€4m", "USD 5 million", "US$ 9 million", "$ 9 million", "CHF 9 million", "9 million",
        "£9m", "EUR 5.000", "EUR 5 000 per claim", "EUR 9 million per claim", "EUR 9 million in all, EUR 1 million a claim",
        "12 months of fees", "EUR 9 lakh", "EUR 9e9", "unlimited but for negligence", "none", "0", "EUR 9 million cents",
        "EUR 9000 000", "EUR 9.000.00",
    ],
)  # fmt: skip
def test_control_another_currency_or_what_nobody_can_compare_is_less(less: str) -> None:
    assert exceeds(less, "EUR 5 million") is False


def test_what_is_a_dollar_is_said() -> None:
    assert exceeds("US$ 5m", "USD 5,000,000") is None
    assert exceeds("$ 5m", "USD 5,000,000") is False
