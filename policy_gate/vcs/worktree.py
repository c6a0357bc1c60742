"""The work tree as a tree: tracked and untracked files, those that are ignored left out (D03)."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from policy_gate.errors import UndecidedError, UsageError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.index import Stamp, stamps_of
from policy_gate.vcs.memory_tree import ListedTree
from policy_gate.vcs.objects import object_id
from policy_gate.vcs.tree import TreeEntry
from policy_gate.vcs.trees import stands_in

if TYPE_CHECKING:
    from policy_gate.vcs.repository import Repository
    from policy_gate.vcs.trees import FolderTree

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

_INDEXED = lazy_pattern(rb"([A-Za-z]) ([0-7]{6}) ([0-9a-f]{40,64}) ([0-3])\t([^\0]+)\0")
_UNTRACKED = lazy_pattern(rb"\? ([^\0]+)\0")


class _Indexed(NamedTuple):
    """What the index says of a file: mode, blob id, and the file that git saw to hold that blob, if it did."""

    mode: str
    oid: str
    is_skipped: bool
    stamp: Stamp | None


class WorkTree(ListedTree):
    """The files on disk, links never followed.

    A tracked file that was not touched since the index was written counts as the blob that the index
    names and is read from the object database, as does one that differs from it by CRLF line ends alone;
    every other file's id is that of its bytes as they are, without filters. What is there and may not be looked at is
    an UndecidedError: it is not the same as not there.
    """

    def __init__(self, repository: Repository, base: FolderTree | None = None) -> None:
        """The odd names that `base` has, or else the commit that is checked out, are read, and no new ones."""
        if repository.is_bare:
            raise UsageError(
                f"{repository.root} is a bare repository: it has no work tree",
                hint="run it in a clone that has files, or judge commits: leave out --worktree",
            )
        self._root = repository.root
        self._repository = repository
        self._indexed: dict[str, _Indexed] = {}
        self._nested: set[str] = set()
        self._bytes_of_index: set[str] = set()
        self._real_folders: dict[str, bool] = {"": True}
        listed = repository.listed_files("-t", "--stage", "--cached", "--others", "--exclude-standard")
        self._index_time = _mtime(repository.git_dir / "index")
        self._stamps = stamps_of(repository.git_dir, repository.algorithm)
        head = None if base else repository.resolve("HEAD")
        before = repository.merged_already(repository.tree_oid(head)) if head else base
        is_there = stands_in(before) if before else None
        super().__init__(self._read_list(listed), repository.algorithm, is_there)

    def read(self, entry: TreeEntry) -> bytes:
        """The bytes of a file entry, or the target of a link."""
        path = self._as_listed(entry.path)
        if path in self._bytes_of_index:
            return self._repository.tree(entry.oid).read(entry)
        return self._on_disk(path, entry.kind == "symlink")

    def size(self, entry: TreeEntry) -> int:
        """The size of a file entry in bytes, without reading it."""
        path = self._as_listed(entry.path)
        if path in self._bytes_of_index:
            return self._repository.tree(entry.oid).size(entry)
        return (self._root / path).lstat().st_size

    def _found(self, path: str) -> TreeEntry | None:
        indexed, seen = self._indexed.get(path), self._seen(path)
        if path in self._nested:
            return TreeEntry(path, "160000", "0" * len(object_id("blob", b"", self._algorithm)), "submodule")
        if indexed and (indexed.mode == "160000" or (indexed.is_skipped and seen is None)):
            return self._as_indexed(path, indexed)
        if seen is None:
            return None
        if indexed and self._is_untouched(indexed, seen):
            return self._as_indexed(path, indexed)
        is_link = stat.S_ISLNK(seen.st_mode)
        data = self._on_disk(path, is_link)
        oid = object_id("blob", data, self._algorithm)
        if indexed and oid != indexed.oid and not is_link and self._is_as_indexed_but_for_line_ends(data, indexed):
            return self._as_indexed(path, indexed._replace(mode=_mode(seen, indexed)))
        return TreeEntry(path, _mode(seen, indexed), oid, "symlink" if is_link else "file")

    def _seen(self, path: str) -> os.stat_result | None:
        """What is on disk at a path, if it is a file or a link that is not behind another link."""
        if not self._is_real_folder(path.rpartition("/")[0]):
            return None
        seen = self._stat(path)
        if seen is None:
            return None
        return seen if stat.S_ISREG(seen.st_mode) or stat.S_ISLNK(seen.st_mode) else None

    def _as_indexed(self, path: str, indexed: _Indexed) -> TreeEntry:
        if indexed.mode == "160000":
            return TreeEntry(path, indexed.mode, indexed.oid, "submodule")
        self._bytes_of_index.add(path)
        return TreeEntry(path, indexed.mode, indexed.oid, "symlink" if indexed.mode == "120000" else "file")

    def _is_as_indexed_but_for_line_ends(self, data: bytes, indexed: _Indexed) -> bool:
        """Whether the file holds the index's lines with CRLF ends, as git writes them where it is told to."""
        return b"\r\n" in data and object_id("blob", data.replace(b"\r\n", b"\n"), self._algorithm) == indexed.oid

    def _is_untouched(self, indexed: _Indexed, seen: os.stat_result) -> bool:
        """Is the file surely the one that the index knows? A file as young as the index may have changed since."""
        if indexed.stamp is None or seen.st_mtime_ns >= self._index_time:
            return False
        inode = seen.st_ino & 0xFFFFFFFF if os.name != "nt" else indexed.stamp.inode
        same = Stamp(indexed.oid, seen.st_mtime_ns, inode, seen.st_size & 0xFFFFFFFF) == indexed.stamp
        return same and _mode(seen, indexed) == indexed.mode

    def _is_real_folder(self, folder: str) -> bool:
        if folder not in self._real_folders:
            parent = self._is_real_folder(folder.rpartition("/")[0])
            seen = self._stat(folder) if parent else None
            self._real_folders[folder] = seen is not None and stat.S_ISDIR(seen.st_mode)
        return self._real_folders[folder]

    def _stat(self, path: str) -> os.stat_result | None:
        try:
            return (self._root / path).lstat()
        except PermissionError as fault:
            raise _unread(path, fault) from fault
        except (OSError, ValueError):
            return None

    def _on_disk(self, path: str, is_link: bool) -> bytes:
        full = self._root / path
        try:
            if is_link:
                return os.fsencode(full.readlink())
            with os.fdopen(os.open(full, os.O_RDONLY | _NO_LINK), "rb") as file:
                return file.read()
        except OSError as fault:
            raise _unread(path, fault) from fault

    def _read_list(self, data: bytes) -> list[bytes]:
        paths: dict[bytes, None] = {}
        at = 0
        while at < len(data):
            if untracked := _UNTRACKED.match(data, at):
                at = untracked.end()
                paths[untracked[1].rstrip(b"/")] = None
                if untracked[1].endswith(b"/"):
                    self._nested.add(untracked[1].rstrip(b"/").decode("utf-8", "surrogateescape"))
                continue
            found = _INDEXED.match(data, at)
            if found is None:
                raise UsageError("the list of work tree files is not in a form that is known", hint="use another git")
            at = found.end()
            paths[found[5]] = None
            mode, oid, path = found[2].decode(), found[3].decode(), found[5].decode("utf-8", "surrogateescape")
            self._indexed[path] = _Indexed(mode, oid, found[1] == b"S", self._stamps.get(found[5]))
        return list(paths)


def _unread(path: str, fault: OSError) -> UndecidedError:
    hint = "let this user read it; what is none of the repository's belongs into .gitignore"
    return UndecidedError(f"{path} of the work tree cannot be read: {fault.strerror}", hint=hint)


def _mode(seen: os.stat_result, indexed: _Indexed | None) -> str:
    if stat.S_ISLNK(seen.st_mode):
        return "120000"
    if os.name == "nt":
        return indexed.mode if indexed else "100644"
    return "100755" if seen.st_mode & stat.S_IXUSR else "100644"


def _mtime(path: Path) -> int:
    try:
        return path.lstat().st_mtime_ns
    except OSError:
        return 0
