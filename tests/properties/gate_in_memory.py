"""The whole gate over two sets of files in memory: real rooms, real law, no git and no disk.

`MemoryRepository` stands in for `vcs.repository.Repository`: one base commit, and one commit of the author's
on top of it. Everything else is what the command runs. What the law is made of is the same in thousands of
checks, so sessions share what they have read: each rule set and each document is read once.
`test_memory_is_faithful` holds the answers against those of real git.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import ExitStack
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace
from world import AUTHOR, TODAY, email_of

from policy_gate.app.check import CheckSession, SharedReadings
from policy_gate.cards import reader
from policy_gate.cards.field_names import CardVocabulary
from policy_gate.collect import policy_files
from policy_gate.errors import PolicyGateError
from policy_gate.policy.load import seal_law, seal_policies
from policy_gate.schema.check_inputs import LayerSource, Request, SealedSource
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.people import Author, Commit
from policy_gate.schema.report import Report
from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.source import Location
from policy_gate.vcs.commits import RawCommit
from policy_gate.vcs.difference import difference
from policy_gate.vcs.discovery import FoundRef
from policy_gate.vcs.memory_tree import MemoryTree
from policy_gate.vcs.objects import object_id
from policy_gate.vcs.rebase import RebaseOutcome
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import TreeEntry

Files = Mapping[str, str]
MAIN = "refs/heads/main"
NOWHERE = Path("/nowhere")


class MemoryRepository:
    """What a check asks of a repository, answered for a base and a result in memory.

    `history` are the files of base's earlier commits, newest first.
    """

    root = NOWHERE
    shallow = frozenset[str]()

    def __init__(self, base: MemoryTree, result: MemoryTree, history: Iterable[MemoryTree] = ()) -> None:
        earlier = tuple(history)
        self._line = [_commit_id(tree, len(earlier) - n) for n, tree in enumerate((base, *earlier))]
        self._head = _commit_id(result, len(earlier) + 1)
        self._trees = dict(zip((self._head, *self._line), (result, base, *earlier), strict=True))
        self._by_id = {tree.id: tree for tree in self._trees.values()}

    def resolve(self, name: str) -> str | None:
        return self._head if name == "HEAD" else None

    def refs(self, names: Iterable[str]) -> dict[str, FoundRef]:
        return {MAIN: FoundRef(self._line[0], "")} if MAIN in names else {}

    def holds_commit(self, oid: str) -> bool:
        return oid in self._trees

    def merged_already(self, oid: str) -> Any:
        return self.tree(oid)

    def tree_beside(self, oid: str, base: Any) -> Any:
        return self.tree(oid)

    def tree(self, oid: str) -> Any:
        """The tree of that id; for a file's id one that reads files by their ids, as git does."""
        return self._by_id.get(oid) or _Blobs(self._trees.values())

    def tree_oid(self, commit: str) -> str:
        return self._trees[commit].id

    def merge_base_is(self, base: str, head: str) -> bool:
        return base in self._line and head in self._trees

    def governed_by_rebase(self, base: str, head: str, *_: object) -> RebaseOutcome:
        """Nothing: what is proposed is one commit on base."""
        return RebaseOutcome([], [])

    def changed(self, one: MemoryTree, other: MemoryTree) -> frozenset[str]:
        return difference(one, other)

    def commits(self, base: str, head: str) -> tuple[Commit, ...]:
        paths = difference(self._trees[base], self._trees[head])
        return (Commit(head, (Author(AUTHOR, email_of(AUTHOR)),), paths, parents=(base,)),)

    def commits_beyond(self, base: str, head: str) -> list[RawCommit]:
        return [RawCommit(self.tree_oid(head), (base,), (Author(AUTHOR, email_of(AUTHOR)),))]

    def first_parents(self, commit: str, limit: int) -> list[str]:
        return self._line[self._line.index(commit) + 1 :][:limit]

    def first_parent_line(self, commit: str, limit: int) -> list[str]:
        return self.first_parents(commit, limit)

    default_branch = "main"

    def knows_a_remote(self) -> bool:
        return False

    def first_parent_edits(self, commit: str, limit: int) -> set[TreeEntry]:
        line = [self._trees[it] for it in self._line[self._line.index(commit) :][: limit + 2]]
        pairs = [*pairwise(line), *([(line[-1], MemoryTree({}))] if len(line) < limit + 2 else [])]
        sides = ((side.entry(path) for side in pair) for pair in pairs for path in difference(*pair))
        return {entry for pair in sides for entry in pair if entry is not None and entry.kind == "file"}

    def blobs_at(self, places: Iterable[tuple[str, str]]) -> list[str | None]:
        entries = (self._trees[commit].entry(path) for commit, path in places)
        return [entry.oid if entry is not None and entry.kind == "file" else None for entry in entries]

    def trim(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing was started."""


class _Blobs:
    """Reads any file that one of these trees holds."""

    def __init__(self, trees: Iterable[MemoryTree]) -> None:
        self._trees = tuple(trees)

    def read(self, entry: TreeEntry) -> bytes:
        found = ((tree, tree.entry(entry.path)) for tree in self._trees)
        return next(tree.read(one) for tree, one in found if one is not None and one.oid == entry.oid)

    def size(self, entry: TreeEntry) -> int:
        return len(self.read(entry))


def _commit_id(tree: MemoryTree, number: int) -> str:
    return object_id("commit", f"{tree.id} {number}".encode())


class Gate:
    """The gate under one built-in law: verdicts of changes that the author alone has made."""

    def __init__(self, builtin: LayerSource | None = None) -> None:
        self._builtin = builtin or installed()
        self._shared = SharedReadings()
        self._codes: dict[tuple[str, ...], int] = {}

    def passes(self, base: Files, result: Files, history: Iterable[Files] = ()) -> bool:
        """Whether the command would exit 0, and so let the change merge."""
        return self.code(base, result, history) == 0

    def code(self, base: Files, result: Files, history: Iterable[Files] = ()) -> int:
        """The exit code of `check`."""
        history = tuple(history)
        key = (_tree(base).id, _tree(result).id, *(_tree(files).id for files in history))
        if key not in self._codes:
            try:
                self._codes[key] = self.report(base, result, history).exit_code
            except PolicyGateError as error:
                self._codes[key] = error.exit_code
        return self._codes[key]

    def report(self, base: Files, result: Files, history: Iterable[Files] = ()) -> Report:
        """The report of `check`; PolicyGateError where there is none."""
        trees = [_tree(files) for files in history]
        repository = MemoryRepository(_tree(base), _tree(result), trees)
        with ExitStack() as stack:
            for patched in (
                patch.object(Repository, "open", lambda _: repository),
                patch.object(policy_files, "builtin_layer_sealed", lambda: self._builtin),
                patch.object(reader, "read_card", _read_card),
            ):
                stack.enter_context(patched)
            return self.checked(TODAY)

    def checked(self, today: date) -> Report:
        """The report on what the repository in memory holds, by a session that shares its readings with all others."""
        request = Request(NOWHERE, end_of_day(today), environment={})
        with CheckSession(NOWHERE, self._shared) as session:
            return session.check(request, documented=False)

    def forget(self) -> None:
        """Let go of what was read and answered, for searches longer than memory."""
        for known in (self._codes, _CARDS, _TREES, _ENTRIES):
            known.clear()
        self._shared = SharedReadings()


_READ_CARD = reader.read_card
_CARDS: dict[Any, Any] = {}
_TREES: dict[frozenset[tuple[str, str]], MemoryTree] = {}
_ENTRIES: dict[tuple[str, str], TreeEntry | None] = {}


def _read_card(found: Evidence, at: Location, words: CardVocabulary, names: Collection[str] = ()) -> Any:
    key = (found.path, found.state, found.oid, at, words, tuple(names))
    if key not in _CARDS:
        _CARDS[key] = _READ_CARD(found, at, words, names)
    return _CARDS[key]


def _tree(files: Files) -> MemoryTree:
    key = frozenset(files.items())
    if key not in _TREES:
        _TREES[key] = _SharingTree(files)
    return _TREES[key]


class _SharingTree(MemoryTree):
    """A tree whose files have their ids from trees before it that held the same text at the same path."""

    def __init__(self, files: Files) -> None:
        super().__init__(files)
        self._files = files

    def _found(self, path: str) -> TreeEntry | None:
        key = path, self._files[path]
        if key not in _ENTRIES:
            _ENTRIES[key] = super()._found(path)
        return _ENTRIES[key]


def shipped() -> LayerSource:
    """The built-in policies as they are."""
    return policy_files.builtin_layer(with_cases=False)


@cache
def installed() -> LayerSource:
    """The same as a package has them that was built: compiled before, so that a rule set takes less to load."""
    source, texts = shipped(), policy_files.builtin_texts()
    compiled = SealedSource(seal_policies(source, texts), texts)
    return replace(source, documents=(), sealed=compiled, law_seal=seal_law(source))


def without(*, rules: Iterable[str] = (), weakenings: Iterable[str] = ()) -> LayerSource:
    """The built-in policies where these rules only advise, and these kinds of change are no weakenings.

    A rule that were taken out would take with it what other policies say by its name, such as what its approval covers.
    """

    def rewrite(content: dict[str, Any]) -> None:
        for rule in content.get("rules", []):
            if rule["id"] in rules:
                rule["enforcement"] = "advise"
        for kind in content.get("change_kinds", []):
            if kind["id"] in weakenings:
                kind["weakening"] = False

    return _rewritten(rewrite)


def _rewritten(rewrite: Callable[[dict[str, Any]], None]) -> LayerSource:
    source = shipped()
    documents = []
    for document in source.documents:
        content = copy.deepcopy(document.content)
        before = copy.deepcopy(content)
        rewrite(content)
        content = {name: value for name, value in content.items() if value or name in before}
        documents.append(document if content == before else replace(document, content=content))
    return replace(source, documents=tuple(documents))
