"""What GitHub tells of one pull request, and of each pull request in a merge group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from policy_gate.approvals.github.pushes import pushed
from policy_gate.approvals.github.reviews import Pull, Review, addresses_of, claims_of, pull_of, reviews_of
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github_event import commit_at, text_at, value_at
from policy_gate.schema.people import Author, Claim, Commit, ForgeContributor

if TYPE_CHECKING:
    from policy_gate.forges.github import Api

LISTED_COMMITS = 250
"""How many commits of a pull request GitHub lists."""
SINGLE_COMMITS = 250
"""How many commits beyond those are asked for one by one."""
_QUEUE = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-(\d+)-[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True)
class Job:
    """What started this job: GitHub's event, and where to ask about it."""

    is_group: bool
    event: Any
    repository: str
    url: str
    token: str = field(repr=False)

    @property
    def path(self) -> str:
        return f"/repos/{self.repository}"

    @property
    def number(self) -> Any:
        return value_at(self.event, "pull_request", "number")


@dataclass
class Told:
    """What has been told so far; filled pull request by pull request."""

    claims: list[Claim] = field(default_factory=list)
    contributors: list[ForgeContributor] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    accounts: dict[tuple[str, str], Author] = field(default_factory=dict)
    reviews: list[Review] = field(default_factory=list)
    is_whole: bool = True
    """it is known who pushed every commit"""


def opened(opener: Author, number: int, commits: tuple[Commit, ...] | None = None) -> ForgeContributor:
    """The hand of whoever opened a pull request."""
    return ForgeContributor(opener, f"opened pull request {number}", commits)


def hear_pull(api: Api, job: Job, number: int, query: ApprovalQuery, told: Told) -> Sequence[str]:
    """Add what one pull request tells; gives the ids of its commits. ForgeError where GitHub breaks off."""
    what = f"pull request {number}"
    pull = pull_of(api.one(f"{job.path}/pulls/{number}", what), what)
    contributor = opened(pull.opener, number, query.commits_to(pull.head) if job.is_group else None)
    told.contributors += [contributor] if contributor not in told.contributors else []
    what = f"the reviews of pull request {number}"
    reviews = reviews_of(api.all(f"{job.path}/pulls/{number}/reviews", "id", what), what)
    claims = claims_of(reviews)
    told.reviews += reviews
    try:
        oids = _hear_commits(api, job, pull, query, told)
    except ForgeError as error:
        # Somebody whom only an account gives away as an author may be among those who approved.
        told.claims += [replace(claim, unchecked=error.message) for claim in claims]
        raise
    told.claims += claims
    found = pushed(api, pull, query)
    told.contributors += found.contributors
    told.notes += [found.note] if found.note else []
    told.is_whole = told.is_whole and found.is_whole
    return oids


def _hear_commits(api: Api, job: Job, pull: Pull, query: ApprovalQuery, told: Told) -> Sequence[str]:
    """Add the accounts behind the addresses of a pull request's commits."""
    what = f"the commits of pull request {pull.number}"
    items = list(api.all(f"{job.path}/pulls/{pull.number}/commits", "sha", what))
    oids = [text_at(item, "sha") for item in items]
    if pull.commit_count is None or (pull.commit_count != len(items) and pull.commit_count <= LISTED_COMMITS):
        raise ForgeError(f"{what} could not be read: {pull.commit_count} were promised, {len(items)} came")
    if pull.commit_count > len(items):
        rest = [commit.oid for commit in query.commits if commit.oid not in oids and not commit.merge_of_git]
        if len(rest) > SINGLE_COMMITS:
            raise ForgeError(f"{what} could not be read: {pull.commit_count} are too many to ask for")
        items += [api.one(f"{job.path}/commits/{oid}", f"commit {oid[:7]}") for oid in rest]
        told.notes.append(f"GitHub lists {len(oids)} of the {pull.commit_count} commits of pull request {pull.number}")
    told.accounts |= addresses_of(items)
    return oids


def hear_group(api: Api, job: Job, query: ApprovalQuery, told: Told) -> None:
    """Add what each pull request in the merge group tells. ForgeError where GitHub breaks off.

    The queue's own merges belong to nobody. The group's branch is named after the last pull request in
    it, whose commit GitHub may have made anew (squash, rebase) and then knows no pull request for.
    """
    base = text_at(job.event, "merge_group", "base_ref").removeprefix("refs/heads/")
    named = _QUEUE.fullmatch(text_at(job.event, "merge_group", "head_ref"))
    answers: set[int] = set()
    covered: set[str] = set()
    if named:
        answers.add(int(named[1]))
        covered |= {
            *hear_pull(api, job, int(named[1]), query, told),
            commit_at(job.event, "merge_group", "head_sha"),
        }
    oids = frozenset(commit.oid for commit in query.commits)
    for commit in query.commits:
        if commit.oid in covered or commit.merge_of_git:
            continue
        numbers = _numbers(api, job, commit.oid, base, oids)
        if not numbers:
            told.missing.append(
                f"commit {commit.oid[:7]} of the merge group belongs to no pull request that GitHub names"
            )
        for number in numbers:
            if number not in answers:
                answers.add(number)
                covered.update(hear_pull(api, job, number, query, told))


def _numbers(api: Api, job: Job, oid: str, base: str, oids: frozenset[str]) -> list[int]:
    """The pull requests to this branch that a commit came by: those whose head is in the group, if there are any."""
    what = f"the pull requests of commit {oid[:7]}"
    pulls = [pull_of(item, what) for item in api.all(f"{job.path}/commits/{oid}/pulls", "number", what)]
    pulls = [pull for pull in pulls if pull.base == base and not pull.is_dropped]
    return sorted({pull.number for pull in [pull for pull in pulls if pull.head in oids] or pulls})
