"""How a forge is asked about one merge of the past: the sources of approvals run as in its jobs.

GitHub is asked as by the job of a merge queue: by the commits, each of which names its pull requests. GitLab is asked
for the merge request by which the commit came.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import quote

from policy_gate.app.replay import ForgeJob, ForgeSetting
from policy_gate.approvals.github.source import API
from policy_gate.errors import UsageError
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github_event import GROUP_EVENT
from policy_gate.forges.http import is_client_installed
from policy_gate.schema.patterns import lazy_pattern

FORMS = "github:OWNER/NAME or gitlab:GROUP/PROJECT"
_GITHUB = lazy_pattern(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")


def forge_job(wanted: str, environment: Mapping[str, str]) -> ForgeJob:
    """How the forge that `github:OWNER/NAME` or `gitlab:GROUP/PROJECT` says is asked.

    UsageError where it is none, or no token is there.
    """
    forge, _, name = wanted.partition(":")
    if forge == "github" and _GITHUB.fullmatch(name):
        return _github(name, environment)
    if forge == "gitlab" and "/" in name:
        return _gitlab(wanted, name, environment)
    raise _no_forge(wanted)


def _no_forge(wanted: str) -> UsageError:
    return UsageError(f"--forge {wanted!r} names no forge that can be asked", hint=f"--forge {FORMS}")


def _github(name: str, environment: Mapping[str, str]) -> ForgeJob:
    token = environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN")
    if not token:
        hint = "set GITHUB_TOKEN to a token that may read pull requests, or leave --forge out"
        raise UsageError("--forge needs a token", hint=hint)
    _need_client("github")
    asked = {
        "GITHUB_EVENT_NAME": GROUP_EVENT,
        "GITHUB_REPOSITORY": name,
        "GITHUB_TOKEN": token,
        "GITHUB_API_URL": environment.get("GITHUB_API_URL") or API,
    }

    @contextmanager
    def job(base: str, head: str, branch: str) -> Iterator[ForgeSetting]:
        group = {"head_sha": head, "head_ref": "", "base_ref": f"refs/heads/{branch}", "base_sha": base}
        with tempfile.TemporaryDirectory(prefix="policy-gate-") as folder:
            event = Path(folder) / "event.json"
            event.write_text(json.dumps({"merge_group": group}), "utf-8")
            yield ForgeSetting({**asked, "GITHUB_EVENT_PATH": str(event)})

    return job


def _gitlab(wanted: str, name: str, environment: Mapping[str, str]) -> ForgeJob:
    from policy_gate.forges.organisation import (  # noqa: PLC0415 - few runs ask
        GITLAB_NAME,
        GITLAB_TOKENS,
        gitlab_server,
        token_of,
    )

    if not GITLAB_NAME.fullmatch(name):
        raise _no_forge(wanted)
    try:
        token = token_of(GITLAB_TOKENS, environment, "the scope read_api and the role Reporter")
        server = gitlab_server(environment)
    except ForgeError as error:
        raise UsageError(f"--forge needs a token and an address: {error.message}", hint=error.hint) from error
    _need_client("gitlab")

    @cache
    def setting() -> ForgeSetting:
        """Found out once, also that it cannot be."""
        try:
            number = _number_of(server, token, name)
        except ForgeError as error:
            return ForgeSetting(untold=error.sentence)
        return ForgeSetting(
            {"CI_PROJECT_ID": str(number), "CI_API_V4_URL": f"{server}/api/v4", GITLAB_TOKENS[0]: token}
        )

    @contextmanager
    def job(base: str, head: str, branch: str) -> Iterator[ForgeSetting]:
        yield setting()

    return job


def _number_of(server: str, token: str, name: str) -> int:
    """The number of a project, by which GitLab's answers name it; ForgeError where it is not told."""
    from policy_gate.forges.gitlab import GitLab  # noqa: PLC0415 - few runs ask
    from policy_gate.forges.gitlab_answers import Project  # noqa: PLC0415 - likewise

    with GitLab(server, token) as gitlab:
        return gitlab.one(Project, f"/projects/{quote(name, safe='')}", f"the number of the project {name}").id


def _need_client(extra: str) -> None:
    if not is_client_installed():
        raise UsageError("--forge needs requests", hint=f'pip install "ai-policy-gate[{extra}]"')
