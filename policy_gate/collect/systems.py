"""From manifests to declared systems: what an entry's paths and vendors mean in the repository."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from policy_gate.collect.code_files import CodeOf, Papers
from policy_gate.collect.layout import Layout
from policy_gate.documents.spelling import did_you_mean
from policy_gate.schema.documents import Manifest, SystemEntry, VendorEntry
from policy_gate.schema.snapshot import DeclaredSystem, SystemKey
from policy_gate.schema.source import Document, Loc, Problem
from policy_gate.vcs.tree import Tree


def declared_systems(
    manifests: Iterable[Document[Manifest]], root_vendors: Sequence[VendorEntry], layout: Layout
) -> Iterator[DeclaredSystem]:
    """Every entry of these manifests, its paths resolved, without its code."""
    for manifest in manifests:
        known = {vendor.id: vendor for vendor in (*root_vendors, *manifest.content.vendors)}
        for index, entry in enumerate(manifest.content.systems):
            yield _declared(manifest, index, entry, known, layout)


def _declared(
    manifest: Document[Manifest], index: int, entry: SystemEntry, known: Mapping[str, VendorEntry], layout: Layout
) -> DeclaredSystem:
    folder = manifest.path.rpartition("/")[0]
    files, problems = {}, []
    for written, loc in _written_files(entry):
        resolved = layout.resolved(folder, written)
        if resolved is None:
            problems.append(_outside(manifest, ("systems", index, *loc), written))
        else:
            files[written] = resolved
    for position, pattern in enumerate(entry.paths):
        if layout.resolved(folder, pattern) is None:
            problems.append(_outside(manifest, ("systems", index, "paths", position), pattern))
    for position, name in enumerate(entry.vendors):
        if name not in known:
            problems.append(_unknown_vendor(manifest, ("systems", index, "vendors", position), name, sorted(known)))
    problems += _nowhere(manifest, index, entry)
    return DeclaredSystem(
        key=SystemKey(manifest.path, entry.id),
        entry=entry,
        manifest=manifest,
        index=index,
        vendors=tuple(known[name] for name in dict.fromkeys(entry.vendors) if name in known),
        files=files,
        problems=tuple(problems),
    )


def _written_files(entry: SystemEntry) -> Iterator[tuple[str, Loc]]:
    """Each file an entry names, as written, and where it is named."""
    if entry.model_card is not None:
        yield entry.model_card, ("model_card",)
    for index, artifact in enumerate(entry.artifacts):
        if artifact.path is not None:
            yield artifact.path, ("artifacts", index, "path")
    for index, test in enumerate(entry.tests):
        yield test.report, ("tests", index, "report")


def _nowhere(manifest: Document[Manifest], index: int, entry: SystemEntry) -> Iterator[Problem]:
    for position, artifact in enumerate(entry.artifacts):
        if artifact.path is None and artifact.url is None:
            at = manifest.at("systems", index, "artifacts", position)
            message = f"artifact {artifact.id} names no file (got neither path nor url)"
            yield Problem(at.path, message, at.line, at.column, "add `path: ...`, or `url: ...` for evidence elsewhere")


def _outside(manifest: Document[Manifest], loc: Loc, written: str) -> Problem:
    at = manifest.at(*loc)
    if written.startswith("/"):
        message = f'path "{written}" leads outside what is shared (a leading / may only point into `shared`)'
        hint = "add the folder to `shared` in policy-gate.yaml, or write the path relative to this file"
    else:
        message = f'path "{written}" leaves the folder of its manifest (expected a path inside it)'
        hint = "move the file below this manifest, or share it through `shared` in policy-gate.yaml"
    return Problem(at.path, message, at.line, at.column, hint)


def _unknown_vendor(manifest: Document[Manifest], loc: Loc, name: str, known: list[str]) -> Problem:
    at = manifest.at(*loc)
    hint = did_you_mean(name, known) or "describe it under `vendors:` of this manifest or of the root's"
    return Problem(at.path, f'vendor "{name}" is described nowhere', at.line, at.column, hint)


class Codes:
    """What is code of each system; the papers of a manifest are worked out once for all its systems."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._papers: dict[tuple[str, str], Papers] = {}

    def of(self, system: DeclaredSystem) -> CodeOf:
        """What the system's `paths` mean; every paper that its manifest names is none of it."""
        folder = system.manifest.path.rpartition("/")[0]
        resolved = (self._layout.resolved(folder, pattern) for pattern in system.entry.paths)
        return CodeOf(self._layout, (pattern for pattern in resolved if pattern), self._papers_of(system.manifest))

    def _papers_of(self, manifest: Document[Manifest]) -> Papers:
        key = (manifest.path, manifest.oid)
        if key not in self._papers:
            folder = manifest.path.rpartition("/")[0]
            named = (
                self._layout.resolved(folder, path)
                for entry in manifest.content.systems
                for path, _ in _written_files(entry)
            )
            self._papers[key] = Papers(path for path in named if path)
        return self._papers[key]


def with_code(system: DeclaredSystem, codes: Codes, tree: Tree, before: Tree, changed: Sequence[str]) -> DeclaredSystem:
    """The system with the files that are its code, and whether the change (sorted paths) touches or base holds any."""
    code = codes.of(system)
    files = code.files(tree)
    existed = bool(files) if before is tree else code.exists_in(before)
    inside = code.papers_inside(tree)
    return replace(system, code=files, inside=inside, touched=code.is_touched_by(changed), existed=existed)


def with_left_behind(system: DeclaredSystem, was: DeclaredSystem | None, codes: Codes, tree: Tree) -> DeclaredSystem:
    """The system with the files of its tree that base's entry claims and its own does not."""
    if was is None:
        return system
    claimed, claims = codes.of(was), codes.of(system)
    if claimed.patterns == claims.patterns:
        return replace(system, left_behind=())
    own = {file.path for file in system.code}
    return replace(system, left_behind=tuple(file for file in claimed.files(tree) if file.path not in own))


def with_sharing(systems: Sequence[DeclaredSystem]) -> list[DeclaredSystem]:
    """The systems, each with the ids of those that claim one of its files too (D17)."""
    claimed: dict[str, set[str]] = defaultdict(set)
    for system in systems:
        for file in system.code:
            claimed[file.path].add(system.key.id)
    sharing = {path: ids for path, ids in claimed.items() if len(ids) > 1}
    if not sharing:
        return list(systems)
    return [_sharing(system, sharing) for system in systems]


def _sharing(system: DeclaredSystem, sharing: dict[str, set[str]]) -> DeclaredSystem:
    ids = {other for file in system.code for other in sharing.get(file.path, ())}
    return replace(system, shares_with=tuple(sorted(ids - {system.key.id})))
