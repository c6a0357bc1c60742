"""What CI names as the target of a merge: read from the variables of GitHub and GitLab and GitHub's event file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from policy_gate.forges.github_event import GithubEvent, read_event
from policy_gate.vcs.tree import is_object_id


class Target(NamedTuple):
    """A branch merged into, by its short name, and what CI says of it.

    `commit` is the tip that the event tells, or empty. `is_exact` says that this commit, and not what the
    branch holds meanwhile, is the base: a queue's parent, or the tip before a push.
    """

    branch: str
    commit: str
    source: str
    is_exact: bool = False


def target_of(environment: Mapping[str, str]) -> Target | None:
    """The merge target that CI names, or None where none is named (not in CI, a schedule, a manual run).

    A push is judged against the branch's tip before it where it goes to the default branch, else against
    the default branch: a check that passed on half of a change must not stand for the whole.
    BaseError where GitHub's event file is there and cannot be read.
    """
    return _of_github(environment) or _of_gitlab(environment)


def default_branch_of(environment: Mapping[str, str]) -> str:
    """The repository's default branch as CI names it, also for schedules and manual runs; empty where it does not."""
    told = environment.get("CI_DEFAULT_BRANCH", "")
    return read_event(environment).default_branch if not told and environment.get("GITHUB_EVENT_PATH") else told


def proposed_head(environment: Mapping[str, str]) -> str:
    """The commit that CI asks to merge, or that was pushed; empty where the job is not about one."""
    name = environment.get("GITHUB_EVENT_NAME", "")
    if environment.get("GITHUB_EVENT_PATH") and (name in ("merge_group", "push") or name.startswith("pull_request")):
        event = read_event(environment)
        if name == "push":
            return _real(event.after)
        return event.group_head or event.pull_head
    if environment.get("GITHUB_ACTIONS") == "true" or target_of(environment) is None:
        return ""
    told = (environment.get(f"CI_{it}", "") for it in ("MERGE_REQUEST_SOURCE_BRANCH_SHA", "COMMIT_SHA"))
    return next((commit for commit in told if is_object_id(commit)), "")


def _of_github(environment: Mapping[str, str]) -> Target | None:
    name = environment.get("GITHUB_EVENT_NAME", "")
    if environment.get("GITHUB_BASE_REF") or name.startswith("pull_request"):
        return _of_github_pull(environment, name)
    if name == "merge_group":
        event = read_event(environment)
        queue, sha = event.group_base_ref.removeprefix("refs/heads/"), event.group_base
        return Target(queue, sha, "the merge_group event", is_exact=bool(sha)) if queue else None
    return _of_github_push(read_event(environment)) if name == "push" else None


def _of_github_pull(environment: Mapping[str, str], name: str) -> Target | None:
    """Jobs that a review starts have no GITHUB_BASE_REF; their event names the branch all the same."""
    event = read_event(environment) if environment.get("GITHUB_EVENT_PATH") else GithubEvent()
    branch = environment.get("GITHUB_BASE_REF", "")
    if branch:
        return Target(branch, event.pull_base_commit, "GITHUB_BASE_REF")
    named = event.pull_base
    return Target(named, event.pull_base_commit, f"the {name} event") if named else None


def _of_github_push(event: GithubEvent) -> Target | None:
    default = event.default_branch
    if event.ref == f"refs/heads/{default}":
        return _before_push(default, event.before, "the push event")
    return Target(default, "", "the push event") if default else None


def _of_gitlab(environment: Mapping[str, str]) -> Target | None:
    branch = environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "")
    if branch:
        told = environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "")
        sha = told if is_object_id(told) else ""
        # In a merge train it is what the request before this one would give, as in a queue.
        is_train = environment.get("CI_MERGE_REQUEST_EVENT_TYPE") == "merge_train"
        return Target(branch, sha, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", is_exact=is_train and bool(sha))
    default = environment.get("CI_DEFAULT_BRANCH", "")
    if not default or environment.get("CI_PIPELINE_SOURCE") != "push":
        return None
    if environment.get("CI_COMMIT_BRANCH") != default:
        return Target(default, "", "CI_DEFAULT_BRANCH")
    before = environment.get("CI_COMMIT_BEFORE_SHA", "")
    return _before_push(default, before if is_object_id(before) else "", "CI_COMMIT_BEFORE_SHA")


def _before_push(branch: str, before: str, source: str) -> Target | None:
    return Target(branch, before, source, is_exact=True) if _real(before) else None


def _real(commit: str) -> str:
    """A commit id, empty for the zeros that stand for none."""
    return commit if commit.strip("0") else ""
