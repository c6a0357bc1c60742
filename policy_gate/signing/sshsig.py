"""OpenSSH's detached signatures (PROTOCOL.sshsig): what one says about itself, before it is verified."""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

from policy_gate.schema.patterns import lazy_pattern

NAMESPACE = "policy-gate-approval@v1"
"""What a signature of an approval record is for; one made for anything else is none."""
AUDIT_NAMESPACE = "policy-gate-audit@v1"
"""What a signature of an entry in the audit log is for."""
MAX_BYTES = 16 * 1024
"""A signature by the longest key is about 3 kB."""

_ARMOUR = lazy_pattern(
    rb"-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END SSH SIGNATURE-----(?:\r?\n)?", re.ASCII
)
_MAGIC = b"SSHSIG"
_VERSION = 1
_HASHES = ("sha256", "sha512")


class Sshsig(NamedTuple):
    """The public key that a signature carries, and what it says to be for."""

    key: bytes
    namespace: str


class MalformedSignatureError(ValueError):
    """The bytes are no OpenSSH signature; the text says what is wrong."""


def parse(armoured: bytes) -> Sshsig:
    """Read an armoured signature; MalformedSignatureError where it is not exactly one."""
    if len(armoured) > MAX_BYTES:
        raise MalformedSignatureError(f"it is too large (got {len(armoured)} bytes, at most {MAX_BYTES})")
    found = _ARMOUR.fullmatch(armoured)
    if found is None:
        raise MalformedSignatureError("it does not begin and end as an SSH signature does")
    try:
        blob = base64.b64decode(found[1].replace(b"\r", b"").replace(b"\n", b""), validate=True)
    except binascii.Error:
        raise MalformedSignatureError("what it holds is no base64") from None
    return _read(blob)


def _read(blob: bytes) -> Sshsig:
    if not blob.startswith(_MAGIC):
        raise MalformedSignatureError("what it holds is no signature")
    version, rest = blob[len(_MAGIC) :][:4], blob[len(_MAGIC) + 4 :]
    if int.from_bytes(version, "big") != _VERSION:
        raise MalformedSignatureError("it is of another version than 1")
    key, rest = _string(rest)
    namespace, rest = _string(rest)
    reserved, rest = _string(rest)
    hashed, rest = _string(rest)
    _signature, rest = _string(rest)
    if rest:
        raise MalformedSignatureError("something follows its end")
    if reserved:
        raise MalformedSignatureError("it holds something where the format has nothing yet")
    if hashed.decode("ascii", "replace") not in _HASHES:
        raise MalformedSignatureError("it hashes in an unknown way")
    return Sshsig(key, namespace.decode("utf-8", "replace"))


def _string(data: bytes) -> tuple[bytes, bytes]:
    """One length-prefixed string, and what follows it."""
    size = int.from_bytes(data[:4], "big")
    if len(data) < 4 + size:
        raise MalformedSignatureError("it ends too early")
    return data[4 : 4 + size], data[4 + size :]
