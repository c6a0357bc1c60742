"""The environment of a forge's job about one merge of the past, so that the sources of approvals ask as they did then.

GitHub is asked as by the job of a merge queue: by the commits, each of which names its pull requests.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from policy_gate.app.replay import ForgeJob
from policy_gate.approvals.github.source import API, GROUP_EVENT
from policy_gate.errors import UsageError
from policy_gate.forges.http import is_client_installed
from policy_gate.schema.patterns import lazy_pattern

_GITHUB = lazy_pattern(r"github:([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)")


def forge_job(wanted: str, environment: Mapping[str, str]) -> ForgeJob:
    """How the forge that `github:OWNER/NAME` says is asked; UsageError where it is none, or no token is there."""
    found = _GITHUB.fullmatch(wanted)
    if found is None:
        raise UsageError(f"--forge {wanted!r} names no forge that can be asked", hint="--forge github:OWNER/NAME")
    token = environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN")
    if not token:
        hint = "set GITHUB_TOKEN to a token that may read pull requests, or leave --forge out"
        raise UsageError("--forge needs a token", hint=hint)
    if not is_client_installed():
        raise UsageError("--forge needs requests", hint='pip install "ai-policy-gate[github]"')
    asked = {
        "GITHUB_EVENT_NAME": GROUP_EVENT,
        "GITHUB_REPOSITORY": found[1],
        "GITHUB_TOKEN": token,
        "GITHUB_API_URL": environment.get("GITHUB_API_URL") or API,
    }

    @contextmanager
    def job(base: str, head: str, branch: str) -> Iterator[Mapping[str, str]]:
        group = {"head_sha": head, "head_ref": "", "base_ref": f"refs/heads/{branch}", "base_sha": base}
        with tempfile.TemporaryDirectory(prefix="policy-gate-") as folder:
            event = Path(folder) / "event.json"
            event.write_text(json.dumps({"merge_group": group}), "utf-8")
            yield {**asked, "GITHUB_EVENT_PATH": str(event)}

    return job
