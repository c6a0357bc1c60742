"""T29: approvals of a merge request that is for another branch than the one that is judged, by the same commits.

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
