"""A scratch repository whose merge requests are on the fake GitLab, and the jobs that GitLab would start for them.

Git and the command are real; who is behind an account or an address, and what GitLab says of it, is the fake's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fakes.gitlab import FakeGitlab, User
from scratch import Result, Scratch
from world import ROLE_HOLDERS, base_files, email_of, high_system, to_yaml

AUTHOR = "Bo Author"
NUMBER = 7
BY_GITLAB = {"GIT_COMMITTER_NAME": "GitLab", "GIT_COMMITTER_EMAIL": "noreply@gitlab.com"}
"""how GitLab commits what somebody does in its pages where it signs that"""


class Lab:
    """What a repository is on GitLab. People have accounts that know their addresses, unless a test says else."""

    def __init__(self, scratch: Scratch, gitlab: FakeGitlab) -> None:
        self.scratch, self.gitlab = scratch, gitlab
        self.people: dict[str, User] = {}
        for name in (*ROLE_HOLDERS.values(), AUTHOR):
            self.person(name)

    def person(self, name: str, *, bot: bool = False, username: str = "") -> User:
        """The account of somebody, made when first asked for."""
        if name not in self.people:
            username = username or name.split(maxsplit=1)[0].lower()
            self.people[name] = self.gitlab.user(username, name, bot, "" if bot else email_of(name))
        return self.people[name]

    def adopt(self, *systems: Mapping[str, Any], **assurance: Any) -> None:
        """Commit to main: roles by account and no address, the shipped policies and what is given, these systems."""
        held = {role: {"members": [self.held(name)]} for role, name in ROLE_HOLDERS.items()}
        files = {name: text for name, text in base_files().items() if name != "policies/org.yaml"}
        files["policies/roles.yaml"] = to_yaml({"schema": "policy-gate/roles/v1", "roles": held})
        if assurance:
            files["policies/org.yaml"] = to_yaml({"schema": "policy-gate/policy/v1", "assurance": assurance})
        self.scratch.write(files)
        self.scratch.declare(*(systems or (high_system("development"),)))
        self.scratch.commit("Govern this repository", by="Rae Kim")

    def held(self, name: str, known_by: str = "account") -> dict[str, Any]:
        """Somebody in roles.yaml, by their account or by their address."""
        user = self.person(name)
        account = {"gitlab": user.username, "gitlab_id": user.id}
        return {"name": name, **(account if known_by == "account" else {"email": email_of(name)})}

    def promote(self, branch: str = "work") -> None:
        """A branch that promotes SYS-001 with all papers; three roles must say yes."""
        self.scratch.branch(branch)
        self.scratch.declare(high_system("pre_deployment"))
        self.scratch.commit("Promote the screener")

    def amend(self, message: str = "", author: str = "", **environment: str) -> None:
        """Make the newest commit anew."""
        said = ("-m", message) if message else ("--no-edit",)
        by = ("--author", author) if author else ()
        self.scratch.git("commit", "-q", "--amend", *said, *by, **environment)

    def propose(self, branch: str = "work", by: str = AUTHOR, pushed_by: str = "", number: int = NUMBER) -> None:
        """Push a branch and open its merge request."""
        pusher = self.person(pushed_by) if pushed_by else None
        self.gitlab.open(number, self.person(by), self.tip(branch), branch, pushed_by=pusher)
        self._told(branch, number)

    def push(self, branch: str = "work", by: str = AUTHOR, number: int = NUMBER) -> None:
        """Push the branch's new tip."""
        self.gitlab.push(number, self.person(by), self.tip(branch))
        self._told(branch, number)

    def _told(self, branch: str, number: int) -> None:
        """Of commits GitLab tells by whose address their author is, and of nobody else."""
        self.gitlab.addresses[number] = self.scratch.git("log", "--format=%ae", f"main..{branch}").split()

    def remember(self) -> None:
        """GitLab knows the commits that are on main by now."""
        lines = self.scratch.git("log", "--format=%H %ae", "main").splitlines()
        self.gitlab.history = [(oid, address) for oid, address in map(str.split, lines)]

    def approve(self, *names: str, number: int = NUMBER) -> None:
        for name in names:
            self.gitlab.approve(number, self.person(name))

    def tip(self, branch: str) -> str:
        return self.scratch.git("rev-parse", branch)

    def check(self, number: int = NUMBER, **environment: str) -> Result:
        """The check of a job in the merge request's newest pipeline."""
        self.scratch.git("update-ref", "refs/remotes/origin/main", "main")
        return self.scratch.check(**self.gitlab.environment(number, **environment))
