"""Which repositories an organisation has: whole listings or none, the token to one server, refusals in words."""

from __future__ import annotations

import pytest
from fakes.forge_server import Answer
from fakes.github import GitHub
from fakes.gitlab import TOKEN, FakeGitlab

from policy_gate.forges.errors import ForgeError, TokenError
from policy_gate.forges.organisation import HostedRepository, repositories_of

pytestmark = pytest.mark.contract_fake


def of_github(github: GitHub, name: str, **more: str) -> tuple[HostedRepository, ...]:
    environment = {"GITHUB_API_URL": github.url, "GITHUB_TOKEN": github.token, **more}
    return repositories_of("github", name, environment)


def test_an_organisation_over_many_pages(github: GitHub) -> None:
    github.largest_page = 30
    github.repositories["example-org"] = [f"app-{number}" for number in range(95)]
    found = of_github(github, "example-org", GITHUB_SERVER_URL="https://git.example.org/")
    assert [it.name for it in found] == [f"example-org/app-{number}" for number in range(95)]
    assert found[0].url == "https://git.example.org/example-org/app-0.git"
    assert found[0].token == github.token
    assert github.token not in repr(found)


def test_a_user_is_asked_for_where_there_is_no_such_organisation(github: GitHub) -> None:
    for name in ("ada", "ada_acme"):
        github.repositories[name] = ["tools"]
        github.users_with_repositories.add(name)
        assert [it.name for it in of_github(github, name)] == [f"{name}/tools"]


def test_an_answer_names_no_place_that_the_token_goes_to(github: GitHub) -> None:
    github.repositories["example-org"] = ["app"]
    found = of_github(github, "example-org")
    # The example that GitHub documents has a clone_url of github.com.
    assert found[0].url == f"{github.url}/example-org/app.git"


def test_a_page_that_fails_is_tried_again(github: GitHub, no_waiting: None) -> None:
    github.repositories["example-org"] = ["app"]
    github.fail("/repos", Answer(502), times=2)
    assert len(of_github(github, "example-org")) == 1


def test_half_a_listing_is_none(github: GitHub, no_waiting: None) -> None:
    github.largest_page = 1
    github.repositories["example-org"] = ["app", "other"]
    github.fail("/repos", Answer(503), page="2")
    with pytest.raises(ForgeError, match="the repositories of example-org could not be read"):
        of_github(github, "example-org")


@pytest.mark.parametrize("name", ["", "a b", "../secret", "x" * 200, "-a"])
def test_what_is_no_name_is_asked_of_nobody(github: GitHub, name: str) -> None:
    with pytest.raises(ForgeError, match="names no organisation"):
        of_github(github, name)
    assert not github.requests


@pytest.mark.parametrize(("token", "told"), [("", "there is no token"), ("a\nb", "no token has")])
def test_a_token_that_is_none(github: GitHub, token: str, told: str) -> None:
    with pytest.raises(TokenError, match=told):
        of_github(github, "example-org", GITHUB_TOKEN=token)
    assert not github.requests


def test_a_refused_token_is_not_told(github: GitHub) -> None:
    with pytest.raises(TokenError, match="does not accept the token") as refused:
        of_github(github, "example-org", **{"GITHUB_TOKEN": "ghs_wrongwrongwrong"})
    assert "wrongwrong" not in refused.value.sentence


def test_a_group_with_its_subgroups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    paths = [f"example/app-{number}" for number in range(5)] + ["example/team/app"]
    with FakeGitlab() as gitlab:
        gitlab.largest_page = 2
        gitlab.projects["example"] = paths
        environment = {"CI_SERVER_URL": gitlab.url, "POLICY_GATE_GITLAB_TOKEN": TOKEN}
        found = repositories_of("gitlab", "example", environment)
        with pytest.raises(ForgeError, match="404"):
            repositories_of("gitlab", "nobody", environment)
    assert [it.name for it in found] == paths
    assert found[-1] == HostedRepository(paths[-1], f"{gitlab.url}/example/team/app.git", "oauth2", TOKEN)


def test_a_server_that_is_none_gets_no_token() -> None:
    with pytest.raises(ForgeError, match="CI_SERVER_URL is no address"):
        repositories_of("gitlab", "example", {"CI_SERVER_URL": "ftp://x", "GITLAB_TOKEN": "t"})
