"""What base's history held of evidence that a change adds or replaces: old work is no new work (D52)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
from policy_gate.vcs.tree import Tree, TreeEntry

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
    look = _Look(layout, cache, wanted)
    line = repository.first_parents(commit, MOST_COMMITS)
    for earlier in line:
        if look.is_over:
            break
        look.at(repository.tree(repository.tree_oid(earlier)), base)
    ends = len(line) < MOST_COMMITS and (line[-1] if line else commit) in repository.shallow
    return replace(base, earlier={id_: tuple(it) for id_, it in look.found.items()}, history_ends=ends)


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


class _Look(Struct):
    """What was found so far; `wanted` are ids of evidence by system."""

    layout: Layout
    cache: DocumentCache
    wanted: Mapping[str, frozenset[str]]
    found: dict[str, list[EarlierSystem]] = field(default_factory=dict)
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    systems: dict[tuple[str, str, str], DeclaredSystem | None] = field(default_factory=dict)
    bytes_read: int = 0

    @property
    def is_over(self) -> bool:
        """Whether more would be too much, or nothing more is kept."""
        if len(self.systems) >= _MOST_MANIFESTS or self.bytes_read > _MOST_BYTES:
            return True
        return all(len(self.found.get(id_, ())) >= _MOST_VERSIONS for id_ in self.wanted)

    def at(self, tree: Tree, base: Snapshot) -> None:
        """Take from one earlier tree what no later one had."""
        for id_, wanted in self.wanted.items():
            was = base.system(id_)
            system = self._system(tree, was.key.manifest, id_) if was is not None else None
            if system is not None and len(self.found.get(id_, ())) < _MOST_VERSIONS:
                self._take(tree, system, wanted)

    def _take(self, tree: Tree, system: DeclaredSystem, wanted: frozenset[str]) -> None:
        new = []
        for name, path in _paths(system):
            entry = tree.entry(path) if name in wanted else None
            key = (system.key.id, name, entry.oid) if entry is not None and entry.kind == "file" else None
            if key is not None and key not in self.seen:
                self.seen.add(key)
                new.append(path)
        if new:
            reader = EvidenceReader(tree, self.cache)
            evidence = {path: reader.render(Wanted(path)) for path in new}
            self.found.setdefault(system.key.id, []).append(EarlierSystem(system, evidence))

    def _system(self, tree: Tree, path: str, id_: str) -> DeclaredSystem | None:
        entry = tree.entry(path)
        if entry is None or entry.kind != "file":
            return None
        key = (path, entry.oid, id_)
        if key not in self.systems:
            self.systems[key] = self._read(tree, entry, id_)
        return self.systems[key]

    def _read(self, tree: Tree, entry: TreeEntry, id_: str) -> DeclaredSystem | None:
        self.bytes_read += tree.size(entry)
        try:
            manifest = self.cache.document(Manifest, tree, entry)
        except DocumentError:
            return None
        placed = (PlacedEntry(manifest, at, it) for at, it in enumerate(manifest.content.systems) if it.id == id_)
        return next(declared_systems(placed, (), self.layout), None)
