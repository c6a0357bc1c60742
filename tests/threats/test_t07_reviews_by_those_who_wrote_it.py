"""T07, T08: reviews by those who had a hand in the change, by bots, taken back, or of other content.

The roles name accounts and no addresses, as a repository on GitHub would. Git and the command are real;
GitHub is a fake on loopback. The control is the same pull request approved by somebody else.
"""

from __future__ import annotations

import pytest
from fakes.forge_server import Answer
from fakes.github import GitHub, made
from fakes.github_job import Hub, login_of
from scratch import Result, Scratch
from world import high_system

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]

ADA, OTHERS = "Ada Example", ("Lin Park", "Pat Moss")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """`work` promotes SYS-001; the commit before the promotion is on `earlier`."""
    scratch = Scratch(tmp_path_factory.mktemp("t07"))
    with GitHub() as github:
        Hub(scratch, github).adopt(high_system("development"))
    scratch.promote()
    return scratch


@pytest.fixture
def hub(repo: Scratch, github: GitHub) -> Hub:
    repo.branch("attempt", at="work")
    return Hub(repo, github)


def opened(hub: Hub, by: str = "Bo Author") -> int:
    """The attempt's pull request, approved by all but the CISO."""
    number = hub.open("attempt", by=by)
    hub.approve(number, *OTHERS)
    return number


def refused(done: Result) -> str:
    """Why the CISO's review does not count; AssertionError where it does or anything else blocks."""
    assert done.code == 1, done
    assert done.blocking() == ["approval:ciso"]
    return " ".join(claim["why"] for claim in done.finding("ciso")["claims"] if claim["who"] == login_of(ADA))


def approved(done: Result) -> bool:
    return (done.code, done.verdict) == (0, "pass")


def test_t07_whoever_opened_it(hub: Hub) -> None:
    number = opened(hub, by=ADA)
    hub.approve(number, ADA)
    assert "opened pull request" in refused(hub.check(hub.github.event(number)))
    control = opened(hub)
    hub.approve(control, ADA)
    assert approved(hub.check(hub.github.event(control)))


def test_t07_whoever_pushed_somebody_elses_commit(hub: Hub) -> None:
    before = hub.scratch.git("rev-parse", "HEAD")
    after = hub.scratch.commit("More code", files={"screener/more.py": "x = 1\n"})
    number = opened(hub)
    hub.approve(number, ADA)
    for sender, code in ((ADA, 1), ("Bo Author", 0)):
        done = hub.check(hub.github.event(number, "synchronize", login_of(sender), before=before, after=after))
        assert done.code == code, done
        assert code == 0 or "pushed last to pull request" in refused(done)


def test_t07_a_pusher_is_not_forgotten_by_the_job_that_her_review_starts(hub: Hub) -> None:
    number = opened(hub)
    hub.scratch.commit("In his name", files={"screener/more.py": "MORE = 1\n"})
    hub.github.push(number, *hub.made("work..attempt"), by=login_of(ADA))
    hub.approve(number, ADA, *OTHERS)
    event = hub.github.event(number, "submitted", sender=login_of(ADA))
    done = hub.check(event, GITHUB_EVENT_NAME="pull_request_review", GITHUB_BASE_REF="")
    assert refused(done) == f"pushed to pull request {number}"


def test_t07_control_a_pusher_of_nothing_governed_approves(hub: Hub) -> None:
    number = opened(hub)
    hub.scratch.commit("Notes", files={"docs/notes.md": "Notes.\n"})
    hub.github.push(number, *hub.made("work..attempt"), by=login_of(ADA))
    hub.approve(number, ADA)
    event = hub.github.event(number, "submitted", sender=login_of(ADA))
    assert approved(hub.check(event, GITHUB_EVENT_NAME="pull_request_review", GITHUB_BASE_REF=""))


