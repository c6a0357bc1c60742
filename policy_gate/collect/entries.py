"""Whose entries a commit touches: two systems in one manifest have authors of their own (D13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from policy_gate.collect.git import Repository
from policy_gate.collect.layout import Layout
from policy_gate.collect.library import Library
from policy_gate.errors import DocumentError
from policy_gate.schema.documents import Manifest
from policy_gate.schema.people import Commit
from policy_gate.schema.tree import Tree


def with_entries(
    commits: Iterable[Commit], repository: Repository, layout: Layout, library: Library
) -> tuple[Commit, ...]:
    """The commits, each with the systems whose entries it changes, for every manifest where that can be told."""
    return tuple(_with_entries(commit, repository, layout, library) for commit in commits)


def _with_entries(commit: Commit, repository: Repository, layout: Layout, library: Library) -> Commit:
    manifests = sorted(path for path in commit.paths if layout.is_manifest(path))
    if not manifests or len(commit.parents) != 1:
        # What a merge left out of either side shows in no comparison with one of them.
        return commit
    trees = [repository.tree(repository.tree_oid(oid)) for oid in (*commit.parents, commit.oid)]
    found = {path: _touched(path, trees[0], trees[1], library) for path in manifests}
    return replace(commit, entries={path: ids for path, ids in found.items() if ids is not None})


def _touched(path: str, before: Tree, after: Tree, library: Library) -> frozenset[str] | None:
    """Ids of the entries that differ; None where all of the file must count as touched."""
    sides = [_entries(path, tree, library) for tree in (before, after)]
    was, now = sides
    if was is None or now is None or was[""] != now[""]:
        return None
    return frozenset(id_ for id_ in {*was, *now} if was.get(id_) != now.get(id_))


def _entries(path: str, tree: Tree, library: Library) -> Mapping[str, Any] | None:
    """The entries of a manifest by id, and under the empty id what belongs to all; None where it is no manifest."""
    entry = tree.entry(path)
    if entry is None:
        return None
    try:
        manifest = library.document(Manifest, tree, entry).content
    except DocumentError:
        return None
    found: dict[str, Any] = {system.id: system for system in manifest.systems}
    if len(found) != len(manifest.systems):
        return None
    return {**found, "": manifest.vendors}
