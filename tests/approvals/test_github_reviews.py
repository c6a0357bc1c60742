"""GitHub's reviews as claims, hands, accounts and team members. GitHub is a fake on loopback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3
from fakes.forge_server import Answer, closed_port
from fakes.github import GitHub, limited, made
from fakes.github_client import client_of
from github import GithubException

from policy_gate.approvals.github import source
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer
from policy_gate.forges.session import LONGEST_WAITING, TRIES, Waiting, bounded_retry
from policy_gate.schema.people import Author, Claim, Commit, ForgeContributor
from policy_gate.schema.roles import Roles
from policy_gate.vcs.memory_tree import MemoryTree

pytestmark = pytest.mark.contract_fake

C1, C2, C3, C4 = (digit * 40 for digit in "1234")
BO, ADA = "bo@example.com", "ada@example.com"


@pytest.fixture
def github(github: GitHub) -> GitHub:
    """With Bo's account."""
    github.account("bo-x", BO)
    return github


@pytest.fixture
def number(github: GitHub) -> int:
    """A pull request of two commits by Bo."""
    return github.pull("bo-x", [made(C1, BO), made(C2, BO)])


class Asking:
    """Asks the source as a job for an event would; `commits` are those of base..head."""

    def __init__(self, github: GitHub, folder: Path) -> None:
        self.github = github
        self.path = folder / "event.json"
        self.commits: tuple[Commit, ...] = (commit(C2), commit(C1))
        self.histories: Mapping[str, tuple[str, ...]] = {}
        self.roles: dict[str, Any] = {}

    def __call__(self, event: Any, **environment: str) -> SourceAnswer | None:
        self.path.write_text(event if isinstance(event, str) else json.dumps(event))
        is_group = isinstance(event, dict) and "merge_group" in event
        job = {
            "GITHUB_EVENT_NAME": "merge_group" if is_group else "pull_request",
            "GITHUB_EVENT_PATH": str(self.path),
            "GITHUB_REPOSITORY": self.github.repository,
            "GITHUB_API_URL": self.github.url,
            "GITHUB_TOKEN": self.github.token,
        }
        return source.fetch(self.query(job | environment))

    def answers(self, event: Any, **environment: str) -> SourceAnswer:
        found = self(event, **environment)
        assert found is not None
        return found

    def query(self, environment: Mapping[str, str]) -> ApprovalQuery:
        tree = MemoryTree({})
        roles = Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": self.roles})
        return ApprovalQuery(
            tree, tree, self.commits, roles=roles, environment=environment, commits_to=self._commits_to
        )

    def _commits_to(self, oid: str) -> tuple[Commit, ...] | None:
        return tuple(commit(found) for found in self.histories[oid]) if oid in self.histories else None


def commit(oid: str, email: str = BO, is_merge: bool = False) -> Commit:
    return Commit(oid, (Author("Somebody", email),), frozenset(), merge_of_git=is_merge)


@pytest.fixture
def ask(github: GitHub, tmp_path: Path) -> Asking:
    return Asking(github, tmp_path)


def person(github: GitHub, login: str) -> Author:
    return Author(login, "", f"github:{login}", f"github:{github.number_of(login)}")


def counting(answers: SourceAnswer) -> list[str]:
    """Who approves, as far as this source can tell."""
    return [c.approver.name for c in answers.claims if not (c.problem or c.unchecked or c.bot)]


def only(answers: SourceAnswer) -> Claim:
    assert len(answers.claims) == 1, answers
    return answers.claims[0]


# an independent client finds the fake to be what it expects


def test_pygithub_by_itself_finds_its_way_about_the_fake(github: GitHub, number: int) -> None:
    github.largest_page = 2
    github.team("example-org/security", "ada-x")
    for login in ("ada-x", "lin-x", "pat-x"):
        github.review(number, login)
    github.push(number, made(C3, ADA))
    github.happens(number, "labeled")
    github.retarget(number, "side")
    github.retarget(number, "main", was_deleted=True)
    with client_of(github) as client:
        repository = client.get_repo("example-org/screener")
        pull = repository.get_pull(number)
        assert (pull.user.login, pull.head.sha, pull.commits, pull.base.ref) == ("bo-x", C3, 3, "main")
        assert [review.user.login for review in pull.get_reviews()] == ["ada-x", "lin-x", "pat-x"]
        assert [review.commit_id for review in pull.get_reviews()] == [C2, C2, C2]
        assert [found.sha for found in pull.get_commits()] == [C1, C2, C3]
        events = [(found.event, found.created_at) for found in pull.get_issue_events()]
        assert [event for event, _ in events] == ["labeled", "base_ref_changed", "automatic_base_change_succeeded"]
        assert events == sorted(events, key=lambda found: found[1])
        found = repository.get_commit(C1)
        assert (found.commit.author.email, found.author.login) == (BO, "bo-x")
        assert [found.number for found in found.get_pulls()] == [number]
        team = client.get_organization("example-org").get_team_by_slug("security")
        assert team.slug == "security"


def test_the_fake_lets_nobody_in_without_the_token(github: GitHub, number: int) -> None:
    with client_of(github, "another") as client, pytest.raises(GithubException) as refused:
        assert client.get_repo("example-org/screener").get_pull(number).title
    assert refused.value.status == 401


# where it exists


