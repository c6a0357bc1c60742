"""Who had a hand in the content that an approval is for, and how (D13): they never approve it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from policy_gate.people.agents import is_agent
from policy_gate.people.identity import accounts_of
from policy_gate.schema.people import Author, Commit, People
from policy_gate.schema.rule_settings import Assurance

UNATTRIBUTED = "the authors of this change could not be told"
"""why no approval counts and none can be missed where the commits of the change could not be listed"""

_BY_FORGE = "ask an approver who wrote none of it for a review on the forge, which says who pushed it"

_COMMITTER = "is the committer (who rebases is one) of"


class Contributor(Struct, frozen=True):
    """Somebody who had a hand in the content; `how` is a phrase such as `wrote commit 8d41b07`."""

    author: Author
    how: str


class Authorship(Struct, frozen=True):
    """All who had a hand; `not_known` is why that cannot be said for certain, or None."""

    known: tuple[Contributor, ...]
    not_known: str | None = None


def authorship_of(
    people: People, paths: frozenset[str], system: str | None, assurance: Assurance, wanted: str
) -> Authorship:
    """Who made the commits that touch any of these files, and whom a forge names beside them.

    Git's own merges make nobody an author, and a manifest counts for `system` only where the commit
    changes its entry. `wanted` is how sure authorship must be: committed, forge or signed.
    """
    touching = [commit for commit in people.commits if _touches(commit, paths, system)]
    known = [*_of_commits(touching, assurance)]
    for contributor in people.contributors:
        if _is_service(contributor.author, assurance):
            continue
        if contributor.commits is None or any(_touches(commit, paths, system) for commit in contributor.commits):
            known.append(Contributor(contributor.author, contributor.part))
    return Authorship(tuple(known), _not_known(touching, people, assurance, wanted))


def _touches(commit: Commit, paths: frozenset[str], system: str | None) -> bool:
    if commit.merge_of_git:
        return False
    return system in commit.systems or any(
        system in commit.entries.get(path, (system,)) for path in commit.paths & paths
    )


def _of_commits(commits: Iterable[Commit], assurance: Assurance) -> Iterator[Contributor]:
    for commit in commits:
        short = commit.oid[:7]
        named = frozenset(commit.co_authors)
        for author in commit.authors:
            if not _is_service(author, assurance):
                how = "is a co-author of" if author in named else "wrote" if author == commit.authors[0] else _COMMITTER
                yield Contributor(author, f"{how} commit {short} in this change")
        if commit.signer is not None:
            yield Contributor(commit.signer, f"signed commit {short} in this change")


def _not_known(touching: Sequence[Commit], people: People, assurance: Assurance, wanted: str) -> str | None:
    if not people.attributed:
        return UNATTRIBUTED
    for commit in touching:
        people_of = [author for author in commit.authors if not _is_service(author, assurance)]
        nameless = [author for author in people_of if not _is_somebody(author)]
        if nameless and not people.is_forge_known:
            return _unreadable(commit, nameless[0])
        if not people_of and not _is_brought_by_somebody(commit, people, assurance):
            return f"commit {commit.oid[:7]} names no person who made it, only a service: {_BY_FORGE}"
        if wanted == "signed" and commit.signer is None:
            return f"commit {commit.oid[:7]} is not signed by a key that base pins, which base's policies ask for"
    if wanted == "forge" and not people.is_forge_known:
        return "no forge says here who opened and pushed this change, which base's policies ask for"
    return None


def _is_brought_by_somebody(commit: Commit, people: People, assurance: Assurance) -> bool:
    """Whether a forge that says who pushed names a person for what only a service or an agent made."""
    return people.is_forge_known and any(
        not (it.bot or is_agent(it.author, assurance.agents) or _is_service(it.author, assurance))
        for it in people.contributors
        if it.commits is None or any(other.oid == commit.oid for other in it.commits)
    )


def _unreadable(commit: Commit, author: Author) -> str:
    """What the line says, and who can say yes nevertheless; the history stays as it is."""
    said = f"({author.name})" if author.name else "(it is empty)"
    return f"commit {commit.oid[:7]} has an author who cannot be told, as the line cannot be read {said}: {_BY_FORGE}"


def _is_service(author: Author, assurance: Assurance) -> bool:
    return author.email.casefold() in assurance.service_committers


def _is_somebody(author: Author) -> bool:
    return bool(author.email) or any(True for _ in accounts_of(author))
