"""Certified identities as base's roles pin them: whose one is, and why it may not sign.

An identity is what a certificate says, compared letter by letter: its issuer and its name, and for a workflow which
workflow called it, as a reusable one may be called by anybody. Nothing is verified here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from policy_gate.schema.roles import Roles
from policy_gate.signing.pinned_keys import KeyHolder, Pin, holder_among

_WORKFLOWS = "/.github/workflows/"


class CertifiedIdentity(NamedTuple):
    """Who a certificate says that signs; `called_by` and `repository_id` are empty where it does not say."""

    issuer: str
    identity: str
    called_by: str = ""
    repository_id: str = ""

    def __str__(self) -> str:
        return f"{self.identity[:300]} ({self.issuer[:300]})"


def holder_of_identity(roles: Roles | None, who: CertifiedIdentity, day: date) -> KeyHolder:
    """Who signs as this identity on a day, by these roles; where it is listed several times, all days bind."""
    if revoked := revocation_of(roles, who):
        return KeyHolder(None, revoked)
    listed = tuple(_listed(roles, who))
    pins = [pin for pin, strange in listed if not strange]
    if listed and not pins:
        return KeyHolder(None, f"the identity {who} is pinned, and {listed[0][1]}")
    return holder_among(f"the identity {who}", pins, day)


def revocation_of(roles: Roles | None, who: CertifiedIdentity) -> str:
    """Why the identity is revoked, or empty. Case does not matter: a revocation never believes more, only less."""
    for item in roles.revoked_identities if roles else ():
        if _folded(item.issuer) == _folded(who.issuer) and _folded(item.identity) == _folded(who.identity):
            return f"the identity {who} was revoked on {item.revoked_on}: {item.reason}"
    return ""


def _listed(roles: Roles | None, who: CertifiedIdentity) -> Iterator[tuple[Pin, str]]:
    """Each place that lists this issuer and name, and what else of it is not as pinned; empty where all is."""
    for _, held in sorted(roles.roles.items()) if roles else ():
        for person in held.members:
            for pinned in person.identities:
                if (pinned.issuer, pinned.identity) != (who.issuer, who.identity):
                    continue
                number = str(pinned.repository_id or "")
                strange = _strange_call(pinned.called_by or who.identity, who)
                if number and number != who.repository_id:
                    strange = f"it ran for repository {who.repository_id[:40] or 'unknown'}, not {number}"
                yield Pin(person, pinned.valid_from, pinned.valid_until), strange


def _strange_call(wanted: str, who: CertifiedIdentity) -> str:
    """What is wrong with who called a workflow; a certificate that does not say it is believed of no workflow."""
    is_told = bool(who.called_by) or (_WORKFLOWS not in who.identity and wanted == who.identity)
    if not is_told:
        return "the certificate does not say which workflow called it"
    if who.called_by and who.called_by != wanted:
        return f"it was called by {who.called_by[:300]}, which is not"
    return ""


def _folded(text: str) -> str:
    return text.casefold().rstrip("/")
