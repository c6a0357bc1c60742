"""Evidence as a tree holds it: what stands at a path, whether it is readable, and its parsed head.

Nothing is followed: a link, a submodule, an LFS pointer or a name that differs by case or Unicode form
is a state of its own, and whether it may count is decided elsewhere.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from policy_gate.documents.cache import DocumentCache
from policy_gate.documents.scalars import BOM, is_lfs_pointer
from policy_gate.documents.yaml_reader import read_by_suffix
from policy_gate.errors import DocumentError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.snapshot import Evidence, FileState
from policy_gate.schema.source import Problem
from policy_gate.vcs.objects import object_id
from policy_gate.vcs.tree import Tree, TreeEntry

MAX_EVIDENCE = 8 << 20
"""Bytes of one evidence file that are read; a larger one is `too-large`."""

_LFS_MAX = 1024
_UTF16 = tuple(
    (f"{mark}<?xml".encode(encoding), "utf-16" if mark else encoding)
    for mark in ("\ufeff", "")
    for encoding in ("utf-16-le", "utf-16-be")
)
_XML_ENCODING = lazy_pattern(
    rb"""<\?xml\s[^>]{0,100}?\bencoding\s*=\s*["'](iso-8859-\d{1,2}|windows-125\d)["']""", re.IGNORECASE
)
_LFS_OID = lazy_pattern(rb"^oid sha256:([0-9a-f]{64})\r?$", re.MULTILINE)


class Wanted(NamedTuple):
    """A path to look at; `names` are those by which a CI job's own files may stand for it, if any may.

    `as_data` is False for what a reader of its own reads from the text, such as a test report.
    """

    path: str
    names: tuple[str, ...] = ()
    as_data: bool = True


class EvidenceReader:
    """Looks at paths of one tree; folders outside it (`--evidence`) are laid beside, never over.

    `root` is where the tree is checked out. What the tree itself holds in such a folder came with the change, and
    no job vouches for it.
    """

    def __init__(self, tree: Tree, cache: DocumentCache, beside: Iterable[Path] = (), root: Path | None = None) -> None:
        self._tree = tree
        self._cache = cache
        self._beside = tuple(beside)
        self._root = root.resolve() if root else None
        self._spellings: dict[str, Counter[str]] = {}
        self._twins: dict[str, bool] = {}

    def render(self, wanted: Wanted) -> Evidence:
        """What stands at the path; where nothing does, what the job itself produced for it."""
        found = self._in_tree(wanted.path, as_data=wanted.as_data)
        if found.state != "absent" or not wanted.names:
            return found
        produced = self._from_job(wanted)
        return found if produced is None else produced

    def _in_tree(self, path: str, *, as_data: bool) -> Evidence:
        folder, _, name = path.rpartition("/")
        plain = spelling(name)
        if self._has_twins(folder) or self._named_in(folder)[plain] > 1:
            message = "another name differs from this one only by case or Unicode form"
            return _refused(path, "collision", message, "keep one of the two")
        entry = self._tree.entry(path) if self._named_in(folder)[plain] else None
        if entry is None:
            return self._absent(path)
        if entry.kind == "file":
            return self._read(entry, as_data=as_data)
        return Evidence(path, entry.kind, entry.oid)

    def _read(self, entry: TreeEntry, *, as_data: bool) -> Evidence:
        if self._tree.size(entry) > MAX_EVIDENCE:
            return Evidence(entry.path, "too-large", entry.oid)
        key = ("evidence", entry.path, entry.oid, as_data)
        return self._cache.once(
            key, lambda: evidence_of(entry.path, entry.oid, self._tree.read(entry), as_data=as_data)
        )

    def _absent(self, path: str) -> Evidence:
        """Why nothing stands at the path: another spelling, a link or submodule on the way, or nothing."""
        folder, _, name = path.rpartition("/")
        if self._named_in(folder)[spelling(name)]:
            alike = next(it for it in self._tree.names(folder) if spelling(it) == spelling(name))
            message = f"no such file; {alike!r} differs by case or Unicode form"
            return _refused(path, "absent", message, f"write {alike}, as the file is named")
        parts = path.split("/") if not self._named_in(folder) else []
        for end in range(1, len(parts)):
            step = self._tree.entry("/".join(parts[:end]))
            if step is not None and step.kind in ("symlink", "submodule"):
                return Evidence(path, step.kind)
        return self._cache.once(("evidence", path, None), lambda: Evidence(path, "absent"))

    def _named_in(self, folder: str) -> Counter[str]:
        """How many names of a folder come to each spelling."""
        if folder not in self._spellings:
            self._spellings[folder] = Counter(spelling(it) for it in self._tree.names(folder))
        return self._spellings[folder]

    def _has_twins(self, folder: str) -> bool:
        """Does a folder on the way have a twin that some file systems take for the same?"""
        if folder and folder not in self._twins:
            above, _, name = folder.rpartition("/")
            self._twins[folder] = self._has_twins(above) or self._named_in(above)[spelling(name)] > 1
        return bool(folder) and self._twins[folder]

    def _from_job(self, wanted: Wanted) -> Evidence | None:
        for name in wanted.names:
            for folder in self._beside:
                data = _regular_file(folder, name)
                if data is not None:
                    is_of_job = not self._came_with_the_change(folder, name)
                    oid = object_id("blob", data)
                    return evidence_of(wanted.path, oid, data, job=is_of_job, as_data=wanted.as_data)
        return None

    def _came_with_the_change(self, folder: Path, name: str) -> bool:
        if self._root is None or not folder.resolve().is_relative_to(self._root):
            return False
        path = PurePosixPath(folder.resolve().relative_to(self._root).as_posix(), name)
        return self._tree.entry(str(path)) is not None


