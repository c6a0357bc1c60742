"""What the fake GitHub keeps of conversations: issues, and the comments on issues and pull requests.

It keeps state as GitHub does: whoever a token writes as is the author, issues and pull requests share their
numbers, a locked conversation takes no more, and a repository may have its issues switched off. Comments are
validated against GitHub's own OpenAPI description, issues and the answer to `viewer` against
`tests/data/github-issue.schema.json`.

    token = github.grant("github-actions[bot]", "pull-requests: write")
    github.comment(number, "eve-x", "I wrote this on the page")
    ...  # a client with that token asks
    assert github.said(number) == ["I wrote this on the page", "…"]
"""

from __future__ import annotations

import copy
import json
import re
import threading
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from fakes.forge_server import Answer, Asked, ForgeServer
from jsonschema import Draft202012Validator

_ISSUES = Path(__file__).parent.parent / "data" / "github-issue.schema.json"
LONGEST_BODY = 65_536
LONGEST_TITLE = 256
_REFUSED = "Resource not accessible by integration"


@dataclass(frozen=True)
class Grant:
    """Who a token writes as, what it may, and whether it is a job's: those cannot ask `GET /user`."""

    login: str
    permissions: frozenset[str]
    is_of_a_job: bool

    def may(self, verb: str, *names: str) -> bool:
        """Whether one of these permissions is given; who may write may read."""
        wanted = {f"{name}: write" for name in names} | (
            {f"{name}: read" for name in names} if verb == "GET" else set()
        )
        return bool(wanted & self.permissions)


@dataclass(frozen=True)
class _Before:
    method: str
    part: str
    action: Callable[[], object]


