"""What base's history held of evidence that a change adds or replaces: old work is no new work (D52)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from policy_gate.collect.evidence import MAX_EVIDENCE, EvidenceReader, Wanted
from policy_gate.collect.layout import Layout
from policy_gate.collect.systems import system_in
from policy_gate.documents.cache import DocumentCache
from policy_gate.documents.scalars import MAX_BYTES
from policy_gate.errors import DocumentError
from policy_gate.schema.documents import Manifest
from policy_gate.schema.snapshot import DeclaredSystem, EarlierSystem, Snapshot
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import TreeEntry
from policy_gate.vcs.trees import GitTree

MOST_COMMITS = 1000
"""of base's first-parent history that are looked through"""
_MOST_BYTES_PARSED = 4 << 20
"""of the versions of manifests that may declare a system whose evidence is another"""
_MOST_BYTES_READ = 64 << 20
"""of the versions of all manifests"""
_MOST_BYTES_EACH = 4 << 20
"""of the versions of one document or result"""
_MOST_BYTES_OF_EVIDENCE = 32 << 20
"""of them all"""


def with_history(
    base: Snapshot, result: Snapshot, commit: str | None, repository: Repository, layout: Layout, cache: DocumentCache
) -> Snapshot:
    """Base with the earlier versions of what is other evidence in the result; as it is where there is none.

    The search is bounded by its work; where that ends before the history does, it cannot be told what base held.
    """
    wanted = {system.key.id: ids for system in result.systems if (ids := _changed(system, base, result))}
    if not wanted or commit is None:
        return base
    line = repository.first_parent_line(commit, MOST_COMMITS)
    look = _Look(repository, layout, cache)
    edits = sorted(it for it in repository.first_parent_edits(commit, len(line)) if layout.is_manifest(it.path))
    before = [(was, ids) for id_, ids in wanted.items() if (was := base.system(id_)) is not None]
    earlier = look.versions([it for was, ids in before for it in look.named(line, edits, was, ids)])
    ends = len(line) < MOST_COMMITS and (line[-1] if line else commit) in repository.shallow
    return replace(base, earlier=earlier, history_ends=ends, history_is_long=frozenset(look.cut))


def untold(base: Snapshot, result: Snapshot) -> Iterator[str]:
    """Notes on evidence that base lacks, where this clone's history ends before it can tell whether base had it."""
    for system, id_ in sorted(base.history_is_long):
        held = "base's history holds more of it than is looked through"
        yield f"whether {id_} of {system} is older work is not told: {held}"
    for now in result.systems if base.history_ends else ():
        was = base.system(now.key.id)
        if was is None or was.entry.stage != now.entry.stage:
            continue
        known = {id_ for id_, path in _paths(was) if base.evidence[path].oid is not None}
        older = [it.system for it in base.earlier.get(now.key.id, ())]
        known |= {id_ for it in older for id_, path in _paths(it)}
        files = _files(now, result)
        dated = {id_ for id_ in _dated_here(was, now, files) if all(_date_of(it, id_) is None for it in older)}
        new = sorted(files.keys() - known | dated)
        if new:
            where = f"whether {', '.join(new)} of {now.key.id} stood in base before is not told"
            yield f"{where}: this clone's history is cut off (git fetch --unshallow)"


def _changed(now: DeclaredSystem, base: Snapshot, result: Snapshot) -> frozenset[str]:
    """Ids of the evidence of a system of base's that is another file in the result, a job's own results aside.

    So is one that base has without a date and the result with one: an earlier change may have taken the date out.
    """
    was = base.system(now.key.id)
    if was is None:
        return frozenset()
    before, after = _files(was, base), _files(now, result)
    dated = set(_dated_here(was, now, after))
    return frozenset(id_ for id_, oid in after.items() if id_ in dated or before.get(id_) != oid)


def _dated_here(was: DeclaredSystem, now: DeclaredSystem, ids: Iterable[str]) -> Iterator[str]:
    return (id_ for id_ in ids if _date_of(was, id_) is None and _date_of(now, id_) is not None)


def _files(system: DeclaredSystem, side: Snapshot) -> dict[str, str]:
    found: dict[str, str] = {}
    for id_, path in _paths(system):
        evidence = side.evidence.get(path)
        if evidence is not None and evidence.oid is not None and evidence.provenance == "committed":
            found.setdefault(id_, evidence.oid)
    return found