def evidence_of(path: str, oid: str, data: bytes, *, job: bool = False, as_data: bool = True) -> Evidence:
    """A regular file as evidence: its text, and where it is YAML, JSON or has front matter, its data, if wanted."""
    provenance: Literal["committed", "job"] = "job" if job else "committed"
    if is_lfs_pointer(data) and len(data) <= _LFS_MAX:
        return Evidence(path, "lfs-pointer", oid, provenance=provenance, sha256=_pointed_at(data))
    text = _decoded(data)
    if "\0" in text:
        return Evidence(path, "binary", oid, provenance=provenance, sha256=hashlib.sha256(data).hexdigest())
    if not as_data:
        return Evidence(path, "file", oid, text, provenance=provenance)
    try:
        data_read, marks, body_line = read_by_suffix(path, data)
    except DocumentError as error:
        return Evidence(path, "file", oid, text, problem=error.problems[0], provenance=provenance)
    return Evidence(path, "file", oid, text, data_read, marks, body_line, provenance=provenance)


def sha256_of(data: bytes) -> str:
    """The SHA-256 of a file's bytes; of an LFS pointer that of the object which it stands for."""
    if is_lfs_pointer(data) and len(data) <= _LFS_MAX:
        return _pointed_at(data) or ""
    return hashlib.sha256(data).hexdigest()


def _decoded(data: bytes) -> str:
    """The text in UTF-8, or in the encoding that an XML declaration names; a NUL where it is neither."""
    found = _XML_ENCODING.match(data[:200])
    declared = found[1].decode("ascii") if found else None
    utf16 = next((encoding for mark, encoding in _UTF16 if data.startswith(mark)), None)
    for encoding in filter(None, (utf16, declared, "utf-8")):
        try:
            return data.removeprefix(BOM).decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return "\0"


def _pointed_at(pointer: bytes) -> str | None:
    found = _LFS_OID.search(pointer)
    return found[1].decode("ascii") if found else None


def _refused(path: str, state: FileState, message: str, hint: str) -> Evidence:
    return Evidence(path, state, problem=Problem(path, message, hint=hint))


def spelling(name: str) -> str:
    """What a name comes to where case and Unicode form do not count."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", name).casefold())


def _regular_file(folder: Path, name: str) -> bytes | None:
    """The bytes of a regular file below a folder, without following a link on the way; else None."""
    path = folder
    for part in PurePosixPath(name).parts:
        path = path / part
        if part == ".." or path.is_symlink():
            return None
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        seen = os.fstat(descriptor)
        return file.read() if stat.S_ISREG(seen.st_mode) and seen.st_size <= MAX_EVIDENCE else None