@pytest.mark.parametrize("name", ["", "push", "schedule", "workflow_dispatch", "check_run"])
def test_only_jobs_about_a_pull_request_or_merge_group_ask(ask: Asking, number: int, name: str) -> None:
    event = ask.github.event(number)
    assert ask(event, GITHUB_EVENT_NAME=name) is None
    assert ask(event, GITHUB_EVENT_PATH="") is None
    assert ask(event, GITHUB_REPOSITORY="") is None
    assert ask.github.requests == []
    assert ask(event) is not None


@pytest.mark.parametrize(
    "name", ["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"]
)
def test_every_event_of_a_pull_request_is_one(ask: Asking, number: int, name: str) -> None:
    ask.github.review(number, "ada-x")
    assert counting(ask.answers(ask.github.event(number), GITHUB_EVENT_NAME=name)) == ["ada-x"]


def test_without_a_token_nobody_is_asked_and_the_event_tells_the_hands(ask: Asking, number: int) -> None:
    event = ask.github.event(number, "synchronize", sender="sam-x", before=C1, after=C2)
    answers = ask.answers(event, GITHUB_TOKEN="")
    assert ask.github.requests == []
    assert answers.claims == ()
    assert len(answers.missing) == 1
    assert "no token: GITHUB_TOKEN is not passed to this job" in answers.missing[0]
    assert [(contributor.author.name, contributor.part) for contributor in answers.contributors] == [
        ("bo-x", f"opened pull request {number}"),
        ("sam-x", f"pushed last to pull request {number}"),
    ]
    assert not answers.tells_hands
    assert ask.answers(event, GITHUB_TOKEN="", GH_TOKEN=ask.github.token).missing == ()


@pytest.mark.parametrize(
    ("event", "environment"),
    [
        ("{", {}),
        ("[]", {}),
        ({"pull_request": {"number": "7"}}, {}),
        ({"pull_request": {"number": 7}}, {"GITHUB_REPOSITORY": "example-org/../user"}),
        ({"pull_request": {"number": 7}}, {"GITHUB_API_URL": "file:///etc"}),
    ],
)
def test_a_malformed_job_is_missing_and_asks_nobody(ask: Asking, event: Any, environment: dict[str, str]) -> None:
    answers = ask.answers(event, **environment)
    assert len(answers.missing) == 1
    assert ask.github.requests == []


def test_a_client_that_is_not_installed_is_named(ask: Asking, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "is_client_installed", lambda: False)
    answers = ask.answers(ask.github.event(number))
    assert 'pip install "ai-policy-gate[github]"' in answers.missing[0]
    assert [contributor.author.name for contributor in answers.contributors] == ["bo-x"]


# reviews


def test_an_approval_is_a_claim_on_its_commit_by_its_account(ask: Asking, number: int) -> None:
    ask.github.review(number, "ada-x")
    ask.github.push(number, made(C3, BO))
    ask.histories = {C2: (C2, C1), C3: (C3, C2, C1)}
    answers = ask.answers(ask.github.event(number))
    claim = only(answers)
    assert claim.approver == person(ask.github, "ada-x")
    assert (claim.source, claim.assurance, claim.commit) == ("github-reviews", "verified", C2)
    assert (claim.role, claim.for_, claim.system, claim.digest) == (None, None, None, None)
    assert claim.approved_on.isoformat() == ask.github.pulls[number].reviews[0]["submitted_at"][:10]
    assert answers.missing == ()
    assert answers.tells_hands


@pytest.mark.parametrize(
    ("states", "problem"),
    [
        (["APPROVED"], None),
        (["COMMENTED", "APPROVED", "COMMENTED", "PENDING"], None),
        (["CHANGES_REQUESTED", "APPROVED"], None),
        (["DISMISSED", "APPROVED"], None),
        (["APPROVED", "CHANGES_REQUESTED"], "asked for changes later"),
        (["APPROVED", "CHANGES_REQUESTED", "COMMENTED"], "asked for changes later"),
        (["DISMISSED"], "the review was dismissed"),
        (["APPROVED", "DISMISSED"], "a later review of theirs was dismissed"),
        (["APPROVED", "CHANGES_REQUESTED", "APPROVED"], None),
    ],
)
def test_the_latest_review_that_decides_is_what_an_account_says(
    ask: Asking, number: int, states: list[str], problem: str | None
) -> None:
    for state in states:
        ask.github.review(number, "ada-x", state)
    assert only(ask.answers(ask.github.event(number))).problem == problem


@pytest.mark.parametrize("state", ["COMMENTED", "PENDING", "CHANGES_REQUESTED"])
def test_whoever_never_approved_claims_nothing(ask: Asking, number: int, state: str) -> None:
    ask.github.review(number, "ada-x", state)
    answers = ask.answers(ask.github.event(number))
    assert answers.claims == ()
    assert answers.missing == ()


def test_the_order_is_when_reviews_were_submitted_and_not_how_they_are_listed(ask: Asking, number: int) -> None:
    ask.github.review(number, "ada-x")
    ask.github.review(number, "ada-x", "CHANGES_REQUESTED")
    ask.github.pulls[number].reviews.reverse()
    assert only(ask.answers(ask.github.event(number))).problem == "asked for changes later"


