"""After a review, the pull request's own check is renewed. The Actions API is a fake, written from GitHub's docs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fakes.forge_server import Answer, Asked, ForgeServer

from policy_gate.ci.github.reruns import rerun_after_review

pytestmark = pytest.mark.contract_fake

HEAD, OTHER = "a" * 40, "b" * 40
REPOSITORY = "example-org/screener"


class Actions(ForgeServer):
    """A fake of workflow runs: it keeps them, and what was started again. `may_write` is `actions: write`."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []
        self.started: list[int] = []
        self.may_write = True
        super().__init__()

    def run(self, conclusion: str | None, head: str = HEAD, number: int = 7, **fields: Any) -> int:
        made = {
            "id": 100 + len(self.runs),
            "workflow_id": 5,
            "event": "pull_request",
            "head_sha": head,
            "status": "completed" if conclusion else "in_progress",
            "conclusion": conclusion,
            "pull_requests": [{"number": number}] if number else [],
        }
        self.runs.append(made | fields)
        return int(made["id"])

    def respond(self, request: Asked) -> Answer:
        path = request.path.removeprefix(f"/repos/{REPOSITORY}/actions/")
        if request.method == "POST" and path.startswith("runs/") and path.endswith("/rerun"):
            if not self.may_write:
                return Answer(403, {"message": "Resource not accessible by integration"})
            self.started.append(int(path.split("/")[1]))
            return Answer(201, {})
        if path == "runs/99":
            return Answer(200, {"id": 99, "workflow_id": 5})
        if path == "workflows/5/runs":
            found = [run for run in self.runs if run["head_sha"] == request.query["head_sha"]]
            found = [run for run in found if run["event"] == request.query["event"]]
            return Answer(200, {"total_count": len(found), "workflow_runs": found[::-1]})
        return Answer(404, {"message": "Not Found"})


@pytest.fixture
def actions() -> Iterator[Actions]:
    with Actions() as fake:
        yield fake


def renewed(actions: Actions, passes: bool = True, **more: str) -> str:
    told = {"GITHUB_API_URL": actions.url, "GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_RUN_ID": "99"}
    return rerun_after_review(told | more, 7, HEAD, passes)


def test_an_approval_turns_the_red_check_green(actions: Actions) -> None:
    actions.run("failure")
    newest = actions.run("failure")
    assert "started again" in renewed(actions)
    assert actions.started == [newest]


def test_t29_a_dismissed_approval_turns_the_green_check_red(actions: Actions) -> None:
    newest = actions.run("success")
    assert "started again" in renewed(actions, passes=False)
    assert actions.started == [newest]


@pytest.mark.parametrize(("conclusion", "passes"), [("success", True), ("failure", False), (None, True), (None, False)])
def test_a_check_that_agrees_or_still_runs_is_left_alone(
    actions: Actions, conclusion: str | None, passes: bool
) -> None:
    actions.run("failure" if passes else "success")
    actions.run(conclusion)
    renewed(actions, passes)
    assert actions.started == []


def test_runs_of_other_commits_events_and_pull_requests_are_left_alone(actions: Actions) -> None:
    actions.run("failure", head=OTHER)
    actions.run("failure", number=8)
    actions.run("failure", event="push")
    assert "no run for this commit" in renewed(actions)
    assert actions.started == []


def test_a_fork_lists_no_pull_request_and_is_known_by_its_commit(actions: Actions) -> None:
    newest = actions.run("failure", number=0)
    renewed(actions)
    assert actions.started == [newest]


def test_without_the_permission_the_log_says_what_to_do(actions: Actions) -> None:
    actions.run("failure")
    actions.may_write = False
    said = renewed(actions)
    assert "permissions: actions: write" in said
    assert "re-run the job of the pull request" in said


@pytest.mark.parametrize("odd", [{"GITHUB_RUN_ID": ""}, {"GITHUB_RUN_ID": "../1"}, {"GITHUB_RUN_ID": "98"}])
def test_t24_what_cannot_be_told_is_a_sentence(actions: Actions, odd: dict[str, str]) -> None:
    actions.run("failure")
    assert "was not renewed" in renewed(actions, **odd)
    assert actions.started == []


def test_t24_answers_that_make_no_sense_start_nothing(actions: Actions) -> None:
    actions.fail("/workflows/5/runs", Answer(200, {"workflow_runs": [{"id": "x"}, None, 5]}), times=1)
    assert "no run for this commit" in renewed(actions)
    actions.fail("/workflows/5/runs", Answer(200, ["x"]), times=1)
    assert "could not be read" in renewed(actions)
    assert actions.started == []
