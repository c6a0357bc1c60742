"""The repositories of a GitHub organisation or user, or of a GitLab group with its subgroups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import quote, urlsplit

from msgspec import Struct
from pydantic import Field

from policy_gate.forges.answers import Answer
from policy_gate.forges.errors import AbsentError, ForgeError, TokenError
from policy_gate.forges.github import GitHub
from policy_gate.forges.gitlab import GitLab
from policy_gate.forges.http import is_client_installed
from policy_gate.schema.patterns import lazy_pattern

GITHUB_TOKENS: Final = ("GITHUB_TOKEN", "GH_TOKEN")
GITLAB_TOKENS: Final = ("POLICY_GATE_GITLAB_TOKEN", "GITLAB_TOKEN")
_GITHUB_API: Final = "https://api.github.com"
_GITHUB_NAME = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
GITLAB_NAME = lazy_pattern(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,19}")
_RIGHTS: Final = "{contents: read, metadata: read}"


class HostedRepository(Struct, frozen=True):
    """A repository of a forge: its whole name, the address to fetch it from, and as whom."""

    name: str
    url: str
    user: str
    token: str

    def __repr__(self) -> str:
        return f"HostedRepository({self.name!r})"


class _GithubRepository(Answer):
    id: int
    full_name: Annotated[str, Field(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+\z")]


class _GitlabProject(Answer):
    id: int
    path_with_namespace: Annotated[str, Field(pattern=r"\A[A-Za-z0-9_][A-Za-z0-9_./-]*\z")]


def repositories_of(forge: str, name: str, environment: Mapping[str, str]) -> tuple[HostedRepository, ...]:
    """All of them that the token sees, archived ones too: what nobody changes any more may still run.

    `forge` is `github` or `gitlab`. ForgeError where there is no token, no such organisation, or no whole listing.
    """
    form = _GITHUB_NAME if forge == "github" else GITLAB_NAME
    if not form.fullmatch(name):
        raise ForgeError(f"{forge}:{name} names no organisation or group", hint=f"for example {forge}:example-org")
    if not is_client_installed():
        raise ForgeError("requests is not installed", hint=f'run pip install "ai-policy-gate[{forge}]"')
    return _of_github(name, environment) if forge == "github" else _of_gitlab(name, environment)


def token_of(names: tuple[str, ...], environment: Mapping[str, str], scope: str) -> str:
    """The first token that is set; TokenError where there is none that a forge could have given."""
    token = next((environment[name] for name in names if environment.get(name)), "")
    if not token:
        raise TokenError("there is no token", hint=f"set {names[0]} ({scope})")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise TokenError("the token holds characters that no token has", hint=f"set {names[0]} ({scope})")
    return token


def _of_github(name: str, environment: Mapping[str, str]) -> tuple[HostedRepository, ...]:
    token = token_of(GITHUB_TOKENS, environment, "it reads contents and metadata")
    api = environment.get("GITHUB_API_URL") or _GITHUB_API
    server = _server(environment.get("GITHUB_SERVER_URL") or _github_server(api), "GITHUB_SERVER_URL")
    _server(api, "GITHUB_API_URL")
    what = f"the repositories of {name}"
    with GitHub(api, token, _RIGHTS) as github:
        try:
            found = github.all(_GithubRepository, f"/orgs/{name}/repos", "id", what)
        except AbsentError:
            found = github.all(_GithubRepository, f"/users/{name}/repos", "id", what)
    return tuple(
        HostedRepository(it.full_name, f"{server}/{it.full_name}.git", "x-access-token", token) for it in found
    )


def _of_gitlab(name: str, environment: Mapping[str, str]) -> tuple[HostedRepository, ...]:
    token = token_of(GITLAB_TOKENS, environment, "read_api and read_repository")
    server = gitlab_server(environment)
    group = quote(name, safe="")
    with GitLab(server, token) as gitlab:
        what = f"the projects of {name}"
        pages = gitlab.pages(_GitlabProject, f"/groups/{group}/projects", what, include_subgroups="true")
        found = [project for page in pages for project in page]
    urls = {project.path_with_namespace: f"{server}/{project.path_with_namespace}.git" for project in found}
    return tuple(HostedRepository(path, url, "oauth2", token) for path, url in urls.items())


def gitlab_server(environment: Mapping[str, str]) -> str:
    """The address of the GitLab that its jobs' variables name, else of gitlab.com; ForgeError where it is none."""
    told = environment.get("CI_SERVER_URL") or environment.get("CI_API_V4_URL", "").rstrip("/").removesuffix("/api/v4")
    return _server(told or "https://gitlab.com", "CI_SERVER_URL")


def _github_server(api: str) -> str:
    """Where the GitHub of an API serves its repositories."""
    return "https://github.com" if api == _GITHUB_API else api.removesuffix("/").removesuffix("/api/v3")


def _server(url: str, variable: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ForgeError(f"{variable} is no address of a server", hint="give it as https://host")
    return url.rstrip("/")
