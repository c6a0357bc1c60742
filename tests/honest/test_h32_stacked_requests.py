"""H32: a request on top of another one, which was merged into main first, so that it is for main by now.

Its reviews were for what it brings to the other branch: whoever gave one before is told to give it again, in one line,
and whoever gives it after is asked nothing more. Git and the command are real; GitHub is a fake on loopback.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes.github import GitHub
from fakes.github_job import Hub
from scratch import Scratch
from world import high_system, low_system

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

APPROVERS = ("Ada Example", "Lin Park", "Pat Moss")


@pytest.fixture
def hub(scratch: Scratch) -> Iterator[Hub]:
    """`work`, the promotion, on top of `below`, which brings a page of documentation."""
    with GitHub() as github:
        hub = Hub(scratch, github)
        hub.adopt(high_system("development"))
        scratch.branch("below")
        scratch.commit("A page", files={"docs/page.md": "How it works.\n"})
        scratch.branch("work", "below")
        scratch.declare(high_system("pre_deployment"))
        scratch.commit("Promote")
        hub.github.aim(hub.open("work"), "below")
        yield hub


def lands(hub: Hub, how: str) -> None:
    """`below` is merged into main and deleted; the request on top of it is for main, and has main in it."""
    hub.scratch.checkout("main")
    hub.scratch.git("merge", "-q", "--squash" if how == "squash" else "--no-ff", "below")
    if how == "squash":
        hub.scratch.git("commit", "-q", "-m", "A page (#1)")
    hub.scratch.checkout("work")
    hub.github.retarget(1, "main", was_deleted=True)


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_h32_reviewed_after_the_one_below_was_merged_it_passes(hub: Hub, how: str) -> None:
    lands(hub, how)
    hub.approve(1, *APPROVERS)
    done = hub.check(hub.github.event(1))
    assert (done.code, done.verdict) == (0, "pass"), done


def test_h32_reviewed_before_it_is_told_once_and_plainly_and_only_those_are_asked_again(hub: Hub) -> None:
    hub.approve(1, *APPROVERS[:2])
    lands(hub, "squash")
    hub.approve(1, APPROVERS[2])
    done = hub.check(hub.github.event(1))
    assert done.code == 1, done
    assert done.blocking() == ["approval:ciso", "approval:legal"]
    for role, who in (("ciso", "ada-x"), ("legal", "lin-x")):
        (why,) = (claim["why"] for claim in done.finding(role)["claims"] if claim["who"] == who)
        assert "was for another branch" in why
        assert why.endswith(": ask again")
    hub.approve(1, *APPROVERS[:2])
    again = hub.check(hub.github.event(1))
    assert (again.code, again.verdict) == (0, "pass"), again


def test_h32_one_that_was_for_the_wrong_branch_at_first_is_asked_nothing_more(hub: Hub) -> None:
    hub.github.retarget(1, "main")
    hub.approve(1, *APPROVERS)
    hub.github.happens(1, "labeled")
    done = hub.check(hub.github.event(1))
    assert (done.code, done.verdict) == (0, "pass"), done


def test_h32_on_top_of_one_that_was_squashed_from_several_edits_of_a_file(scratch: Scratch) -> None:
    """A rebase would stop at the first of those edits; what the upper request brings is in other files."""
    scratch.adopt(high_system("development"), low_system("development"))
    scratch.branch("below")
    for team in ("Search", "Search and find"):
        scratch.edit("SYS-003", owner_team=team)
        scratch.commit(team)
    scratch.branch("work", "below")
    scratch.commit("A page", files={"docs/page.md": "How it works.\n"})
    scratch.checkout("main")
    scratch.git("merge", "-q", "--squash", "below")
    scratch.commit("Search and find (#1)")
    scratch.checkout("work")
    for _ in ("as it is", "up to date"):
        done = scratch.check()
        assert (done.code, done.verdict) == (0, "pass"), done
        assert "a rebase stops at governance.yaml" in str(done.report["trust"]["notes"])
        scratch.git("merge", "-q", "--no-edit", "main")
    scratch.edit("SYS-003", risk_profile={"human_oversight": "none"})
    scratch.commit("One more")
    assert scratch.check().code == 3, "what it brings to that very file waits for a rebase"
