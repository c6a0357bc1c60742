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
    try:
        with GitHub.of_job(environment, PERMISSION) as github:
            return f"check of pull request {number}: {_rerun(github, environment, number, head, passes)}"
    except ForgeError as error:
        return f"the check of pull request {number} was not renewed: {error.sentence}; {_BY_HAND}"


def _rerun(github: GitHub, environment: Mapping[str, str], number: int, head: str, passes: bool) -> str:
    workflow, _ = workflow_of(github, environment)
    newest = newest_run(github, workflow, number, head)
    if newest is None:
        return "there is no run for this commit to start again"
    if newest.status != "completed":
        return "its run has not ended yet and sees the review by itself"
    if (newest.conclusion == "success") == passes:
        return "up to date"
    start_again(github, newest)
    return "started again, so that it sees the review"


def workflow_of(github: GitHub, environment: Mapping[str, str]) -> tuple[int, int]:
    """The workflow that this job is of, and the number of its run; ForgeError where GitHub does not tell."""
    run_id = environment.get("GITHUB_RUN_ID", "")
    if not (run_id.isascii() and run_id.isdigit()):
        raise ForgeError("GITHUB_RUN_ID does not tell which workflow this is")
    workflow = github.one(WorkflowRun, f"{github.repository}/actions/runs/{run_id}", "this run").workflow_id
    if workflow is None:
        raise ForgeError("GitHub does not tell which workflow this is")
    return workflow, int(run_id)


def newest_run(github: GitHub, workflow: int, number: int, head: str) -> WorkflowRun | None:
    """The newest run of a workflow for a pull request at this commit."""
    asked = {"event": "pull_request", "head_sha": head, "per_page": 100}
    path = f"{github.repository}/actions/workflows/{workflow}/runs"
    runs = github.one(WorkflowRuns, path, "the runs of this workflow", asked).workflow_runs
    mine = [run for run in runs if run is not None and _is_about(run, number, head)]
    return max(mine, key=lambda run: run.id, default=None)


def start_again(github: GitHub, run: WorkflowRun) -> None:
    """Start a run that has ended again, with the event that it had."""
    github.ask("POST", f"{github.repository}/actions/runs/{run.id}/rerun", "starting it again")


def _is_about(run: WorkflowRun, number: int, head: str) -> bool:
    """Is this a run of the pull request? One of a fork lists no pull request, so its commit has to do."""
    if run.head_sha != head or run.event != "pull_request":
        return False
    numbers = [pull.number for pull in run.pull_requests or () if pull is not None]
    return not numbers or number in numbers
