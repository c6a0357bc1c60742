"""How two trees differ, and a quick reader of what a push changes, for a hook that must answer at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from policy_gate.errors import UndecidedError
from policy_gate.vcs.hardening import HardenedGit
from policy_gate.vcs.history import Ancestry, shallow_commits
from policy_gate.vcs.merge import merge_commits
from policy_gate.vcs.objects import Links, ObjectStore, links_of
from policy_gate.vcs.rebase import is_replayed, steps_of
from policy_gate.vcs.trees import FolderTree, GitTree, Row, kind_of, walk_below

_MOST_PATHS = 1_000_000
_MOST_OF_A_PUSH = 20_000
_FILES = ("100644", "100755")


class Changed(NamedTuple):
    """A path that differs; `oids` are what stands there, before and after, and `is_regular` that all are files."""

    path: str
    oids: tuple[str, ...]
    is_regular: bool


class PushedTrees:
    """Commits and trees of one repository, read for a quick look at a push; close it, or use it in a `with`.

    Every method raises PolicyGateError for what only a full check may judge, and ValueError for an id that is none.
    """

    def __init__(self, git_dir: Path) -> None:
        self._git = HardenedGit(git_dir)
        self._store = ObjectStore(self._git.start_batch)
        self._parsed: dict[str, dict[str, Row]] = {}
        self._ancestry = Ancestry(self._git.run, self._links, shallow_commits(git_dir))

    def __enter__(self) -> PushedTrees:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._store.close()

    def merged(self, base: str, head: str) -> str:
        """The tree that merging `head` into `base` gives."""
        if self._ancestry.is_ancestor(base, head):
            return self.tree_of(head)
        merged = merge_commits(self._git.run, base, head)
        if merged.conflicts:
            raise UndecidedError("base and head do not merge")
        return merged.tree

    def replayed(self, base: str, head: str) -> list[Changed]:
        """Every path that a rebase of `head` onto `base` would touch on its way, where it may differ from the merge."""
        beyond = self._ancestry.beyond(base, head)
        if not is_replayed(beyond, self._links, is_up_to_date=self._ancestry.is_ancestor(base, head)):
            return []
        steps = steps_of(self._git.run, self._git.tell, base, head)
        found = []
        for edit in (edit for step in steps for edit in step.edits):
            sides = [side for side in (edit.before, edit.after) if side is not None]
            is_regular = all(mode in _FILES for mode, _ in sides)
            found.append(Changed(edit.path, tuple(oid for _, oid in sides), is_regular))
        return found

    def tree_of(self, commit: str) -> str:
        """The tree of a commit."""
        return self._links(commit).tree

    def bytes_of(self, oid: str) -> bytes:
        """The bytes of a file."""
        return self._store.read(oid, "blob")

    def differing(self, one: str, other: str) -> list[Changed]:
        """Every path that differs between two trees, in order; a moved file is two paths."""
        before, after = (GitTree(oid, self._store, self._parsed) for oid in (one, other))
        return [_changed(path, before, after) for path in sorted(difference(before, after, _MOST_OF_A_PUSH))]

    def paths_since(self, earlier: str, base: str, limit: int) -> set[str] | None:
        """Every path that base's line of first parents changed since an earlier commit; None where that is not near."""
        line = [base, *self._ancestry.first_parents(base, limit)]
        if earlier not in line:
            return None
        trees = [self.tree_of(commit) for commit in line[: line.index(earlier) + 1]]
        return {it.path for one, other in pairwise(trees) for it in self.differing(other, one)}

    def _links(self, commit: str) -> Links:
        return links_of(self._store.read(commit, "commit"))


def _changed(path: str, before: FolderTree, after: FolderTree) -> Changed:
    entries = (tree.entry(path) for tree in (before, after))
    sides = [entry for entry in entries if entry is not None and entry.kind != "folder"]
    return Changed(path, tuple(entry.oid for entry in sides), all(entry.mode in _FILES for entry in sides))


def difference(one: FolderTree, other: FolderTree, most: int = _MOST_PATHS) -> frozenset[str]:
    """Paths (of files, links, submodules) whose content, mode or presence differs; renames are two paths.

    Folders with the same id are not opened, so the cost follows the difference. UndecidedError where more
    than `most` paths differ: a small tree can be made to name itself without end.
    """
    found = islice(_differing(one, other, ""), most + 1) if one.id != other.id else ()
    paths = frozenset(found)
    if len(paths) > most:
        raise UndecidedError(f"more than {most} paths differ", hint="look at the change with git diff --stat")
    return paths


def _differing(one: FolderTree, other: FolderTree, folder: str) -> Iterator[str]:
    prefix = f"{folder}/" if folder else ""
    ours, theirs = one.rows(folder), other.rows(folder)
    for name in sorted({name for name, _ in ours.items() ^ theirs.items()}):
        rows = [tree_rows[name] for tree_rows in (ours, theirs) if name in tree_rows]
        kinds = [kind_of(row[0]) for row in rows]
        if kinds == ["folder", "folder"]:
            yield from _differing(one, other, prefix + name)
            continue
        for tree, tree_rows in ((one, ours), (other, theirs)):
            if name in tree_rows:
                yield from _files(tree, prefix + name, tree_rows[name])


def _files(tree: FolderTree, path: str, row: Row) -> Iterator[str]:
    if kind_of(row[0]) == "folder":
        yield from (entry.path for entry in walk_below(tree, path))
    else:
        yield path
