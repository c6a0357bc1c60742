"""T07: on GitLab, work that a program brings for somebody, that an account which is gone opened, or that nobody is told
to have suggested, and a yes of a service account.

Roles name accounts and no addresses. Git and the command are real; GitLab is a fake on loopback.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes.forge_server import Answer
from fakes.gitlab import FakeGitlab
from fakes.gitlab_job import BY_GITLAB, Lab
from scratch import Result, Scratch
from world import email_of

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

ADA, OTHERS = "Ada Example", ("Lin Park", "Pat Moss")
CLAUDE = {"GIT_COMMITTER_NAME": "Claude", "GIT_COMMITTER_EMAIL": "noreply@anthropic.com"}


@pytest.fixture
def lab(scratch: Scratch) -> Iterator[Lab]:
    """`work`, the promotion of a high system; everybody has something on main already."""
    with FakeGitlab() as gitlab:
        lab = Lab(scratch, gitlab)
        lab.adopt()
        scratch.commit("A page", by=ADA, files={"docs/page.md": "Words.\n"})
        lab.remember()
        lab.promote()
        yield lab


def passes(done: Result) -> bool:
    return (done.code, done.blocking()) == (0, [])


def why(done: Result, role: str = "ciso") -> str:
    return str(done.finding(role)["claims"])


def brought(lab: Lab, opener: str, pusher: str) -> Result:
    """The check of what Claude alone is said to have written, approved by all three."""
    lab.amend(author="Claude <noreply@anthropic.com>", **CLAUDE)
    lab.propose(by=opener, pushed_by=pusher)
    lab.approve(ADA, *OTHERS)
    return lab.check()


@pytest.mark.parametrize(
    "username", ["project_42_bot_0af3", "group_9_bot_1", "service_account_group_9_0af30af30af30af3", "release-helper"]
)
def test_t07_what_programs_alone_wrote_pushed_and_opened_is_nobodys(lab: Lab, username: str) -> None:
    """Whoever has a token of the project can be behind it, and so one of those who approve."""
    lab.person("The helper", bot=True, username=username)
    done = brought(lab, "The helper", "The helper")
    assert done.code == 3, done
    assert "names no person who made it, only a service" in why(done)


@pytest.mark.parametrize("username", ["project_42_bot_0af3", "service_account_project_4_0af30af30af30af3", "GitLabDuo"])
def test_t07_a_program_whose_profile_is_hidden_is_told_by_its_name(lab: Lab, username: str) -> None:
    lab.person("The helper", bot=True, username=username)
    lab.gitlab.fail("/users/", Answer(404, {"message": "404 User Not Found"}))
    assert brought(lab, "The helper", "The helper").code == 3


def test_t07_while_who_is_a_program_cannot_be_asked_nobody_approves_it(lab: Lab) -> None:
    lab.amend(author="Claude <noreply@anthropic.com>", **CLAUDE)
    lab.propose()
    lab.approve(ADA, *OTHERS)
    lab.gitlab.fail(f"/users/{lab.person('Bo Author').id}", Answer(502, None, {"Retry-After": "0"}))
    done = lab.check()
    assert (done.code, done.verdict) == (3, "undecided"), done
    assert "run the job again later" in why(done)


def test_d55_what_a_person_pushed_or_opened_is_approved_by_others(lab: Lab) -> None:
    lab.person("The helper", bot=True)
    done = brought(lab, "The helper", "Bo Author")
    assert passes(done), done
    own = brought(lab, "The helper", ADA)
    assert own.code == 1, own
    assert "pushed to merge request !7" in why(own)


@pytest.mark.parametrize("username", ["ghost", "ghost2"])
def test_t07_whoever_opened_it_and_is_gone_may_be_who_approves(lab: Lab, username: str) -> None:
    """GitLab puts one account in the place of all that were deleted."""
    lab.person("Ghost User", username=username)
    lab.propose(by="Ghost User", pushed_by="Bo Author")
    lab.approve(ADA, *OTHERS)
    done = lab.check()
    assert (done.code, done.verdict) == (3, "undecided"), done
    assert "close it and open another one of its branch" in why(done)
    lab.propose(number=8)
    lab.approve(ADA, *OTHERS, number=8)
    again = lab.check(8)
    assert passes(again), again


def test_t07_somebody_who_is_called_ghost_is_somebody(lab: Lab) -> None:
    lab.person("Gho Stone", username="ghost7")
    lab.propose(by="Gho Stone")
    lab.approve(ADA, *OTHERS)
    done = lab.check()
    assert passes(done), done


@pytest.mark.parametrize("is_known", [True, False])
def test_t07_whose_suggestion_was_applied_does_not_approve_it(lab: Lab, is_known: bool) -> None:
    """Only a trailer names them; while GitLab does not say whose the address is, it is anybody's."""
    said = f"Apply 1 suggestion(s) to 1 file(s)\n\nCo-authored-by: {ADA} <{email_of(ADA)}>"
    lab.amend(said, **BY_GITLAB)
    if not is_known:
        lab.gitlab.history.clear()
    lab.propose()
    lab.approve(ADA, *OTHERS)
    done = lab.check()
    assert done.code == (1 if is_known else 3), done
    assert "is a co-author of commit" in why(done)


def test_t07_an_older_commit_by_another_address_ties_nobody_to_this_one(lab: Lab) -> None:
    """A list that leaves the filter out, as older editions do, or a longer address that holds this one."""
    said = "Apply 1 suggestion(s) to 1 file(s)\n\nCo-authored-by: Somebody <a@example.com>"
    lab.amend(said)
    lab.propose()
    lab.approve(ADA, *OTHERS)
    assert lab.gitlab.history[0][1].endswith("a@example.com")
    done = lab.check()
    assert done.code == 3, done
    assert "a@example.com is a co-author of commit" in why(done)


