"""Signatures that are not of their record by whoever is named: no bytes in them make somebody else have signed.

Real keys, and ssh-keygen as the gate asks it. Ada's key is pinned and Bo's is not; Bo has a signature of hers for
another record, his own of this one, and his own with her public key put in its place.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from world import TODAY, roles

from policy_gate.schema.roles import Roles
from policy_gate.signing.sshsig import parse
from policy_gate.signing.verify import VerifiedSignature, Verifier

NAMESPACE = "policy-gate-approval@v1"
RECORD, OTHER = b"schema: policy-gate/approval/v1\n", b"another record\n"


class ForgedError(AssertionError):
    """A signature counts that nobody made."""


@cache
def _made() -> tuple[Verifier, tuple[bytes, ...], bytes]:
    """The verifier, what Bo has, and what Ada would have to sign; the keys are thrown away."""
    with tempfile.TemporaryDirectory(prefix="policy-gate-fuzz-") as name:
        folder = Path(name)
        for who in ("ada", "bo"):
            _run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", str(folder / who)])
        line = (folder / "ada.pub").read_text("ascii")
        others, his = _signed(folder / "ada", OTHER), _signed(folder / "bo", RECORD)
        genuine = _signed(folder / "ada", RECORD)
    said = roles()
    said["roles"]["ciso"]["members"][0]["keys"] = [line.strip()]
    verifier = Verifier(Roles.model_validate(said), TODAY, os.environ)
    return verifier, (others, his, _with_key_of(others, his)), genuine


def _with_key_of(hers: bytes, his: bytes) -> bytes:
    """His signature under her public key."""
    blob = base64.b64decode(b"".join(his.splitlines()[1:-1]))
    swapped = blob.replace(parse(his).key, parse(hers).key)
    return b"-----BEGIN SSH SIGNATURE-----\n" + base64.encodebytes(swapped) + b"-----END SSH SIGNATURE-----\n"


def _signed(key: Path, message: bytes) -> bytes:
    return _run(["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE], message)


def _run(command: list[str], message: bytes = b"") -> bytes:
    return subprocess.run(command, input=message, check=True, capture_output=True).stdout


def genuine() -> bytes:
    """Ada's own signature of the record."""
    return _made()[2]


def seeds() -> Iterator[bytes]:
    """What Bo has."""
    yield from _made()[1]


def counts_for_nobody(data: bytes) -> None:
    """ForgedError where these bytes count as Ada's signature of the record."""
    if isinstance(_made()[0].who_signed(RECORD, data, NAMESPACE), VerifiedSignature):
        raise ForgedError("a signature counts that nobody made")
