"""The check of a pull request after a review: a job that a review starts has a check of its own, and the one that
branch protection looks at stays as it was. So the pull request's own run is started again where it says otherwise.

Actions API, "Re-run a workflow": it wants `actions: write`, and runs with the event that it had.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github import GitHub
from policy_gate.forges.github_answers import WorkflowRun, WorkflowRuns

PERMISSION: Final = "actions: write"
_BY_HAND = "re-run the job of the pull request, whose check does not change by itself"


def rerun_after_review(environment: Mapping[str, str], number: int, head: str, passes: bool) -> str:
    """Start the newest run for this pull request and commit again, where its end does not agree with `passes`.

    A sentence for the log on what was done or why not. Nothing that GitHub does raises anything here.
    """
    run_id = environment.get("GITHUB_RUN_ID", "")
    try:
        if not (run_id.isascii() and run_id.isdigit()):
            raise ForgeError("GITHUB_RUN_ID does not tell which workflow this is")
        with GitHub.of_job(environment, PERMISSION) as github:
            return f"check of pull request {number}: {_rerun(github, run_id, number, head, passes)}"
    except ForgeError as error:
        return f"the check of pull request {number} was not renewed: {error.sentence}; {_BY_HAND}"


def _rerun(github: GitHub, run_id: str, number: int, head: str, passes: bool) -> str:
    workflow = github.one(WorkflowRun, f"{github.repository}/actions/runs/{run_id}", "this run").workflow_id
    if workflow is None:
        raise ForgeError("GitHub does not tell which workflow this is")
    asked = {"event": "pull_request", "head_sha": head, "per_page": 100}
    path = f"{github.repository}/actions/workflows/{workflow}/runs"
    runs = github.one(WorkflowRuns, path, "the runs of this workflow", asked).workflow_runs
    mine = [run for run in runs if run is not None and _is_about(run, number, head)]
    if not mine:
        return "there is no run for this commit to start again"
    newest = max(mine, key=lambda run: run.id)
    if newest.status != "completed":
        return "its run has not ended yet and sees the review by itself"
    if (newest.conclusion == "success") == passes:
        return "up to date"
    github.ask("POST", f"{github.repository}/actions/runs/{newest.id}/rerun", "starting it again")
    return "started again, so that it sees the review"


def _is_about(run: WorkflowRun, number: int, head: str) -> bool:
    """Is this a run of the pull request? One of a fork lists no pull request, so its commit has to do."""
    if run.head_sha != head or run.event != "pull_request":
        return False
    numbers = [pull.number for pull in run.pull_requests or () if pull is not None]
    return not numbers or number in numbers
