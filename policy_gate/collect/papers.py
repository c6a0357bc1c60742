"""Fetch the papers: everything one decision needs, from git and from what the job was given."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Literal

from policy_gate.collect import policies
from policy_gate.collect.base import departure_from_event, target_branch
from policy_gate.collect.git import Repository
from policy_gate.collect.law import TreeLaw, check_pin, law_of
from policy_gate.collect.layout import APPROVALS, CONFIG_FILE, YAML_ENDINGS, Layout
from policy_gate.collect.library import Library
from policy_gate.collect.manifests import Selection, inner_manifests, root_names
from policy_gate.collect.revisions import Revisions, revisions_of
from policy_gate.collect.snapshot import Side, snapshot
from policy_gate.errors import DocumentError, UndecidedError
from policy_gate.schema.documents import Manifest, VendorEntry
from policy_gate.schema.papers import LayerSource, Papers, Request
from policy_gate.schema.roles import Roles
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document, Problem
from policy_gate.schema.tree import Tree

EARLIER_LIMIT = 50
"""How many of base's first-parent ancestors are looked through for a readable law (D25)."""


@dataclass(frozen=True, slots=True)
class OpenPapers(Papers):
    """Papers whose repository is still open, for the questions that come later; close them, or use `with`."""

    repository: Repository | None = field(default=None, repr=False)
    revisions: Revisions | None = field(default=None, repr=False)
    library: Library = field(default_factory=Library, repr=False)

    def close(self) -> None:
        """End what reading the repository has started."""
        if self.repository is not None:
            self.repository.close()

    def __enter__(self) -> OpenPapers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def fetch(request: Request, known: OpenPapers | None = None) -> OpenPapers:
    """Everything that a check needs but the law's meaning and the people.

    What `known` has read already is not read again.
    UsageError, BaseError, MergeConflictError and UndecidedError where there is no answer to be had;
    DocumentError for a malformed tree. A malformed document is a problem of its snapshot.
    """
    repository = Repository.open(request.directory)
    try:
        with _without_collector():
            return _fetched(request, repository, known.library if known else Library())
    except BaseException:
        repository.close()
        raise


@contextmanager
def _without_collector() -> Iterator[None]:
    """No search for cyclic garbage while ten thousands of documents are read: there is none to find."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def fetch_at(request: Request, papers: OpenPapers, commit: str) -> OpenPapers:
    """What a reviewer of `commit` saw: it, against where it left base (D12); UndecidedError without that commit."""
    if papers.repository is None or not papers.repository.holds_commit(commit):
        raise UndecidedError("this clone does not hold it", hint=f"git fetch origin {commit}")
    fork = papers.repository.fork(papers.base_ref.commit or "", commit)
    return fetch(replace(request, base=fork, head=commit, worktree=False), papers)


def earlier_layers(request: Request, papers: Papers) -> Iterator[tuple[LayerSource, ...]]:
    """The law of base's first-parent ancestors, newest first, each law once, unparsable ones left out (D25)."""
    opened = papers if isinstance(papers, OpenPapers) else None
    repository = opened.repository if opened and opened.repository else Repository.open(request.directory)
    outer = tuple(layer for layer in papers.layers if layer.layer != "repository")
    seen = {tuple(papers.base.law_files)}
    for law in _earlier_laws(repository, papers.base_ref.commit):
        if law.files not in seen and not law.problems:
            yield (*outer, law.source)
        seen.add(law.files)


def lacking(papers: OpenPapers, commits: Iterable[str]) -> tuple[str, ...]:
    """Of these commits, those that the clone does not hold."""
    repository = papers.repository
    return () if repository is None else tuple(oid for oid in commits if not repository.holds_commit(oid))


def _earlier_laws(repository: Repository, commit: str | None) -> Iterator[TreeLaw]:
    for earlier in repository.first_parents(commit or "", EARLIER_LIMIT):
        yield law_of(repository.tree(repository.tree_oid(earlier)), earlier[:12], Library())


