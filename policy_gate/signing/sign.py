"""Signing a record or an audit entry with an SSH key: from a file, an agent or a hardware key, by ssh-keygen.

ssh-keygen asks for passphrases, PINs and touches itself, on the terminal: it gets ours, and nothing that
it says there is kept from the person.
"""

from __future__ import annotations

import base64
import binascii
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from policy_gate.errors import UsageError
from policy_gate.schema.people import Verified
from policy_gate.signing.pinned_keys import blob_of, kind_of
from policy_gate.signing.sshsig import NAMESPACE, MalformedSignatureError, parse

_MAX_KEY_FILE = 64 * 1024
_OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----"
_CERTIFICATE = "-cert-v"
_MAGIC = b"openssh-key-v1\0"


class SigningKey(NamedTuple):
    """A key to sign with: its file, and its public half in binary form."""

    file: Path
    blob: bytes
    is_public: bool = False
    """the file holds the public half only; an agent, or the file without `.pub`, has the other"""


def signing_key(file: Path) -> SigningKey:
    """The key in a private or public key file; UsageError where it is none, or where ssh-keygen is missing."""
    _tool()
    text = _text(file)
    public = next((blob_of(line) for line in text.splitlines()[:1]), None)
    if public is not None and _CERTIFICATE in kind_of(public):
        hint = "give the .pub of the key that it certifies, or the private key: base pins keys, and no authority"
        raise UsageError(f"{file} is a certificate, not a key", hint=hint)
    if public is not None:
        return SigningKey(file, public, is_public=True)
    if text.startswith(_OPENSSH):
        return SigningKey(file, _public_half(text, file))
    if not text.startswith("-----BEGIN "):
        raise UsageError(f"{file} is no SSH key", hint="give a private key, or the .pub of one that your agent holds")
    line = _run(file, [_tool(), "-y", "-f", str(file)], b"").decode("utf-8", "replace")
    blob = blob_of(line)
    if blob is None:
        raise UsageError(f"ssh-keygen tells no public half of {file}", hint="convert it with ssh-keygen -p -f FILE")
    return SigningKey(file, blob)


def sign(key: SigningKey, message: bytes, namespace: str = NAMESPACE) -> str:
    """The armoured signature of a message, for approvals unless told otherwise; UsageError where it was not made."""
    if key.is_public and not _has_private_half(key.file) and not os.environ.get("SSH_AUTH_SOCK"):
        raise UsageError(
            f"{key.file} is a public key, and no agent is running to sign with it",
            hint="start one (eval $(ssh-agent); ssh-add), or give the private key",
        )
    # The message comes on standard input: beside a file, ssh-keygen would ask before it writes over another.
    made = _run(key.file, [_tool(), "-Y", "sign", "-f", str(key.file), "-n", namespace], message)
    try:
        said = parse(made)
    except MalformedSignatureError as error:
        raise UsageError(f"ssh-keygen made no signature: {error}", hint="try it with ssh-keygen -Y sign") from error
    if said.key != key.blob or said.namespace != namespace:
        raise UsageError(
            f"the signature is by another key than {key.file}", hint="is the .pub beside it that of another key?"
        )
    return made.decode("ascii")


def proof_once_signed(key: SigningKey) -> Verified:
    """What a claim would carry after this key has signed it and the signature was verified: for previews alone."""
    return Verified("signature")


def verify_command(public_line: str, email: str, record: str) -> str:
    """A line for bash or zsh by which anybody can verify a record with its signature, offline."""
    who = email if email.isascii() and not set(email) & set('*?!,"#\\ ') else "approver"
    allowed = shlex.quote(f'{who} namespaces="{NAMESPACE}" {public_line}')
    file = shlex.quote(record)
    options = f"-I {shlex.quote(who)} -n {NAMESPACE} -s {shlex.quote(record + '.sig')}"
    return f"ssh-keygen -Y verify -f <(echo {allowed}) {options} < {file}"


def _tool() -> str:
    found = shutil.which("ssh-keygen")
    if found is None:
        raise UsageError("no ssh-keygen was found to sign with", hint="install OpenSSH (openssh-client)")
    return found


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(_MAX_KEY_FILE + 1)
    except OSError as error:
        raise UsageError(f"cannot read the key {file}: {error.strerror}", hint="--key names a file") from error
    return data.decode("utf-8", "replace") if len(data) <= _MAX_KEY_FILE else ""


def _public_half(text: str, file: Path) -> bytes:
    """The public key inside a private key file, which stands there in clear even where the rest does not."""
    inner = text.partition(_OPENSSH)[2].partition("-----END")[0]
    try:
        data = base64.b64decode("".join(inner.split()), validate=True)
    except binascii.Error:
        data = b""
    rest = data.removeprefix(_MAGIC)
    for _ in ("cipher", "kdf", "options"):
        rest = rest[4 + int.from_bytes(rest[:4], "big") :]
    rest = rest[4:]  # how many keys; OpenSSH writes one
    blob = rest[4 : 4 + int.from_bytes(rest[:4], "big")]
    if not data.startswith(_MAGIC) or not kind_of(blob):
        raise UsageError(f"{file} is a damaged private key", hint="ssh-keygen -y -f FILE tells more")
    return blob


def _has_private_half(file: Path) -> bool:
    return file.suffix == ".pub" and file.with_suffix("").is_file()


def _run(file: Path, command: list[str], message: bytes) -> bytes:
    is_shown = sys.stderr.isatty()
    try:
        done = subprocess.run(
            command, input=message, stdout=subprocess.PIPE, stderr=None if is_shown else subprocess.PIPE, check=False
        )
    except OSError as error:
        raise UsageError(f"ssh-keygen cannot be run: {error.strerror}", hint="install OpenSSH") from error
    if done.returncode == 0:
        return done.stdout
    said = (done.stderr or b"").decode("utf-8", "replace")
    raise _refusal(file, said)


def _refusal(file: Path, said: str) -> UsageError:
    """What ssh-keygen's own words mean; on a terminal the person has read them already."""
    words = said.casefold()
    if "incorrect passphrase" in words:
        if _can_ask():
            return UsageError(f"the passphrase for {file} is wrong", hint="nothing was written; try again")
        hint = "hold the key in an agent (ssh-add FILE), and run this again"
        return UsageError(f"{file} has a passphrase, and there is no terminal to ask for it on", hint=hint)
    if "unprotected private key" in words or "bad permissions" in words:
        return UsageError(f"others can read {file}, so ssh-keygen does not use it", hint=f"chmod 600 {file}")
    if file.suffix == ".pub" and not _has_private_half(file):
        hint = "ssh-add -L lists what it holds; ssh-add FILE adds a key"
        return UsageError(f"the agent does not hold the key of {file}, or did not sign with it", hint=hint)
    told = said.strip().splitlines()[-1:] or ["what is wrong stands above"]
    return UsageError(f"ssh-keygen did not sign with {file}: {told[0][:200]}", hint="nothing was written")


def _can_ask() -> bool:
    if os.environ.get("SSH_ASKPASS"):
        return True
    try:
        with Path("/dev/tty").open("rb"):
            return True
    except OSError:
        return False
