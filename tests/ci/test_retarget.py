"""Which branch a pull request is for by now: the same, another, or not told. GitHub is a fake on loopback."""

from __future__ import annotations

import socket

import pytest
from fakes.forge_server import Answer, closed_port
from fakes.github import GitHub, limited, made
from fakes.github_client import environment

from policy_gate.ci.github.retarget import Retargeted, Same, target_now
from policy_gate.forges import session
from policy_gate.forges.errors import NotTold

pytestmark = pytest.mark.contract_fake

REFUSALS = {
    "401": (Answer(401, {"message": "Bad credentials"}), "does not accept the token (401)"),
    "403": (
        Answer(403, {"message": "Resource not accessible by integration"}),
        "the token may not read it (403); give the job `permissions: pull-requests: read`",
    ),
    "404": (Answer(404, {"message": "Not Found"}), "(404); give the job `permissions: pull-requests: read`"),
    "429": (Answer(429, {"message": "slow down"}, {"Retry-After": "3600"}), "asks for fewer requests (429)"),
    "limit": (limited(1_700_000_000), "used up until 2023-11-14T22:13:20Z"),
    "500": (Answer(500, {"message": "oops"}, {"Retry-After": "0"}), "GitHub answered 500"),
    "503": (Answer(503, b"<html>One moment", {"Retry-After": "0"}), "GitHub answered 503"),
    "elsewhere": (Answer(302, b"", {"Location": "https://example.com/"}), "a redirect, which is not followed"),
    "cut": (Answer(200, {"base": {"ref": "main"}}, cut=4), "the answer broke off"),
    "half": (Answer(200, b'{"base": {"ref": "mai'), "is no JSON"),
    "nothing": (Answer(200, b""), "is no JSON"),
    "a list": (Answer(200, []), "it is of another type"),
    "no base": (Answer(200, {}), "base is missing"),
    "base null": (Answer(200, {"base": None}), "base is missing or of another type"),
    "no ref": (Answer(200, {"base": {"sha": "1" * 40}}), "base.ref is missing"),
    "ref empty": (Answer(200, {"base": {"ref": ""}}), "base.ref is missing or of another type"),
    "ref a number": (Answer(200, {"base": {"ref": 5}}), "base.ref is missing or of another type"),
}


@pytest.fixture
def github(github: GitHub, no_waiting: None) -> GitHub:
    """With pull request 1, by Bo."""
    github.pull("bo-x", [made("1" * 40, "bo@example.com")])
    return github


def now(github: GitHub, branch: str = "main", **more: str) -> Same | Retargeted | NotTold:
    return target_now(environment(github) | more, 1, branch)


def test_the_branch_is_the_same_or_another(github: GitHub) -> None:
    assert now(github) == Same()
    assert now(github, "release") == Retargeted("main")


def test_the_repository_of_a_managed_account_is_asked_like_any(no_waiting: None) -> None:
    with GitHub("octo_acme/screener") as github:
        github.pull("bo-x", [made("1" * 40, "bo@example.com")])
        assert now(github) == Same()


@pytest.mark.parametrize("kind", REFUSALS)
def test_t24_what_github_does_not_tell_is_not_the_same(github: GitHub, kind: str) -> None:
    answer, why = REFUSALS[kind]
    github.fail("/pulls/1", answer)
    told = now(github)
    assert isinstance(told, NotTold)
    assert told.reason.startswith("the branch that pull request 1 is for by now could not be read: ")
    assert why in told.reason
    assert github.token not in told.reason


def test_t24_an_outage_is_not_told(github: GitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = now(github, GITHUB_API_URL=f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setattr(session, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        unanswered = now(github, GITHUB_API_URL=f"http://127.0.0.1:{silent.getsockname()[1]}")
    for told in (gone, unanswered):
        assert isinstance(told, NotTold)
        assert "GitHub could not be reached; run the job again later" in told.reason


@pytest.mark.parametrize("left_out", ["GITHUB_TOKEN", "GITHUB_API_URL", "GITHUB_REPOSITORY"])
def test_t24_a_job_that_cannot_ask_is_not_told(github: GitHub, left_out: str) -> None:
    assert isinstance(now(github, **{left_out: ""}), NotTold)
    assert github.requests == []
