"""The action in a real runner: `act` runs real workflow files on this machine, beside a checkout made by real git.

    runner = Runner(tmp_path, place, index)
    done = runner.pull(number, steps=[gate(comment="true")])
    assert done.gate().outcome == "failure"

act is no GitHub: it skips the checkout step and copies the files of the folder that it is started in, so that folder
is the shallow clone which the checkout step would leave, with the ref that it would set (a folder without a file is
not copied, and git needs `refs`). Permissions and required checks are not emulated.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from parts import ROOT, part
from workplace import Workplace
from world import to_yaml

from policy_gate import __version__

ACTION = "acme/policy-gate@v1"
OLD_ACTION = "acme/policy-gate@v0"
OUTPUTS = ("verdict", "exit-code", "gaps", "report", "sarif", "reports", "attestation")
SOURCE = ("action.yml", "requirements.txt", "policy_gate", "policies", "templates")
Step = dict[str, Any]


def gate(id_: str = "gate", uses: str = ACTION, **inputs: str) -> Step:
    """A step that runs the action with inputs (`working_directory` for `working-directory`)."""
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return {"id": id_, "uses": uses, "continue-on-error": True, **({"with": given} if given else {})}


def run(script: str, **more: Any) -> Step:
    """A step of the job's own."""
    return {"run": script, **more}


def workflow(steps: Sequence[Step], on: Mapping[str, Any] | None = None) -> str:
    """A workflow of these steps; after each with an id stands one that keeps what it handed on."""
    listed: list[Step] = [{"uses": "actions/checkout@v4"}]
    on = on or dict.fromkeys(
        ("pull_request", "pull_request_review", "merge_group", "push", "schedule", "workflow_dispatch")
    )
    for step in steps:
        listed.append(step)
        if step.get("id"):
            listed.append(_keeper(step["id"]))
    return to_yaml(
        {
            "name": "gate",
            "on": dict(on),
            "jobs": {"check": {"runs-on": "ubuntu-latest", "steps": listed}},
        }
    )


def _keeper(name: str) -> Step:
    told = {
        f"OUT_{output.replace('-', '_').upper()}": f"${{{{ steps.{name}.outputs.{output} }}}}" for output in OUTPUTS
    }
    script = f"""\
mkdir "$KEEP/{name}"
for name in {" ".join(OUTPUTS)}; do
  variable="OUT_$(printf %s "$name" | tr a-z- A-Z_)"
  printf %s "${{!variable}}" >"$KEEP/{name}/$name"
done
printf %s "$OUTCOME" >"$KEEP/{name}/outcome"
cp "$KEEP/ran" "$KEEP/{name}/ran" 2>/dev/null || true
if [ -n "$OUT_REPORTS" ]; then cp -R "$OUT_REPORTS" "$KEEP/{name}/folder"; ls -a "$RUNNER_TEMP" >"$KEEP/{name}/left"; fi
"""
    return {
        "if": "always()",
        "shell": "bash --noprofile --norc -p -e {0}",
        "env": told | {"OUTCOME": f"${{{{ steps.{name}.outcome }}}}", "BASH_ENV": ""},
        "run": script,
    }


@dataclass(frozen=True)
class GateRun:
    """What one step of the action came to, as a later step of the same job saw it."""

    folder: Path

    def __getattr__(self, name: str) -> str:
        """An output, or `outcome`."""
        path = self.folder / name.replace("_", "-")
        if not path.is_file():
            raise AttributeError(name)
        return path.read_text("utf-8")

    @cached_property
    def report_data(self) -> dict[str, Any]:
        """The JSON report."""
        data: dict[str, Any] = json.loads((self.folder / "folder" / "report.json").read_text("utf-8"))
        return data

    @property
    def ran(self) -> list[str]:
        """What had run so far of the things that note their names in the file `ran` of the folder KEEP."""
        path = self.folder / "ran"
        return sorted(set(path.read_text("utf-8").split())) if path.exists() else []

    @property
    def files(self) -> set[str]:
        """The names of the reports."""
        return {path.name for path in (self.folder / "folder").iterdir()}


