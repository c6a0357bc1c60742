"""What the record of a repository says of people's words: approvals given, waivers in force, keys that end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from policy_gate.approvals.records import Record, claim_of
from policy_gate.approvals.signed_records import SOURCE, signed_claim
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.collect.inputs import OpenInputs
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.finding import Finding
from policy_gate.schema.people import Claim, UncheckedSignature, Verified
from policy_gate.schema.registry_record import DueRecord, RecordedApproval, WaiverRecord
from policy_gate.schema.roles import PinnedKey
from policy_gate.schema.vocabulary import WAIVER_FAULTS
from policy_gate.signing.verify import Verifier
from policy_gate.vcs.memory_tree import MemoryTree


def approvals_of(request: Request, inputs: OpenInputs) -> tuple[RecordedApproval, ...]:
    """Every approval that the tree records, by path.

    A signature is verified with the keys that base pins, on the day of the approval: a key that ended since has
    signed what it signed. One that is revoked verifies nothing.
    """
    if inputs.revisions is None or not inputs.result.records:
        return ()
    query = ApprovalQuery(
        base=MemoryTree({}),
        result=inputs.revisions.result,
        cache=inputs.cache,
        roles=inputs.roles.content if inputs.roles else None,
        as_of=request.as_of,
        environment=request.environment,
    )
    return tuple(_approval(_claim(record, query)) for record in query.records)


def _claim(record: Record, query: ApprovalQuery) -> Claim:
    if not record.is_signed:
        return claim_of(record, ())
    day = record.document.content.approved_on
    return signed_claim(record, query, Verifier(query.roles, day, query.environment))


def _approval(claim: Claim) -> RecordedApproval:
    return RecordedApproval(
        system=claim.system or "",
        purpose=claim.for_ or "",
        role=claim.role or "",
        approver=f"{claim.approver.name} <{claim.approver.email}>" if claim.approver.email else claim.approver.name,
        approved_on=claim.approved_on.isoformat(),
        expires=claim.expires.isoformat() if claim.expires else None,
        subject_digest=claim.digest or "",
        verified=_is_verified(claim),
        path=claim.path,
    )


def _is_verified(claim: Claim) -> bool | None:
    """Yes by a genuine signature, no by one that is none; None where nobody signed or nothing could be checked."""
    if isinstance(claim.proof, Verified):
        return True
    is_checked = claim.source == SOURCE and not isinstance(claim.proof, UncheckedSignature)
    return False if is_checked and claim.problem else None


def waivers_of(inputs: OpenInputs, findings: Iterable[Finding]) -> Iterator[WaiverRecord]:
    """Every waiver of base: `holds`, or what the check found to be wrong with it."""
    document = inputs.base.waivers
    if document is None:
        return
    faults = {
        finding.location: reason.rule.removeprefix("waiver-")
        for finding in findings
        for reason in finding.because
        if reason.rule in WAIVER_FAULTS
    }
    for index, waiver in enumerate(document.content.waivers):
        what = f"{waiver.rule}: {waiver.subject}" if waiver.subject else waiver.rule
        state = faults.get(document.at("waivers", index), "holds")
        yield WaiverRecord(
            system=waiver.system,
            rule=what,
            reason=waiver.reason,
            expires=waiver.expires.isoformat(),
            state=state,
            ticket=waiver.ticket or "",
            owner=waiver.owner,
            approver=waiver.approver,
            created=waiver.created.isoformat(),
        )


def due_keys(inputs: OpenInputs) -> Iterator[DueRecord]:
    """The days on which pinned keys and identities end."""
    if inputs.roles is None:
        return
    for role, held in sorted(inputs.roles.content.roles.items()):
        for person in held.members:
            for key in person.keys:
                if isinstance(key, PinnedKey) and key.valid_until is not None:
                    yield DueRecord("", "key", f"A key of {person.name} ({role}) ends", _day(key.valid_until))
            for pinned in person.identities:
                if pinned.valid_until is not None:
                    said = f"A signing identity of {person.name} ({role}) ends"
                    yield DueRecord("", "key", said, _day(pinned.valid_until))


def _day(day: date) -> str:
    return day.isoformat()
