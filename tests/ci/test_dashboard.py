"""The one issue that lists a repository's debt. GitHub is a fake on loopback with issues of its own."""

from __future__ import annotations

import threading

import pytest
from fakes.forge_server import Answer, ForgeServer, closed_port
from fakes.github import GitHub, limited, made
from fakes.github_client import client_of, environment
from fakes.github_issues import meeting
from github import GithubException

from policy_gate.ci.github.debt_issue import TITLE, keep_dashboard
from policy_gate.forges import github as forge

pytestmark = [pytest.mark.contract_fake, pytest.mark.usefixtures("no_waiting")]

US = "github-actions[bot]"
MARKER = "<!-- policy-gate:debt -->"
OWED = f"{MARKER}\n**AI governance debt**: 2 things\n"
LESS = f"{MARKER}\n**AI governance debt**: 1 thing\n"
NONE = f"{MARKER}\n**AI governance debt**: none (3 systems)\n"
VERDICT_STANDS = "The verdict stands without it."


def keep(github: GitHub, text: str = OWED, has_debt: bool = True, **more: str) -> str:
    return keep_dashboard(environment(github) | more, text, has_debt)


def states(github: GitHub) -> dict[int, str]:
    return {number: str(found["state"]) for number, found in github.issues.items()}


# an independent client finds the fake to be what it expects


def test_pygithub_by_itself_keeps_an_issue_on_the_fake(github: GitHub) -> None:
    github.largest_page = 1
    pull = github.pull("bo-x", [made("1" * 40, "bo@example.com")])
    with client_of(github) as client:
        repository = client.get_repo(github.repository)
        issue = repository.create_issue("A title", body="one")
        assert (issue.number, issue.user.login, issue.state) == (pull + 1, US, "open")
        issue.edit(body="two", state="closed", state_reason="not_planned")
        assert (issue.state, issue.state_reason, issue.body) == ("closed", "not_planned", "two")
        github.issue("ada-x", "Another")
        listed = list(repository.get_issues(state="all", sort="created", direction="asc"))
        assert [found.number for found in listed] == [pull, pull + 1, pull + 2]
        assert [found.pull_request is not None for found in listed] == [True, False, False]
        assert [found.number for found in repository.get_issues(state="all", creator=US)] == [pull + 1]
        assert [found.number for found in repository.get_issues()] == [pull + 2, pull]
        assert github.pull("bo-x", [made("2" * 40, "bo@example.com")]) == pull + 3
        github.has_issues = False
        with pytest.raises(GithubException) as refused:
            list(repository.get_issues())
    assert refused.value.status == 410


# opened, updated, closed, reopened


def test_it_is_opened_with_the_first_debt_and_not_without(github: GitHub) -> None:
    assert keep(github, NONE, has_debt=False) == "dashboard: nothing is owed, so there is none"
    assert github.written() == []
    assert keep(github) == "dashboard: issue 1 opened"
    assert (github.issues[1]["title"], github.issues[1]["body"], states(github)) == (TITLE, OWED, {1: "open"})


def test_it_is_updated_and_what_stands_there_is_not_written_again(github: GitHub) -> None:
    keep(github)
    assert keep(github) == "dashboard: issue 1 is up to date"
    assert len(github.written()) == 1
    assert keep(github, LESS) == "dashboard: issue 1 updated"
    assert (github.issues[1]["body"], states(github)) == (LESS, {1: "open"})


def test_it_is_closed_when_nothing_is_owed_and_reopened_when_something_is(github: GitHub) -> None:
    keep(github)
    assert keep(github, NONE, has_debt=False) == "dashboard: issue 1 closed: nothing is owed"
    assert (github.issues[1]["body"], github.issues[1]["state_reason"]) == (NONE, "completed")
    before = len(github.written())
    assert keep(github, NONE, has_debt=False) == "dashboard: issue 1 is up to date"
    assert len(github.written()) == before
    assert keep(github) == "dashboard: issue 1 reopened"
    assert (github.issues[1]["body"], states(github)) == (OWED, {1: "open"})


