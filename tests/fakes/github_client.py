"""How clients meet the fake GitHub: the variables of a job there, and PyGithub, which knows nothing of the fake."""

from __future__ import annotations

from fakes.github import GitHub
from github import Auth, Github


def environment(github: GitHub) -> dict[str, str]:
    """Where a job's API is, of which repository, and the job's token."""
    return {
        "GITHUB_API_URL": github.url,
        "GITHUB_REPOSITORY": github.repository,
        "GITHUB_TOKEN": github.token,
    }


def client_of(github: GitHub, token: str = "") -> Github:
    """PyGithub with the job's token or another, without its pauses."""
    return Github(
        auth=Auth.Token(token or github.token),
        base_url=github.url,
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
    )
