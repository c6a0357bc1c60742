"""T24: a GitLab that does not answer, or answers what cannot be read, is never taken for "nobody objects".

The forge is a fake (see fakes.gitlab), the faults are real: closed ports, cut connections, garbage.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from fakes.forge_server import Answer, closed_port
from fakes.gitlab import TOKEN, FakeGitlab
from scratch import Result, Scratch
from world import high_system, low_system, to_yaml

from policy_gate.approvals.gitlab import source
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer
from policy_gate.forges import session
from policy_gate.forges.gitlab import MOST_PAGES
from policy_gate.forges.session import TRIES
from policy_gate.schema.people import Commit
from policy_gate.vcs.memory_tree import MemoryTree

pytestmark = pytest.mark.contract_fake

HEAD = "a" * 40
ONE = Commit(HEAD, (), frozenset({"governance.yaml"}))
REQUEST = "/merge_requests/7"


@pytest.fixture
def gitlab(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitlab]:
    """A GitLab where bo has opened merge request 7 and ada approves it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FakeGitlab() as fake:
        fake.open(7, fake.user("bo"), HEAD)
        fake.approve(7, fake.user("ada"))
        yield fake


def ask(gitlab: FakeGitlab, token: str | None = TOKEN, **more: str) -> SourceAnswer:
    query = ApprovalQuery(
        MemoryTree({}),
        MemoryTree({}),
        commits=(ONE,),
        head=HEAD,
        environment=gitlab.environment(7, token, **more),
        commits_to={HEAD: (ONE,)}.get,
    )
    answers = source.fetch(query)
    assert answers is not None
    return answers


def is_whole(answers: SourceAnswer) -> bool:
    return len(answers.claims) == 1 and answers.missing == ()


def test_t24_the_control_answers_in_full(gitlab: FakeGitlab) -> None:
    assert is_whole(ask(gitlab))


def test_t24_without_a_token_nobody_is_asked(gitlab: FakeGitlab) -> None:
    answers = ask(gitlab, None, CI_JOB_TOKEN=TOKEN)
    assert answers.missing == (
        "GitLab was not asked for approvals: there is no token; set POLICY_GATE_GITLAB_TOKEN, a masked CI/CD variable,"
        " to a project access token with the scope read_api and the role Reporter",
    )
    assert (answers.claims, answers.tells_hands, gitlab.requests) == ((), False, [])
    assert is_whole(ask(gitlab, None, GITLAB_TOKEN=TOKEN))


def test_t24_without_the_client_it_is_said_how_to_get_it(gitlab: FakeGitlab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "is_client_installed", lambda: False)
    (sentence,) = ask(gitlab).missing
    assert 'pip install "ai-policy-gate[gitlab]"' in sentence
    assert gitlab.requests == []


@pytest.mark.parametrize("token", ["two words", "new\nline", "pässword", "tab\t"])
def test_t24_a_token_that_is_none_is_neither_sent_nor_shown(gitlab: FakeGitlab, token: str) -> None:
    (sentence,) = ask(gitlab, token).missing
    assert "characters that no token has" in sentence
    assert token not in sentence
    assert gitlab.requests == []


@pytest.mark.parametrize(
    "address",
    ["ftp://127.0.0.1/api/v4", "127.0.0.1/api/v4", "http:///api/v4", "http://127.0.0.1/", "http://a@127.0.0.1/api/v4"],
)
def test_t24_an_address_that_gitlab_never_sets_is_not_asked(gitlab: FakeGitlab, address: str) -> None:
    (sentence,) = ask(gitlab, CI_API_V4_URL=address).missing
    assert "is not what GitLab sets" in sentence


