"""All systems of an organisation as of one sync, as a page shows them: counted and sorted, nothing decided anew.

`None` and empty mean that nobody said so. Days and instants are ISO 8601, as in a registry record.
"""

from __future__ import annotations

from msgspec import Struct


class SyncSeen(Struct, frozen=True):
    """The sync that an answer speaks of; no `at` where nothing was ever synced.

    `failed` repositories could not be read in it: what is shown of them is older. `unread` were never read.
    """

    at: str = ""
    number: int = 0
    repositories: int = 0
    failed: int = 0
    unread: int = 0
    oldest: str = ""
    """the day on which the longest unread of them was read last; empty where all are of this sync"""


class PortfolioSystem(Struct, frozen=True):
    """One system. `law` are its law classes, `gates` what it owes as (title, verdict, missing)."""

    repository: str
    id: str
    name: str
    description: str
    team: str
    contact: str
    stage: str
    tier: str
    score: int | None
    verdict: str
    law: tuple[str, ...] = ()
    gaps: int = 0
    unknown: int = 0
    waived: int = 0
    overdue: int = 0
    next_due: str = ""
    next_due_title: str = ""
    vendors: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    incidents: int = 0
    gates: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    open: tuple[tuple[str, str, str], ...] = ()
    """what is not met, as (state, title, due), the worst first"""
    manifest: str = ""
    read_on: str = ""


class LawExposure(Struct, frozen=True):
    """One law: how many systems it bears on, and of its rows in force how many lack evidence or cannot be told.

    `days` are those on which rows begin to apply to somebody, as (day, rows, systems).
    """

    regulation: str
    systems: tuple[tuple[str, str], ...]
    in_force: int
    incomplete: int
    unknown: int
    upcoming: int
    days: tuple[tuple[str, int, int], ...] = ()


class PortfolioDue(Struct, frozen=True):
    """Something with a day; `is_late` where the day is past."""

    day: str
    title: str
    kind: str
    repository: str
    system: str
    owner: str
    is_late: bool


class TrendPoint(Struct, frozen=True):
    """What a sync saw; of the day's last one where there were several."""

    day: str
    repositories: int
    failed: int
    systems: int
    serious: int
    """of tier high or critical"""
    gaps: int
    overdue: int
    unclaimed: int
    """repositories with AI and no system"""


class AiRepository(Struct, frozen=True):
    """A repository that shows AI and declares no system; `uses` as (product, files)."""

    repository: str
    uses: tuple[tuple[str, int], ...]


class UnreadRepository(Struct, frozen=True):
    """A repository that the last sync could not read, why, and when it was read last; empty: never."""

    repository: str
    error: str
    read_on: str


class Portfolio(Struct, frozen=True):
    """The whole page as data. `as_of` is the day that it speaks of."""

    as_of: str
    version: str
    sync: SyncSeen
    systems: tuple[PortfolioSystem, ...] = ()
    law: tuple[LawExposure, ...] = ()
    due: tuple[PortfolioDue, ...] = ()
    trend: tuple[TrendPoint, ...] = ()
    unclaimed: tuple[AiRepository, ...] = ()
    unread: tuple[UnreadRepository, ...] = ()
