"""From manifests to declared systems: what an entry's paths and vendors mean in the repository."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from policy_gate.collect.claims import SystemClaims, claims_of, left_behind
from policy_gate.collect.code_files import CodeOf, Papers
from policy_gate.collect.layout import Layout
from policy_gate.collect.links import followed
from policy_gate.collect.returned_code import ReturnedCode
from policy_gate.documents.spelling import did_you_mean
from policy_gate.schema.documents import Manifest, SystemEntry
from policy_gate.schema.snapshot import CodeFile, DeclaredSystem, SystemKey
from policy_gate.schema.source import Document, Loc, Location, Problem
from policy_gate.schema.vendor_document import VendorEntry
from policy_gate.vcs.tree import Tree


class PlacedEntry(NamedTuple):
    """One entry of a manifest, before the trees are asked what it means."""

    manifest: Document[Manifest]
    position: int
    entry: SystemEntry

    def at(self, *loc: str | int) -> Location:
        """Where a part of the entry stands in its manifest."""
        return self.manifest.at("systems", self.position, *loc)


class SeenCode(Struct, frozen=True):
    """What the trees hold of the files that an entry claims; see `DeclaredSystem` for each."""

    code: tuple[CodeFile, ...] = ()
    inside: tuple[CodeFile, ...] = ()
    left_behind: tuple[CodeFile, ...] | None = None
    linked: tuple[CodeFile, ...] = ()
    links_out: tuple[str, ...] = ()
    touched: bool = False
    existed: bool = False


def entries_of(manifests: Iterable[Document[Manifest]]) -> Iterator[PlacedEntry]:
    """Every entry of these manifests, in their order."""
    for manifest in manifests:
        for position, entry in enumerate(manifest.content.systems):
            yield PlacedEntry(manifest, position, entry)


def system_in(manifest: Document[Manifest], id_: str, layout: Layout) -> DeclaredSystem | None:
    """The first system of this id that a manifest declares, by itself: without its code and the root's vendors."""
    placed = (PlacedEntry(manifest, at, it) for at, it in enumerate(manifest.content.systems) if it.id == id_)
    return next(declared_systems(placed, (), layout), None)


def declared_systems(
    entries: Iterable[PlacedEntry],
    root_vendors: Sequence[VendorEntry],
    layout: Layout,
    seen: Mapping[str, SeenCode] | None = None,
    was: Iterable[DeclaredSystem] = (),
) -> Iterator[DeclaredSystem]:
    """The system of each entry, its paths resolved; `seen` is their code by system id, where it was looked at.

    `was` are base's systems, for telling whose code a system takes over.
    """
    code = seen or {}
    claims = claims_of(
        {id_: (*found.code, *found.linked) for id_, found in code.items()},
        {id_: found.left_behind or () for id_, found in code.items()},
        {system.key.id: (*system.code, *system.linked) for system in was},
    )
    vendors: dict[str, Mapping[str, VendorEntry]] = {}
    for placed in entries:
        manifest = placed.manifest
        if manifest.path not in vendors:
            vendors[manifest.path] = {vendor.id: vendor for vendor in (*root_vendors, *manifest.content.vendors)}
        id_ = placed.entry.id
        yield _declared(placed, vendors[manifest.path], layout, code.get(id_, SeenCode()), claims.of(id_))


def _declared(
    placed: PlacedEntry, known: Mapping[str, VendorEntry], layout: Layout, seen: SeenCode, claims: SystemClaims
) -> DeclaredSystem:
    manifest, position, entry = placed
    files, problems = _resolved_files(placed, layout)
    for number, name in enumerate(entry.vendors):
        if name not in known:
            problems.append(_unknown_vendor(placed.at("vendors", number), name, sorted(known)))
    for number, model in enumerate(entry.models):
        if model.vendor is not None and model.vendor not in entry.vendors:
            problems.append(_vendor_of_none(placed.at("models", number, "vendor"), model.vendor, entry.vendors))
    return DeclaredSystem(
        key=SystemKey(manifest.path, entry.id),
        entry=entry,
        manifest=manifest,
        index=position,
        vendors=tuple(known[name] for name in dict.fromkeys(entry.vendors) if name in known),
        files=files,
        code=seen.code,
        left_behind=seen.left_behind,
        inside=seen.inside,
        linked=seen.linked,
        links_out=seen.links_out,
        touched=seen.touched,
        existed=seen.existed,
        claimed_by=claims.claimed_by,
        shares_with=claims.shares_with,
        takes_from=claims.takes_from,
        problems=(*problems, *_nowhere(placed)),
    )


def _resolved_files(placed: PlacedEntry, layout: Layout) -> tuple[dict[str, str], list[Problem]]:
    """What the entry's files mean in the repository, and a problem for each path that may not go where it leads."""
    folder = placed.manifest.path.rpartition("/")[0]
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for written, loc in _written_files(placed.entry):
        resolved = layout.resolved(folder, written)
        if resolved is None:
            problems.append(_outside(placed.at(*loc), written))
        else:
            files[written] = resolved
    for number, pattern in enumerate(placed.entry.paths):
        if layout.resolved(folder, pattern) is None:
            problems.append(_outside(placed.at("paths", number), pattern))
    return files, problems


def resolved_paths(placed: PlacedEntry, layout: Layout) -> Iterator[str]:
    """Every file and pattern that an entry names, in the repository's terms; one that may not go there is left out."""
    folder = placed.manifest.path.rpartition("/")[0]
    written = (*(path for path, _ in _written_files(placed.entry)), *placed.entry.paths)
    return (path for path in (layout.resolved(folder, it) for it in written) if path)