@pytest.mark.parametrize("number", ["7/../8", "07", "-7", "7 ", "٧"])
def test_t24_a_number_that_is_none_is_not_put_into_a_path(gitlab: FakeGitlab, number: str) -> None:
    for name in ("CI_MERGE_REQUEST_IID", "CI_PROJECT_ID"):
        (sentence,) = ask(gitlab, **{name: number}).missing
        assert "is not what GitLab sets" in sentence
    assert gitlab.requests == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "the token is not accepted (401)"),
        (403, "the token may not read it (403)"),
        (404, "it is not there, or the token may not see it (404)"),
        (418, "the server failed (418)"),
        (429, "there were too many requests (429)"),
        (500, "the server failed (500)"),
        (503, "the server failed (503)"),
    ],
)
@pytest.mark.parametrize("part", [REQUEST, f"{REQUEST}/approvals", f"{REQUEST}/versions"])
def test_t24_a_refusal_is_a_sentence(gitlab: FakeGitlab, part: str, status: int, words: str) -> None:
    gitlab.fail(part, Answer(status, {"message": "no\n::error::forged"}, {"Retry-After": "0"}))
    answers = ask(gitlab)
    assert answers.claims == ()
    assert len(answers.missing) == 1
    assert answers.missing[0].startswith("GitLab did not tell ")
    assert words in answers.missing[0]
    assert "forged" not in answers.missing[0]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_t24_what_passes_is_waited_for_within_bounds(gitlab: FakeGitlab, status: int) -> None:
    gitlab.fail(f"{REQUEST}/approvals", Answer(status, {"message": "later"}, {"Retry-After": "0"}), times=TRIES - 1)
    assert is_whole(ask(gitlab))
    assert len(gitlab.asked(f"{REQUEST}/approvals")) == TRIES


def test_t24_a_server_that_fails_for_ever_is_asked_a_few_times_only(gitlab: FakeGitlab) -> None:
    gitlab.fail("/", Answer(503, {"message": "down"}, {"Retry-After": "0"}))
    answers = ask(gitlab)
    assert (len(answers.missing), len(gitlab.requests)) == (1, TRIES)


