"""The inputs of a check: everything one decision needs, from git and from what the job was given."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Literal

from msgspec import field
from msgspec.structs import replace

from policy_gate.collect import policy_files
from policy_gate.collect.base_ref import branch_to_name, departure_from_event, guessed_base, target_branch
from policy_gate.collect.earlier_evidence import untold, with_history
from policy_gate.collect.earlier_policies import earlier_policies, roles_in_force, roles_untold
from policy_gate.collect.earlier_trees import STEPS_LIMIT, EarlierTrees
from policy_gate.collect.layout import APPROVALS, CONFIG_FILE, Layout, is_yaml
from policy_gate.collect.link_map import link_maps
from policy_gate.collect.manifests import (
    Selection,
    all_manifests,
    is_anothers,
    manifests_above,
    meeting_manifests,
    root_names,
)
from policy_gate.collect.moved_lines import MovedLines
from policy_gate.collect.observed import observed_in_change, observed_in_tree, unread_notes
from policy_gate.collect.policies_alike import policies_alike
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG, TreePolicies, check_pin, policies_of, with_packs
from policy_gate.collect.returned_code import ReturnedCode
from policy_gate.collect.revisions import Revisions, revisions_of
from policy_gate.collect.snapshot import TreeSide, snapshot
from policy_gate.collect.stages import stages_beside
from policy_gate.collect.statements import statements_in_change
from policy_gate.collect.tracked_weights import tracked_weights
from policy_gate.decide.trust import weakening_options
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import DocumentError, UndecidedError
from policy_gate.schema.check_inputs import CheckInputs, LayerSource, Request
from policy_gate.schema.documents import Manifest
from policy_gate.schema.observed import Undeclared
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Problem
from policy_gate.schema.vendor_document import VendorEntry
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import Tree


class OpenRepository:
    """A repository opened for one or for many checks, and what was read of it; close it, or use it in a `with`."""

    def __init__(self, directory: Path, cache: DocumentCache | None = None) -> None:
        """UsageError where the directory is in no repository, UndecidedError where no git is installed.

        A cache that is given may be of several repositories: what it keeps, it keeps by content.
        """
        self.repository = Repository.open(directory)
        self.cache = cache or DocumentCache()

    @cached_property
    def builtin(self) -> LayerSource:
        """The built-in policies; PolicyError where the installation is broken."""
        return self.cache.once(("built-in policies",), policy_files.builtin_layer_sealed)

    def trim(self) -> None:
        """Let go of what was read, where it has become much."""
        self.repository.trim()
        self.cache.trim()

    def close(self) -> None:
        """End what reading the repository has started."""
        self.repository.close()

    def __enter__(self) -> OpenRepository:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class OpenInputs(CheckInputs, frozen=True):
    """CheckInputs whose repository is still open, for the questions that come later; close them, or use `with`.

    `opened` is None where the inputs were made otherwise. Closing ends it only where it `is_own`, made for these alone.
    """

    opened: OpenRepository | None = field(default=None)
    is_own: bool = True
    revisions: Revisions | None = field(default=None)
    cache: DocumentCache = field(default_factory=DocumentCache)

    @property
    def repository(self) -> Repository | None:
        return self.opened.repository if self.opened else None

    def close(self) -> None:
        """End what was opened for these inputs alone."""
        if self.opened is not None and self.is_own:
            self.opened.close()

    def __enter__(self) -> OpenInputs:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def load_inputs(request: Request) -> OpenInputs:
    """Everything that a check needs but the compiled policies and the people, of a repository opened for it.

    UsageError, BaseError, MergeConflictError and UndecidedError where there is no answer to be had;
    DocumentError for a malformed tree. A malformed document is a problem of its snapshot.
    """
    opened = OpenRepository(request.directory)
    try:
        return replace(inputs_of(request, opened), is_own=True)
    except BaseException:
        opened.close()
        raise


def inputs_of(request: Request, opened: OpenRepository) -> OpenInputs:
    """As `load_inputs`, of a repository that stays open; what was read of it already is not read again.

    A work tree may change while it is read, so that nothing of it is kept for others.
    """
    with _without_collector():
        return _fetched(request, opened, DocumentCache() if request.worktree else opened.cache)


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


def load_inputs_at(request: Request, inputs: OpenInputs, commit: str) -> OpenInputs:
    """What a reviewer of `commit` saw: it, against where it left base (D12); UndecidedError without that commit."""
    opened = inputs.opened
    if opened is None or not opened.repository.holds_commit(commit):
        raise UndecidedError("this clone does not hold it", hint=f"git fetch origin {commit}")
    fork = opened.repository.fork(inputs.base_ref.commit or "", commit)
    return inputs_of(replace(request, base=fork, head=commit, worktree=False), opened)


def with_all_seen(inputs: OpenInputs) -> OpenInputs:
    """The inputs with all that the code of every system shows, for rules that ask about it."""
    revisions = inputs.revisions
    if revisions is None:
        return inputs
    base = _with_all_seen(inputs.base, revisions.base, inputs.cache)
    is_one = inputs.result is inputs.base
    return replace(
        inputs, base=base, result=base if is_one else _with_all_seen(inputs.result, revisions.result, inputs.cache)
    )


def _with_all_seen(side: Snapshot, tree: Tree, cache: DocumentCache) -> Snapshot:
    layout = Layout(side.config.content if side.config else DEFAULT_CONFIG)
    seen = observed_in_tree(tree, side, layout, cache)
    return replace(side, observed=replace(side.observed, by_tree=seen))


def earlier_layers(request: Request, inputs: CheckInputs) -> Iterator[tuple[tuple[LayerSource, ...], Sequence[str]]]:
    """The policies of base's first-parent ancestors, newest first, each once, unparsable ones left out (D25).

    With each go the packs that it asked for.
    """
    opened = inputs.opened if isinstance(inputs, OpenInputs) else None
    if opened is None:
        with OpenRepository(request.directory) as own:
            yield from _earlier_layers(request, inputs, own)
    else:
        yield from _earlier_layers(request, inputs, opened)


def _earlier_layers(
    request: Request, inputs: CheckInputs, opened: OpenRepository
) -> Iterator[tuple[tuple[LayerSource, ...], Sequence[str]]]:
    outer = tuple(layer for layer in inputs.layers if layer.layer != "repository")
    seen = {tuple(inputs.base.policy_files)}
    for policy in earlier_policies(opened.repository, inputs.base_ref.commit, opened.cache):
        if policy.files not in seen and not policy.problems:
            layers = (*outer, *with_packs(policy, policy, request.environment)[0].packs, policy.source)
            yield layers, policy.config.content.pack_ids if policy.config else ()
        seen.add(policy.files)


def lacking(inputs: OpenInputs, commits: Iterable[str]) -> tuple[str, ...]:
    """Of these commits, those that the clone does not hold."""
    repository = inputs.repository
    return () if repository is None else tuple(oid for oid in commits if not repository.holds_commit(oid))


def _fetched(request: Request, opened: OpenRepository, cache: DocumentCache) -> OpenInputs:
    repository = opened.repository
    revisions = revisions_of(repository, request)
    base_policies = policies_of(revisions.policy, "base", cache)
    check_pin(base_policies)
    same = revisions.result is revisions.policy
    result_policies = base_policies if same else policies_of(revisions.result, "result", cache, base_policies)
    base_policies, result_policies, unfetched = with_packs(base_policies, result_policies, request.environment)
    outer = _outer_layers(request, opened)
    changed = frozenset[str]() if request.everything else repository.changed(revisions.base, revisions.result)
    adopts = _may_adopt(request, base_policies)
    layout = base_policies.layout
    is_first = _is_ungoverned(request, base_policies) and base_policies.config is None
    if is_first and _holds_no_manifest(revisions.policy, layout):
        layout = result_policies.layout
    selection = _selection(request, revisions, changed, (base_policies, result_policies), layout, cache)
    policies = (base_policies, result_policies)
    base, result = _snapshots(request, revisions, policies, selection, layout, cache, repository)
    if not request.everything:
        base = with_history(base, result, revisions.base_ref.commit, repository, layout, cache)
    adoption = adopts and not base.any_manifest and result.any_manifest
    roles = roles_in_force(repository, revisions.base_ref.commit, base_policies, cache)
    mode: Literal["change", "all", "adoption"] = "all" if request.everything else "adoption" if adoption else "change"
    return OpenInputs(
        mode=mode,
        base=base,
        result=result,
        base_ref=revisions.base_ref,
        head_ref=revisions.head_ref,
        result_from=revisions.source,
        layers=(*outer, *base_policies.layers),
        result_layers=None if base_policies.files == result_policies.files else (*outer, *result_policies.layers),
        roles=roles,
        roles_file=layout.roles_file,
        result_roles=result_policies.roles,
        roles_untold=roles_untold(base_policies, roles, base),
        target_branch=target_branch(request, revisions.base_ref),
        branch_to_name=branch_to_name(repository, request, revisions.base_ref),
        policies_only=_is_policies_only(changed, base_policies, result_policies),
        changed_paths=changed,
        system_count=len(result.systems),
        not_enforcing=_not_enforcing(request, repository, revisions),
        notes=(*_notes(revisions, outer, base_policies), *unfetched, *result.notes, *untold(base, result)),
        opened=opened,
        is_own=False,
        revisions=revisions,
        cache=cache,
        stages_beside=stages_beside(request, revisions, repository, layout, cache),
    )


def _may_adopt(request: Request, base_policies: TreePolicies) -> bool:
    """Adoption needs a base without policies and no organisation behind it; manifests are looked at later."""
    return not request.everything and _is_ungoverned(request, base_policies)


def _is_ungoverned(request: Request, base_policies: TreePolicies) -> bool:
    return not request.organisation_policies and not base_policies.holds_policies


def _holds_no_manifest(base: Tree, layout: Layout) -> bool:
    """Does base hold none of ours? Where it may, the change is not the one to say where manifests are looked for."""
    return all(is_anothers(base, entry) for entry in all_manifests(base, layout))


def _snapshots(
    request: Request,
    revisions: Revisions,
    policies: tuple[TreePolicies, TreePolicies],
    selection: Selection,
    layout: Layout,
    cache: DocumentCache,
    repository: Repository,
) -> tuple[Snapshot, Snapshot]:
    """Base and result; the full check reads one tree for both."""
    base_policies, result_policies = policies
    result = TreeSide(
        revisions.result,
        revisions.head_ref.commit if revisions.source != "merge" else None,
        base_policies.config if request.everything else result_policies.config,
        result_policies.files,
        result_policies.problems,
        beside=request.evidence,
        root=request.checkout or repository.root,
        with_code=not request.everything,
    )
    if request.everything:
        read = snapshot(result, selection, layout, cache)
        if not read.any_manifest:
            seen = _undeclared(revisions.result, frozenset(), layout, cache)
            read = replace(read, observed=replace(read.observed, undeclared=seen))
        return read, read
    base = TreeSide(
        revisions.base, revisions.base_ref.commit, base_policies.config, base_policies.files, base_policies.problems
    )
    earlier = EarlierTrees(repository, revisions.base_ref.commit or "", STEPS_LIMIT)
    moved = MovedLines(revisions.base, revisions.result, sorted(selection.changed), earlier)
    returned = ReturnedCode(moved, layout, cache)
    selection = returned.with_former_claimants(selection)
    was = snapshot(base, selection, layout, cache)
    later = result_policies.layout if _config_is_sound(result_policies) else layout
    both = layout.looking_for(list(dict.fromkeys((*layout.config.manifests, *later.config.manifests))))

    now = snapshot(replace(result, before=revisions.base, was=was, returned=returned), selection, both, cache)
    lost = _lost(now, later) if _config_is_sound(base_policies) else ()
    trees = (revisions.base, revisions.result)
    observed = observed_in_change(trees, (was, now), selection.changed, both, cache, earlier)
    stated = statements_in_change(trees, (was, now), selection.changed, both, cache)
    observed = replace(observed, stated=stated)
    if not was.any_manifest and not now.any_manifest:
        observed = replace(observed, undeclared=_undeclared(revisions.result, selection.changed, both, cache))
    alike = frozenset(policies_alike(base_policies, revisions.policy, result_policies, revisions.result))
    told = (*observed.unseen, *unread_notes(observed.unread), *observed.notes)
    notes = (*now.notes, *told, *map(_laid_out_otherwise, sorted(alike)))
    misplaced = (*now.misplaced, *observed.unseen)
    problems = (*now.problems, *lost)
    return was, replace(
        now, problems=problems, observed=observed, notes=notes, misplaced=misplaced, policies_alike=alike
    )


def _laid_out_otherwise(path: str) -> str:
    return f"{path} is laid out otherwise and says the same: no rule changed in it"


def _undeclared(tree: Tree, changed: frozenset[str], layout: Layout, cache: DocumentCache) -> Undeclared:
    from policy_gate.collect.undeclared import undeclared_ai  # noqa: PLC0415 - only where nothing is declared

    return undeclared_ai(tree, changed, layout, cache)


def _config_is_sound(policy: TreePolicies) -> bool:
    return all(problem.path != CONFIG_FILE for problem in policy.problems)


def _lost(now: Snapshot, later: Layout) -> Iterator[Problem]:
    """The manifests that the result's own patterns no longer find, so that nobody would read them once it is base."""
    unread = (it.path for it in now.unread if not it.is_anothers)
    for path in (*(manifest.path for manifest in now.manifests), *unread):
        if not later.is_manifest(path):
            message = f"is lost: the patterns {', '.join(later.config.manifests)} of this change do not find it"
            yield Problem(path, message, 1, 1, "keep a pattern in policy-gate.yaml that finds it")


