"""GitLab as a source of approvals: what it makes of a merge request, asked through a fake (see fakes.gitlab)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fakes.forge_server import Answer
from fakes.gitlab import FORK, PROJECT, TOKEN, FakeGitlab, User
from scratch import Result, Scratch
from world import high_system, low_system, to_yaml

from policy_gate.approvals.gitlab import source
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer
from policy_gate.forges.gitlab import MOST_PAGES
from policy_gate.schema.people import Author, Commit, ForgeContributor
from policy_gate.schema.roles import Roles
from policy_gate.vcs.memory_tree import MemoryTree

pytestmark = pytest.mark.contract_fake

FIRST, SECOND, THIRD = "a" * 40, "b" * 40, "c" * 40
BO = Author("Bo Author", "bo@example.com")
ONE, TWO, MERGE = (
    Commit(FIRST, (BO,), frozenset({"governance.yaml"})),
    Commit(SECOND, (BO,), frozenset({"README.md"})),
    Commit(THIRD, (BO,), frozenset({"README.md"}), merge_of_git=True),
)
UP_TO: Mapping[str, tuple[Commit, ...]] = {FIRST: (ONE,), SECOND: (ONE, TWO), THIRD: (ONE, TWO, MERGE)}


@pytest.fixture
def gitlab(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitlab]:
    """A GitLab where bo has opened merge request 7 at the first commit."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FakeGitlab() as fake:
        fake.open(7, fake.user("bo", "Bo Author"), FIRST)
        yield fake


def roles(**held: Any) -> Roles:
    return Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": held})


def ask(
    gitlab: FakeGitlab, head: str = FIRST, held: Roles | None = None, token: str | None = TOKEN, **more: str
) -> SourceAnswer:
    """What the source hears of merge request 7 in a clone that holds the commits up to `head`."""
    query = ApprovalQuery(
        MemoryTree({}),
        MemoryTree({}),
        commits=UP_TO[head],
        roles=held,
        head=head,
        environment=gitlab.environment(7, token, **more),
        commits_to=UP_TO.get,
    )
    answers = source.fetch(query)
    assert answers is not None
    return answers


def by(gitlab: FakeGitlab, username: str) -> User:
    return next(user for user in gitlab.users if user.username == username)


def account(user: User) -> Author:
    return Author(user.name, "", f"gitlab:{user.username}", f"gitlab:{user.id}")


def test_outside_a_merge_request_pipeline_there_is_no_such_source(gitlab: FakeGitlab) -> None:
    for left_out in ("CI_MERGE_REQUEST_IID", "CI_PROJECT_ID", "CI_API_V4_URL"):
        environment = {name: value for name, value in gitlab.environment(7).items() if name != left_out}
        assert source.fetch(ApprovalQuery(MemoryTree({}), MemoryTree({}), environment=environment)) is None
    assert gitlab.requests == []


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"CI_OPEN_MERGE_REQUESTS": "acme/screener!7"}, "!7"),
        ({"CI_OPEN_MERGE_REQUESTS": "acme/screener!7,acme/fork!12"}, "!7, !12"),
        ({"CI_OPEN_MERGE_REQUESTS": "acme/screener!7\n::error::"}, None),
        ({"CI_OPEN_MERGE_REQUESTS": "acme/screener!7", "CI_MERGE_REQUEST_IID": "7"}, None),
        ({"CI_OPEN_MERGE_REQUESTS": "acme/screener!7", "GITLAB_CI": ""}, None),
        ({}, None),
    ],
)
def test_in_the_pipeline_of_a_branch_it_is_said_where_approvals_are_read(
    told: dict[str, str], named: str | None
) -> None:
    said = source.unread_in_branch({"GITLAB_CI": "true", **told})
    assert (said is None) is (named is None)
    assert said is None or f"approvals of {named} are read in a pipeline of the merge request" in said


def test_an_approval_is_a_claim_of_the_account_for_the_version_it_saw(gitlab: FakeGitlab) -> None:
    ada = gitlab.user("ada-x", "Ada Example")
    gitlab.approve(7, ada)
    answers = ask(gitlab)
    (claim,) = answers.claims
    assert (claim.source, claim.assurance, claim.approver) == ("gitlab-approvals", "verified", account(ada))
    assert (claim.role, claim.for_, claim.system, claim.digest, claim.commit) == (None, None, None, None, FIRST)
    assert (claim.approved_on, claim.bot, claim.problem, claim.unchecked) == (gitlab.now.date(), False, None, None)
    assert (answers.source, answers.missing, answers.notes) == ("gitlab-approvals", (), ())


