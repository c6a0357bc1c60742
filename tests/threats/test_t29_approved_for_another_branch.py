"""T29: a review is for what a request would have brought to the branch that it was for when it was given.

Bo's branch `side` holds the promotion already, so that the request shows its approvers a typo and nothing else. Git
and the job are real; GitHub is a fake on loopback.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.forge_server import Answer
from fakes.github import GitHub
from workplace import JobResult, Workplace

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]


@pytest.fixture
def place(tmp_path: Path, github: GitHub) -> Iterator[Workplace]:
    """The request, open against `side`."""
    with Workplace(tmp_path, github) as made:
        made.promotion()
        made.scratch.git("branch", "side", "work")
        made.scratch.checkout("work")
        made.scratch.commit("A typo", files={"README.md": "# Screener\n"})
        made.publish("side:refs/heads/side")
        number = made.propose()
        made.github.aim(number, "side")
        assert number == 1
        yield made


def judged(place: Workplace, base: str = "main", name: str = "pull_request") -> JobResult:
    """The job of the request as it stands."""
    repository = {"full_name": place.github.repository, "default_branch": "main"}
    event = place.github.event(1, "edited", repository=repository)
    return place.job(name, event, place.checkout(place.scratch.git("rev-parse", "work")), GITHUB_BASE_REF=base)


def claims(done: JobResult) -> str:
    return str([finding.get("claims") for finding in done.report["findings"]])


@pytest.mark.parametrize(("name", "was_deleted"), [("pull_request", False), ("pull_request_review", True)])
def test_t29_reviews_from_before_a_retarget_do_not_count_and_new_ones_do(
    place: Workplace, name: str, was_deleted: bool
) -> None:
    place.approve(1)
    assert judged(place, "side").code == 0, "there it asks for nothing"
    place.github.retarget(1, "main", was_deleted=was_deleted)
    done = judged(place, name=name)
    assert (done.code, done.report["verdict"]) == (1, "block"), done
    assert "given while pull request 1 was for another branch" in claims(done)
    place.approve(1)
    again = judged(place, name=name)
    assert (again.code, again.report["verdict"]) == (0, "pass"), again


def test_t29_the_last_change_of_the_branch_is_what_counts_and_not_the_first(place: Workplace) -> None:
    place.github.retarget(1, "main")
    place.github.retarget(1, "side")
    place.approve(1)
    place.github.retarget(1, "main")
    assert judged(place).code == 1
    place.approve(1)
    assert judged(place).code == 0


def test_t29_in_a_merge_queue_it_is_the_same(place: Workplace) -> None:
    place.approve(1)
    place.github.retarget(1, "main")
    scratch = place.scratch
    scratch.branch("queue", "main")
    scratch.git("merge", "-q", "--no-ff", "-m", "Merge pull request #1", "work")
    head, base = scratch.git("rev-parse", "queue"), scratch.git("rev-parse", "main")
    place.publish("queue:refs/heads/queue")

    def group() -> JobResult:
        event = place.github.group_event(head, base, 1)
        return place.job("merge_group", event, place.checkout(head))

    done = group()
    assert (done.code, done.report["verdict"]) == (1, "block"), done
    assert "was for another branch" in claims(done)
    place.approve(1)
    assert group().code == 0


def test_t29_words_and_other_events_retarget_nothing(place: Workplace) -> None:
    place.github.retarget(1, "main")
    place.approve(1)
    place.github.comment(1, "bo-x", "base_ref_changed")
    for event in ("automatic_base_change_failed", "base_ref_force_pushed", "renamed", "head_ref_force_pushed"):
        place.github.happens(1, event)
    done = judged(place)
    assert (done.code, done.report["verdict"]) == (0, "pass"), done


def test_t29_where_github_does_not_tell_it_is_neither_a_yes_nor_a_no(place: Workplace) -> None:
    place.approve(1)
    place.github.retarget(1, "main")
    place.github.tells_viewer = False
    place.github.fail("/issues/1/events", Answer(403, {"message": "Resource not accessible by integration"}))
    done = judged(place)
    assert (done.code, done.report["verdict"]) == (3, "undecided"), done
    assert "whether pull request 1 was for another branch could not be read" in claims(done)
    assert "pull-requests: read" in claims(done)


def test_nobody_is_asked_where_nothing_is_wanted_or_nobody_approves(place: Workplace) -> None:
    place.github.retarget(1, "main")
    asked: Any = place.github.asked
    assert judged(place).code == 1
    assert asked("/events") == []
    place.scratch.branch("typo", "main")
    place.scratch.commit("Another", files={"README.md": "# A typo\n"})
    number = place.propose("typo")
    place.approve(number)
    assert place.pull_job(number).code == 0
    assert asked("/events") == []
