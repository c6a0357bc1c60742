"""Who pushed the commits of a pull request, from the activity of the branch it comes from.

The event of a job names a pusher only where the job was started by a push; whoever pushed and reviewed
later would be forgotten by the job that the review starts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from policy_gate.collect.approvals.github.reviews import Pull, account_of
from policy_gate.collect.approvals.question import Question
from policy_gate.collect.approvals.untold import UntoldError
from policy_gate.collect.ci_event import commit_at, text_at, value_at
from policy_gate.schema.people import Author, Commit, Hand

if TYPE_CHECKING:
    from policy_gate.collect.approvals.github.api import Api

PUSHES = frozenset({"push", "force_push", "branch_creation"})


@dataclass
class Pushed:
    """Whose pushes brought which commits, as far as told; `note` says what is not known, or is empty.

    Of a pull request whose commits this clone does not hold nothing is whole, and its reviews say so.
    """

    hands: tuple[Hand, ...] = ()
    note: str = ""
    is_whole: bool = False


@dataclass
class _Search:
    """The commits whose pusher is looked for, and those found so far by account."""

    commits_to: Callable[[str], tuple[Commit, ...] | None]
    wanted: frozenset[str]
    found: dict[Author, dict[str, Commit]] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        return len(self.wanted.difference(*self.found.values()))

    def take(self, item: Mapping[str, Any]) -> None:
        """Give an account the commits that its push brought.

        Of a push that replaced commits which are gone from the clone, all that it left count: which of
        them it brought anew cannot be told. One whose own commits are gone left nothing.
        """
        actor = account_of(value_at(item, "actor"))
        brought = self.commits_to(commit_at(item, "after"))
        if actor is None or not brought or text_at(item, "activity_type") not in PUSHES:
            return
        before = commit_at(item, "before")
        known = {commit.oid for commit in (self.commits_to(before) if before.strip("0") else None) or ()}
        commits = self.found.setdefault(actor, {})
        commits.update({commit.oid: commit for commit in brought if commit.oid not in known})


def pushed(api: Api, pull: Pull, question: Question) -> Pushed:
    """A hand for each account that pushed commits of a pull request to its branch."""
    # One push begins where the one before it ended.
    commits_to = cache(lambda oid: question.commits_to(oid) if oid else None)
    proposed = commits_to(pull.head)
    commits = question.commits if proposed is None else proposed
    search = _Search(commits_to, frozenset(commit.oid for commit in commits))
    what = f"who pushed to pull request {pull.number}"
    if not pull.source or not pull.branch:
        return Pushed(note=f"{what} is not known: the branch it comes from is gone")
    try:
        for item in api.newest(f"/repos/{pull.source}/activity", {"ref": f"refs/heads/{pull.branch}"}, what):
            search.take(item)
            if not search.missing:
                break
    except UntoldError as error:
        if error.status not in (403, 404, 422):
            raise
        return Pushed(note=f"{what} is not known: the activity of {pull.source} may not be read ({error.status})")
    part = f"pushed to pull request {pull.number}"
    hands = tuple(Hand(author, part, tuple(commits.values())) for author, commits in search.found.items() if commits)
    is_lacking = bool(search.missing) and proposed is not None
    lacking = f"{what} is not known for {search.missing} of its commits" if is_lacking else ""
    return Pushed(hands, lacking, not search.missing)
