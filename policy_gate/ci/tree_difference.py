"""How two trees differ, read raw and strictly, so that nothing can be read in two ways.

A folder that git would not write so, or that holds a name no checkout writes there, is odd: it is for the full check
to say what is wrong with it.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from policy_gate.ci.plain_git import answer, command, scrubbed

_HEAD = 4096
_MOST_PATHS = 20_000
_DEEPEST = 100
_ROW = {
    width: re.compile(rb"(40000|100644|100755|120000|160000) ([^\0/]+)\0(.{%d})" % width, re.DOTALL)
    for width in (20, 32)
}
_FILES = (b"100644", b"100755")
_FOLDER = b"40000"

Rows = dict[str, tuple[bytes, str]]
"""Name to mode and object id in hex."""


class OddError(Exception):
    """Something that only a full check may judge."""


class Changed(NamedTuple):
    """A path that differs; `oids` are what stands there, before and after, and `is_regular` that all are files."""

    path: str
    oids: tuple[str, ...]
    is_regular: bool


class Trees:
    """Reads objects of one repository; close it, or use it in a `with`."""

    def __init__(self, git_dir: Path) -> None:
        self._git_dir = git_dir
        self._process = subprocess.Popen(
            command("cat-file", "--batch"),
            env=scrubbed(GIT_DIR=str(git_dir)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Trees:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._process:
            self._process.kill()

    def merged(self, base: str, head: str) -> str:
        """The tree that merging `head` into `base` gives; OddError where that cannot simply be told."""
        code, _ = answer(self._git_dir, "merge-base", "--is-ancestor", base, head)
        if code == 0:
            return self.tree_of(head)
        if code != 1:
            raise OddError("history is cut off")
        code, out = answer(self._git_dir, "merge-tree", "--write-tree", "--no-messages", base, head)
        tree = out.decode("ascii", "replace").strip()
        if code or not re.fullmatch("[0-9a-f]{40,64}", tree):
            raise OddError("does not merge")
        return tree

    def tree_of(self, commit: str) -> str:
        """The tree of a commit."""
        kind, data = self._read(commit)
        if kind != b"commit" or not data.startswith(b"tree "):
            raise OddError("no commit")
        return data.split(b"\n", 1)[0].removeprefix(b"tree ").decode("ascii", "replace")

    def head_of(self, oid: str) -> bytes:
        """The first bytes of a file."""
        kind, data = self._read(oid)
        if kind != b"blob":
            raise OddError("no file")
        return data[:_HEAD]

    def differing(self, one: str, other: str) -> list[Changed]:
        """Every path that differs between two trees; a moved file is two paths."""
        found = []
        for change in self._differing(one, other, ""):
            found.append(change)
            if len(found) > _MOST_PATHS:
                raise OddError("many paths")
        return found

    def _differing(self, one: str, other: str, folder: str) -> Iterator[Changed]:
        if folder.count("/") >= _DEEPEST:
            raise OddError("deep")
        before, after = self._rows(one), self._rows(other)
        for name in sorted({name for name, _ in before.items() ^ after.items()}):
            sides = [rows.get(name) for rows in (before, after)]
            path = f"{folder}{name}"
            if any(side is not None and side[0] == _FOLDER for side in sides):
                below = [side[1] if side is not None and side[0] == _FOLDER else "" for side in sides]
                yield from self._differing(below[0], below[1], f"{path}/")
            files = [side for side in sides if side is not None and side[0] != _FOLDER]
            if files:
                yield Changed(path, tuple(oid for _, oid in files), all(mode in _FILES for mode, _ in files))

    def _rows(self, oid: str) -> Rows:
        if not oid:
            return {}
        kind, data = self._read(oid)
        if kind != b"tree":
            raise OddError("no tree")
        width = len(oid) // 2
        found = _ROW[width].findall(data)
        if sum(len(mode) + len(name) + width + 2 for mode, name, _ in found) != len(data):
            raise OddError("a damaged folder")
        order = [name + b"/" if mode == _FOLDER else name for mode, name, _ in found]
        rows = {_name(name): (mode, oid.hex()) for mode, name, oid in found}
        if len(rows) != len(found) or order != sorted(order):
            raise OddError("a folder that git would not write")
        return rows

    def _read(self, oid: str) -> tuple[bytes, bytes]:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise OddError("no answer")
        stdin.write(oid.encode("ascii") + b"\n")
        stdin.flush()
        words = stdout.readline().split()
        if len(words) != 3 or not words[2].isdigit():
            raise OddError("an object is not here")
        data = stdout.read(int(words[2]))
        stdout.read(1)
        return words[1], data


def _name(raw: bytes) -> str:
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise OddError("a name that is not UTF-8") from None
    plain = name.lower().split(":")[0].rstrip(". ")
    if not name.isprintable() or name in (".", "..") or plain in (".git", "git~1"):
        raise OddError("a name that no checkout writes")
    return name
