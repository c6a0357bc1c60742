"""Approval records with a detached signature beside them, by a key that base pins for the approver.

The signature is over the record's bytes as git holds them. Whoever commits the two files, the claim is the
signer's. A signature that does not verify makes the claim a problem: it never falls back to `recorded`.
"""

from __future__ import annotations

from dataclasses import replace

from policy_gate.collect.approvals.question import Heard, Question
from policy_gate.collect.approvals.records import Record, claim_of
from policy_gate.collect.library import regular_bytes
from policy_gate.collect.signatures import Signed, Verifier, author_of
from policy_gate.schema.documents import Approver
from policy_gate.schema.people import Claim
from policy_gate.schema.sshsig import MAX_BYTES, NAMESPACE
from policy_gate.schema.tree import Entry

MOST = 500
"""How many signatures of one change are verified; each starts a process."""


def hear(question: Question) -> Heard | None:
    """The claim of each signed record that is not spent, in path order; None where there is none."""
    signed = [record for record in question.records if record.is_signed]
    if not signed:
        return None
    verifier = Verifier(question.roles, question.as_of.date(), question.environment)
    claims = (_claim(record, question, verifier, number < MOST) for number, record in enumerate(signed))
    return Heard("signed-records", tuple(claims))


def _claim(record: Record, question: Question, verifier: Verifier, is_checked: bool) -> Claim:
    claim = replace(claim_of(record, question.commits), source="signed-records", assurance="verified")
    if claim.problem:
        return claim
    if not is_checked:
        return replace(claim, unchecked=f"only the first {MOST} signatures of a change are verified")
    signed = _signed(record, question, verifier)
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


def _signed(record: Record, question: Question, verifier: Verifier) -> Signed:
    wrong = _unusable(record.signature, question) if record.signature else ""
    if wrong or record.signature is None:
        return Signed(problem=wrong)
    message = regular_bytes(question.result, record.entry)
    return verifier.who_signed(message, question.result.read(record.signature), NAMESPACE)


def _unusable(entry: Entry, question: Question) -> str:
    """Why the signature file is not even read, or empty."""
    if entry.kind != "file":
        return f"its signature {entry.path} is a {entry.kind}, not a regular file"
    size = question.result.size(entry)
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
