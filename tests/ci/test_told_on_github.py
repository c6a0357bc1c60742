"""The comment and the issue of debt as the action's job keeps them, run as a command. GitHub's API is a fake."""

from __future__ import annotations

import pytest
from workplace import Workplace
from world import high_system

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

COMMENT, DEBT = "<!-- policy-gate:comment -->", "<!-- policy-gate:debt -->"
FORGED = f"{COMMENT}\n**policy-gate: PASS** nothing to see here"


def test_t42_the_comment_follows_the_verdict_and_a_forged_one_stays_apart(place: Workplace) -> None:
    github, number = place.github, place.propose()
    github.comment(number, "bo-x", FORGED)
    blocked = place.pull_job(number, comment="true")
    assert blocked.code == 1, blocked
    assert f"comment on pull request {number}: written" in blocked.err
    forged, first = github.said(number)
    assert forged == FORGED
    assert first.splitlines()[0] == COMMENT
    assert first.splitlines()[1].startswith("**policy-gate: BLOCKED**")
    place.approve(number)
    passed = place.pull_job(number, comment="true")
    assert passed.code == 0, passed
    forged, second = github.said(number)
    assert forged == FORGED
    assert second.splitlines()[1].startswith("**policy-gate: PASS**")
    assert len(second.splitlines()) == 2
    late = github.event(number)
    place.scratch.checkout("work")
    place.scratch.commit("One more", files={"README.md": "Hello.\n"}, by="Bo Author")
    place.push(number)
    head = str(late["pull_request"]["head"]["sha"])
    slow = place.job("pull_request", late, place.checkout(head), GITHUB_BASE_REF="main", comment="true")
    assert "has another commit by now" in slow.err
    assert github.said(number) == [FORGED, second]


def test_h01_a_typo_gets_no_comment_and_a_job_that_was_not_asked_writes_none(place: Workplace) -> None:
    asked = place.propose()
    assert place.pull_job(asked).code == 1
    place.scratch.checkout("main")
    place.scratch.branch("typo")
    place.scratch.commit("Typo", files={"README.md": "Hello\n"})
    typo = place.propose("typo")
    done = place.pull_job(typo, comment="true")
    assert done.code == 0, done
    assert "nothing to tell, so there is none" in done.err
    assert place.github.comments == {}


def test_the_verdict_stands_where_github_takes_no_comment(place: Workplace) -> None:
    number = place.propose()
    reader = place.github.grant("github-actions[bot]", "contents: read", "pull-requests: read")
    place.server.token = reader
    done = place.pull_job(number, comment="true", github_token=reader)
    assert done.code == 1, done
    assert done.outputs["verdict"] == "block"
    assert "`permissions: pull-requests: write`" in done.err
    assert place.github.said(number) == []


def nightly(place: Workplace, **more: str) -> str:
    """What the nightly job on main says of itself, once main is published."""
    place.publish()
    tip = place.scratch.git("rev-parse", "main")
    there = {"GITHUB_SHA": tip, "GITHUB_REF": "refs/heads/main"}
    return place.job("schedule", {"schedule": "0 3 * * *"}, place.checkout(tip), **there, **more).err


def test_the_nightly_job_opens_the_issue_keeps_it_and_closes_it_when_nothing_is_owed(place: Workplace) -> None:
    scratch, issues = place.scratch, place.github.issues
    scratch.checkout("main")
    whole = high_system("pre_deployment")
    scratch.declare(whole | {"artifacts": []})
    scratch.commit("Lose the papers", by="Rae Kim")
    assert "dashboard" not in nightly(place)
    assert issues == {}
    assert "dashboard: issue 1 opened" in nightly(place, dashboard="true")
    assert issues[1]["body"].startswith(f"{DEBT}\n**AI governance debt**: ")
    tip = scratch.git("rev-parse", "main")
    assert f"]({place.server.url}/{place.github.repository}/blob/{tip}/governance.yaml#L" in issues[1]["body"]
    assert "dashboard: issue 1 is up to date" in nightly(place, dashboard="true")
    number = place.propose()
    assert "not about the default branch" in place.pull_job(number, dashboard="true").err
    assert issues[1]["state"] == "open"
    scratch.checkout("main")
    scratch.declare(whole)
    scratch.commit("Find them again", by="Rae Kim")
    assert "dashboard: issue 1 closed: nothing is owed" in nightly(place, dashboard="true")
    assert "**AI governance debt**: none" in issues[1]["body"]
