"""Approval records with a detached signature beside them, by a key that base pins for the approver.

The signature is over the record's bytes as git holds them. Whoever commits the two files, the claim is the
signer's. A signature that does not verify makes the claim a problem: it never falls back to `recorded`.
"""

from __future__ import annotations

from dataclasses import replace

from policy_gate.approvals.records import Record, claim_of
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer
from policy_gate.documents.cache import regular_bytes
from policy_gate.schema.documents import Approver
from policy_gate.schema.people import Claim
from policy_gate.signing.sshsig import MAX_BYTES, NAMESPACE
from policy_gate.signing.verify import Signed, Verifier, author_of
from policy_gate.vcs.tree import Entry

MOST = 500
"""How many signatures of one change are verified; each starts a process."""


def fetch(query: ApprovalQuery) -> SourceAnswer | None:
    """The claim of each signed record that is not spent, in path order; None where there is none."""
    signed = [record for record in query.records if record.is_signed]
    if not signed:
        return None
    verifier = Verifier(query.roles, query.as_of.date(), query.environment)
    claims = (_claim(record, query, verifier, number < MOST) for number, record in enumerate(signed))
    return SourceAnswer("signed-records", tuple(claims))


def _claim(record: Record, query: ApprovalQuery, verifier: Verifier, is_checked: bool) -> Claim:
    claim = replace(claim_of(record, query.commits), source="signed-records", assurance="verified")
    if claim.problem:
        return claim
    if not is_checked:
        return replace(claim, unchecked=f"only the first {MOST} signatures of a change are verified")
    signed = _signed(record, query, verifier)
    said = record.document.content
    problem = signed.problem or _of_somebody_else(signed, said.approver)
    if not problem and signed.valid_from and said.approved_on < signed.valid_from:
        problem = f"dated {said.approved_on}, but the key {signed.key} signs only from {signed.valid_from}"
    if signed.person is None or problem:
        unchecked = signed.unchecked or ("" if problem else "it was not verified")
        return replace(claim, problem=problem, unchecked=unchecked)
    # An address that the record gives and base does not could be anybody's.
    approver = author_of(signed.person)
    if approver is None:
        why = f"base's policies/roles.yaml gives no address or account of {signed.person.name}, only keys"
        return replace(claim, problem=why)
    return replace(claim, approver=approver)


def _signed(record: Record, query: ApprovalQuery, verifier: Verifier) -> Signed:
    wrong = _unusable(record.signature, query) if record.signature else ""
    if wrong or record.signature is None:
        return Signed(problem=wrong)
    message = regular_bytes(query.result, record.entry)
    return verifier.who_signed(message, query.result.read(record.signature), NAMESPACE)


def _unusable(entry: Entry, query: ApprovalQuery) -> str:
    """Why the signature file is not even read, or empty."""
    if entry.kind != "file":
        return f"its signature {entry.path} is a {entry.kind}, not a regular file"
    size = query.result.size(entry)
    if size > MAX_BYTES:
        return f"its signature {entry.path} is too large (got {size} bytes, at most {MAX_BYTES})"
    return ""


def _of_somebody_else(signed: Signed, approver: Approver) -> str:
    """The sentence where the signer is not whom the record names; an address decides where base has one."""
    person = signed.person
    if person is None:
        return ""
    one, other = (person.email, approver.email) if person.email else (person.name, approver.name)
    if one.casefold() == other.casefold():
        return ""
    return f"signed with the key of {person.name} ({signed.key}), and names {approver.name} <{approver.email}>"
