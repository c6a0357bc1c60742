"""T24: what GitHub does not tell is no "no objection": a fork without a token, outages, limits, half pages.

The promotion here has its three approvals as reviews. Git and the command are real; GitHub is a fake on
loopback. Without an answer the same change is undecided, exit 3, and the notes say what to do.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from fakes.forge_server import Answer, closed_port
from fakes.github import GitHub, limited
from fakes.github_job import Hub
from scratch import Result, Scratch
from world import ROLE_HOLDERS, email_of, high_system, to_yaml

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

APPROVERS = ("Ada Example", "Lin Park", "Pat Moss")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """`work` promotes SYS-001, `typo` mends a word in the README."""
    scratch = Scratch(tmp_path_factory.mktemp("t24"))
    with GitHub() as github:
        Hub(scratch, github).adopt(high_system("development"))
    scratch.promote()
    scratch.branch("typo")
    scratch.commit("Mend a word", files={"README.md": "# Scratched\n"})
    return scratch


@pytest.fixture
def hub(repo: Scratch, github: GitHub) -> Hub:
    repo.checkout("work")
    return Hub(repo, github)


@pytest.fixture
def number(hub: Hub) -> int:
    """The promotion's pull request, approved by all who must."""
    number = hub.open()
    hub.approve(number, *APPROVERS)
    return number


def check(hub: Hub, number: int, **environment: str) -> Result:
    return hub.check(hub.github.event(number), **environment)


def waiting(done: Result) -> list[dict[str, Any]]:
    """The findings that leave the verdict open."""
    return [item for item in done.findings("unknown") if item["blame"] != "inherited"]


def undecided(done: Result) -> str:
    """What the notes say; AssertionError where the run is not undecided for want of approvals alone."""
    assert (done.code, done.verdict) == (3, "undecided"), done
    assert {item["requirement"]["kind"] for item in waiting(done)} == {"approval"}
    assert done.blocking() == []
    return " ".join(done.report["trust"]["notes"])


def test_t24_control_reviews_that_are_told_count(hub: Hub, number: int) -> None:
    done = check(hub, number)
    assert (done.code, done.verdict) == (0, "pass"), done


def test_t24_control_what_github_does_tell_decides(hub: Hub) -> None:
    number = hub.open()
    hub.approve(number, "Ada Example", "Lin Park")
    done = check(hub, number)
    assert done.code == 1, done
    assert done.blocking() == ["approval:product-owner"]


def test_t24_a_fork_without_a_token_is_undecided_where_approvals_matter(hub: Hub, number: int) -> None:
    notes = undecided(check(hub, number, GITHUB_TOKEN=""))
    assert "no token: GITHUB_TOKEN is not passed to this job" in notes
    assert hub.github.requests == []


def test_t24_h01_a_fork_without_a_token_that_changes_nothing_governed_passes(hub: Hub) -> None:
    hub.scratch.checkout("typo")
    number = hub.open("typo")
    done = check(hub, number, GITHUB_TOKEN="", GITHUB_API_URL=f"http://127.0.0.1:{closed_port()}")
    assert (done.code, done.verdict) == (0, "pass"), done
    assert check(hub, number).code == 0
    assert hub.github.requests == [], "nobody is asked where nothing needs an approval"


def test_t24_a_server_that_is_not_there(hub: Hub, number: int) -> None:
    notes = undecided(check(hub, number, GITHUB_API_URL=f"http://127.0.0.1:{closed_port()}"))
    assert "GitHub could not be reached" in notes


@pytest.mark.parametrize(
    ("part", "answer"),
    [
        ("/pulls/1", Answer(404, {"message": "Not Found"})),
        ("/reviews", Answer(500, {"message": "oops"}, {"Retry-After": "0"})),
        ("/reviews", Answer(200, b'[{"id": 1, "state": "APPR')),
        ("/commits", Answer(429, {"message": "slow down"}, {"Retry-After": "0"})),
        ("/commits", Answer(200, {"message": "One moment"}, cut=2)),
    ],
    ids=["404", "500", "garbled", "429", "cut"],
)
def test_t24_a_part_that_never_comes(hub: Hub, number: int, part: str, answer: Answer) -> None:
    hub.github.fail(part, answer)
    done = check(hub, number)
    assert "could not be read" in undecided(done)
    titles = [item["title"] for item in waiting(done)]
    assert "Whether CISO has approved cannot be told" in titles, "nobody is said to lack what could not be asked"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(502, None, {"Retry-After": "0"}),
        Answer(429, None, {"Retry-After": "900"}),
        limited(int(time.time()) + 1800),
        Answer(200, b"<html>"),
    ],
    ids=["502", "429", "the limit of the token", "garbled"],
)
def test_t24_who_approved_and_pushed_is_not_told_from_others_while_pushes_cannot_be_read(
    hub: Hub, number: int, answer: Answer
) -> None:
    """Ada pushed a commit in Bo's name; the requests that a token has are spent by whoever starts jobs."""
    hub.scratch.branch("pushed", at="work")
    hub.scratch.commit("In his name", files={"screener/more.py": "MORE = 1\n"})
    hub.github.push(number, *hub.made("work..pushed"), by="ada-x")
    hub.approve(number, *APPROVERS)
    assert check(hub, number).blocking() == ["approval:ciso"], "the control"
    hub.github.fail("/activity", answer)
    assert "who pushed to pull request" in undecided(check(hub, number))


