"""Objects of the repository by id, through one long-running `git cat-file`, each checked against its id."""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from collections.abc import Callable, Iterable
from io import BufferedReader
from itertools import islice, takewhile
from pathlib import Path
from typing import NamedTuple

from policy_gate.errors import ObjectMissingError, UndecidedError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.process import GitProcess
from policy_gate.vcs.tree import is_object_id

_READ_WHOLE = 4 * 1024 * 1024
"""a file larger than this is not held in memory until it is read"""
_KEPT_ALL = 16 * 1024 * 1024
_NO_ROOM = 64 * 1024
_MOST_KEPT = 100_000
"""room in bytes that is as good as none, and objects kept, at which `trim` begins anew"""
_AT_ONCE = 1024 * 1024
_TIME = lazy_pattern(rb"^committer [^>\n]*> *(\d{1,18})", re.MULTILINE)
_TOGETHER = 100
"""ids asked for at once: few enough to fit into a pipe that nobody reads yet"""
FETCH_IT = "git fetch --unshallow (a partial clone: git fetch --refetch --no-filter), then run this again"
LAST_SECOND = 253_402_300_799
"""of what a date can say: 9999-12-31"""


class Links(NamedTuple):
    """What a commit points to: its tree and its parents, as ids in hex, and when it says that it was made.

    `time` is in seconds, 0 where it is not readable and the last that a date can say where it lies beyond; whoever
    made the commit chose it.
    """

    tree: str
    parents: tuple[str, ...]
    time: int = 0


class _Found(NamedTuple):
    kind: str
    size: int
    data: bytes | None


def object_id(kind: str, data: bytes, algorithm: str = "sha1") -> str:
    """The id in hex that git gives an object of this kind and content (`sha1` or `sha256`)."""
    whole = b"%s %d\0" % (kind.encode(), len(data)) + data
    if algorithm == "sha1":  # by its own name, as `new` looks each name up
        return hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    return hashlib.new(algorithm, whole, usedforsecurity=False).hexdigest()


def links_of(commit: bytes) -> Links:
    """What the body of a commit object points to."""
    first, *lines = commit.partition(b"\n\n")[0].decode("utf-8", "replace").split("\n")
    parents = (line.removeprefix("parent ") for line in takewhile(lambda line: line.startswith("parent "), lines))
    time = _TIME.search(commit.partition(b"\n\n")[0])
    return Links(first.removeprefix("tree "), tuple(parents), min(int(time[1]), LAST_SECOND) if time else 0)


def write_commit(git_dir: Path, algorithm: str, tree: str, parents: Iterable[str]) -> str:
    """Put a commit of nobody's, made at no time, into a repository of our own; its id in hex."""
    nobody = "policy-gate <policy-gate> 0 +0000"
    above = "".join(f"parent {parent}\n" for parent in parents)
    body = f"tree {tree}\n{above}author {nobody}\ncommitter {nobody}\n\n".encode("ascii")
    oid = object_id("commit", body, algorithm)
    path = git_dir / "objects" / oid[:2] / oid[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(b"commit %d\0" % len(body) + body))
    return oid


