"""Business days: Monday to Friday, less the holidays of a country where the `holidays` library is installed."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final

_SATURDAY = 5
NO_HOLIDAYS: Final = "holidays are not counted: pip install 'ai-policy-gate[calendar]'"


def shifted(start: datetime, days: int, calendar: str | None, zone: str | None = None) -> datetime:
    """The same time of day so many business days later; earlier where `days` is negative.

    `calendar` is a country, or a country and a subdivision (US, US-NY). `zone` says by whose clock a day begins, so
    that one moment gives one answer however it is written; without it `start` counts as the day it is written with.
    That day itself is not counted.
    """
    step = timedelta(days=1 if days >= 0 else -1)
    place = _zone(zone)
    left, reached = abs(days), start.astimezone(place) if place else start
    free = _holidays(calendar)
    while left:
        reached += step
        if reached.weekday() < _SATURDAY and (free is None or reached.date() not in free):
            left -= 1
    return reached.astimezone(start.tzinfo)


def not_counted(calendar: str | None, zone: str | None) -> tuple[str, ...]:
    """What cannot be told of a place here, in words; empty where all can."""
    found = []
    if calendar is not None and _holidays(calendar) is None:
        found.append(NO_HOLIDAYS if _library() is None else f"no holidays of {calendar} are known, so none are counted")
    if zone is not None and _zone(zone) is None:
        found.append(f"the zone {zone} is not known here, so days begin as the time is written")
    return tuple(found)


def _library() -> Any:
    try:
        import holidays  # noqa: PLC0415 - an extra; few clocks count business days
    except ImportError:
        return None
    return holidays


@lru_cache(maxsize=32)
def _holidays(calendar: str | None) -> Any:
    library = _library()
    if calendar is None or library is None:
        return None
    country, _, subdivision = calendar.partition("-")
    try:
        return library.country_holidays(country, subdiv=subdivision or None)
    except (RuntimeError, KeyError, ValueError):
        return None


@lru_cache(maxsize=32)
def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - as above

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
