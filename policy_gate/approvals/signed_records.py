"""Approval records with a detached signature beside them, by a key that base pins for the approver.

The signature is over the record's bytes as git holds them. Whoever commits the two files, the claim is the
signer's. A signature that does not verify makes the claim a problem: it never falls back to `recorded`.
"""

from __future__ import annotations

from msgspec.structs import replace

from policy_gate.approvals.records import Record, claim_of
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer
from policy_gate.documents.cache import regular_bytes
from policy_gate.schema.documents import ApprovalRecord
from policy_gate.schema.people import Claim, UncheckedSignature
from policy_gate.signing.sshsig import MAX_BYTES, NAMESPACE
from policy_gate.signing.verify import BadSignature, VerifiedSignature, Verifier, author_of
from policy_gate.vcs.tree import TreeEntry

SOURCE = "signed-records"
MOST = 500
"""How many signatures of one change are verified; each starts a process."""


def fetch(query: ApprovalQuery) -> SourceAnswer | None:
    """The claim of each signed record that is not spent, in path order; None where there is none."""
    signed = [record for record in query.records if record.is_signed]
    if not signed:
        return None
    verifier = Verifier(query.roles, query.as_of.date(), query.environment)
    claims = (signed_claim(record, query, verifier, is_checked=number < MOST) for number, record in enumerate(signed))
    return SourceAnswer(SOURCE, tuple(claims))


def signed_claim(record: Record, query: ApprovalQuery, verifier: Verifier, *, is_checked: bool = True) -> Claim:
    """What a signed record says; verified only by a signature that is, of whom the record names."""
    claim = replace(claim_of(record, query.commits), source=SOURCE)
    if claim.problem is not None:
        return claim
    if not is_checked:
        unchecked = UncheckedSignature(f"only the first {MOST} signatures of a change are verified")
        return replace(claim, proof=unchecked)
    signature = _verified(record, query, verifier)
    if isinstance(signature, UncheckedSignature):
        return replace(claim, proof=signature)
    if isinstance(signature, BadSignature):
        return replace(claim, problem=signature.reason)
    return _claim_of_signer(claim, signature, record.document.content)


def _claim_of_signer(claim: Claim, signature: VerifiedSignature, said: ApprovalRecord) -> Claim:
    person = signature.person
    # An address decides where base has one.
    one, other = (person.email, said.approver.email) if person.email else (person.name, said.approver.name)
    if one.casefold() != other.casefold():
        named = f"{said.approver.name} <{said.approver.email}>"
        return replace(claim, problem=f"signed with the key of {person.name} ({signature.key}), and names {named}")
    start = signature.valid_from
    if start and said.approved_on < start:
        return replace(claim, problem=f"dated {said.approved_on}, but the key {signature.key} signs only from {start}")
    # An address that the record gives and base does not could be anybody's.
    approver = author_of(person)
    if approver is None:
        why = f"base's roles.yaml gives no address or account of {person.name}, only keys"
        return replace(claim, problem=why)
    return replace(claim, proof=signature.proof, approver=approver)


def _verified(
    record: Record, query: ApprovalQuery, verifier: Verifier
) -> VerifiedSignature | BadSignature | UncheckedSignature:
    if record.signature is None:
        return UncheckedSignature("it was not verified")
    wrong = _unusable(record.signature, query)
    if wrong is not None:
        return BadSignature(wrong)
    message = regular_bytes(query.result, record.entry)
    return verifier.who_signed(message, query.result.read(record.signature), NAMESPACE)


def _unusable(entry: TreeEntry, query: ApprovalQuery) -> str | None:
    """Why the signature file is not even read; None where it is."""
    if entry.kind != "file":
        return f"its signature {entry.path} is a {entry.kind}, not a regular file"
    size = query.result.size(entry)
    if size > MAX_BYTES:
        return f"its signature {entry.path} is too large (got {size} bytes, at most {MAX_BYTES})"
    return None
