"""The one client of forges: where the token goes, what is tried again, how refusals and shapes are told apart."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.forge_server import Answer, Asked, ForgeServer

from policy_gate.forges import session
from policy_gate.forges.answers import Shaped, UnexpectedShapeError, parse
from policy_gate.forges.errors import (
    AbsentError,
    ForbiddenError,
    ForgeError,
    MalformedError,
    NotAskedError,
    RateLimitedError,
    TokenError,
    UnreachableError,
)
from policy_gate.forges.github import GitHub
from policy_gate.forges.github_answers import Comment, Release, Review
from policy_gate.forges.gitlab import GitLab
from policy_gate.forges.gitlab_answers import Group, Note

pytestmark = pytest.mark.contract_fake


class Echo(ForgeServer):
    """Answers every request with the same release."""

    def respond(self, request: Asked) -> Answer:
        return Answer(200, {"tag_name": request.path})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Echo]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setattr(session, "FIRST_PAUSE", 0.0)
    with Echo() as fake:
        yield fake


@pytest.fixture
def github(server: Echo) -> Iterator[GitHub]:
    with GitHub(server.url, "secret", "contents: read", "org/repo") as client:
        yield client


def latest(github: GitHub) -> str:
    return github.one(Release, "/releases/latest", "the newest release").tag_name


def test_a_check_that_asks_no_forge_does_not_load_the_client() -> None:
    code = "import sys, policy_gate.cli.check, policy_gate.cli.ci_github; sys.exit('requests' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_repository_that_was_renamed_is_followed_on_the_same_server(
    server: Echo, github: GitHub, status: int
) -> None:
    server.fail("/releases/latest", Answer(status, b"", {"Location": "/renamed"}))
    assert latest(github) == "/renamed"
    assert all(asked.headers["authorization"] == "Bearer secret" for asked in server.requests)


@pytest.mark.parametrize("location", ["/releases/latest", "", "/again"])
def test_no_redirect_goes_round_for_ever(server: Echo, github: GitHub, location: str) -> None:
    server.fail("/", Answer(302, b"", {"Location": location}))
    with pytest.raises(ForgeError, match="redirect"):
        latest(github)
    assert len(server.requests) <= 4


@pytest.mark.parametrize(("api", "path"), [("", "/graphql"), ("/api/v3", "/api/graphql")])
def test_graphql_is_where_github_and_enterprise_servers_have_it(server: Echo, api: str, path: str) -> None:
    with GitHub(server.url + api, "secret", "contents: read", "org/repo") as client:
        assert client.query(Release, "query { tag_name }", {}, "something").tag_name == path


def test_what_writes_follows_nobody(server: Echo, github: GitHub) -> None:
    server.fail("/comments", Answer(307, b"", {"Location": "/elsewhere"}))
    with pytest.raises(ForgeError, match="redirect"):
        github.write("POST", "/comments", "writing it", {"body": "x"})
    assert len(server.requests) == 1


def test_the_password_file_of_the_machine_takes_no_part(
    server: Echo, github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password other\n", "ascii")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert latest(github) == "/releases/latest"
    assert [asked.headers["authorization"] for asked in server.requests] == ["Bearer secret"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(401), TokenError),
        (Answer(403), ForbiddenError),
        (Answer(403, {"message": "You have exceeded a secondary rate limit"}), RateLimitedError),
        (Answer(403, None, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}), RateLimitedError),
        (Answer(404), AbsentError),
        (Answer(422), ForgeError),
        (Answer(429, None, {"Retry-After": "3600"}), RateLimitedError),
        (Answer(500), UnreachableError),
        (Answer(200, b"{"), MalformedError),
        (Answer(200, {"tag_name": 5}), MalformedError),
    ],
)
def test_refusals_are_told_apart(server: Echo, github: GitHub, answer: Answer, kind: type[ForgeError]) -> None:
    server.fail("/", answer)
    with pytest.raises(ForgeError) as refused:
        latest(github)
    assert type(refused.value) is kind
    assert refused.value.sentence.startswith("the newest release could not be read: ")
    assert "secret" not in refused.value.sentence


@pytest.mark.parametrize("answer", [Answer(503), Answer(429, None, {"Retry-After": "3600"})])
def test_after_tries_enough_nothing_more_is_asked(server: Echo, answer: Answer) -> None:
    server.fail("/", answer)
    for client in (GitHub(server.url, "secret", "contents: read"), GitLab(server.url, "secret")):
        with client, pytest.raises(ForgeError):
            client.ask("GET", "/one", "one thing")
        asked = len(server.requests)
        with client, pytest.raises(NotAskedError, match="another was not asked for"):
            client.ask("GET", "/another", "another")
        assert len(server.requests) == asked


@pytest.mark.parametrize(
    ("kind", "body", "where"),
    [
        (Release, b"{", "it is no JSON"),
        (Release, b"[" * 100_000, "it is no JSON"),
        (Release, b'{"tag_name": "\\ud800"}', "it is no JSON"),
        (Release, b"null", "it is of another type"),
        (Release, b"{}", "tag_name is missing or of another type"),
        (list[Review], b'[{"id": 1, "state": "APPROVED"}, {"id": "1"}]', "[1].id is missing or of another type"),
        (list[Review], b'[{"id": true, "state": "APPROVED"}]', "[0].id is missing or of another type"),
        (list[Review], b'[{"id": 1, "state": "APPROVED", "user": {"login": "x"}}]', "[0].user.id is missing"),
        (list[Review], b'[{"id": 1, "state": "APPROVED", "submitted_at": "2026-01-01"}]', "[0].submitted_at is"),
        (
            Note,
            b'{"system": true, "body": "x", "created_at": "0001-01-01T00:00:00+14:00", "author": {"id": 1}}',
            "creat",
        ),
    ],
)
def test_what_is_not_as_documented_is_told_with_its_place(kind: Any, body: bytes, where: str) -> None:
    with pytest.raises(UnexpectedShapeError) as wrong:
        parse(kind, body)
    assert str(wrong.value).startswith(where)


def test_items_of_another_shape_are_left_out_only_where_that_is_said() -> None:
    assert parse(list[Shaped[Comment]], b'[5, {"id": 1}]') == [None, Comment(id=1)]
    assert parse(Group, b'{"id": "whatever"}') == Group()