def test_an_instance_at_a_path_of_its_server_is_asked_there(gitlab: FakeGitlab) -> None:
    gitlab.below = "/tools/gitlab"
    cy = gitlab.user("cy", email=BO.email)
    gitlab.addresses[7] = [BO.email]
    gitlab.approve(7, gitlab.user("ada"))
    answers = ask(gitlab)
    assert (len(answers.claims), answers.missing, answers.tells_hands) == (1, (), True)
    assert answers.accounts == {(FIRST, BO.email): account(cy)}
    assert all(request.path.startswith("/tools/gitlab/api/") for request in gitlab.requests)


def test_the_opener_and_the_pushers_are_hands(gitlab: FakeGitlab) -> None:
    cy = gitlab.user("cy")
    gitlab.push(7, cy, SECOND)
    answers = ask(gitlab, SECOND)
    bo = account(by(gitlab, "bo"))
    assert answers.contributors == (
        ForgeContributor(bo, "opened merge request !7", None),
        ForgeContributor(account(cy), "pushed to merge request !7", (TWO,)),
        ForgeContributor(bo, "pushed to merge request !7", (ONE,)),
    )
    assert answers.tells_hands


def test_whoever_starts_the_pipeline_again_has_pushed_nothing(gitlab: FakeGitlab) -> None:
    ada = gitlab.user("ada")
    answers = ask(gitlab, GITLAB_USER_LOGIN=ada.username, GITLAB_USER_ID=str(ada.id))
    assert account(ada) not in [contributor.author for contributor in answers.contributors]


def test_the_merge_request_of_a_fork_is_looked_up_in_the_project_it_goes_to(gitlab: FakeGitlab) -> None:
    answers = ask(gitlab, CI_PROJECT_ID=str(FORK), CI_MERGE_REQUEST_PROJECT_ID=str(PROJECT))
    assert not answers.missing
    assert ask(gitlab, CI_PROJECT_ID=str(FORK)).missing, "the fork itself has no merge request 7"


@pytest.mark.parametrize(("first", "head"), [("approve", FIRST), ("push", SECOND)])
def test_what_was_seen_is_the_version_of_that_moment(gitlab: FakeGitlab, first: str, head: str) -> None:
    ada, bo = gitlab.user("ada"), by(gitlab, "bo")
    acts = {"approve": lambda: gitlab.approve(7, ada), "push": lambda: gitlab.push(7, bo, SECOND)}
    acts[first]()
    acts["push" if first == "approve" else "approve"]()
    assert [claim.commit for claim in ask(gitlab, SECOND).claims] == [head]


@pytest.mark.parametrize(("later", "head"), [(-1, FIRST), (0, FIRST), (999, FIRST), (1000, SECOND)])
def test_an_approval_within_a_second_of_a_push_is_for_what_was_there_before(
    gitlab: FakeGitlab, later: int, head: str
) -> None:
    pushed = gitlab.now + timedelta(minutes=1)
    gitlab.push(7, by(gitlab, "bo"), SECOND, at=pushed)
    gitlab.approve(7, gitlab.user("ada"), at=pushed + timedelta(milliseconds=later))
    assert [claim.commit for claim in ask(gitlab, SECOND).claims] == [head]


def test_an_approval_from_before_the_first_version_is_for_nothing(gitlab: FakeGitlab) -> None:
    gitlab.approve(7, gitlab.user("ada"), at=gitlab.now - timedelta(minutes=1))
    (claim,) = ask(gitlab).claims
    assert (claim.commit, claim.problem) == ("", "given before there was anything to see in merge request !7")


