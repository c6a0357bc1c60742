"""What was read once and need not be read again: documents and evidence by path and blob.

Base and result share one, so that a file that a change does not touch is parsed once; so do all checks of a session.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from policy_gate.documents.scalars import MAX_BYTES, document_error
from policy_gate.documents.validation import validated
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.schema.source import Document
from policy_gate.schema.strict import Strict
from policy_gate.vcs.tree import Tree, TreeEntry

M = TypeVar("M", bound=Strict)
T = TypeVar("T")

_MOST_KEPT = 20_000
"""documents, and other things, at which `trim` begins anew"""

NAMES_OF_THE_GATE = (b"policy-gate", b"policy_gate")

_KINDS = {"symlink": "a symbolic link", "submodule": "a submodule", "folder": "a folder"}


class DocumentCache:
    """Documents, and whatever else follows from content alone, each read at most once for one path and blob."""

    def __init__(self) -> None:
        self._documents: dict[tuple[type[Strict], str, str], Document[Any] | DocumentError] = {}
        self._others: dict[tuple[Any, ...], Any] = {}

    @property
    def size(self) -> int:
        """How many things are kept."""
        return len(self._documents) + len(self._others)

    def once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """What `make` gives, made the first time only; `key` says all that it depends on, files by their ids."""
        if key not in self._others:
            self._others[key] = make()
        made: T = self._others[key]
        return made

    def trim(self) -> None:
        """Let go of what was read, where it has become much."""
        for known in (self._documents, self._others):
            if len(known) > _MOST_KEPT:
                known.clear()

    def document(self, model: type[M], tree: Tree, entry: TreeEntry) -> Document[M]:
        """The typed YAML document at an entry; DocumentError where it is no regular file or is malformed."""
        key = (model, entry.path, f"{entry.mode}:{entry.oid}")
        if key not in self._documents:
            try:
                self._documents[key] = _read(model, tree, entry)
            except DocumentError as error:
                self._documents[key] = error
        found = self._documents[key]
        if isinstance(found, DocumentError):
            raise found
        return found

    def names_the_gate(self, tree: Tree, entry: TreeEntry) -> bool:
        """Does the file speak of policy-gate?"""

        def look() -> bool:
            data = tree.read(entry) if entry.kind == "file" and tree.size(entry) <= MAX_BYTES else b""
            return any(name in data for name in NAMES_OF_THE_GATE)

        return self.once(("names the gate", entry.oid, entry.kind), look)


def _read(model: type[M], tree: Tree, entry: TreeEntry) -> Document[M]:
    data = regular_bytes(tree, entry)
    raw, marks = read_yaml(entry.path, data)
    return validated(model, entry.path, entry.oid, raw, marks)


def regular_bytes(tree: Tree, entry: TreeEntry) -> bytes:
    """The bytes of a governed document; DocumentError for links, submodules, folders and huge files."""
    if entry.kind != "file":
        message = f"is {_KINDS[entry.kind]} (expected a regular file)"
        raise document_error(entry.path, message, hint="put the file itself here")
    size = tree.size(entry)
    if size > MAX_BYTES:
        raise document_error(entry.path, f"the file is too large (got {size} bytes, at most {MAX_BYTES} are read)")
    return tree.read(entry)