def _paths(system: DeclaredSystem) -> Iterator[tuple[str, str]]:
    written = [(entry.id, entry.path) for entry in system.entry.artifacts if entry.path]
    written += [(entry.id, entry.report) for entry in system.entry.tests if entry.report]
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
    parsed: int = 0
    read: int = 0
    """bytes of manifests"""
    evidence: Counter[tuple[str, str]] = field(default_factory=Counter)
    """bytes of each system's evidence"""
    cut: set[tuple[str, str]] = field(default_factory=set)
    """system and id of what was not looked through to the end"""

    def named(
        self, line: Sequence[str], edits: Sequence[TreeEntry], was: DeclaredSystem, ids: frozenset[str]
    ) -> Iterator[_Named]:
        """What base's system named as this evidence at each of these commits, the newest first.

        `edits` are all versions of manifests that came or went there: the system may have stood in another one.
        """
        id_, own = was.key.id, was.key.manifest
        paths = sorted({own, *(it.path for it in edits if it.path != own and self._system(it, id_) is not None)})
        places = [(commit, path) for commit in line for path in paths]
        for (commit, path), oid in zip(places, self.repository.blobs_at(places), strict=True):
            system = self._system(TreeEntry(path, "100644", oid, "file"), id_) if oid is not None else None
            if system is not None:
                yield from (_Named(commit, system, it, file) for it, file in _paths(system) if it in ids)
        if self._is_spent():
            self.cut.update((id_, it) for it in ids)

    def versions(self, named: Sequence[_Named]) -> dict[str, tuple[EarlierSystem, ...]]:
        """By system, each version of such a file once, the newest first."""
        found: dict[str, list[EarlierSystem]] = {}
        seen = set()
        blobs = self.repository.blobs_at((it.commit, it.path) for it in named)
        for one, oid in zip(named, blobs, strict=True):
            known = found.setdefault(one.system.key.id, [])
            version = (one.system.key.id, one.id, oid, _date_of(one.system, one.id))
            if oid is None or version in seen:
                continue
            seen.add(version)
            tree = self._tree(one.commit)
            entry = tree.entry(one.path)
            if entry is None or self._is_too_much(one, tree.size(entry)):
                continue
            evidence = EvidenceReader(tree, self.cache).render(Wanted(one.path))
            known.append(EarlierSystem(one.system, {one.path: evidence}))
        return {id_: tuple(known) for id_, known in found.items()}

    def _tree(self, commit: str) -> GitTree:
        return self.repository.merged_already(self.repository.tree_oid(commit))

    def _is_too_much(self, one: _Named, size: int) -> bool:
        """Whether this version is one too many to be read; what is too large to be read at all costs nothing."""
        key = (one.system.key.id, one.id)
        self.evidence[key] += size if size <= MAX_EVIDENCE else 0
        if self.evidence[key] > _MOST_BYTES_EACH or self.evidence.total() > _MOST_BYTES_OF_EVIDENCE:
            self.cut.add(key)
        return key in self.cut

    def _is_spent(self) -> bool:
        return self.read > _MOST_BYTES_READ or self.parsed > _MOST_BYTES_PARSED

    def _system(self, manifest: TreeEntry, id_: str) -> DeclaredSystem | None:
        key = (manifest.path, manifest.oid, id_)
        if key not in self.systems:
            self.systems[key] = None if self._is_spent() else self._read(manifest, id_)
        return self.systems[key]

    def _read(self, entry: TreeEntry, id_: str) -> DeclaredSystem | None:
        tree = self.repository.tree(entry.oid)  # any will do: a file is read by its id
        size = tree.size(entry)
        self.read += size if size <= MAX_BYTES else 0
        if size > MAX_BYTES or self._is_spent() or not _may_name(tree.read(entry), id_):
            return None
        self.parsed += size
        if self._is_spent():
            return None
        try:
            manifest = self.cache.document(Manifest, tree, entry)
        except DocumentError:
            return None
        return system_in(manifest, id_, self.layout)


def _may_name(data: bytes, id_: str) -> bool:
    """Whether a manifest may declare the system: its id stands there, or something that may spell it otherwise."""
    return id_.encode() in data or b"\\" in data or b"\0" in data


def _date_of(system: DeclaredSystem, id_: str) -> date | None:
    dates = [(entry.id, entry.completed) for entry in system.entry.artifacts]
    dates += [(entry.id, entry.completed) for entry in system.entry.tests]
    return next((day for id_of, day in dates if id_of == id_), None)