def test_h02_whoever_pushed_nothing_but_a_record_is_barred_by_nothing(hub: Hub) -> None:
    before = hub.scratch.git("rev-parse", "HEAD")
    after = hub.scratch.commit("A note", by=ADA, files={"docs/note.md": "Seen.\n"})
    number = opened(hub)
    hub.approve(number, ADA)
    event = hub.github.event(number, "synchronize", login_of(ADA), before=before, after=after)
    assert approved(hub.check(event))


def test_t07_an_author_whom_only_the_account_behind_the_address_gives_away(hub: Hub) -> None:
    hub.scratch.git("-c", "user.email=a@private.example", "commit", "-q", "--allow-empty", "-m", "Empty")
    hub.scratch.write({"screener/more.py": "x = 2\n"})
    hub.scratch.git("add", "-A")
    hub.scratch.git("-c", "user.email=a@private.example", "-c", "user.name=A", "commit", "-q", "-m", "More code")
    hub.github.account("lee-x", "a@private.example")
    control = opened(hub)
    hub.approve(control, ADA)
    assert approved(hub.check(hub.github.event(control))), "the address is another's"
    hub.github.account(login_of(ADA), "a@private.example")
    assert "wrote commit" in refused(hub.check(hub.github.event(control)))


def test_t07_a_bot_and_whoever_holds_another_role(hub: Hub) -> None:
    number = opened(hub)
    hub.github.review(number, login_of("Sol Ito"))
    done = hub.check(hub.github.event(number))
    assert done.blocking() == ["approval:ciso"]
    assert "holds security-lead, not ciso" in str(done.finding("ciso")["claims"])
    hub.github.account(login_of(ADA))["type"] = "Bot"
    hub.approve(number, ADA)
    assert "bot" in refused(hub.check(hub.github.event(number)))


@pytest.mark.parametrize("how", ["dismissed", "changes", "gone", "adrift"])
def test_t07_a_review_that_was_taken_back(hub: Hub, how: str) -> None:
    number = opened(hub)
    review = hub.github.review(number, login_of(ADA))
    if how == "dismissed":
        hub.github.dismiss(number, review)
    elif how == "changes":
        hub.github.review(number, login_of(ADA), "CHANGES_REQUESTED")
    else:
        hub.github.change_review(number, review, **({"user": None} if how == "gone" else {"commit_id": None}))
    done = hub.check(hub.github.event(number))
    assert done.code == 1, done
    assert done.blocking() == ["approval:ciso"]
    hub.approve(number, ADA)
    assert approved(hub.check(hub.github.event(number))), "she approves again"


def test_t07_the_login_of_somebody_who_left_is_nobody(hub: Hub) -> None:
    number = opened(hub)
    review = hub.github.review(number, login_of(ADA))
    squatter = hub.github.account("squatter") | {"login": login_of(ADA)}
    hub.github.change_review(number, review, user=squatter)
    assert "does not hold ciso" in refused(hub.check(hub.github.event(number)))


def test_t08_content_that_was_pushed_after_the_review(hub: Hub) -> None:
    number = opened(hub)
    hub.approve(number, ADA)
    hub.scratch.commit("Unrelated", files={"docs/notes.md": "Notes.\n"})
    hub.github.push(number, *hub.made("work..attempt"))
    assert approved(hub.check(hub.github.event(number))), "an unrelated commit voids nothing"
    card = hub.scratch.read("MODEL_CARD.md")
    hub.scratch.commit("Reword", files={"MODEL_CARD.md": card + "\nOne more word.\n"})
    hub.github.push(number, *hub.made("work..attempt")[1:])
    done = hub.check(hub.github.event(number))
    assert done.code == 1, done
    assert done.blocking() == ["approval:ciso", "approval:legal", "approval:product-owner"]
    hub.approve(number, ADA, *OTHERS)
    assert approved(hub.check(hub.github.event(number)))


def test_t08_a_review_of_a_commit_that_is_not_here(hub: Hub) -> None:
    number = opened(hub)
    hub.github.review(number, login_of(ADA), commit="5" * 40)
    done = hub.check(hub.github.event(number))
    assert done.code in (1, 3), done
    assert "given on commit 5555555" in str(done.finding("ciso")["claims"])