def test_accounts_are_told_apart_by_number_and_one_that_was_renamed_stays_one(ask: Asking, number: int) -> None:
    ask.github.review(number, "ada-x")
    later = ask.github.review(number, "ada-x", "CHANGES_REQUESTED")
    ask.github.change_review(number, later, user=ask.github.account("ada-x") | {"login": "ada-new"})
    ask.github.review(number, "lin-x")
    answers = ask.answers(ask.github.event(number))
    assert [(claim.approver.name, claim.problem) for claim in answers.claims] == [
        ("ada-x", "asked for changes later"),
        ("lin-x", None),
    ]


def test_what_no_person_stands_behind_does_not_count(ask: Asking, number: int) -> None:
    gone = ask.github.review(number, "gone-x")
    ask.github.change_review(number, gone, user=None)
    adrift = ask.github.review(number, "lin-x")
    ask.github.change_review(number, adrift, commit_id=None)
    ask.github.account("deploy", kind="Bot")
    ask.github.review(number, "deploy")
    ask.github.review(number, "helper[bot]")
    ask.github.review(number, "ada-x")
    answers = ask.answers(ask.github.event(number))
    assert [(claim.approver.name, claim.problem, claim.bot) for claim in answers.claims] == [
        ("a deleted account", "the account that gave this review is gone", False),
        ("lin-x", "the review names no commit that it was given on", False),
        ("deploy", None, True),
        ("helper[bot]", None, True),
        ("ada-x", None, False),
    ]


