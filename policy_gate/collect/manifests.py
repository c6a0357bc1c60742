"""Which manifests a change makes matter, and which files look like one but are none (D20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from policy_gate.collect.code_files import at_or_below
from policy_gate.collect.evidence import spelling
from policy_gate.collect.layout import Layout
from policy_gate.documents.cache import DocumentCache
from policy_gate.documents.globs import covers, has_wildcard, literal_folder
from policy_gate.documents.scalars import MAX_BYTES, is_lfs_pointer
from policy_gate.documents.spelling import nearest
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.schema.documents import Manifest
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Problem
from policy_gate.vcs.tree import Tree, TreeEntry
from policy_gate.vcs.trees import GitTree

MANIFEST = "policy-gate/manifest/v1"
_HEAD = 4096
_MAY_CLAIM_SHARED = lazy_pattern(rb"(?:^|[\s\[,\"'{&*!|>-])/|\\")
_ENDINGS = ("yaml", "yml", "json")


class Selection(NamedTuple):
    """What of a repository is read: everything, or the manifests above these paths and these `inner` ones."""

    everything: bool
    changed: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()


class Survey(NamedTuple):
    """The manifests of a tree that matter, and the files that are named nearly as one; in path order."""

    manifests: tuple[TreeEntry, ...]
    nearly: tuple[TreeEntry, ...]


def survey(tree: Tree, selection: Selection, layout: Layout) -> Survey:
    """Look for manifests, links and submodules of that name included; the whole tree is walked once at most."""
    wanted = _stems(layout)
    if selection.everything:
        if isinstance(tree, GitTree):
            tree.expect_folders()
        found: Iterable[TreeEntry] = tree.walk()
    else:
        changed = (tree.entry(path) for path in selection.changed if _may_claim(path, wanted))
        inner = (tree.entry(path) for path in selection.inner)
        named = (entry for entry in (*changed, *inner) if entry is not None)
        entries = (*_above(tree, selection.changed, layout), *named)
        unique = {entry.path: entry for entry in entries if entry.kind != "folder"}
        found = (unique[path] for path in sorted(unique))
    manifests, nearly = [], []
    for entry in found:
        name = entry.path.rpartition("/")[2]
        if layout.is_manifest(entry.path):
            manifests.append(entry)
        elif _stem(name) in wanted or (entry.path in selection.changed and _claims_to_be_one(tree, entry)):
            nearly.append(entry)
    return Survey(tuple(manifests), tuple(nearly))


def meeting_manifests(tree: Tree, changed: Iterable[str], layout: Layout, cache: DocumentCache) -> frozenset[str]:
    """The manifests whose systems may claim the code that a changed manifest claims (D51).

    Those in the folders that it claims and in the folders above; where it claims what is shared, by whatever path, also
    those anywhere that may do so.
    """
    folders: set[str] = set()
    shared: set[str] = set()
    for path in changed:
        entry = tree.entry(path) if layout.is_manifest(path) else None
        for pattern in _patterns(tree, entry, cache) if entry is not None else ():
            claimed = layout.resolved(path.rpartition("/")[0], pattern)
            if claimed:
                (shared if layout.may_be_shared(claimed) else folders).add(literal_folder(claimed))
    found = (entry for folder in sorted(folders | shared) for entry in at_or_below(tree, folder))
    inner = frozenset(entry.path for entry in found if layout.is_manifest(entry.path))
    inner |= manifests_above(tree, folders | shared, layout)
    return inner | frozenset(_claiming_shared(tree, layout)) if shared else inner


def _claiming_shared(tree: Tree, layout: Layout) -> Iterator[str]:
    """The manifests that may claim something through `shared`: a leading `/`, or text that may hide one."""
    if isinstance(tree, GitTree):
        tree.expect_folders()
    entries = [entry for entry in all_manifests(tree, layout) if entry.kind == "file"]
    if isinstance(tree, GitTree):
        tree.expect(entries)
    for entry in entries:
        if _MAY_CLAIM_SHARED.search(tree.read(entry)):
            yield entry.path


def claimed_below(tree: Tree, paths: Iterable[str], layout: Layout, cache: DocumentCache) -> set[str]:
    """Of these paths, those that a system which has not ended claims, by a manifest in a folder above."""
    known: dict[str, list[str]] = {}
    found = set()
    for path in paths:
        for entry in _above(tree, (path,), layout):
            if entry.path not in known:
                folder = entry.path.rpartition("/")[0]
                written = _patterns(tree, entry, cache, but="decommissioned")
                known[entry.path] = [it for it in (layout.resolved(folder, one) for one in written) if it]
            if any(covers(pattern, path) for pattern in known[entry.path]):
                found.add(path)
    return found


def _patterns(tree: Tree, entry: TreeEntry, cache: DocumentCache, but: str = "") -> list[str]:
    """What the systems of a manifest claim, as written, `but` those in that stage."""
    try:
        systems = cache.document(Manifest, tree, entry).content.systems
    except DocumentError:
        return []
    return [pattern for system in systems if system.stage != but for pattern in system.paths]


def is_anothers(tree: Tree, entry: TreeEntry) -> bool:
    """Is it another tool's file under a manifest's name? Told by its content, and in doubt no.

    Nothing in it may speak of us, and it must be read whole: what is broken may have been a manifest.
    """
    if entry.kind != "file" or tree.size(entry) > MAX_BYTES:
        return False
    data = tree.read(entry)
    if b"policy-gate" in data or b"policy_gate" in data or is_lfs_pointer(data):
        return False
    try:
        raw, _ = read_yaml(entry.path, data)
    except DocumentError:
        return False
    if not isinstance(raw, dict) or "systems" in raw:
        return False
    return nearest(str(raw.get("schema", "")).lower(), (MANIFEST,), cutoff=0.6) is None


def unread_problem(path: str) -> Problem:
    """What to say of another tool's file under a manifest's name."""
    return Problem(
        path,
        f"is no manifest (another tool's file?): it does not begin with `schema: {MANIFEST}`",
        1,
        1,
        f'say where the manifests are, such as `manifests: ["ai/{path.rpartition("/")[2]}"]` in policy-gate.yaml; '
        f"or, if it is meant to be one, add `schema: {MANIFEST}`",
    )


def all_manifests(tree: Tree, layout: Layout) -> Iterator[TreeEntry]:
    """Every manifest of a tree, in path order, found as the walk goes."""
    return (entry for entry in tree.walk() if layout.is_manifest(entry.path))


def manifests_above(tree: Tree, paths: Iterable[str], layout: Layout) -> frozenset[str]:
    """The manifests in the folders that these paths lie in."""
    return frozenset(entry.path for entry in _above(tree, paths, layout))


def _above(tree: Tree, paths: Iterable[str], layout: Layout) -> Iterator[TreeEntry]:
    for folder in sorted({above for path in paths for above in folders_above(path)}):
        for name in _names_in(tree, folder, layout):
            path = f"{folder}/{name}" if folder else name
            entry = tree.entry(path) if layout.is_manifest(path) else None
            if entry is not None:
                yield entry


def folders_above(path: str) -> Iterator[str]:
    """The folders that a path lies in, the nearest first, the root (empty) last."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _names_in(tree: Tree, folder: str, layout: Layout) -> tuple[str, ...]:
    """The names a manifest may have in a folder; the folder is listed only where a pattern leaves it open."""
    return tree.names(folder) if layout.names_are_open else layout.manifest_names


