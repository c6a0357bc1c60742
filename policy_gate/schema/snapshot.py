"""All governed documents and evidence of one tree, as data: what the decision is allowed to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import Struct, field

from policy_gate.schema.documents import ApprovalRecord, Config, Manifest, SystemEntry, Waivers
from policy_gate.schema.observed import Observed
from policy_gate.schema.source import Document, Loc, Location, Mark, Problem
from policy_gate.schema.vendor_document import VendorEntry

if TYPE_CHECKING:
    from policy_gate.schema.incident_document import Incident

FileState = Literal[
    "file", "absent", "symlink", "submodule", "folder", "lfs-pointer", "outside", "binary", "too-large", "collision"
]


class CodeFile(NamedTuple):
    """A file under a system's `paths`: repository path, git mode, blob id."""

    path: str
    mode: str
    oid: str


class Evidence(Struct, frozen=True):
    """One file that a manifest points at, as one tree holds it.

    `text` is None unless `state` is file (then UTF-8, without BOM). `data` is the parsed body of a
    YAML or JSON file, or the front matter of a Markdown file, with `marks` for its nodes; `body_line`
    is the line (from 1) where the text below the front matter begins.
    """

    path: str
    state: FileState
    oid: str | None = None
    text: str | None = field(default=None)
    data: Any = field(default=None)
    marks: Mapping[Loc, Mark] = field(default_factory=dict)
    body_line: int = 1
    problem: Problem | None = None
    provenance: Literal["committed", "job"] = "committed"
    sha256: str | None = None
    """of a binary file's bytes, or of the object that an LFS pointer stands for; else None"""


class SystemKey(NamedTuple):
    """What names a system inside one tree."""

    manifest: str
    id: str


class DeclaredSystem(Struct, frozen=True):
    """One entry of one manifest, with what it names resolved to repository paths.

    `index` is its position in the manifest's `systems`. `files` maps a path as written (artifact path, test
    report, model card) to the repository path it means; a path that leaves its folder without right is not
    in it. `code` is sorted and holds only files under `paths`, less governed, policy and record files.
    `left_behind` are the files of this tree that base's system of the same id claims, by path or by content, and
    this entry does not (None where that was not looked at); `claimed_by` says which other systems claim one now.
    `touched` says whether the change touches a file under `paths` other than those; `existed` whether base already
    holds a file under this entry's `paths` (D27).
    `shares_with` are the ids of other systems read whose `paths` hold one of the same files, here or in base (D51);
    `takes_from` those of them whose code of base the change hands to this one.
    """

    key: SystemKey
    entry: SystemEntry
    manifest: Document[Manifest]
    index: int
    vendors: tuple[VendorEntry, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    code: tuple[CodeFile, ...] = field(default=())
    left_behind: tuple[CodeFile, ...] | None = field(default=None)
    claimed_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inside: tuple[CodeFile, ...] = field(default=())
    """files under `paths` that its manifest names as papers or results: a program may read them all the same"""
    linked: tuple[CodeFile, ...] = field(default=())
    """what symbolic links among the code lead to, outside of it"""
    links_out: tuple[str, ...] = ()
    """links among the code that leave the tree, new in this change or part of a move to another stage"""
    touched: bool = False
    existed: bool = False
    shares_with: tuple[str, ...] = ()
    takes_from: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    moved: Mapping[str, str] = {}
    """of the files that it names those that are there no more, and where the change has the same bytes instead"""

    def at(self, *loc: str | int) -> Location:
        """Where a part of this entry stands in its manifest."""
        return self.manifest.at("systems", self.index, *loc)


class UnreadManifest(NamedTuple):
    """A manifest that cannot be read: its path and blob, and whether it is another tool's file under our name."""

    path: str
    oid: str
    is_anothers: bool = False

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


class EarlierSystem(NamedTuple):
    """A system as an earlier tree of base's history declared it, with some of the evidence that it named."""

    system: DeclaredSystem
    evidence: Mapping[str, Evidence]


class Snapshot(Struct, frozen=True, dict=True):
    """One tree's governed content, as far as the change makes it matter (D20).

    `policy_files` and `enforcement_files` are (path, mode, blob) of every file that holds policies or runs the
    gate. `declares_nothing` is the reason given for an explicit empty `systems` list, else None.
    `any_manifest` says whether the tree holds a manifest at all, read or not; `system_count` counts
    systems in manifests that were read. `unread` are the manifests that cannot be read.
    """

    commit: str | None
    tree: str
    systems: tuple[DeclaredSystem, ...]
    manifests: tuple[Document[Manifest], ...]
    evidence: Mapping[str, Evidence]
    config: Document[Config] | None = None
    records: tuple[Document[ApprovalRecord], ...] = ()
    incidents: tuple[Document[Incident], ...] = ()
    incident_files: Mapping[str, str] = {}
    """of the paths that incidents name, those at which the tree holds a file, with its blob"""
    unread_incidents: tuple[str, ...] = ()
    """paths of incidents that cannot be read: whose they are nobody knows"""
    waivers: Document[Waivers] | None = None
    policy_files: tuple[CodeFile, ...] = ()
    policies_alike: frozenset[str] = frozenset()
    """of the result: policy files laid out otherwise than base's that say the same"""
    enforcement_files: tuple[CodeFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()
    """of the notes those on what nobody reads: documents of ours at other places, and code that nobody can look into"""
    any_manifest: bool = False
    unread: tuple[UnreadManifest, ...] = ()
    declares_nothing: str | None = None
    systems_named: frozenset[str] = frozenset()
    """ids that a test report names and that manifests declare which were not read"""
    observed: Observed = Observed()
    """what the code shows: of the result what the change makes of it"""

    earlier: Mapping[str, tuple[EarlierSystem, ...]] = field(default_factory=dict)
    """of base, by system id: what its history held of evidence that is another in the result, the newest first"""
    history_ends: bool = False
    """that history was cut off in this clone"""
    history_is_long: frozenset[tuple[str, str]] = frozenset()
    """system and id of evidence of which it holds more than is looked through: what it held cannot be told"""

    def may_be_governed_by(self, path: str) -> Iterator[UnreadManifest]:
        """The manifests that cannot be read and could have governed a path (D45).

        In a folder of its own each could govern all that lies there, in the root all but the folders of readable ones.
        """
        for unread in self.unread:
            if unread.folder:
                found = path.startswith(f"{unread.folder}/")
            else:
                folders = (manifest.path.rpartition("/")[0] for manifest in self.manifests)
                found = not any(folder and path.startswith(f"{folder}/") for folder in folders)
            if found:
                yield unread

    def system(self, system_id: str) -> DeclaredSystem | None:
        """The declared system of this id, or None; ids are unique among what was read."""
        return self._systems_by_id.get(system_id)

    @cached_property
    def _systems_by_id(self) -> Mapping[str, DeclaredSystem]:
        return {system.key.id: system for system in reversed(self.systems)}
