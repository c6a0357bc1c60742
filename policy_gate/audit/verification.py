"""What is wrong with a log: each entry by itself, the chain, the order, the signatures, what was seen before.

A verification says three things apart: what is broken, what cannot be told here, and what is only to be known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from msgspec.structs import replace

from policy_gate.audit.log import ReadLog
from policy_gate.audit.statements import digest_of_statement
from policy_gate.schema.audit_entry import Fault, LoggedEntry, Signature, Verification
from policy_gate.schema.people import UncheckedSignature
from policy_gate.schema.roles import Roles
from policy_gate.signing.pinned_keys import fingerprint, holder_of
from policy_gate.signing.sshsig import AUDIT_NAMESPACE, MalformedSignatureError, parse
from policy_gate.signing.verify import BadSignature, Verifier

RolesAt = Callable[[datetime], "Roles | None"]
"""The roles that were in force at a moment, those whose keys are revoked by now left in nobody's hands."""


def verified_chain(log: ReadLog) -> Verification:
    """The chain as its links say it: completeness of each entry, order, numbers, digests."""
    entries = tuple(reversed(log.entries))
    broken: list[Fault] = []
    untold: list[Fault] = []
    notes: list[Fault] = []
    if log.cut_off:
        why = "this clone is shallow" if log.is_shallow else "it is not in this clone"
        fault = Fault(None, log.cut_off, f"the entry before the oldest here cannot be read: {why}")
        (untold if log.is_shallow else broken).append(fault)
    before: LoggedEntry | None = None
    for place, one in enumerate(entries):
        number = one.entry.sequence if one.entry is not None and log.cut_off else place
        broken += [Fault(number, one.commit, fault) for fault in one.faults]
        if one.entry is not None:
            link = _link_fault(one, before, place, is_first=before is None and not log.cut_off)
            broken += [Fault(number, one.commit, link)] if link else []
            if before is not None and before.entry is not None and one.entry.recorded < before.entry.recorded:
                earlier = before.entry.recorded
                what = f"the clock went back: recorded {one.entry.recorded}, the entry before it {earlier}"
                notes.append(Fault(number, one.commit, what))
        before = one
    return Verification(log.head, entries, tuple(broken), tuple(untold), tuple(notes))


def _link_fault(one: LoggedEntry, before: LoggedEntry | None, place: int, *, is_first: bool) -> str:
    """What is wrong with how an entry follows the one before it; empty where nothing is."""
    entry = one.entry
    if entry is None:
        return ""
    if before is None:
        if not is_first:
            return ""
        if entry.previous is not None or entry.sequence != 0:
            return f"it says that it is entry {entry.sequence} and follows another, and nothing is before it"
        return ""
    if entry.previous is None:
        return "it says that it is the first entry, and one is before it"
    if entry.previous.commit != before.commit:
        return f"it says that it follows {entry.previous.commit[:12]}, and its parent is {before.commit[:12]}"
    if entry.previous.statement != digest_of_statement(before.statement):
        return "the digest of the entry before it is another than that entry's"
    if before.entry is not None and entry.sequence != before.entry.sequence + 1:
        return f"it is numbered {entry.sequence}, and follows number {before.entry.sequence}"
    return ""


def with_signatures(
    found: Verification, roles_at: RolesAt, environment: Mapping[str, str], *, is_required: bool
) -> Verification:
    """The same with each signature checked, by the keys that were pinned when the entry was recorded."""
    verifiers: dict[tuple[int, date], Verifier] = {}
    kept: list[Roles | None] = []
    entries: list[LoggedEntry] = []
    broken, untold = list(found.broken), list(found.untold)
    for place, one in enumerate(found.entries):
        number = one.entry.sequence if one.entry is not None else place
        signed = _signature(one, roles_at, environment, verifiers, kept)
        entries.append(replace(one, signed=signed))
        if signed.state == "bad":
            broken.append(Fault(number, one.commit, signed.reason))
        elif signed.state == "unchecked":
            untold.append(Fault(number, one.commit, signed.reason))
        elif signed.state == "unsigned" and is_required:
            broken.append(Fault(number, one.commit, "it is not signed"))
    order = {one.commit: place for place, one in enumerate(entries)}
    broken.sort(key=lambda fault: order.get(fault.commit, -1))
    return replace(found, entries=tuple(entries), broken=tuple(broken), untold=tuple(untold))


def _signature(
    one: LoggedEntry,
    roles_at: RolesAt,
    environment: Mapping[str, str],
    verifiers: dict[tuple[int, date], Verifier],
    kept: list[Roles | None],
) -> Signature:
    if one.signature is None:
        return Signature("unsigned")
    if one.entry is None:
        return Signature("bad", reason="it signs what is no entry")
    try:
        moment = datetime.fromisoformat(one.entry.recorded)
    except ValueError:
        return Signature("bad", reason="when it was recorded is no time")
    roles = roles_at(moment)
    kept.append(roles)  # so that no other roles get the id that names a verifier
    verifier = verifiers.setdefault((id(roles), moment.date()), Verifier(roles, moment.date(), environment))
    who = verifier.who_signed(one.statement, one.signature, AUDIT_NAMESPACE)
    key = _key_of(one.signature)
    if isinstance(who, UncheckedSignature):
        return Signature("unchecked", key=key, reason=who.reason)
    if isinstance(who, BadSignature):
        return Signature("bad", key=key, reason=_since_when(one.signature, roles_at, who.reason))
    return Signature("good", who.person.name, who.key)


def _since_when(signature: bytes, roles_at: RolesAt, reason: str) -> str:
    """The reason, told more closely of a key that is pinned now and was not when the entry was recorded."""
    if "pinned for nobody" not in reason:
        return reason
    now = datetime.fromisoformat("9999-12-31T00:00:00+00:00")
    holder = holder_of(roles_at(now), parse(signature).key, now.date())
    if holder.person is None:
        return reason
    return f"{reason.partition(' is pinned')[0]} was pinned for {holder.person.name} only after it was recorded"


def _key_of(signature: bytes) -> str:
    try:
        return fingerprint(parse(signature).key)
    except MalformedSignatureError:
        return ""