@pytest.mark.parametrize("association", ["NONE", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR"])
def test_a_stranger_who_holds_a_role_by_login_alone_is_pointed_out(ask: Asking, number: int, association: str) -> None:
    ask.github.review(number, "ada-x", association=association)
    ask.roles = {"ciso": {"members": [{"name": "Ada", "github": "Ada-X"}]}}
    event, ada = ask.github.event(number), ask.github.number_of("ada-x")
    answers = ask.answers(event)
    assert counting(answers) == ["ada-x"]
    assert len(answers.notes) == 1
    assert f"github_id: {ada}" in answers.notes[0]
    ask.roles = {"ciso": {"members": [{"name": "Ada", "github": "ada-x", "github_id": ada}]}}
    assert ask.answers(event).notes == ()
    ask.github.change_review(number, ask.github.pulls[number].reviews[0]["id"], author_association="MEMBER")
    ask.roles = {"ciso": {"members": [{"name": "Ada", "github": "ada-x"}]}}
    assert ask.answers(event).notes == ()


# hands and accounts


def test_the_opener_had_a_hand_in_everything(ask: Asking, number: int) -> None:
    answers = ask.answers(ask.github.event(number))
    assert answers.contributors == (
        ForgeContributor(person(ask.github, "bo-x"), f"opened pull request {number}", None),
    )


def test_the_opener_is_who_github_says_whatever_the_event_does(ask: Asking, number: int) -> None:
    event = ask.github.event(number)
    event["pull_request"]["user"] = ask.github.account("eve-x")
    assert [contributor.author.name for contributor in ask.answers(event).contributors] == ["eve-x", "bo-x"]


def test_whoever_pushed_had_a_hand_in_what_the_push_brought(ask: Asking, number: int) -> None:
    event = ask.github.event(number, "synchronize", sender="ada-x", before=C1, after=C2)
    ask.histories = {C1: (C1,), C2: (C2, C1)}
    pushed = _last_pusher(ask.answers(event))
    assert pushed.author.name == "ada-x"
    assert pushed.commits is not None
    assert [found.oid for found in pushed.commits] == [C2]
    for lost in ({C2: (C2, C1)}, {C1: (C1,)}):
        ask.histories = lost
        assert _last_pusher(ask.answers(event)).commits is None, "who cannot be held to a part is held to all"


def _last_pusher(answers: SourceAnswer) -> ForgeContributor:
    return next(contributor for contributor in answers.contributors if contributor.part.startswith("pushed last"))


def test_every_push_is_remembered_whatever_started_the_job(ask: Asking, number: int) -> None:
    ask.github.push(number, made(C3, BO), by="ada-x")
    ask.github.push(number, made(C4, BO))
    ask.histories = {C2: (C2, C1), C3: (C3, C2, C1), C4: (C4, C3, C2, C1)}
    ask.github.largest_page = 1
    answers = ask.answers(ask.github.event(number, "submitted", sender="ada-x"))
    brought = {
        contributor.author.name: [found.oid for found in contributor.commits or ()]
        for contributor in answers.contributors
        if "pushed" in contributor.part
    }
    assert brought == {"ada-x": [C3], "bo-x": [C4, C2, C1]}
    assert (answers.tells_hands, answers.notes) == (True, ())


def test_a_force_push_over_it_hides_nobody_who_pushed_before(ask: Asking, number: int) -> None:
    ask.github.push(number, made(C3, BO), by="ada-x")
    ask.github.push(number, made(C4, BO))
    ask.github.pulls[number].pushes[-1] = ("bo-x", "9" * 40, C4)
    ask.histories = {C2: (C2, C1), C3: (C3, C2, C1), C4: (C4, C3, C2, C1)}
    answers = ask.answers(ask.github.event(number))
    brought = {
        contributor.author.name: len(contributor.commits or ())
        for contributor in answers.contributors
        if "pushed" in contributor.part
    }
    assert brought == {"ada-x": 1, "bo-x": 4}


def test_pushes_that_may_not_be_read_are_a_note_and_an_outage_is_missing(ask: Asking, number: int) -> None:
    ask.histories = {C2: (C2, C1)}
    ask.github.fail("/activity", Answer(404, {"message": "Not Found"}), 1)
    answers = ask.answers(ask.github.event(number))
    assert (answers.tells_hands, answers.missing) == (False, ())
    assert "who pushed to pull request 1 is not known" in answers.notes[0]
    ask.github.fail("/activity", Answer(401, {"message": "Bad credentials"}))
    assert "who pushed to pull request 1" in ask.answers(ask.github.event(number)).missing[0]


def test_accounts_behind_addresses_are_told_for_every_commit_that_carries_them(ask: Asking, number: int) -> None:
    ask.github.account("ada-x", ADA)
    ask.github.push(number, made(C3, "Ada@Example.com", "noreply@github.com"))
    squashed = Commit(C4, (Author("Ada", "ADA@example.com"), Author("X", "x@example.com")), frozenset())
    ask.commits = (squashed, commit(C3, ADA), commit(C2), commit(C1))
    accounts = ask.answers(ask.github.event(number)).accounts
    ada, bo = person(ask.github, "ada-x"), person(ask.github, "bo-x")
    assert accounts == {(C1, BO): bo, (C2, BO): bo, (C3, ADA): ada, (C4, ADA): ada}


def test_commits_beyond_those_that_github_lists_are_asked_for_one_by_one(ask: Asking) -> None:
    oids = [f"{number:040x}" for number in range(252)]
    late = {oids[-2]: "late@example.com", oids[-1]: ADA}
    ask.github.account("ada-x", ADA)
    number = ask.github.pull("bo-x", [made(oid, late.get(oid, BO)) for oid in oids])
    ask.commits = tuple(commit(oid, late.get(oid, BO)) for oid in reversed(oids))
    answers = ask.answers(ask.github.event(number))
    assert answers.missing == ()
    assert answers.notes == (f"GitHub lists 250 of the 252 commits of pull request {number}",)
    assert (oids[-1], ADA) in answers.accounts
    assert len(ask.github.asked("/commits/")) == 2


def test_a_release_of_many_commits_is_asked_about_by_address(ask: Asking) -> None:
    """Whose an address is, one commit tells: 900 commits of few people are no more to ask than three."""
    oids = [f"{number:040x}" for number in range(900)]
    by = {oid: ADA if at >= 800 else BO for at, oid in enumerate(oids)}
    ask.github.account("ada-x", ADA)
    number = ask.github.pull("bo-x", [made(oid, by[oid]) for oid in oids])
    ask.commits = tuple(commit(oid, by[oid]) for oid in oids)
    ask.github.review(number, "lin-x")
    answers = ask.answers(ask.github.event(number))
    assert answers.missing == ()
    assert only(answers).unchecked is None
    assert len(ask.github.asked("/commits/")) == 1
    assert {answers.accounts[oid, by[oid]].account for oid in oids} == {"github:bo-x", "github:ada-x"}


def test_more_commits_than_anybody_asks_for_leave_reviews_unchecked(ask: Asking) -> None:
    oids = [f"{number:040x}" for number in range(501)]
    number = ask.github.pull("bo-x", [made(oid, f"{oid}@example.com") for oid in oids])
    ask.commits = tuple(commit(oid, f"{oid}@example.com") for oid in oids)
    ask.github.review(number, "ada-x")
    answers = ask.answers(ask.github.event(number))
    assert "too many to ask for" in answers.missing[0]
    assert only(answers).unchecked
    assert not answers.tells_hands


# teams


def test_members_of_a_team_hold_its_role_and_those_that_are_the_same(ask: Asking, number: int) -> None:
    ask.github.team("example-org/security", "ada-x")
    ask.github.team("example-org/security", "new-x", state="pending")
    ask.roles = {
        "ciso": {"teams": ["github:example-org/security"]},
        "deputy": {"same_as": "ciso"},
        "legal": {"teams": ["gitlab:example-org/law"]},
    }
    for login in ("ada-x", "new-x", "lin-x"):
        ask.github.review(number, login)
    answers = ask.answers(ask.github.event(number))
    ada = ask.github.number_of("ada-x")
    assert {role: [(p.github, p.github_id) for p in people] for role, people in answers.members.items()} == {
        "ciso": [("ada-x", ada)],
        "deputy": [("ada-x", ada)],
    }
    assert answers.missing == ()
    assert len(ask.github.asked("/memberships/")) == 3, "each is looked up once"


def test_nobody_is_looked_up_who_does_not_approve_or_holds_the_role_by_name(ask: Asking, number: int) -> None:
    ask.github.team("example-org/security", "ada-x", "lin-x", "helper[bot]")
    ada = ask.github.number_of("ada-x")
    ask.roles = {"ciso": {"members": [{"name": "Ada", "github_id": ada}], "teams": ["github:example-org/security"]}}
    ask.github.review(number, "ada-x")
    ask.github.review(number, "helper[bot]")
    ask.github.review(number, "lin-x", "CHANGES_REQUESTED")
    answers = ask.answers(ask.github.event(number))
    assert ask.github.asked("/orgs/") == []
    assert answers.missing == ()
    assert answers.members == {}


def test_a_team_that_the_token_may_not_see_is_missing_and_not_a_no(ask: Asking, number: int) -> None:
    ask.github.team("example-org/security", "ada-x")
    ask.roles = {"ciso": {"teams": ["github:example-org/security"]}}
    ask.github.review(number, "lin-x")
    event = ask.github.event(number)
    assert ask.answers(event).missing == (), "Lin is certainly not in it"
    ask.github.hidden_teams.add("example-org/security")
    hidden = ask.answers(event)
    ask.github.hidden_teams.clear()
    ask.github.fail("/memberships/", Answer(403, {"message": "Resource not accessible by integration"}))
    refused = ask.answers(event)
    for answers in (hidden, refused):
        assert len(answers.missing) == 1
        assert "read:org" in answers.missing[0]
        assert answers.members == {}
        assert counting(answers) == ["lin-x"], "what is certain stays"


def test_a_member_of_one_of_two_teams_needs_no_word_of_the_other(ask: Asking, number: int) -> None:
    ask.github.team("example-org/security", "ada-x")
    ask.roles = {"ciso": {"teams": ["github:example-org/gone", "github:example-org/security"]}}
    ask.github.review(number, "ada-x")
    answers = ask.answers(ask.github.event(number))
    assert answers.missing == ()
    assert [found.github for found in answers.members["ciso"]] == ["ada-x"]


@pytest.mark.parametrize("team", ["github:security", "github:a/b/c", "github:../b", "github:a/b?x"])
def test_a_malformed_team_is_noted_and_never_asked_for(ask: Asking, number: int, team: str) -> None:
    ask.roles = {"ciso": {"teams": [team]}}
    ask.github.review(number, "ada-x")
    answers = ask.answers(ask.github.event(number))
    assert len(answers.notes) == 1
    assert "names no team" in answers.notes[0]
    assert ask.github.asked("/orgs/") == []


# for which branch


@pytest.mark.parametrize("was_deleted", [False, True])
def test_t29_a_review_is_for_the_branch_that_it_was_given_for(ask: Asking, number: int, was_deleted: bool) -> None:
    ask.github.review(number, "ada-x")
    ask.github.review(number, "lin-x")
    ask.github.retarget(number, "main", was_deleted=was_deleted)
    ask.github.review(number, "lin-x")
    ask.github.review(number, "pat-x")
    answers = ask.answers(ask.github.event(number))
    assert counting(answers) == ["lin-x", "pat-x"]
    assert "was for another branch" in str(answers.claims[0].problem)


@pytest.mark.parametrize(("seconds", "expected"), [(-1, []), (0, []), (1, ["ada-x"])])
def test_t29_in_the_second_of_the_change_a_review_may_have_seen_either(
    ask: Asking, number: int, seconds: int, expected: list[str]
) -> None:
    ask.github.retarget(number, "main")
    changed = datetime.fromisoformat(ask.github.events[number][0]["created_at"])
    given = (changed + timedelta(seconds=seconds)).isoformat()
    ask.github.change_review(number, ask.github.review(number, "ada-x"), submitted_at=given)
    assert counting(ask.answers(ask.github.event(number))) == expected


def test_t29_the_change_of_branch_is_found_on_any_page(ask: Asking, number: int) -> None:
    ask.github.review(number, "ada-x")
    for event in ("labeled", "assigned", "base_ref_changed", "labeled", "ready_for_review"):
        ask.github.happens(number, event)
    ask.github.largest_page = 2
    assert counting(ask.answers(ask.github.event(number))) == []


def test_what_else_happens_to_a_pull_request_takes_no_review_away(ask: Asking, number: int) -> None:
    ask.github.retarget(number, "main")
    ask.github.review(number, "ada-x")
    ask.github.comment(number, "bo-x", "base_ref_changed")
    for event in ("automatic_base_change_failed", "base_ref_force_pushed", "renamed", "head_ref_force_pushed"):
        ask.github.happens(number, event)
    assert counting(ask.answers(ask.github.event(number))) == ["ada-x"]


@pytest.mark.parametrize("state", ["COMMENTED", "CHANGES_REQUESTED", "DISMISSED"])
def test_where_nobody_approves_nothing_is_asked_about_branches(ask: Asking, number: int, state: str) -> None:
    ask.github.retarget(number, "main")
    ask.github.review(number, "ada-x", state)
    ask.answers(ask.github.event(number))
    assert ask.github.asked("/events") == []


def test_with_what_reads_the_reviews_a_job_may_read_that_too(ask: Asking, number: int) -> None:
    ask.github.review(number, "ada-x")
    token = ask.github.grant("github-actions[bot]", "contents: read", "pull-requests: read")
    assert counting(ask.answers(ask.github.event(number), GITHUB_TOKEN=token)) == ["ada-x"]


@pytest.mark.parametrize("was_deleted", [None, False, True])
def test_where_the_api_of_issues_does_not_tell_graphql_does(ask: Asking, number: int, was_deleted: bool | None) -> None:
    ask.github.fail("/events", Answer(410, {"message": "Issues are disabled for this repo"}))
    ask.github.review(number, "ada-x")
    if was_deleted is not None:
        ask.github.retarget(number, "main", was_deleted=was_deleted)
    ask.github.review(number, "lin-x")
    answers = ask.answers(ask.github.event(number))
    assert counting(answers) == (["ada-x", "lin-x"] if was_deleted is None else ["lin-x"])
    assert len(ask.github.asked("/graphql")) == 1


def test_on_a_forge_that_keeps_no_events_reviews_count_and_a_note_says_so(ask: Asking, number: int) -> None:
    ask.github.fail("/events", Answer(404, {"message": "Not Found"}))
    ask.github.fail("/graphql", Answer(404, {"message": "Not Found"}))
    ask.github.review(number, "ada-x")
    answers = ask.answers(ask.github.event(number))
    assert counting(answers) == ["ada-x"]
    assert [note for note in answers.notes if "keeps no events" in note]


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"repository": {"pullRequest": {"timelineItems": {"nodes": [None]}}}}},
        {"data": {"repository": {"pullRequest": {"timelineItems": {"nodes": []}}}}, "errors": [{"message": "timeout"}]},
        {"data": {"repository": None}},
        {"data": None, "errors": [{"message": "no"}]},
    ],
)
def test_t29_half_an_answer_of_graphql_is_none(ask: Asking, number: int, answer: Any) -> None:
    ask.github.fail("/events", Answer(410, {"message": "Gone"}))
    ask.github.fail("/graphql", Answer(200, answer))
    ask.github.review(number, "ada-x")
    assert "switched off in this repository" in str(only(ask.answers(ask.github.event(number))).unchecked)


