"""Ages: which period counts, how old is too old, and when new work claims too early a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from policy_gate.evaluate.dates import dated, is_earlier, period_of
from policy_gate.schema.dates import Period

TODAY = date(2026, 11, 28)
YEAR, MONTH = Period.parse("P1Y"), Period.parse("P1M")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_what_the_requirement_says_comes_before_the_catalogue_and_only_for_its_tiers() -> None:
    assert period_of(None, {"high": YEAR}, "high") == YEAR
    assert period_of({"high": MONTH}, {"high": YEAR}, "high") == MONTH
    assert period_of({"low": MONTH}, {"high": YEAR}, "high") is None
    assert period_of({}, {"high": YEAR}, "high") is None
    assert period_of(None, None, "high") is None


@pytest.mark.parametrize(
    ("completed", "before", "earlier"),
    [
        (None, None, False),
        (ago(400), None, False),
        (None, ago(90), True),
        (ago(100), ago(90), True),
        (ago(90), ago(90), True),
        (ago(89), ago(90), False),
        # work of today or yesterday may well be of the day of the work it replaces
        (ago(0), ago(0), False),
        (ago(1), ago(0), False),
        (ago(1), ago(1), False),
        (ago(2), ago(2), True),
        (ago(2), ago(1), True),
    ],
)
def test_new_work_is_of_a_later_day_than_the_work_it_replaces(
    completed: date | None, before: date | None, earlier: bool
) -> None:
    assert is_earlier(completed, before, TODAY) is earlier


@pytest.mark.parametrize(
    ("completed", "period", "cause"),
    [
        (ago(0), YEAR, None),
        (ago(365), YEAR, None),
        (ago(366), YEAR, "stale"),
        (ago(9999), None, None),
        (None, None, None),
        (None, YEAR, "undated"),
        (ago(-1), YEAR, None),
        (ago(-2), YEAR, "refused"),
        (ago(-2), None, "refused"),
    ],
)
def test_a_date_is_there_where_one_is_wanted_not_too_old_and_not_to_come(
    completed: date | None, period: Period | None, cause: str | None
) -> None:
    fault = dated(completed, period, TODAY)
    assert (fault.cause if fault else None) == cause
