"""A tree: the files of one revision, looked up by exact name, never by a checked-out path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, Protocol

from policy_gate.schema.patterns import lazy_pattern

EntryKind = Literal["file", "symlink", "submodule", "folder"]
_OBJECT_ID = lazy_pattern(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def is_object_id(text: str) -> bool:
    """Is this a full object id (SHA-1 or SHA-256) in lower-case hex?"""
    return _OBJECT_ID.fullmatch(text) is not None


class TreeEntry(NamedTuple):
    """One name in a tree. `oid` is the git object id, or for a work tree the id the blob would have."""

    path: str
    mode: str
    oid: str
    kind: EntryKind


class Tree(Protocol):
    """What `collect` reads from: git objects, a work tree, or memory.

    Paths use `/`, are relative to the root and have no `.` or `..` parts. Malformed trees (two entries
    of one name, `..`, `.git`, new names that are no UTF-8) raise DocumentError naming the folder.
    """

    @property
    def id(self) -> str:
        """The tree's object id, or a digest of the same strength for trees that git does not hold."""
        ...

    def entry(self, path: str) -> TreeEntry | None:
        """The entry of exactly this name (bytes), or None; a link on the way means None."""
        ...

    def names(self, folder: str) -> tuple[str, ...]:
        """The names directly in a folder, for near misses and collisions; () where there is none."""
        ...

    def walk(self, folder: str = "") -> Iterator[TreeEntry]:
        """Every entry below `folder` that is no folder, in path order; links and submodules included."""
        ...

    def read(self, entry: TreeEntry) -> bytes:
        """The bytes of a file entry."""
        ...

    def size(self, entry: TreeEntry) -> int:
        """The size of a file entry in bytes, without reading it."""
        ...
