"""A tree in memory, for tests and policy cases."""

from __future__ import annotations

from collections.abc import Mapping

from policy_gate.vcs.listed_tree import ListedTree, object_id
from policy_gate.vcs.tree import EntryKind, TreeEntry

_MODES: dict[EntryKind, str] = {"file": "100644", "symlink": "120000", "submodule": "160000"}


class MemoryTree(ListedTree):
    """Files by path, text as UTF-8; ids are those that git would give (SHA-1).

    `links` maps the path of a symbolic link to its target, `submodules` a path to a commit id.
    """

    def __init__(
        self,
        files: Mapping[str, bytes | str],
        links: Mapping[str, str] | None = None,
        submodules: Mapping[str, str] | None = None,
    ) -> None:
        self._bytes = {path: _bytes(content) for path, content in (links or {}).items()}
        self._kinds: dict[str, EntryKind] = dict.fromkeys(self._bytes, "symlink")
        self._bytes |= {path: _bytes(content) for path, content in files.items()}
        self._kinds |= dict.fromkeys(files, "file")
        self._submodules = dict(submodules or {})
        self._kinds |= dict.fromkeys(self._submodules, "submodule")
        super().__init__((_bytes(path) for path in self._kinds), "sha1")

    def read(self, entry: TreeEntry) -> bytes:
        """The bytes given for this path."""
        return self._bytes[entry.path]

    def _found(self, path: str) -> TreeEntry | None:
        kind = self._kinds[path]
        oid = self._submodules[path] if kind == "submodule" else object_id("blob", self._bytes[path])
        return TreeEntry(path, _MODES[kind], oid, kind)


def _bytes(content: bytes | str) -> bytes:
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
