"""Whose pushes brought the commits of a change, from what a forge remembers of its branch."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from msgspec import Struct, field

from policy_gate.approvals.source import ApprovalQuery
from policy_gate.schema.people import Author, Commit, ForgeContributor


class Pushed(Struct):
    """A hand for each account that pushed, as far as told; `note` says what is not known, if anything."""

    contributors: tuple[ForgeContributor, ...] = ()
    is_whole: bool = False
    note: str | None = None


class Pushers(Struct):
    """The commits whose pusher is looked for, and those found so far by account; fed newest push first."""

    commits_to: Callable[[str], tuple[Commit, ...] | None]
    wanted: frozenset[str]
    found: dict[Author, dict[str, Commit]] = field(default_factory=dict)

    @property
    def unnamed(self) -> frozenset[str]:
        """Those that no push is known to have brought."""
        return self.wanted.difference(*self.found.values())

    @property
    def missing(self) -> int:
        return len(self.unnamed)

    def take(self, who: Author, before: str, after: str) -> None:
        """Give an account the commits that its push brought; `before` is empty where the branch was new.

        Of a push that replaced commits which are gone from the clone, all that it left count: which of
        them it brought anew cannot be told. One whose own commits are gone left nothing.
        """
        brought = self.commits_to(after) if after else None
        known = {commit.oid for commit in (self.commits_to(before) if before else None) or ()}
        commits = self.found.setdefault(who, {})
        commits.update({commit.oid: commit for commit in brought or () if commit.oid not in known})

    def contributors(self, part: str) -> tuple[ForgeContributor, ...]:
        """A merge as git makes it is nobody's work, and what a later push replaced is not in the change any more, be it
        here or not: who pushed nothing but such had no hand in it."""
        own = {
            who: tuple(commit for commit in commits.values() if commit.oid in self.wanted)
            for who, commits in self.found.items()
        }
        return tuple(ForgeContributor(who, part, commits) for who, commits in own.items() if commits)


def pushers_of(head: str, query: ApprovalQuery) -> Pushers:
    """The search for who pushed the commits up to `head`; those that are judged where the clone lacks it."""
    # One push begins where the one before it ended.
    commits_to = cache(query.commits_to)
    return Pushers(commits_to, frozenset(commit.oid for commit in proposed(head, query) if not commit.merge_of_git))


def proposed(head: str, query: ApprovalQuery) -> tuple[Commit, ...]:
    """The commits up to `head` that base lacks; those that are judged where the clone lacks it."""
    told = query.commits_to(head)
    return query.commits if told is None else told