def _written_files(entry: SystemEntry) -> Iterator[tuple[str, Loc]]:
    """Each file an entry names, as written, and where it is named."""
    if entry.model_card is not None:
        yield entry.model_card, ("model_card",)
    for index, artifact in enumerate(entry.artifacts):
        if artifact.path is not None:
            yield artifact.path, ("artifacts", index, "path")
    for index, test in enumerate(entry.tests):
        if test.report is not None:
            yield test.report, ("tests", index, "report")
    for index, metric in enumerate(entry.metrics):
        if metric.evidence is not None and metric.evidence.file is not None:
            yield metric.evidence.file, ("metrics", index, "evidence", "file")


def _nowhere(placed: PlacedEntry) -> Iterator[Problem]:
    for number, artifact in enumerate(placed.entry.artifacts):
        if artifact.path is None and artifact.url is None:
            at = placed.at("artifacts", number)
            message = f"artifact {artifact.id} names no file (got neither path nor url)"
            yield Problem(at.path, message, at.line, at.column, "add `path: ...`, or `url: ...` for evidence elsewhere")
    for number, test in enumerate(placed.entry.tests):
        if test.report is None and test.url is None:
            at = placed.at("tests", number)
            message = f"test {test.id} names no result (got neither report nor url)"
            yield Problem(
                at.path, message, at.line, at.column, "add `report: ...`, or `url: ...` for one held elsewhere"
            )


def _outside(at: Location, written: str) -> Problem:
    if written.startswith("/"):
        message = f'path "{written}" leads outside what is shared (a leading / may only point into `shared`)'
        hint = "add the folder to `shared` in policy-gate.yaml, or write the path relative to this file"
    elif "\\" in written:
        message = f'path "{written}" has a \\ (expected / between folders, on every system)'
        hint = f"write {written.replace(chr(92), '/')}"
    else:
        message = f'path "{written}" leaves the folder of its manifest (expected a path inside it)'
        hint = "move the file below this manifest, or share it through `shared` in policy-gate.yaml"
    return Problem(at.path, message, at.line, at.column, hint)


def _unknown_vendor(at: Location, name: str, known: list[str]) -> Problem:
    hint = did_you_mean(name, known) or "describe it under `vendors:` of this manifest or of the root's"
    return Problem(at.path, f'vendor "{name}" is described nowhere', at.line, at.column, hint)


def _vendor_of_none(at: Location, name: str, own: Sequence[str]) -> Problem:
    """A model's vendor that the system does not name: nobody would look at its terms."""
    hint = did_you_mean(name, own) or "name it under `vendors` of the system, too"
    return Problem(at.path, f'vendor "{name}" of a model is none of this system', at.line, at.column, hint)


class Codes:
    """What is code of each system; the papers of a manifest are worked out once for all its systems."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._papers: dict[tuple[str, str], Papers] = {}

    def of(self, manifest: Document[Manifest], entry: SystemEntry) -> CodeOf:
        """What an entry's `paths` mean; every paper that its manifest names is none of it."""
        folder = manifest.path.rpartition("/")[0]
        resolved = (self.layout.resolved(folder, pattern) for pattern in entry.paths)
        return CodeOf(self.layout, (pattern for pattern in resolved if pattern), self._papers_of(manifest))

    def _papers_of(self, manifest: Document[Manifest]) -> Papers:
        key = (manifest.path, manifest.oid)
        if key not in self._papers:
            folder = manifest.path.rpartition("/")[0]
            named = (
                self.layout.resolved(folder, path)
                for entry in manifest.content.systems
                for path, _ in _written_files(entry)
            )
            self._papers[key] = Papers(path for path in named if path)
        return self._papers[key]


def seen_code(
    placed: PlacedEntry,
    was: DeclaredSystem | None,
    codes: Codes,
    tree: Tree,
    before: Tree,
    changed: Sequence[str],
    returned: ReturnedCode | None = None,
) -> SeenCode:
    """What the entry claims of its tree, whether the change (sorted paths) touches it, and what base holds of it.

    `was` is base's system of the same id, where base was read.
    """
    code = codes.of(placed.manifest, placed.entry)
    files = code.files(tree)
    inside = code.papers_inside(tree)
    links = followed(tree, files, code.patterns, codes.layout)
    left: dict[str, CodeFile] = {}
    if was is not None:
        claimed, own = codes.of(was.manifest, was.entry), (*files, *inside, *links.files)
        dropped = _dropped(claimed, code, files, tree)
        behind = left_behind(was, own, tree, before, changed, returned.moved if returned else None)
        is_live = was.entry.stage != "decommissioned"
        back = returned.of(claimed.holds, own) if returned and is_live else ()
        left = {file.path: file for file in (*dropped, *behind, *back)}
    return SeenCode(
        code=files,
        inside=inside,
        left_behind=None if was is None else tuple(left[path] for path in sorted(left)),
        linked=links.files,
        links_out=_refused(links.leaving, placed, was),
        touched=code.is_touched_by(changed) or any(file.path in changed for file in links.files),
        existed=bool(files) if before is tree else code.exists_in(before),
    )


def _refused(leaving: Iterable[CodeFile], placed: PlacedEntry, was: DeclaredSystem | None) -> tuple[str, ...]:
    """The links out of the tree that base does not hold, and all of them where the system moves to another stage."""
    moves_on = was is None or was.entry.stage != placed.entry.stage
    held = () if was is None else (*was.code, *was.linked)
    return tuple(link.path for link in leaving if moves_on or link not in held)


def _dropped(claimed: CodeOf, claims: CodeOf, files: Sequence[CodeFile], tree: Tree) -> tuple[CodeFile, ...]:
    """The files of the tree that the patterns of base's entry cover and those of this one do not."""
    if claimed.patterns == claims.patterns:
        return ()
    own = {file.path for file in files}
    return tuple(file for file in claimed.files(tree) if file.path not in own)