def _roles_in_force(repository: Repository, revisions: Revisions, law: TreeLaw) -> Document[Roles] | None:
    """Base's roles; where their file cannot be read, the last readable ones: a repair is nobody's to take (D25)."""
    if law.roles is not None or all(file.path != law.layout.roles_file for file in law.files):
        return law.roles
    earlier = _earlier_laws(repository, revisions.base_ref.commit)
    return next((found.roles for found in earlier if found.roles is not None), None)


def _fetched(request: Request, repository: Repository, library: Library) -> OpenPapers:
    revisions = revisions_of(repository, request)
    base_law = law_of(revisions.law, "base", library)
    check_pin(base_law)
    same = revisions.result is revisions.law
    result_law = base_law if same else law_of(revisions.result, "result", library, base_law)
    outer = _outer_layers(request, repository)
    changed = frozenset[str]() if request.everything else repository.changed(revisions.base, revisions.result)
    adopts = _may_adopt(request, revisions, base_law)
    layout = result_law.layout if adopts and base_law.config is None else base_law.layout
    selection = _selection(request, revisions, changed, (base_law, result_law), layout, library)
    laws = (base_law, result_law)
    base, result = _snapshots(request, revisions, laws, selection, layout, library, repository.root)
    adoption = adopts and not base.any_manifest and result.any_manifest
    mode: Literal["change", "all", "adoption"] = "all" if request.everything else "adoption" if adoption else "change"
    return OpenPapers(
        mode=mode,
        base=base,
        result=result,
        base_ref=revisions.base_ref,
        head_ref=revisions.head_ref,
        result_from=revisions.source,
        layers=_layers(outer, base_law),
        result_layers=None if base_law.files == result_law.files else _layers(outer, result_law),
        roles=_roles_in_force(repository, revisions, base_law),
        result_roles=result_law.roles,
        target_branch=target_branch(request, revisions.base_ref),
        law_only=_is_law_only(changed, base_law, result_law),
        changed_paths=changed,
        system_count=len(result.systems),
        not_enforcing=_not_enforcing(request, repository, revisions),
        notes=(*_notes(revisions, outer, base_law), *result.notes),
        repository=repository,
        revisions=revisions,
        library=library,
    )


def _may_adopt(request: Request, revisions: Revisions, base_law: TreeLaw) -> bool:
    """Adoption needs a base without policies and no organisation behind it; manifests are looked at later."""
    return not request.everything and not request.organisation_policies and not base_law.holds_policies


def _snapshots(
    request: Request,
    revisions: Revisions,
    laws: tuple[TreeLaw, TreeLaw],
    selection: Selection,
    layout: Layout,
    library: Library,
    root: Path,
) -> tuple[Snapshot, Snapshot]:
    """Base and result; the full check reads one tree for both."""
    base_law, result_law = laws
    result = Side(
        revisions.result,
        revisions.head_ref.commit if revisions.source != "merge" else None,
        base_law.config if request.everything else result_law.config,
        result_law.files,
        result_law.problems,
        beside=request.evidence,
        root=request.checkout or root,
        with_code=not request.everything,
    )
    if request.everything:
        read = snapshot(result, selection, layout, library)
        return read, read
    base = Side(revisions.base, revisions.base_ref.commit, base_law.config, base_law.files, base_law.problems)
    was = snapshot(base, selection, layout, library)
    later = result_law.layout if _config_is_sound(result_law) else layout
    both = layout.looking_for(list(dict.fromkeys((*layout.config.manifests, *later.config.manifests))))
    now = snapshot(replace(result, before=revisions.base, was=was), selection, both, library)
    lost = _lost(now, later) if _config_is_sound(base_law) else ()
    return was, replace(now, problems=(*now.problems, *lost))


def _config_is_sound(law: TreeLaw) -> bool:
    return all(problem.path != CONFIG_FILE for problem in law.problems)


def _lost(now: Snapshot, later: Layout) -> Iterator[Problem]:
    """The manifests that the result's own patterns no longer find, so that nobody would read them once it is base."""
    for manifest in now.manifests:
        if not later.is_manifest(manifest.path):
            message = f"is lost: the patterns {', '.join(later.config.manifests)} of this change do not find it"
            yield Problem(manifest.path, message, 1, 1, "keep a pattern in policy-gate.yaml that finds it")