def test_an_issue_that_a_person_closed_while_debt_is_left_is_reopened(github: GitHub) -> None:
    keep(github)
    github.issues[1]["state"] = "closed"
    assert keep(github) == "dashboard: issue 1 reopened"


def test_people_may_give_it_another_title(github: GitHub) -> None:
    keep(github)
    github.issues[1]["title"] = "What we owe"
    keep(github, LESS)
    assert github.issues[1]["title"] == "What we owe"


# ours is what our account opened


@pytest.mark.parametrize("forger", ["bo-x", "helper[bot]"])
@pytest.mark.parametrize("knows_apps", [True, False])
@pytest.mark.parametrize("has_debt", [True, False])
def test_t21_t42_an_issue_of_somebody_else_with_our_marker_is_neither_adopted_nor_in_the_way(
    github: GitHub, forger: str, knows_apps: bool, has_debt: bool
) -> None:
    github.knows_apps_as_creators = knows_apps
    forged = github.issue(forger, TITLE, NONE)
    keep(github, OWED if has_debt else NONE, has_debt)
    assert (github.issues[forged]["body"], github.issues[forged]["state"]) == (NONE, "open")
    assert [found["body"] for found in github.issues.values()] == [NONE, *([OWED] if has_debt else [])]
    control = github.issue(US, TITLE, OWED)
    keep(github, NONE, has_debt=False)
    assert github.issues[control]["state"] == "closed"
    assert github.issues[forged]["state"] == "open"


def test_a_pull_request_of_our_account_is_no_issue_of_ours(github: GitHub) -> None:
    pull = github.pull(US, [made("1" * 40, "bo@example.com")])
    listed = github.pulls_as_issues()[0] | {"body": OWED}
    github.fail("/issues", Answer(200, [listed]), times=1)
    assert keep(github) == f"dashboard: issue {pull + 1} opened"


@pytest.mark.parametrize("knows_apps", [True, False])
def test_it_is_found_among_others_also_where_the_server_knows_no_app_as_a_creator(
    github: GitHub, knows_apps: bool
) -> None:
    github.knows_apps_as_creators = knows_apps
    for turn in range(3):
        github.issue("ada-x", f"{turn}")
    github.issue(US, "Another job's", "of the same account")
    keep(github)
    assert keep(github, LESS) == "dashboard: issue 5 updated"
    assert keep(github, LESS) == "dashboard: issue 5 is up to date"
    assert len(github.issues) == 5


def test_ours_is_found_behind_250_others_of_the_same_account(github: GitHub) -> None:
    for turn in range(250):
        github.issue(US, f"{turn}", "a broken build")
    mine = github.issue(US, TITLE, OWED)
    assert keep(github, LESS) == f"dashboard: issue {mine} updated"


def test_where_not_all_issues_of_the_account_could_be_read_none_is_opened(
    github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forge, "PER_PAGE", 2)
    for turn in range(2 * forge.MOST_PAGES + 1):
        github.issue(US, f"{turn}")
    assert f"this account has opened more than {2 * forge.MOST_PAGES} issues" in keep(github)
    assert github.written() == []
    del github.issues[1]
    assert "opened" in keep(github)


def test_of_several_of_ours_the_oldest_stays_open(github: GitHub) -> None:
    mine = [github.issue(US, TITLE, OWED) for _ in range(3)]
    gone = github.issue(US, TITLE, OWED, state="closed")
    assert keep(github, LESS) == f"dashboard: issue {mine[0]} updated, and 2 more of ours closed"
    assert states(github) == {mine[0]: "open", mine[1]: "closed", mine[2]: "closed", gone: "closed"}
    assert github.issues[mine[1]]["state_reason"] == "not_planned"


