"""GitHub's reviews: who approved a pull request, or each pull request of a merge group, and who made it.

GitHub is asked only in its own jobs for these events, and only with a token; without one, the event still
names who opened the pull request and who pushed last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy_gate.approvals.github.accounts import author_of
from policy_gate.approvals.source import GITHUB_REVIEWS, ApprovalQuery, SourceAnswer
from policy_gate.errors import BaseError
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github_event import GROUP_EVENT, PULL_EVENTS, GithubEvent, read_event
from policy_gate.forges.http import is_client_installed
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.people import Commit, ForgeContributor

API = "https://api.github.com"
_REPOSITORY = lazy_pattern(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_UNASKED = (
    "GITHUB_TOKEN is not passed to this job; pass it as `env: {GITHUB_TOKEN: ${{ github.token }}}` with "
    "`permissions: {contents: read, pull-requests: read}`, or approve by signed records"
)


def fetch(query: ApprovalQuery) -> SourceAnswer | None:
    """What GitHub tells of this change; None where this is no job about a pull request or merge group."""
    environment = query.environment
    name, repository = environment.get("GITHUB_EVENT_NAME", ""), environment.get("GITHUB_REPOSITORY", "")
    if name not in (*PULL_EVENTS, GROUP_EVENT) or not repository or not environment.get("GITHUB_EVENT_PATH"):
        return None
    url = environment.get("GITHUB_API_URL") or API
    try:
        event = _event(environment, name, repository, url)
    except (BaseError, ForgeError) as error:
        return SourceAnswer(GITHUB_REVIEWS, missing=(f"GitHub's reviews were not read: {error.message}",))
    contributors = () if name == GROUP_EVENT else tuple(_hands_of(event, query))
    about = f"the reviews of {'the merge group' if name == GROUP_EVENT else f'pull request {event.number}'}"
    token = environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN") or ""
    if not token:
        return SourceAnswer(
            GITHUB_REVIEWS, contributors=contributors, missing=(f"{about} were not read, no token: {_UNASKED}",)
        )
    if not is_client_installed():
        why = 'requests is not installed: `pip install "ai-policy-gate[github]"`'
        return SourceAnswer(GITHUB_REVIEWS, contributors=contributors, missing=(f"{about} were not read: {why}",))
    from policy_gate.approvals.github.pull_requests import fetch_reviews  # noqa: PLC0415 - few runs ask
    from policy_gate.forges.github import READS_REVIEWS, GitHub  # noqa: PLC0415 - likewise

    with GitHub(url, token, READS_REVIEWS, repository) as github:
        return fetch_reviews(github, event, query, contributors)


def _event(environment: Mapping[str, str], name: str, repository: str, url: str) -> GithubEvent:
    event = read_event(environment)
    if not _REPOSITORY.fullmatch(repository) or not url.startswith(("https://", "http://")):
        raise ForgeError("GITHUB_REPOSITORY or GITHUB_API_URL is malformed")
    if name != GROUP_EVENT and event.number is None:
        raise ForgeError("the event names no pull request")
    return event


def _hands_of(event: GithubEvent, query: ApprovalQuery) -> Iterator[ForgeContributor]:
    """Who opened the pull request and, where the event is a push to it, who pushed and what."""
    if event.opener is not None:
        yield ForgeContributor(author_of(event.opener.login, event.opener.id), f"opened pull request {event.number}")
    if event.action == "synchronize" and event.sender is not None:
        sender = author_of(event.sender.login, event.sender.id)
        yield ForgeContributor(
            sender, f"pushed last to pull request {event.number}", _pushed(event.before, event.after, query)
        )


def _pushed(before: str, after: str, query: ApprovalQuery) -> tuple[Commit, ...] | None:
    """The commits of the change that a push brought; None where this clone cannot tell."""
    then = query.commits_to(before) if before else None
    now = query.commits_to(after) if after else None
    if then is None or now is None:
        return None
    brought = {commit.oid for commit in now} - {commit.oid for commit in then}
    return tuple(commit for commit in query.commits if commit.oid in brought)