def _selection(
    request: Request,
    revisions: Revisions,
    changed: frozenset[str],
    policies: tuple[TreePolicies, TreePolicies],
    layout: Layout,
    cache: DocumentCache,
) -> Selection:
    """What to read: policies, shared files and the root's vendors concern everybody (D20), and so does a deployment."""
    everything = (
        request.everything
        or bool(request.systems)
        or request.require_stage is not None
        or policies[0].files != policies[1].files
        or any(layout.is_shared(path) or layout.is_incident(path) for path in changed)
        or _root_vendors_differ(revisions, changed, layout, cache)
    )
    behind = None if everything else _behind_links(revisions, changed, layout)
    if behind is None:
        return Selection(everything=True, changed=changed)
    tracked = {place for it in tracked_weights((revisions.base, revisions.result), changed) for place in it.places}
    behind = behind.union(*(manifests_above(side, tracked, layout) for side in (revisions.base, revisions.result)))
    meeting = (meeting_manifests(side, changed, layout, cache) for side in (revisions.base, revisions.result))
    return Selection(everything, changed, behind.union(*meeting))


def _behind_links(revisions: Revisions, changed: frozenset[str], layout: Layout) -> frozenset[str] | None:
    """The manifests above links that lead to what changed (D58).

    None where any manifest may be concerned: a link is shared, or they are more than are followed.
    """
    trees = (revisions.base, revisions.result)
    maps = link_maps(*trees, changed)
    if maps is None:
        return None
    links = maps[0].leading_to(changed) | maps[1].leading_to(changed)
    if any(layout.is_shared(link) for link in links):
        return None
    return frozenset[str]().union(*(manifests_above(tree, links, layout) for tree in trees))