def test_t07_who_pressed_rebase_where_gitlab_commits_in_its_own_name_pushed(lab: Lab) -> None:
    lab.propose()
    lab.approve(ADA, *OTHERS)
    lab.scratch.checkout("main")
    lab.scratch.commit("Meanwhile", by="Rae Kim", files={"README.md": "# Moved on\n"})
    lab.scratch.checkout("work")
    lab.scratch.git("rebase", "-q", "main", **BY_GITLAB)
    lab.push(by=ADA)
    pressed = lab.check()
    assert pressed.code == 1, pressed
    assert "pushed to merge request !7" in why(pressed)
    lab.scratch.git("rebase", "-q", "--force-rebase", "main")
    lab.push()
    control = lab.check()
    assert passes(control), control


def test_t07_in_a_train_that_holds_other_requests_who_made_those_is_not_told(lab: Lab) -> None:
    """Here the head is what the train made of two requests, of which this one is asked about alone."""
    lab.amend(author="Claude <noreply@anthropic.com>", **CLAUDE)
    lab.scratch.branch("other", "main")
    lab.scratch.commit("Another page", by="Rae Kim", files={"docs/other.md": "Words.\n"})
    lab.scratch.checkout("work")
    lab.propose()
    lab.approve(ADA, *OTHERS)
    lab.scratch.git("merge", "-q", "--no-edit", "other")
    train = {"CI_MERGE_REQUEST_EVENT_TYPE": "merge_train"}
    done = lab.check(**train)
    assert done.code == 3, done
    assert "of the merge requests in this merge train" in str(done.report["trust"]["notes"])
    lab.scratch.git("reset", "-q", "--hard", "HEAD~1")
    control = lab.check(**train)
    assert passes(control), control


def added(lab: Lab, ref: str | None, by: str = ADA) -> Result:
    """Another commit on Bo's branch, in Bo's name, pushed by somebody to this branch or along with many others."""
    lab.propose()
    lab.scratch.edit("SYS-001", risk_profile={"human_oversight": "none"})
    lab.scratch.commit("A word", by="Bo Author")
    lab.gitlab.push(7, lab.person(by), lab.tip("work"), ref=ref)
    lab.approve(ADA, *OTHERS)
    return lab.check()


@pytest.mark.parametrize(
    ("ref", "said"),
    [("work", "pushed to merge request !7"), (None, "pushed many branches at once, perhaps that of merge request !7")],
)
def test_t07_who_pushes_many_branches_at_once_hides_no_push_to_this_one(lab: Lab, ref: str | None, said: str) -> None:
    done = added(lab, ref)
    assert done.code == 1, done
    assert said in why(done)
    lab.amend("Another word")
    lab.push()
    alone = lab.check()
    assert passes(alone), "the author brings it by itself: " + str(alone)


@pytest.mark.parametrize("ref", ["work", None])
def test_t07_control_many_branches_of_the_author_bar_nobody_else(lab: Lab, ref: str | None) -> None:
    done = added(lab, ref, by="Bo Author")
    assert passes(done), done


def test_t07_control_who_pushed_many_branches_is_no_hand_where_each_commit_is_named(lab: Lab) -> None:
    lab.propose()
    lab.gitlab.push(7, lab.person(ADA), lab.tip("work"), ref=None)
    lab.approve(ADA, *OTHERS)
    done = lab.check()
    assert passes(done), done


def test_t07_the_note_about_a_push_says_whose_it_was_where_no_event_does(lab: Lab) -> None:
    lab.gitlab.notes_pushes = True
    hidden = added(lab, None)
    assert (hidden.code, hidden.blocking()) == (1, ["approval:ciso"]), hidden
    assert "pushed to merge request !7" in why(hidden)
    assert "who pushed to merge request" not in str(hidden.report["trust"]["notes"])


@pytest.mark.parametrize("hides", ["a project that may not be read", "more pushes than are read"])
def test_t07_a_project_whose_pushes_are_not_told_hides_nobody_who_pushed(lab: Lab, hides: str) -> None:
    lab.gitlab.notes_pushes = True
    if hides == "more pushes than are read":
        lab.gitlab.largest_page = 1
    else:
        lab.gitlab.fail("/events", Answer(404, {"message": "404 Project Not Found"}))
    lab.propose()
    lab.scratch.commit("A word", files={"MODEL_CARD.md": lab.scratch.read("MODEL_CARD.md") + "\nMore words.\n"})
    lab.push(by=ADA)
    if hides == "more pushes than are read":
        for number in range(60):
            lab.gitlab.open(100 + number, lab.person("Bo Author"), "9" * 40, branch=f"branch-{number}")
    lab.approve(ADA, *OTHERS)
    done = lab.check()
    assert done.code == 1, done
    assert "pushed to merge request !7" in why(done)


def test_t07_words_of_a_comment_about_a_push_make_nobody_a_pusher(lab: Lab) -> None:
    """Bo says so of the one who is to approve, and names a commit like that in a title."""
    lab.propose()
    lab.gitlab.pushes.clear()
    said = f"added 1 commit\n\n<ul><li>{lab.tip('work')[:8]} - A word</li></ul>"
    lab.gitlab.comment(7, lab.person(ADA), said)
    lab.gitlab.merge_requests[7].notes.append((lab.gitlab.now, lab.person(ADA), f"changed title to {said}", True))
    lab.approve(ADA, *OTHERS)
    done = lab.check()
    assert passes(done), done
    assert "no push event names them" in str(done.report["trust"]["notes"])
