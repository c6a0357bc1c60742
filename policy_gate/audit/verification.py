"""What is wrong with a log: each entry by itself, the chain, the order, the signatures, what was seen before.

A verification says three things apart: what is broken, what cannot be told here, and what is only to be known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Literal

from msgspec.structs import replace

from policy_gate.audit.log import ReadLog
from policy_gate.audit.statements import digest_of_statement, is_moment
from policy_gate.errors import BaseError
from policy_gate.schema.audit_entry import Fault, LoggedEntry, Signature, Verification
from policy_gate.schema.people import UncheckedSignature
from policy_gate.schema.roles import Roles
from policy_gate.signing.pinned_keys import fingerprint, holder_of
from policy_gate.signing.sigstore_verify import BundleVerifier, RolesAt, VerifiedBundle
from policy_gate.signing.sshsig import AUDIT_NAMESPACE, MalformedSignatureError, parse
from policy_gate.signing.verify import BadSignature, VerifiedSignature, Verifier

SignedBy = VerifiedSignature | VerifiedBundle | BadSignature | UncheckedSignature
Bundles = Callable[[], BundleVerifier | UncheckedSignature]
"""The verifier of Sigstore bundles, made where there is one; or why there is none."""
Check = Signature | Verifier | Literal["sigstore"]
NO_TRUST = "it is signed with Sigstore, and was not verified"
_TOGETHER = 2_000


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
    places: dict[str, int] = {}
    for place, one in enumerate(entries):
        number = one.entry.sequence if one.entry is not None and log.cut_off else place
        broken += [Fault(number, one.commit, fault) for fault in one.faults]
        if one.entry is not None:
            link = _link_fault(one, before, is_first=before is None and not log.cut_off)
            broken += [Fault(number, one.commit, link)] if link else []
            if places.setdefault(one.entry.id, one.entry.sequence) != one.entry.sequence:
                twice = f"the same thing was recorded before, by entry {places[one.entry.id]}"
                broken.append(Fault(number, one.commit, twice))
            if before is not None and before.entry is not None and one.entry.repository != before.entry.repository:
                names = f"{one.entry.repository!a}, the entry before it {before.entry.repository!a}"
                notes.append(Fault(number, one.commit, f"it says that the repository is called {names}"))
            if before is not None and before.entry is not None and one.entry.recorded < before.entry.recorded:
                earlier = before.entry.recorded
                what = f"the clock went back: recorded {one.entry.recorded}, the entry before it {earlier}"
                notes.append(Fault(number, one.commit, what))
        before = one
    return Verification(log.head, entries, tuple(broken), tuple(untold), tuple(notes))


def _link_fault(one: LoggedEntry, before: LoggedEntry | None, *, is_first: bool) -> str:
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


def with_origin(found: Verification, expect: Callable[[list[str]], None], holds: Callable[[str], bool]) -> Verification:
    """The same, told whether each entry names a commit of this repository: one of another's can be right in itself."""
    named = [
        (one, (one.entry.inputs.base.commit, one.entry.inputs.head.commit))
        for one in found.entries
        if one.entry is not None and not one.faults
    ]
    known: dict[str, bool] = {}
    for start in range(0, len(named), _TOGETHER):
        wanted = [it for _, sides in named[start : start + _TOGETHER] for it in sides if it not in known]
        expect(wanted)
        known |= {it: holds(it) for it in wanted}
    strange = [one for one, sides in named if not any(known[it] for it in sides)]
    if not strange or strange[0].entry is None:
        return found
    what = "neither commit that it names is in this clone, so that it can be of another repository"
    more = f"; so it is with {len(strange)} entries" if len(strange) > 1 else ""
    fault = Fault(strange[0].entry.sequence, strange[0].commit, what + more)
    return replace(found, untold=(*found.untold, fault))