# answers that are missing


def test_every_page_is_read(ask: Asking, number: int) -> None:
    people = [f"p{n}-x" for n in range(7)]
    for login in people:
        ask.github.review(number, login)
    ask.github.largest_page = 3
    assert counting(ask.answers(ask.github.event(number))) == people
    assert len(ask.github.asked("/reviews")) == 3


_BROKEN = {
    "garbled": Answer(200, b'[{"id": 1, "sta'),
    "cut": Answer(200, [], cut=1),
    "text": Answer(200, b"<html>One moment</html>"),
    "no list": Answer(200, {"message": "?"}),
    "text among": Answer(200, ["APPROVED"]),
    "no ids": Answer(200, [{"state": "APPROVED"}]),
    "no state": Answer(200, [{"id": 1, "user": None}]),
    "odd state": Answer(200, [{"id": 1, "user": None, "state": "BLESSED", "submitted_at": "2026-01-01T00:00:00Z"}]),
    "no time": Answer(200, [{"id": 1, "user": None, "state": "APPROVED"}]),
    "odd time": Answer(200, [{"id": 1, "user": None, "state": "APPROVED", "submitted_at": "soon"}]),
    "odd user": Answer(200, [{"id": 1, "user": {"login": "x"}, "state": "APPROVED", "submitted_at": "2026-01-01"}]),
    "text for an error": Answer(400, '"no"'),
    "401": Answer(401, {"message": "Bad credentials"}),
    "403": Answer(403, {"message": "Resource not accessible by integration"}),
    "404": Answer(404, {"message": "Not Found"}),
    "429": Answer(429, {"message": "slow down"}, {"Retry-After": "3600"}),
    "500": Answer(500, {"message": "oops"}, {"Retry-After": "0"}),
    "elsewhere": Answer(302, None, {"Location": "https://example.com/"}),
}


