"""Which trees are compared: base's tip, and what merging the change would give (D01 to D03)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from policy_gate.collect.base_ref import notes_on_base, resolve_base
from policy_gate.errors import BaseError, UndecidedError, UsageError
from policy_gate.forges.merge_target import proposed_head, target_of
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.report import Ref
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.trees import FolderTree

_FORGE_MERGE = lazy_pattern(r"refs/pull/[0-9]+/merge")


class Revisions(Struct, frozen=True):
    """Base and head as asked for, the trees of base, result and policies, and where the result is from.

    `policy` is base's tree, for the full check too (D02). `head_commit` is the last commit of the change,
    for a work tree the one it stands on.
    """

    base_ref: Ref
    head_ref: Ref
    head_commit: str | None
    base: FolderTree
    result: FolderTree
    policy: FolderTree
    source: Literal["head", "merge", "forge", "worktree"]
    notes: tuple[str, ...] = ()
    not_enforcing: tuple[str, ...] = ()


def revisions_of(repository: Repository, request: Request) -> Revisions:
    """Resolve a request. UsageError for a head that is none; BaseError and MergeConflictError as they come."""
    head_ref = _head(repository, request)
    if request.everything:
        return _whole(repository, request, head_ref)
    base_ref = resolve_base(repository, request)
    base_commit = base_ref.commit or ""
    base, notes = (
        repository.merged_already(repository.tree_oid(base_commit)),
        notes_on_base(repository, request, base_ref),
    )
    if request.worktree:
        head = repository.resolve("HEAD")
        is_behind = head is None or not repository.merge_base_is(base_commit, head)
        behind = "the work tree does not hold all of base yet: merge base first to see what merging gives"
        notes += (behind,) if is_behind else ()
        return Revisions(base_ref, head_ref, head, base, _work_tree(repository, base), base, "worktree", notes)
    head = head_ref.commit or ""
    departure = _departure_from_proposed(repository, request, head, base_commit)
    unbound = (departure,) if departure else ()
    if head == base_commit:
        nothing = f"base and head are one commit ({head[:12]}): there is no change to judge"
        # CI may well be asked about what is merged already; who names such a base himself has asked about nothing.
        is_own_choice = request.base is not None and target_of(request.environment) is None
        unbound, notes = ((*unbound, nothing), notes) if is_own_choice else (unbound, (*notes, nothing))
    if repository.merge_base_is(base_commit, head):
        result = repository.tree_beside(repository.tree_oid(head), base)
        source = _is_forge_merge(request, head)
        return Revisions(base_ref, head_ref, head, base, result, base, source, notes, unbound)
    result = repository.tree_beside(repository.merged_tree(base_commit, head, base_ref.ref), base)
    return Revisions(base_ref, head_ref, head, base, result, base, "merge", notes, unbound)


def _head(repository: Repository, request: Request) -> Ref:
    if request.worktree:
        return Ref("work tree", None)
    commit = repository.resolve(request.head)
    if commit is None:
        hint = "name a branch, a tag or a commit of this repository; a new repository needs a first commit"
        raise UsageError(f"head {request.head!r} is no commit of this repository", hint=hint)
    return Ref(request.head, commit)


def _departure_from_proposed(repository: Repository, request: Request, head: str, base: str) -> str:
    """Why what is judged is not what this job was started for, in words; empty where it is.

    BaseError where the job plainly checked out something else, such as base itself.
    """
    wanted = proposed_head(request.environment)
    if not wanted or wanted == head or _merges(repository, request, wanted, head):
        return ""
    if request.head != "HEAD":
        return f"the head is {request.head}, and not {wanted[:12]}, the commit that the event names"
    is_held = repository.holds_commit(wanted)
    if is_held and repository.merge_base_is(wanted, head):
        return ""
    if _is_of_a_request(request) and (is_held or repository.merge_base_is(head, base)):
        raise BaseError(
            f"what is checked out ({head[:12]}) does not hold {wanted[:12]}, the commit that this job is to judge",
            hint="check out the head of the pull request with its history (fetch-depth: 0), or name it with --head",
        )
    return f"{wanted[:12]}, the commit that the event names, is not in this clone: {head[:12]} is judged instead"


def _merges(repository: Repository, request: Request, wanted: str, head: str) -> bool:
    """Is head the merge of the wanted commit that CI made, or the one that git makes? Anybody can write another."""
    parents = repository.parents(head)
    if wanted not in parents:
        return False
    if head in (request.environment.get("GITHUB_SHA"), request.environment.get("CI_COMMIT_SHA")):
        return True
    try:
        return len(parents) == 2 and repository.tree_oid(head) == repository.merged_tree(*parents)
    except UndecidedError:
        return False


def _is_of_a_request(request: Request) -> bool:
    """Is this a job about a pull request or merge group of GitHub's, which checks that very thing out?"""
    name = request.environment.get("GITHUB_EVENT_NAME", "")
    return name == "merge_group" or name.startswith("pull_request")


def _whole(repository: Repository, request: Request, head_ref: Ref) -> Revisions:
    """The full check: one tree is both sides; policies are base's, or its own where there is no base to be had."""
    head = head_ref.commit or repository.resolve("HEAD")
    tree = _work_tree(repository) if request.worktree else repository.merged_already(repository.tree_oid(head or ""))
    source: Literal["head", "worktree"] = "worktree" if request.worktree else "head"
    try:
        base_ref = resolve_base(repository, request)
    except BaseError as error:
        # A deployment asks base, too, whether it has got there.
        if request.base is not None or request.require_stage is not None:
            raise
        reason = f"no base to take the policies from ({error.message}): judged by its own policies"
        return Revisions(head_ref, head_ref, head, tree, tree, tree, source, (), (reason,))
    policy = repository.merged_already(repository.tree_oid(base_ref.commit or ""))
    notes = notes_on_base(repository, request, base_ref)
    return Revisions(base_ref, head_ref, head, tree, tree, policy, source, notes)


def _work_tree(repository: Repository, base: FolderTree | None = None) -> FolderTree:
    from policy_gate.vcs.worktree import WorkTree  # noqa: PLC0415 - most checks are of commits

    return WorkTree(repository, base)


def _is_forge_merge(request: Request, head: str) -> Literal["head", "forge"]:
    """Is the head the test merge that GitHub made and checked out?"""
    environment = request.environment
    is_merge = _FORGE_MERGE.fullmatch(environment.get("GITHUB_REF", "")) is not None
    return "forge" if is_merge and environment.get("GITHUB_SHA") == head else "head"
