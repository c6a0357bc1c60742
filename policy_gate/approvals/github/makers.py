"""Who made the commits of a pull request that a merge queue replaces by one of its own (squash) or by copies (rebase).

What the queue makes names whom its message names, which may be edited; the commits of the pull request name the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policy_gate.approvals.source import ApprovalQuery
from policy_gate.forges import github_answers as answers
from policy_gate.schema.people import Author, Commit, ForgeContributor
from policy_gate.vcs.trailers import CO_AUTHOR, people_in, trailers_of


def makers_of(
    pull: answers.PullRequest,
    listed: Sequence[answers.Commit],
    held: Sequence[Commit] | None,
    query: ApprovalQuery,
    accounts: Mapping[tuple[str, str], Author],
) -> tuple[ForgeContributor, ...]:
    """A hand for everybody who made a commit of a pull request that is not among those judged.

    `held` are its commits in this clone; without them, somebody had a hand in all that the change touches.
    """
    weighed = frozenset(commit.oid for commit in query.commits)
    by_address = {address: account for (_, address), account in accounts.items()}
    found = _held(held, weighed) if held is not None else _listed(listed, weighed)
    return tuple(
        ForgeContributor(_known(author, by_address), f"{how} of pull request {pull.number}", commits)
        for author, how, commits in found
    )


_Hand = tuple[Author, str, tuple[Commit, ...] | None]


def _held(held: Sequence[Commit], weighed: frozenset[str]) -> Iterator[_Hand]:
    for commit in held:
        if commit.oid not in weighed and not commit.merge_of_git:
            for author in commit.authors:
                yield author, _how(commit.oid, author in commit.co_authors), (commit,)


def _listed(listed: Sequence[answers.Commit], weighed: frozenset[str]) -> Iterator[_Hand]:
    for item in listed:
        if item.sha in weighed:
            continue
        written = [it for it in (item.commit.author, item.commit.committer) if it is not None and it.email]
        makers = dict.fromkeys(Author(it.name or it.email or "", it.email or "") for it in written)
        named = [value for key, value in trailers_of(item.commit.message) if key.lower() == CO_AUTHOR]
        co_authors = dict.fromkeys(author for value in named for author in people_in(value))
        yield from ((author, _how(item.sha, False), None) for author in makers)
        yield from ((author, _how(item.sha, True), None) for author in co_authors if author not in makers)


def _how(oid: str, is_co_author: bool) -> str:
    return f"{'is a co-author of' if is_co_author else 'wrote'} commit {oid[:7]}"


def _known(author: Author, by_address: Mapping[str, Author]) -> Author:
    known = by_address.get(author.email.casefold())
    return author._replace(account=known.account, account_id=known.account_id) if known else author