@pytest.mark.parametrize("more", [0, 1, 100])
def test_t24_a_full_page_without_a_word_of_more_is_no_end(ask: Asking, number: int, more: int) -> None:
    """A proxy took the header away that tells of the next page, on which an approval is taken back."""
    ask.github.review(number, "ada-x")
    for _ in range(98 + more):
        ask.github.review(number, "sam-x", "COMMENTED")
    ask.github.review(number, "ada-x", "CHANGES_REQUESTED")
    first = ask.github.pulls[number].reviews[:100]
    ask.github.fail("/reviews", Answer(200, first), page="1")
    assert counting(ask.answers(ask.github.event(number))) == []
    assert len(ask.github.asked("/reviews")) == 2


@pytest.mark.parametrize("kind", _BROKEN)
@pytest.mark.parametrize("page", ["1", "2"])
def test_half_of_the_reviews_is_none(ask: Asking, number: int, kind: str, page: str) -> None:
    for login in ("ada-x", "lin-x", "pat-x"):
        ask.github.review(number, login)
    ask.github.largest_page = 2
    event = ask.github.event(number)
    assert len(counting(ask.answers(event))) == 3
    ask.github.fail("/reviews", _BROKEN[kind], page=page)
    answers = ask.answers(event)
    assert answers.claims == ()
    assert len(answers.missing) == 1
    assert answers.missing[0].startswith(f"the reviews of pull request {number} could not be read")
    assert ask.github.token not in repr(answers)


@pytest.mark.parametrize("kind", _BROKEN)
def test_nobody_counts_while_it_is_not_known_for_which_branch(ask: Asking, number: int, kind: str) -> None:
    ask.github.review(number, "ada-x")
    ask.github.tells_viewer = False
    ask.github.fail("/events", _BROKEN[kind])
    answers = ask.answers(ask.github.event(number))
    assert counting(answers) == []
    assert only(answers).unchecked
    assert ask.github.token not in repr(answers)


