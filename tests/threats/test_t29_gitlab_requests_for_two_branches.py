"""T29: approvals of a merge request that is for another branch than the one that is judged, by the same commits; or
that was for another one when they were given, which its notes are made not to show.

Git and the command are real; GitLab is a fake on loopback.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes.gitlab import FakeGitlab
from fakes.gitlab_job import Lab
from scratch import Scratch

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

APPROVERS = ("Ada Example", "Lin Park", "Pat Moss")


@pytest.fixture
def lab(scratch: Scratch) -> Iterator[Lab]:
    """`work`, the promotion of a high system, whose merge request 7 is for main; `side` holds it already."""
    with FakeGitlab() as gitlab:
        lab = Lab(scratch, gitlab)
        lab.adopt()
        lab.promote()
        scratch.git("branch", "side", "work")
        lab.propose()
        yield lab


def test_t29_a_yes_to_the_same_commits_for_another_branch(lab: Lab) -> None:
    """Merge request 8 shows its approvers nothing: its branch has all of it."""
    lab.gitlab.open(8, lab.person("Bo Author"), lab.tip("work"), "work")
    lab.gitlab.merge_requests[8].target = "side"
    lab.approve(*APPROVERS, number=8)
    done = lab.check(CI_MERGE_REQUEST_IID="8")
    assert (done.code, done.verdict) == (3, "undecided"), done
    assert "merge request !8 is for the branch side by now, and this job for main" in done.out
    assert lab.check().code == 1, "nobody approved the one for main"
    lab.approve(*APPROVERS)
    control = lab.check()
    assert (control.code, control.verdict) == (0, "pass"), control


def test_t29_a_job_of_before_the_request_came_to_be_for_another_branch(lab: Lab) -> None:
    lab.approve(*APPROVERS)
    assert lab.check().code == 0
    lab.gitlab.retarget(7, lab.person("Bo Author"), "side")
    done = lab.check()
    assert (done.code, done.verdict) == (3, "undecided"), done
    assert "run the newest pipeline of the merge request" in done.out


@pytest.mark.parametrize("deletes", [True, False])
def test_t29_a_note_that_moves_to_a_page_which_was_read(lab: Lab, deletes: bool) -> None:
    """Bo writes as many remarks as a page holds after the retarget, and deletes one once they were read."""
    gitlab, bo = lab.gitlab, lab.person("Bo Author")
    gitlab.merge_requests[7].target = "side"
    lab.approve(*APPROVERS)
    gitlab.retarget(7, bo, "main")
    gitlab.largest_page = 5
    for number in range(5):
        gitlab.comment(7, bo, f"remark {number}")

    def delete(kind: str) -> None:
        if kind == "notes" and deletes and len(gitlab.merge_requests[7].notes) == 9:
            gitlab.merge_requests[7].notes.pop()

    gitlab.meanwhile = delete
    done = lab.check()
    if not deletes:
        assert done.code == 1, done
        assert "was for another branch" in str(done.finding("ciso")["claims"])
        return
    assert (done.code, done.verdict) == (3, "undecided"), done
    assert "something was taken out of the list while it was read; run the job again later" in done.out
    gitlab.unapprove(7, lab.person(APPROVERS[0]))
    for name in APPROVERS[1:]:
        gitlab.unapprove(7, lab.person(name))
    lab.approve(*APPROVERS)
    assert lab.check().code == 0, "given again they count, and nothing is deleted now"
