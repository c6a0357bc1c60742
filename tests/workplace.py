"""A repository on a forge and the jobs that run there: real git over HTTP, a fake of GitHub's API, the real command.

place = Workplace(tmp_path, github)
place.hub.adopt(high_system("development"))
...                                             # a branch `work` of the scratch repository
number = place.propose("work")                  # a pull request, served as refs/pull/N/head
done = place.pull_job(number, comment="true")   # what the action's job comes to, from a checkout of depth 1
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fakes.github import GitHub
from fakes.github_job import Hub
from git_server import GitServer
from scratch import Scratch
from world import GATE_ROLES, ROLE_HOLDERS, high_system

BY_GITHUB = {"GIT_COMMITTER_NAME": "GitHub", "GIT_COMMITTER_EMAIL": "noreply@github.com"}
"""Who commits what a button or the merge queue makes."""


@dataclass(frozen=True)
class JobResult:
    """What a job came to: its exit code and log, what it handed to later steps, and its JSON report."""

    code: int
    out: str
    err: str
    outputs: dict[str, str]
    summary: str
    report: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"exit {self.code}\n{self.out}\n{self.err}\n{self.outputs}"


class Workplace:
    """One repository, hosted; its checkouts are made anew for each job."""

    def __init__(self, path: Path, github: GitHub, token: str | None = None) -> None:
        self.path = path
        self.github = github
        self.scratch = Scratch(path)
        self.hub = Hub(self.scratch, github)
        self.server = GitServer(path / "served", github.token if token is None else token)
        self._is_hosted = False
        self._jobs = 0

    def promotion(self) -> None:
        """Adopt SYS-001 on main, and promote it on `work` with all that its gate wants but the approvals."""
        self.hub.adopt(high_system("development"))
        self.scratch.promote()

    def approve(self, number: int, *roles: str) -> None:
        """Approve a pull request's head as the holders of these roles, or of those that the gate wants."""
        self.hub.approve(number, *(ROLE_HOLDERS[role] for role in roles or GATE_ROLES))

    def publish(self, *refspecs: str) -> None:
        """Bring main, and what else is named, to the forge."""
        if not self._is_hosted:
            self.server.host(self.scratch.path, self.github.repository)
            self._is_hosted = True
        self.server.take(self.scratch.path, self.github.repository, "main:refs/heads/main", *refspecs)

    def propose(self, branch: str = "work", by: str = "Bo Author") -> int:
        """Open a pull request of a branch; its number."""
        number = self.hub.open(branch, by)
        self.publish(f"{branch}:refs/pull/{number}/head")
        return number

    def push(self, number: int, branch: str = "work", by: str = "") -> None:
        """Bring the branch's new tip to the pull request."""
        self.github.push(number, *self.hub.made(f"main..{branch}")[-1:], by=by)
        self.publish(f"{branch}:refs/pull/{number}/head")

    def checkout(self, commit: str, *options: str) -> Path:
        """A clone as the checkout step leaves it: detached at a commit, by default without history."""
        self._jobs += 1
        folder = self.path / f"workspace{self._jobs}"
        folder.mkdir()
        at = {"GIT_DIR": str(folder / ".git"), "GIT_WORK_TREE": str(folder)}
        self.scratch.git("init", "-q", str(folder))
        source = f"file://{self.server.folder}/{self.github.repository}.git"
        self.scratch.git("fetch", "-q", *(options or ("--depth=1",)), source, commit, **at)
        self.scratch.git("checkout", "-q", "--detach", commit, **at)
        return folder

    def pull_job(self, number: int, action: str = "opened", checkout: Path | None = None, **more: str) -> JobResult:
        """The job that GitHub starts for a pull request."""
        repository = {"full_name": self.github.repository, "default_branch": "main"}
        event = self.github.event(number, action, repository=repository)
        head = str(event["pull_request"]["head"]["sha"])
        return self.job("pull_request", event, checkout or self.checkout(head), GITHUB_BASE_REF="main", **more)

    def squash(self, message: str = "Promote the screener", branch: str = "work") -> None:
        """What a merge queue makes of a branch: one commit of the opener's on `queue`, with that message alone."""
        self.scratch.branch("queue")
        self.scratch.git("merge", "-q", "--squash", branch)
        self.scratch.git("commit", "-q", "-m", message, **BY_GITHUB)

    def group_job(self, number: int, **more: str) -> JobResult:
        """The job of the merge group `queue` of a pull request, whose own branch the checkout does not have."""
        base, head = (self.scratch.git("rev-parse", name) for name in ("main", "queue"))
        self.publish(f"queue:refs/heads/gh-readonly-queue/main/pr-{number}-{base}")
        return self.job("merge_group", self.github.group_event(head, base, number), self.checkout(head), **more)

    def job(self, name: str, event: dict[str, Any], checkout: Path, **more: str) -> JobResult:
        """`policy-gate ci github` for an event; lower-case keywords are inputs, upper-case ones variables."""
        self._jobs += 1
        temporary = self.path / f"temp{self._jobs}"
        temporary.mkdir()
        (temporary / "event.json").write_text(json.dumps(event), "utf-8")
        inputs = {f"INPUT_{key.upper()}": value for key, value in more.items() if key.islower()}
        given = {key: value for key, value in more.items() if not key.islower()}
        job = {
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(temporary / "event.json"),
            "GITHUB_REPOSITORY": self.github.repository,
            "GITHUB_API_URL": self.github.url,
            "GITHUB_SERVER_URL": self.server.url,
            "GITHUB_WORKSPACE": str(checkout),
            "GITHUB_OUTPUT": str(temporary / "outputs"),
            "GITHUB_STEP_SUMMARY": str(temporary / "summary.md"),
            "RUNNER_TEMP": str(temporary),
            "INPUT_GITHUB_TOKEN": self.github.token,
            "NO_PROXY": "127.0.0.1",
        }
        done = self.scratch.run("-C", str(temporary), "ci", "github", **(job | inputs | given))
        outputs = _outputs(temporary / "outputs")
        report = json.loads(Path(outputs["report"]).read_text("utf-8")) if "report" in outputs else {}
        return JobResult(done.code, done.out, done.err, outputs, _text(temporary / "summary.md"), report)

    def close(self) -> None:
        self.server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def _outputs(path: Path) -> dict[str, str]:
    """What the runner reads from the file of outputs: `name=value`, and `name<<word` up to a line that is the word."""
    found: dict[str, str] = {}
    lines = iter(_text(path).splitlines())
    for line in lines:
        name, mark, rest = line.partition("<<")
        if mark and "=" not in name:
            value: list[str] = []
            for inner in lines:
                if inner == rest:
                    break
                value.append(inner)
            found[name] = "\n".join(value)
        elif line:
            key, _, text = line.partition("=")
            found[key] = text
    return found
