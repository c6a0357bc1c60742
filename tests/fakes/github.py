"""A fake of GitHub's REST API on loopback, as far as approvals read it. It is not GitHub.

It keeps state: people, pull requests with their commits and reviews, teams; its conversations are in
`github_issues`, what it notes of pull requests in `github_events`. What it answers for a pull request, its
reviews and events, a team's membership and the repositories of an organisation is validated against GitHub's
own OpenAPI description (`tests/data/github-openapi-subset.json`), errors against its `basic-error`; an answer
that is not as described fails the test when the fake is closed. For commits, a commit's pull requests, a team,
the repository and the organisation no schema is at hand: there PyGithub, which the tests drive as a client of
its own, is the check, and only the fields that are read are here.

    with GitHub() as github:
        number = github.pull("bo-author", [made("c" * 40, "bo@example.com")])
        github.review(number, "ada-x")
        ...  # a client asks github.url with github.token
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fakes.forge_server import Answer, Asked
from fakes.github_events import Events
from jsonschema import Draft202012Validator

_DESCRIPTION = Path(__file__).parent.parent / "data" / "github-openapi-subset.json"


@dataclass(frozen=True)
class Made:
    """A commit as GitHub knows it; who is behind the addresses is looked up among the accounts."""

    oid: str
    author: str
    committer: str
    message: str = "Change"


def made(oid: str, author: str, committer: str = "", message: str = "Change") -> Made:
    """A commit by the addresses of its author and committer."""
    return Made(oid, author, committer or author, message)


@dataclass
class Pull:
    """A pull request; the last of `commits` is its head."""

    number: int
    opener: str
    commits: list[Made]
    base: str
    reviews: list[dict[str, Any]] = field(default_factory=list)
    state: str = "open"
    pushes: list[tuple[str, str, str]] = field(default_factory=list)
    """who pushed, the head before and the head after, oldest first"""
    merged_at: datetime | None = None
    said_commits: int | None = None
    """how many commits it says it has, where that is not the truth"""

    @property
    def head(self) -> str:
        return self.commits[-1].oid


class GitHub(Events):
    """One repository of one organisation, its people and teams. Accounts are made where they are first named."""

    def __init__(self, repository: str = "example-org/screener") -> None:
        self.repository = repository
        self.token = "ghs_" + "7" * 36
        self.accounts: dict[str, dict[str, Any]] = {}
        self.addresses: dict[str, str] = {}
        self.pulls: dict[int, Pull] = {}
        self.teams: dict[str, dict[str, str]] = {}
        self.hidden_teams: set[str] = set()
        self.repositories: dict[str, list[str]] = {}
        """by organisation or user, the names of what they own"""
        self.users_with_repositories: set[str] = set()
        """of those, who is no organisation"""
        self.largest_page = 100
        self.history: list[Made] = []
        """what the default branch holds"""
        self.invalid: list[str] = []
        self._now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        self._numbers = 1000
        super().__init__()

    # what happens there

    def account(self, login: str, email: str = "", kind: str = "User") -> dict[str, Any]:
        """The account of that name, made with a number of its own at first mention; `email` is tied to it."""
        if login not in self.accounts:
            plain = copy.deepcopy(_example("pull-request")["user"])
            self.accounts[login] = plain | {"login": login, "id": self.next_id(), "type": kind}
        if email:
            self.addresses[email.casefold()] = login
        return self.accounts[login]

    def number_of(self, login: str) -> int:
        """The number of an account, which outlives its name."""
        return int(self.account(login)["id"])

    def pull(self, opener: str, commits: Sequence[Made], base: str = "main") -> int:
        """Open a pull request; its number."""
        number = self.next_number()
        self.account(opener)
        pull = self.pulls[number] = Pull(number, opener, list(commits), base)
        pull.pushes.append((opener, "0" * 40, pull.head))
        return number

    def push(self, number: int, *commits: Made, by: str = "") -> None:
        """Add commits to a pull request: it has a new head. By its opener, unless somebody else is named."""
        pull, before = self.pulls[number], self.pulls[number].head
        pull.commits += commits
        self.account(by or pull.opener)
        pull.pushes.append((by or pull.opener, before, pull.head))

    def review(
        self, number: int, login: str, state: str = "APPROVED", commit: str = "", association: str = "MEMBER"
    ) -> int:
        """A review of the head, or of `commit`, a minute after the one before; its number."""
        self._now += timedelta(minutes=1)
        pull, number_of_review = self.pulls[number], self.next_id()
        review = copy.deepcopy(_example("pull-request-review-items")[0]) | {
            "id": number_of_review,
            "user": self.account(login),
            "state": state,
            "commit_id": commit or pull.head,
            "submitted_at": self._now.isoformat().replace("+00:00", "Z"),
            "author_association": association,
        }
        if state == "PENDING":
            del review["submitted_at"]
        pull.reviews.append(review)
        return number_of_review

    def change_review(self, number: int, review: int, **fields: Any) -> None:
        """Overwrite fields of a review, such as `user=None` when the account is deleted."""
        found = next(item for item in self.pulls[number].reviews if item["id"] == review)
        found.update(fields)

    def aim(self, number: int, base: str) -> None:
        self.pulls[number].base = base

    def merged(self, number: int, after_minutes: int = 1) -> None:
        """Merge a pull request, some minutes after what happened last."""
        self._now += timedelta(minutes=after_minutes)
        self.pulls[number].merged_at, self.pulls[number].state = self._now, "closed"

    def dismiss(self, number: int, review: int) -> None:
        """Dismiss a review: it keeps its number and its time."""
        self.change_review(number, review, state="DISMISSED")

    def team(self, name: str, *logins: str, state: str = "active") -> None:
        """Put accounts into the team `organisation/slug`; `pending` for those who were only invited."""
        members = self.teams.setdefault(name, {})
        for login in logins:
            self.account(login)
            members[login] = state

    # what its jobs are started with

    def event(self, number: int, action: str = "opened", sender: str = "", **more: Any) -> dict[str, Any]:
        """The event of a pull request, with what is read of it."""
        pull = self.pulls[number]
        return {
            "action": action,
            "number": number,
            "pull_request": self._pull(pull),
            "sender": self.account(sender or pull.opener),
            **more,
        }

    def group_event(self, head: str, base: str, number: int, branch: str = "main") -> dict[str, Any]:
        """The event of a merge group whose last pull request is `number`."""
        refs = {"head_ref": f"refs/heads/gh-readonly-queue/{branch}/pr-{number}-{base}", "head_sha": head}
        return {
            "action": "checks_requested",
            "merge_group": refs | {"base_ref": f"refs/heads/{branch}", "base_sha": base},
            "sender": self.account("github-merge-queue[bot]", kind="Bot"),
        }

    # what it answers

    def respond(self, request: Asked) -> Answer:
        """The answer of the first route that fits; 401 without the token."""
        grant = self.grant_of(request)
        if grant is None:
            return self.error(
                401, "Bad credentials" if "authorization" in request.headers else "Requires authentication"
            )
        told = self.answer_about_issues(request, grant)
        if told is not None:
            return told
        if request.method != "GET":
            return self.error(404, "Not Found")
        repository = f"/repos/{re.escape(self.repository)}"
        routes = (
            (repository, self._get_itself),
            (r"/orgs/[^/]+", self._get_itself),
            (rf"{repository}/activity", self._get_activity),
            (rf"{repository}/pulls/(\d+)", self._get_pull),
            (rf"{repository}/pulls/(\d+)/reviews", self._get_reviews),
            (rf"{repository}/pulls/(\d+)/commits", self._get_commits),
            (rf"{repository}/commits", self._get_history),
            (rf"{repository}/commits/([0-9a-f]+)", self._get_commit),
            (rf"{repository}/commits/([0-9a-f]+)/pulls", self._get_pulls_of),
            (r"/(orgs|users)/([^/]+)/repos", self._get_repositories),
            (r"/orgs/([^/]+/teams/[^/]+)", self._get_team),
            (r"/orgs/([^/]+/teams/[^/]+)/memberships/([^/]+)", self._get_membership),
        )
        for pattern, answer in routes:
            found = re.fullmatch(pattern, request.path)
            if found:
                return answer(request, *found.groups())
        return self.error(404, "Not Found")

    def pulls_as_issues(self) -> list[dict[str, Any]]:
        """The pull requests as the API of issues shows them, which counts them among its own."""
        return [self._as_issue(pull) for pull in self.pulls.values()]

    def example(self, name: str) -> Any:
        """GitHub's own example of an answer."""
        return _example(name)

    def close(self) -> None:
        """Stop; AssertionError where an answer was not as GitHub describes it."""
        super().close()
        assert not self.invalid, self.invalid

    def _get_itself(self, request: Asked) -> Answer:
        """The repository or organisation: nothing is read of it, but clients start from its address."""
        name = request.path.split("/", 2)[2]
        return Answer(200, {"id": 1, "full_name": name, "login": name, "url": self.url + request.path})

    def _get_activity(self, request: Asked) -> Answer:
        """The pushes to a branch, newest first; no schema is at hand, and pages go on by cursor."""
        branch = request.query.get("ref", "")
        pull = next((pull for pull in self.pulls.values() if branch == f"refs/heads/change-{pull.number}"), None)
        pushes = list(enumerate(pull.pushes))[::-1] if pull else []
        items = [
            {
                "id": number + 1,
                "node_id": "",
                "before": before,
                "after": after,
                "ref": branch,
                "timestamp": self._now.isoformat(),
                "activity_type": "push" if before.strip("0") else "branch_creation",
                "actor": self.accounts[login],
            }
            for number, (login, before, after) in pushes
        ]
        start, size = int(request.query.get("after", 0)), min(int(request.query.get("per_page", 30)), self.largest_page)
        more = f'<{self.url}{request.path}?ref={branch}&after={start + size}>; rel="next"'
        return Answer(200, items[start : start + size], {"Link": more} if len(items) > start + size else {})

    def _get_pull(self, request: Asked, number: str) -> Answer:
        if int(number) not in self.pulls:
            return self.error(404, "Not Found")
        return self.checked("pull-request", self._pull(self.pulls[int(number)]))

    def _get_reviews(self, request: Asked, number: str) -> Answer:
        if int(number) not in self.pulls:
            return self.error(404, "Not Found")
        return self.page(request, self.pulls[int(number)].reviews, "pull-request-review")

    def _get_commits(self, request: Asked, number: str) -> Answer:
        if int(number) not in self.pulls:
            return self.error(404, "Not Found")
        return self.page(request, [self._commit(commit) for commit in self.pulls[int(number)].commits[:250]])

    def _get_history(self, request: Asked) -> Answer:
        """The commits of the default branch by an address; no schema is at hand."""
        by = request.query.get("author", "").casefold()
        return Answer(200, [self._commit(commit) for commit in self.history if commit.author.casefold() == by][:1])

    def _get_commit(self, request: Asked, oid: str) -> Answer:
        found = [commit for pull in self.pulls.values() for commit in pull.commits if commit.oid == oid]
        return Answer(200, self._commit(found[0])) if found else self.error(422, f"No commit found for SHA: {oid}")

    def _get_pulls_of(self, request: Asked, oid: str) -> Answer:
        pulls = [pull for pull in self.pulls.values() if any(commit.oid == oid for commit in pull.commits)]
        return self.page(request, [self._pull(pull) for pull in pulls], "pull-request")

    def _get_repositories(self, request: Asked, kind: str, owner: str) -> Answer:
        """The repositories of an organisation, or of a user, each where it is."""
        if owner not in self.repositories or (owner in self.users_with_repositories) is not (kind == "users"):
            return self.error(404, "Not Found")
        plain = _example("minimal-repository-items")[0]
        items = [
            plain | {"id": 5000 + number, "name": name, "full_name": f"{owner}/{name}"}
            for number, name in enumerate(self.repositories[owner])
        ]
        return self.page(request, items, "minimal-repository")

    def _get_team(self, request: Asked, path: str) -> Answer:
        name = path.replace("/teams/", "/")
        if name not in self.teams or name in self.hidden_teams:
            return self.error(404, "Not Found")
        return Answer(
            200, {"id": len(name), "slug": name.partition("/")[2], "name": name, "url": self.url + request.path}
        )

    def _get_membership(self, request: Asked, path: str, login: str) -> Answer:
        name = path.replace("/teams/", "/")
        state = None if name in self.hidden_teams else self.teams.get(name, {}).get(login)
        if state is None:
            return self.error(404, "Not Found")
        return self.checked("team-membership", {"url": self.url + request.path, "role": "member", "state": state})

    def _pull(self, pull: Pull) -> dict[str, Any]:
        answer: dict[str, Any] = copy.deepcopy(_example("pull-request")) | {
            "number": pull.number,
            "url": f"{self.url}/repos/{self.repository}/pulls/{pull.number}",
            "issue_url": f"{self.url}/repos/{self.repository}/issues/{pull.number}",
            "user": self.accounts.get(pull.opener),
            "state": pull.state,
            "merged": False,
            "commits": len(pull.commits) if pull.said_commits is None else pull.said_commits,
            **dict.fromkeys(("milestone", "merged_at", "merged_by", "closed_at", "assignee", "merge_commit_sha")),
            **{name: [] for name in ("assignees", "requested_reviewers", "requested_teams", "labels")},
        }
        if pull.merged_at is not None:
            answer |= {"merged": True, "merged_at": pull.merged_at.isoformat().replace("+00:00", "Z")}
        answer["head"] |= {"sha": pull.head, "ref": f"change-{pull.number}"}
        answer["head"]["repo"] |= {"full_name": self.repository}
        answer["base"] |= {"ref": pull.base}
        return answer

    def _as_issue(self, pull: Pull) -> dict[str, Any]:
        page = f"https://github.example/{self.repository}/pull/{pull.number}"
        links = {
            "url": f"{self.url}/repos/{self.repository}/pulls/{pull.number}",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": None,
        }
        made = self.issue_form(pull.number, pull.opener, "A change", None)
        return made | {"state": pull.state, "html_url": page, "pull_request": links}

    def _commit(self, commit: Made) -> dict[str, Any]:
        parts = {"author": commit.author, "committer": commit.committer}
        logins = {part: self.addresses.get(email.casefold(), "") for part, email in parts.items()}
        return {
            "sha": commit.oid,
            "url": f"{self.url}/repos/{self.repository}/commits/{commit.oid}",
            "commit": {
                "message": commit.message,
                **{part: {"name": email.partition("@")[0], "email": email} for part, email in parts.items()},
            },
            **{part: self.accounts.get(login) for part, login in logins.items()},
        }

    def page(self, request: Asked, items: Sequence[Any], schema: str = "") -> Answer:
        size = min(int(request.query.get("per_page", 30)), self.largest_page)
        page, last = int(request.query.get("page", 1)), max(1, -(-len(items) // size))
        links = {"next": page + 1, "last": last} if page < last else {}
        links |= {"prev": page - 1, "first": 1} if page > 1 else {}
        asked = {name: value for name, value in request.query.items() if name != "page"} | {"per_page": size}
        at = f"{self.url}{request.path}?{urlencode(asked)}"
        link = ", ".join(f'<{at}&page={number}>; rel="{name}"' for name, number in links.items())
        shown = [
            _valid(schema, item, self.invalid) if schema else item for item in items[(page - 1) * size : page * size]
        ]
        return Answer(200, shown, {"Link": link} if link else {})

    def checked(self, schema: str, body: Any) -> Answer:
        return Answer(200, _valid(schema, body, self.invalid))

    def error(self, status: int, message: str) -> Answer:
        body = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
        return Answer(status, _valid("basic-error", body, self.invalid))

    def next_id(self) -> int:
        self._numbers += 1
        return self._numbers


def limited(reset: int) -> Answer:
    """What GitHub says when the rate limit is used up, until this second of the epoch."""
    headers = {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
    return Answer(403, {"message": "API rate limit exceeded for installation ID 1."}, headers)


@cache
def _description() -> Any:
    return json.loads(_DESCRIPTION.read_text("utf-8"))


def _example(name: str) -> Any:
    return _description()["components"]["examples"][name]["value"]


@cache
def _validator(schema: str) -> Draft202012Validator:
    components = _as_json_schema(_description()["components"])
    return Draft202012Validator({"$ref": f"#/components/schemas/{schema}", "components": components})


def _as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 says `nullable: true` where JSON Schema says another type."""
    if isinstance(node, list):
        return [_as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _as_json_schema(value) for key, value in node.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain


def _valid(schema: str, body: Any, invalid: list[str]) -> Any:
    for error in _validator(schema).iter_errors(body):
        invalid.append(f"{schema}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
    return body
