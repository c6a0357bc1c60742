"""T07: a merge queue makes one commit of a pull request, or copies of its commits; who made those is still an author.

The squash names its opener and whom its message names, which whoever adds it to the queue may edit. Git, its server and
the job are real; GitHub is a fake on loopback. Ada, who holds the role, approves in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.github import GitHub
from workplace import BY_GITHUB, JobResult, Workplace
from world import email_of

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

ADA, BO = "Ada Example", "Bo Author"


@pytest.fixture
def place(tmp_path: Path, github: GitHub) -> Iterator[Workplace]:
    with Workplace(tmp_path, github) as made:
        made.promotion()
        yield made


def refused(done: JobResult) -> str:
    """Why Ada's review does not count; AssertionError where it does, or anything else is missing."""
    assert done.code == 1, done
    gaps = [it for it in done.report["findings"] if it["state"] == "gap" and it["enforcement"] == "block"]
    assert [it["requirement"]["subject"] for it in gaps] == ["ciso"], done
    return " ".join(claim["why"] for claim in gaps[0]["claims"] if claim["who"] == "ada-x")


def written(place: Workplace, by: str, message: str = "Another ranking") -> int:
    """The promotion with one more commit of the code, proposed and pushed by Bo, and approved by all."""
    place.scratch.checkout("work")
    place.scratch.commit(message, by=by, files={"screener/more.py": "MORE = 1\n"})
    number = place.propose()
    place.approve(number)
    return number


@pytest.mark.parametrize("by", [BO, ADA])
def test_t07_who_wrote_a_commit_that_was_squashed(place: Workplace, by: str) -> None:
    number = written(place, by)
    place.squash()
    done = place.group_job(number)
    if by == BO:
        assert (done.code, done.outputs["verdict"]) == (0, "pass"), "the control: " + str(done)
    else:
        assert "wrote commit" in refused(done)
        assert f"of pull request {number}" in refused(done)


def test_t07_a_co_author_whom_the_squash_no_longer_names(place: Workplace) -> None:
    number = written(place, BO, f"Another ranking\n\nCo-authored-by: {ADA} <{email_of(ADA)}>")
    place.squash()
    done = place.group_job(number)
    assert done.code == 3, "whose address that is neither GitHub nor base says: " + str(done)
    assert f"{email_of(ADA)} is a co-author of commit" in done.out


def test_t07_what_was_pushed_after_the_review_hides_nobody(place: Workplace) -> None:
    """The last commit was reviewed by nobody, so that nothing but the squash itself would be fetched."""
    number = written(place, ADA)
    place.scratch.commit("A word", files={"README.md": "# Screener\n"})
    place.push(number)
    place.squash()
    assert "wrote commit" in refused(place.group_job(number))


def test_t07_control_who_updated_the_branch_wrote_nothing(place: Workplace) -> None:
    number = place.propose()
    place.approve(number)
    place.scratch.checkout("main")
    place.scratch.commit("Meanwhile", files={"docs/notes.md": "Notes.\n"})
    place.scratch.checkout("work")
    as_ada = {"GIT_AUTHOR_NAME": ADA, "GIT_AUTHOR_EMAIL": email_of(ADA)}
    place.scratch.git("merge", "-q", "--no-ff", "-m", "Update the branch", "main", **as_ada, **BY_GITHUB)
    place.push(number, by="ada-x")
    place.squash()
    done = place.group_job(number)
    assert (done.code, done.outputs["verdict"]) == (0, "pass"), done
