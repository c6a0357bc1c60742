"""T29: a verdict is for the base and the commit that will be merged, whenever its job is run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.forge_server import Answer, closed_port
from fakes.github import GitHub
from workplace import JobResult, Workplace

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]


@pytest.fixture
def place(tmp_path: Path, github: GitHub) -> Iterator[Workplace]:
    """A promotion without approvals; `weak` is a branch that holds it already."""
    with Workplace(tmp_path, github) as made:
        made.promotion()
        made.scratch.git("branch", "weak", "work")
        made.publish("weak:refs/heads/weak", "work:refs/heads/work")
        yield made


def job(place: Workplace, event: dict[str, Any], base: str, name: str = "pull_request", **more: str) -> JobResult:
    head = place.scratch.git("rev-parse", "work")
    return place.job(name, event, place.checkout(head), GITHUB_BASE_REF=base, **more)


def test_t29_a_job_run_again_after_a_retarget_does_not_speak_for_the_new_base(place: Workplace) -> None:
    number = place.propose()
    place.github.pulls[number].base = "weak"
    earlier = place.github.event(number)
    assert job(place, earlier, "weak").code == 0
    place.github.pulls[number].base = "main"
    control = job(place, place.github.event(number, "edited"), "main")
    assert control.code == 1, control
    again = job(place, earlier, "weak")
    assert again.code == 3, again
    assert again.report["trust"]["enforcing"] is False


REFUSALS = {
    "403": (Answer(403, {"message": "Resource not accessible by integration"}), "pull-requests: read"),
    "404": (Answer(404, {"message": "Not Found"}), "pull-requests: read"),
    "500": (Answer(500, None, {"Retry-After": "0"}), "GitHub answered 500"),
    "half": (Answer(200, b'{"base": {"ref": "we'), "not what GitHub documents"),
    "cut": (Answer(200, {"base": {"ref": "weak"}}, cut=2), "broke off"),
}


@pytest.fixture
def earlier(place: Workplace) -> dict[str, Any]:
    """The event of a job that passed against `weak`, before the pull request was for `main` again."""
    number = place.propose()
    place.github.pulls[number].base = "weak"
    event = place.github.event(number)
    control = job(place, event, "weak", GITHUB_RUN_ATTEMPT="2")
    assert (control.code, control.report["trust"]["enforcing"]) == (0, True), control
    place.github.pulls[number].base = "main"
    return event


def not_binding(again: JobResult) -> str:
    """The notes of a job whose answer is undecided, as it does not enforce."""
    assert again.code == 3, again
    assert again.report["trust"]["enforcing"] is False
    assert "this answer does not bind, so the job fails: this job is for weak" in again.err
    return " ".join(again.report["trust"]["notes"])


@pytest.mark.parametrize("kind", REFUSALS)
def test_t29_where_github_does_not_tell_the_base_the_job_does_not_bind(
    place: Workplace, earlier: dict[str, Any], kind: str
) -> None:
    answer, why = REFUSALS[kind]
    place.github.fail(f"/pulls/{earlier['number']}", answer)
    assert why in not_binding(job(place, earlier, "weak", GITHUB_RUN_ATTEMPT="2"))
    assert job(place, earlier, "weak", GITHUB_RUN_ATTEMPT="2", advisory="true").code == 0


def test_t29_a_token_without_the_permission_or_no_answer_does_not_bind(
    place: Workplace, earlier: dict[str, Any]
) -> None:
    nowhere = f"http://127.0.0.1:{closed_port()}"
    assert "could not be reached" in not_binding(job(place, earlier, "weak", GITHUB_API_URL=nowhere))


def test_t29_a_first_push_of_the_default_branch_is_judged_whole_and_not_against_itself(place: Workplace) -> None:
    place.scratch.merge("work")
    after, before = place.scratch.git("rev-parse", "main"), place.scratch.git("rev-parse", "main^")
    place.publish()
    there = {"GITHUB_SHA": after, "GITHUB_REF": "refs/heads/main"}
    told = {"ref": "refs/heads/main", "after": after, "repository": {"default_branch": "main"}}
    for more in ({"before": "0" * 40}, {}, {"before": "0" * 40, "repository": {}}):
        done = place.job("push", told | more, place.checkout(after), **there)
        assert done.report["trust"]["mode"] == "all", done
        assert done.report["headline"] != "nothing governed changed"
    control = place.job("push", told | {"before": before}, place.checkout(after), **there)
    assert control.report["trust"]["mode"] == "change"
    assert control.report["trust"]["base"]["commit"] == before


def test_t42_a_merge_that_somebody_wrote_is_not_what_was_proposed(place: Workplace) -> None:
    """It has the proposed commit as a parent, and base's files."""
    number = place.propose()
    place.scratch.checkout("main")
    config = f"{place.scratch.read('policy-gate.yaml')}merge_methods: [merge]\n"
    place.scratch.commit("Meanwhile", files={"policy-gate.yaml": config})
    place.publish()
    codes = []
    for name, tree in (
        ("evil", "main^{tree}"),
        ("plain", place.scratch.git("merge-tree", "--write-tree", "main", "work")),
    ):
        made = place.scratch.git("commit-tree", "-p", "main", "-p", "work", "-m", name, tree)
        place.publish(f"{made}:refs/heads/{name}")
        done = place.pull_job(number, checkout=place.checkout(made, "--depth=50"), head="HEAD")
        codes.append((done.code, done.report["trust"]["enforcing"]))
    assert codes == [(3, False), (1, True)]


