"""Ages: declared dates against the periods that rules allow (D09)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from policy_gate.schema.dates import Period, is_to_come
from policy_gate.schema.vocabulary import Cause, Tier

_DAY: Final = timedelta(days=1)


def period_of(wanted: Mapping[Tier, Period] | None, usual: Mapping[Tier, Period] | None, tier: Tier) -> Period | None:
    """The longest age allowed: what the requirement says for the tier, else what the catalogue says."""
    said = usual if wanted is None else wanted
    return said.get(tier) if said else None


def is_earlier(completed: date | None, before: date | None, today: date) -> bool:
    """Whether new work claims a day no later than the work that it replaces, and is not of today (D52)."""
    if before is None:
        return False
    return completed is None or (completed <= before and completed < today - _DAY)


class DateFault(NamedTuple):
    """Why a date does not do."""

    cause: Cause
    seen: str
    wanted: str


def dated(completed: date | None, period: Period | None, today: date) -> DateFault | None:
    """Why a date does not do; None where it does."""
    if completed is not None and is_to_come(completed, today):
        return DateFault("refused", f"completed {completed}, which is in the future", "the day it was really done")
    if period is None:
        return None
    if completed is None:
        return DateFault("undated", "no completed date", f"`completed: YYYY-MM-DD`, not older than {period.words}")
    if period.after(completed) < today:
        return DateFault("stale", f"completed {completed}", f"not older than {period.words}")
    return None