class TestWhereApprovalsHaveNoDate:
    """Older editions: the moment comes from GitLab's own notes."""

    @pytest.fixture(autouse=True)
    def older(self, gitlab: FakeGitlab) -> None:
        gitlab.dates_approvals = False

    def test_the_note_of_an_approval_dates_it(self, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, gitlab.user("ada"))
        gitlab.push(7, by(gitlab, "bo"), SECOND)
        (claim,) = ask(gitlab, SECOND).claims
        assert (claim.commit, claim.unchecked) == (FIRST, None)

    def test_the_last_of_several_counts(self, gitlab: FakeGitlab) -> None:
        ada = gitlab.user("ada")
        gitlab.approve(7, ada)
        gitlab.unapprove(7, ada)
        gitlab.push(7, by(gitlab, "bo"), SECOND)
        gitlab.approve(7, ada)
        (claim,) = ask(gitlab, SECOND).claims
        assert (claim.commit, claim.problem) == (SECOND, None)

    def test_given_and_taken_back_in_one_instant_is_taken_back(self, gitlab: FakeGitlab) -> None:
        ada = gitlab.user("ada")
        for words in ("unapproved this merge request", "approved this merge request"):
            gitlab.merge_requests[7].notes.append((gitlab.now, ada, words, True))
        gitlab.rules[7] = [ada]
        assert [claim.problem for claim in ask(gitlab).claims] == ["took the approval of merge request !7 back"]

    def test_the_same_words_in_a_comment_are_only_words(self, gitlab: FakeGitlab) -> None:
        ada = gitlab.user("ada")
        gitlab.approve(7, ada)
        gitlab.push(7, by(gitlab, "bo"), SECOND)
        gitlab.comment(7, ada, "approved this merge request")
        gitlab.comment(7, by(gitlab, "bo"), "approved this merge request")
        assert [claim.commit for claim in ask(gitlab, SECOND).claims] == [FIRST]

    def test_notes_are_read_to_the_last_page(self, gitlab: FakeGitlab) -> None:
        gitlab.largest_page = 2
        gitlab.approve(7, gitlab.user("ada"))
        for number in range(5):
            gitlab.comment(7, by(gitlab, "bo"), f"remark {number}")
        gitlab.push(7, by(gitlab, "bo"), SECOND)
        assert [claim.commit for claim in ask(gitlab, SECOND).claims] == [FIRST]
        assert [request.query["page"] for request in gitlab.asked("/notes")] == ["1", "2", "3"]

    def test_notes_that_may_not_be_read_leave_it_unchecked(self, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, gitlab.user("ada"))
        gitlab.fail("/notes", Answer(403, {"message": "403 Forbidden"}))
        (claim,) = ask(gitlab).claims
        assert claim.commit == ""
        assert "does not tell when" in claim.unchecked

    def test_who_is_only_counted_by_a_rule_is_dated_by_a_note(self, gitlab: FakeGitlab) -> None:
        ada, cy = gitlab.user("ada"), gitlab.user("cy")
        gitlab.approve(7, ada)
        gitlab.unapprove(7, ada)
        gitlab.rules[7] = [ada, cy]
        claims = {claim.approver.account: claim for claim in ask(gitlab).claims}
        assert claims["gitlab:ada"].problem == "took the approval of merge request !7 back"
        assert "does not tell when" in claims["gitlab:cy"].unchecked


@pytest.mark.parametrize("was_deleted", [False, True])
def test_t29_one_for_another_branch_is_for_what_it_would_have_brought_there(
    gitlab: FakeGitlab, was_deleted: bool
) -> None:
    ada, bo = gitlab.user("ada"), by(gitlab, "bo")
    gitlab.merge_requests[7].target = "side"
    gitlab.approve(7, ada)
    gitlab.retarget(7, bo, "main", was_deleted=was_deleted)
    (claim,) = ask(gitlab).claims
    assert (claim.commit, claim.unchecked) == ("", None)
    assert "was for another branch" in str(claim.problem)
    gitlab.unapprove(7, ada)
    gitlab.approve(7, ada)
    (again,) = ask(gitlab).claims
    assert (again.commit, again.problem, again.unchecked) == (FIRST, None, None)


def test_t29_words_of_a_comment_or_a_title_retarget_nothing(gitlab: FakeGitlab) -> None:
    gitlab.approve(7, gitlab.user("ada"))
    bo = by(gitlab, "bo")
    gitlab.comment(7, bo, "changed target branch from `main` to `side`")
    gitlab.merge_requests[7].notes.append((gitlab.now, bo, "changed title to **changed target branch**", True))
    (claim,) = ask(gitlab).claims
    assert (claim.commit, claim.problem, claim.unchecked) == (FIRST, None, None)


