"""The demo's repository: real git, several people, and the command run as they would run it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.process import failed, run_git

_QUIET = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
"""No settings of the person who watches: not their identity, and not their signing key."""
_TOKEN = lazy_pattern(r"@(TODAY|MONTH)([+-]\d+)@")
_KEY = lazy_pattern(r"@KEY:(\w+)@")
_KEYS = ".git/demo-keys"
_SUFFIX = ".in"
_PASSED_ON = ("PATH", "HOME", "TERM", "NO_COLOR", "COLUMNS", "LINES", "LANG", "LC_ALL", "TMPDIR", "TEMP", "SYSTEMROOT")


class DemoRepository:
    """A work tree at `folder` whose `origin` is a bare repository inside its own `.git`."""

    def __init__(self, folder: Path, today: date, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.today = today
        self._environment = {name: environment[name] for name in _PASSED_ON if name in environment} | _QUIET
        self._templates: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self.git("init", "-q", "-b", "main")
        self.git("init", "-q", "--bare", "-b", "main", ".git/origin.git")
        self.git("remote", "add", "origin", "./.git/origin.git")

    def git(self, *arguments: str) -> str:
        """What git says in the work tree, with no settings but the repository's own; GitFailedError where it fails."""
        answer = run_git(*arguments, environment=self._environment, cwd=self.folder)
        if answer.status:
            raise failed(f"git {arguments[0]} failed", answer)
        return answer.text.rstrip("\n")

    def make_keys(self, *names: str) -> bool:
        """Give people throw-away signing keys, outside every commit; false where no ssh-keygen makes them."""
        tool = shutil.which("ssh-keygen", path=self._environment.get("PATH"))
        if tool is None:
            return False
        (self.folder / _KEYS).mkdir(mode=0o700)
        for name in names:
            options = ("-q", "-t", "ed25519", "-N", "", "-C", f"{name} in the demo", "-f", self.key(name))
            made = self._run([tool, *options])
            if made.returncode:
                self._keys.clear()
                return False
            self._keys[name] = (self.folder / f"{self.key(name)}.pub").read_text("ascii").strip()
        return True

    def key(self, name: str) -> str:
        """Where somebody's private key is."""
        return f"{_KEYS}/{name}"

    def run(self, *arguments: str, is_shown: bool = True) -> int:
        """Run policy-gate in the work tree as its own process; its exit code.

        Isolated (`-I`), so that nothing in the work tree is imported instead of the installed command.
        """
        sys.stdout.flush()
        done = subprocess.run(
            [sys.executable, "-I", "-m", "policy_gate", *arguments],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=None if is_shown else subprocess.DEVNULL,
            stderr=None if is_shown else subprocess.DEVNULL,
            check=False,
        )
        return done.returncode

    def lay(self, step: str) -> tuple[str, ...]:
        """Write the files of a step over the work tree; their paths, sorted."""
        paths = []
        for path, template in sorted(_templates_of(step)):
            self._write(path, template)
            paths.append(path)
        return tuple(paths)

    def edit(self, path: str, *replacements: tuple[str, str]) -> None:
        """Replace the first occurrence of each text in a file laid before; ValueError where it is not there."""
        template = self._templates[path]
        for old, new in replacements:
            if old not in template:
                raise ValueError(f"{path} does not say {old!r}")
            template = template.replace(old, new, 1)
        self._write(path, template)

    def recall(self, step: str) -> None:
        """Take the templates of a step for what later edits start from; nothing is written."""
        self._templates |= dict(_templates_of(step))

    def is_me(self, name: str) -> None:
        """Whose git identity the work tree has from now on."""
        self.git("config", "user.name", name)
        self.git("config", "user.email", f"{name.split(maxsplit=1)[0].lower()}@example.com")

    def commit(self, message: str, by: str, *paths: str) -> None:
        """Commit these paths (all that changed, where none is given) as somebody."""
        self.is_me(by)
        self.git("add", "--all", "--", *(paths or (".",)))
        self.git("commit", "-q", "--no-verify", "-m", message)

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command, cwd=self.folder, env=self._environment, input=b"", capture_output=True, check=False
        )

    def _write(self, path: str, template: str) -> None:
        self._templates[path] = template
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = _KEY.sub(self._pinned, _TOKEN.sub(self._date, template))
        target.write_text(text, encoding="utf-8", newline="\n")

    def _pinned(self, token: re.Match[str]) -> str:
        """The keys of a person in roles.yaml; nothing where none were made."""
        return f', keys: ["{self._keys[token[1]]}"]' if token[1] in self._keys else ""

    def _date(self, token: re.Match[str]) -> str:
        day = self.today + timedelta(days=int(token[2]))
        return day.isoformat() if token[1] == "TODAY" else day.isoformat()[:7]


def _templates_of(step: str) -> Iterator[tuple[str, str]]:
    root = files("policy_gate.demo").joinpath("files", step)
    for way, file in _walk(root, ()):
        yield "/".join(way).removesuffix(_SUFFIX), file.read_text("utf-8")


def _walk(folder: Traversable, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Traversable]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _walk(item, (*way, item.name))
        else:
            yield (*way, item.name), item
