"""GitHub's reviews: who approved a pull request, or each pull request of a merge group, and who made it.

GitHub is asked only in its own jobs for these events, and only with a token; without one, the event still
names who opened the pull request and who pushed last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from policy_gate.approvals.github.pull_requests import Job, Told, hear_group, hear_pull, opened
from policy_gate.approvals.github.reviews import SOURCE, Review, account_of, approving
from policy_gate.approvals.github.teams import malformed_teams, teams_of
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer
from policy_gate.errors import BaseError
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github_event import commit_at, read_event, text_at, value_at
from policy_gate.people.identity import is_same
from policy_gate.schema.people import Author, Commit, ForgeContributor
from policy_gate.schema.roles import Roles

PULL_EVENTS = ("pull_request", "pull_request_target", "pull_request_review")
GROUP_EVENT = "merge_group"
API = "https://api.github.com"
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_UNASKED = (
    "GITHUB_TOKEN is not passed to this job; pass it as `env: {GITHUB_TOKEN: ${{ github.token }}}` with "
    "`permissions: {contents: read, pull-requests: read}`, or approve by signed records"
)
_NO_CLIENT = 'PyGithub is not installed: `pip install "ai-policy-gate[github]"`'


def fetch(query: ApprovalQuery) -> SourceAnswer | None:
    """What GitHub tells of this change; None where this is no job about a pull request or merge group."""
    try:
        job = _job(query.environment)
    except (BaseError, ForgeError) as error:
        return SourceAnswer(SOURCE, missing=(f"GitHub's reviews were not read: {error.message}",))
    if job is None:
        return None
    contributors = tuple(_hands_of_event(job, query))
    about = "the merge group" if job.is_group else f"pull request {job.number}"
    if not job.token:
        return SourceAnswer(
            SOURCE, contributors=contributors, missing=(f"the reviews of {about} were not read, no token: {_UNASKED}",)
        )
    try:
        from policy_gate.forges.github import Api  # noqa: PLC0415 - an extra, slow to import
    except ImportError:
        return SourceAnswer(
            SOURCE, contributors=contributors, missing=(f"the reviews of {about} were not read: {_NO_CLIENT}",)
        )
    told = Told(contributors=list(contributors))
    with Api(job.url, job.token) as api:
        if job.is_group:
            _attempt(told, lambda: hear_group(api, job, query, told))
        else:
            _attempt(told, lambda: hear_pull(api, job, job.number, query, told))
        approved = approving(told.reviews)
        teams = teams_of(api, query.roles, [review.account for review in approved if review.account])
    return SourceAnswer(
        SOURCE,
        claims=tuple(told.claims),
        contributors=tuple(told.contributors),
        missing=(*told.missing, *teams.missing),
        notes=(*told.notes, *malformed_teams(query.roles), *_unpinned(approved, query.roles)),
        accounts=_spread(told.accounts, query.commits),
        members=teams.members,
        tells_hands=told.is_whole and not told.missing,
    )


def _job(environment: Mapping[str, str]) -> Job | None:
    name, repository = environment.get("GITHUB_EVENT_NAME", ""), environment.get("GITHUB_REPOSITORY", "")
    if name not in (*PULL_EVENTS, GROUP_EVENT) or not repository or not environment.get("GITHUB_EVENT_PATH"):
        return None
    job = Job(
        name == GROUP_EVENT,
        read_event(environment),
        repository,
        environment.get("GITHUB_API_URL") or API,
        environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN") or "",
    )
    if not _REPOSITORY.fullmatch(repository) or not job.url.startswith(("https://", "http://")):
        raise ForgeError("GITHUB_REPOSITORY or GITHUB_API_URL is malformed")
    if not job.is_group and not isinstance(job.number, int):
        raise ForgeError("the event names no pull request")
    return job


def _attempt(told: Told, ask: Callable[[], object]) -> None:
    try:
        ask()
    except ForgeError as error:
        told.missing.append(error.sentence)


def _hands_of_event(job: Job, query: ApprovalQuery) -> Iterator[ForgeContributor]:
    """Who opened the pull request and, where the event is a push to it, who pushed and what."""
    if job.is_group:
        return
    opener = account_of(value_at(job.event, "pull_request", "user"))
    if opener is not None:
        yield opened(opener, job.number)
    sender = account_of(value_at(job.event, "sender"))
    if text_at(job.event, "action") == "synchronize" and sender is not None:
        pushed = _pushed(commit_at(job.event, "before"), commit_at(job.event, "after"), query)
        yield ForgeContributor(sender, f"pushed last to pull request {job.number}", pushed)


def _pushed(before: str, after: str, query: ApprovalQuery) -> tuple[Commit, ...] | None:
    """The commits of the change that a push brought; None where this clone cannot tell."""
    then = query.commits_to(before) if before else None
    now = query.commits_to(after) if after else None
    if then is None or now is None:
        return None
    brought = {commit.oid for commit in now} - {commit.oid for commit in then}
    return tuple(commit for commit in query.commits if commit.oid in brought)


def _spread(accounts: Mapping[tuple[str, str], Author], commits: Sequence[Commit]) -> Mapping[tuple[str, str], Author]:
    """The accounts, also for co-authors and for commits that a merge queue made anew: an address is one account's."""
    by_address = {email: account for (_, email), account in accounts.items()}
    wanted = [(commit.oid, author.email.casefold()) for commit in commits for author in commit.authors]
    return {key: by_address[key[1]] for key in wanted if key[1] in by_address} | dict(accounts)


def _unpinned(approved: Iterable[Review], roles: Roles | None) -> Iterator[str]:
    """Approvals by accounts unknown to the repository that base's roles hold by a name which anybody may take over."""
    holders = [person for held in roles.roles.values() for person in held.members] if roles else []
    for review in approved:
        account = review.account
        if account is None or not review.is_strangers:
            continue
        if any(person.github_id is None and is_same(person, account) for person in holders):
            number = account.account_id.partition(":")[2]
            yield (
                f"{account.name} approved and is no known member of the repository; pin the account in "
                f"policies/roles.yaml with `github_id: {number}` if it is theirs"
            )