def test_t29_notes_that_may_not_be_read_leave_a_dated_one_unchecked(gitlab: FakeGitlab) -> None:
    gitlab.approve(7, gitlab.user("ada"))
    gitlab.fail("/notes", Answer(403, {"message": "403 Forbidden"}))
    (claim,) = ask(gitlab).claims
    assert "another branch" in str(claim.unchecked)


def test_what_was_taken_back_is_no_approval(gitlab: FakeGitlab) -> None:
    ada = gitlab.user("ada")
    gitlab.approve(7, ada)
    assert len(ask(gitlab).claims) == 1
    gitlab.unapprove(7, ada)
    assert ask(gitlab).claims == ()


@pytest.mark.parametrize("status", [403, 404])
def test_an_edition_without_rules_is_as_good(gitlab: FakeGitlab, status: int) -> None:
    gitlab.approve(7, gitlab.user("ada"))
    gitlab.has_rules = False
    gitlab.fail("/approval_state", Answer(status, {"message": "no"}))
    answers = ask(gitlab)
    assert (len(answers.claims), answers.missing, answers.notes) == (1, (), ())


def test_an_approval_is_one_claim_however_many_rules_count_it(gitlab: FakeGitlab) -> None:
    gitlab.approve(7, gitlab.user("ada"))
    assert len(ask(gitlab).claims) == 1


@pytest.mark.parametrize(("username", "bot"), [("ada", False), ("renovate", True), ("project_42_bot_0af3", False)])
def test_t07_programs_are_told_from_people(gitlab: FakeGitlab, username: str, bot: bool) -> None:
    gitlab.approve(7, gitlab.user(username, bot=bot))
    assert [claim.bot for claim in ask(gitlab).claims] == [username != "ada"]


def test_a_hidden_profile_leaves_the_name_to_tell(gitlab: FakeGitlab) -> None:
    gitlab.approve(7, gitlab.user("ada"))
    gitlab.approve(7, gitlab.user("group_9_bot_1"))
    gitlab.fail("/users/", Answer(404, {"message": "404 User Not Found"}))
    answers = ask(gitlab)
    assert ([claim.bot for claim in answers.claims], answers.missing) == ([False, True], ())


