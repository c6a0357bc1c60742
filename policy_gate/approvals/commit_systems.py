"""Which systems a commit is about: two systems in one manifest have authors of their own (D13).

What a commit touches counts by what it was when it was touched: that a file was renamed, or an entry given
another id, by a later commit makes nobody less of an author.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.collect.code_files import CodeOf
from policy_gate.collect.layout import Layout
from policy_gate.collect.systems import Codes
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import DocumentError
from policy_gate.schema.documents import Manifest
from policy_gate.schema.people import Commit
from policy_gate.schema.snapshot import DeclaredSystem
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import Tree


class CommitContext(Struct, frozen=True, dict=True):
    """What commits are held against: the repository, where governed files stand in it, base's and result's systems."""

    repository: Repository
    layout: Layout
    cache: DocumentCache
    systems: tuple[DeclaredSystem, ...] = ()

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(system.key.id for system in self.systems)

    @cached_property
    def code(self) -> tuple[tuple[str, CodeOf], ...]:
        codes = Codes(self.layout)
        return tuple((system.key.id, codes.of(system.manifest, system.entry)) for system in self.systems)


def with_systems(commits: Iterable[Commit], context: CommitContext) -> tuple[Commit, ...]:
    """The commits, each with the systems it is about and, for manifests, those whose entries it changes."""
    return tuple(_with_systems(commit, context) for commit in commits)


def _with_systems(commit: Commit, context: CommitContext) -> Commit:
    if commit.merge_of_git:
        return commit
    systems = {id_ for id_, code in context.code if any(code.holds(path) for path in commit.paths)}
    systems |= {it.key.id for it in context.systems if any(file.path in commit.paths for file in it.linked)}
    manifests = sorted(path for path in commit.paths if context.layout.is_manifest(path))
    found: dict[str, frozenset[str] | None] = {}
    for path in manifests:
        was, now = _sides(path, commit, context)
        touched, supplied = _touched(was, now), frozenset(_supplied(path, was, now, context))
        found[path] = touched | supplied if touched is not None and touched <= context.known else None
        systems |= (touched or frozenset()) | supplied
    entries = {path: ids for path, ids in found.items() if ids is not None}
    return replace(commit, entries=entries, systems=frozenset(systems))


def _sides(
    path: str, commit: Commit, context: CommitContext
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """A manifest before and after a commit; of a merge what it left out of either side shows in no comparison."""
    if len(commit.parents) != 1:
        return None, None
    trees = [
        context.repository.merged_already(context.repository.tree_oid(oid)) for oid in (*commit.parents, commit.oid)
    ]
    return _entries(path, trees[0], context.cache), _entries(path, trees[1], context.cache)


def _touched(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> frozenset[str] | None:
    """Ids of the entries that differ; None where all of the file must count as touched."""
    if was is None or now is None:
        return None
    return frozenset(id_ for id_ in {*was, *now} if id_ and was.get(id_) != now.get(id_))


def _supplied(
    path: str, was: Mapping[str, Any] | None, now: Mapping[str, Any] | None, context: CommitContext
) -> Iterator[str]:
    """The systems that name a vendor whose description differs: of the root's manifest those of any, else its own.

    They name it in base, in the result, or on either side of the commit.
    """
    before, after = ({vendor.id: vendor for vendor in side[""]} if side else {} for side in (was, now))
    systems = [it for it in context.systems if "/" not in path or it.manifest.path == path]
    named = [(it.key.id, it.entry.vendors) for it in systems]
    named += [(id_, it.vendors) for side in (was, now) for id_, it in (side or {}).items() if id_]
    is_told = was is not None and now is not None
    for id_, names in named:
        if any(before.get(name) != after.get(name) for name in names) or (names and not is_told):
            yield id_


def _entries(path: str, tree: Tree, cache: DocumentCache) -> Mapping[str, Any] | None:
    """The entries of a manifest by id, and under the empty id what belongs to all; None where it cannot be read."""
    entry = tree.entry(path)
    if entry is None:
        return {"": []}
    try:
        manifest = cache.document(Manifest, tree, entry).content
    except DocumentError:
        return None
    found: dict[str, Any] = {system.id: system for system in manifest.systems}
    if len(found) != len(manifest.systems):
        return None
    return {**found, "": manifest.vendors}
