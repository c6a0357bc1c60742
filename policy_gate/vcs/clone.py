"""A clone of our own: what is judged is fetched from the forge's own address into an empty repository.

The checkout belongs to whoever wrote the steps before ours: its settings, refs, remotes and objects are not asked
while the forge answers.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from policy_gate.vcs.authorities import authorities_for
from policy_gate.vcs.process import Answer, GitFailedError, run_git
from policy_gate.vcs.ref_remote import GitRefRemote
from policy_gate.vcs.tree import is_object_id

DEPTHS = (60, 250, 1_000, 4_000, 16_000)
"""How many commits of history are asked for, step by step, until base and head meet; the first holds base's last 50
changes, which a check looks back at (D50, D51)."""
TIMEOUT = 600
"""Seconds that one fetch may take."""
_KEPT = ("PATH", "HOME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "USERPROFILE", "GIT_SSL_CAINFO", "SSL_CERT_FILE")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY")


class Address(Struct, frozen=True):
    """Where a forge serves the repository: an http(s) URL, and the user and token to read it with, or empty."""

    url: str
    user: str = ""
    token: str = ""
    protocols: tuple[str, ...] = ("https", "http")

    def __repr__(self) -> str:
        return f"Address({self.url!r})"

    @property
    def is_usable(self) -> bool:
        parts = urlsplit(self.url)
        is_named = bool(parts.hostname) or parts.scheme == "file"
        return parts.scheme in self.protocols and is_named and (parts.username is None or parts.scheme == "ssh")


class Want(Struct, frozen=True):
    """One commit to have: `name` is a ref of the forge or a commit id, `kept_as` the ref it gets here."""

    name: str
    kept_as: str

    @property
    def refspec(self) -> str:
        return f"+{self.name}:{self.kept_as}"


class Clone:
    """A bare repository in a folder that was laid out for it; `say` tells a person about slow steps."""

    def __init__(
        self,
        folder: Path,
        address: Address | None,
        say: Callable[[str], None],
        depth: int = 0,
        *,
        without: str = "",
        timeout: float = TIMEOUT,
    ) -> None:
        """`without` is a filter of git's for what is not fetched, such as `blob:none`."""
        self.folder = folder
        self._address = address if address and address.is_usable else None
        self._say = say
        self._depth = depth
        self._without = (f"--filter={without}",) if without else ()
        self._timeout = timeout

    def keep(self, ref: str, commit: str) -> bool:
        """Give a commit that is here a ref; False where it is not."""
        return self._git("update-ref", ref, commit).status == 0

    def commit_of(self, name: str) -> str:
        """The commit id of a full ref name or commit id, or empty where it is not here."""
        done = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return done.text.strip() if done.status == 0 else ""

    def default_branch(self) -> str:
        """The short name of the branch that the forge calls its default, or empty where it does not tell."""
        return self.head_of_remote()[0]

    def head_of_remote(self) -> tuple[str, str, str]:
        """The short name of the remote's default branch, its newest commit, and why they cannot be told."""
        if self._address is None:
            return "", "", _NO_ADDRESS
        done = self._git("ls-remote", "--symref", "--quiet", self._address.url, "HEAD")
        if done.status:
            return "", "", _reason(done.err, self._address)
        rows = [line.partition("\t")[0] for line in done.text.splitlines() if line.endswith("\tHEAD")]
        named = next((row.removeprefix("ref: refs/heads/") for row in rows if row.startswith("ref: refs/heads/")), "")
        return named, next((row for row in rows if is_object_id(row)), ""), ""

    def point_default_at(self, branch: str) -> None:
        """Call this branch of the forge its default, as a clone does."""
        self._git("symbolic-ref", "refs/remotes/origin/HEAD", f"refs/remotes/origin/{branch}")

    def lay_out(self, name: str, folder: Path) -> bool:
        """Write the files of a commit into an empty folder; False where that fails."""
        return self._git("--work-tree", str(folder), "checkout", "--force", name, "--", ".").status == 0

    def fetch(self, *wants: Want) -> str:
        """Have these commits, with as much history as was asked for so far; empty, or why that failed."""
        if self._address is None:
            return _NO_ADDRESS
        depth = (f"--depth={self._depth}",) if self._depth else ()
        words = (*_QUIETLY, *depth, *self._without, self._address.url, *(want.refspec for want in wants))
        done = self._git("fetch", *words)
        if done.status == 0:
            return ""
        return _reason(done.err, self._address)

    def fill_in(self, commit: str) -> str:
        """Have every file of a commit that a filter left out, in one request; empty, or why that failed."""
        if self._address is None:
            return _NO_ADDRESS
        told = self._git("rev-list", "--objects", "--missing=print", "--no-walk", "--end-of-options", commit)
        if told.status:
            return _reason(told.err, self._address)
        missing = "".join(f"{line[1:]}\n" for line in told.text.splitlines() if line.startswith("?"))
        if not missing:
            return ""
        words = (*_QUIETLY, *self._without, "--stdin", self._address.url)
        done = self._git("-c", "fetch.negotiationAlgorithm=noop", "fetch", *words, told=missing.encode("ascii"))
        return _reason(done.err, self._address) if done.status else ""

    def bring(self, *wants: Want) -> str:
        """As `fetch`; a shallow clone asks for a first piece of history rather than for all of it."""
        if self._is_shallow and not self._depth:
            self._depth = DEPTHS[0]
        return self.fetch(*wants)

    def remote(self) -> GitRefRemote:
        """The forge as what holds single refs, to be moved on; GitFailedError where the job tells no address."""
        if self._address is None:
            raise GitFailedError("the job tells no address to write to")
        return GitRefRemote(self._masked, self._address.url, "the forge")

    def _masked(self, *words: str) -> Answer:
        """As `_git`, with nothing of the token in what is said."""
        done = self._git(*words)
        token = self._address.token if self._address else ""
        return done._replace(err=done.err.replace(token, "***")) if token else done

    def deepen(self, wants: tuple[Want, ...], base: str, head: str) -> bool:
        """Ask for more history, step by step, until base and head meet; False where the steps ran out."""
        for depth in DEPTHS:
            if self.meets(base, head):
                return True
            if depth <= self._depth:
                continue
            self._depth = depth
            self._say(f"fetching history ({depth} commits)")
            if self.fetch(*wants) and all(self.fetch(want) for want in wants):
                return False
        return self.meets(base, head)

    def meets(self, base: str, head: str) -> bool:
        """Is all history here that one of two commits has and the other has not?"""
        marks = self.folder / "shallow"
        if not marks.is_file():
            return True
        done = self._git("rev-list", "--end-of-options", f"{base}...{head}")
        return done.status == 0 and set(marks.read_text("ascii").split()).isdisjoint(done.text.split())

    @property
    def _is_shallow(self) -> bool:
        return (self.folder / "shallow").is_file() or not (self.folder / "objects" / "info" / "alternates").is_file()

    def _git(self, *words: str, told: bytes = b"") -> Answer:
        environment = self._environment()
        words = ("--no-pager", *words)
        return run_git(*words, environment=environment, cwd=self.folder, timeout=self._timeout, told=told)

    def _environment(self) -> dict[str, str]:
        """Nothing of the job's settings for git; the token goes to the forge's address and nowhere else."""
        names = {*_KEPT, *_PROXIES, *(name.casefold() for name in _PROXIES)}
        kept = {name: value for name, value in os.environ.items() if name in names}
        fixed = {
            "GIT_DIR": str(self.folder),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
            "GIT_ALLOW_PROTOCOL": ":".join(self._address.protocols if self._address else Address("").protocols),
            "GIT_NO_REPLACE_OBJECTS": "1",
            "LC_ALL": "C",
        }
        trusted = authorities_for(self._address.url, os.environ) if self._address else ""
        return kept | fixed | ({"GIT_SSL_CAINFO": trusted} if trusted else {}) | _settings(self._address)


