"""What CI names as the target of a merge: read from the variables of GitHub and GitLab and GitHub's event file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from policy_gate.collect.object_store import is_object_id
from policy_gate.errors import BaseError

_EVENT_LIMIT = 32 * 1024 * 1024


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


def _of_github(environment: Mapping[str, str]) -> Target | None:
    name = environment.get("GITHUB_EVENT_NAME", "")
    branch = environment.get("GITHUB_BASE_REF", "")
    if branch:
        sha = (
            _commit(_event(environment), "pull_request", "base", "sha") if environment.get("GITHUB_EVENT_PATH") else ""
        )
        return Target(branch, sha, "GITHUB_BASE_REF")
    if name == "merge_group":
        event = _event(environment)
        queue = _text(event, "merge_group", "base_ref").removeprefix("refs/heads/")
        sha = _commit(event, "merge_group", "base_sha")
        return Target(queue, sha, "the merge_group event", is_exact=bool(sha)) if queue else None
    return _of_github_push(_event(environment)) if name == "push" else None


def _of_github_push(event: Any) -> Target | None:
    default = _text(event, "repository", "default_branch")
    if _text(event, "ref") == f"refs/heads/{default}":
        return _before_push(default, _commit(event, "before"), "the push event")
    return Target(default, "", "the push event") if default else None


def _of_gitlab(environment: Mapping[str, str]) -> Target | None:
    branch = environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "")
    if branch:
        sha = environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "")
        return Target(branch, sha if is_object_id(sha) else "", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
    default = environment.get("CI_DEFAULT_BRANCH", "")
    if not default or environment.get("CI_PIPELINE_SOURCE") != "push":
        return None
    if environment.get("CI_COMMIT_BRANCH") != default:
        return Target(default, "", "CI_DEFAULT_BRANCH")
    before = environment.get("CI_COMMIT_BEFORE_SHA", "")
    return _before_push(default, before if is_object_id(before) else "", "CI_COMMIT_BEFORE_SHA")


def _before_push(branch: str, before: str, source: str) -> Target | None:
    return Target(branch, before, source, is_exact=True) if before.strip("0") else None


def _event(environment: Mapping[str, str]) -> Any:
    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        with Path(path).open("rb") as file:
            return json.loads(file.read(_EVENT_LIMIT))
    except (OSError, ValueError, RecursionError) as error:
        raise BaseError(
            f"the event file that GITHUB_EVENT_PATH names cannot be read ({type(error).__name__})",
            hint="name the base with --base",
        ) from error


def _text(event: Any, *way: str) -> str:
    for key in way:
        event = event.get(key) if isinstance(event, dict) else None
    return event if isinstance(event, str) else ""


def _commit(event: Any, *way: str) -> str:
    found = _text(event, *way)
    return found if is_object_id(found) else ""
