"""The one comment that is kept on a pull request. GitHub is a fake on loopback with a conversation of its own."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest
from fakes.forge_server import Answer, ForgeServer, closed_port
from fakes.github import GitHub, limited, made
from fakes.github_client import client_of, environment
from fakes.github_issues import meeting
from github import GithubException

from policy_gate.ci.github.comments import keep_comment
from policy_gate.forges import github as forge

pytestmark = [pytest.mark.contract_fake, pytest.mark.usefixtures("no_waiting")]

US = "github-actions[bot]"
MARKER = "<!-- policy-gate:comment -->"
BLOCKED = f"{MARKER}\n**policy-gate: BLOCKED**, 2 things to do\n"
PASSED = f"{MARKER}\n**policy-gate: PASS** all is well\n"
C1, C2 = "1" * 40, "2" * 40
VERDICT_STANDS = "The verdict stands without it."


@pytest.fixture
def number(github: GitHub) -> int:
    """A pull request by Bo."""
    return github.pull("bo-x", [made(C1, "bo@example.com")])


def keep(github: GitHub, number: int, text: str = BLOCKED, is_needed: bool = True, head: str = "", **more: str) -> str:
    return keep_comment(environment(github) | more, number, text, is_needed, head)


def ids(github: GitHub) -> list[int]:
    return sorted(github.comments)


# an independent client finds the fake to be what it expects


def test_pygithub_by_itself_holds_a_conversation_on_the_fake(github: GitHub, number: int) -> None:
    github.largest_page = 2
    with client_of(github) as client:
        conversation = client.get_repo(github.repository).get_issue(number)
        assert conversation.pull_request is not None
        for text in ("one", "two", "three"):
            assert conversation.create_comment(text).user.login == US
        listed = list(conversation.get_comments())
        assert [found.body for found in listed] == ["one", "two", "three"]
        listed[0].edit("one, better")
        listed[1].delete()
        assert github.said(number) == ["one, better", "three"]
        with pytest.raises(GithubException) as gone:
            listed[1].delete()
        assert gone.value.status == 404
        with pytest.raises(GithubException) as refused:
            conversation.create_comment("x" * 65_537)
        assert refused.value.status == 422
        github.locked.add(number)
        with pytest.raises(GithubException, match="locked"):
            conversation.create_comment("x")


def test_the_fake_tells_a_job_who_it_is_by_graphql_alone_and_a_person_either_way(github: GitHub) -> None:
    with client_of(github) as client, pytest.raises(GithubException) as refused:
        assert client.get_user().login
    assert refused.value.status == 403
    person = github.grant("ada-x", "issues: write", is_of_a_job=False)
    with client_of(github, person) as client:
        assert client.get_user().login == "ada-x"
        assert client.requester.graphql_query("query { viewer { login } }", {})[1]["data"]["viewer"]["login"] == "ada-x"


def test_the_fake_lets_a_token_do_what_it_was_granted(github: GitHub, number: int) -> None:
    reader = github.grant("helper[bot]", "pull-requests: read")
    with client_of(github, reader) as client:
        conversation = client.get_repo(github.repository).get_issue(number)
        assert list(conversation.get_comments()) == []
        with pytest.raises(GithubException) as refused:
            conversation.create_comment("x")
    assert refused.value.status == 403


# written where there is something to tell, and kept


def test_it_is_written_only_where_there_is_something_to_tell(github: GitHub, number: int) -> None:
    assert "nothing to tell" in keep(github, number, PASSED, is_needed=False)
    assert github.written() == []
    assert keep(github, number) == f"comment on pull request {number}: written"
    assert github.said(number) == [BLOCKED]


def test_it_is_updated_from_then_on_also_where_nothing_is_left_to_tell(github: GitHub, number: int) -> None:
    keep(github, number)
    assert keep(github, number, PASSED, is_needed=False).endswith(": updated")
    assert github.said(number) == [PASSED]
    assert keep(github, number).endswith(": updated")
    assert github.said(number) == [BLOCKED]


def test_it_is_never_repeated_and_what_stands_there_is_not_written_again(github: GitHub, number: int) -> None:
    keep(github, number)
    first = len(github.written())
    assert keep(github, number).endswith(": up to date")
    assert len(github.written()) == first == 1


def test_line_breaks_that_githubs_editor_changes_are_no_difference(github: GitHub, number: int) -> None:
    github.comment(number, US, BLOCKED.rstrip().replace("\n", "\r\n"))
    assert keep(github, number).endswith(": up to date")
    github.comment(number, US, PASSED.replace("\n", "\r\n"))
    assert "1 more of ours deleted" in keep(github, number)


def test_a_comment_of_ours_that_a_maintainer_changed_is_put_right(github: GitHub, number: int) -> None:
    keep(github, number)
    github.comments[ids(github)[0]]["body"] = PASSED
    keep(github, number)
    assert github.said(number) == [BLOCKED]


def test_each_pull_request_has_its_own(github: GitHub, number: int) -> None:
    other = github.pull("bo-x", [made(C2, "bo@example.com")])
    keep(github, number)
    keep(github, other, PASSED)
    assert (github.said(number), github.said(other)) == ([BLOCKED], [PASSED])


def test_a_comment_with_another_marker_of_ours_is_another_comment(github: GitHub, number: int) -> None:
    github.comment(number, US, "<!-- policy-gate:debt -->\nowed")
    keep(github, number)
    assert github.said(number) == ["<!-- policy-gate:debt -->\nowed", BLOCKED]


@pytest.mark.parametrize("text", ["**policy-gate: PASS**", "", "<!-- other -->\nx", f"x\n{MARKER}"])
def test_a_text_without_its_marker_is_a_bug_of_the_caller(github: GitHub, number: int, text: str) -> None:
    with pytest.raises(ValueError, match="begins with a line that marks it"):
        keep(github, number, text)
    assert github.requests == []


# ours is what our account wrote


@pytest.mark.parametrize("forger", ["bo-x", "helper[bot]", "dependabot[bot]", "github-actions"])
@pytest.mark.parametrize("is_needed", [True, False])
def test_t21_t42_a_marker_that_somebody_else_posts_is_neither_adopted_nor_in_the_way(
    github: GitHub, number: int, forger: str, is_needed: bool
) -> None:
    forged = github.comment(number, forger, PASSED)
    keep(github, number, BLOCKED, is_needed)
    assert github.said(number) == [PASSED, *([BLOCKED] if is_needed else [])]
    assert not [found for found in github.written() if found.path.endswith(f"/{forged}")]
    control = github.comment(number, US, PASSED)
    keep(github, number, BLOCKED, is_needed)
    assert PASSED not in github.said(number)[1:]
    assert github.comments[forged]["body"] == PASSED
    assert (control in github.comments) is not is_needed


@pytest.mark.parametrize("around", ["> {}\n> quoted", "see\n{}\n", "{} and more", " {}\nx"])
def test_t21_our_marker_in_another_place_than_the_first_line_is_no_mark(
    github: GitHub, number: int, around: str
) -> None:
    said = around.format(MARKER)
    github.comment(number, US, said)
    keep(github, number)
    assert github.said(number) == [said, BLOCKED]


def test_the_account_of_another_token_keeps_its_own(github: GitHub, number: int) -> None:
    keep(github, number)
    token = github.grant("helper[bot]", "pull-requests: write")
    assert keep(github, number, PASSED, GITHUB_TOKEN=token).endswith(": written")
    assert github.said(number) == [BLOCKED, PASSED]


def test_a_person_s_token_is_known_where_graphql_is_not(github: GitHub, number: int) -> None:
    github.tells_viewer = False
    token = github.grant("Ada-X", "pull-requests: write", is_of_a_job=False)
    assert keep(github, number, GITHUB_TOKEN=token).endswith(": written")
    assert keep(github, number, GITHUB_TOKEN=token).endswith(": up to date")
    assert github.asked("/user")


def test_a_job_that_cannot_learn_its_account_writes_nothing(github: GitHub, number: int) -> None:
    github.tells_viewer = False
    said = keep(github, number)
    assert "the account that the token writes as" in said
    assert VERDICT_STANDS in said
    assert github.written() == []


def test_ours_is_found_behind_250_others(github: GitHub, number: int) -> None:
    for turn in range(125):
        github.comment(number, "bo-x", f"{turn}")
    mine = github.comment(number, US, PASSED)
    for turn in range(125):
        github.comment(number, "eve-x", PASSED if turn % 2 else "talk")
    late = github.comment(number, US, PASSED)
    assert keep(github, number).endswith("updated, and 1 more of ours deleted")
    assert github.comments[mine]["body"] == BLOCKED
    assert late not in github.comments
    assert len(github.said(number)) == 251


def test_where_not_all_comments_could_be_read_none_is_added(
    github: GitHub, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forge, "PER_PAGE", 2)
    for turn in range(2 * forge.MOST_PAGES + 1):
        github.comment(number, "bo-x", f"{turn}")
    said = keep(github, number)
    assert f"more than {2 * forge.MOST_PAGES} comments, and none of the first is ours" in said
    assert github.written() == []
    github.comments.popitem()
    assert keep(github, number).endswith(": written")


def test_of_several_of_ours_the_oldest_stays(github: GitHub, number: int) -> None:
    mine = [github.comment(number, US, PASSED) for _ in range(4)]
    theirs = github.comment(number, "bo-x", "talk")
    assert keep(github, number).endswith("updated, and 3 more of ours deleted")
    assert ids(github) == [mine[0], theirs]
    assert github.comments[mine[0]]["body"] == BLOCKED


# others at the same time


def test_one_that_is_deleted_meanwhile_is_a_sentence_and_comes_back_with_the_next_run(
    github: GitHub, number: int
) -> None:
    mine = github.comment(number, US, PASSED)
    github.before("PATCH", f"/{mine}", lambda: github.comments.pop(mine))
    said = keep(github, number)
    assert "updating it: it is not there" in said
    assert VERDICT_STANDS in said
    assert github.said(number) == []
    assert keep(github, number).endswith(": written")


def test_a_twin_that_another_job_deleted_first_is_no_failure(github: GitHub, number: int) -> None:
    first, twin = (github.comment(number, US, BLOCKED) for _ in range(2))
    github.before("DELETE", f"/{twin}", lambda: github.comments.pop(twin))
    assert keep(github, number).endswith("up to date, and 1 more of ours deleted")
    assert ids(github) == [first]


def test_of_two_jobs_that_write_at_once_one_comment_is_left(github: GitHub, number: int) -> None:
    together = meeting(2)
    for _ in range(2):
        github.before("POST", "/comments", together)
    said: list[str] = []
    jobs = [threading.Thread(target=lambda: said.append(keep(github, number))) for _ in range(2)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert len(github.written("POST")) == 2
    assert github.said(number) == [BLOCKED]
    assert all(f"comment on pull request {number}: written" in sentence for sentence in said)
    assert any("1 more of ours deleted" in sentence for sentence in said)


def test_a_comment_that_cannot_be_looked_for_again_was_still_written(github: GitHub, number: int) -> None:
    github.before("GET", "/comments", lambda: None)
    github.before("GET", "/comments", lambda: github.fail("/comments", Answer(404)))
    assert keep(github, number) == f"comment on pull request {number}: written"
    assert len(github.asked("/comments")) == 3
    assert github.said(number) == [BLOCKED]


@pytest.mark.parametrize(("head", "is_silent"), [(C1, True), (C2, False), ("", False)])
def test_t29_a_job_about_an_older_commit_is_silent(github: GitHub, number: int, head: str, is_silent: bool) -> None:
    github.comment(number, US, BLOCKED)
    github.push(number, made(C2, "bo@example.com"))
    said = keep(github, number, PASSED, head=head)
    assert ("has another commit by now" in said) is is_silent
    assert github.said(number) == [BLOCKED if is_silent else PASSED]
    assert bool(github.written()) is not is_silent


# what GitHub refuses is a sentence


def refusal(github: GitHub, number: int, is_needed: bool = True, **more: str) -> str:
    """The one sentence of a run that could not keep its comment."""
    said = keep(github, number, is_needed=is_needed, **more)
    assert said.startswith(f"no comment was kept on pull request {number}: ")
    assert said.endswith(VERDICT_STANDS)
    assert "\n" not in said
    assert github.token not in said
    return said


@pytest.mark.parametrize(
    ("status", "message", "said"),
    [
        (401, "Bad credentials", "does not accept the token (401)"),
        (403, "Resource not accessible by integration", "give the job `permissions: pull-requests: write`"),
        (403, "You have exceeded a secondary rate limit", "asks for fewer requests (403)"),
        (404, "Not Found", "not there, or hidden from the token (404)"),
        (410, "This issue was deleted", "switched off in this repository, or deleted (410)"),
        (422, "Validation Failed", "GitHub answered 422"),
        (429, "Too many requests", "asks for fewer requests (429)"),
        (500, "", "GitHub answered 500; run the job again when GitHub is well"),
        (502, "", "GitHub answered 502; run the job again when GitHub is well"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_t24_each_refusal_is_a_sentence_and_no_exception(
    github: GitHub, number: int, method: str, status: int, message: str, said: str
) -> None:
    if method == "PATCH":
        github.comment(number, US, PASSED)
    refused = Answer(status, {"message": f"{message}\n::error::forged"})
    part = {"GET": "/comments", "POST": "/comments", "PATCH": "/issues/comments/"}[method]
    if method == "POST":
        github.before("POST", "/comments", lambda: github.fail(part, refused, times=1))
    else:
        github.fail(part, refused)
    told = refusal(github, number)
    assert said in told
    assert "forged" not in told
    assert github.said(number) == ([PASSED] if method == "PATCH" else [])
    assert len(github.written()) == (0 if method == "GET" else 1), "what a write came to is not known: never again"


def test_t24_a_rate_limit_that_is_used_up_is_named(github: GitHub, number: int) -> None:
    github.fail("/comments", limited(0))
    assert "asks for fewer requests" in refusal(github, number)


def test_a_locked_conversation_is_named_and_takes_an_open_one_as_control(github: GitHub, number: int) -> None:
    github.locked.add(number)
    assert "the conversation is locked (403); unlock it, or do without" in refusal(github, number)
    github.locked.clear()
    assert keep(github, number).endswith(": written")


def test_a_token_that_only_reads_is_told_what_to_give_it(github: GitHub, number: int) -> None:
    token = github.grant(US, "contents: read", "pull-requests: read")
    assert "`permissions: pull-requests: write`" in refusal(github, number, GITHUB_TOKEN=token)
    assert "nothing to tell" in keep(github, number, is_needed=False, GITHUB_TOKEN=token)
    able = github.grant(US, "pull-requests: write")
    assert keep(github, number, GITHUB_TOKEN=able).endswith(": written")


@pytest.mark.parametrize("body", [b"<html>a proxy", b"", b"[", b'{"id": "x"}', b'"text"', b"null", b"{}"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_t24_an_answer_that_cannot_be_read_is_a_sentence(github: GitHub, number: int, method: str, body: bytes) -> None:
    odd = Answer(200, body, {"Content-Type": "application/json"})
    if method == "GET":
        github.fail("/comments", odd)
    else:
        github.before("POST", "/comments", lambda: github.fail("/comments", odd, times=1))
    refusal(github, number)
    assert len(github.written()) == (1 if method == "POST" else 0)


@pytest.mark.parametrize("item", [None, 5, {}, {"id": 1}, {"id": 1, "user": {"login": 5}, "body": 5}, {"id": "1"}])
def test_t24_items_without_author_or_text_are_nobodys(github: GitHub, number: int, item: Any) -> None:
    github.fail("/comments", Answer(200, [item]), times=1)
    assert keep(github, number).endswith(": written")


def test_t24_no_server_is_a_sentence(github: GitHub, number: int) -> None:
    told = refusal(github, number, GITHUB_API_URL=f"http://127.0.0.1:{closed_port()}")
    assert "the account that the token writes as: GitHub could not be reached" in told


def test_t24_a_get_is_tried_again_where_github_is_not_well(github: GitHub, number: int) -> None:
    github.fail("/comments", Answer(502), times=2)
    assert keep(github, number).endswith(": written")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"GITHUB_TOKEN": ""}, "there is no token; pass one, and give the job `permissions: pull-requests: write`"),
        ({"GITHUB_API_URL": ""}, "do not say where to write"),
        ({"GITHUB_API_URL": "file:///etc"}, "do not say where to write"),
        ({"GITHUB_REPOSITORY": ""}, "do not say where to write"),
        ({"GITHUB_REPOSITORY": "example-org/../user"}, "do not say where to write"),
        ({"GITHUB_REPOSITORY": "example-org/a?b"}, "do not say where to write"),
    ],
)
def test_a_job_that_does_not_say_where_and_as_whom_asks_nobody(
    github: GitHub, number: int, given: Mapping[str, str], said: str
) -> None:
    assert said in refusal(github, number, **given)
    assert github.requests == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("part", ["/graphql", "/comments"])
def test_the_token_goes_to_no_other_address(github: GitHub, number: int, status: int, host: str, part: str) -> None:
    with ForgeServer() as other:
        port = other.url.rpartition(":")[2]
        github.fail(part, Answer(status, b"", {"Location": f"http://{host}:{port}/repos/{github.repository}{part}"}))
        said = keep(github, number)
        assert other.requests == []
    assert "\n" not in said
    assert github.said(number) == []
    assert all(found.headers["authorization"].endswith(github.token) for found in github.requests)
