"""Connections to the database of a registry, and what its errors mean to whoever started the command."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from policy_gate.errors import UsageError
from policy_gate.registry.location import DatabaseLocation

_PATIENCE: Final = 30
"""seconds for which a writer waits until another one is done"""
_HIDDEN: Final = "***"


def engine_of(place: DatabaseLocation, *, for_writing: bool) -> sa.Engine:
    """An engine whose transactions are real ones in both databases; nothing is created where it only reads.

    UsageError where there is no such file, or PostgreSQL's driver is not installed.
    """
    if place.url is None:
        return _sqlite(place, for_writing)
    try:
        engine = sa.create_engine(place.url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    except ModuleNotFoundError:
        hint = 'run pip install "ai-policy-gate[postgres]"'
        raise UsageError("psycopg is not installed, which PostgreSQL needs", hint=hint) from None
    except (sa.exc.ArgumentError, TypeError, ValueError):
        raise UsageError(f"{place.shown} is no address of a database") from None

    @sa.event.listens_for(engine, "connect")
    def settle(connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
            cursor.execute("SET DateStyle TO ISO")
            if not for_writing:
                cursor.execute("SET default_transaction_read_only TO on")
        connection.commit()

    return engine


def _sqlite(place: DatabaseLocation, for_writing: bool) -> sa.Engine:
    file = place.file
    if file is None or (not for_writing and not file.exists()):
        raise UsageError(
            f"there is no registry at {place.shown}", hint="fill it with: policy-gate registry sync SOURCE"
        )
    # Whoever reads opens it for writing where it may, too: what a killed writer left behind must be taken back first.
    address = f"file:{quote(str(file.absolute()))}?mode={'rwc' if for_writing else 'rw'}"

    def connected() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)

    engine = sa.create_engine("sqlite://", creator=connected, poolclass=NullPool)

    @sa.event.listens_for(engine, "connect")
    def settle(connection: sqlite3.Connection, _: Any) -> None:
        if not for_writing:
            connection.execute("PRAGMA query_only = ON")
            return
        connection.execute("PRAGMA foreign_keys = ON")
        # Waits for the disk at checkpoints alone; what a killed process had committed is kept all the same.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # Python's module would begin too late to hold a change of the schema together.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if for_writing else "BEGIN")

    return engine


def settle_file(engine: sa.Engine) -> None:
    """Leave a file of SQLite as one file, which can also be read where nobody may write; unless others use it now."""
    if engine.dialect.name == "sqlite":
        with suppress(sa.exc.DBAPIError, sqlite3.Error), closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = DELETE")


@contextmanager
def told_by(place: DatabaseLocation) -> Iterator[None]:
    """Turn what the database says into a UsageError in one line, without a password or a row's content in it."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        said = _said(error, place)
        raise UsageError(f"the registry at {place.shown} cannot be used: {said}", hint=_hint(said)) from None


def _said(error: sa.exc.DBAPIError, place: DatabaseLocation) -> str:
    lines = [line.strip() for line in str(error.orig).splitlines() if line.strip()]
    said = lines[0] if lines else type(error.orig).__name__
    for secret in place.secrets:
        said = said.replace(secret, _HIDDEN)
    return said


def _hint(said: str) -> str:
    if "not a database" in said:
        return "name another file with --db; this one is no database"
    if "locked" in said:
        return "another process writes to it; try again when it is done"
    if "readonly" in said or "read-only" in said or "unable to open" in said:
        return "name a file that you may write with --db, in a folder that you may write"
    if "full" in said or "disk I/O" in said:
        return "make room and start it again; what was kept until now stays"
    return "name another one with --db"
