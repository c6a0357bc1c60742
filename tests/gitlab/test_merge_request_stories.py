"""A merge request on GitLab from its first pipeline to the branch that it was merged into: retargeted while it is a
draft, from a fork, owned by code owners, rebased by GitLab, squashed, and judged again each night.

Approvals, pushes and notes are those of the fake; fetches are real git over HTTP; the job is the real command.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.gitlab import FORK
from project import APPROVERS, PATH, JobResult, Project, adopt_with_reviews
from world import high_system

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """SYS-001 in development on main, and on `work` its promotion with all papers."""
    with Project(tmp_path) as made:
        repo = made.scratch
        adopt_with_reviews(repo)
        repo.branch("work")
        repo.declare(high_system("pre_deployment"))
        repo.commit("Promote the screener")
        yield made


def test_t29_an_approval_given_while_it_was_for_another_branch_does_not_count(project: Project) -> None:
    """Bo's branch `side` holds the promotion already, so that the draft shows its approvers a typo and nothing else."""
    repo = project.scratch
    repo.git("branch", "side", "work")
    repo.commit("A typo", files={"README.md": "# Screener\n"})
    project.publish("side:refs/heads/side")
    project.propose()
    bo = project.person("Bo Author")
    project.gitlab.merge_requests[7].target = "side"
    project.approve(*APPROVERS)
    side = project.merge_request_job(CI_MERGE_REQUEST_TARGET_BRANCH_NAME="side")
    assert (side.code, side.verdict) == (0, "pass"), side
    project.gitlab.retarget(7, bo, "main")
    main = project.merge_request_job()
    assert (main.code, main.verdict) == (1, "block"), main
    assert "was for another branch" in main.out, main
    for name in APPROVERS:
        project.gitlab.unapprove(7, project.person(name))
    project.approve(*APPROVERS)
    again = project.merge_request_job()
    assert (again.code, again.verdict) == (0, "pass"), again


def fork_job(project: Project, **more: str) -> JobResult:
    """The pipeline of a fork's merge request, which runs in the fork and fetches what it is for from here."""
    head = project.tip("work")
    told = project.variables(7, head, token=False) | {
        "CI_MERGE_REQUEST_PROJECT_ID": project.variables()["CI_PROJECT_ID"],
        "CI_MERGE_REQUEST_PROJECT_PATH": PATH,
        "CI_PROJECT_ID": str(FORK),
        "CI_PROJECT_PATH": "bo/screener",
    }
    return project.job(project.checkout(head), told, **more)


def test_from_a_fork_a_typo_passes_and_an_approval_is_read_where_a_member_starts_the_pipeline_here(
    project: Project,
) -> None:
    repo = project.scratch
    bo = project.person("Bo Author")
    project.gitlab.open(7, bo, project.tip("work"), source=FORK)
    project.publish("work:refs/merge-requests/7/head")
    project.approve(*APPROVERS)
    there = fork_job(project)
    assert (there.code, there.verdict) == (3, "undecided"), there
    assert "there is no token" in there.out
    here = project.merge_request_job()
    assert (here.code, here.verdict) == (0, "pass"), here
    repo.branch("typo", "main")
    repo.commit("A typo", files={"README.md": "# Screener\n"})
    repo.git("branch", "-f", "work", "typo")
    project.publish("work:refs/merge-requests/7/head")
    typo = fork_job(project)
    assert (typo.code, typo.verdict) == (0, "pass"), typo


def test_what_gitlab_rebases_stays_approved_and_what_it_squashes_passes_each_night(project: Project) -> None:
    repo = project.scratch
    project.propose()
    project.approve(*APPROVERS)
    assert project.merge_request_job().code == 0
    repo.checkout("main")
    repo.commit("Meanwhile", files={"README.md": "# Moved on\n"})
    repo.checkout("work")
    repo.git("rebase", "-q", "main")
    project.push(by="Bo Author")
    rebased = project.merge_request_job()
    assert (rebased.code, rebased.verdict) == (0, "pass"), rebased
    repo.checkout("main")
    repo.git("merge", "-q", "--squash", "work")
    before = project.tip("main")
    repo.commit("Promote the screener (!7)")
    project.publish()
    nightly = project.branch_job("schedule")
    assert nightly.code == 0, nightly
    pushed = project.branch_job("push", CI_COMMIT_BEFORE_SHA=before)
    assert pushed.verdict == "block", "reviews cannot be read for a push, as docs/gitlab.md says of `on-push`"


def test_in_a_branchs_pipeline_it_is_said_that_approvals_are_read_elsewhere(project: Project) -> None:
    project.propose()
    project.approve(*APPROVERS)
    done = project.branch_job("push", "work", CI_OPEN_MERGE_REQUESTS=f"{PATH}!7")
    assert (done.code, done.verdict) == (1, "block"), done
    assert "approvals of !7 are read in a pipeline of the merge request alone" in " ".join(done.out.split()), done
    assert project.merge_request_job().code == 0


def test_t07_who_approves_and_presses_rebase_commits_all_until_the_author_rebases_again(project: Project) -> None:
    repo = project.scratch
    project.propose()
    project.approve(*APPROVERS)
    old = project.tip("work")
    repo.checkout("main")
    repo.commit("Meanwhile", files={"README.md": "# Moved on\n"})
    repo.checkout("work")
    as_ada = {"GIT_COMMITTER_NAME": "Ada Example", "GIT_COMMITTER_EMAIL": "ada@example.com"}
    repo.git("rebase", "-q", "main", **as_ada)
    project.push(by="Ada Example")
    project.publish(f"{old}:refs/keep-around/{old}")
    pressed = project.merge_request_job()
    assert (pressed.code, pressed.verdict) == (1, "block"), pressed
    assert "is the committer" in pressed.out
    repo.git("rebase", "-q", "--force-rebase", "main")
    project.push(by="Bo Author")
    again = project.merge_request_job()
    assert (again.code, again.verdict) == (0, "pass"), again


def test_a_code_owner_who_is_counted_by_a_rule_counts_like_anybody(project: Project) -> None:
    project.propose()
    project.approve(*APPROVERS[1:])
    without = project.merge_request_job()
    assert without.code == 1, without
    owner: Any = project.person("Ada Example")
    project.gitlab.approve(7, owner)
    project.gitlab.rules[7] = [owner]
    assert project.merge_request_job().code == 0
