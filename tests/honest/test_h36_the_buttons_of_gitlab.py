"""H36: what GitLab's buttons commit stands in nobody's way, where roles name people by their accounts alone.

Git and the command are real; GitLab is a fake on loopback. Who had no hand in the change approves it as ever.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes.forge_server import Answer
from fakes.gitlab import FakeGitlab
from fakes.gitlab_job import BY_GITLAB, Lab
from scratch import Result, Scratch
from world import ROLE_HOLDERS, to_yaml

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

APPROVERS = ("Ada Example", "Lin Park", "Pat Moss")
SUGGESTED = "Apply 1 suggestion(s) to 1 file(s)\n\nCo-authored-by: Cy Mo <cy@example.com>"


@pytest.fixture
def lab(scratch: Scratch) -> Iterator[Lab]:
    """`work`, the promotion of a high system by Bo, who has another commit on main as Cy has."""
    with FakeGitlab() as gitlab:
        lab = Lab(scratch, gitlab)
        lab.adopt()
        for name in ("Cy Mo", "Bo Author"):
            lab.person(name)
            scratch.commit(f"A page by {name}", by=name, files={f"docs/{name[:2]}.md": "Words.\n"})
        lab.remember()
        lab.promote()
        yield lab


def approved(lab: Lab, **environment: str) -> Result:
    """The check of what is on `work`, with a yes of each role."""
    lab.propose()
    lab.approve(*APPROVERS)
    return lab.check(**environment)


def passes(done: Result) -> bool:
    return (done.code, done.verdict) == (0, "pass")


def test_h36_what_is_committed_in_its_pages_by_gitlab_itself(lab: Lab) -> None:
    lab.amend(**BY_GITLAB)
    done = approved(lab)
    assert passes(done), done


def test_h36_a_suggestion_whose_author_stands_in_a_trailer_alone(lab: Lab) -> None:
    lab.amend(SUGGESTED, **BY_GITLAB)
    done = approved(lab)
    assert passes(done), done


@pytest.mark.parametrize(
    "forgotten", ["who has nothing on main", "a project without the query", "a list that may not be read"]
)
def test_h36_an_address_that_gitlab_does_not_tell_of_is_asked_about_and_says_what_to_do(
    lab: Lab, forgotten: str
) -> None:
    lab.amend(SUGGESTED)
    if forgotten == "who has nothing on main":
        lab.gitlab.history.clear()
    elif forgotten == "a project without the query":
        lab.gitlab.knows_commits = False
    else:
        lab.gitlab.fail("/repository/commits", Answer(403, {"message": "403 Forbidden"}))
    done = approved(lab)
    assert (done.code, done.verdict) == (3, "undecided"), done
    why = str(done.finding("ciso")["claims"])
    assert "give the account or the address there" in why
    assert "cy@example.com is a co-author of commit" in why or forgotten == "a project without the query"


def test_h36_who_pressed_rebase_and_has_no_role(lab: Lab) -> None:
    """They commit it all, by an address that no commit of the request has as its author's."""
    lab.propose()
    lab.approve(*APPROVERS)
    lab.scratch.checkout("main")
    lab.scratch.commit("Meanwhile", by="Rae Kim", files={"README.md": "# Moved on\n"})
    lab.scratch.checkout("work")
    lab.scratch.git("rebase", "-q", "main", GIT_COMMITTER_NAME="Cy Mo", GIT_COMMITTER_EMAIL="cy@example.com")
    lab.push(by="Cy Mo")
    done = lab.check()
    assert passes(done), done


@pytest.mark.parametrize("authors", ["committed", "forge"])
def test_h36_in_a_merge_train_that_judges_this_request_alone(scratch: Scratch, authors: str) -> None:
    with FakeGitlab() as gitlab:
        lab = Lab(scratch, gitlab)
        lab.adopt(authors=dict.fromkeys(("low", "medium", "high", "critical"), authors))
        lab.promote()
        told = {
            "CI_MERGE_REQUEST_EVENT_TYPE": "merge_train",
            "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": lab.tip("work"),
            "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": lab.tip("main"),
        }
        done = approved(lab, **told)
        assert passes(done), done
        assert "merge train" not in str(done.report["trust"]["notes"])


def test_h36_what_an_agent_alone_wrote_and_a_person_brought_in_a_merge_train(lab: Lab) -> None:
    claude = {"GIT_COMMITTER_NAME": "Claude", "GIT_COMMITTER_EMAIL": "noreply@anthropic.com"}
    lab.amend(author="Claude <noreply@anthropic.com>", **claude)
    done = approved(lab, CI_MERGE_REQUEST_EVENT_TYPE="merge_train")
    assert (done.code, done.blocking()) == (0, []), done


def test_h36_a_request_of_more_than_500_commits(lab: Lab) -> None:
    for number in range(520):
        lab.scratch.git("commit", "-q", "--allow-empty", "-m", f"Step {number}")
    done = approved(lab)
    assert passes(done), done


@pytest.mark.parametrize("known_by", ["address", "account"])
def test_h36_whom_base_knows_by_an_address_alone_is_told_what_to_put_there(lab: Lab, known_by: str) -> None:
    """What GitLab tells of who approves is an account and no address."""
    members = {role: [lab.held(name, known_by)] for role, name in ROLE_HOLDERS.items()}
    file = to_yaml({"schema": "policy-gate/roles/v1", "roles": {role: {"members": it} for role, it in members.items()}})
    lab.scratch.checkout("main")
    lab.scratch.commit("Roles", by="Rae Kim", files={"policies/roles.yaml": file})
    lab.scratch.checkout("work")
    lab.scratch.git("rebase", "-q", "main")
    done = approved(lab)
    if known_by == "account":
        assert passes(done), done
        return
    assert done.code == 1, done
    (why,) = (claim["why"] for claim in done.finding("ciso")["claims"] if claim["who"] == "Ada Example")
    assert why.endswith("which gives no gitlab account of Ada Example; this is gitlab: ada")
