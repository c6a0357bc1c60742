"""One tree's governed content as a Snapshot: systems, evidence, records, policy and CI files, problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field

from policy_gate.collect.doubled_entries import doubled_entries
from policy_gate.collect.enforcement_files import enforcement_files
from policy_gate.collect.evidence import EvidenceReader, Wanted
from policy_gate.collect.incidents import incident_entries, incident_problems, named_files
from policy_gate.collect.layout import APPROVALS, WAIVERS_FILE, Layout, is_yaml
from policy_gate.collect.manifests import (
    Selection,
    all_manifests,
    is_anothers,
    near_misses,
    root_names,
    survey,
    unread_problem,
)
from policy_gate.collect.metric_files import with_files_of_numbers
from policy_gate.collect.misplaced import misplaced_documents
from policy_gate.collect.moved_files import with_moved_files
from policy_gate.collect.returned_code import ReturnedCode
from policy_gate.collect.systems import Codes, PlacedEntry, SeenCode, declared_systems, entries_of, seen_code
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import DocumentError, UndecidedError
from policy_gate.schema.documents import ApprovalRecord, Config, Manifest, Waivers
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.snapshot import CodeFile, DeclaredSystem, Evidence, Snapshot, UnreadManifest
from policy_gate.schema.source import Document, Location, Problem
from policy_gate.schema.strict import Strict
from policy_gate.schema.vendor_document import VendorEntry
from policy_gate.vcs.tree import Tree, TreeEntry
from policy_gate.vcs.trees import GitTree

if TYPE_CHECKING:
    from policy_gate.schema.incident_document import Incident

_MOST_CLAIMED = 2_000_000

M = TypeVar("M", bound=Strict)
_A_SYSTEM = lazy_pattern(r"""["']systems?["']""", re.IGNORECASE)
_NAMES_A_SYSTEM = lazy_pattern(r"""<[^<>]{0,500}\bname\s*=\s*["']systems?["'][^<>]{0,500}>[^<]{0,500}""", re.IGNORECASE)


class TreeSide(Struct, frozen=True):
    """What is known of one tree before it is read.

    `policy_files` are the policy files it holds and `problems` what is wrong in them. `before` is the
    tree that a change starts from and `was` its snapshot, for telling what existed and was claimed.
    `beside` are the folders of files that the job itself produced, `root` is where the tree is checked
    out. Without `with_code` no code is listed, as the full check needs none. `returned` tells what comes
    back that earlier changes took out.
    """

    tree: Tree
    commit: str | None = None
    config: Document[Config] | None = None
    policy_files: tuple[CodeFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    before: Tree | None = None
    was: Snapshot | None = None
    beside: tuple[Path, ...] = ()
    root: Path | None = None
    with_code: bool = True
    returned: ReturnedCode | None = None


def _incidents(reader: _TreeReader, told: tuple[TreeEntry, ...]) -> tuple[Document[Incident], ...]:
    if not told:
        return ()
    from policy_gate.schema.incident_document import Incident  # noqa: PLC0415 - few repositories have had one

    return reader.documents(Incident, told)


def snapshot(side: TreeSide, selection: Selection, layout: Layout, cache: DocumentCache) -> Snapshot:
    """Read what the selection makes matter; what is malformed becomes a problem, never an error."""
    reader = _TreeReader(side.tree, cache, list(side.problems))
    found = survey(side.tree, selection, layout)
    manifests, unread = reader.manifests(found.manifests)
    entries = reader.unique(entries_of(manifests))
    seen = _seen_code(side, entries, selection, layout) if side.with_code else {}
    was = side.was.systems if side.was is not None else ()
    systems = tuple(declared_systems(entries, reader.root_vendors(layout), layout, seen, was))
    near = near_misses(side.tree, found.nearly, layout)
    is_result = side.was is not None or selection.everything
    misplaced = (*near.claiming, *(misplaced_documents(side.tree, selection, layout) if is_result else ()))
    waivers = reader.documents(Waivers, reader.entries((WAIVERS_FILE,)))
    reader.problems.extend(doubled_entries(manifests))
    records = reader.documents(ApprovalRecord, reader.records(selection))
    told = tuple(incident_entries(side.tree)) if entries or was or selection.everything else ()
    incidents = _incidents(reader, told)
    ids = {placed.entry.id for placed in entries}
    # What was removed may stand in a manifest that the change broke.
    removed = set() if any(it.path in selection.changed for it in unread) else {it.key.id for it in was} - ids
    declared = ids if selection.everything and not unread else None
    reader.problems.extend(incident_problems(incidents, declared, removed))
    read = {document.path for document in incidents}
    looker = EvidenceReader(side.tree, cache, side.beside, side.root)
    wanted = _wanted(systems, bool(side.beside))
    reader.expect(it.path for it in wanted)
    evidence = {it.path: looker.render(it) for it in wanted}
    systems = tuple(with_files_of_numbers(it, evidence, layout) for it in systems)
    evidence |= {it.path: looker.render(it) for it in _wanted(systems, bool(side.beside)) if it.path not in evidence}
    if side.was is not None:
        systems = with_moved_files(systems, side.was.evidence, evidence, selection.changed, side.tree)
    return Snapshot(
        commit=side.commit,
        tree=side.tree.id,
        systems=systems,
        manifests=manifests,
        evidence=evidence,
        config=side.config,
        records=records,
        incidents=incidents,
        incident_files=named_files(side.tree, incidents),
        unread_incidents=tuple(entry.path for entry in told if entry.path not in read),
        waivers=waivers[0] if waivers else None,
        policy_files=side.policy_files,
        enforcement_files=tuple(enforcement_files(side.tree, layout, cache, side.before)),
        problems=tuple(dict.fromkeys((*reader.problems, *near.problems))),
        notes=(*near.others, *misplaced),
        misplaced=misplaced,
        any_manifest=bool(found.manifests) or next(all_manifests(side.tree, layout), None) is not None,
        unread=unread,
        declares_nothing=None if systems else _reason_for_nothing(manifests),
        systems_named=_systems_named(side.tree, systems, evidence, layout, cache),
    )


def _seen_code(
    side: TreeSide, entries: Iterable[PlacedEntry], selection: Selection, layout: Layout
) -> dict[str, SeenCode]:
    """By system id, the code of each entry, and what of base's claims it no longer claims."""
    before = side.before or side.tree
    codes, changed = Codes(layout), sorted(selection.changed)
    was = {system.key.id: system for system in side.was.systems} if side.was is not None else {}
    found: dict[str, SeenCode] = {}
    claimed = 0
    for placed in entries:
        id_ = placed.entry.id
        found[id_] = seen_code(placed, was.get(id_), codes, side.tree, before, changed, side.returned)
        claimed += len(found[id_].code)
        if claimed > _MOST_CLAIMED:
            raise UndecidedError(
                f"the systems claim more than {_MOST_CLAIMED} files, each counted for every system that claims it",
                hint="give each system paths of its own",
            )
    return found


class _TreeReader(Struct):
    """Documents of one tree as they are read; what is malformed is put on the list of problems."""

    tree: Tree
    cache: DocumentCache
    problems: list[Problem] = field(default_factory=list)

    def documents(self, model: type[M], entries: Iterable[TreeEntry]) -> tuple[Document[M], ...]:
        """The documents that can be read, in order."""
        found = []
        entries = tuple(entries)
        self._expect(entries)
        for entry in entries:
            try:
                found.append(self.cache.document(model, self.tree, entry))
            except DocumentError as error:
                self.problems.extend(error.problems)
        return tuple(found)

    def expect(self, paths: Iterable[str]) -> None:
        """What stands at these paths will be read soon."""
        self._expect(self.entries(paths))

    def _expect(self, entries: Iterable[TreeEntry]) -> None:
        if isinstance(self.tree, GitTree):
            self.tree.expect(entry for entry in entries if entry.kind == "file")

    def manifests(
        self, entries: Iterable[TreeEntry]
    ) -> tuple[tuple[Document[Manifest], ...], tuple[UnreadManifest, ...]]:
        """The manifests that can be read, in order, and those that cannot."""
        entries = tuple(entries)
        known, own = len(self.problems), self.documents(Manifest, entries)
        read = {manifest.path for manifest in own}
        unread = tuple(
            UnreadManifest(entry.path, entry.oid, is_anothers(self.tree, entry))
            for entry in entries
            if entry.path not in read
        )
        others = {it.path for it in unread if it.is_anothers}
        if others:
            kept = [problem for problem in self.problems[known:] if problem.path not in others]
            self.problems[known:] = [*kept, *(unread_problem(path) for path in sorted(others))]
        return own, unread

    def entries(self, paths: Iterable[str]) -> list[TreeEntry]:
        """Of these paths, those at which something stands."""
        return [entry for entry in map(self.tree.entry, paths) if entry is not None]

    def records(self, selection: Selection) -> list[TreeEntry]:
        """The approval records that the change touches; for the full check all of them."""
        if selection.everything:
            found: Iterable[TreeEntry] = self.tree.walk(APPROVALS)
        else:
            found = self.entries(sorted(path for path in selection.changed if path.startswith(f"{APPROVALS}/")))
        return [entry for entry in found if is_yaml(entry.path)]

    def root_vendors(self, layout: Layout) -> list[VendorEntry]:
        """The vendors that the root's manifests describe, which any manifest may name."""
        roots = [entry for name in root_names(self.tree, layout) for entry in self.entries((name,))]
        quiet = _TreeReader(self.tree, self.cache)
        return [vendor for manifest in quiet.documents(Manifest, roots) for vendor in manifest.content.vendors]

    def unique(self, entries: Iterable[PlacedEntry]) -> list[PlacedEntry]:
        """The entries, of each id one; every further one is a problem.

        The one of the manifest nearest to the root stands: a copy of it further down is the mistake.
        """
        known = list(entries)
        found: dict[str, PlacedEntry] = {}
        for placed in sorted(known, key=lambda it: it.manifest.path.count("/")):
            first = found.setdefault(placed.entry.id, placed)
            if first is not placed:
                at, other = placed.at("id"), first.at("id")
                message = f"system id {placed.entry.id} is declared twice (also in {Location(other.path, other.line)})"
                self.problems.append(Problem(at.path, message, at.line, at.column, "give each system an id of its own"))
        return [placed for placed in known if found[placed.entry.id] is placed]


def _wanted(systems: Iterable[DeclaredSystem], has_job_files: bool) -> list[Wanted]:
    """Every path that the systems name, once; test reports with the names a job may give them."""
    names: dict[str, tuple[str, ...]] = {}
    as_data: set[str] = set()
    for system in systems:
        for path in system.files.values():
            names.setdefault(path, ())
        entry = system.entry
        read = {entry.model_card, *(it.path for it in entry.artifacts)}
        reports = {it.report for it in entry.tests}
        as_data |= {path for written, path in system.files.items() if written in read or written not in reports}
        for test in system.entry.tests if has_job_files else ():
            report = system.files.get(test.report or "")
            if report is not None and test.report is not None:
                names[report] = tuple(dict.fromkeys((report, test.report.strip("/"), report.rpartition("/")[2])))
    return [Wanted(path, names[path], path in as_data) for path in sorted(names)]


def _systems_named(
    tree: Tree,
    systems: Sequence[DeclaredSystem],
    evidence: Mapping[str, Evidence],
    layout: Layout,
    cache: DocumentCache,
) -> frozenset[str]:
    """The ids that reports have under `system` and that manifests declare which the change does not make matter.

    Only for a word there that is no id yet, and so may be another system's or a machine's, the tree is searched.
    """
    reports = {system.files.get(test.report or "", "") for system in systems for test in system.entry.tests}
    texts = [evidence[path].text or "" for path in sorted(reports) if path in evidence]
    texts = [text for text in texts if _A_SYSTEM.search(text)]
    words = {
        word for text in texts for found in _NAMES_A_SYSTEM.findall(text) for word in re.findall(r"[\w.-]+", found)
    }
    words -= {system.key.id for system in systems} | {"property", "name", "value", "system", "systems"}
    if not words:
        return frozenset()
    named = {word.encode() for word in words}
    entries = (it for it in all_manifests(tree, layout) if it.kind == "file" and any(w in tree.read(it) for w in named))
    documents = _TreeReader(tree, cache).documents(Manifest, entries)
    return frozenset(system.id for document in documents for system in document.content.systems) & words


def _reason_for_nothing(manifests: Iterable[Document[Manifest]]) -> str | None:
    return next((it.content.reason for it in manifests if it.content.reason and not it.content.systems), None)
