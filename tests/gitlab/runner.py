"""gitlab-ci-local on a checkout: a pipeline with GitLab's variables; components come from a repository beside it.

The runner is not GitLab: merge request widgets, protected variables and the rights of job tokens are not there, and
what GitLab does with reports is not seen. Jobs run on this machine (shell executor), each in a copy of the checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from parts import ROOT, build_wheel, constraints, part
from project import REPORTS, report_in, told_later

from policy_gate import __version__

HOST = "gitlab.example"
_SSH = """#!/bin/sh
# Stands in for ssh to the GitLab of these tests: the last argument is what git asks the other side to run.
for asked; do :; done
case "$asked" in
"git-upload-archive "*|"git-upload-pack "*) ;;
*) echo "not offered: $asked" >&2; exit 1 ;;
esac
path=${asked#*\\'}
path=${path%\\'}
path=${path#/}
service=${asked%% *}
exec git "${service#git-}" "@FORGE@/${path%.git}.git"
"""


@dataclass(frozen=True)
class Pipeline:
    """What one pipeline came to."""

    code: int
    out: str
    err: str
    folder: Path

    @cached_property
    def report(self) -> dict[str, Any]:
        return report_in(self.folder)

    @property
    def variables(self) -> dict[str, str]:
        return told_later(self.folder)

    def log(self, job: str) -> str:
        """The lines that a job printed."""
        lines = (line.partition(" > ") for line in (self.out + self.err).splitlines())
        return "\n".join(said for name, _, said in lines if name.strip() == job)

    def __str__(self) -> str:
        return f"exit {self.code}\n{self.out}\n{self.err}"


class Wheels:
    """The package and all that it needs, as an index in a folder; made from this checkout and the registry."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "wheels"
        self.index = folder / "simple"
        clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", str(folder))}
        settings = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_", "REQUESTS_", "HTTP", "UV_"))}
        env = clean | settings
        _run(build_wheel(self.folder), env, ROOT)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:", "--dest"]
        wanted = ["-c", str(constraints(folder)), f"ai-policy-gate[gitlab]=={__version__}"]
        _run([*command, str(self.folder), "--find-links", str(self.folder), *wanted], env, folder)
        self._write_index()

    def environment(self) -> dict[str, str]:
        """The variables with which a job's pip finds it, and nothing else."""
        return {"PIP_INDEX_URL": self.index.as_uri(), "PIP_EXTRA_INDEX_URL": self.index.as_uri()}

    def _write_index(self) -> None:
        for wheel in self.folder.glob("*.whl"):
            name = wheel.name.partition("-")[0].replace("_", "-").replace(".", "-").lower()
            page = self.index / name / "index.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            with page.open("a", encoding="utf-8") as out:
                out.write(f'<a href="{wheel.as_uri()}">{wheel.name}</a>\n')


def component_server(folder: Path, *versions: str) -> Path:
    """Where components are fetched from: acme/policy-gate with the template at each version; the script to reach it."""
    work, bare = folder / "component", folder / "forge" / "acme" / "policy-gate.git"
    (work / "templates").mkdir(parents=True)
    (work / "templates" / "policy-gate.yml").write_bytes((ROOT / "templates" / "policy-gate.yml").read_bytes())
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    who = ["-c", "user.name=Acme", "-c", "user.email=acme@example.com"]
    _run(["git", "init", "-q", "-b", "main", "."], env, work)
    _run(["git", "add", "-A"], env, work)
    _run(["git", *who, "commit", "-q", "-m", "Component"], env, work)
    for version in versions:
        _run(["git", *who, "tag", version], env, work)
    _run(["git", "clone", "-q", "--bare", str(work), str(bare)], env, folder)
    script = folder / "ssh"
    script.write_text(_SSH.replace("@FORGE@", str(folder / "forge")), "utf-8")
    script.chmod(0o755)
    return script


class Runner:
    """The runner with its settings: where components come from, where packages come from."""

    def __init__(self, folder: Path, wheels: Wheels | None, ssh: Path) -> None:
        self.folder, self.wheels, self.ssh = folder, wheels, ssh
        self.program = part("gitlab-ci-local")
        part("rsync")

    def run(
        self, checkout: Path, variables: dict[str, str], *args: str, job: str = "policy-gate", **more: str
    ) -> Pipeline:
        """Start the checkout's pipeline with GitLab's variables and those of the project's settings."""
        self._point_at_gitlab(checkout)
        built = checkout / ".gitlab-ci-local" / "builds" / job
        given = variables | {"CI_PROJECT_DIR": str(built), "CI_SERVER_FQDN": HOST} | more
        given |= self.wheels.environment() if self.wheels else {}
        options = ["--force-shell-executor", "--shell-isolation", "--no-color", "--ignore-predefined-vars"]
        command = [str(self.program), *options, ",".join(given)]
        for name, value in given.items():
            command += ["--variable", f"{name}={value}"]
        env = self._environment()
        done = subprocess.run([*command, *args], cwd=checkout, env=env, capture_output=True, text=True, check=False)
        return Pipeline(done.returncode, done.stdout, done.stderr, checkout)

    def _point_at_gitlab(self, checkout: Path) -> None:
        env = {"PATH": os.environ["PATH"]}
        address = f"git@{HOST}:example-org/screener.git"
        _run(["git", "config", "remote.origin.url", address], env, checkout)
        _run(["git", "update-ref", "refs/remotes/origin/main", "HEAD"], env, checkout)
        _run(["git", "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"], env, checkout)

    def _environment(self) -> dict[str, str]:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_SSH_COMMAND": str(self.ssh),
            "GIT_SSH_VARIANT": "ssh",
            "LC_ALL": "C.UTF-8",
        }


def preview(text: str) -> dict[str, Any]:
    """The expanded pipeline that `--preview` prints."""
    found: dict[str, Any] = yaml.safe_load(text[text.index("---") :])
    return found


def reports(pipeline: Pipeline) -> Path:
    """The folder of reports as the runner kept it among the artifacts."""
    return pipeline.folder / REPORTS


def _run(command: list[str], env: dict[str, str], cwd: Path) -> None:
    done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