def _root_vendors_differ(revisions: Revisions, changed: frozenset[str], layout: Layout, cache: DocumentCache) -> bool:
    def vendors(tree: Tree) -> list[list[VendorEntry]]:
        return [_vendors_of(tree, name, cache) for name in root_names(tree, layout)]

    roots = {*root_names(revisions.base, layout), *root_names(revisions.result, layout)}
    return not roots.isdisjoint(changed) and vendors(revisions.base) != vendors(revisions.result)


def _vendors_of(tree: Tree, name: str, cache: DocumentCache) -> list[VendorEntry]:
    entry = tree.entry(name)
    try:
        return list(cache.document(Manifest, tree, entry).content.vendors) if entry else []
    except DocumentError:
        return []


def _outer_layers(request: Request, opened: OpenRepository) -> tuple[LayerSource, ...]:
    """The built-in layer, and the organisation's where the job gives one; inside the checkout it is untrusted."""
    layers = [opened.builtin]
    if request.organisation_policies is not None:
        folder = request.organisation_policies.resolve()
        weighed = (opened.repository.root, *((request.checkout,) if request.checkout else ()))
        layers.append(policy_files.of_folder(folder, not any(_is_inside(folder, root) for root in weighed)))
    return tuple(layers)


def _is_inside(folder: Path, root: Path) -> bool:
    return folder.is_relative_to(root.resolve())