def test_of_two_jobs_that_open_at_once_one_issue_stays_open(github: GitHub) -> None:
    together = meeting(2)
    for _ in range(2):
        github.before("POST", "/issues", together)
    jobs = [threading.Thread(target=keep, args=(github,)) for _ in range(2)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert states(github) == {1: "open", 2: "closed"}


# what GitHub refuses is a sentence, and no answer never closes it


@pytest.fixture
def kept(github: GitHub) -> GitHub:
    """With our issue open."""
    keep(github)
    github.requests.clear()
    return github


def refusal(github: GitHub, text: str = NONE, has_debt: bool = False, **more: str) -> str:
    said = keep(github, text, has_debt, **more)
    assert said.startswith("no dashboard was kept: ")
    assert said.endswith(VERDICT_STANDS)
    assert "\n" not in said
    assert github.token not in said
    return said


@pytest.mark.parametrize("has_debt", [True, False])
@pytest.mark.parametrize(
    "answer",
    [
        Answer(401, {"message": "Bad credentials"}),
        Answer(403, {"message": "Resource not accessible by integration"}),
        limited(0),
        Answer(404, {"message": "Not Found"}),
        Answer(422, {"message": "Validation Failed"}),
        Answer(429, {"message": "Too many requests"}),
        Answer(502, b"<html>"),
        Answer(200, b"<html>"),
        Answer(200, b""),
        Answer(200, b"{}"),
        Answer(200, b"null"),
        Answer(302, b"", {"Location": "http://localhost:9/"}),
    ],
    ids=lambda answer: f"{answer.status}-{len(answer.payload())}",
)
def test_t24_no_answer_never_closes_it_nor_opens_another(kept: GitHub, answer: Answer, has_debt: bool) -> None:
    kept.fail("/issues", answer)
    refusal(kept, LESS, has_debt)
    assert states(kept) == {1: "open"}
    assert kept.issues[1]["body"] == OWED
    assert kept.written() == []


def test_t24_no_server_never_closes_it(kept: GitHub) -> None:
    refusal(kept, GITHUB_API_URL=f"http://127.0.0.1:{closed_port()}")
    assert states(kept) == {1: "open"}


def test_an_empty_listing_opens_no_second_one_for_good(kept: GitHub) -> None:
    kept.fail("/issues", Answer(200, []), times=2)
    assert keep(kept, LESS) == "dashboard: issue 2 opened; issue 1 updated, and 1 more of ours closed"
    assert states(kept) == {1: "open", 2: "closed"}


def test_a_lost_answer_to_opening_it_is_not_sent_again(github: GitHub) -> None:
    github.before("POST", "/issues", lambda: github.fail("/issues", Answer(502), times=1))
    assert "opening it: GitHub answered 502" in refusal(github, OWED, True)
    assert len(github.written()) == 1


def test_a_token_without_the_permission_is_told_what_to_give_it(kept: GitHub) -> None:
    reader = kept.grant(US, "contents: read", "pull-requests: write", "issues: read")
    assert "`permissions: issues: write`" in refusal(kept, GITHUB_TOKEN=reader)
    assert states(kept) == {1: "open"}
    able = kept.grant(US, "issues: write")
    assert keep(kept, NONE, False, GITHUB_TOKEN=able) == "dashboard: issue 1 closed: nothing is owed"


def test_issues_that_are_switched_off_are_named(kept: GitHub) -> None:
    kept.has_issues = False
    assert "it is switched off in this repository, or deleted (410); switch it on" in refusal(kept)


def test_without_a_token_nobody_is_asked(kept: GitHub) -> None:
    assert "there is no token" in refusal(kept, GITHUB_TOKEN="")
    assert kept.requests == []


def test_the_token_goes_to_no_other_address(kept: GitHub) -> None:
    with ForgeServer() as other:
        kept.fail("/issues", Answer(301, b"", {"Location": f"{other.url}/issues"}))
        refusal(kept)
        assert other.requests == []
