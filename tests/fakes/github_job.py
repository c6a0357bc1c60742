"""A scratch repository whose pull requests are on the fake GitHub, and the jobs that GitHub would start for them.

Git and the command are real; who is behind an account, and what GitHub says of it, is the fake's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fakes.github import GitHub, Made
from scratch import Result, Scratch
from world import ROLE_HOLDERS, base_files, email_of, to_yaml


def login_of(name: str) -> str:
    """`Ada Example` -> `ada-x`."""
    return f"{name.split(maxsplit=1)[0].lower()}-x"


class Hub:
    """What a repository is on GitHub. People have accounts that know their addresses, unless a test says else."""

    def __init__(self, scratch: Scratch, github: GitHub) -> None:
        self.scratch = scratch
        self.github = github
        for name in (*ROLE_HOLDERS.values(), "Bo Author"):
            github.account(login_of(name), email_of(name))

    def adopt(self, *systems: Mapping[str, Any], **members: Mapping[str, Any]) -> None:
        """Commit to main: roles by account, the shipped policies and nothing that loosens it, and these systems."""
        files = {name: text for name, text in base_files().items() if name != "policies/org.yaml"}
        self.scratch.write(files | {"policies/roles.yaml": self.roles(**members)})
        self.scratch.declare(*systems)
        self.scratch.commit("Govern this repository", by="Rae Kim")

    def roles(self, **members: Mapping[str, Any]) -> str:
        """roles.yaml by accounts with their numbers and no addresses; a role can be given other fields."""
        held = {role: {"members": [self.person(name)]} for role, name in ROLE_HOLDERS.items()}
        changed = {role.replace("_", "-"): fields for role, fields in members.items()}
        return to_yaml({"schema": "policy-gate/roles/v1", "roles": held | changed})

    def person(self, name: str) -> dict[str, Any]:
        """Somebody in roles.yaml by their account."""
        login = login_of(name)
        return {"name": name, "github": login, "github_id": self.github.number_of(login)}

    def made(self, range_: str) -> list[Made]:
        """The commits of a range as GitHub knows them, oldest first."""
        listed = self.scratch.git("log", "--reverse", "--format=%H %ae %ce", range_)
        return [Made(*line.split()) for line in listed.splitlines()]

    def open(self, branch: str = "work", by: str = "Bo Author") -> int:
        """Open a pull request of a branch to main; its number."""
        return self.github.pull(login_of(by), self.made(f"main..{branch}"))

    def approve(self, number: int, *names: str) -> None:
        """Approve the pull request's head as these people."""
        for name in names:
            self.github.review(number, login_of(name))

    def check(self, event: dict[str, Any], *args: str, **environment: str) -> Result:
        """The check of the job that GitHub starts with this event; `GITHUB_TOKEN=""` for one without a token."""
        path = self.scratch.home / "event.json"
        path.write_text(json.dumps(event))
        is_group = "merge_group" in event
        if not is_group:
            self.scratch.git("update-ref", "refs/remotes/origin/main", "main")
        job = {
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "GITHUB_EVENT_NAME": "merge_group" if is_group else "pull_request",
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_REPOSITORY": self.github.repository,
            "GITHUB_API_URL": self.github.url,
            "GITHUB_TOKEN": self.github.token,
            "NO_PROXY": "127.0.0.1",
            **({} if is_group else {"GITHUB_BASE_REF": "main"}),
        }
        return self.scratch.check(*args, **(job | environment))
