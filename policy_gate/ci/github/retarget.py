"""Whether a pull request still asks to be merged into the branch that its job was started for.

GitHub keeps a job's event: run again, it names the base of that day, though the pull request may have another by now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from policy_gate.forges.errors import ForgeError, NotTold
from policy_gate.forges.github import GitHub
from policy_gate.forges.github_answers import Target

PERMISSION: Final = "pull-requests: read"


class Same(Struct, frozen=True):
    """The pull request asks for the branch that the job is for."""


class Retargeted(Struct, frozen=True):
    """It asks to be merged into another branch by now."""

    to: str


def target_now(environment: Mapping[str, str], number: int, branch: str) -> Same | Retargeted | NotTold:
    """What a pull request asks for now, against the branch of the job; NotTold where GitHub does not say."""
    try:
        with GitHub.of_job(environment, PERMISSION) as github:
            what = f"the branch that pull request {number} is for by now"
            pull = github.one(Target, f"{github.repository}/pulls/{number}", what)
    except ForgeError as error:
        return NotTold(error.sentence)
    return Same() if pull.base.ref == branch else Retargeted(pull.base.ref)