class Issues(ForgeServer):
    """The conversations of one repository; mixed into the fake that has its pull requests and accounts."""

    repository: str
    token: str
    accounts: dict[str, dict[str, Any]]
    invalid: list[str]
    largest_page: int
    _now: datetime

    def __init__(self) -> None:
        self.issues: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, dict[str, Any]] = {}
        self.events: dict[int, list[dict[str, Any]]] = {}
        self.locked: set[int] = set()
        self.has_issues = True
        self.knows_apps_as_creators = True
        self.tells_viewer = True
        everything = frozenset({"contents: read", "issues: write", "pull-requests: write"})
        self.grants = {self.token: Grant("github-actions[bot]", everything, is_of_a_job=True)}
        self._befores: list[_Before] = []
        super().__init__()

    # what the fake that this is mixed into knows

    @abstractmethod
    def account(self, login: str, email: str = "", kind: str = "User") -> dict[str, Any]: ...

    @abstractmethod
    def pulls_as_issues(self) -> list[dict[str, Any]]: ...

    @abstractmethod
    def page(self, request: Asked, items: Sequence[Any], schema: str = "") -> Answer: ...

    @abstractmethod
    def error(self, status: int, message: str) -> Answer: ...

    @abstractmethod
    def checked(self, schema: str, body: Any) -> Answer: ...

    @abstractmethod
    def example(self, name: str) -> Any: ...

    @abstractmethod
    def next_id(self) -> int: ...

    # what happens there

    def grant(self, login: str, *permissions: str, is_of_a_job: bool = True) -> str:
        """A new token that writes as this account and may do this, such as `issues: write`."""
        token = f"ghs_{len(self.grants):036d}"
        self.grants[token] = Grant(login, frozenset(permissions), is_of_a_job)
        self._writer(login)
        return token

    def comment(self, number: int, login: str, body: str) -> int:
        """Somebody comments on an issue or pull request; the comment's id."""
        return int(self._comment(number, login, body)["id"])

    def issue(self, login: str, title: str, body: str = "", state: str = "open") -> int:
        """Somebody opens an issue, which may have been closed since; its number."""
        made = self._open(login, title, body)
        made["state"] = state
        return int(made["number"])

    def said(self, number: int) -> list[str]:
        """The bodies of the comments on an issue or pull request, oldest first."""
        return [str(found["body"]) for found in self._comments_on(number)]

    def written(self, verb: str = "") -> list[Asked]:
        """The requests so far that wanted to change a conversation."""
        asked = [found for found in self.requests if found.method != "GET" and found.path != "/graphql"]
        return [found for found in asked if not verb or found.method == verb]

    def before(self, method: str, part: str, action: Callable[[], object]) -> None:
        """Let something happen once, just before the next request of this sort is answered."""
        self._befores.append(_Before(method, part, action))

    def next_number(self) -> int:
        """The number of whatever is opened next, issue or pull request."""
        return 1 + max([0, *self.issues, *(int(found["number"]) for found in self.pulls_as_issues())])

    def issue_form(self, number: int, login: str, title: str, body: str | None) -> dict[str, Any]:
        """An issue or pull request as the API of issues shows it."""
        here = f"{self.url}/repos/{self.repository}"
        page = f"https://github.example/{self.repository}/issues/{number}"
        return {
            "id": 5_000_000 + number,
            "node_id": f"I_{number}",
            "url": f"{here}/issues/{number}",
            "repository_url": here,
            "labels_url": f"{here}/issues/{number}/labels{{/name}}",
            "comments_url": f"{here}/issues/{number}/comments",
            "events_url": f"{here}/issues/{number}/events",
            "html_url": page,
            "number": number,
            "title": title,
            "body": body,
            "state": "open",
            "state_reason": None,
            "user": self._writer(login),
            "labels": [],
            "assignee": None,
            "assignees": [],
            "milestone": None,
            "locked": number in self.locked,
            "active_lock_reason": None,
            "comments": 0,
            "created_at": self._instant(),
            "updated_at": self._instant(),
            "closed_at": None,
            "closed_by": None,
            "author_association": "MEMBER",
        }

    # what it answers

    def answer(self, request: Asked) -> Answer:
        """Let happen what was to happen before this request, then answer it."""
        with self._lock:
            met = [found for found in self._befores if found.method == request.method and found.part in request.path]
            if met:
                self._befores.remove(met[0])
        if met:
            met[0].action()
        return super().answer(request)

    def grant_of(self, request: Asked) -> Grant | None:
        """Whose token it is, as far as it is one."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self.grants.get(token) if scheme in ("token", "Bearer") else None

    def answer_about_issues(self, request: Asked, grant: Grant) -> Answer | None:
        """The answer where the request is about issues, comments or who asks; else None."""
        repository = f"/repos/{re.escape(self.repository)}"
        routes: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
            ("POST", r"/graphql", self._tell_viewer),
            ("GET", r"/user", self._tell_user),
            ("GET", rf"{repository}/issues", self._list_issues),
            ("POST", rf"{repository}/issues", self._open_issue),
            ("GET", rf"{repository}/issues/(\d+)", self._get_issue),
            ("PATCH", rf"{repository}/issues/(\d+)", self._edit_issue),
            ("GET", rf"{repository}/issues/(\d+)/comments", self._list_comments),
            ("POST", rf"{repository}/issues/(\d+)/comments", self._add_comment),
            ("GET", rf"{repository}/issues/comments/(\d+)", self._get_comment),
            ("PATCH", rf"{repository}/issues/comments/(\d+)", self._edit_comment),
            ("DELETE", rf"{repository}/issues/comments/(\d+)", self._delete_comment),
        )
        for method, pattern, answer in routes:
            found = re.fullmatch(pattern, request.path)
            if found and method == request.method:
                return answer(request, grant, *(int(part) for part in found.groups()))
        return None

    def _tell_viewer(self, request: Asked, grant: Grant) -> Answer:
        asked = str(json.loads(request.body).get("query", ""))
        if not self.tells_viewer or re.sub(r"\s", "", asked) not in ("query{viewer{login}}", "{viewer{login}}"):
            return self.error(404, "Not Found")
        return Answer(200, self._valid("viewer", {"data": {"viewer": {"login": grant.login}}}))

    def _tell_user(self, request: Asked, grant: Grant) -> Answer:
        if grant.is_of_a_job:
            return self.error(403, _REFUSED)
        return Answer(200, self._valid("user", self._writer(grant.login)))

    def _list_issues(self, request: Asked, grant: Grant) -> Answer:
        if not grant.may("GET", "issues"):
            return self.error(403, _REFUSED)
        if not self.has_issues:
            return self.error(410, "Issues are disabled for this repo")
        state, creator = request.query.get("state", "open"), request.query.get("creator", "")
        found = [*self.issues.values(), *self.pulls_as_issues()]
        kept = [
            item for item in found if state in ("all", item["state"]) and (not creator or self._is_by(item, creator))
        ]
        kept.sort(key=lambda item: int(item["number"]), reverse=request.query.get("direction", "desc") == "desc")
        answer = self.page(request, kept)
        shown = [self._valid("issue", self._with_comments(item)) for item in answer.body]
        return Answer(200, shown, answer.headers)

    def _is_by(self, item: dict[str, Any], creator: str) -> bool:
        if creator.endswith("[bot]") and not self.knows_apps_as_creators:
            return False
        return str(item["user"]["login"]).casefold() == creator.casefold()

    def _open_issue(self, request: Asked, grant: Grant) -> Answer:
        asked = json.loads(request.body)
        if not grant.may("POST", "issues"):
            return self.error(403, _REFUSED)
        if not self.has_issues:
            return self.error(410, "Issues are disabled for this repo")
        title, body = asked.get("title"), asked.get("body", "")
        if not isinstance(title, str) or not 0 < len(title) <= LONGEST_TITLE:
            return self._unprocessable("Issue", "title", "is missing or too long (maximum is 256 characters)")
        if len(body) > LONGEST_BODY:
            return self._unprocessable("Issue", "body", f"is too long (maximum is {LONGEST_BODY} characters)")
        made = self._open(grant.login, title, body)
        return Answer(201, self._valid("issue", self._with_comments(made)))

    def _get_issue(self, request: Asked, grant: Grant, number: int) -> Answer:
        found = self._conversation(number)
        if found is None or not grant.may("GET", *_needed(found)):
            return self.error(404, "Not Found")
        return Answer(200, self._valid("issue", self._with_comments(found)))

    def _edit_issue(self, request: Asked, grant: Grant, number: int) -> Answer:
        asked, found = json.loads(request.body), self.issues.get(number)
        if not grant.may("PATCH", "issues"):
            return self.error(403, _REFUSED)
        if found is None:
            return self.error(404, "Not Found")
        if not self.has_issues:
            return self.error(410, "Issues are disabled for this repo")
        if len(asked.get("body") or "") > LONGEST_BODY:
            return self._unprocessable("Issue", "body", f"is too long (maximum is {LONGEST_BODY} characters)")
        was = found["state"]
        found |= {key: asked[key] for key in ("title", "body", "state", "state_reason") if key in asked}
        found["updated_at"] = self._instant()
        if found["state"] != was:
            is_closed = found["state"] == "closed"
            found["closed_at"] = self._instant() if is_closed else None
            found["closed_by"] = self._writer(grant.login) if is_closed else None
            found["state_reason"] = (asked.get("state_reason") or "completed") if is_closed else "reopened"
        return Answer(200, self._valid("issue", self._with_comments(found)))

    def _list_comments(self, request: Asked, grant: Grant, number: int) -> Answer:
        found = self._conversation(number)
        if found is None or not grant.may("GET", *_needed(found)):
            return self.error(404, "Not Found")
        return self.page(request, self._comments_on(number), "issue-comment")

    def _add_comment(self, request: Asked, grant: Grant, number: int) -> Answer:
        found, body = self._conversation(number), json.loads(request.body).get("body")
        refused = self._refusal(found, grant, "POST", body)
        return refused or self._created(self._comment(number, grant.login, body))

    def _created(self, comment: dict[str, Any]) -> Answer:
        answer = self.checked("issue-comment", comment)
        return Answer(201, answer.body)

    def _get_comment(self, request: Asked, grant: Grant, number: int) -> Answer:
        found = self.comments.get(number)
        return self.checked("issue-comment", _shown(found)) if found else self.error(404, "Not Found")

    def _edit_comment(self, request: Asked, grant: Grant, number: int) -> Answer:
        comment, body = self.comments.get(number), json.loads(request.body).get("body")
        if comment is None:
            return self.error(404, "Not Found")
        refused = self._refusal(self._conversation(comment["on"]), grant, "PATCH", body)
        if refused:
            return refused
        comment |= {"body": body, "updated_at": self._instant()}
        return self.checked("issue-comment", _shown(comment))

    def _delete_comment(self, request: Asked, grant: Grant, number: int) -> Answer:
        comment = self.comments.get(number)
        if comment is None:
            return self.error(404, "Not Found")
        if not grant.may("DELETE", *_needed(self._conversation(comment["on"]))):
            return self.error(403, _REFUSED)
        del self.comments[number]
        return Answer(204, b"")

    def _refusal(self, found: dict[str, Any] | None, grant: Grant, verb: str, body: object) -> Answer | None:
        """Why this token may not write this body into this conversation."""
        if found is None:
            return self.error(404, "Not Found")
        if not grant.may(verb, *_needed(found)):
            return self.error(403, _REFUSED)
        if found["number"] in self.locked:
            return self.error(403, "Unable to create comment because issue is locked.")
        if not isinstance(body, str) or not body.strip():
            return self._unprocessable("IssueComment", "body", "cannot be blank")
        if len(body) > LONGEST_BODY:
            return self._unprocessable("IssueComment", "body", f"is too long (maximum is {LONGEST_BODY} characters)")
        return None

    def _unprocessable(self, resource: str, field: str, message: str) -> Answer:
        body = {
            "message": "Validation Failed",
            "documentation_url": "https://docs.github.com/rest",
            "errors": [
                {"resource": resource, "code": "unprocessable", "field": field, "message": f"{field} {message}"}
            ],
        }
        return Answer(422, self.checked("validation-error", body).body)

    # its state

    def _comment(self, number: int, login: str, body: str) -> dict[str, Any]:
        made: dict[str, Any] = copy.deepcopy(self.example("issue-comment")) | {
            "id": self.next_id(),
            "on": number,
            "url": "",
            "html_url": f"https://github.example/{self.repository}/issues/{number}#issuecomment",
            "issue_url": f"{self.url}/repos/{self.repository}/issues/{number}",
            "body": body,
            "user": self._writer(login),
            "created_at": self._instant(),
            "author_association": "NONE",
        }
        made["updated_at"] = made["created_at"]
        made["url"] = f"{self.url}/repos/{self.repository}/issues/comments/{made['id']}"
        self.comments[made["id"]] = made
        return _shown(made)

    def _comments_on(self, number: int) -> list[dict[str, Any]]:
        return [_shown(found) for _, found in sorted(self.comments.items()) if found["on"] == number]

    def _open(self, login: str, title: str, body: str) -> dict[str, Any]:
        number = self.next_number()
        made = self.issues[number] = self.issue_form(number, login, title, body)
        return made

    def _conversation(self, number: int) -> dict[str, Any] | None:
        pulls = {int(found["number"]): found for found in self.pulls_as_issues()}
        return (pulls | self.issues).get(number)

    def _with_comments(self, item: dict[str, Any]) -> dict[str, Any]:
        number = int(item["number"])
        return item | {"comments": len(self._comments_on(number)), "locked": number in self.locked}

    def _writer(self, login: str) -> dict[str, Any]:
        return self.account(login, kind="Bot" if login.endswith("[bot]") else "User")

    def _instant(self) -> str:
        self._now += timedelta(seconds=1)
        return self._now.isoformat().replace("+00:00", "Z")

    def _valid(self, name: str, body: Any) -> Any:
        for error in _validator(name).iter_errors(body):
            self.invalid.append(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
        return body


def meeting(count: int) -> Callable[[], object]:
    """Something to happen before requests: they wait for each other, until so many have come."""
    return threading.Barrier(count, timeout=30).wait


def _needed(found: dict[str, Any] | None) -> tuple[str, ...]:
    """Either permission opens a pull request's conversation, an issue's only its own."""
    return ("issues", "pull-requests") if found and "pull_request" in found else ("issues",)


def _shown(comment: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in comment.items() if key != "on"}


@cache
def _validator(name: str) -> Draft202012Validator:
    description = json.loads(_ISSUES.read_text("utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": description["$defs"]})