def test_t24_control_pushes_that_nobody_may_read_hold_nothing_up(hub: Hub, number: int) -> None:
    hub.github.fail("/activity", Answer(403, {"message": "Resource not accessible by integration"}))
    done = check(hub, number)
    assert (done.code, done.verdict) == (0, "pass"), done
    assert "may not be read (403)" in str(done.report["trust"]["notes"])


@pytest.mark.parametrize("status", [429, 500])
def test_t24_control_a_part_that_comes_at_the_third_time_is_as_if_nothing_had_been(
    hub: Hub, number: int, status: int
) -> None:
    hub.github.fail("/reviews", Answer(status, None, {"Retry-After": "0"}), times=2)
    done = check(hub, number)
    assert (done.code, done.verdict) == (0, "pass"), done
    assert len(hub.github.asked("/reviews")) == 3


def test_t24_a_rate_limit_is_told_at_once_with_its_end(hub: Hub, number: int) -> None:
    reset = int(time.time()) + 1800
    hub.github.fail("/", limited(reset))
    notes = undecided(check(hub, number))
    assert time.strftime("used up until %Y-%m-%dT%H:%M:%SZ", time.gmtime(reset)) in notes
    assert len(hub.github.requests) == 1


def test_t24_the_second_page_may_hold_who_took_an_approval_back(hub: Hub, number: int) -> None:
    hub.github.largest_page = 3
    hub.github.review(number, "ada-x", "CHANGES_REQUESTED")
    asked_for_changes = check(hub, number)
    assert asked_for_changes.code == 1, asked_for_changes
    assert "asked for changes later" in str(asked_for_changes.finding("ciso")["claims"])
    hub.github.fail("/reviews", Answer(200, b"<html>"), page="2")
    undecided(check(hub, number))


def test_t24_a_wrong_token_and_one_that_is_never_told(hub: Hub, number: int) -> None:
    done = check(hub, number, GITHUB_TOKEN="ghs_" + "1" * 36)
    assert "does not accept the token (401)" in undecided(done)
    assert "ghs_1111" not in done.out + done.err
    assert hub.github.token not in str(check(hub, number))


def test_t24_team_members_that_the_token_may_not_see(repo: Scratch, github: GitHub, tmp_path: Path) -> None:
    hub = Hub(Scratch(tmp_path), github)
    hub.adopt(high_system("development"), legal={"teams": ["github:example-org/legal"]})
    hub.scratch.branch("work")
    hub.scratch.declare(high_system("pre_deployment"))
    hub.scratch.commit("Promote")
    github.team("example-org/legal", "lin-x")
    number = hub.open()
    hub.approve(number, *APPROVERS)
    assert check(hub, number).code == 0
    github.hidden_teams.add("example-org/legal")
    done = check(hub, number)
    assert "read:org" in undecided(done)
    assert [item["requirement"]["subject"] for item in waiting(done)] == ["legal"]
    github.hidden_teams.clear()
    github.teams["example-org/legal"].clear()
    assert check(hub, number).blocking() == ["approval:legal"]


def test_t24_an_outage_does_not_matter_where_records_suffice(scratch: Scratch, github: GitHub) -> None:
    hub = Hub(scratch, github)
    both = {role: hub.person(name) | {"email": email_of(name)} for role, name in ROLE_HOLDERS.items()}
    roles = {"schema": "policy-gate/roles/v1", "roles": {role: {"members": [one]} for role, one in both.items()}}
    scratch.adopt(high_system("development"), files={"policies/roles.yaml": to_yaml(roles)})
    scratch.promote()
    number, nobody = hub.open(), f"http://127.0.0.1:{closed_port()}"
    for role in ("ciso", "legal", "product-owner"):
        assert check(hub, number, GITHUB_API_URL=nobody).code == 3, f"{role} has not approved"
        scratch.approve(role, "pre-deployment-security-review")
    for environment in ({"GITHUB_API_URL": nobody}, {"GITHUB_TOKEN": ""}):
        done = check(hub, number, **environment)
        assert (done.code, done.verdict) == (0, "pass"), done
        assert "pull request 1" in str(done.report["trust"]["notes"]), "and it is said all the same"