class ObjectStore:
    """Reads objects. `start` starts `git cat-file --batch` and is called when first needed.

    What was read is kept while it is little, as base and result mostly hold the same files.
    """

    def __init__(self, start: Callable[[], GitProcess]) -> None:
        self._start = start
        self._running: GitProcess | None = None
        self._kept: dict[str, _Found] = {}
        self._room = _KEPT_ALL

    def read(self, oid: str, kind: str) -> bytes:
        """The body of an object (`blob`, `tree` or `commit`).

        UndecidedError where it is missing, of another kind, or not what its id says.
        """
        found = self._look(oid, limit=None)
        if found.kind != kind or found.data is None or not _is_genuine(oid, kind, found.data):
            raise UndecidedError(f"git object {oid} is not the {kind} that it should be", hint="run git fsck")
        return found.data

    def kind(self, oid: str) -> str:
        """`commit`, `tree`, `blob` or `tag`; empty where the repository does not hold the object."""
        try:
            return self._look(oid, limit=_READ_WHOLE).kind
        except UndecidedError:
            return ""

    def size(self, oid: str) -> int:
        """The size of an object in bytes; UndecidedError where it is missing. A large one is not held."""
        return self._look(oid, limit=_READ_WHOLE).size

    def expect(self, oids: Iterable[str]) -> None:
        """Fetch together what will be read soon, as far as it is little; what is missing is told when read."""
        wanted = iter(dict.fromkeys(oid for oid in oids if oid not in self._kept))
        while self._room > 0 and (some := list(islice(wanted, _TOGETHER))):
            for oid, found in zip(some, self._ask(some, _READ_WHOLE), strict=True):
                self._keep(oid, found)

    def trim(self) -> None:
        """Let go of what is kept where there is no room for more."""
        if self._room < _NO_ROOM or len(self._kept) > _MOST_KEPT:
            self._kept.clear()
            self._room = _KEPT_ALL

    def close(self) -> None:
        """Stop what was started. The store can be used again after."""
        if self._running:
            self._running.stop()
        self._running = None

    def _look(self, oid: str, limit: int | None) -> _Found:
        found = self._kept.get(oid)
        if found is None or (limit is None and found.data is None):
            found = self._ask([oid], limit)[0]
            self._keep(oid, found)
        if found is None:
            raise ObjectMissingError(f"git object {oid} is not in this clone, or is damaged", hint=FETCH_IT)
        return found

    def _keep(self, oid: str, found: _Found | None) -> None:
        cost = len(found.data or b"") if found else 0
        if found and cost <= self._room:
            self._kept[oid] = found
            self._room -= cost

    def _ask(self, oids: list[str], limit: int | None) -> list[_Found | None]:
        """One answer for each id, None where there is no sound object; bodies above the limit are skipped."""
        strange = [oid for oid in oids if not is_object_id(oid)]
        if strange:
            raise ValueError(f"{strange[0]!r} is no object id")
        process = self._running = self._running or self._start()
        try:
            process.stdin.write("".join(f"{oid}\n" for oid in (*oids, _END)).encode())
            process.stdin.flush()
            found = [_answer(process.stdout, oid, limit) for oid in oids]
            if process.stdout.readline() != _TOLD_END:
                raise _GarbledError
        except _GarbledError:
            # Something is damaged, perhaps so that git died of it: the next question gets a git of its own.
            self.close()
            return [None] if len(oids) == 1 else [self._ask([oid], limit)[0] for oid in oids]
        except BrokenPipeError:
            self.close()
            raise UndecidedError("git stopped reading objects", hint="run git fsck") from None
        except BaseException:
            self.close()
            raise
        return found


_END = f"end-{secrets.token_hex(16)}"
"""asked for after every question: where the header of an object lies about its size, its answer comes too soon"""
_TOLD_END = f"{_END} missing\n".encode()


class _GarbledError(Exception):
    """The answers are not those to the questions, or the process ended before it had answered."""


def _answer(stream: BufferedReader, oid: str, limit: int | None) -> _Found | None:
    words = stream.readline().split()
    if not words or words[0] != oid.encode():
        raise _GarbledError
    if len(words) != 3:
        return None
    size = int(words[2])
    is_kept = limit is None or size <= limit
    body = bytearray()
    tail = b""
    left = size + 1
    while left > 0:
        part = stream.read1(min(left, _AT_ONCE))
        left -= len(part)
        tail = (tail + part)[-len(_TOLD_END) :]
        if not part or tail == _TOLD_END:
            raise _GarbledError
        if is_kept:
            body += part
    if not tail.endswith(b"\n"):
        raise _GarbledError
    return _Found(words[1].decode(), size, bytes(body[:-1]) if is_kept else None)


def _is_genuine(oid: str, kind: str, data: bytes) -> bool:
    return object_id(kind, data, "sha1" if len(oid) == 40 else "sha256") == oid
