"""When the rules changed, the checks of open pull requests are started again. The Actions API is a fake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fakes.forge_server import Answer, Asked
from test_reruns import HEAD, OTHER, REPOSITORY, Actions
from workplace import JobResult, Workplace

from policy_gate.ci.github.open_requests import MOST, rejudge_open

pytestmark = pytest.mark.contract_fake


class OpenPulls(Actions):
    """The fake with open pull requests, those that changed last first; their runs are older than this job's, 99."""

    def __init__(self) -> None:
        self.pulls: list[dict[str, Any]] = []
        self.may_read = True
        super().__init__()

    def open(self, number: int, head: str = HEAD, base: str = "main", **run: Any) -> int:
        """Open a pull request with one run; the number of that run."""
        self.pulls.insert(0, {"number": number, "head": {"sha": head}, "base": {"ref": base}})
        return self.run(run.pop("conclusion", "success"), head=head, number=number, **({"id": number} | run))

    def respond(self, request: Asked) -> Answer:
        if request.method == "GET" and request.path == f"/repos/{REPOSITORY}/pulls":
            if not self.may_read:
                return Answer(403, {"message": "Resource not accessible by integration"})
            assert request.query["state"] == "open"
            found = [pull for pull in self.pulls if pull["base"]["ref"] == request.query["base"]]
            return Answer(200, found[: int(request.query["per_page"])])
        return super().respond(request)


@pytest.fixture
def forge() -> Iterator[OpenPulls]:
    with OpenPulls() as fake:
        yield fake


def rejudged(forge: OpenPulls, **more: str) -> str:
    told = {"GITHUB_API_URL": forge.url, "GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_RUN_ID": "99"}
    return rejudge_open(told | more, "main")


def test_each_open_pull_request_is_started_again_whatever_it_said(forge: OpenPulls) -> None:
    forge.open(7)
    forge.open(8, OTHER, conclusion="failure")
    assert rejudged(forge) == "open pull requests into main: 2 started again"
    assert sorted(forge.started) == [7, 8]


def test_others_are_left_alone_and_counted(forge: OpenPulls) -> None:
    forge.open(1, "1" * 40, status="in_progress", conclusion=None)
    forge.open(2, "2" * 40, id=150)
    forge.open(3, "3" * 40, event="push")
    forge.open(4, "4" * 40, base="release")
    assert rejudged(forge) == (
        "open pull requests into main: 1 without a run of this workflow, 1 judged since, 1 still running"
    )
    assert forge.started == []


def test_no_more_than_a_bounded_number_is_started(forge: OpenPulls) -> None:
    for number in range(1, MOST + 10):
        forge.open(number, f"{number:040x}")
    said = rejudged(forge)
    assert said.endswith(f"{MOST} started again, more than {MOST}, the others were left")
    assert sorted(forge.started) == list(range(10, MOST + 10))


def test_where_there_is_none_it_says_so(forge: OpenPulls) -> None:
    assert rejudged(forge) == "open pull requests into main: none"


@pytest.mark.parametrize("right", ["may_read", "may_write"])
def test_without_the_right_it_is_one_line_with_the_permission(forge: OpenPulls, right: str) -> None:
    forge.open(7)
    forge.open(8, OTHER)
    setattr(forge, right, False)
    said = rejudged(forge)
    assert "were not judged again" in said
    assert "permissions: {actions: write, pull-requests: read}" in said
    assert "\n" not in said
    assert forge.started == []


def test_one_that_is_too_old_to_start_does_not_keep_the_others(forge: OpenPulls) -> None:
    forge.open(7)
    forge.open(8, OTHER)
    forge.fail("/actions/runs/8/rerun", Answer(403, {"message": "Unable to retry this workflow run"}))
    said = rejudged(forge)
    assert "1 started again, 1 not started again (" in said
    assert forge.started == [7]


@pytest.mark.parametrize("odd", [{"GITHUB_RUN_ID": ""}, {"GITHUB_TOKEN": ""}, {"GITHUB_REPOSITORY": "../x"}])
def test_t24_what_cannot_be_told_is_a_sentence(forge: OpenPulls, odd: dict[str, str]) -> None:
    forge.open(7)
    assert "were not judged again" in rejudged(forge, **odd)
    assert forge.started == []


@pytest.mark.parametrize("body", [{}, [{"number": "x"}], "text"])
def test_t24_a_listing_in_another_shape_starts_nothing(forge: OpenPulls, body: Any) -> None:
    forge.open(7)
    forge.fail(f"/repos/{REPOSITORY}/pulls", Answer(200, body))
    assert "were not judged again" in rejudged(forge)
    assert forge.started == []


def pushed(place: Workplace, files: dict[str, str], **more: str) -> JobResult:
    """The job of a push to main that writes these files."""
    scratch = place.scratch
    scratch.checkout("main")
    before = scratch.git("rev-parse", "main")
    after = scratch.commit("Pushed", by="Rae Kim", files=files)
    place.publish()
    repository = {"default_branch": "main", "full_name": place.github.repository}
    event = {"ref": "refs/heads/main", "before": before, "after": after, "repository": repository}
    return place.job(
        "push", event, place.checkout(after), GITHUB_SHA=after, GITHUB_REF="refs/heads/main",
        GITHUB_RUN_ID="99", **more,
    )  # fmt: skip


RULE = {"policies/own.yaml": "schema: policy-gate/policy/v1\nabout: Ours.\ncalendar: {window: P60D}\n"}


@pytest.mark.real_git
def test_a_push_that_changes_rules_asks_and_its_verdict_stands_where_it_may_not(place: Workplace) -> None:
    done = pushed(place, RULE, rejudge="true")
    assert "open pull requests into main were not judged again" in done.err, done
    assert done.code != 4
    assert done.outputs["verdict"]


@pytest.mark.real_git
@pytest.mark.parametrize(("files", "rejudge"), [({"README.md": "Other\n"}, "true"), (RULE, "false")])
def test_another_push_or_no_such_input_asks_nobody(place: Workplace, files: dict[str, str], rejudge: str) -> None:
    assert "open pull requests" not in pushed(place, files, rejudge=rejudge).err


@pytest.mark.real_git
def test_a_pull_request_that_changes_rules_starts_nothing(place: Workplace) -> None:
    place.scratch.branch("rules")
    place.scratch.commit("Rules", files=RULE)
    done = place.pull_job(place.propose("rules"), rejudge="true", GITHUB_RUN_ID="99")
    assert "open pull requests" not in done.err
