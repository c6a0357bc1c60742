"""What signs the entries that a run adds: an SSH key, or a certified identity by Sigstore; at most one of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from policy_gate.audit.statements import BUNDLE_FILE, SIGNATURE_FILE
from policy_gate.errors import UndecidedError, UsageError
from policy_gate.schema.audit_entry import REF, LoggedEntry
from policy_gate.signing.pinned_identities import holder_of_identity
from policy_gate.signing.pinned_keys import KeyHolder, fingerprint, holder_of
from policy_gate.signing.sign import SigningKey, sign
from policy_gate.signing.sigstore_bundle import LATEST, bundle_identity
from policy_gate.signing.sigstore_sign import KeylessSigner
from policy_gate.signing.sigstore_verify import RolesAt
from policy_gate.signing.sshsig import AUDIT_NAMESPACE, MalformedSignatureError, parse

_MARGIN = timedelta(hours=1)
"""An entry is not signed again where its time is nearly up: others may be quicker once more."""


class EntrySigner(Protocol):
    """Signs statements, and says by which file of an entry's commit its signature is known."""

    file: str
    roles_at: RolesAt | None
    """by whose roles the signature will be verified; None where that cannot be told"""

    def check_again(self, one: LoggedEntry) -> None:
        """UsageError or UndecidedError where this signed entry cannot be signed again by the same hand."""

    def sign(self, statement: bytes, recorded: datetime, like: LoggedEntry | None) -> bytes:
        """The signature; by the hand that signed `like` before, or an error."""


class SshSigner:
    """Signs with one key."""

    file = SIGNATURE_FILE

    def __init__(self, key: SigningKey) -> None:
        self.key = key
        self.roles_at: RolesAt | None = None

    def check_again(self, one: LoggedEntry) -> None:
        if one.signature_kind != "ssh" or _key_of(one) != self.key.blob:
            raise must_sign_again(one)

    def sign(self, statement: bytes, recorded: datetime, _like: LoggedEntry | None) -> bytes:
        if self.roles_at is not None:
            _check_pinned(holder_of(self.roles_at(recorded), self.key.blob, recorded.date()))
        return sign(self.key, statement, AUDIT_NAMESPACE).encode("ascii")


class SigstoreSigner:
    """Signs as whom the token of this run names."""

    file = BUNDLE_FILE

    def __init__(self, keyless: KeylessSigner) -> None:
        self.keyless = keyless
        self.roles_at: RolesAt | None = None
        self.signed_as = ""
        """whom the last certificate named"""

    def check_again(self, one: LoggedEntry) -> None:
        if one.signature_kind != "sigstore" or one.entry is None:
            raise must_sign_again(one)
        bundle_identity(one.signature or b"")  # before anything is signed, as each signature is public for ever
        if datetime.now(UTC) - datetime.fromisoformat(one.entry.recorded) > LATEST - _MARGIN:
            raise UndecidedError(
                f"entry {one.commit[:12]} of this clone was recorded {one.entry.recorded}, others wrote to the log "
                "since, and by now no signature of it would count",
                hint=f"git update-ref refs/policy-gate/audit-left {REF} keeps it, git update-ref -d {REF} and git "
                "update-ref -d refs/policy-gate/audit-seen/here let it go; then record it again",
            )

    def sign(self, statement: bytes, recorded: datetime, like: LoggedEntry | None) -> bytes:
        data, who = self.keyless.sign(statement, recorded)
        if like is not None and like.signature is not None:
            before = bundle_identity(like.signature)
            if (before.issuer, before.identity) != (who.issuer, who.identity):
                raise UsageError(
                    f"entry {like.commit[:12]} of this clone was signed by {before}, and this token is of {who}",
                    hint="nothing was recorded; sign it again as who signed it",
                )
        if self.roles_at is not None:
            for moment in (recorded, datetime.now(UTC)):
                _check_pinned(holder_of_identity(self.roles_at(moment), who, moment.date()))
        self.signed_as = str(who)
        return data


def _check_pinned(holder: KeyHolder) -> None:
    """UndecidedError where nobody would believe the signature: what the log holds is for ever, a broken entry too."""
    if holder.problem:
        raise UndecidedError(
            f"nothing is recorded: {holder.problem}",
            hint="pin it first, in a change of its own, and fetch the branch where that was merged",
        )


def must_sign_again(one: LoggedEntry) -> UsageError:
    """What to say of a signed entry that must move, where this run has not what signed it.

    UndecidedError where that cannot be told.
    """
    moved = (
        f"entry {one.commit[:12]} of this clone is signed, and others wrote to the log meanwhile: it must be signed "
        "again at its new place"
    )
    if one.signature_kind == "sigstore":
        return UsageError(moved, hint="give --sigstore, with a new token of the identity that signed it")
    return UsageError(moved, hint=f"give the key {fingerprint(_key_of(one))} with --key")


def _key_of(one: LoggedEntry) -> bytes:
    """The key that signed an entry; UndecidedError where its signature is none."""
    try:
        return parse(one.signature or b"").key
    except MalformedSignatureError as error:
        raise UndecidedError(f"the signature of entry {one.commit[:12]} is malformed: {error}") from error
