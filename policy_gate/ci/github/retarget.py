"""Whether a pull request still asks to be merged into the branch that its job was started for.

GitHub keeps a job's event: run again, it names the base of that day, though the pull request may have another by now.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy_gate.ci.github.forge import Forge, ForgeRefusedError


def retargeted(environment: Mapping[str, str], number: int, branch: str) -> str:
    """Why a verdict against this branch does not bind, in words; empty where it may, and where GitHub does not tell."""
    try:
        with Forge(environment, "pull-requests: read") as forge:
            pull = forge.ask("GET", f"{forge.repository}/pulls/{number}", "the pull request")
    except ForgeRefusedError:
        return ""
    base = pull.get("base") if isinstance(pull, dict) else None
    now = base.get("ref") if isinstance(base, dict) else None
    if not isinstance(now, str) or now == branch:
        return ""
    return f"this job is for {branch}, and pull request {number} now asks to be merged into {now}"
