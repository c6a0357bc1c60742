"""Sigstore bundles that are not of their entry by whoever is pinned: no bytes in them make the workflow have signed.

A fake service with real keys, and the real library as `audit verify` asks it. The workflow is pinned, and somebody else
is not; they have a bundle of the workflow for another entry, their own of this one, and both mixed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forged_signatures import ForgedError
from world import roles

from policy_gate.schema.roles import Roles
from policy_gate.signing.sigstore_bundle import spelt
from policy_gate.signing.sigstore_verify import BundleVerifier, VerifiedBundle, bundle_verifier

ENTRY, OTHER = b'{"_type":"entry"}\n', b'{"_type":"another"}\n'


@cache
def _made() -> tuple[BundleVerifier, Roles, datetime, tuple[bytes, ...], bytes]:
    """The verifier, the roles, the moment, what somebody has, and what the workflow would have to sign."""
    from fakes.sigstore import GITHUB, WORKFLOW, Sigstore

    service = Sigstore()
    with tempfile.TemporaryDirectory(prefix="policy-gate-fuzz-") as name:
        verifier = bundle_verifier(service.trust_config(Path(name) / "trust.json", "https://sigstore.example.com"))
    assert isinstance(verifier, BundleVerifier)
    said = roles()
    said["roles"]["ciso"]["members"][0]["identities"] = [{"issuer": GITHUB, "identity": WORKFLOW}]
    now = service.now
    others, theirs = service.bundle(OTHER, now, now), service.bundle(ENTRY, now, now, identity="mallory@example.com")
    mixed: list[Any] = []
    for part in ("messageSignature", "verificationMaterial"):
        mixed.append({**others, part: theirs[part]})
    had = tuple(spelt(json.dumps(it)) for it in (others, theirs, *mixed))
    return verifier, Roles.model_validate(said), now, had, spelt(json.dumps(service.bundle(ENTRY, now)))


def genuine() -> bytes:
    """The workflow's own bundle of the entry."""
    return _made()[4]


def seeds() -> Iterator[bytes]:
    """What somebody else has."""
    yield from _made()[3]


def counts_for_nobody(data: bytes) -> None:
    """ForgedError where these bytes count as the workflow's signature of the entry."""
    verifier, held, now, _, _ = _made()
    if isinstance(verifier.who_signed(ENTRY, data, now, lambda _: held), VerifiedBundle):
        raise ForgedError("a bundle counts that the workflow did not make")
