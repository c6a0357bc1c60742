"""A fake GitLab on loopback: one project with merge requests that are opened, pushed to and approved.

It is a fake. GitLab publishes no schema of its REST API in a package registry, so every answer is validated
against `tests/data/gitlab-answers.schema.json`, written from the published documentation and stricter than
it; and python-gitlab, which knows nothing of the fake, drives it in a test of its own. No real GitLab was
reached. An answer that does not fit the schema fails the test when the fake is closed. The two GraphQL
queries it knows are recognised by their text and not executed; only the shape of their answers is checked.

    with FakeGitlab() as gitlab:
        bo, ada = gitlab.user("bo"), gitlab.user("ada")
        gitlab.open(7, bo, head)
        gitlab.approve(7, ada)
        repo.check(**gitlab.environment(7))

Each act happens a minute after the one before, so that the order of approvals and pushes is plain; `at`
says another time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from fakes.forge_server import Answer, Asked, ForgeServer
from jsonschema import Draft202012Validator

TOKEN = "glpat-fake-0123456789"  # noqa: S105 - of the fake alone
PROJECT = 42
FORK = 43
PATH = "example-org/screener"
_SCHEMA = json.loads((Path(__file__).parent.parent / "data" / "gitlab-answers.schema.json").read_text("utf-8"))
_ZERO = "0" * 40


@dataclass(frozen=True)
class User:
    """An account."""

    id: int
    username: str
    name: str
    bot: bool = False
    email: str = ""
    """the confirmed address, by which commits are known to be this user's"""


@dataclass
class MergeRequest:
    """A merge request and all that happened to it."""

    number: int
    author: User
    branch: str
    opened: datetime
    source: int = PROJECT
    versions: list[tuple[datetime, str]] = field(default_factory=list)
    approvals: dict[User, datetime] = field(default_factory=dict)
    notes: list[tuple[datetime, User, str, bool]] = field(default_factory=list)
    target: str = "main"
    target_project: int = PROJECT
    merged: datetime | None = None
    is_merged: bool = False
    merge_commit: str | None = None
    squash_commit: str | None = None
    commits: list[tuple[str, str]] = field(default_factory=list)
    """the id and the address of each of its commits"""


@dataclass(frozen=True)
class Push:
    """A push to a branch; `ref` is None where one push went to more branches than events name."""

    at: datetime
    by: User
    before: str | None
    after: str
    ref: str | None
    project: int


