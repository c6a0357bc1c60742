"""By which merge request a commit of a branch came: found, none, unclear, or not told.

GitLab relates many merge requests to one commit. One is taken only where it was merged into this branch of this project
and GitLab says that the commit is what became of it: its merge commit, its squash commit or, of a fast-forward merge,
one of its own commits.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from policy_gate.approvals.gitlab.reviews import Request
from policy_gate.forges import gitlab_answers as answers
from policy_gate.forges.errors import ForgeError, NotTold
from policy_gate.forges.gitlab import GitLab
from policy_gate.schema.check_inputs import MergedChange


class FoundRequest(Struct, frozen=True):
    """The merge request; `how` says by what it is tied to the commit. `is_squashed`: its commits became one."""

    request: Request
    how: str
    is_squashed: bool = False
    holds_last: bool = False
    """the commit brought in the merge request's last one"""


class NoRequest(Struct, frozen=True):
    """GitLab was asked and names none that was merged into this branch."""

    reason: str


class UnclearRequest(Struct, frozen=True):
    """GitLab names some, and not exactly one accounts for the commit."""

    reason: str


RequestOfCommit = FoundRequest | NoRequest | UnclearRequest | NotTold


def request_of(gitlab: GitLab, project: str, merged: MergedChange) -> RequestOfCommit:
    """The merge request of the project by which a commit came to a branch."""
    short = merged.commit[:12]
    what = f"the merge request of commit {short}"
    path = f"/projects/{project}/repository/commits/{merged.commit}/merge_requests"
    try:
        told = gitlab.all(answers.MergeRequest, path, what)
        here = [it for it in told if _is_merged_here(it, project, merged.branch)]
        found = [it for request in here for it in _accounting(gitlab, project, request, merged.commit)]
    except ForgeError as error:
        return NotTold(error.sentence)
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"!{it.request.told.iid}" for it in found)
        return UnclearRequest(f"GitLab names several merge requests by which commit {short} came ({names})")
    if here:
        names = ", ".join(f"!{it.iid}" for it in here)
        return UnclearRequest(f"GitLab relates {names} to commit {short}, which is not what became of it")
    return NoRequest(f"GitLab names no merge request by which commit {short} came to {merged.branch}")


def _is_merged_here(told: answers.MergeRequest, project: str, branch: str) -> bool:
    return told.state == "merged" and told.target_branch == branch and str(told.target_project_id) == project


def _accounting(gitlab: GitLab, project: str, told: answers.MergeRequest, commit: str) -> Iterator[FoundRequest]:
    """The merge request where the commit is what became of it."""
    path = f"/projects/{project}/merge_requests/{told.iid}"
    request = Request(path, f"merge request !{told.iid}", told)
    squash, merge = told.squash_commit_sha, told.merge_commit_sha
    if commit == squash:
        yield FoundRequest(request, "its squash commit", is_squashed=True)
    elif commit == merge and commit != told.sha:
        yield FoundRequest(request, "its merge commit", squash is not None, squash is None)
    elif squash is not None or merge not in (None, told.sha):
        return
    elif commit == told.sha:
        yield FoundRequest(request, "its last commit", holds_last=True)
    elif any(it.id == commit for it in commits_of(gitlab, request)):
        yield FoundRequest(request, "one of its commits")


def commits_of(gitlab: GitLab, request: Request) -> tuple[answers.RequestCommit, ...]:
    """The commits of a merge request; ForgeError where they are not told."""
    return gitlab.all(answers.RequestCommit, f"{request.path}/commits", f"the commits of {request.name}")
