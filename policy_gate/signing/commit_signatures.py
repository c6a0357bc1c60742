"""Who signed a commit with an SSH key that base pins (`git commit -S` with `gpg.format=ssh`).

Read from the raw commit: what is signed is the object without its signature header. Signatures of other
kinds say nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from policy_gate.schema.people import Commit, UncheckedSignature
from policy_gate.signing.verify import VerifiedSignature, Verifier, author_of

NAMESPACE = "git"
MOST = 1000
"""How many signatures of one change are verified; each starts a process."""
_HEADERS = {40: b"gpgsig", 64: b"gpgsig-sha256"}
_SSH = b"-----BEGIN SSH SIGNATURE-----"


class SignedCommit(NamedTuple):
    """The bytes that were signed, and the signature over them."""

    payload: bytes
    signature: bytes


def split(data: bytes, header: bytes = b"gpgsig") -> SignedCommit | None:
    """A commit object without its SSH signature, and that; None where it does not have exactly one signature."""
    head, blank, message = data.partition(b"\n\n")
    kept: list[bytes] = []
    signatures: list[tuple[bytes, list[bytes]]] = []
    is_inside = False
    for line in head.split(b"\n"):
        name, _, value = line.partition(b" ")
        if is_inside and not name:
            signatures[-1][1].append(value)
            continue
        is_inside = name.startswith(b"gpgsig")
        if is_inside:
            signatures.append((name, [value]))
        else:
            kept.append(line)
    if len(signatures) != 1 or signatures[0][0] != header or signatures[0][1][0] != _SSH:
        return None
    signature = b"".join(line + b"\n" for line in signatures[0][1])
    return SignedCommit(b"\n".join(kept) + blank + message, signature)


def with_signers(
    commits: Sequence[Commit], read: Callable[[str], bytes], verifier: Verifier
) -> tuple[tuple[Commit, ...], tuple[str, ...]]:
    """The commits with who signed each, and sentences on what could not be checked.

    `read` gives a commit object's body. A key that may not sign now signs no commit, however old.
    """
    found: list[Commit] = []
    notes: dict[str, None] = {}
    checked = 0
    for commit in commits:
        signed = split(read(commit.oid), _HEADERS[len(commit.oid)])
        if signed is None:
            found.append(commit)
            continue
        checked += 1
        if checked > MOST:
            notes[f"only the first {MOST} signatures of commits are verified"] = None
            found.append(commit)
            continue
        who = verifier.who_signed(signed.payload, signed.signature, NAMESPACE)
        if isinstance(who, UncheckedSignature):
            notes[f"who signed the commits is not known: {who.reason}"] = None
        found.append(replace(commit, signer=author_of(who.person) if isinstance(who, VerifiedSignature) else None))
    return tuple(found), tuple(notes)