@pytest.mark.parametrize("part", ["/pulls/1", "/pulls/1/commits"])
@pytest.mark.parametrize("kind", ["garbled", "no list", "text among", "404", "500"])
def test_nobody_counts_while_it_is_not_known_who_wrote_what(ask: Asking, number: int, part: str, kind: str) -> None:
    ask.github.review(number, "ada-x")
    ask.github.fail(part, _BROKEN[kind])
    answers = ask.answers(ask.github.event(number))
    assert counting(answers) == []
    assert len(answers.missing) == 1
    assert not answers.tells_hands
    assert [contributor.author.name for contributor in answers.contributors] == ["bo-x"]


def test_fewer_commits_than_the_pull_request_says_are_missing(ask: Asking, number: int) -> None:
    ask.github.pulls[number].said_commits = 3
    assert "3 were promised, 2 came" in ask.answers(ask.github.event(number)).missing[0]


@pytest.mark.parametrize(
    "second",
    [
        Answer(200, []),
        Answer(200, [{"id": 1, "state": "APPROVED"}], {"Link": '<http://127.0.0.1/?page=3>; rel="next"'}),
    ],
)
def test_pages_that_do_not_follow_on_each_other_are_missing(ask: Asking, number: int, second: Answer) -> None:
    first = ask.github.review(number, "ada-x")
    ask.github.review(number, "lin-x")
    ask.github.change_review(number, first, id=1)
    ask.github.largest_page = 1
    ask.github.fail("/reviews", second, page="2")
    answers = ask.answers(ask.github.event(number))
    assert "changed meanwhile" in answers.missing[0]
    assert answers.claims == ()


def test_a_listing_that_ends_before_its_last_page_is_missing(ask: Asking, number: int) -> None:
    for login in ("ada-x", "lin-x", "pat-x"):
        ask.github.review(number, login)
    ask.github.largest_page = 1
    ask.github.fail("/reviews", Answer(200, [ask.github.pulls[number].reviews[1]]), page="2")
    assert "3 pages were promised, 2 came" in ask.answers(ask.github.event(number)).missing[0]


