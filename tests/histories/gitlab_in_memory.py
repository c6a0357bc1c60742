"""What GitLab tells of a merge request, in memory, through all of the gate but its connection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from d01_step import Forge, Review
from forge import ELSEWHERE, EVERYBODY, GONE, GROUPS, MORNING, login_of, moment_of, number_of, whose
from world import email_of

from policy_gate.approvals.gitlab.merge_requests import fetch_approvals
from policy_gate.approvals.source import GITLAB_APPROVALS, ApprovalQuery, SourceAnswer
from policy_gate.forges.errors import AbsentError, ForgeError, UnreachableError
from policy_gate.schema.people import Commit

_PROJECT = "/projects/3"
_REQUEST = f"{_PROJECT}/merge_requests/7"
_A_WHILE = timedelta(seconds=20)


def approvals_of(forge: Forge, query: ApprovalQuery) -> SourceAnswer:
    """What the gate makes of the merge request."""
    try:
        return fetch_approvals(_GitLab(forge, query), "3", "7", query)  # type: ignore[arg-type]
    except ForgeError as error:
        return SourceAnswer(GITLAB_APPROVALS, missing=(error.sentence,))


class _GitLab:
    """What the gate asks, answered as GitLab does, which ties an approval to a moment and not to a commit."""

    def __init__(self, forge: Forge, query: ApprovalQuery) -> None:
        self._forge, self._head = forge, query.head or ""
        self._commits: list[Commit] = list(reversed(query.commits))

    def one(self, kind: Any, path: str, what: str) -> Any:
        if path.startswith("/groups/"):
            return kind.model_validate(self._member(path, what))
        if self._forge.is_silent:
            raise UnreachableError(f"{what} could not be read: no answer came", hint="run the job again")
        answers = {_REQUEST: self._request, f"{_REQUEST}/approvals": self._approvals}
        if path not in answers:
            raise AbsentError(f"{what}: this edition has no such thing", status=404)
        return kind.model_validate(answers[path]())

    def all(self, kind: Any, path: str, what: str) -> tuple[Any, ...]:
        listed = {f"{_REQUEST}/versions": self._versions, f"{_REQUEST}/notes": self._notes}
        return tuple(kind.model_validate(item) for item in listed[path]())

    def pages(self, kind: Any, path: str, what: str, **query: str) -> Iterator[tuple[Any, ...]]:
        """Each commit was pushed by itself; the newest first. Nobody has a commit on the default branch."""
        if path == f"{_PROJECT}/repository/commits":
            return
        assert path == f"{_PROJECT}/events"
        for commit, pusher in reversed(list(zip(self._commits, self._forge.pushers, strict=True))):
            data = {"ref_type": "branch", "ref": "work", "commit_from": commit.parents[0], "commit_to": commit.oid}
            yield (kind.model_validate({"created_at": MORNING, "author": _user(pusher), "push_data": data}),)

    def query(self, kind: Any, text: str, variables: object, what: str) -> Any:
        """The account that has confirmed an address, which each has."""
        people = [whose(commit.authors[0]) for commit in self._commits]
        nodes = [{"authorEmail": email_of(who), "author": {**_user(who), "id": str(number_of(who))}} for who in people]
        commits = {"pageInfo": {"hasNextPage": False}, "nodes": nodes}
        return kind.model_validate({"data": {"mergeRequest": {"commits": commits}}})

    def not_available(self, method: str, what: str, why: str) -> str:
        return f"{what} was not told: {why}"

    def _member(self, path: str, what: str) -> dict[str, Any]:
        group, _, number = path.removeprefix("/groups/").partition("/members/all/")
        members = [number_of(who) for who in GROUPS[f"gitlab:{unquote(group)}"]]
        if number and int(number) not in members:
            raise AbsentError(f"{what} could not be read", status=404)
        return {"id": int(number or 1), "state": "active"}

    def _request(self) -> dict[str, Any]:
        return {
            "id": 70, "iid": 7, "author": _user(self._forge.opener), "sha": self._head, "source_branch": "work",
            "created_at": MORNING, "source_project_id": 3,
        }  # fmt: skip

    def _approvals(self) -> dict[str, Any]:
        """Who approves now: whoever said otherwise last is not among them."""
        last = {it.who: (number, it) for number, it in enumerate(self._forge.reviews)}
        return {
            "approved_by": [
                {"user": _user(who), "approved_at": moment_of(it, number)}
                for who, (number, it) in last.items()
                if it.says in ("approved", ELSEWHERE)
            ]
        }

    def _versions(self) -> Iterator[dict[str, Any]]:
        """What was pushed before each review, where that is another head, and what is there now."""
        seen = [(self._seen_by(it), moment_of(it, number)) for number, it in enumerate(self._forge.reviews)]
        current, number, at = "", 0, MORNING
        for head, given in seen:
            if head != current:
                current, number = head, number + 1
                yield _version(number, head, given - _A_WHILE)
            at = given
        if current != self._head:
            yield _version(number + 1, self._head, at + _A_WHILE)

    def _seen_by(self, review: Review) -> str:
        return GONE if review.commit is None else self._commits[review.commit].oid

    def _notes(self) -> Iterator[dict[str, Any]]:
        """What GitLab notes of a retarget, and that somebody says the same in a comment later."""
        moved = [moment_of(it, number) for number, it in enumerate(self._forge.reviews) if it.says == ELSEWHERE]
        said = "changed target branch from `release` to `main`"
        for at in moved:
            yield {"system": True, "body": said, "author": {"id": 1}, "created_at": at + _A_WHILE}
        someone = number_of(EVERYBODY[0])
        last = datetime.max.replace(tzinfo=MORNING.tzinfo)
        yield {"system": False, "body": said, "author": {"id": someone}, "created_at": last}


def _version(number: int, head: str, at: datetime) -> dict[str, Any]:
    return {"id": number, "head_commit_sha": head, "created_at": at}


def _user(name: str) -> dict[str, Any]:
    return {"id": number_of(name), "username": login_of(name), "name": name, "bot": False}