_NO_ADDRESS = "the job tells no address to fetch from"
_QUIETLY = (
    "--quiet",
    "--force",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
)


def _settings(address: Address | None) -> dict[str, str]:
    """Settings for one run, as variables: on a command line others could read the token."""
    settings = {
        "core.hooksPath": os.devnull,
        "core.fsmonitor": "false",
        "credential.helper": "",
        "fetch.unpackLimit": "1",
        "gc.auto": "0",
        "http.lowSpeedLimit": "1000",
        "http.lowSpeedTime": "60",
        "http.followRedirects": "initial",
    }
    if address is not None and address.token:
        login = base64.b64encode(f"{address.user}:{address.token}".encode()).decode("ascii")
        parts = urlsplit(address.url)
        settings[f"http.{parts.scheme}://{parts.netloc}/.extraHeader"] = f"Authorization: Basic {login}"
    pairs = {f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(settings)}
    pairs |= {f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(settings.values())}
    return {"GIT_CONFIG_COUNT": str(len(settings)), **pairs}


def _reason(said: str, address: Address) -> str:
    lines = [line for line in said.strip().splitlines() if line] or ["git said nothing"]
    told = next((line for line in lines if line.startswith("fatal:")), lines[-1]).removeprefix("fatal: ")
    return told.replace(address.token, "***") if address.token else told