def _selection(
    request: Request,
    revisions: Revisions,
    changed: frozenset[str],
    laws: tuple[TreeLaw, TreeLaw],
    layout: Layout,
    library: Library,
) -> Selection:
    """What to read: law, shared files and the root's vendors concern everybody (D20)."""
    everything = (
        request.everything
        or bool(request.systems)
        or laws[0].files != laws[1].files
        or any(layout.is_shared(path) for path in changed)
        or _root_vendors_differ(revisions, changed, layout, library)
    )
    inner = frozenset() if everything else inner_manifests(revisions.result, changed, layout, library)
    return Selection(everything, changed, inner)


def _root_vendors_differ(revisions: Revisions, changed: frozenset[str], layout: Layout, library: Library) -> bool:
    def vendors(tree: Tree) -> list[list[VendorEntry]]:
        return [_vendors_of(tree, name, library) for name in root_names(tree, layout)]

    roots = {*root_names(revisions.base, layout), *root_names(revisions.result, layout)}
    return not roots.isdisjoint(changed) and vendors(revisions.base) != vendors(revisions.result)


def _vendors_of(tree: Tree, name: str, library: Library) -> list[VendorEntry]:
    entry = tree.entry(name)
    try:
        return list(library.document(Manifest, tree, entry).content.vendors) if entry else []
    except DocumentError:
        return []


def _outer_layers(request: Request, repository: Repository) -> tuple[LayerSource, ...]:
    """The built-in layer, and the organisation's where the job gives one; inside the checkout it is untrusted."""
    layers = [policies.builtin(with_cases=False)]
    if request.organisation_policies is not None:
        folder = request.organisation_policies.resolve()
        judged = (repository.root, *((request.checkout,) if request.checkout else ()))
        layers.append(policies.of_folder(folder, not any(_is_inside(folder, root) for root in judged)))
    return tuple(layers)


def _is_inside(folder: Path, root: Path) -> bool:
    return folder.is_relative_to(root.resolve())


def _layers(outer: tuple[LayerSource, ...], law: TreeLaw) -> tuple[LayerSource, ...]:
    return (*outer, law.source) if law.source.documents or law.source.cases else outer


def _is_law_only(changed: frozenset[str], *laws: TreeLaw) -> bool:
    """Does the change touch law, and beside it nothing but the records that approve it?"""
    law = _law_paths(*laws)
    beside = (path.startswith(f"{APPROVALS}/") and path.endswith((*YAML_ENDINGS, ".sig")) for path in changed - law)
    return bool(changed & law) and all(beside)


def _law_paths(*laws: TreeLaw) -> frozenset[str]:
    return frozenset(file.path for law in laws for file in law.files)


def _not_enforcing(request: Request, repository: Repository, revisions: Revisions) -> tuple[str, ...]:
    """Why the answer does not bind (D30)."""
    in_ci = any(request.environment.get(name) for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI"))
    reasons = (
        (request.as_of_given, "--as-of judges for another date than today"),
        (bool(request.systems), "--system judges only some systems"),
        (request.defer_approval, "--defer leaves approvals for later"),
        (request.advisory, "--advisory blocks nothing"),
        (bool(request.evidence) and not in_ci, "--evidence outside CI is vouched for by nobody"),
    )
    departure = departure_from_event(repository, request, revisions.base_ref)
    said = [reason for applies, reason in reasons if applies]
    return (*said, *([departure] if departure else ()), *revisions.not_enforcing)


def _notes(revisions: Revisions, outer: tuple[LayerSource, ...], law: TreeLaw) -> tuple[str, ...]:
    """What people should know; the notes of a layer that is in force are enact's to tell."""
    untrusted = (
        f"{layer.name} lies inside the judged checkout: it may only tighten" for layer in outer if not layer.trusted
    )
    unused = () if _layers((), law) else law.source.notes
    return (*revisions.notes, *untrusted, *unused)
