"""Systems of a registry: a list, one of them with all that is known, its past, and records to export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from policy_gate.app.registry_database import open_registry
from policy_gate.schema.registry_list import HistoryEntry, SystemFilter, SystemList
from policy_gate.schema.registry_record import RepositoryRecord

T = TypeVar("T")


def _asked(database: str | None, question: Callable[[Any], T]) -> T:
    with open_registry(database) as registry:
        return registry.ask(question)


def list_systems(database: str | None, asked: SystemFilter) -> SystemList:
    """The systems that a filter leaves. UsageError where the registry cannot be read."""

    def question(connection: Any) -> SystemList:
        from policy_gate.registry.systems_query import listed_systems  # noqa: PLC0415 - an extra

        return listed_systems(connection, asked)

    return _asked(database, question)


def show_system(
    database: str | None, system: str, repository: str | None, as_of: date | None
) -> tuple[RepositoryRecord, ...]:
    """All that is known of one system. UsageError where there is none, or several repositories have it."""

    def question(connection: Any) -> tuple[RepositoryRecord, ...]:
        from policy_gate.registry.records_query import shown_system  # noqa: PLC0415 - an extra

        return shown_system(connection, system, repository, as_of)

    return _asked(database, question)


def history_of_system(database: str | None, system: str, repository: str | None) -> tuple[HistoryEntry, ...]:
    """What changed in a system, oldest first. UsageError as above."""

    def question(connection: Any) -> tuple[HistoryEntry, ...]:
        from policy_gate.registry.records_query import system_history  # noqa: PLC0415 - an extra

        return system_history(connection, system, repository)

    return _asked(database, question)


def records_to_export(database: str | None, asked: SystemFilter) -> tuple[RepositoryRecord, ...]:
    """The records of what a filter leaves. UsageError where the registry cannot be read."""

    def question(connection: Any) -> tuple[RepositoryRecord, ...]:
        from policy_gate.registry.records_query import exported_records  # noqa: PLC0415 - an extra

        return exported_records(connection, asked)

    return _asked(database, question)


def system_ids(database: str | None) -> list[str]:
    """The ids of all systems, for a shell that completes them."""

    def question(connection: Any) -> list[str]:
        from policy_gate.registry.records_query import known_system_ids  # noqa: PLC0415 - an extra

        return known_system_ids(connection)

    return _asked(database, question)