def root_names(tree: Tree, layout: Layout) -> list[str]:
    """The manifests that stand in the root itself."""
    return [name for name in _names_in(tree, "", layout) if layout.is_manifest(name)]


class NearMisses(NamedTuple):
    """What to say of files that are named nearly as a manifest, or say that they are one, and are read by nobody."""

    problems: tuple[Problem, ...]
    """of each that says it is one, or differs from a real one by case or Unicode form alone"""
    claiming: tuple[str, ...]
    """notes on those of quite another name that say they are one: such a file may be an example"""
    others: tuple[str, ...]
    """notes on the rest, CI files apart: a workflow may be called governance.yml"""


def near_misses(tree: Tree, nearly: Iterable[TreeEntry], layout: Layout) -> NearMisses:
    """Sort those files by what they say and how they are named."""
    wanted = _stems(layout)
    problems: list[Problem] = []
    claiming: list[str] = []
    others: list[str] = []
    message = f"is no manifest by the patterns {', '.join(layout.config.manifests)}, and nothing reads it"
    for entry in nearly:
        is_alike, claims = _stem(entry.path.rpartition("/")[2]) in wanted, _claims_to_be_one(tree, entry)
        if is_alike and (claims or _has_twin(tree, entry.path, layout)):
            hint = f"name it {layout.manifest_names[0]}, or remove it"
            problems.append(Problem(entry.path, message, hint=hint))
        elif claims or not layout.is_enforcement(entry.path):
            (claiming if claims else others).append(f"{entry.path} {message}")
    return NearMisses(tuple(problems), tuple(claiming), tuple(others))


def _stems(layout: Layout) -> set[str]:
    return {_stem(name) for name in layout.manifest_names if not has_wildcard(name)}


def _may_claim(path: str, wanted: set[str]) -> bool:
    return path.lower().endswith(_ENDINGS) or _stem(path.rpartition("/")[2]) in wanted


def _stem(name: str) -> str:
    """A name without what people get wrong: case, Unicode form, a leading dot, the kind of ending."""
    plain = spelling(name).lstrip("._")
    stem, _, ending = plain.rpartition(".")
    return stem if ending in _ENDINGS else plain


def _claims_to_be_one(tree: Tree, entry: TreeEntry) -> bool:
    return entry.kind == "file" and b"policy-gate/manifest" in tree.read(entry)[:_HEAD]


def _has_twin(tree: Tree, path: str, layout: Layout) -> bool:
    folder, _, name = path.rpartition("/")
    names = (f"{folder}/{it}" if folder else it for it in tree.names(folder) if spelling(it) == spelling(name))
    return any(layout.is_manifest(it) for it in names)
