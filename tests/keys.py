"""Real SSH keys, made for one test process and thrown away with it, and a real agent that holds some of them.

keys = Keyring(tmp_path)
roles = with_keys(roles(), keys)          # every holder pins their own key
repo.approve("ciso", GATE, key=keys["Ada Example"])
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from scratch import Scratch, templates
from world import base_files, from_yaml, high_system, roles, to_yaml

NAMESPACE = "policy-gate-approval@v1"

real_crypto = pytest.mark.real_crypto
needs_openssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None or shutil.which("ssh-agent") is None, reason="OpenSSH is not installed here"
)


class Keyring:
    """Keys by name in a folder of their own; somebody has the same key in every folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "keys"
        self.folder.mkdir(parents=True, exist_ok=True)

    def __getitem__(self, name: str) -> Path:
        """The private key of somebody, ed25519 without a passphrase."""
        return self.make(name)

    def make(self, name: str, kind: str = "ed25519", *, passphrase: str = "") -> Path:
        """The private key of this name; made the first time. RSA with 2048 bits."""
        path = self.folder / name.replace(" ", "-").lower()
        if not path.exists():
            made = _made(name, kind, passphrase)
            for source, to in ((made, path), (made.with_suffix(".pub"), path.with_suffix(".pub"))):
                shutil.copy2(source, to)
        return path

    def public(self, name: str) -> str:
        """The public key line of this name, with its comment."""
        return self[name].with_suffix(".pub").read_text("ascii").strip()

    def sign(self, name: str, file: Path, namespace: str = NAMESPACE) -> bytes:
        """A detached signature of a file's bytes by ssh-keygen itself, not by the command under test."""
        command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(self[name]), "-n", namespace]
        return subprocess.run(command, input=file.read_bytes(), check=True, capture_output=True).stdout


@cache
def _made(name: str, kind: str, passphrase: str) -> Path:
    """A key of this process, from which all folders take their copies."""
    path = Path(tempfile.mkdtemp(dir=templates())) / "key"
    size = ("-b", "2048") if kind == "rsa" else ()
    command = ["ssh-keygen", "-q", "-t", kind, *size, "-N", passphrase, "-C", name, "-f", str(path)]
    subprocess.run(command, check=True)
    return path


@contextmanager
def agent(*keys: Path) -> Iterator[dict[str, str]]:
    """A running ssh-agent that holds these keys; the environment by which it is found."""
    started = subprocess.run(["ssh-agent", "-s"], check=True, capture_output=True, text=True)
    told = dict(part.split(";")[0].split("=", 1) for part in started.stdout.splitlines() if "=" in part)
    try:
        for key in keys:
            subprocess.run(["ssh-add", "-q", str(key)], env=told, check=True)
        yield {"SSH_AUTH_SOCK": told["SSH_AUTH_SOCK"]}
    finally:
        subprocess.run(["ssh-agent", "-k"], env=told, check=True, capture_output=True)


def with_keys(document: dict[str, Any], keys: Keyring) -> dict[str, Any]:
    """A roles document in which every member pins a key of their own."""
    held = {
        role: {"members": [person | {"keys": [keys.public(person["name"])]} for person in holders["members"]]}
        for role, holders in document["roles"].items()
    }
    return document | {"roles": held}


Amend = Callable[[dict[str, Any], Keyring], dict[str, Any]]


class SignedScratch(Scratch):
    """A repository whose law is as shipped (approvals verified), and whose roles pin a key for everybody.

    `main` holds SYS-001; `narrowed` starts a change that wants one approval: `weakening`, by Rae Kim.
    `amend` changes the roles document of `main`.
    """

    def __init__(self, path: Path, amend: Amend | None = None) -> None:
        super().__init__(path)
        self.keys = Keyring(path)
        document = with_keys(roles(), self.keys)
        self.write(base_files())
        self.remove("policies/org.yaml")
        self.declare(high_system("development"))
        self.write({"policies/roles.yaml": to_yaml(amend(document, self.keys) if amend else document)})
        self.commit("Govern this repository", by="Rae Kim")

    def restart(self, at: str = "main", name: str = "work") -> None:
        """Begin another attempt: a branch with the files as they are at `at`."""
        self.git("checkout", "-q", "-f", "-B", name, at)
        self.git("clean", "-q", "-f", "-d", "-x")

    def narrowed(self, name: str = "work", at: str = "main", paths: str = "screener/rank/**") -> None:
        """A branch on which the author narrows the system's paths."""
        self.restart(at, name)
        self.edit(paths=[paths])
        self.commit("Narrow the screener")

    def sign_as(self, name: str, by: str | None = None) -> Path:
        """An approval of the weakening, signed with the key of this name, committed by its owner; the record."""
        self.approve("ai-safety-lead", "weakening", by=by or name, key=self.keys[name])
        return self.record()

    def record(self) -> Path:
        """The one record about the weakening in the work tree."""
        (found,) = (self.path / "governance/approvals").glob("*-weakening-*.yaml")
        return found

    def sign_again(self, name: str, **said: Any) -> Path:
        """The record with fields of it said otherwise, signed by ssh-keygen with the key of this name; committed."""
        record = self.record()
        if said:
            record.write_text(to_yaml(from_yaml(record.read_text("utf-8")) | said), encoding="utf-8")
        signature_of(record).write_bytes(self.keys.sign(name, record))
        self.commit("Another record")
        return record

    def why(self, **env: str) -> str:
        """Why the weakening is not approved; AssertionError where it is, or where the check does not block."""
        done = self.check(**env)
        assert done.code == 1, done
        finding = done.finding("weakening")
        assert finding["state"] == "gap", finding
        return " / ".join(claim["why"] for claim in finding["claims"])

    def is_approved(self, **env: str) -> bool:
        """Does the check pass, with the weakening met?"""
        done = self.check(**env)
        return done.code == 0 and done.finding("weakening")["state"] == "met"


def signature_of(record: Path) -> Path:
    """Where the detached signature of a record is."""
    return record.with_name(record.name + ".sig")


def path_without_openssh(folder: Path) -> str:
    """A PATH on which there is git, and no ssh-keygen."""
    folder.mkdir(exist_ok=True)
    git = shutil.which("git")
    assert git
    if not (folder / "git").exists():
        (folder / "git").symlink_to(git)
    return str(folder)
