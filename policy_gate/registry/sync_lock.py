"""One sync at a time writes a registry; the lock of one that was killed is gone with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from policy_gate.errors import UsageError

_KEY: Final = 1_347_374_402
"""The key of PostgreSQL's advisory lock that a sync holds."""


@contextmanager
def sync_lock(engine: sa.Engine, file: Path | None) -> Iterator[None]:
    """Hold the lock of a registry. UsageError where another sync holds it, or no lock can be made beside the file."""
    if file is None:
        with _in_database(engine):
            yield
    else:
        with _beside(file):
            yield


def _busy() -> UsageError:
    return UsageError("another sync writes to this registry", hint="start it again when that one is done")


@contextmanager
def _in_database(engine: sa.Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_KEY))):
            raise _busy()
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_KEY)))


@contextmanager
def _beside(file: Path) -> Iterator[None]:
    # A file of its own: SQLite loses its locks when anybody else in the process closes the database.
    lock = file.with_name(f"{file.name}.lock")
    handle = _locked(lock)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(handle)


def _locked(lock: Path) -> int:
    while True:
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UsageError(f"cannot make {lock}: {error.strerror}", hint="sync where you may write") from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise _busy() from None
        if _is_still_there(lock, handle):
            return handle
        # Whoever held it took it away when it was done; the next to look must find ours.
        os.close(handle)


def _is_still_there(lock: Path, handle: int) -> bool:
    try:
        return lock.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False