def test_a_rate_limit_says_until_when(ask: Asking, number: int) -> None:
    ask.github.fail("/pulls", limited(1_700_000_000))
    answers = ask.answers(ask.github.event(number))
    assert "used up until 2023-11-14T22:13:20Z" in answers.missing[0]
    assert len(ask.github.requests) == 1, "it is told at once"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_trying_again_does_not_mend_is_asked_once(ask: Asking, number: int, status: int) -> None:
    ask.github.fail("/pulls", Answer(status, {"message": "no"}, {"Retry-After": "0"}))
    assert len(ask.answers(ask.github.event(number)).missing) == 1
    assert len(ask.github.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_passes_is_tried_again_and_a_limited_number_of_times(ask: Asking, number: int, status: int) -> None:
    ask.github.review(number, "ada-x")
    answer = Answer(status, {"message": "later"}, {"Retry-After": "0"})
    ask.github.fail("/reviews", answer, times=TRIES - 1)
    assert counting(ask.answers(ask.github.event(number))) == ["ada-x"]
    assert len(ask.github.asked("/reviews")) == TRIES
    ask.github.requests.clear()
    ask.github.fail("/reviews", answer)
    assert len(ask.answers(ask.github.event(number)).missing) == 1
    assert len(ask.github.asked("/reviews")) == TRIES


def test_a_server_that_is_not_there_is_missing(ask: Asking, number: int) -> None:
    answers = ask.answers(ask.github.event(number), GITHUB_API_URL=f"http://127.0.0.1:{closed_port()}")
    assert "GitHub could not be reached" in answers.missing[0]


def test_a_server_that_failed_is_not_asked_for_anything_more(ask: Asking, number: int) -> None:
    ask.roles = {"ciso": {"teams": ["github:example-org/security", "github:example-org/deputies"]}}
    for login in ("ada-x", "lin-x", "pat-x"):
        ask.github.review(number, login)
    ask.github.fail("/orgs/", Answer(500, None, {"Retry-After": "0"}))
    answers = ask.answers(ask.github.event(number))
    assert len(ask.github.asked("/orgs/")) == TRIES
    assert len(answers.missing) == 6, "each look-up that was wanted is said"


def _pool(github: GitHub, waiting: Waiting) -> urllib3.HTTPConnectionPool:
    return urllib3.HTTPConnectionPool("127.0.0.1", int(github.url.rpartition(":")[2]), retries=bounded_retry(waiting))


def test_waiting_is_bounded_over_all_requests(github: GitHub) -> None:
    slept: list[float] = []
    waiting = Waiting(sleep=slept.append)
    github.fail("/slow", Answer(503, None, {"Retry-After": "12"}))
    github.fail("/hour", Answer(503, None, {"Retry-After": "3600"}))
    github.fail("/odd", Answer(503, None, {"Retry-After": "in a while"}))
    with _pool(github, waiting) as pool:
        assert pool.request("GET", "/hour").status == 503
        assert (slept, len(github.asked("/hour"))) == ([], 1), "a demand beyond the bound is not waited for"
        assert pool.request("GET", "/slow").status == 503
        assert (slept, len(github.asked("/slow"))) == ([12, 12], 3)
        assert pool.request("GET", "/slow").status == 503
        assert (slept, len(github.asked("/slow"))) == ([12, 12], 4), "what is left is not enough"
        assert pool.request("GET", "/odd").status == 503
        assert (slept, len(github.asked("/odd"))) == ([12, 12, 1.0], 3), "growing pauses where none is told"
    assert sum(slept) <= LONGEST_WAITING


def test_only_reading_is_tried_again(github: GitHub) -> None:
    github.fail("/", Answer(503, None, {"Retry-After": "0"}))
    with _pool(github, Waiting()) as pool:
        assert pool.request("POST", "/made").status == 503
    assert len(github.asked("/made")) == 1


# merge groups


def test_each_pull_request_of_a_group_is_heard_and_its_opener_held_to_its_commits(ask: Asking) -> None:
    one = ask.github.pull("bo-x", [made(C1, BO)])
    two = ask.github.pull("sam-x", [made(C2, "sam@example.com")])
    ask.github.review(one, "sam-x")
    ask.github.review(two, "bo-x")
    ask.commits = (commit(C4, is_merge=True), commit(C3, is_merge=True), commit(C2), commit(C1))
    ask.histories = {C1: (C1,)}
    answers = ask.answers(ask.github.group_event(C4, "0" * 40, two))
    assert answers.missing == ()
    assert sorted(counting(answers)) == ["bo-x", "sam-x"]
    contributors = {contributor.author.name: contributor for contributor in answers.contributors}
    assert contributors["bo-x"].commits == (commit(C1),)
    assert contributors["sam-x"].commits is None, "its head is not in this clone"
    assert contributors["sam-x"].part == f"opened pull request {two}"


def test_a_commit_of_a_group_that_no_pull_request_brought_is_missing(ask: Asking) -> None:
    one = ask.github.pull("bo-x", [made(C1, BO)])
    event = ask.github.group_event(C4, "0" * 40, one)
    ask.commits = (commit(C4), commit(C1))
    assert ask.answers(event).missing == (), "the group's own head is that of the pull request it is named after"
    ask.commits = (commit(C4), commit(C3), commit(C1))
    assert ask.answers(event).missing == (
        "commit 3333333 of the merge group belongs to no pull request that GitHub names",
    )


def test_pull_requests_that_are_not_in_the_group_lend_nobody(ask: Asking) -> None:
    one = ask.github.pull("bo-x", [made(C1, BO)])
    last = ask.github.pull("pat-x", [made(C3, "pat@example.com")])
    elsewhere = ask.github.pull("lin-x", [made(C1, BO)], base="release")
    dropped = ask.github.pull("sol-x", [made(C1, BO)])
    stacked = ask.github.pull("eve-x", [made(C1, BO), made(C2, BO)])
    ask.github.pulls[dropped].state = "closed"
    for number in (one, elsewhere, dropped, stacked):
        ask.github.review(number, f"reviewer{number}-x")
    ask.commits = (commit(C4, is_merge=True), commit(C3), commit(C1))
    answers = ask.answers(ask.github.group_event(C4, "0" * 40, last))
    assert counting(answers) == [f"reviewer{one}-x"]
    assert {contributor.author.name for contributor in answers.contributors} == {"pat-x", "bo-x"}


def test_t07_who_made_a_commit_that_a_queue_squashed_had_a_hand_in_all_of_it(ask: Asking) -> None:
    said = "Rank\n\nCo-authored-by: Lin Park <lin@example.com>"
    ask.github.account("ada-x", ADA)
    number = ask.github.pull("bo-x", [made(C1, ADA), made(C2, BO, message=said)])
    ask.commits = (commit(C4),)
    answers = ask.answers(ask.github.group_event(C4, "0" * 40, number))
    hands = {(it.author.email, it.author.account, it.part, it.commits) for it in answers.contributors}
    assert hands == {
        ("", "github:bo-x", f"opened pull request {number}", None),
        (ADA, "github:ada-x", f"wrote commit 1111111 of pull request {number}", None),
        (BO, "github:bo-x", f"wrote commit 2222222 of pull request {number}", None),
        ("lin@example.com", "", f"is a co-author of commit 2222222 of pull request {number}", None),
    }
    assert answers.unheld == (C2,), "with its head, who made what would be known"
    ask.histories = {C2: (C1, C2)}
    known = ask.answers(ask.github.group_event(C4, "0" * 40, number))
    assert [it.commits for it in known.contributors if it.part.startswith("wrote commit 1")] == [(commit(C1),)]
    assert known.unheld == ()


def test_a_group_without_a_token_is_missing(ask: Asking) -> None:
    answers = ask.answers(ask.github.group_event(C4, "0" * 40, 1), GITHUB_TOKEN="")
    assert "no token" in answers.missing[0]
    assert answers.contributors == ()


def test_a_group_is_missing_where_github_breaks_off(ask: Asking) -> None:
    one = ask.github.pull("bo-x", [made(C1, BO)])
    ask.github.review(one, "ada-x")
    ask.commits = (commit(C2), commit(C1))
    ask.github.fail(f"/commits/{C2}/pulls", Answer(500, None, {"Retry-After": "0"}))
    answers = ask.answers(ask.github.group_event(C4, "0" * 40, one))
    assert answers.missing == (
        "the pull requests of commit 2222222 could not be read: GitHub answered 500; "
        "run the job again when GitHub is well",
    )
