"""What GitHub tells of one pull request, and of each pull request in a merge group."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from policy_gate.approvals.github.accounts import account_of
from policy_gate.approvals.github.makers import makers_of
from policy_gate.approvals.github.pushes import pushed
from policy_gate.approvals.github.retargets import aim_of
from policy_gate.approvals.github.reviews import (
    Review,
    addresses_of,
    approving,
    claims_of,
    deciding,
    split_at,
    too_late,
)
from policy_gate.approvals.github.teams import malformed_teams, teams_of
from policy_gate.approvals.source import GITHUB_REVIEWS, ApprovalQuery, SourceAnswer
from policy_gate.forges import github_answers as answers
from policy_gate.forges.errors import AbsentError, ForbiddenError, ForgeError, MalformedError
from policy_gate.forges.github import GitHub
from policy_gate.forges.github_event import GROUP_EVENT, GithubEvent
from policy_gate.people.identity import is_same
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.people import Author, Claim, Commit, ForgeContributor
from policy_gate.schema.roles import Roles

LISTED_COMMITS = 250
"""How many commits of a pull request GitHub lists."""
SINGLE_COMMITS = 250
"""How many commits beyond those are asked for one by one, each for an address that is new."""
CO_AUTHORS = 50
"""How many addresses of co-authors are asked about."""
_PRIVATE = "@users.noreply.github.com"
"""how addresses end that say their account themselves"""
_NO_HISTORY = (409, 422)
"""what GitHub answers of a repository without commits, and of text that is no address to it"""
_QUEUE = lazy_pattern(r"refs/heads/gh-readonly-queue/.+/pr-(\d+)-[0-9a-f]{40,64}")


class _Gathered(Struct):
    """What has been answered so far; filled pull request by pull request."""

    claims: list[Claim] = field(default_factory=list)
    contributors: list[ForgeContributor] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    accounts: dict[tuple[str, str], Author] = field(default_factory=dict)
    reviews: list[Review] = field(default_factory=list)
    is_whole: bool = True
    """it is known who pushed every commit"""
    unheld: list[str] = field(default_factory=list)
    """commits that this clone lacks and that would tell more"""
    originals: set[tuple[Author, frozenset[str]]] = field(default_factory=set)
    """who wrote a commit of a pull request in a group, and which paths: what the queue's copy of it keeps"""


def fetch_reviews(
    github: GitHub, event: GithubEvent, query: ApprovalQuery, contributors: Iterable[ForgeContributor]
) -> SourceAnswer:
    """What GitHub tells of the pull request of an event, or of each in its merge group; `hands` are the event's."""
    found = _Gathered(contributors=list(contributors))
    is_group = query.environment.get("GITHUB_EVENT_NAME") == GROUP_EVENT
    if is_group or event.number is None:
        _attempt(found, lambda: _add_group(github, event, query, found))
    else:
        number = event.number
        _attempt(found, lambda: _add_pull(github, number, query, found, is_group=False))
    approved = approving(found.reviews)
    teams = teams_of(github, query.roles, [review.account for review in approved if review.account])
    return SourceAnswer(
        GITHUB_REVIEWS,
        claims=tuple(found.claims),
        contributors=tuple(found.contributors),
        missing=(*found.missing, *teams.missing),
        notes=(*found.notes, *malformed_teams(query.roles), *_unpinned(approved, query.roles)),
        accounts=_spread(found.accounts, query.commits),
        members=teams.members,
        tells_hands=found.is_whole and not found.missing,
        unheld=tuple(dict.fromkeys(found.unheld)),
    )


def _attempt(found: _Gathered, ask: Callable[[], object]) -> None:
    try:
        ask()
    except ForgeError as error:
        found.missing.append(error.sentence)


def _add_pull(github: GitHub, number: int, query: ApprovalQuery, found: _Gathered, is_group: bool) -> Sequence[str]:
    """Add what one pull request tells; gives the ids of its commits. ForgeError where GitHub breaks off."""
    path = f"{github.repository}/pulls/{number}"
    pull = github.one(answers.PullRequest, path, f"pull request {number}")
    if pull.user is None:
        raise ForgeError(
            f"who opened pull request {number} is not known any more: the account is gone",
            hint="close it and open another one of its branch",
        )
    opened = query.commits_to(pull.head.sha) if is_group else None
    contributor = ForgeContributor(account_of(pull.user), f"opened pull request {number}", opened)
    found.contributors += [contributor] if contributor not in found.contributors else []
    what = f"the reviews of pull request {number}"
    reviews: Sequence[Review] = deciding(github.all(answers.Review, f"{path}/reviews", "id", what), what)
    merged = pull.merged_at if query.merged is not None else None
    reviews, later = split_at(reviews, merged)
    aim = aim_of(github, number, reviews, merged)
    claims = tuple(replace(claim, unchecked=aim.untold) for claim in claims_of(reviews, aim.against))
    found.notes += [aim.note] if aim.note else []
    claims += too_late(reviews, later, merged) if merged else ()
    if query.merged is not None and merged is None:
        found.notes.append(
            f"GitHub does not tell when pull request {number} was merged: its reviews count by their day"
        )
    found.reviews += reviews
    try:
        commits = _add_commits(github, pull, query, found)
        pushers = pushed(github, pull, query)
    except ForgeError as error:
        # Somebody whom only an account or a push gives away as an author may be among those who approved.
        found.claims += [replace(claim, unchecked=error.sentence) for claim in claims]
        raise
    found.claims += claims
    found.contributors += pushers.contributors
    found.notes += [pushers.note] if pushers.note else []
    found.is_whole = found.is_whole and pushers.is_whole
    if is_group:
        found.contributors += makers_of(pull, commits, opened, query, found.accounts)
        found.unheld += [pull.head.sha] if opened is None else []
        found.originals |= {_kept_of(commit) for commit in opened or ()}
    return [commit.sha for commit in commits]


