"""What is asked of a registry's systems, and what is told of them."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class SystemFilter(Struct, frozen=True):
    """Which systems: of several values of one kind any, of several kinds all. `*` in a value stands for anything.

    `as_of` asks for what was known at the end of that day; `day` is the day that overdue is meant of.
    """

    day: date
    as_of: date | None = None
    tiers: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    overdue: bool = False
    sort: str = "repository"
    reverse: bool = False
    limit: int | None = None


class ListedSystem(Struct, frozen=True):
    """One line of a list. `tier` is the one that counts; `laws` are its law classes."""

    repository: str
    id: str
    name: str
    owner_team: str
    stage: str
    tier: str
    score: int | None
    verdict: str
    next_due: str | None
    next_due_title: str
    laws: tuple[str, ...] = ()


class SystemList(Struct, frozen=True):
    """The systems that a filter leaves; `unmatched` are values of it that nothing in the registry has, as sentences."""

    systems: tuple[ListedSystem, ...]
    total: int
    unmatched: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    """repositories that could not be read when they were asked last, and why"""


class HistoryEntry(Struct, frozen=True):
    """What one state says otherwise than the one before it: what it is about, before and after."""

    at: str
    commit: str | None
    changes: tuple[tuple[str, str, str], ...]
