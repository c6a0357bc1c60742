"""Whole records out of a registry: of one system, of its past, and of everything that a filter leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from policy_gate.documents.spelling import listed, spelling_hint
from policy_gate.errors import UsageError
from policy_gate.registry.rows import record_of
from policy_gate.registry.systems_query import filtered, holds, joined
from policy_gate.registry.tables import OF_STATE, repositories, states, syncs, systems
from policy_gate.schema.registry_list import HistoryEntry, SystemFilter
from policy_gate.schema.registry_record import RepositoryRecord, SystemRecord

_AT_ONCE: Final = 500
_PARTS: Final = ("findings", "law", "vendors", "models", "incidents", "approvals", "waivers", "due", "ai_uses")


def shown_system(
    connection: sa.Connection, system: str, repository: str | None, as_of: date | None
) -> tuple[RepositoryRecord, ...]:
    """The record of the repository that holds a system, with all that is about that system, and nothing else.

    UsageError where there is no such system, or several repositories have one.
    """
    state = _state_of(connection, system, repository, holds(connection, as_of))
    return tuple(_only(record, {system}) for record in _records(connection, [state]))


def system_history(connection: sa.Connection, system: str, repository: str | None) -> tuple[HistoryEntry, ...]:
    """What changed between the states of a system, oldest first; UsageError as above."""
    home = _repository_of(connection, system, repository)
    ends = syncs.alias()
    query = sa.select(states.c.id, syncs.c.started_at, states.c.first_sync, states.c.ended_sync, ends.c.started_at)
    query = query.join(syncs, syncs.c.id == states.c.first_sync).outerjoin(ends, ends.c.id == states.c.ended_sync)
    found = connection.execute(
        query.where(states.c.repository_id == home).order_by(states.c.first_sync, states.c.id)
    ).all()
    began: dict[int, str] = {row[0]: row[1] for row in found}
    # A repository that was forgotten has no state from that sync on, until one that reads it again.
    later = [row[2] for row in found[1:]]
    gone = [row[4] if row[3] != after else None for row, after in zip(found, [*later, None], strict=True)]
    entries = []
    before: dict[str, frozenset[str] | str] | None = None
    for at, ended, record in zip(began.values(), gone, _records(connection, list(began)), strict=True):
        after = _told(_only(record, {system}))
        if changes := _changes(before, after):
            entries.append(HistoryEntry(at, record.commit, changes))
        before = after
        if ended is not None:
            if after is not None:
                entries.append(HistoryEntry(ended, None, (("repository", "", "forgotten"),)))
            before = None
    return tuple(entries)


def exported_records(connection: sa.Connection, asked: SystemFilter) -> tuple[RepositoryRecord, ...]:
    """Every repository with a system that the filter leaves, and of it what is about those systems; without a filter
    all repositories with all that they hold.
    """
    bare = SystemFilter(day=asked.day, as_of=asked.as_of, sort=asked.sort, reverse=asked.reverse, limit=asked.limit)
    if asked == bare and asked.limit is None:
        ids = connection.scalars(
            sa.select(states.c.id)
            .join(repositories, repositories.c.id == states.c.repository_id)
            .where(holds(connection, asked.as_of))
            .order_by(repositories.c.name)
        ).all()
        return tuple(_records(connection, ids))
    where, _ = filtered(connection, asked)
    query = sa.select(states.c.id, systems.c.system).select_from(joined()).where(where)
    chosen = connection.execute(query.order_by(repositories.c.name, systems.c.system).limit(asked.limit)).all()
    wanted = {state: {row[1] for row in rows} for state, rows in groupby(chosen, lambda row: row[0])}
    records = zip(wanted.values(), _records(connection, list(wanted)), strict=True)
    return tuple(_only(record, names) for names, record in records)


def known_system_ids(connection: sa.Connection) -> list[str]:
    """The ids of all systems that any repository declares now, sorted."""
    current = sa.select(systems.c.system).select_from(joined()).where(states.c.ended_sync.is_(None))
    return sorted(set(connection.scalars(current)))


def _state_of(connection: sa.Connection, system: str, repository: str | None, holding: sa.ColumnElement[bool]) -> int:
    query = sa.select(repositories.c.name, states.c.id).select_from(joined()).where(systems.c.system == system, holding)
    found: dict[str, int] = {row[0]: row[1] for row in connection.execute(query.order_by(repositories.c.name))}
    if not found or (repository is not None and repository not in found):
        _refuse_past(connection, system, repository)
    return found[_the_one(connection, system, repository, list(found))]


def _refuse_past(connection: sa.Connection, system: str, repository: str | None) -> None:
    """UsageError that says when a system was known, where it was, but not on the day that is asked about."""
    ends = syncs.alias()
    query = sa.select(syncs.c.started_at, ends.c.started_at).select_from(joined())
    query = query.join(syncs, syncs.c.id == states.c.first_sync).outerjoin(ends, ends.c.id == states.c.ended_sync)
    query = query.where(systems.c.system == system, *((repositories.c.name == repository,) if repository else ()))
    known = connection.execute(query.order_by(states.c.id)).all()
    if not known:
        return
    first, last, end = known[0][0][:10], known[-1][0][:10], known[-1][1]
    until = f", and in no manifest since the sync of {end[:10]}" if end else ""
    message = f'"{system}" is not declared on the day that is asked about: known from {first} on{until}'
    raise UsageError(message, hint=f"--as-of {last} shows it, policy-gate registry history {system} its past")


def _repository_of(connection: sa.Connection, system: str, repository: str | None) -> int:
    query = sa.select(repositories.c.name, repositories.c.id).select_from(joined()).where(systems.c.system == system)
    rows = connection.execute(query.distinct().order_by(repositories.c.name))
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return found[_the_one(connection, system, repository, list(found))]


def _the_one(connection: sa.Connection, system: str, repository: str | None, homes: list[str]) -> str:
    if not homes:
        hint = spelling_hint(system, known_system_ids(connection), none="the registry holds no system")
        raise UsageError(f'no system "{system}" in the registry', hint=hint)
    if repository is not None and repository not in homes:
        raise UsageError(f'no system "{system}" in repository "{repository}"', hint=spelling_hint(repository, homes))
    if repository is None and len(homes) > 1:
        more = f" and {len(homes) - 5} more" if len(homes) > 5 else ""
        said = listed(homes) if not more else ", ".join(homes[:5]) + more
        message = f'"{system}" stands in {len(homes)} repositories: {said}'
        raise UsageError(message, hint=f"say which: --repository {homes[0]}")
    return repository or homes[0]


def _records(connection: sa.Connection, ids: Iterable[int]) -> Iterator[RepositoryRecord]:
    """The records of states, in the order given."""
    wanted = list(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        query = sa.select(
            states, repositories.c.name.label("repository"), repositories.c.source, repositories.c.error
        ).join(repositories, repositories.c.id == states.c.repository_id)
        heads = {row["id"]: dict(row) for row in connection.execute(query.where(states.c.id.in_(some))).mappings()}
        rows: dict[int, dict[str, list[Mapping[str, Any]]]] = {it: {t.name: [] for t in OF_STATE} for it in some}
        for table in OF_STATE:
            order = sa.select(table).where(table.c.state_id.in_(some)).order_by(table.c.state_id, table.c.position)
            for row in connection.execute(order).mappings():
                rows[row["state_id"]][table.name].append(dict(row))
        for state in some:
            yield record_of(heads[state], rows[state])


def _only(record: RepositoryRecord, names: set[str]) -> RepositoryRecord:
    parts = {name: tuple(item for item in getattr(record, name) if item.system in names) for name in _PARTS}
    return msgspec.structs.replace(record, systems=tuple(it for it in record.systems if it.id in names), **parts)


def _told(record: RepositoryRecord) -> dict[str, frozenset[str] | str] | None:
    """What a history compares; None where the state does not have the system."""
    if not record.systems:
        return None
    system: SystemRecord = record.systems[0]
    return {
        "name": system.name,
        "stage": system.stage,
        "tier": system.effective_tier or system.tier,
        "score": "" if system.score is None else str(system.score),
        "answer": frozenset(f"{name}: {level}" for name, level in (system.risk_profile or {}).items()),
        "verdict": system.verdict,
        "owner": system.owner_team,
        "incidents to": system.incident_contact,
        "law class": frozenset(system.law_class),
        "vendor": frozenset(it.vendor_name or it.id for it in record.vendors),
        "model": frozenset(it.name for it in record.models),
        "finding": frozenset(f"{it.title} ({it.state})" for it in record.findings),
        "incident": frozenset(f"{it.id} ({it.state})" for it in record.incidents),
        "waiver": frozenset(f"{it.rule} until {it.expires}" for it in record.waivers),
        "approval": frozenset(
            f"{it.purpose} by {it.approver} as {it.role}, {it.approved_on}" for it in record.approvals
        ),
    }


def _changes(
    before: dict[str, frozenset[str] | str] | None, after: dict[str, frozenset[str] | str] | None
) -> tuple[tuple[str, str, str], ...]:
    if before is None or after is None:
        what = (
            None if (before is None) == (after is None) else "declared" if after is not None else "no longer declared"
        )
        first = [("system", "", what)] if what else []
        return (*first, *(_changes({}, after) if after else ()))
    found: list[tuple[str, str, str]] = []
    for name, now in after.items():
        was = before.get(name, frozenset() if isinstance(now, frozenset) else "")
        if isinstance(now, frozenset) and isinstance(was, frozenset):
            found += [(name, text, "") for text in sorted(was - now)]
            found += [(name, "", text) for text in sorted(now - was)]
        elif was != now:
            found.append((name, str(was), str(now)))
    return tuple(found)
