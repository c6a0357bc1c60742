"""Signing keys as base's roles pin them: whose a key is, and why it may not sign.

A key is its binary form, as inside the base64 of a `.pub` line, so that comments and spelling say nothing.
Nothing is verified here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from policy_gate.people.identity import is_one_person
from policy_gate.schema.roles import Person, PinnedKey, Roles


class KeyHolder(NamedTuple):
    """The one person who pins a key or an identity, and the days on which it may sign; or why it signs for nobody."""

    person: Person | None
    problem: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


class Pin(NamedTuple):
    """One place where something that signs is listed: for whom, and on which days it may."""

    person: Person
    valid_from: date | None
    valid_until: date | None


def blob_of(line: str) -> bytes | None:
    """The key in a public key line (`ssh-ed25519 AAAA… comment`), or None where the line holds none."""
    blob = _decoded(line)
    return blob if blob and kind_of(blob) == line.split(maxsplit=1)[0] else None


def kind_of(blob: bytes) -> str:
    """The type that a key says it is of, such as `ssh-ed25519`; empty where it says none."""
    length = int.from_bytes(blob[:4], "big")
    return blob[4 : 4 + length].decode("ascii", "replace") if len(blob) >= 4 + length and length <= 64 else ""


def line_of(blob: bytes) -> str:
    """The public key line of a key, without a comment."""
    return f"{kind_of(blob)} {base64.b64encode(blob).decode('ascii')}"


def fingerprint(blob: bytes) -> str:
    """`SHA256:…` as `ssh-keygen -l` prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")


def holder_of(roles: Roles | None, key: bytes, day: date) -> KeyHolder:
    """Who signs with this key on a day, by these roles.

    One person may be listed in several roles; where the days differ, all of them bind.
    """
    revoked = _revocation(roles, key)
    return KeyHolder(None, revoked) if revoked else holder_among(f"the key {fingerprint(key)}", _pins(roles, key), day)


def holder_among(what: str, listed: Iterable[Pin], day: date) -> KeyHolder:
    """Who signs on a day with what is listed so; `what` names it."""
    pins = tuple(listed)
    if not pins:
        return KeyHolder(None, f"{what} is pinned for nobody in base's roles.yaml")
    first = pins[0].person
    other = next((pin.person for pin in pins if not is_one_person(pin.person, first)), None)
    if other is not None:
        both = f"{first.name} and {other.name}"
        return KeyHolder(None, f"{what} is pinned for {both}: it cannot be told who signed")
    known = next((pin.person for pin in pins if pin.person.email), first)
    start = max((pin.valid_from for pin in pins if pin.valid_from), default=None)
    end = min((pin.valid_until for pin in pins if pin.valid_until), default=None)
    return KeyHolder(known, _out_of_days(f"{what} of {known.name}", start, end, day), start, end)


def revoked_lines(roles: Roles | None) -> tuple[str, ...]:
    """The revoked keys as public key lines, as far as they are keys."""
    blobs = [blob_of(item.key) for item in roles.revoked_keys] if roles else []
    return tuple(line_of(blob) for blob in blobs if blob)


def _decoded(line: str) -> bytes | None:
    words = line.split()
    try:
        return base64.b64decode(words[1], validate=True) if len(words) > 1 else None
    except binascii.Error:
        return None


def _revocation(roles: Roles | None, key: bytes) -> str:
    """Why the key is revoked, or empty. A revocation that names no key might mean any: nothing is trusted."""
    for item in roles.revoked_keys if roles else ():
        blob = _decoded(item.key)
        if blob is None:
            return "one of revoked_keys in base's roles.yaml is no key, so it cannot be told what is revoked"
        if blob == key:
            return f"the key {fingerprint(key)} was revoked on {item.revoked_on}: {item.reason}"
    return ""


def _out_of_days(whose: str, start: date | None, end: date | None, day: date) -> str:
    if start and day < start:
        return f"{whose} is valid only from {start}"
    if end and day > end:
        return f"{whose} was valid only until {end}"
    return ""


def _pins(roles: Roles | None, key: bytes) -> Iterator[Pin]:
    for _, held in sorted(roles.roles.items()) if roles else ():
        for person in held.members:
            for pinned in person.keys:
                plain = pinned if isinstance(pinned, PinnedKey) else PinnedKey(key=pinned)
                if blob_of(plain.key) == key:
                    yield Pin(person, plain.valid_from, plain.valid_until)