def _add_commits(
    github: GitHub, pull: answers.PullRequest, query: ApprovalQuery, found: _Gathered
) -> Sequence[answers.Commit]:
    """Add the accounts behind the addresses of a pull request's commits; gives the commits that GitHub lists."""
    what, repository = f"the commits of pull request {pull.number}", github.repository
    listed = github.all(answers.Commit, f"{repository}/pulls/{pull.number}/commits", "sha", what)
    items, oids = list(listed), [item.sha for item in listed]
    if pull.commits is None or (pull.commits != len(items) and pull.commits <= LISTED_COMMITS):
        raise MalformedError(f"{what} could not be read: {pull.commits} were promised, {len(items)} came")
    if pull.commits > len(items):
        rest = _with_new_addresses(items, query.commits)
        if len(rest) > SINGLE_COMMITS:
            raise ForgeError(f"{what} could not be read: {len(rest)} people are too many to ask for")
        items += [github.one(answers.Commit, f"{repository}/commits/{oid}", f"commit {oid[:7]}") for oid in rest]
        found.notes.append(f"GitHub lists {len(oids)} of the {pull.commits} commits of pull request {pull.number}")
    found.accounts |= addresses_of(items)
    found.accounts |= _co_authors(github, query.commits, {address for _, address in found.accounts})
    return listed


def _co_authors(github: GitHub, commits: Sequence[Commit], known: Collection[str]) -> dict[tuple[str, str], Author]:
    """The accounts behind addresses that only trailers name, such as those of suggestions that were applied.

    GitHub tells them of what they wrote themselves on the default branch, and of nothing else.
    """
    named = dict.fromkeys(author.email.casefold() for commit in commits for author in commit.co_authors)
    found: dict[tuple[str, str], Author] = {}
    for address in [it for it in named if it and it not in known and not it.endswith(_PRIVATE)][:CO_AUTHORS]:
        asked = {"author": address, "per_page": 1}
        try:
            own = next(github.newest(answers.Commit, f"{github.repository}/commits", asked, f"who {address} is"), None)
        except ForgeError as error:
            if not isinstance(error, AbsentError | ForbiddenError) and error.status not in _NO_HISTORY:
                raise
            continue
        found |= {key: account for key, account in addresses_of([own] if own else []).items() if key[1] == address}
    return found


def _with_new_addresses(listed: Sequence[answers.Commit], commits: Sequence[Commit]) -> list[str]:
    """A commit for each address that those which GitHub lists do not carry: whose an address is, any of them tells."""
    known = {
        it.email.casefold() for item in listed for it in (item.commit.author, item.commit.committer) if it and it.email
    }
    found: list[str] = []
    for commit in commits:
        new = {author.email.casefold() for author in commit.authors if author not in commit.co_authors} - known
        if new and not commit.merge_of_git:
            known |= new
            found.append(commit.oid)
    return found


def _add_group(github: GitHub, event: GithubEvent, query: ApprovalQuery, found: _Gathered) -> None:
    """Add what each pull request in the merge group tells. ForgeError where GitHub breaks off.

    The queue's own merges belong to nobody. The group's branch is named after the last pull request in
    it, whose commits GitHub may have made anew (squash, rebase) and then knows no pull request for.
    """
    base = event.group_base_ref.removeprefix("refs/heads/")
    named = _QUEUE.fullmatch(event.group_head_ref)
    asked: set[int] = set()
    covered: set[str] = set()
    if named:
        asked.add(int(named[1]))
        covered |= {*_add_pull(github, int(named[1]), query, found, is_group=True), event.group_head}
    oids = frozenset(commit.oid for commit in query.commits)
    for commit in query.commits:
        if commit.oid in covered or commit.merge_of_git:
            continue
        numbers = _numbers(github, commit.oid, base, oids)
        if not numbers and _kept_of(commit) not in found.originals:
            found.missing.append(
                f"commit {commit.oid[:7]} of the merge group belongs to no pull request that GitHub names"
            )
        for number in numbers:
            if number not in asked:
                asked.add(number)
                covered.update(_add_pull(github, number, query, found, is_group=True))


def _kept_of(commit: Commit) -> tuple[Author, frozenset[str]]:
    return commit.authors[0], commit.paths


def _numbers(github: GitHub, oid: str, base: str, oids: frozenset[str]) -> list[int]:
    """The pull requests to this branch that a commit came by: those whose head is in the group, if there are any."""
    what = f"the pull requests of commit {oid[:7]}"
    pulls = github.all(answers.PullRequest, f"{github.repository}/commits/{oid}/pulls", "number", what)
    here = [pull for pull in pulls if pull.base.ref == base and not _is_dropped(pull)]
    return sorted({pull.number for pull in [pull for pull in here if pull.head.sha in oids] or here})


def _is_dropped(pull: answers.PullRequest) -> bool:
    """Closed and never merged."""
    return pull.state == "closed" and not pull.merged_at


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
                f"base's roles.yaml with `github_id: {number}` if it is theirs"
            )
