"""One ref at a remote: where it stands, having it, and moving it on, never back.

A remote of the user's is asked with the user's own settings and credentials, as `git push` would be; a forge in its
own job through a `Clone`, with the job's token and no settings at all. Hooks of the repository run in neither.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.process import Answer, GitFailedError, run_git

TIMEOUT = 600
"""Seconds that one fetch or push may take."""
_BEHIND = (
    "fetch first",
    "non-fast-forward",
    "stale info",
    "cannot lock ref",
    "failed to update ref",
    "failed to lock",
    "incorrect old value",
    "reference already exists",
    "is at ",
)
_BUSY = (
    "Failed to connect",
    "Connection refused",
    "Connection reset",
    "Connection timed out",
    "Operation timed out",
    "Empty reply from server",
    "error: 429",
    "error: 500",
    "error: 502",
    "error: 503",
    "error: 504",
    "RPC failed",
    "hung up unexpectedly",
    "early EOF",
)
_LOGIN = lazy_pattern(r"(?<=://)[^/@\s]+@")
_ID = lazy_pattern(r"([0-9a-f]{40}|[0-9a-f]{64})\t")


class RemoteError(GitFailedError):
    """The remote did not do what it was asked for."""


class RemoteBusyError(RemoteError):
    """The remote did not answer for now: it was overloaded, or the network failed."""


class RefRemote(Protocol):
    """What holds a ref elsewhere. Each raises RemoteError, with the reason, where it does not answer."""

    name: str

    def head(self, ref: str) -> str:
        """The id that the ref stands at; empty where there is none."""

    def fetch(self, ref: str) -> None:
        """Have here what the ref stands at, with its history; no ref here is moved."""

    def push(self, commit: str, ref: str) -> bool:
        """Move the ref on to this commit; False where it does not hold what the ref stands at by now."""


class GitRefRemote:
    """A remote that is asked by `run`, which runs git with what it needs to be let in."""

    def __init__(self, run: Callable[..., Answer], where: str, name: str) -> None:
        self._run = run
        self._where = where
        self.name = name

    def head(self, ref: str) -> str:
        told = self._run("ls-remote", "--quiet", "--refs", "--end-of-options", self._where, ref)
        if told.status:
            raise _failure(f"{self.name} does not tell its {ref}", _reason(told))
        found = next((line for line in told.text.splitlines() if line.endswith(f"\t{ref}")), "")
        match = _ID.match(found)
        return match[1] if match else ""

    def fetch(self, ref: str) -> None:
        words = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules")
        told = self._run("fetch", *words, "--refmap=", "--end-of-options", self._where, ref)
        if told.status:
            raise _failure(f"{self.name} does not give its {ref}", _reason(told))

    def push(self, commit: str, ref: str) -> bool:
        words = ("--porcelain", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no")
        told = self._run("push", *words, "--end-of-options", self._where, f"{commit}:{ref}")
        if told.status == 0:
            return True
        rejected = next((line for line in told.text.splitlines() if line.startswith("!")), "")
        if any(words in f"{rejected}\n{told.err}" for words in _BEHIND):
            return False
        why = rejected.rpartition("\t")[2] or _reason(told)
        raise _failure(f"{self.name} does not take the entry", why)


_HINT = "look at its address and at what this user may write there"


def own_remote(git_dir: Path, name: str) -> GitRefRemote:
    """A remote of the user's by its name or address."""

    def run(*words: str) -> Answer:
        options = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false", "-c", "gc.auto=0")
        own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_TRACE")}
        environment = own | {"GIT_DIR": str(git_dir), "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        return run_git("--no-pager", *options, *words, environment=environment, timeout=TIMEOUT)

    return GitRefRemote(run, name, _LOGIN.sub("", name))


def _failure(what: str, why: str) -> RemoteError:
    kind = RemoteBusyError if any(words in why for words in _BUSY) else RemoteError
    return kind(f"{what}: {why}", hint=_HINT)


def _reason(told: Answer) -> str:
    lines = [line for line in told.err.strip().splitlines() if line] or ["git said nothing"]
    first = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1])
    return _LOGIN.sub("", first.removeprefix("fatal: ").removeprefix("error: "))
