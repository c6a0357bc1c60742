"""What git's index remembers of each file on disk, read from the file as its format is documented.

https://git-scm.com/docs/index-format. Versions 2 to 4, SHA-1 and SHA-256, split or whole. Which files there are is
for git to say; this tells only which of them were not touched since git looked.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

from policy_gate.schema.patterns import lazy_pattern

_STAT = struct.Struct(">8xII4xII8xI")  # of ten numbers: mtime in seconds and nanoseconds, inode, mode, size
_HEADER = struct.Struct(">4sII")
_EXTENDED, _STAGE, _MEANT_TO_BE_ADDED = 0x4000, 0x3000, 0x2000
_VERSIONS = (2, 3, 4)
_NULL = lazy_pattern("0+")


class Stamp(NamedTuple):
    """A blob, and the file on disk as it was when git saw that the file holds that blob.

    `mtime` is in nanoseconds; of inode and size the index keeps the low 32 bits.
    """

    oid: str
    mtime: int
    inode: int
    size: int


class _Indexed(NamedTuple):
    """`holds_file` says that the blob is the file's: neither one side of a conflict nor only meant to be added."""

    name: bytes
    holds_file: bool
    stamp: Stamp


class _Links(NamedTuple):
    """Which shared index a split one builds on, and which entries of it are gone, or replaced in order."""

    shared: str
    deleted: frozenset[int]
    replaced: list[int]


def stamps_of(git_dir: Path, algorithm: str) -> dict[bytes, Stamp]:
    """The stamp of each path that the index holds the file of; {} where the index is in no form that is known.

    Left out are paths in conflict and those that are only meant to be added: what stands for them is not the file.
    """
    width = 20 if algorithm == "sha1" else 32
    try:
        entries, links = _read((git_dir / "index").read_bytes(), width)
        if links is not None:
            shared, _ = _read((git_dir / f"sharedindex.{links.shared}").read_bytes(), width)
            entries = _joined(shared, entries, links)
    except (OSError, ValueError, IndexError, struct.error):
        return {}
    return {entry.name: entry.stamp for entry in entries if entry.holds_file}


def _read(data: bytes, width: int) -> tuple[list[_Indexed], _Links | None]:
    signature, version, count = _HEADER.unpack_from(data)
    if signature != b"DIRC" or version not in _VERSIONS:
        raise ValueError("an index of another kind")
    entries, at, name = [], _HEADER.size, b""
    for _ in range(count):
        entry, at = _entry(data, at, width, name if version == 4 else None)
        name = entry.name
        entries.append(entry)
    return entries, _links(data, at, width)


def _entry(data: bytes, start: int, width: int, before: bytes | None) -> tuple[_Indexed, int]:
    """An entry, and where the next one begins; `before` is the last name where names build on each other."""
    seconds, part, inode, _, size = _STAT.unpack_from(data, start)
    at = start + 40 + width
    flags = int.from_bytes(data[at : at + 2])
    more = int.from_bytes(data[at + 2 : at + 4]) if flags & _EXTENDED else 0
    at += 4 if flags & _EXTENDED else 2
    dropped = 0
    if before is not None:
        dropped, at = _number(data, at)
    end = data.index(b"\0", at)
    name = (before or b"")[: len(before or b"") - dropped] + data[at:end]
    oid = data[start + 40 : start + 40 + width].hex()
    following = end + 1 if before is not None else start + (end - start + 8) // 8 * 8
    holds_file = not flags & _STAGE and not more & _MEANT_TO_BE_ADDED
    return _Indexed(name, holds_file, Stamp(oid, seconds * 1_000_000_000 + part, inode, size)), following


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length as version 4 writes it, and where it ends."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) + (data[at] & 0x7F)
    return value, at + 1


def _links(data: bytes, at: int, width: int) -> _Links | None:
    """What the extension `link` says, or None for an index that is whole; other extensions matter to nobody here."""
    while at + 8 <= len(data) - width:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8])
        body = data[at + 8 : at + 8 + size]
        at += 8 + size
        if name == b"link" and not _NULL.fullmatch(shared := body[:width].hex()):
            deleted, end = _bits(body, width) if size > width else ([], width)
            replaced, _ = _bits(body, end) if size > width else ([], width)
            return _Links(shared, frozenset(deleted), replaced)
    return None


def _bits(data: bytes, at: int) -> tuple[list[int], int]:
    """The positions that are set in a bitmap of the form EWAH, and where it ends."""
    count = int.from_bytes(data[at + 4 : at + 8])
    words = struct.unpack_from(f">{count}Q", data, at + 8)
    found: list[int] = []
    position = index = 0
    while index < count:
        run, literals = (words[index] >> 1) & 0xFFFFFFFF, words[index] >> 33
        if words[index] & 1:
            found += range(position, position + 64 * run)
        position += 64 * run
        for word in words[index + 1 : index + 1 + literals]:
            found += [position + bit for bit in range(64) if word >> bit & 1]
            position += 64
        index += 1 + literals
    return found, at + 12 + 8 * count


def _joined(shared: list[_Indexed], own: list[_Indexed], links: _Links) -> list[_Indexed]:
    """The entries of a split index: those that replace a shared one stand first in it and leave out its name."""
    replacing = {at: own[number]._replace(name=shared[at].name) for number, at in enumerate(links.replaced)}
    kept = [replacing.get(at, entry) for at, entry in enumerate(shared) if at not in links.deleted]
    return kept + own[len(links.replaced) :]
