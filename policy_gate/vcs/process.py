"""The one runner of git's processes: argument lists, an environment given whole, bytes back.

What git may obey is for whoever gives the environment (`hardening`); nothing of this process's own is edited.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from typing import IO, Final, NamedTuple

from policy_gate.errors import UndecidedError

NEEDED: Final = "install git 2.38 or later"


class GitFailedError(UndecidedError):
    """Git is missing, or did not answer what it should; the text is for people."""


class Answer(NamedTuple):
    """What one run of git said."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """The output as text, for what git writes in ASCII."""
        return self.out.decode("utf-8", "replace")


Run = Callable[..., Answer]
"""Runs git with these arguments and gives its Answer, whatever the exit code."""


_OLD: Final = ("usage:", "unknown option", "is not a git command", "unrecognized argument")
"""how git answers what it does not know yet"""
_NEWER: Final = "a newer git made this repository so: install that one here, too"
_WAYS_OUT: Final = (
    ("No space left", "make room on the disk"),
    ("dubious ownership", "git config --global --add safe.directory DIR, where you trust whose files they are"),
    ("Permission denied", "let this user read and write there"),
    (".lock", "let the other git that is at work there end, or remove the lock that a killed one left"),
    ("unmerged", "resolve the conflicts and git add what was in conflict"),
    ("not able to write tree", "resolve the conflicts and git add what was in conflict"),
    ("not a git repository", "run it inside a repository, or name one with -C DIR"),
    ("unknown repository extension", _NEWER),
    ("Expected git repo version", _NEWER),
    ("bad config", "mend that line of git's settings"),
)


def failed(what: str, answer: Answer) -> GitFailedError:
    """That git could not do something, in its own words; the hint names its version only where that is what lacks."""
    lines = [line.strip() for line in answer.err.splitlines() if line.strip()]
    at = next((n for n, line in enumerate(lines) if line.startswith(("fatal:", "error:"))), 0)
    told = " ".join(lines[at : at + (2 if lines[at].endswith(":") else 1)]) if lines else ""
    why = told.removeprefix("fatal: ").removeprefix("error: ") or f"git ended with {answer.status} and said nothing"
    if any(word in answer.err for word in _OLD):
        return GitFailedError(f"{what}: {why}", hint=NEEDED)
    hint = next((hint for word, hint in _WAYS_OUT if word in answer.err), "run git fsck, or the same git by hand")
    return GitFailedError(f"{what}: {why}", hint=hint)


class GitProcess(NamedTuple):
    """A git that was started and is talked to through its pipes."""

    stdin: IO[bytes]
    stdout: BufferedReader
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Close the pipes and wait for the end."""
        for stream in (self.stdin, self.stdout):
            with suppress(BrokenPipeError):
                stream.close()
        self.process.wait()


def run_git(
    *words: str,
    environment: Mapping[str, str],
    cwd: Path | None = None,
    timeout: float | None = None,
    told: bytes = b"",
) -> Answer:
    """Run git to its end with exactly this environment, `told` being its standard input.

    `timeout` is in seconds, and past it the status is 1.

    GitFailedError where there is no git.
    """
    command = [git_program(environment), *words]
    try:
        done = subprocess.run(
            command,
            env=environment,
            cwd=cwd,
            stdin=None if told else subprocess.DEVNULL,
            input=told or None,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(1, b"", f"no end after {timeout} seconds")
    return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def start_git(*words: str, environment: Mapping[str, str]) -> GitProcess:
    """Start a git that answers line by line, with exactly this environment; GitFailedError where there is no git."""
    process = subprocess.Popen(
        [git_program(environment), *words],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    if process.stdin is None or not isinstance(process.stdout, BufferedReader):
        raise GitFailedError("git was started without pipes")
    return GitProcess(process.stdin, process.stdout, process)


def ask(*words: str, cwd: Path | None = None) -> str | None:
    """What the user's own git answers, by its settings and variables; None where it says no."""
    answer = run_git(*words, environment=os.environ, cwd=cwd)
    return os.fsdecode(answer.out).rstrip("\n") if answer.status == 0 else None


def git_program(environment: Mapping[str, str] | None = None) -> str:
    """The file of the git that such an environment finds; GitFailedError where it finds none."""
    return _found_on((os.environ if environment is None else environment).get("PATH", os.defpath))


@lru_cache
def _found_on(path: str) -> str:
    # A relative folder would be one of whoever wrote what is judged.
    folders = [part for part in path.split(os.pathsep) if Path(part).is_absolute()]
    found = shutil.which("git", path=os.pathsep.join(folders)) if folders else None
    if found is None or not Path(found).is_absolute():
        raise GitFailedError("no git was found on the PATH", hint=NEEDED)
    return found