class FakeGitlab(ForgeServer):
    """One GitLab; its switches say which edition it is and what the token may see."""

    def __init__(self) -> None:
        self.users: list[User] = []
        self.merge_requests: dict[int, MergeRequest] = {}
        self.pushes: list[Push] = []
        self.groups: dict[str, dict[int, str]] = {}
        self.projects: dict[str, list[str]] = {}
        """by group, the paths of its projects and of those in its subgroups"""
        self.rules: dict[int, list[User]] = {}
        self.addresses: dict[int, list[str]] = {}
        """the author's address of each commit of a merge request"""
        self.history: list[tuple[str, str]] = []
        """the id and the author's address of commits of the default branch, the newest first"""
        self.knows_commits = True
        """editions that answer the query for the commits of a merge request"""
        self.dates_approvals = True
        """newer editions say when an approval was given"""
        self.has_rules = True
        """editions that are paid for have approval rules"""
        self.notes_pushes = False
        """a merge request has a note of each push since it was opened"""
        self.below = ""
        """the path that it is installed at"""
        self.largest_page = 100
        self.meanwhile: Callable[[str], None] = lambda kind: None
        """what somebody does once a page of a list has been told"""
        self.faults: list[str] = []
        self.now = datetime.now(UTC).replace(microsecond=250_000) - timedelta(hours=12)
        super().__init__()

    # what people do

    def user(self, username: str, name: str = "", bot: bool = False, email: str = "") -> User:
        """Sign somebody up."""
        self.users.append(User(100 + len(self.users), username, name or username.title(), bot, email))
        return self.users[-1]

    def open(
        self,
        number: int,
        by: User,
        head: str,
        branch: str = "work",
        source: int = PROJECT,
        pushed_by: User | None = None,
    ) -> None:
        """Push a new branch, and open a merge request of it."""
        self.pushes.append(Push(self._tick(), pushed_by or by, None, head, branch, source))
        made = MergeRequest(number, by, branch, self._tick(), source)
        made.versions.append((made.opened, head))
        self.merge_requests[number] = made

    def push(self, number: int, by: User, head: str, at: datetime | None = None, ref: str | None = "") -> None:
        """Push to the branch of a merge request, which makes a new version of it."""
        made, at = self.merge_requests[number], at or self._tick()
        named = made.branch if ref == "" else ref
        self.pushes.append(Push(at, by, made.versions[-1][1], head, named, made.source))
        made.versions.append((at, head))
        if self.notes_pushes:
            listed = f"<ul><li>{head[:8]} - A &lt;li&gt; word</li></ul>"
            added = f"added 1 commit\n\n{listed}\n\n[Compare with previous version](x)"
            made.notes.append((at, by, added, True))

    def approve(self, number: int, by: User, at: datetime | None = None) -> None:
        """Approve; GitLab notes it."""
        at = at or self._tick()
        self.merge_requests[number].approvals[by] = at
        self.merge_requests[number].notes.append((at, by, "approved this merge request", True))

    def unapprove(self, number: int, by: User) -> None:
        """Take an approval back; GitLab notes it."""
        self.merge_requests[number].approvals.pop(by)
        self.merge_requests[number].notes.append((self._tick(), by, "unapproved this merge request", True))

    def retarget(self, number: int, by: User, branch: str, *, was_deleted: bool = False) -> None:
        """Let it be for another branch, by hand or because the one that it was for is deleted; GitLab notes it."""
        made, old = self.merge_requests[number], self.merge_requests[number].target
        said = f"changed target branch from `{old}` to `{branch}`"
        if was_deleted:
            said = f"deleted the `{old}` branch. This merge request now targets the `{branch}` branch"
        made.target = branch
        made.notes.append((self._tick(), by, said, True))

    def merge(
        self,
        number: int,
        merge_commit: str | None = None,
        squash_commit: str | None = None,
        commits: Sequence[tuple[str, str]] = (),
        *,
        is_dated: bool = True,
    ) -> None:
        """Merge it: by a merge commit, a squash commit, both, or neither, which is a fast-forward."""
        made, at = self.merge_requests[number], self._tick()
        made.is_merged, made.merged = True, at if is_dated else None
        made.merge_commit, made.squash_commit, made.commits = merge_commit, squash_commit, list(commits)

    def comment(self, number: int, by: User, text: str) -> None:
        """Write a comment."""
        self.merge_requests[number].notes.append((self._tick(), by, text, False))

    def group(self, path: str, *members: User, state: str = "active") -> None:
        """Make a group that the token sees."""
        self.groups[path] = {member.id: state for member in members}

    def environment(self, number: int, token: str | None = TOKEN, **more: str) -> dict[str, str]:
        """The variables of a job in the merge request's pipeline."""
        fixed = {
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_MERGE_REQUEST_IID": str(number),
            "CI_PROJECT_ID": str(PROJECT),
            "CI_API_V4_URL": f"{self.url}{self.below}/api/v4",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "NO_PROXY": "127.0.0.1",
        }
        return fixed | ({"POLICY_GATE_GITLAB_TOKEN": token} if token else {}) | more

    def _tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    # what the API answers

    def respond(self, request: Asked) -> Answer:
        if request.headers.get("private-token") != TOKEN:
            return self._checked("error", {"message": "401 Unauthorized"}, status=401)
        path = request.path.removeprefix(f"{self.below}/api/v4")
        if (request.method, request.path) == ("POST", f"{self.below}/api/graphql"):
            return self._commits(json.loads(request.body))
        for pattern, method in _ROUTES:
            found = re.fullmatch(pattern, path)
            if found and request.method == "GET" and path != request.path:
                answer: Answer = getattr(self, method)(request, *(unquote(group) for group in found.groups()))
                return answer
        return self._not_found()

    def close(self) -> None:
        super().close()
        assert not self.faults, self.faults

    def _checked(self, kind: str, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
        schema = {"$ref": f"#/$defs/{kind}", "$defs": _SCHEMA["$defs"]}
        wrong = [error.message for error in Draft202012Validator(schema).iter_errors(body)]
        self.faults += [f"{kind}: {message}" for message in wrong]
        return Answer(status, body, headers or {})

    def _not_found(self, what: str = "Not found") -> Answer:
        return self._checked("error", {"message": f"404 {what}"}, status=404)

    def _page(self, kind: str, request: Asked, items: list[Any]) -> Answer:
        """One page of a list with the headers that tell where the others are."""
        size = min(int(request.query.get("per_page", "20")), self.largest_page)
        page, pages = int(request.query.get("page", "1")), max(1, -(-len(items) // size))
        more = str(page + 1) if page < pages else ""
        headers = {
            "X-Page": str(page),
            "X-Per-Page": str(size),
            "X-Next-Page": more,
            "X-Prev-Page": str(page - 1) if page > 1 else "",
            "X-Total": str(len(items)),
            "X-Total-Pages": str(pages),
        }
        if more:
            headers["Link"] = f'<{self.url}{request.path}?page={more}&per_page={size}>; rel="next"'
        answer = self._checked(kind, items[(page - 1) * size : page * size], headers=headers)
        self.meanwhile(kind)
        return answer

    def _user(self, user: User) -> dict[str, Any]:
        site = "https://gitlab.example"
        return {
            "id": user.id,
            "username": user.username,
            "name": user.name,
            "state": "active",
            "locked": False,
            "avatar_url": None,
            "web_url": f"{site}/{user.username}",
        }

    def _merge_request(self, request: Asked, project: str, number: str) -> Answer:
        made = self._found(project, number)
        if made is None:
            return self._not_found()
        return self._checked("merge_request", self._request_body(made))

    def _request_body(self, made: MergeRequest) -> dict[str, Any]:
        head = made.versions[-1][1]
        return {
            "id": 9000 + made.number,
            "iid": made.number,
            "project_id": PROJECT,
            "title": "Promote the screener",
            "description": None,
            "state": "merged" if made.is_merged else "opened",
            "merged_at": _instant(made.merged) if made.merged else None,
            "created_at": _instant(made.opened),
            "updated_at": _instant(self.now),
            "target_branch": made.target,
            "source_branch": made.branch,
            "author": self._user(made.author),
            "assignees": [],
            "reviewers": [],
            "source_project_id": made.source,
            "target_project_id": made.target_project,
            "labels": [],
            "draft": False,
            "detailed_merge_status": "ci_still_running",
            "sha": head,
            "merge_commit_sha": made.merge_commit,
            "squash_commit_sha": made.squash_commit,
            "web_url": f"https://gitlab.example/example-org/screener/-/merge_requests/{made.number}",
            "squash": False,
            "diff_refs": {"base_sha": _ZERO, "head_sha": head, "start_sha": _ZERO},
            "has_conflicts": False,
        }

    def _requests_of(self, request: Asked, project: str, oid: str) -> Answer:
        """The merge requests that a commit has to do with: by their commits, merge commits and squash commits."""
        if project != str(PROJECT):
            return self._not_found("Project Not Found")
        found = [
            made
            for made in self.merge_requests.values()
            if oid in (made.merge_commit, made.squash_commit)
            or oid in [head for _, head in made.versions]
            or oid in [id_ for id_, _ in made.commits]
        ]
        return self._page("merge_requests", request, [self._request_body(made) for made in found])

    def _commits_of(self, request: Asked, project: str, number: str) -> Answer:
        made = self._found(project, number)
        if made is None:
            return self._not_found()
        return self._page("commits", request, self._commit_bodies(made.commits, made.opened))

    def _history(self, request: Asked, project: str) -> Answer:
        """Commits of the default branch; `author` is a part of a line, as git's own option of that name takes it."""
        if project != str(PROJECT):
            return self._not_found("Project Not Found")
        wanted = request.query.get("author", "").casefold()
        found = [it for it in self.history if wanted in it[1].casefold()]
        return self._page("commits", request, self._commit_bodies(found, self.now))

    def _commit_bodies(self, commits: Sequence[tuple[str, str]], at_: datetime) -> list[dict[str, Any]]:
        at = _instant(at_)
        return [
            {
                "id": oid,
                "short_id": oid[:8],
                "created_at": at,
                "parent_ids": [],
                "title": "Change",
                "message": "Change\n",
                "author_name": address.partition("@")[0],
                "author_email": address,
                "authored_date": at,
                "committer_name": address.partition("@")[0],
                "committer_email": address,
                "committed_date": at,
                "web_url": f"https://gitlab.example/{PATH}/-/commit/{oid}",
            }
            for oid, address in commits
        ]

    def _project(self, request: Asked, path: str) -> Answer:
        if path != PATH:
            return self._not_found("Project Not Found")
        return self._checked("project", _project_body(PROJECT, path, self.now))

    def _found(self, project: str, number: str) -> MergeRequest | None:
        return self.merge_requests.get(int(number)) if project == str(PROJECT) else None

    def _approvals(self, request: Asked, project: str, number: str) -> Answer:
        made = self._found(project, number)
        if made is None:
            return self._not_found()
        approved_by = [
            {"user": self._user(user)} | ({"approved_at": _instant(at)} if self.dates_approvals else {})
            for user, at in made.approvals.items()
        ]
        free = {
            "user_has_approved": False,
            "user_can_approve": False,
            "approved": bool(approved_by),
            "approved_by": approved_by,
        }
        paid = {
            "id": 9000 + made.number,
            "iid": made.number,
            "project_id": PROJECT,
            "title": "Promote the screener",
            "description": None,
            "state": "opened",
            "created_at": _instant(made.opened),
            "updated_at": _instant(self.now),
            "merge_status": "can_be_merged",
            "approvals_required": 1,
            "approvals_left": 0 if approved_by else 1,
            "require_password_to_approve": False,
            "suggested_approvers": [],
            "approvers": [],
            "approver_groups": [],
            "approval_rules_left": [],
            "has_approval_rules": True,
            "merge_request_approvers_available": True,
            "multiple_approval_rules_available": True,
        }
        return self._checked("approvals", free | paid if self.has_rules else free)

    def _approval_state(self, request: Asked, project: str, number: str) -> Answer:
        made = self._found(project, number)
        if made is None or not self.has_rules:
            return self._not_found()
        counted = self.rules.get(made.number, list(made.approvals))
        rule = {
            "id": 1,
            "name": "Everybody",
            "rule_type": "regular",
            "eligible_approvers": [],
            "approvals_required": 1,
            "users": [],
            "groups": [],
            "contains_hidden_groups": False,
            "approved_by": [self._user(user) for user in counted],
            "source_rule": None,
            "approved": bool(counted),
            "overridden": False,
        }
        return self._checked("approval_state", {"approval_rules_overwritten": False, "rules": [rule]})

    def _versions(self, request: Asked, project: str, number: str) -> Answer:
        made = self._found(project, number)
        if made is None:
            return self._not_found()
        items = [
            {
                "id": 500 + index,
                "head_commit_sha": head,
                "base_commit_sha": _ZERO,
                "start_commit_sha": _ZERO,
                "created_at": _instant(at),
                "merge_request_id": 9000 + made.number,
                "state": "collected",
                "real_size": "1",
                "patch_id_sha": None,
            }
            for index, (at, head) in enumerate(made.versions)
        ]
        return self._page("versions", request, items[::-1])

    def _notes(self, request: Asked, project: str, number: str) -> Answer:
        made = self._found(project, number)
        if made is None:
            return self._not_found()
        items = [
            {
                "id": 700 + index,
                "type": None,
                "body": text,
                "attachment": None,
                "author": self._user(by),
                "created_at": _instant(at),
                "updated_at": _instant(at),
                "system": is_system,
                "noteable_id": 9000 + made.number,
                "noteable_type": "MergeRequest",
                "project_id": PROJECT,
                "resolvable": False,
                "confidential": False,
                "internal": False,
                "noteable_iid": made.number,
                "commands_changes": {},
            }
            for index, (at, by, text, is_system) in enumerate(made.notes)
        ]
        return self._page("notes", request, items[::-1])

    def _events(self, request: Asked, project: str) -> Answer:
        pushes = [push for push in self.pushes if str(push.project) == project]
        if project not in (str(PROJECT), str(FORK)) or request.query.get("action") != "pushed":
            return self._not_found("Project Not Found")
        items = [
            {
                "id": 800 + index,
                "project_id": push.project,
                "action_name": "pushed to" if push.before else "pushed new",
                "target_id": None,
                "target_iid": None,
                "target_type": None,
                "author_id": push.by.id,
                "target_title": None,
                "created_at": _instant(push.at),
                "author": self._user(push.by),
                "push_data": {
                    "commit_count": 1,
                    "action": "pushed" if push.before else "created",
                    "ref_type": "branch",
                    "commit_from": push.before if push.ref else None,
                    "commit_to": push.after if push.ref else None,
                    "ref": push.ref,
                    "commit_title": "Change" if push.ref else None,
                    "ref_count": None if push.ref else 4,
                },
                "author_username": push.by.username,
            }
            for index, push in enumerate(pushes)
        ]
        return self._page("events", request, items[::-1] if request.query.get("sort", "desc") == "desc" else items)

    def _commits(self, asked: dict[str, Any]) -> Answer:
        """The GraphQL query for the authors of a merge request's commits, by its number in all of GitLab."""
        number = int(asked["variables"]["id"].removeprefix("gid://gitlab/MergeRequest/")) - 9000
        if not self.knows_commits or "mergeRequest(id: $id)" not in asked["query"]:
            return self._checked(
                "query", {"errors": [{"message": "Field 'mergeRequest' doesn't exist on type 'Query'"}]}
            )
        if number not in self.merge_requests:
            return self._checked("query", {"data": {"mergeRequest": None}})
        if "lastCommit" in asked["query"]:
            address = dict(self.history).get(asked["variables"]["ref"])
            node = None if address is None else {"authorEmail": address, "author": self._by_address(address)}
            project = {"repository": {"tree": {"lastCommit": node}}}
            return self._checked("query", {"data": {"mergeRequest": {"targetProject": project}}})
        start, addresses = int(asked["variables"]["after"] or 0), self.addresses.get(number, [])
        end = start + self.largest_page
        nodes = [{"authorEmail": address, "author": self._by_address(address)} for address in addresses[start:end]]
        page = {"hasNextPage": end < len(addresses), "endCursor": str(end) if nodes else None}
        return self._checked("query", {"data": {"mergeRequest": {"commits": {"pageInfo": page, "nodes": nodes}}}})

    def _by_address(self, address: str) -> dict[str, Any] | None:
        user = next((user for user in self.users if user.email and user.email == address), None)
        return {"id": f"gid://gitlab/User/{user.id}", "username": user.username, "name": user.name} if user else None

    def _profile(self, request: Asked, number: str) -> Answer:
        user = next((user for user in self.users if str(user.id) == number), None)
        if user is None:
            return self._not_found("User Not Found")
        about = dict.fromkeys(("bio", "public_email", "website_url", "job_title", "pronouns", "work_information"))
        return self._checked("profile", self._user(user) | about | {"bot": user.bot})

    def _path_of(self, group: str) -> str | None:
        """The path of a group that is named by it or by its number, as both are in GitLab."""
        numbers = {str(60 + index): path for index, path in enumerate(self.groups)}
        return group if group in self.groups else numbers.get(group)

    def _group(self, request: Asked, group: str) -> Answer:
        path = self._path_of(group)
        if path is None:
            return self._not_found("Group Not Found")
        body = {
            "id": 60 + list(self.groups).index(path),
            "name": path.rpartition("/")[2],
            "path": path.rpartition("/")[2],
            "full_name": path,
            "full_path": path,
            "description": None,
            "visibility": "private",
            "web_url": f"https://gitlab.example/groups/{path}",
            "parent_id": None,
            "created_at": _instant(self.now),
        }
        return self._checked("group", body)

    def _projects(self, request: Asked, group: str) -> Answer:
        if group not in self.projects:
            return self._not_found("Group Not Found")
        with_subgroups = request.query.get("include_subgroups") == "true"
        paths = [path for path in self.projects[group] if with_subgroups or path.rpartition("/")[0] == group]
        return self._page("projects", request, [_project_body(700 + n, path, self.now) for n, path in enumerate(paths)])

    def _member(self, request: Asked, group: str, number: str) -> Answer:
        path = self._path_of(group)
        if path is None:
            return self._not_found("Group Not Found")
        user = next((user for user in self.users if str(user.id) == number), None)
        if user is None or user.id not in self.groups[path]:
            return self._not_found()
        state = self.groups[path][user.id]
        body = {
            "access_level": 30,
            "created_at": _instant(self.now),
            "expires_at": None,
            "membership_state": state,
        }
        return self._checked("member", self._user(user) | body)


_REQUEST = r"/projects/(\d+)/merge_requests/(\d+)"
_ROUTES = (
    (_REQUEST, "_merge_request"),
    (rf"{_REQUEST}/approvals", "_approvals"),
    (rf"{_REQUEST}/approval_state", "_approval_state"),
    (rf"{_REQUEST}/versions", "_versions"),
    (rf"{_REQUEST}/notes", "_notes"),
    (rf"{_REQUEST}/commits", "_commits_of"),
    (r"/projects/(\d+)/repository/commits/([0-9a-f]{40})/merge_requests", "_requests_of"),
    (r"/projects/(\d+)/repository/commits", "_history"),
    (r"/projects/(\d+)/events", "_events"),
    (r"/projects/([^/]+)", "_project"),
    (r"/users/(\d+)", "_profile"),
    (r"/groups/([^/]+)", "_group"),
    (r"/groups/([^/]+)/projects", "_projects"),
    (r"/groups/([^/]+)/members/all/(\d+)", "_member"),
)


def _project_body(number: int, path: str, now: datetime) -> dict[str, Any]:
    site, name = "https://gitlab.example", path.rpartition("/")[2]
    return {
        "id": number,
        "description": None,
        "name": name,
        "name_with_namespace": path.replace("/", " / "),
        "path": name,
        "path_with_namespace": path,
        "created_at": _instant(now),
        "default_branch": "main",
        "ssh_url_to_repo": f"git@gitlab.example:{path}.git",
        "http_url_to_repo": f"{site}/{path}.git",
        "web_url": f"{site}/{path}",
        "last_activity_at": _instant(now),
        "archived": False,
        "empty_repo": False,
        "visibility": "private",
    }


def _instant(at: datetime) -> str:
    """As GitLab writes one: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