class TestPushers:
    """Who pushed what, from push events."""

    def test_t07_somebody_who_pushes_under_another_name_is_known(self, gitlab: FakeGitlab) -> None:
        ada = gitlab.user("ada")
        gitlab.push(7, ada, SECOND)
        contributors = [
            contributor for contributor in ask(gitlab, SECOND).contributors if contributor.author == account(ada)
        ]
        assert [contributor.commits for contributor in contributors] == [(TWO,)]

    def test_h03_updating_the_branch_with_a_merge_is_no_hand(self, gitlab: FakeGitlab) -> None:
        ada = gitlab.user("ada")
        gitlab.push(7, by(gitlab, "bo"), SECOND)
        gitlab.push(7, ada, THIRD)
        answers = ask(gitlab, THIRD)
        assert account(ada) not in [contributor.author for contributor in answers.contributors]
        assert answers.tells_hands

    def test_pushes_from_before_the_merge_request_count(self, gitlab: FakeGitlab) -> None:
        ada, bo = gitlab.user("ada"), by(gitlab, "bo")
        gitlab.open(7, bo, FIRST, branch="other", pushed_by=ada)
        assert [contributor.author for contributor in ask(gitlab).contributors] == [account(bo), account(ada)]

    def test_all_pushes_from_before_the_merge_request_count(self, gitlab: FakeGitlab) -> None:
        ada, bo = gitlab.user("ada"), by(gitlab, "bo")
        gitlab.open(7, bo, FIRST, branch="other", pushed_by=ada)
        gitlab.push(7, bo, SECOND)
        gitlab.merge_requests[7].opened = gitlab.now + timedelta(minutes=1)
        found = {contributor.author: contributor.commits for contributor in ask(gitlab, SECOND).contributors[1:]}
        assert found == {account(bo): (TWO,), account(ada): (ONE,)}

    def test_other_branches_of_the_project_are_not_the_change(self, gitlab: FakeGitlab) -> None:
        gitlab.open(8, gitlab.user("eve"), FIRST, branch="elsewhere")
        assert "gitlab:eve" not in [contributor.author.account for contributor in ask(gitlab).contributors]

    def test_who_replaces_what_is_gone_answers_for_all_of_it(self, gitlab: FakeGitlab) -> None:
        ada, bo = gitlab.user("ada"), by(gitlab, "bo")
        gitlab.push(7, bo, "9" * 40)
        gitlab.push(7, ada, SECOND)
        contributors = [
            contributor for contributor in ask(gitlab, SECOND).contributors if contributor.author == account(ada)
        ]
        assert [contributor.commits for contributor in contributors] == [(ONE, TWO)]

    def test_a_push_to_many_branches_hides_nobody_silently(self, gitlab: FakeGitlab) -> None:
        gitlab.push(7, gitlab.user("ada"), SECOND, ref=None)
        answers = ask(gitlab, SECOND)
        assert answers.notes == (
            "who pushed to merge request !7 is not known for 1 of its commits: no push event names them",
        )
        assert not answers.tells_hands

    @pytest.mark.parametrize("status", [403, 404])
    def test_events_that_may_not_be_read_are_a_note(self, gitlab: FakeGitlab, status: int) -> None:
        gitlab.approve(7, gitlab.user("ada"))
        gitlab.fail("/events", Answer(status, {"message": "no"}))
        answers = ask(gitlab)
        assert (answers.missing, len(answers.claims), answers.tells_hands) == ((), 1, False)
        assert answers.notes == (
            f"who pushed to merge request !7 is not known: the events of its source project may not be read ({status})",
        )

    def test_a_fork_is_asked_for_its_own_events(self, gitlab: FakeGitlab) -> None:
        ada = gitlab.user("ada")
        gitlab.open(7, by(gitlab, "bo"), FIRST, source=FORK, pushed_by=ada)
        assert account(ada) in [contributor.author for contributor in ask(gitlab).contributors]
        assert [request.path for request in gitlab.asked("/events")] == [f"/api/v4/projects/{FORK}/events"]

    def test_older_events_are_read_only_as_far_as_needed(self, gitlab: FakeGitlab) -> None:
        gitlab.largest_page = 1
        gitlab.pushes[:0] = gitlab.pushes * 4
        gitlab.push(7, by(gitlab, "bo"), SECOND)
        assert ask(gitlab, SECOND).tells_hands
        assert len(gitlab.asked("/events")) == 2

    def test_a_project_with_endless_pushes_is_a_note(self, gitlab: FakeGitlab) -> None:
        gitlab.largest_page = 1
        for number in range(MOST_PAGES):
            gitlab.open(100 + number, gitlab.users[0], "9" * 40, branch=f"branch-{number}")
        answers = ask(gitlab)
        assert len(gitlab.asked("/events")) == MOST_PAGES
        assert answers.notes == (
            "who pushed to merge request !7 is not known beyond the newest pushes: "
            "its source project has too many to read",
        )
        assert (answers.missing, answers.tells_hands) == ((), False)


