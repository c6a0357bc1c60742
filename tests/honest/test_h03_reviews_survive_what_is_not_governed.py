"""H03, for forge reviews: a rebase, "update branch", an unrelated commit and new formatting void no review (D12).

Git and the command are real; GitHub is a fake on loopback.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fakes.github import GitHub
from fakes.github_job import Hub, login_of
from scratch import Scratch
from world import high_system

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

APPROVERS = ("Ada Example", "Lin Park", "Pat Moss")
GITHUB = ("-c", "user.name=GitHub", "-c", "user.email=noreply@github.com")


@pytest.fixture
def hub(scratch: Scratch) -> Iterator[Hub]:
    """A promotion that its three approvers have reviewed, and a main that has moved on since."""
    with GitHub() as github:
        hub = Hub(scratch, github)
        hub.adopt(high_system("development"))
        scratch.branch("work")
        scratch.declare(high_system("pre_deployment"))
        scratch.commit("Promote")
        number = hub.open("work")
        hub.approve(number, *APPROVERS)
        scratch.checkout("main")
        scratch.commit("Elsewhere", by="Sam Lee", files={"docs/elsewhere.md": "Work of others.\n"})
        scratch.checkout("work")
        yield hub


def _pushed(hub: Hub, by: str) -> dict[str, Any]:
    """The event of a push of what `work` is now; GitHub knows the commits that main lacks."""
    before = hub.github.pulls[1].head
    hub.github.pulls[1].commits[:] = hub.made("main..work")
    more = {"before": before, "after": hub.github.pulls[1].head}
    return hub.github.event(1, "synchronize", login_of(by), **more)


def test_h03_a_rebase_voids_no_review(hub: Hub) -> None:
    hub.scratch.git("rebase", "-q", "main")
    done = hub.check(_pushed(hub, "Bo Author"))
    assert (done.code, done.verdict) == (0, "pass"), done


def test_h03_an_approver_who_updates_the_branch_in_the_browser_approves_still(hub: Hub) -> None:
    author = "Ada Example <1+ada-x@users.noreply.github.com>"
    hub.scratch.git(*GITHUB, "merge", "-q", "--no-commit", "--no-ff", "main")
    hub.scratch.git(*GITHUB, "commit", "-q", "-m", "Merge branch main into work", "--author", author)
    done = hub.check(_pushed(hub, "Ada Example"))
    assert (done.code, done.verdict) == (0, "pass"), done


def test_h03_unrelated_work_and_new_formatting_void_no_review_and_one_word_does(hub: Hub) -> None:
    text = hub.scratch.read("governance.yaml").replace("name: Hiring Resume Screener", 'name: "Hiring Resume Screener"')
    hub.scratch.commit("Quotes", files={"governance.yaml": text, "docs/notes.md": "Notes.\n"})
    done = hub.check(_pushed(hub, "Bo Author"))
    assert (done.code, done.verdict) == (0, "pass"), done
    hub.scratch.edit(owner_team="People")
    hub.scratch.commit("One word")
    done = hub.check(_pushed(hub, "Bo Author"))
    assert done.code == 1, done
    assert "the entry in governance.yaml changed since" in str(done.finding("ciso")["claims"])


def test_h03_a_review_whose_commit_is_gone_says_how_to_fetch_it(hub: Hub) -> None:
    reviewed = hub.github.pulls[1].head
    hub.scratch.git("rebase", "-q", "main")
    hub.scratch.git("reflog", "expire", "--expire=now", "--all")
    hub.scratch.git("gc", "-q", "--prune=now")
    done = hub.check(_pushed(hub, "Bo Author"))
    assert done.code == 1, done
    assert f"git fetch origin {reviewed}" in str(done.finding("ciso")["claims"])
