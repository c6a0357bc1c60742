"""Where a GitLab job fetches from, and where its pages show files: read from GitLab's own variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from policy_gate.errors import UndecidedError, UsageError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.clone import Address, Clone, Want

JOB_USER = "gitlab-ci-token"
_PROJECT = lazy_pattern(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)+")
_ORGANISATION = "refs/policy-gate/organisation"


def root_of(environment: Mapping[str, str]) -> Path:
    """The folder that GitLab checked the project out to; UsageError where there is none."""
    folder = environment.get("CI_PROJECT_DIR", "")
    if not folder or not Path(folder).is_dir():
        raise UsageError("CI_PROJECT_DIR names no folder", hint="start this command in a GitLab job")
    if environment.get("GIT_STRATEGY") in ("none", "empty"):
        hint = "set GIT_STRATEGY to fetch or clone for this job"
        raise UsageError(f"GIT_STRATEGY is {environment['GIT_STRATEGY']}: the job has no checkout to judge", hint=hint)
    return Path(folder)


def project_address(environment: Mapping[str, str]) -> Address | None:
    """The project that is merged into, read with the job's token; a fork's pipeline may run in the fork."""
    path = environment.get("CI_MERGE_REQUEST_PROJECT_PATH") or environment.get("CI_PROJECT_PATH", "")
    return address_of(environment, path)


def address_of(environment: Mapping[str, str], path: str) -> Address | None:
    """A project of this GitLab by its path, read with the job's token."""
    server = environment.get("CI_SERVER_URL", "").rstrip("/")
    if not server or not _PROJECT.fullmatch(path):
        return None
    return Address(f"{server}/{path.removesuffix('.git')}.git", JOB_USER, environment.get("CI_JOB_TOKEN", ""))


def source_url(environment: Mapping[str, str], commit: str) -> str:
    """Where GitLab shows the files of a commit, or empty."""
    project = environment.get("CI_PROJECT_URL", "")
    return f"{project}/-/blob/{quote(commit, safe='')}" if project and commit else ""


def fetch_rules(clone: Clone, project: str, ref: str, folder: Path) -> None:
    """Lay the files of the organisation's project out in an empty folder.

    UndecidedError where they cannot be had: without them nothing is judged by the rules that were asked for.
    """
    name = ref if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", ref) else f"refs/heads/{ref}"
    failure = clone.bring(Want(name, _ORGANISATION))
    if not failure and not clone.lay_out(_ORGANISATION, folder):
        failure = "its files could not be written"
    if failure:
        hint = f"check policies-ref, and that the job token allowlist of {project} names this project"
        raise UndecidedError(f"the rules of {project} ({ref}) could not be fetched: {failure}", hint=hint)