def test_t42_a_push_is_judged_by_what_was_pushed(place: Workplace) -> None:
    head, main = place.scratch.git("rev-parse", "work"), place.scratch.git("rev-parse", "main")
    event = {"ref": "refs/heads/work", "before": "0" * 40, "after": head, "repository": {"default_branch": "main"}}
    there = {"GITHUB_SHA": head, "GITHUB_REF": "refs/heads/work"}
    control = place.job("push", event, place.checkout(head), **there)
    assert control.code == 1, control
    assert control.report["trust"]["enforcing"] is True
    other = place.job("push", event, place.checkout(main), head="HEAD", **there)
    assert other.code == 3, other
    assert other.report["trust"]["enforcing"] is False


def test_t29_every_event_of_a_pull_request_is_judged_against_its_own_base(place: Workplace) -> None:
    place.scratch.branch("release", "main")
    place.scratch.commit("A release", files={"CHANGES.md": "1\n"})
    number = place.propose()
    place.publish("release:refs/heads/release")
    place.github.pulls[number].base = "release"
    checkout = place.checkout(place.scratch.git("rev-parse", "work"))
    for name in ("pull_request_review", "pull_request_review_comment"):
        done = place.job(name, place.github.event(number), checkout)
        assert done.code == 1, done
        assert done.report["trust"]["base"]["ref"] == "refs/remotes/origin/release"


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target", "merge_group"])
def test_t20_an_event_without_a_commit_to_judge_is_undecided(place: Workplace, name: str) -> None:
    """GITHUB_SHA, which may be base itself, does not stand in for it."""
    number, main = place.propose(), place.scratch.git("rev-parse", "main")
    head = place.scratch.git("rev-parse", "work")
    event = place.github.event(number) | place.github.group_event(head, main, number)
    control = place.job(name, event, place.checkout(head), GITHUB_BASE_REF="main", GITHUB_SHA=main)
    assert control.code == 1, control
    del event["pull_request"]["head"]["sha"], event["merge_group"]["head_sha"]
    done = place.job(name, event, place.checkout(head), GITHUB_BASE_REF="main", GITHUB_SHA=main)
    assert done.code == 3, done
    assert done.outputs == {"exit-code": "3"}


def test_d30_base_may_be_given_by_the_full_name_of_its_branch(place: Workplace) -> None:
    done = place.pull_job(place.propose(), base="refs/heads/main")
    assert done.code == 1, done
    assert done.report["trust"]["enforcing"] is True
    assert place.pull_job(place.propose(), base="refs/heads/weak").code == 3


def test_t40_variables_of_another_forge_choose_no_base(place: Workplace) -> None:
    left = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "weak", "CI_DEFAULT_BRANCH": "weak", "CI_PIPELINE_SOURCE": "push"}
    head = place.scratch.git("rev-parse", "work")
    there = {"GITHUB_SHA": head, "GITHUB_REF": "refs/heads/work"}
    done = place.job("workflow_dispatch", {}, place.checkout(head), **there, **left)
    assert done.code == 1, done
    assert done.report["trust"]["base"]["ref"] == "refs/remotes/origin/main"