class TestGroups:
    """Roles that base gives to the members of a group."""

    def held(self, **more: Any) -> Roles:
        return roles(ciso={"teams": ["gitlab:acme/security", "github:acme/security"], **more}, dpo={"same_as": "ciso"})

    def test_a_member_of_the_group_holds_the_role_and_those_like_it(self, gitlab: FakeGitlab) -> None:
        ada, cy = gitlab.user("ada", "Ada Example"), gitlab.user("cy")
        gitlab.group("acme/security", ada)
        gitlab.approve(7, ada)
        gitlab.approve(7, cy)
        answers = ask(gitlab, held=self.held())
        found = {
            role: [(who.name, who.gitlab, who.gitlab_id) for who in held] for role, held in answers.members.items()
        }
        assert found == {role: [("Ada Example", "ada", ada.id)] for role in ("ciso", "dpo")}
        assert answers.missing == ()
        assert len(gitlab.asked(f"/members/all/{ada.id}")) == 1

    def test_membership_that_is_not_active_gives_no_role(self, gitlab: FakeGitlab) -> None:
        ada = gitlab.user("ada")
        gitlab.group("acme/security", ada, state="awaiting")
        gitlab.approve(7, ada)
        answers = ask(gitlab, held=self.held())
        assert (answers.members, answers.missing) == ({}, ())

    @pytest.mark.parametrize("status", [404, 403, 500])
    def test_t24_a_group_that_is_hidden_is_no_silent_no(self, gitlab: FakeGitlab, status: int) -> None:
        ada = gitlab.user("ada", "Ada Example")
        gitlab.approve(7, ada)
        if status != 404:
            gitlab.fail("/groups/", Answer(status, {"message": "no"}))
        answers = ask(gitlab, held=self.held())
        assert answers.members == {}
        assert len(answers.missing) == 1
        assert answers.missing[0].startswith("GitLab did not tell whether Ada Example is in the group acme/security: ")
        assert ("an access token of the group itself" in answers.missing[0]) is (status != 500)

    def test_a_program_is_looked_up_in_no_group(self, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, gitlab.user("renovate", bot=True))
        answers = ask(gitlab, held=self.held())
        assert (answers.missing, gitlab.asked("/groups/")) == ((), [])

    @pytest.mark.parametrize("named", [{"gitlab": "Ada"}, {"gitlab": "renamed", "gitlab_id": 101}])
    def test_somebody_whom_the_role_names_needs_no_group(self, gitlab: FakeGitlab, named: dict[str, Any]) -> None:
        ada = gitlab.user("ada")
        assert ada.id == 101
        gitlab.approve(7, ada)
        answers = ask(gitlab, held=self.held(members=[{"name": "Ada Example", **named}]))
        assert answers.missing == ()
        assert gitlab.asked("/groups/") == []

    def test_an_account_that_took_over_a_name_is_not_the_person(self, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, gitlab.user("ada"))
        answers = ask(gitlab, held=self.held(members=[{"name": "Ada Example", "gitlab": "ada", "gitlab_id": 5}]))
        assert len(answers.missing) == 1


class TestAccountsBehindCommits:
    """Addresses that GitLab knows an account for."""

    def test_an_address_is_the_account_that_has_confirmed_it(self, gitlab: FakeGitlab) -> None:
        gitlab.largest_page = 1
        cy = gitlab.user("cy", email=BO.email)
        gitlab.addresses[7] = ["stranger@example.com", BO.email.upper(), BO.email]
        answers = ask(gitlab, SECOND)
        assert answers.accounts == {(oid, BO.email): account(cy) for oid in (FIRST, SECOND)}
        assert (answers.missing, answers.notes) == ((), ())

    def test_an_address_that_nobody_confirmed_is_nobodys(self, gitlab: FakeGitlab) -> None:
        gitlab.addresses[7] = [BO.email]
        answers = ask(gitlab, SECOND)
        assert (answers.accounts, answers.missing, answers.notes) == ({}, (), ())

    @pytest.mark.parametrize("status", [403, 404])
    def test_a_token_without_the_right_is_a_note(self, gitlab: FakeGitlab, status: int) -> None:
        gitlab.fail("/graphql", Answer(status, {"message": "no"}))
        answers = ask(gitlab)
        assert (answers.accounts, answers.missing, len(answers.notes)) == ({}, (), 1)

    def test_an_edition_without_the_query_says_so(self, gitlab: FakeGitlab) -> None:
        gitlab.approve(7, gitlab.user("ada"))
        gitlab.knows_commits = False
        answers = ask(gitlab)
        assert answers.notes == (
            "GitLab did not tell whose addresses are in the commits of merge request !7: "
            "this GitLab does not answer that question",
        )
        assert (answers.missing, len(answers.claims)) == ((), 1)

    @pytest.mark.parametrize("answer", [Answer(500, {}), Answer(429, {}), Answer(200, {"data": []}), Answer(200, b"")])
    def test_t24_an_outage_is_missing(self, gitlab: FakeGitlab, answer: Answer) -> None:
        gitlab.approve(7, gitlab.user("ada"))
        gitlab.fail("/graphql", answer)
        answers = ask(gitlab)
        assert (len(answers.missing), len(answers.claims), answers.accounts) == (1, 1, {})


def test_h12_in_a_merge_train_the_opener_has_only_opened_their_own(gitlab: FakeGitlab) -> None:
    answers = ask(gitlab, SECOND, CI_MERGE_REQUEST_EVENT_TYPE="merge_train")
    assert answers.contributors[0] == ForgeContributor(account(by(gitlab, "bo")), "opened merge request !7", (ONE,))
    assert answers.notes == ("of the merge requests in this merge train, only the approvals of !7 were looked up",)
    assert not answers.tells_hands