def test_t24_a_server_that_wants_an_hour_is_not_waited_for(gitlab: FakeGitlab) -> None:
    gitlab.fail("/", Answer(429, {"message": "later"}, {"Retry-After": "3600"}))
    answers = ask(gitlab)
    assert (len(answers.missing), len(gitlab.requests)) == (1, 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_t24_what_does_not_pass_is_asked_once(gitlab: FakeGitlab, status: int) -> None:
    gitlab.fail("/", Answer(status, {"message": "no"}))
    assert len(ask(gitlab).missing) == 1
    assert len(gitlab.requests) == 1


def test_t24_nobody_at_home(gitlab: FakeGitlab) -> None:
    answers = ask(gitlab, CI_API_V4_URL=f"http://127.0.0.1:{closed_port()}/api/v4")
    assert answers.claims == ()
    assert answers.missing == (
        "GitLab did not tell merge request !7: the server could not be reached; run the job again later",
    )


def test_t24_a_server_that_is_silent_is_not_waited_for_again_and_again(
    gitlab: FakeGitlab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "TIMEOUT", 0.2)
    monkeypatch.setattr(session, "FIRST_PAUSE", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answers = ask(gitlab, CI_API_V4_URL=f"http://127.0.0.1:{silent.getsockname()[1]}/api/v4")
    assert answers.claims == ()
    assert "the server could not be reached" in answers.missing[0]


def test_t24_a_server_that_failed_is_asked_for_nothing_more(gitlab: FakeGitlab) -> None:
    gitlab.fail("/approvals", Answer(503, None, {"Retry-After": "0"}))
    answers = ask(gitlab)
    assert (len(answers.missing), answers.tells_hands) == (1, False)
    assert [request.path.rpartition("/")[2] for request in gitlab.requests] == ["7", *["approvals"] * TRIES]


def test_t24_an_answer_that_breaks_off(gitlab: FakeGitlab) -> None:
    gitlab.fail(f"{REQUEST}/approvals", Answer(200, {"approved_by": []}, cut=3))
    answers = ask(gitlab)
    assert answers.missing == (
        "GitLab did not tell the approvals of merge request !7: the answer broke off; run the job again later",
    )


def test_t24_a_redirect_is_not_followed_with_the_token(gitlab: FakeGitlab) -> None:
    with FakeGitlab() as elsewhere:
        gitlab.fail("/", Answer(302, {"message": "moved"}, {"Location": f"{elsewhere.url}/api/v4/steal"}))
        answers = ask(gitlab)
        assert "redirect" in answers.missing[0]
        assert elsewhere.requests == []


def test_t24_the_next_page_is_never_somewhere_else(gitlab: FakeGitlab) -> None:
    with FakeGitlab() as elsewhere:
        body = gitlab_versions(gitlab)
        link = f'<{elsewhere.url}/api/v4/projects/42/merge_requests/7/versions?page=2>; rel="next"'
        gitlab.fail(f"{REQUEST}/versions", Answer(200, body, {"Link": link}), times=1)
        ask(gitlab)
        assert elsewhere.requests == []
        assert [request.query["page"] for request in gitlab.asked("/versions")] == ["1", "2"]


def gitlab_versions(gitlab: FakeGitlab) -> list[dict[str, Any]]:
    """The versions that the fake would answer."""
    opened = gitlab.merge_requests[7].opened.isoformat()
    return [{"id": 1, "head_commit_sha": HEAD, "created_at": opened}]


USER = {"id": 101, "username": "ada", "name": "Ada"}
APPROVAL = {"user": USER, "approved_at": "2026-01-01T00:00:00.000Z"}
GARBLED: dict[str, tuple[str, Any]] = {
    "a page of HTML": (REQUEST, b"<html>sign in</html>"),
    "nothing": (REQUEST, b""),
    "half of the JSON": (f"{REQUEST}/approvals", b'{"approved_by": [{"user"'),
    "deep nesting": (f"{REQUEST}/approvals", b"[" * 100_000),
    "no UTF-8": (f"{REQUEST}/approvals", b'{"approved_by": "\xff\xfe"}'),
    "a list for an object": (f"{REQUEST}/approvals", []),
    "an object for a list": (f"{REQUEST}/versions", {"0": {}}),
    "a list of numbers": (f"{REQUEST}/versions", [1]),
    "no approved_by": (f"{REQUEST}/approvals", {}),
    "approved_by null": (f"{REQUEST}/approvals", {"approved_by": None}),
    "an approval by nobody": (f"{REQUEST}/approvals", {"approved_by": [{"user": None}]}),
    "a number as text": (f"{REQUEST}/approvals", {"approved_by": [APPROVAL | {"user": USER | {"id": "101"}}]}),
    "a number that is true": (f"{REQUEST}/approvals", {"approved_by": [APPROVAL | {"user": USER | {"id": True}}]}),
    "a number without end": (f"{REQUEST}/approvals", b'{"approved_by": [{"user": {"id": 1e400, "username": "ada"}}]}'),
    "a name with a line break": (f"{REQUEST}/approvals", {"approved_by": [{"user": USER | {"username": "a\nb"}}]}),
    "half a character": (f"{REQUEST}/approvals", {"approved_by": [{"user": USER | {"name": "\ud800"}}]}),
    "no date": (f"{REQUEST}/approvals", {"approved_by": [APPROVAL | {"approved_at": "yesterday"}]}),
    "a date without a zone": (f"{REQUEST}/approvals", {"approved_by": [APPROVAL | {"approved_at": "2026-01-01"}]}),
    "a date before time": (
        f"{REQUEST}/approvals",
        {"approved_by": [APPROVAL | {"approved_at": "0001-01-01T00:00:00+14:00"}]},
    ),
    "bot is maybe": (f"{REQUEST}/approvals", {"approved_by": [{"user": USER | {"bot": "no"}}]}),
    "no version": (f"{REQUEST}/versions", []),
    "a version of no commit": (f"{REQUEST}/versions", [{"id": 1, "head_commit_sha": "main", "created_at": "x"}]),
    "rules that are none": (f"{REQUEST}/approval_state", {"rules": {}}),
    "a profile of nobody": ("/users/", {}),
}


@pytest.mark.parametrize("name", sorted(GARBLED))
def test_t24_an_answer_that_cannot_be_read_is_no_answer(gitlab: FakeGitlab, name: str) -> None:
    part, body = GARBLED[name]
    gitlab.fail(part, Answer(200, body))
    answers = ask(gitlab)
    assert answers.claims == ()
    assert len(answers.missing) == 1
    assert answers.missing[0].startswith("GitLab did not tell ")


def test_t24_the_answer_about_another_merge_request_is_none(gitlab: FakeGitlab) -> None:
    gitlab.merge_requests[7].number = 8
    answers = ask(gitlab)
    assert answers.missing == ("GitLab did not tell merge request !7: the answer is about another one",)
    assert answers.claims == ()


def test_t24_approvals_of_another_merge_request_than_the_one_judged_are_not_heard(gitlab: FakeGitlab) -> None:
    gitlab.open(8, gitlab.user("bo"), "b" * 40)
    gitlab.approve(8, gitlab.user("ada"))
    answers = ask(gitlab, CI_MERGE_REQUEST_IID="8")
    assert "!8 is about commit bbbbbbbbbbbb, which is not in what is judged here" in answers.missing[0]
    assert all(claim.unchecked for claim in answers.claims)


@pytest.mark.parametrize("body", [b"<html>", {}, [1], [{"push_data": 1}], [{"push_data": {"ref": "work"}}] * 2])
def test_t24_events_that_cannot_be_read_leave_the_approvals(gitlab: FakeGitlab, body: Any) -> None:
    gitlab.fail("/events", Answer(200, body))
    answers = ask(gitlab)
    assert len(answers.claims) == 1
    assert not answers.tells_hands
    assert answers.missing or answers.notes


@pytest.mark.parametrize(
    "headers", [{"X-Next-Page": "1"}, {"X-Next-Page": "3"}, {"X-Next-Page": "two"}, {"X-Next-Page": "-1"}]
)
def test_t24_pages_out_of_order_are_no_list(gitlab: FakeGitlab, headers: dict[str, str]) -> None:
    gitlab.fail(f"{REQUEST}/versions", Answer(200, gitlab_versions(gitlab), headers))
    (sentence,) = ask(gitlab).missing
    assert "the number of the next page" in sentence


def test_t24_a_list_without_end_is_left(gitlab: FakeGitlab) -> None:
    def forever(page: int) -> Answer:
        return Answer(200, gitlab_versions(gitlab), {"X-Next-Page": str(page + 1)})

    for page in range(1, MOST_PAGES + 2):
        gitlab.fail(f"{REQUEST}/versions", forever(page), page=str(page))
    (sentence,) = ask(gitlab).missing
    assert "there are more than" in sentence
    assert len(gitlab.asked("/versions")) == MOST_PAGES


@pytest.mark.parametrize("page", ["1", "2"])
def test_t24_a_page_that_fails_is_no_shorter_list(gitlab: FakeGitlab, page: str) -> None:
    gitlab.largest_page = 1
    gitlab.push(7, gitlab.users[0], "b" * 40)
    gitlab.push(7, gitlab.users[0], HEAD)
    assert is_whole(ask(gitlab))
    gitlab.fail(f"{REQUEST}/versions", Answer(500, {"message": "no"}, {"Retry-After": "0"}), page=page)
    answers = ask(gitlab)
    assert (answers.claims, len(answers.missing)) == ((), 1)


def test_t24_the_token_is_in_no_word_that_is_heard(gitlab: FakeGitlab) -> None:
    for status in (400, 401, 403):
        gitlab.fail("/", Answer(status, {"message": f"bad token {TOKEN}"}), times=1)
        assert TOKEN not in repr(ask(gitlab))
    assert TOKEN not in repr(ApprovalQuery(MemoryTree({}), MemoryTree({}), environment=gitlab.environment(7)))


class TestThroughTheCommand:
    """A small system is declared, which one approval by ada, the AI safety lead, settles."""

    @pytest.fixture
    def repo(self, scratch: Scratch, gitlab: FakeGitlab) -> Scratch:
        ada = gitlab.users[1]
        held = {"name": "Ada Example", "email": "ada@example.com", "gitlab": ada.username, "gitlab_id": ada.id}
        policy = to_yaml({"schema": "policy-gate/roles/v1", "roles": {"ai-safety-lead": {"members": [held]}}})
        scratch.adopt(high_system("development"), files={"policies/roles.yaml": policy})
        scratch.branch()
        scratch.declare(low_system("development"))
        gitlab.open(7, gitlab.users[0], scratch.commit("A small helper"))
        gitlab.approve(7, ada)
        return scratch

    def check(self, repo: Scratch, gitlab: FakeGitlab, token: str | None = TOKEN, **more: str) -> Result:
        repo.git("update-ref", "refs/remotes/origin/main", "main")
        found = repo.check(**gitlab.environment(7, token, **more))
        assert TOKEN not in found.out + found.err
        assert "Traceback" not in found.err
        return found

    def test_t24_the_control_passes(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        assert self.check(repo, gitlab).code == 0

    def test_t24_no_token_is_undecided_where_an_approval_is_needed(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        found = self.check(repo, gitlab, token=None)
        assert (found.code, found.verdict, gitlab.requests) == (3, "undecided", [])
        assert "POLICY_GATE_GITLAB_TOKEN" in json.dumps(found.report["trust"])

    def test_h01_no_token_is_no_matter_where_nothing_governed_changed(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        repo.branch("typo")
        repo.commit("Mend a typo", files={"README.md": "# Scratch, mended\n"})
        for token in (None, TOKEN):
            found = self.check(repo, gitlab, token=token)
            assert (found.code, found.verdict, gitlab.requests) == (0, "pass", [])

    @pytest.mark.parametrize("status", [401, 403, 404, 500])
    @pytest.mark.parametrize("part", ["/", "/approvals"])
    def test_t24_a_refusal_is_undecided(self, repo: Scratch, gitlab: FakeGitlab, part: str, status: int) -> None:
        gitlab.fail(part, Answer(status, {"message": f"no {TOKEN}"}, {"Retry-After": "0"}))
        found = self.check(repo, gitlab)
        assert (found.code, found.verdict) == (3, "undecided")
        assert f"({status})" in json.dumps(found.report["trust"])

    @pytest.mark.parametrize("status", [429, 502])
    def test_t24_what_passes_is_waited_for(self, repo: Scratch, gitlab: FakeGitlab, status: int) -> None:
        gitlab.fail("/approvals", Answer(status, {"message": "later"}, {"Retry-After": "0"}), times=TRIES - 1)
        assert self.check(repo, gitlab).code == 0

    @pytest.mark.parametrize("body", [b"<html>", {"approved_by": None}, {"approved_by": [{}]}])
    def test_t24_garbage_is_undecided(self, repo: Scratch, gitlab: FakeGitlab, body: object) -> None:
        gitlab.fail("/approvals", Answer(200, body))
        assert self.check(repo, gitlab).code == 3

    def test_t24_nobody_at_home_is_undecided(self, repo: Scratch, gitlab: FakeGitlab) -> None:
        assert self.check(repo, gitlab, CI_API_V4_URL=f"http://127.0.0.1:{closed_port()}/api/v4").code == 3

    @pytest.mark.parametrize("part", ["/events", "/graphql"])
    def test_t24_while_who_made_it_cannot_be_read_no_approval_counts(
        self, repo: Scratch, gitlab: FakeGitlab, part: str
    ) -> None:
        gitlab.fail(part, Answer(502, None, {"Retry-After": "0"}))
        found = self.check(repo, gitlab)
        assert (found.code, found.verdict) == (3, "undecided"), found
        assert "run the job again later" in found.finding("first-classification")["seen"]

    def test_t24_approvals_that_are_there_count_though_the_pushers_are_hidden(
        self, repo: Scratch, gitlab: FakeGitlab
    ) -> None:
        gitlab.fail("/events", Answer(403, {"message": "403 Forbidden"}))
        found = self.check(repo, gitlab)
        assert found.code == 0, found
        assert "who pushed to merge request !7 is not known" in json.dumps(found.report["trust"])
