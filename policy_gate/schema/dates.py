"""Dates and periods: aware instants, calendar dates, and ISO 8601 durations in whole units."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from msgspec import Struct

from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.vocabulary import TIERS, Tier

Instant = datetime
"""An aware point in time, UTC."""

_DAY = timedelta(days=1)
_LONGEST = (date.max - date.min).days
_PERIOD = lazy_pattern(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?\Z")


_SPOKEN = lazy_pattern(r"(?i)p? ?(\d{1,5}) ?(d|days?|tage?|w|weeks?|wochen?|m|months?|monate?|y|years?|jahre?)\.?\Z")
_UNITS = {"d": "D", "t": "D", "w": "W", "m": "M", "y": "Y", "j": "Y"}


def lies_ahead(day: date, today: date) -> bool:
    """Whether a day has come nowhere yet: a time zone explains one day."""
    return day - today > _DAY


class PeriodError(ValueError):
    """A text that is no period; `hint` says how what was likely meant is written."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no ISO 8601 duration such as P1Y, P6M or P90D")
        spoken = _SPOKEN.match(text.strip())
        self.hint = f"write P{spoken[1]}{_UNITS[spoken[2][0].lower()]}" if spoken else ""


class Period(Struct, frozen=True):
    """An ISO 8601 duration of years, months and days, such as P1Y, P6M or P90D."""

    months: int
    days: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `text`; PeriodError where it is no such duration or is empty."""
        found = _PERIOD.match(text)
        if not found or not any(found.groups()):
            raise PeriodError(text)
        years, months, weeks, days = (int(group or 0) for group in found.groups())
        return cls(years * 12 + months, weeks * 7 + days)

    def after(self, start: date) -> date:
        """The calendar date one period after `start`; the day is clipped to the month's end.

        What lies beyond the last day of the calendar is that day.
        """
        return _after(start, self.months, self.days)

    @property
    def rough_days(self) -> float:
        """Length in days for comparing two periods; a month counts 30.4375 days."""
        return self.months * 30.4375 + self.days

    @property
    def words(self) -> str:
        """As people say it: '1 year', '6 months', '1 year and 6 months'."""
        counted = (*zip(divmod(self.months, 12), ("year", "month"), strict=True), (self.days, "day"))
        parts = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in counted if number]
        return " and ".join(parts) or "0 days"

    @property
    def every(self) -> str:
        """How often what recurs comes: 'every year', 'every 6 months'."""
        is_one = (self.months in (1, 12) and not self.days) or (self.months, self.days) == (0, 1)
        return f"every {self.words.removeprefix('1 ') if is_one else self.words}"

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        parts = (f"{years}Y" if years else "", f"{months}M" if months else "", f"{self.days}D" if self.days else "")
        return "P" + ("".join(parts) or "0D")


@lru_cache(maxsize=4096)
def _after(start: date, months: int, days: int) -> date:
    """As `Period.after`; the same days are asked for again and again."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    if year > date.max.year or days > _LONGEST:
        return date.max
    day = min(start.day, calendar.monthrange(year, month)[1])
    reached = date(year, month, day)
    return reached + timedelta(days=min(days, (date.max - reached).days))


def by_tier(value: str | Mapping[Tier, str] | None) -> dict[Tier, str]:
    """A duration for each tier; a plain one is the same for all, None is none."""
    if value is None:
        return {}
    return dict.fromkeys(TIERS, value) if isinstance(value, str) else dict(value)


def periods(value: str | Mapping[Tier, str] | None) -> dict[Tier, Period] | None:
    """A duration for each tier, read; None where none is given."""
    return {tier: Period.parse(text) for tier, text in by_tier(value).items()} or None


def is_to_come(day: date, today: date) -> bool:
    """Whether a day lies ahead by more than a time zone can explain: nothing was done on it yet (D09)."""
    return day > today and day - today > _DAY


def end_of_day(day: date) -> Instant:
    """The last second of a UTC day, which is what a bare date means as `as_of`."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)