def test_python_gitlab_finds_its_way_in_the_fake(gitlab: FakeGitlab) -> None:
    """The fake is asked by a client that was made for the real one, through its own objects."""
    import gitlab as library

    ada = gitlab.user("ada")
    gitlab.group("acme/security", ada)
    gitlab.approve(7, ada)
    gitlab.largest_page = 1
    gitlab.push(7, by(gitlab, "bo"), SECOND)
    with library.Gitlab(gitlab.url, private_token=TOKEN) as client:
        project = client.projects.get(PROJECT, lazy=True)
        request = project.mergerequests.get(7)
        assert (request.iid, request.author["username"], request.sha) == (7, "bo", SECOND)
        assert [item["user"]["username"] for item in request.approvals.get().approved_by] == ["ada"]
        assert request.approval_state.get().rules[0]["approved"] is True
        assert [item.head_commit_sha for item in request.diffs.list(get_all=True)] == [SECOND, FIRST]
        assert [item.body for item in request.notes.list(iterator=True)] == ["approved this merge request"]
        events = project.events.list(action="pushed", get_all=True)
        assert [item.push_data["commit_to"] for item in events] == [SECOND, FIRST]
        assert client.users.get(ada.id).bot is False
        assert client.groups.get("acme/security").members_all.get(ada.id).state == "active"
    with library.Gitlab(gitlab.url, private_token=TOKEN[:-1]) as stranger:
        requests = stranger.projects.get(PROJECT, lazy=True).mergerequests
        with pytest.raises(library.GitlabAuthenticationError):
            requests.get(7)


