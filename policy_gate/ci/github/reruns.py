"""The check of a pull request after a review: a job that a review starts has a check of its own, and the one that
branch protection looks at stays as it was. So the pull request's own run is started again where it says otherwise.

Actions API, "Re-run a workflow": it wants `actions: write`, and runs with the event that it had.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from policy_gate.ci.github.forge import Forge, ForgeRefusedError

PERMISSION: Final = "actions: write"
_BY_HAND = "re-run the job of the pull request, whose check does not change by itself"


def rerun_after_review(environment: Mapping[str, str], number: int, head: str, passes: bool) -> str:
    """Start the newest run for this pull request and commit again, where its end does not agree with `passes`.

    A sentence for the log on what was done or why not. Nothing that GitHub does raises anything here.
    """
    run_id = environment.get("GITHUB_RUN_ID", "")
    try:
        if not (run_id.isascii() and run_id.isdigit()):
            raise ForgeRefusedError("GITHUB_RUN_ID does not tell which workflow this is")
        with Forge(environment, PERMISSION) as forge:
            return f"check of pull request {number}: {_rerun(forge, run_id, number, head, passes)}"
    except ForgeRefusedError as refused:
        return f"the check of pull request {number} was not renewed: {refused.sentence}; {_BY_HAND}"


def _rerun(forge: Forge, run_id: str, number: int, head: str, passes: bool) -> str:
    own = forge.ask("GET", f"{forge.repository}/actions/runs/{run_id}", "this run")
    workflow = own.get("workflow_id") if isinstance(own, dict) else None
    if not isinstance(workflow, int):
        raise ForgeRefusedError("GitHub does not tell which workflow this is")
    asked = {"event": "pull_request", "head_sha": head, "per_page": 100}
    path = f"{forge.repository}/actions/workflows/{workflow}/runs"
    listed = forge.ask("GET", path, "the runs of this workflow", query=asked)
    runs = listed.get("workflow_runs") if isinstance(listed, dict) else None
    if not isinstance(runs, list):
        raise ForgeRefusedError("the runs of this workflow could not be read")
    mine = [run for run in runs if _is_about(run, number, head)]
    if not mine:
        return "there is no run for this commit to start again"
    newest = max(mine, key=lambda run: run["id"])
    if newest.get("status") != "completed":
        return "its run has not ended yet and sees the review by itself"
    if (newest.get("conclusion") == "success") == passes:
        return "up to date"
    forge.ask("POST", f"{forge.repository}/actions/runs/{newest['id']}/rerun", "starting it again")
    return "started again, so that it sees the review"


def _is_about(run: Any, number: int, head: str) -> bool:
    """Is this a run of the pull request? One of a fork lists no pull request, so its commit has to do."""
    if not isinstance(run, dict) or not isinstance(run.get("id"), int):
        return False
    if run.get("head_sha") != head or run.get("event") != "pull_request":
        return False
    told = run.get("pull_requests")
    numbers = [pull.get("number") for pull in told if isinstance(pull, dict)] if isinstance(told, list) else []
    return not numbers or number in numbers
