"""The registry as a sync sees it: what is asked already, and one record after the other put into the database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import sqlalchemy as sa

from policy_gate.registry.database import engine_of, settle_file, told_by
from policy_gate.registry.location import DatabaseLocation, location_of
from policy_gate.registry.rows import content_digest, kept, rows_of, unkept
from policy_gate.registry.sync_lock import sync_lock
from policy_gate.registry.tables import metadata, repositories, states, syncs
from policy_gate.registry.upgrade import require_current, upgrade
from policy_gate.schema.registry_record import RepositoryRecord

T = TypeVar("T")


class Registry:
    """A registry that is open. Of a sync: `begin_sync`, then for each repository one of `is_current`, `record` and
    `failed`, then `end_sync`. What was recorded is kept, whatever happens later.
    """

    def __init__(self, place: DatabaseLocation, engine: sa.Engine, *, for_writing: bool) -> None:
        self.place = place
        self.for_writing = for_writing
        self.engine = engine
        self._held = ExitStack()
        self._connection: sa.Connection | None = None
        self._sync = 0
        self._asked: dict[str, str] = {}
        self._seen = self._changed = self._failed = 0

    @classmethod
    def open(cls, named: str | Path | None = None, *, for_writing: bool = False) -> Registry:
        """Open the registry that a path or URL names, `registry.db` of this folder without one.

        For writing it is made where there is none, and upgraded where it is older. UsageError where it cannot be
        opened, is newer than this version, or is only read and older.
        """
        place = location_of(named)
        engine = engine_of(place, for_writing=for_writing)
        with ExitStack() as undone:
            undone.callback(engine.dispose)
            with told_by(place), engine.connect() as connection, connection.begin():
                (upgrade if for_writing else require_current)(connection)
            undone.pop_all()
        return cls(place, engine, for_writing=for_writing)

    def __enter__(self) -> Registry:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database and of the lock; a sync that was not ended stays an unfinished one."""
        self._held.close()
        self._connection = None
        if self.for_writing:
            settle_file(self.engine)
        self.engine.dispose()

    def ask(self, question: Callable[[sa.Connection], T]) -> T:
        """What a question answers, in one transaction, so that no sync gets between its parts."""
        with told_by(self.place), self.engine.connect() as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            return question(connection)

    def begin_sync(self, tool_version: str, at: str) -> int:
        """Begin a sync at an instant in UTC; its number. UsageError where another one is at work."""
        with told_by(self.place):
            self._held.enter_context(sync_lock(self.engine, self.place.file))
            connection = self._held.enter_context(self.engine.connect())
            with connection.begin():
                asked = connection.execute(sa.select(repositories.c.name, repositories.c.asked_for))
                self._asked = {name: said for name, said in asked if said}
                begun = sa.insert(syncs).values(started_at=at, tool_version=tool_version)
                self._sync = connection.execute(begun.returning(syncs.c.id)).scalar_one()
        self._connection = connection
        self._seen = self._changed = self._failed = 0
        return self._sync

    def is_current(self, repository: str, asked_for: str) -> bool:
        """Whether what is asked of a repository was answered already; then it is counted, and nothing is to be done."""
        if self._asked.get(kept(repository)) != kept(asked_for):
            return False
        self._seen += 1
        return True

    def record(self, record: RepositoryRecord, asked_for: str) -> bool:
        """Keep what a repository said; True where it differs from what it said before.

        One with an error, or that names two systems alike, says nothing but that the repository could not be read.
        """
        if error := unkept(record):
            self.failed(record.repository, record.source, error)
            return False
        rows = rows_of(record)
        digest = content_digest(record, rows)
        connection = self._writing()
        with told_by(self.place), connection.begin():
            repository, held, known = self._repository(
                connection,
                record.repository,
                source=record.source,
                asked_for=asked_for,
                commit_id=record.commit,
                as_of=record.as_of,
                error="",
            )
            if differs := known != digest:
                if held is not None:
                    connection.execute(sa.update(states).where(states.c.id == held).values(ended_sync=self._sync))
                state = self._state(connection, repository, record, digest, asked_for)
                for table, items in rows.items():
                    if items:
                        connection.execute(
                            sa.insert(metadata.tables[table]), [item | {"state_id": state} for item in items]
                        )
        self._asked[kept(record.repository)] = kept(asked_for)
        self._seen += 1
        self._changed += differs
        return differs

    def failed(self, repository: str, source: str, error: str) -> None:
        """Keep that a repository could not be read, and why; what it said before still holds, as does where that was
        read from, and is asked again.
        """
        connection = self._writing()
        with told_by(self.place), connection.begin():
            self._repository(connection, repository, source=source, asked_for="", error=error)
        self._asked.pop(kept(repository), None)
        self._seen += 1
        self._failed += 1

    def forget(self, repository: str) -> bool | None:
        """From this sync on a repository is none of ours: its state ends, and is kept as the past.

        One of which nothing was ever known leaves no row. True where a state ended, None where there is no such
        repository, or it was forgotten before. It comes back with the next sync that reads it.
        """
        connection = self._writing()
        with told_by(self.place), connection.begin():
            named = sa.and_(repositories.c.name == kept(repository), repositories.c.forgotten_sync.is_(None))
            found = connection.scalar(sa.select(repositories.c.id).where(named))
            if found is None:
                return None
            holding = sa.and_(states.c.repository_id == found, states.c.ended_sync.is_(None))
            ended = connection.execute(sa.update(states).where(holding).values(ended_sync=self._sync)).rowcount > 0
            mine = repositories.c.id == found
            if connection.scalar(sa.select(sa.func.count()).where(states.c.repository_id == found)):
                gone = {"forgotten_sync": self._sync, "asked_for": "", "error": ""}
                connection.execute(sa.update(repositories).where(mine).values(gone))
            else:
                connection.execute(sa.delete(repositories).where(mine))
        self._asked.pop(kept(repository), None)
        self._changed += ended
        return ended

    def known_repositories(self) -> list[str]:
        """The names of all repositories that were not forgotten, sorted."""
        names = sa.select(repositories.c.name).where(repositories.c.forgotten_sync.is_(None))
        return self.ask(lambda connection: sorted(connection.scalars(names)))

    def end_sync(self, at: str) -> None:
        """Say that a sync is done, with its counts, and let the next one begin."""
        connection = self._writing()
        done = {"finished_at": at, "repositories": self._seen, "changed": self._changed, "failed": self._failed}
        with told_by(self.place), connection.begin():
            connection.execute(sa.update(syncs).where(syncs.c.id == self._sync).values(done))
        self._held.close()
        self._connection = None

    def _writing(self) -> sa.Connection:
        if self._connection is None:
            raise RuntimeError("no sync was begun")
        return self._connection

    def _repository(self, connection: sa.Connection, name: str, **values: Any) -> tuple[int, int | None, str | None]:
        """Make or update the row of a repository; its id, and id and digest of the state that holds."""
        values = {key: kept(value) if isinstance(value, str) else value for key, value in values.items()}
        current = sa.and_(states.c.repository_id == repositories.c.id, states.c.ended_sync.is_(None))
        query = sa.select(repositories.c.id, states.c.id, states.c.digest).select_from(
            repositories.outerjoin(states, current)
        )
        found = connection.execute(query.where(repositories.c.name == kept(name))).one_or_none()
        if found is None:
            new = values | {"name": kept(name), "first_sync": self._sync, "last_sync": self._sync}
            made = connection.execute(sa.insert(repositories).values(new).returning(repositories.c.id)).scalar_one()
            return made, None, None
        if values["error"] and found[1] is not None:
            del values["source"]
        values |= {"last_sync": self._sync, "forgotten_sync": None}
        connection.execute(sa.update(repositories).where(repositories.c.id == found[0]).values(values))
        return found[0], found[1], found[2]

    def _state(
        self, connection: sa.Connection, repository: int, record: RepositoryRecord, digest: str, asked_for: str
    ) -> int:
        texts = {
            "asked_for": asked_for,
            "branch": record.branch,
            "as_of": record.as_of,
            "tool_version": record.tool_version,
            "policies_digest": record.policies_digest,
            "verdict": record.verdict,
            "headline": record.headline,
        }
        values = {name: kept(text) for name, text in texts.items()} | {
            "repository_id": repository,
            "digest": digest,
            "commit_id": record.commit,
            "governed": record.governed,
            "first_sync": self._sync,
        }
        made: int = connection.execute(sa.insert(states).values(values).returning(states.c.id)).scalar_one()
        return made
