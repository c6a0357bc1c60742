"""Periods as people say them; documents keep the form of ISO 8601."""

import pytest

from policy_gate.schema.dates import Period


@pytest.mark.parametrize(
    ("text", "words", "every"),
    [
        ("P1Y", "1 year", "every year"),
        ("P6M", "6 months", "every 6 months"),
        ("P1M", "1 month", "every month"),
        ("P1D", "1 day", "every day"),
        ("P2W", "14 days", "every 14 days"),
        ("P18M", "1 year and 6 months", "every 1 year and 6 months"),
        ("P1Y1D", "1 year and 1 day", "every 1 year and 1 day"),
        ("P0D", "0 days", "every 0 days"),
    ],
)
def test_a_period_in_words(text: str, words: str, every: str) -> None:
    period = Period.parse(text)
    assert (period.words, period.every) == (words, every)