def with_signatures(
    found: Verification,
    roles_at: RolesAt,
    environment: Mapping[str, str],
    *,
    is_required: bool,
    jobs: int = 1,
    bundles: Bundles = lambda: UncheckedSignature(NO_TRUST),
) -> Verification:
    """The same with each signature checked, by what was pinned when the entry was recorded.

    OpenSSH is started for each SSH signature, `jobs` of them at once; all of Sigstore share one verifier.
    """
    verifiers: dict[tuple[int, date], Verifier] = {}
    kept: list[Roles | None] = []
    checks = [_check_of(one, roles_at, environment, verifiers, kept) for one in found.entries]
    with ThreadPoolExecutor(jobs) as pool:
        answers = list(pool.map(_checked, checks, found.entries))
    if any(check == "sigstore" for check in checks):
        answers = _with_bundles(found.entries, checks, answers, bundles(), roles_at)
    entries: list[LoggedEntry] = []
    broken, untold = list(found.broken), list(found.untold)
    for place, (one, answer) in enumerate(zip(found.entries, answers, strict=True)):
        number = one.entry.sequence if one.entry is not None else place
        signed = answer if isinstance(answer, Signature) else _signature(one, answer, roles_at)
        entries.append(replace(one, signed=signed))
        if signed.state == "bad":
            broken.append(Fault(number, one.commit, signed.reason))
        elif signed.state == "unchecked":
            untold.append(Fault(number, one.commit, signed.reason))
        elif signed.state == "unsigned" and is_required:
            broken.append(Fault(number, one.commit, "it is not signed"))
    order = {one.commit: place for place, one in enumerate(entries)}
    broken.sort(key=lambda fault: order.get(fault.commit, -1))
    notes = (*found.notes, *_unsigned_among_signed(entries))
    return replace(found, entries=tuple(entries), broken=tuple(broken), untold=tuple(untold), notes=notes)


def _unsigned_among_signed(entries: Sequence[LoggedEntry]) -> Iterator[Fault]:
    """That entries are unsigned after one that is signed, as those of a log that was written anew without its key."""
    first = next((place for place, one in enumerate(entries) if one.signature is not None), len(entries))
    unsigned = [(place, one) for place, one in enumerate(entries) if place > first and one.signature is None]
    if unsigned:
        place, one = unsigned[0]
        more = f"; so it is with {len(unsigned)} entries" if len(unsigned) > 1 else ""
        number = one.entry.sequence if one.entry is not None else place
        yield Fault(number, one.commit, f"it is unsigned, and one before it is signed{more}")


def _check_of(
    one: LoggedEntry,
    roles_at: RolesAt,
    environment: Mapping[str, str],
    verifiers: dict[tuple[int, date], Verifier],
    kept: list[Roles | None],
) -> Check:
    """By what the signature of an entry is to be verified, or what is to be said without."""
    if one.signature is None:
        return Signature("unsigned")
    if one.entry is None:
        return Signature("bad", reason="it signs what is no entry")
    if not is_moment(one.entry.recorded):
        return Signature("bad", reason="when it was recorded is no time")
    if one.signature_kind == "sigstore":
        return "sigstore"
    moment = datetime.fromisoformat(one.entry.recorded)
    try:
        roles = roles_at(moment)
    except BaseError as error:
        return Signature("unchecked", key=_key_of(one.signature), reason=error.message)
    kept.append(roles)  # so that no other roles get the id that names a verifier
    return verifiers.setdefault((id(roles), moment.date()), Verifier(roles, moment.date(), environment))


def _checked(check: Check, one: LoggedEntry) -> Signature | SignedBy:
    if isinstance(check, Signature):
        return check
    if check == "sigstore" or one.signature is None:
        return UncheckedSignature(NO_TRUST)
    return check.who_signed(one.statement, one.signature, AUDIT_NAMESPACE)


def _with_bundles(
    entries: Sequence[LoggedEntry],
    checks: Sequence[Check],
    answers: Sequence[Signature | SignedBy],
    verifier: BundleVerifier | UncheckedSignature,
    roles_at: RolesAt,
) -> list[Signature | SignedBy]:
    """The answers with those about Sigstore's signatures put in."""
    found = list(answers)
    for place, (one, check) in enumerate(zip(entries, checks, strict=True)):
        if check != "sigstore" or one.entry is None or one.signature is None:
            continue
        moment = datetime.fromisoformat(one.entry.recorded)
        try:
            found[place] = (
                verifier
                if isinstance(verifier, UncheckedSignature)
                else verifier.who_signed(one.statement, one.signature, moment, roles_at)
            )
        except BaseError as error:
            found[place] = UncheckedSignature(error.message)
    return found


def _signature(one: LoggedEntry, who: SignedBy, roles_at: RolesAt) -> Signature:
    if isinstance(who, VerifiedBundle):
        when = who.signed.strftime("%Y-%m-%dT%H:%M:%SZ")
        return Signature("good", who.person.name, "", "", who.who.issuer, who.who.identity, when)
    signature = one.signature or b""
    if one.signature_kind == "sigstore" and not isinstance(who, VerifiedSignature):
        return Signature("unchecked" if isinstance(who, UncheckedSignature) else "bad", reason=who.reason)
    key = _key_of(signature)
    if isinstance(who, UncheckedSignature):
        return Signature("unchecked", key=key, reason=who.reason)
    if isinstance(who, BadSignature):
        return Signature("bad", key=key, reason=_since_when(signature, roles_at, who.reason))
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
