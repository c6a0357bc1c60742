"""What was worked out from content alone, kept on disk between runs: bytes by a key that says all they depend on.

A cache is never needed: one that cannot be opened, read or written is as good as none, and an entry that is not
whole is none. Only files of the user who runs us, which nobody else may write, are read.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

MOST_KEPT: Final = 200_000
"""entries of a cache, at which it begins anew"""
_AT_ONCE: Final = 500
"""keys that one query asks for"""
_CHECKED: Final = 8
"""bytes of the digest before each entry"""


class DiskCache:
    """One cache file of a folder. `made_by` names what made the entries: another maker has another file."""

    def __init__(self, folder: Path, name: str, made_by: str) -> None:
        self._folder = folder
        self._prefix = f"{name}-"
        self._file = folder / f"{name}-{made_by}.sqlite"

    def entries(self, keys: Collection[bytes]) -> dict[bytes, bytes]:
        """The entries of those of these keys that are known."""
        # In a folder that others may write, the database reads their journal before it reads our file.
        if not _is_own(self._folder) or not _is_own(self._file):
            return {}
        found: dict[bytes, bytes] = {}
        with _unless_broken(), self._opened() as known:
            for some in _parts(list(keys)):
                marks = ",".join("?" * len(some))
                found.update(known.execute(f"SELECT key, entry FROM entries WHERE key IN ({marks})", some))  # noqa: S608
        return {key: entry[_CHECKED:] for key, entry in found.items() if entry[:_CHECKED] == _check(key, entry)}

    def keep(self, entries: Mapping[bytes, bytes]) -> None:
        """Keep these entries as well; what other makers kept under this name goes."""
        with _unless_broken():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            is_new = not self._file.exists()
            if not _is_own(self._folder) or not (is_new or _is_own(self._file)):
                return
            if is_new:
                self._file.touch(mode=0o600)
                self._remove_others()
            with self._opened() as known:
                known.execute("CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, entry BLOB) WITHOUT ROWID")
                (count,) = known.execute("SELECT count(*) FROM entries").fetchone()
                if count + len(entries) > MOST_KEPT:
                    known.execute("DELETE FROM entries")
                rows = ((key, _digest(key, entry) + entry) for key, entry in entries.items())
                known.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", rows)
                known.commit()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        import sqlite3  # noqa: PLC0415 - few checks read so much that it pays

        try:
            with closing(sqlite3.connect(self._file, timeout=1.0)) as known:
                yield known
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):
                self._file.unlink(missing_ok=True)
            raise OSError(str(error)) from error

    def _remove_others(self) -> None:
        for file in self._folder.glob(f"{self._prefix}*.sqlite"):
            if file != self._file:
                file.unlink(missing_ok=True)


@contextmanager
def _unless_broken() -> Iterator[None]:
    """A disk that is full, read-only or shared badly takes nothing away but the time saved."""
    with suppress(OSError, ImportError):
        yield


def _is_own(place: Path) -> bool:
    """Whether a file or folder is ours and nobody else may write it; where a system has no owners, if it is there."""
    try:
        told = place.stat()
    except OSError:
        return False
    return not hasattr(os, "getuid") or (told.st_uid == os.getuid() and not told.st_mode & 0o022)


def _parts(keys: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _check(key: bytes, entry: bytes) -> bytes:
    return _digest(key, entry[_CHECKED:])


def _digest(key: bytes, entry: bytes) -> bytes:
    return hashlib.sha256(key + entry).digest()[:_CHECKED]
