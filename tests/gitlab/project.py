"""A project on a GitLab and its jobs: real git over HTTP, a fake of GitLab's API, the real command or real runner.

with Project(tmp_path) as project:
    project.scratch.adopt(high_system("development"))
    ...                                    # a branch `work` of the scratch repository
    project.propose()                      # merge request 7 of it
    done = project.merge_request_job()     # what the component's job comes to, from a checkout of depth 1
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fakes.gitlab import TOKEN, FakeGitlab, User
from git_server import GitServer
from scratch import Scratch
from world import high_system, org_policy, roles, to_yaml

PATH = "example-org/screener"
JOB_TOKEN = "job-token-0123456789"  # noqa: S105 - of the server in this test alone
REPORTS = "policy-gate-reports"
APPROVERS = ("Ada Example", "Lin Park", "Pat Moss")
VERIFIED = dict.fromkeys(("low", "medium", "high", "critical"), "verified")


def adopt_with_reviews(repo: Scratch) -> None:
    """SYS-001 in development on main, where reviews count and roles are held by accounts on GitLab."""
    held = roles()
    for role in held["roles"].values():
        for member in role["members"]:
            member["gitlab"] = member["name"].split()[0].lower()
    policy = to_yaml(org_policy(approvals=VERIFIED, governed_changes="verified"))
    repo.adopt(high_system("development"))
    repo.commit("Reviews count", files={"policies/org.yaml": policy, "policies/roles.yaml": to_yaml(held)})


@dataclass(frozen=True)
class JobResult:
    """What a job came to: its exit code and log, the variables for later jobs, and its JSON report."""

    code: int
    out: str
    err: str
    variables: dict[str, str]
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return str(self.report.get("verdict"))

    def __str__(self) -> str:
        return f"exit {self.code}\n{self.out}\n{self.err}\n{self.variables}"


class Project:
    """One project, hosted; `people` are its accounts by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.scratch = Scratch(path)
        self.gitlab = FakeGitlab()
        self.server = GitServer(path / "served", JOB_TOKEN)
        self.people: dict[str, User] = {}
        self._checkouts = 0

    def person(self, name: str) -> User:
        """The account of somebody, made when first asked for: Ada Example is `ada`, known by her address."""
        if name not in self.people:
            username = name.split(maxsplit=1)[0].lower()
            self.people[name] = self.gitlab.user(username, name, email=f"{username}@example.com")
        return self.people[name]

    def publish(self, *refspecs: str) -> None:
        """Bring main, and what else is named, to the server."""
        if not (self.server.folder / f"{PATH}.git").exists():
            self.server.host(self.scratch.path, PATH)
        self.server.take(self.scratch.path, PATH, "main:refs/heads/main", *refspecs)

    def propose(self, branch: str = "work", by: str = "Bo Author", number: int = 7) -> None:
        """Open a merge request of a branch."""
        self.gitlab.open(number, self.person(by), self.tip(branch), branch)
        self.publish(f"{branch}:refs/heads/{branch}", f"{branch}:refs/merge-requests/{number}/head")

    def push(self, branch: str = "work", by: str = "Bo Author", number: int = 7) -> None:
        """Push the branch's new tip."""
        self.gitlab.push(number, self.person(by), self.tip(branch))
        self.publish(f"{branch}:refs/heads/{branch}", f"{branch}:refs/merge-requests/{number}/head")

    def approve(self, *names: str, number: int = 7) -> None:
        """Approve the merge request as these people."""
        for name in names:
            self.gitlab.approve(number, self.person(name))

    def tip(self, branch: str) -> str:
        return self.scratch.git("rev-parse", branch)

    def checkout(self, commit: str, *options: str, branch: str = "") -> Path:
        """A clone as GitLab's runner leaves it: by default of depth 1, and detached unless a branch is named."""
        self._checkouts += 1
        folder = self.path / f"checkout{self._checkouts}"
        folder.mkdir()
        at = {"GIT_DIR": str(folder / ".git"), "GIT_WORK_TREE": str(folder)}
        self.scratch.git("init", "-q", "-b", "unborn", str(folder))
        source = f"file://{self.server.folder}/{PATH}.git"
        self.scratch.git("fetch", "-q", *(options or ("--depth=1",)), source, commit, **at)
        self.scratch.git("checkout", "-q", *(("-B", branch) if branch else ("--detach",)), commit, **at)
        return folder

    def variables(self, number: int | None = 7, commit: str = "", token: bool = True) -> dict[str, str]:
        """GitLab's variables for a merge request's pipeline, or for one of no merge request."""
        told = self.gitlab.environment(number or 0, TOKEN if token else None)
        if number is None:
            told = {k: v for k, v in told.items() if not k.startswith("CI_MERGE_REQUEST") and k != "CI_PIPELINE_SOURCE"}
        return told | {
            "CI_SERVER_URL": self.server.url,
            "CI_PROJECT_PATH": PATH,
            "CI_PROJECT_URL": f"{self.server.url}/{PATH}",
            "CI_DEFAULT_BRANCH": "main",
            "CI_JOB_TOKEN": JOB_TOKEN,
            "CI_COMMIT_SHA": commit,
        }

    def merge_request_job(
        self, branch: str = "work", checkout: Path | None = None, token: bool = True, **more: str
    ) -> JobResult:
        """The component's job in the pipeline of merge request 7."""
        head = self.tip(branch)
        return self.job(checkout or self.checkout(head), self.variables(7, head, token), **more)

    def branch_job(self, source: str, branch: str = "main", checkout: Path | None = None, **more: str) -> JobResult:
        """The component's job in a pipeline of a branch, started by `source`."""
        head = self.tip(branch)
        told = self.variables(None, head) | {"CI_PIPELINE_SOURCE": source, "CI_COMMIT_BRANCH": branch}
        return self.job(checkout or self.checkout(head), told, **more)

    def job(self, checkout: Path, variables: dict[str, str], **more: str) -> JobResult:
        """`policy-gate ci gitlab`; lower-case keywords are inputs, upper-case ones variables."""
        inputs = {f"POLICY_GATE_{key.upper()}": value for key, value in more.items() if key.islower()}
        given = {key: value for key, value in more.items() if not key.islower()}
        elsewhere = self.path / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        env = variables | {"CI_PROJECT_DIR": str(checkout)} | inputs | given
        done = self.scratch.run("-C", str(elsewhere), "ci", "gitlab", **env)
        return JobResult(done.code, done.out, done.err, told_later(checkout), report_in(checkout))

    def close(self) -> None:
        self.server.close()
        self.gitlab.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def told_later(checkout: Path) -> dict[str, str]:
    """What GitLab would read from the dotenv report."""
    path = checkout / REPORTS / "verdict.env"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def report_in(checkout: Path) -> dict[str, Any]:
    """The JSON report among the artifacts, or {}."""
    path = checkout / REPORTS / "report.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found