def _is_policies_only(changed: frozenset[str], *policies: TreePolicies) -> bool:
    """Does the change touch policies, and beside them nothing but the records that approve it?"""
    policy = _policy_paths(*policies)
    beside = (
        path.startswith(f"{APPROVALS}/") and (is_yaml(path) or path.endswith(".sig")) for path in changed - policy
    )
    return bool(changed & policy) and all(beside)


def _policy_paths(*policies: TreePolicies) -> frozenset[str]:
    return frozenset(file.path for policy in policies for file in policy.files)


def _not_enforcing(request: Request, repository: Repository, revisions: Revisions) -> tuple[str, ...]:
    """Why the answer does not bind (D30)."""
    base = revisions.base_ref
    reasons = (departure_from_event(repository, request, base), guessed_base(repository, request, base))
    return (*weakening_options(request), *(reason for reason in reasons if reason), *revisions.not_enforcing)


def _notes(revisions: Revisions, outer: tuple[LayerSource, ...], policy: TreePolicies) -> tuple[str, ...]:
    """What people should know; the notes of a layer that is in force are for `policy` to tell."""
    untrusted = (
        f"{layer.name} lies inside the judged checkout: it may only tighten" for layer in outer if not layer.trusted
    )
    unused = () if policy.source in policy.layers else policy.source.notes
    return (*revisions.notes, *untrusted, *unused)
