"""What GitHub tells of a pull request, in memory, through all of the gate but its connection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from d01_step import Forge
from forge import ELSEWHERE, GONE, MORNING, TEAMS, login_of, moment_of, number_of, whose
from world import email_of

from policy_gate.approvals.github.accounts import author_of
from policy_gate.approvals.github.pull_requests import fetch_reviews
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer
from policy_gate.forges.errors import AbsentError, UnreachableError
from policy_gate.forges.github_event import GithubEvent
from policy_gate.schema.people import Commit, ForgeContributor

_SAID = {
    "approved": "APPROVED", ELSEWHERE: "APPROVED", "dismissed": "DISMISSED", "asks for changes": "CHANGES_REQUESTED",
}  # fmt: skip


def reviews_of(forge: Forge, query: ApprovalQuery) -> SourceAnswer:
    """What the gate makes of the pull request."""
    opener = author_of(login_of(forge.opener), number_of(forge.opener))
    return fetch_reviews(
        _GitHub(forge, query), GithubEvent(number=7), query, [ForgeContributor(opener, "opened pull request 7")]
    )  # type: ignore[arg-type]


class _GitHub:
    """What the gate asks, answered as GitHub does."""

    repository = "/repos/example-org/screener"

    def __init__(self, forge: Forge, query: ApprovalQuery) -> None:
        self._forge, self._head = forge, query.head or ""
        self._commits: list[Commit] = list(reversed(query.commits))

    def one(self, kind: Any, path: str, what: str, query: object = None) -> Any:
        if "/teams/" in path:
            return kind.model_validate(self._team(path, what))
        if self._forge.is_silent:
            raise UnreachableError(f"{what} could not be read: no answer came", hint="run the job again")
        head = {"sha": self._head, "ref": "work", "repo": {"full_name": "example-org/screener"}}
        return kind.model_validate({
            "number": 7, "user": _user(self._forge.opener), "head": head, "base": {"ref": "main"}, "state": "open",
            "commits": len(self._commits), "created_at": MORNING,
        })  # fmt: skip

    def _team(self, path: str, what: str) -> dict[str, Any]:
        team, _, login = path.removeprefix("/orgs/").replace("/teams/", "/").partition("/memberships/")
        if not login:
            return {"id": 1}
        if login not in map(login_of, TEAMS[f"github:{team}"]):
            raise AbsentError(f"{what} could not be read")
        return {"state": "active"}

    def all(self, kind: Any, path: str, key: str, what: str) -> tuple[Any, ...]:
        listed = {"commits": self._listed_commits, "reviews": self._reviews, "events": self._events}
        return tuple(kind.model_validate(item) for item in listed[path.rpartition("/")[2]]())

    def newest(self, kind: Any, path: str, query: object, what: str) -> Iterator[Any]:
        """Each commit was pushed by itself; the newest first. Nothing is told of what base itself holds."""
        if path.endswith("/commits"):
            return
        pushed = list(enumerate(zip(self._commits, self._forge.pushers, strict=True)))
        for number, (commit, pusher) in reversed(pushed):
            yield kind.model_validate({
                "id": number, "activity_type": "push", "timestamp": MORNING, "actor": _user(pusher),
                "before": commit.parents[0], "after": commit.oid,
            })  # fmt: skip

    def _reviews(self) -> Iterator[dict[str, Any]]:
        for number, it in enumerate(self._forge.reviews):
            yield {
                "id": number, "state": _SAID[it.says], "user": _user(it.who), "submitted_at": moment_of(it, number),
                "commit_id": GONE if it.commit is None else self._commits[it.commit].oid,
                "author_association": "MEMBER",
            }  # fmt: skip

    def _events(self) -> Iterator[dict[str, Any]]:
        """The request was opened under another name, and came to be for the branch after what was said before."""
        yield {"id": 1, "event": "renamed", "created_at": MORNING}
        for number, it in enumerate(self._forge.reviews):
            if it.says == ELSEWHERE:
                at = moment_of(it, number) + timedelta(seconds=30)
                yield {"id": number + 2, "event": "base_ref_changed", "created_at": at}

    def _listed_commits(self) -> Iterator[dict[str, Any]]:
        for commit in self._commits:
            who = whose(commit.authors[0])
            identity = {"email": email_of(who)}
            yield {
                "sha": commit.oid, "commit": {"author": identity, "committer": identity},
                "author": _user(who), "committer": _user(who),
            }  # fmt: skip


def _user(name: str) -> dict[str, Any]:
    return {"login": login_of(name), "id": number_of(name), "type": "User"}