class TestThroughTheCommand:
    """A small system is declared, which one approval by the AI safety lead must settle."""

    @pytest.fixture
    def lead(self, gitlab: FakeGitlab) -> User:
        return gitlab.user("rae", "Rae Kim")

    @pytest.fixture
    def repo(self, scratch: Scratch, gitlab: FakeGitlab, lead: User) -> Scratch:
        """`main` names accounts for roles; `work` declares the system, opened as merge request 7 by bo."""
        held = {"name": "Rae Kim", "email": "rae@example.com", "gitlab": lead.username, "gitlab_id": lead.id}
        policy = to_yaml({"schema": "policy-gate/roles/v1", "roles": {"ai-safety-lead": {"members": [held]}}})
        scratch.adopt(high_system("development"), files={"policies/roles.yaml": policy})
        scratch.branch()
        scratch.declare(low_system("development"))
        gitlab.open(7, by(gitlab, "bo"), scratch.commit("A small helper"))
        return scratch

    def check(self, repo: Scratch, gitlab: FakeGitlab, **more: str) -> Result:
        repo.git("update-ref", "refs/remotes/origin/main", "main")
        return repo.check(**gitlab.environment(7, **more))

    def test_an_approval_by_the_holder_of_the_role_counts(self, repo: Scratch, gitlab: FakeGitlab, lead: User) -> None:
        assert self.check(repo, gitlab).code == 1
        gitlab.approve(7, lead)
        found = self.check(repo, gitlab)
        assert (found.code, found.verdict) == (0, "pass"), found

    def test_t07_the_openers_own_does_not(self, repo: Scratch, gitlab: FakeGitlab, lead: User) -> None:
        gitlab.open(7, lead, repo.git("rev-parse", "HEAD"), pushed_by=by(gitlab, "bo"))
        gitlab.approve(7, lead)
        found = self.check(repo, gitlab)
        assert found.code == 1
        assert "opened merge request !7" in str(found.finding("first-classification")["claims"])

    def test_t07_nor_that_of_who_pushed_it_under_another_name(
        self, repo: Scratch, gitlab: FakeGitlab, lead: User
    ) -> None:
        gitlab.open(7, by(gitlab, "bo"), repo.git("rev-parse", "HEAD"), branch="again", pushed_by=lead)
        gitlab.approve(7, lead)
        found = self.check(repo, gitlab)
        assert found.code == 1
        assert "pushed to merge request !7" in str(found.finding("first-classification")["claims"])

    def test_somebody_elses_does_not(self, repo: Scratch, gitlab: FakeGitlab, lead: User) -> None:
        gitlab.approve(7, gitlab.user("rae-kim", "Rae Kim"))
        assert self.check(repo, gitlab).code == 1

    def test_t07_a_program_does_not(self, repo: Scratch, gitlab: FakeGitlab, lead: User) -> None:
        gitlab.users[gitlab.users.index(lead)] = replace(lead, bot=True)
        gitlab.approve(7, lead)
        found = self.check(repo, gitlab)
        assert found.code == 1
        assert "a bot cannot approve" in str(found.finding("first-classification")["claims"])

    @pytest.mark.parametrize("dated", [True, False])
    def test_t08_a_governed_push_after_it_voids_it(
        self, repo: Scratch, gitlab: FakeGitlab, lead: User, dated: bool
    ) -> None:
        gitlab.dates_approvals = dated
        gitlab.approve(7, lead)
        repo.edit("SYS-003", description="Decides about people")
        gitlab.push(7, by(gitlab, "bo"), repo.commit("Reworded"))
        assert self.check(repo, gitlab).code == 1
        gitlab.approve(7, lead)
        assert self.check(repo, gitlab).code == 0

    @pytest.mark.parametrize("dated", [True, False])
    def test_h03_an_ungoverned_push_after_it_does_not(
        self, repo: Scratch, gitlab: FakeGitlab, lead: User, dated: bool
    ) -> None:
        gitlab.dates_approvals = dated
        gitlab.approve(7, lead)
        gitlab.push(7, by(gitlab, "bo"), repo.commit("Notes", files={"NOTES.md": "# Notes\n"}))
        found = self.check(repo, gitlab)
        assert found.code == 0, found

    def test_one_that_was_taken_back_does_not(self, repo: Scratch, gitlab: FakeGitlab, lead: User) -> None:
        gitlab.approve(7, lead)
        gitlab.unapprove(7, lead)
        assert self.check(repo, gitlab).code == 1

    def test_one_whose_moment_is_not_told_is_undecided(self, repo: Scratch, gitlab: FakeGitlab, lead: User) -> None:
        gitlab.approve(7, lead)
        gitlab.dates_approvals = False
        gitlab.fail("/notes", Answer(403, {"message": "403 Forbidden"}))
        found = self.check(repo, gitlab)
        assert (found.code, found.verdict) == (3, "undecided")

    def test_starting_the_pipeline_again_bars_nobody(self, repo: Scratch, gitlab: FakeGitlab, lead: User) -> None:
        gitlab.approve(7, lead)
        found = self.check(repo, gitlab, GITLAB_USER_LOGIN=lead.username, GITLAB_USER_ID=str(lead.id))
        assert found.code == 0, found

    def by_group(self, repo: Scratch) -> None:
        """The role is a group's, so nobody's address is known from base."""
        policy = to_yaml(
            {"schema": "policy-gate/roles/v1", "roles": {"ai-safety-lead": {"teams": ["gitlab:acme/safety"]}}}
        )
        repo.checkout("main")
        repo.commit("Safety is a group", by="Rae Kim", files={"policies/roles.yaml": policy})
        repo.checkout("work")

    def test_a_member_of_the_roles_group_counts(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        self.by_group(repo)
        gitlab.users[0] = replace(gitlab.users[0], email="bo@example.com")
        gitlab.addresses[7] = ["bo@example.com"]
        cy = gitlab.user("cy", "Cy Moss")
        gitlab.group("acme/safety")
        gitlab.approve(7, cy)
        assert self.check(repo, gitlab).code == 1
        gitlab.group("acme/safety", cy)
        found = self.check(repo, gitlab)
        assert found.code == 0, found

    def test_t07_but_not_where_a_commit_is_under_their_other_address(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        self.by_group(repo)
        cy = gitlab.user("cy", "Cy Moss", email="bo@example.com")
        gitlab.addresses[7] = ["bo@example.com"]
        gitlab.group("acme/safety", cy)
        gitlab.approve(7, cy)
        found = self.check(repo, gitlab)
        assert found.code == 1
        assert "wrote commit" in str(found.finding("first-classification")["claims"])

    def test_where_no_account_is_known_for_a_commit_it_is_undecided(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        self.by_group(repo)
        cy = gitlab.user("cy", "Cy Moss")
        gitlab.group("acme/safety", cy)
        gitlab.approve(7, cy)
        assert self.check(repo, gitlab).code == 3
