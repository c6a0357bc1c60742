"""T08, T44: base takes in another program after the reviews; what reviewers saw is not what would be merged.

Git and the command are real; GitHub is a fake on loopback.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes.github import GitHub
from fakes.github_job import Hub
from scratch import Scratch
from world import high_system

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

APPROVERS = ("Ada Example", "Lin Park", "Pat Moss")


@pytest.fixture
def hub(scratch: Scratch) -> Iterator[Hub]:
    """A promotion that its three approvers have reviewed."""
    with GitHub() as github:
        hub = Hub(scratch, github)
        scratch.write({"screener/rank.py": "RANK = 1\n"})
        hub.adopt(high_system("development"))
        scratch.branch("work")
        scratch.declare(high_system("pre_deployment"))
        scratch.commit("Promote")
        hub.approve(hub.open("work"), *APPROVERS)
        yield hub


@pytest.mark.parametrize(("path", "code"), [("screener/rank.py", 1), ("docs/rank.md", 0)])
def test_t08_a_review_is_not_for_what_base_took_in_since(hub: Hub, path: str, code: int) -> None:
    hub.scratch.checkout("main")
    hub.scratch.commit("By another pull request", by="Sam Lee", files={path: "RANK = 666\n"})
    hub.scratch.checkout("work")
    done = hub.check(hub.github.event(1))
    assert done.code == code, done
    if code:
        assert done.blocking() == ["approval:ciso", "approval:legal", "approval:product-owner"]
        assert "the code under its paths changed" in str(done.finding("ciso")["claims"])


def test_t08_the_same_after_base_was_merged_into_the_branch(hub: Hub) -> None:
    hub.scratch.checkout("main")
    hub.scratch.commit("By another pull request", by="Sam Lee", files={"screener/rank.py": "RANK = 666\n"})
    hub.scratch.checkout("work")
    hub.scratch.git("merge", "-q", "--no-edit", "main")
    before = hub.github.pulls[1].head
    hub.github.pulls[1].commits[:] = hub.made("main..work")
    done = hub.check(hub.github.event(1, "synchronize", before=before, after=hub.github.pulls[1].head))
    assert done.code == 1, done
    assert "the code under its paths changed" in str(done.finding("ciso")["claims"])


def test_t02_a_job_that_checked_out_base_judges_nothing(hub: Hub) -> None:
    event = hub.github.event(1)
    control = hub.check(event, GITHUB_EVENT_NAME="pull_request_target")
    assert control.code == 0, control
    assert [system["id"] for system in control.report["systems"]] == ["SYS-001"]
    hub.scratch.checkout("main")
    done = hub.check(event, GITHUB_EVENT_NAME="pull_request_target")
    assert (done.code, done.verdict) == (3, "undecided"), done
    assert "the commit that this job is to judge" in done.err


def test_t02_an_event_about_a_commit_that_is_not_here_does_not_bind(hub: Hub) -> None:
    event = hub.github.event(1)
    assert hub.check(event).report["trust"]["enforcing"]
    event["pull_request"]["head"]["sha"] = "7" * 40
    trust = hub.check(event).report["trust"]
    assert not trust["enforcing"]
    assert "777777777777, the commit that the event names, is not in this clone" in " ".join(trust["notes"])
    hub.scratch.checkout("main")
    assert hub.check(event).code == 3, "nothing is proposed here at all"