@dataclass(frozen=True)
class Run:
    """What one start of the runner came to."""

    code: int
    kept: Path
    lines: list[dict[str, Any]] = field(repr=False)
    err: str = field(repr=False)

    def gate(self, id_: str = "gate") -> GateRun:
        """The step of that id; AssertionError with the log where it did not run."""
        assert (self.kept / id_ / "outcome").exists(), f"{id_} did not run\n{self}"
        return GateRun(self.kept / id_)

    @property
    def log(self) -> str:
        """All that was written to the job's log."""
        return "".join(str(line.get("msg", "")).rstrip("\n") + "\n" for line in self.lines)

    @property
    def commands(self) -> set[str]:
        """The names of all that the runner was told to do by workflow commands and files."""
        return {str(line["command"]) for line in self.lines if line.get("command")}

    @property
    def summaries(self) -> list[str]:
        """The step summaries, as the runner took them."""
        return [str(line["content"]) for line in self.lines if line.get("command") == "summary"]

    @property
    def annotations(self) -> list[dict[str, Any]]:
        """The workflow commands error, warning and notice that the runner understood."""
        return [line for line in self.lines if line.get("command") in ("error", "warning", "notice")]

    def __str__(self) -> str:
        return f"exit {self.code}\n{self.log}\n{self.err}"


class Runner:
    """Starts `act` for jobs of one workplace."""

    def __init__(self, path: Path, place: Workplace, index: str) -> None:
        self.path = path / "runner"
        self.place = place
        self.index = index
        self.act = part("act")
        self.source = self.path / "action"
        self._starts = 0
        export(self.source)
        self.old = self.path / "old"
        export(self.old, version="0.0.9")

    def pull(self, number: int, steps: Sequence[Step] | str, action: str = "opened", **more: Any) -> Run:
        """The job that a pull request starts."""
        github = self.place.github
        event = github.event(number, action, repository=repository_of(self.place), **more.pop("event", {}))
        return self.start("pull_request", event, event["pull_request"]["head"]["sha"], steps, **more)

    def start(
        self,
        name: str,
        event: Mapping[str, Any],
        commit: str,
        steps: Sequence[Step] | str,
        checkout: Path | None = None,
        token: str | None = None,
        **environment: str,
    ) -> Run:
        """Run these steps, or this workflow's text, for an event on a checkout of depth 1 at `commit`."""
        self._starts += 1
        folder = self.path / str(self._starts)
        (folder / "home").mkdir(parents=True)
        (folder / "keep").mkdir()
        text = steps if isinstance(steps, str) else workflow(steps)
        (folder / "workflow.yml").write_text(text, "utf-8")
        (folder / "event.json").write_text(json.dumps(event), "utf-8")
        told = self._told() | {"KEEP": str(folder / "keep")} | environment
        command = [
            *(str(self.act), name, "-W", str(folder / "workflow.yml"), "-e", str(folder / "event.json")),
            *("-P", "ubuntu-latest=-self-hosted", "--no-cache-server", "--json", "--actor", "bo-x"),
            *(word for remote in self.remotes() for word in ("--local-repository", remote)),
            *(word for key, value in told.items() for word in ("--env", f"{key}={value}")),
            *("-s", f"GITHUB_TOKEN={self.place.github.token if token is None else token}"),
        ]
        workspace = checkout or self.place.checkout(commit)
        self.place.scratch.git("update-ref", "refs/remotes/pull/1/merge", "HEAD", GIT_DIR=str(workspace / ".git"))
        machine = self._machine(folder / "home")
        done = subprocess.run(command, cwd=workspace, env=machine, capture_output=True, text=True, check=False)
        return Run(done.returncode, folder / "keep", [_line(line) for line in done.stdout.splitlines()], done.stderr)

    def remotes(self) -> list[str]:
        """The remote actions that stand on this machine."""
        return [f"{ACTION}={self.source}", f"{OLD_ACTION}={self.old}"]

    def _told(self) -> dict[str, str]:
        return {
            "GITHUB_REPOSITORY": self.place.github.repository,
            "GITHUB_SERVER_URL": self.place.server.url,
            "GITHUB_API_URL": self.place.github.url,
            "NO_PROXY": "127.0.0.1",
            "PIP_INDEX_URL": self.index,
        }

    @staticmethod
    def _machine(home: Path) -> dict[str, str]:
        # Its Python is the one that runs the tests, for which the wheels of the index are.
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        kept = {"TMPDIR": os.environ["TMPDIR"]} if "TMPDIR" in os.environ else {}
        return kept | {
            "PATH": path,
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "NO_PROXY": "127.0.0.1",
        }


def export(folder: Path, version: str = "") -> None:
    """The action's source as a tag holds it, with nothing that was compiled; `version` makes it another release."""
    folder.mkdir(parents=True)
    for name in SOURCE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy(ROOT / name, folder / name)
    if version:
        named = folder / "policy_gate" / "__init__.py"
        text = named.read_text("utf-8").replace(f'"{__version__}"', f'"{version}"')
        assert version in text
        named.write_text(text, "utf-8")


def repository_of(place: Workplace) -> dict[str, Any]:
    """What every event says of the repository."""
    return {"full_name": place.github.repository, "default_branch": "main"}


def _line(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        return {"msg": text}
    return data if isinstance(data, dict) else {"msg": text}