def by_claude(hub: Hub, by: str, opener: str) -> Result:
    """The check of a promotion that Claude alone is said to have written, pushed and opened by these accounts."""
    claude = {"GIT_COMMITTER_NAME": "Claude", "GIT_COMMITTER_EMAIL": "noreply@anthropic.com"}
    hub.scratch.git("commit", "-q", "--amend", "--no-edit", "--author", "Claude <noreply@anthropic.com>", **claude)
    number = hub.github.pull(opener, hub.made("main..attempt"))
    head = hub.github.pulls[number].head
    hub.github.account(by, kind="Bot" if by.endswith("[bot]") else "User")
    hub.github.pulls[number].pushes[:] = [(by, "0" * 40, head)]
    hub.approve(number, ADA, *OTHERS)
    return hub.check(hub.github.event(number))


def test_d55_what_an_agent_alone_wrote_and_a_person_pushed_is_approved_by_others(hub: Hub) -> None:
    done = by_claude(hub, "bo-x", "bo-x")
    assert (done.code, done.blocking()) == (0, []), done
    assert done.finding("written-by-agent")["enforcement"] == "advise", "one more person reads it"


def test_t07_whoever_pushed_what_an_agent_alone_wrote_does_not_approve_it(hub: Hub) -> None:
    assert "pushed to pull request" in refused(by_claude(hub, login_of(ADA), "bo-x"))
    assert "opened pull request" in refused(by_claude(hub, "bo-x", login_of(ADA)))


def test_t07_what_bots_alone_wrote_pushed_and_opened_is_nobodys(hub: Hub) -> None:
    hub.github.account("claude[bot]", kind="Bot")
    done = by_claude(hub, "claude[bot]", "claude[bot]")
    assert done.code == 3, done
    assert "names no person who made it, only a service" in done.out


def suggested(hub: Hub, address: str) -> Result:
    """The check of a promotion to which a suggestion was applied by its author, with whose it was as a co-author."""
    message = f"Apply the suggestion\n\nCo-authored-by: Somebody <{address}>"
    hub.scratch.commit(message, files={"screener/more.py": "x = 3\n"})
    number = opened(hub)
    hub.approve(number, ADA)
    return hub.check(hub.github.event(number))


def test_t07_whose_suggestion_was_applied_does_not_approve_it_and_others_do(hub: Hub) -> None:
    for login, address in ((login_of(ADA), "ada@private.example"), ("cy-x", "cy@private.example")):
        hub.github.account(login, address)
        hub.github.history.append(made("c" * 40, address))
    assert "is a co-author of commit" in refused(suggested(hub, "Ada@private.example"))
    hub.scratch.git("reset", "-q", "--hard", "work")
    assert approved(suggested(hub, "cy@private.example")), "a colleague's, who approves nothing"


def test_t07_a_co_author_whom_neither_base_nor_github_knows_may_be_anybody(hub: Hub) -> None:
    hub.github.account(login_of(ADA), "ada@private.example")
    done = suggested(hub, "ada@private.example")
    assert done.code == 3, "she has committed nothing yet, so that GitHub says nothing: " + str(done)
    hub.github.history.append(made("c" * 40, "ada@private.example"))
    assert "is a co-author of commit" in refused(hub.check(hub.github.event(max(hub.github.pulls))))


@pytest.mark.parametrize("status", [404, 409, 422])
def test_t24_a_forge_without_that_listing_leaves_a_co_author_unknown(hub: Hub, status: int) -> None:
    hub.github.account(login_of(ADA), "ada@private.example")
    hub.github.history.append(made("c" * 40, "ada@private.example"))
    hub.github.fail("/commits", Answer(status, {"message": "No"}), author="ada@private.example")
    done = suggested(hub, "ada@private.example")
    assert (done.code, done.report["trust"]["approvals"]["complete"]) == (3, True), done
    assert "does not say whether that is Ada Example" in done.out
