"""Verifying OpenSSH signatures with `ssh-keygen -Y verify`, by keys that base pins and by nothing else.

Whose the key is, is read from the signature and looked up in base's roles; whether the signature is
genuine is for ssh-keygen to say, which is shown exactly that one key. Nothing of the checkout, of the
user's settings or of the agent is asked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from policy_gate.schema.people import Author, UncheckedSignature, Verified
from policy_gate.schema.roles import Person, Roles
from policy_gate.signing.pinned_keys import fingerprint, holder_of, line_of, revoked_lines
from policy_gate.signing.sshsig import MalformedSignatureError, Sshsig, parse

MISSING_TOOL = (
    "no ssh-keygen was found to verify the signature with: install OpenSSH (openssh-client) and run this again"
)
_SECONDS = 30
_SIGNER = "signer"
_PASSED_ON = ("PATH", "HOME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")


class VerifiedSignature(NamedTuple):
    """A genuine signature by a key that base pins: whose it is, the key's fingerprint, since when it may sign.

    Made by `Verifier.who_signed` and by nothing else.
    """

    person: Person
    key: str
    valid_from: date | None
    proof: Verified


class BadSignature(NamedTuple):
    """Why a signature is none of anybody's."""

    reason: str


class Verifier(NamedTuple):
    """What signatures are judged by: base's roles, the day, and the process's environment."""

    roles: Roles | None
    day: date
    environment: Mapping[str, str]

    @property
    def tool(self) -> str | None:
        """The ssh-keygen of the PATH, folders relative to the checkout left out; None where there is none."""
        folders = [part for part in self.environment.get("PATH", "").split(os.pathsep) if Path(part).is_absolute()]
        return shutil.which("ssh-keygen", path=os.pathsep.join(folders)) if folders else None

    def who_signed(
        self, message: bytes, signature: bytes, namespace: str
    ) -> VerifiedSignature | BadSignature | UncheckedSignature:
        """Who signed exactly this message for this namespace, or why that cannot be said."""
        try:
            said = parse(signature)
        except MalformedSignatureError as error:
            return BadSignature(f"the signature file is malformed: {error}")
        key = fingerprint(said.key)
        if said.namespace != namespace:
            return BadSignature(f"the signature was made for {said.namespace[:80]!r}, not for {namespace}")
        holder = holder_of(self.roles, said.key, self.day)
        if holder.person is None or holder.problem:
            return BadSignature(holder.problem)
        wrong = self._verify(message, signature, said)
        if wrong is not None:
            return wrong
        return VerifiedSignature(holder.person, key, holder.valid_from, Verified("signature"))

    def _verify(self, message: bytes, signature: bytes, said: Sshsig) -> BadSignature | UncheckedSignature | None:
        """What is wrong with a signature, or not known of it; None where ssh-keygen says that it is good."""
        tool = self.tool
        if tool is None:
            return UncheckedSignature(MISSING_TOOL)
        allowed = f'{_SIGNER} namespaces="{said.namespace}" {line_of(said.key)}\n'
        with tempfile.TemporaryDirectory(prefix="policy-gate-") as name:
            folder = Path(name)
            (folder / "allowed").write_text(allowed, "ascii")
            (folder / "revoked").write_text("".join(f"{line}\n" for line in revoked_lines(self.roles)), "ascii")
            (folder / "signature").write_bytes(signature)
            return self._ask(tool, folder, message, said)

    def _ask(self, tool: str, folder: Path, message: bytes, said: Sshsig) -> BadSignature | UncheckedSignature | None:
        # The name in the list of allowed signers is ours: an address could hold its wildcards.
        options = ("-f", "allowed", "-I", _SIGNER, "-n", said.namespace, "-s", "signature", "-r", "revoked")
        try:
            done = subprocess.run(
                [tool, "-Y", "verify", *options],
                cwd=folder,
                env={name: self.environment[name] for name in _PASSED_ON if name in self.environment} | {"LC_ALL": "C"},
                input=message,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return UncheckedSignature(f"the signature is unchecked: ssh-keygen gave no answer in {_SECONDS} seconds")
        except OSError as error:
            cause = error.strerror or type(error).__name__
            return UncheckedSignature(f"the signature is unchecked: {tool} cannot be run here: {cause}")
        good = f'Good "{said.namespace}" signature for {_SIGNER} '
        if done.returncode == 0 and done.stdout.startswith(good.encode()):
            return None
        if b"Could not verify signature" in done.stdout:
            key = fingerprint(said.key)
            return BadSignature(f"its signature is of other bytes, or was not made with the key {key} that it names")
        told = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["nothing"]
        return UncheckedSignature(f"the signature is unchecked: ssh-keygen said {told[0][:200]}")


def author_of(person: Person) -> Author | None:
    """Somebody of base's roles as an author, by what base says alone; None where it has no address or account."""
    accounts = {"github": (person.github, person.github_id), "gitlab": (person.gitlab, person.gitlab_id)}
    forge, (login, number) = next(((name, held) for name, held in accounts.items() if any(held)), ("", (None, None)))
    if not person.email and not forge:
        return None
    return Author(
        person.name, person.email or "", f"{forge}:{login}" if login else "", f"{forge}:{number}" if number else ""
    )
