"""What base's history held of evidence that a change adds or replaces: old work is no new work (D52)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from policy_gate.collect.evidence import EvidenceReader, Wanted
from policy_gate.collect.layout import Layout
from policy_gate.collect.systems import PlacedEntry, declared_systems
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import DocumentError
from policy_gate.schema.documents import Manifest
from policy_gate.schema.snapshot import DeclaredSystem, EarlierSystem, Snapshot
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import Tree
from policy_gate.vcs.trees import GitTree

MOST_COMMITS = 1000
"""of base's first-parent history that are looked through"""
_MOST_MANIFESTS = 100
"""versions of manifests that are read for it"""
_MOST_BYTES = 4 << 20
"""of those manifests together"""
_MOST_VERSIONS = 10
"""of one system's evidence that are kept, the newest"""


def with_history(
    base: Snapshot, result: Snapshot, commit: str | None, repository: Repository, layout: Layout, cache: DocumentCache
) -> Snapshot:
    """Base with the earlier versions of what is other evidence in the result; as it is where there is none."""
    wanted = {system.key.id: ids for system in result.systems if (ids := _changed(system, base, result))}
    if not wanted or commit is None:
        return base
    line = repository.first_parent_line(commit, MOST_COMMITS)
    look = _Look(repository, layout, cache)
    named = [it for id_, ids in wanted.items() for it in look.named(line, base.system(id_), ids)]
    ends = len(line) < MOST_COMMITS and (line[-1] if line else commit) in repository.shallow
    return replace(base, earlier=look.versions(named), history_ends=ends)


def untold(base: Snapshot, result: Snapshot) -> Iterator[str]:
    """Notes on evidence that base lacks, where this clone's history ends before it can tell whether base had it."""
    for now in result.systems if base.history_ends else ():
        was = base.system(now.key.id)
        if was is None or was.entry.stage != now.entry.stage:
            continue
        known = {id_ for id_, path in _paths(was) if base.evidence[path].oid is not None}
        known |= {id_ for it in base.earlier.get(now.key.id, ()) for id_, path in _paths(it.system)}
        new = sorted(_files(now, result).keys() - known)
        if new:
            where = f"whether {', '.join(new)} of {now.key.id} stood in base before is not told"
            yield f"{where}: this clone's history is cut off (git fetch --unshallow)"


def _changed(now: DeclaredSystem, base: Snapshot, result: Snapshot) -> frozenset[str]:
    """Ids of the evidence of a system of base's that is another file in the result, a job's own results aside."""
    was = base.system(now.key.id)
    if was is None:
        return frozenset()
    before = _files(was, base)
    return frozenset(id_ for id_, oid in _files(now, result).items() if before.get(id_) != oid)


def _files(system: DeclaredSystem, side: Snapshot) -> dict[str, str]:
    found: dict[str, str] = {}
    for id_, path in _paths(system):
        evidence = side.evidence.get(path)
        if evidence is not None and evidence.oid is not None and evidence.provenance == "committed":
            found.setdefault(id_, evidence.oid)
    return found


def _paths(system: DeclaredSystem) -> Iterator[tuple[str, str]]:
    written = [(entry.id, entry.path) for entry in system.entry.artifacts if entry.path]
    written += [(entry.id, entry.report) for entry in system.entry.tests]
    return ((id_, system.files[path]) for id_, path in written if path in system.files)


class _Named(NamedTuple):
    """A file that a system named as evidence at one commit."""

    commit: str
    system: DeclaredSystem
    id: str
    path: str


class _Look(Struct):
    """Reads earlier trees; git is asked for many of them at once, and only what is another version is parsed."""

    repository: Repository
    layout: Layout
    cache: DocumentCache
    systems: dict[tuple[str, str, str], DeclaredSystem | None] = field(default_factory=dict)
    bytes_read: int = 0

    def named(self, line: Sequence[str], was: DeclaredSystem | None, ids: frozenset[str]) -> Iterator[_Named]:
        """What base's system named as this evidence at each of these commits, the newest first."""
        if was is None:
            return
        path = was.key.manifest
        for commit, oid in zip(line, self.repository.blobs_at((it, path) for it in line), strict=True):
            system = self._system(commit, path, oid, was.key.id) if oid is not None else None
            if system is not None:
                yield from (_Named(commit, system, id_, file) for id_, file in _paths(system) if id_ in ids)

    def versions(self, named: Sequence[_Named]) -> dict[str, tuple[EarlierSystem, ...]]:
        """By system, each version of such a file once, the newest first."""
        found: dict[str, list[EarlierSystem]] = {}
        seen = set()
        blobs = self.repository.blobs_at((it.commit, it.path) for it in named)
        for one, oid in zip(named, blobs, strict=True):
            known = found.setdefault(one.system.key.id, [])
            version = (one.system.key.id, one.id, oid, _date_of(one.system, one.id))
            if oid is not None and version not in seen and len(known) < _MOST_VERSIONS:
                seen.add(version)
                reader = EvidenceReader(self._tree(one.commit), self.cache)
                known.append(EarlierSystem(one.system, {one.path: reader.render(Wanted(one.path))}))
        return {id_: tuple(known) for id_, known in found.items()}

    def _tree(self, commit: str) -> GitTree:
        return self.repository.tree(self.repository.tree_oid(commit))

    def _system(self, commit: str, path: str, oid: str, id_: str) -> DeclaredSystem | None:
        key = (path, oid, id_)
        if key not in self.systems:
            is_much = len(self.systems) >= _MOST_MANIFESTS or self.bytes_read > _MOST_BYTES
            self.systems[key] = None if is_much else self._read(self._tree(commit), path, id_)
        return self.systems[key]

    def _read(self, tree: Tree, path: str, id_: str) -> DeclaredSystem | None:
        entry = tree.entry(path)
        if entry is None or entry.kind != "file":
            return None
        self.bytes_read += tree.size(entry)
        try:
            manifest = self.cache.document(Manifest, tree, entry)
        except DocumentError:
            return None
        placed = (PlacedEntry(manifest, at, it) for at, it in enumerate(manifest.content.systems) if it.id == id_)
        return next(declared_systems(placed, (), self.layout), None)


def _date_of(system: DeclaredSystem, id_: str) -> date | None:
    dates = [(entry.id, entry.completed) for entry in system.entry.artifacts]
    dates += [(entry.id, entry.completed) for entry in system.entry.tests]
    return next((day for id_of, day in dates if id_of == id_), None)
