"""Business days: Monday to Friday, less the holidays of a country where the `holidays` library is installed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

_SATURDAY = 5


def shifted(start: datetime, days: int, calendar: str | None) -> datetime:
    """The same time of day so many business days later; earlier where `days` is negative.

    `calendar` is a country, or a country and a subdivision (US, US-NY). The start itself is not counted.
    """
    step = timedelta(days=1 if days >= 0 else -1)
    left, reached = abs(days), start
    free = _holidays(calendar)
    while left:
        reached += step
        if reached.weekday() < _SATURDAY and not _is_free(free, reached.date()):
            left -= 1
    return reached


def knows_holidays(calendar: str | None) -> bool:
    """Whether the holidays of this calendar can be told; without them every Monday to Friday counts."""
    return _holidays(calendar) is not None


def _is_free(free: Any, day: date) -> bool:
    return free is not None and day in free


@lru_cache(maxsize=32)
def _holidays(calendar: str | None) -> Any:
    if calendar is None:
        return None
    try:
        import holidays  # noqa: PLC0415 - an extra; few clocks count business days
    except ImportError:
        return None
    country, _, subdivision = calendar.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None)
    except (RuntimeError, KeyError, ValueError):
        return None
