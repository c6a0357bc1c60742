"""Claims: whether somebody who said yes counts, in a role, for exact content; and if not, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from policy_gate.govern.makers import Maker, Makers
from policy_gate.govern.moved import what_moved
from policy_gate.govern.standing import Standing
from policy_gate.schema.finding import ClaimNote
from policy_gate.schema.identity import are_two_people, identity_among, is_same, likeness, same_address
from policy_gate.schema.law import RuleSet
from policy_gate.schema.papers import Terms
from policy_gate.schema.people import Claim, People
from policy_gate.schema.roles import Person
from policy_gate.schema.subject import Subject


@dataclass(frozen=True, slots=True)
class Hearing:
    """Everything needed to hear the claims for one subject in one role.

    `attests` says that the claim would vouch for evidence that nobody here can read: then only a
    verified one will do, whatever base opts in to (D19).
    """

    subject: Subject
    role: str
    count: int
    standing: Standing | None
    makers: Makers
    law: RuleSet
    people: People
    terms: Terms
    attests: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether enough people agreed, and who they are, by identity.

    `self_approved` where the only agreement is an author's own; `untold` is why enough may have
    agreed and it cannot be said, or empty.
    """

    approved: bool
    notes: tuple[ClaimNote, ...]
    self_approved: bool = False
    recorded: bool = False
    untold: str = ""
    by: tuple[tuple[str, str], ...] = ()
    """(identity, name) of those who count"""


@dataclass(frozen=True, slots=True)
class _Ruling:
    """The person behind a claim; why it does not count; whether that is not known rather than so."""

    person: Person | None
    why: str = ""
    is_untold: bool = False


def hear(hearing: Hearing) -> Answer:
    """Hear every claim about this subject; one person counts once (T06, T07 and their kind)."""
    notes: list[ClaimNote] = []
    counted: dict[str, str] = {}
    untold: dict[str, str] = {}
    by_themselves = recorded = False

    def who_of(person: Person) -> str:
        return identity_among(person, hearing.people.members)

    for claim in _about(hearing):
        ruling = _judge(claim, hearing)
        who = claim.approver.name or claim.approver.email or claim.approver.account
        notes.append(ClaimNote(who, not ruling.why, ruling.why, claim.approved_on))
        if not ruling.why and ruling.person is not None:
            counted.setdefault(who_of(ruling.person), ruling.person.name)
            by_themselves = by_themselves or bool(_hand_in(ruling.person, claim, hearing))
            recorded = recorded or claim.assurance == "recorded"
        elif ruling.is_untold:
            untold.setdefault(who_of(ruling.person) if ruling.person else who, ruling.why)
    is_approved = len(counted) >= hearing.count
    is_untold = not is_approved and len({*counted, *untold}) >= hearing.count
    why = next(iter(untold.values())) if is_untold else ""
    return Answer(is_approved, tuple(notes), by_themselves, recorded, why, tuple(counted.items()))


def _about(hearing: Hearing) -> Sequence[Claim]:
    """The claims that speak of this subject; forge reviews name neither gate nor system.

    A record in another role is about that role, unless its approver had better used this one. One that
    base holds for other content is history, unless this change brings it back.
    """
    subject = hearing.subject
    return [
        claim
        for claim in hearing.people.claims
        if claim.for_ in (None, subject.for_)
        and (claim.for_ is None or claim.system == subject.system)
        and (claim.role in (None, hearing.role) or _holder(claim, hearing) is not None)
        and not (claim.spent and not claim.touched_by and claim.digest != subject.digest)
    ]


def _judge(claim: Claim, hearing: Hearing) -> _Ruling:
    if claim.bot:
        return _Ruling(None, "a bot cannot approve")
    if claim.problem:
        return _Ruling(None, claim.problem)
    if claim.role not in (None, hearing.role):
        return _Ruling(None, f"approved as {claim.role}, not {hearing.role}")
    person = _holder(claim, hearing)
    if person is None:
        return _Ruling(None, _holds_instead(claim, hearing))
    why = _time(claim, hearing) or _content(claim, hearing) or _assurance(claim, hearing)
    if why:
        return _Ruling(person, why)
    ruling = _separation(person, claim, hearing)
    if claim.unchecked and (not ruling.why or ruling.is_untold):
        return _Ruling(person, claim.unchecked, is_untold=True)
    return ruling


def _holder(claim: Claim, hearing: Hearing) -> Person | None:
    return next((person for person in hearing.people.holders(hearing.role) if is_same(person, claim.approver)), None)


def _holds_instead(claim: Claim, hearing: Hearing) -> str:
    held = sorted(
        role
        for role, holders in hearing.people.members.items()
        if any(is_same(person, claim.approver) for person in holders)
    )
    where = "in base's policies/roles.yaml"
    return f"holds {', '.join(held)}, not {hearing.role}, {where}" if held else f"does not hold {hearing.role} {where}"


def _time(claim: Claim, hearing: Hearing) -> str:
    today = hearing.terms.as_of.date()
    last = hearing.law.assurance.valid_for.after(claim.approved_on)
    if claim.spent:
        return "base already holds this record: it is spent"
    if claim.approved_on - today > timedelta(days=1):
        return f"dated {claim.approved_on}, which is in the future"
    expires = min(last, claim.expires) if claim.expires else last
    if expires < today:
        return f"expired on {expires}"
    return ""


def _content(claim: Claim, hearing: Hearing) -> str:
    if claim.target_branch and claim.target_branch != hearing.terms.target_branch:
        return f"for the branch {claim.target_branch}, not {hearing.terms.target_branch}"
    subject = hearing.subject
    if claim.commit:
        return _content_at(claim.commit, hearing)
    if claim.unchecked and claim.digest is None:
        return ""
    if claim.digest != subject.digest:
        return what_moved(claim.parts, subject) or "for another content than what would be merged now"
    return ""


def _content_at(commit: str, hearing: Hearing) -> str:
    """What differs between the subject as it was at the commit of a review and as it is now (D12)."""
    subject, short = hearing.subject, commit[:7]
    sight = hearing.people.sights.get(commit)
    if sight is None or sight.problem:
        said = sight.problem if sight else "it was not looked at"
        return f"given on commit {short}, and what it saw there is not known: {said}"
    seen = sight.subjects.get((subject.system, subject.for_))
    if seen is None:
        return f"given on commit {short}, where nothing asked for {subject.for_} yet"
    if seen.digest == subject.digest:
        return ""
    moved = what_moved(seen.parts, subject) or "for another content than what would be merged now"
    return f"given on commit {short}: {moved}"


def _separation(person: Person, claim: Claim, hearing: Hearing) -> _Ruling:
    how = _hand_in(person, claim, hearing)
    if how:
        return _Ruling(person, "" if _may_agree_alone(hearing) else how)
    if hearing.makers.untold:
        return _Ruling(person, hearing.makers.untold, is_untold=True)
    stranger = next((maker for maker in hearing.makers.known if _may_be(person, maker, hearing)), None)
    if stranger is not None:
        who = stranger.author.account or stranger.author.email or stranger.author.name
        return _Ruling(
            person,
            f"{who} {stranger.how}, and base's policies/roles.yaml does not say whether that is {person.name}: "
            "give the account or the address there",
            is_untold=True,
        )
    return _Ruling(person)


def _may_be(person: Person, maker: Maker, hearing: Hearing) -> bool:
    """Whether the maker could be this person for all that base knows; not where it knows them as somebody else."""
    if likeness(person, maker.author) != "untold":
        return False
    everybody = (known for held in hearing.people.members.values() for known in held)
    return not any(is_same(known, maker.author) and are_two_people(known, person) for known in everybody)


def may_approve(person: Person, hearing: Hearing) -> bool:
    """Whether nothing that is known of this holder bars them: no hand in the content, or leave to agree alone."""
    return _may_agree_alone(hearing) or not any(is_same(person, maker.author) for maker in hearing.makers.known)


def _may_agree_alone(hearing: Hearing) -> bool:
    tier = hearing.standing.now.tier if hearing.standing else None
    return tier in hearing.law.assurance.self_approval and tier in ("low", "medium")


def _hand_in(person: Person, claim: Claim, hearing: Hearing) -> str:
    for maker in hearing.makers.known:
        if is_same(person, maker.author) or same_address(maker.author.email, claim.approver.email):
            return maker.how
    return ""


def _assurance(claim: Claim, hearing: Hearing) -> str:
    if claim.assurance == "verified":
        return ""
    wanted = hearing.law.assurance.governed_changes
    if hearing.standing is not None:
        wanted = hearing.law.assurance.approvals[hearing.standing.now.tier]
    if hearing.attests:
        return "recorded, not verified: evidence that cannot be read here wants a forge review or a signature"
    if wanted == "verified":
        return "recorded, not verified: base's policies ask for a forge review or a signature here"
    if not any(same_address(author.email, claim.approver.email) for author in claim.added_by):
        others = {author.name for author in claim.touched_by if not same_address(author.email, claim.approver.email)}
        return f"the record was committed by {', '.join(sorted(others)) or 'nobody in this change'}"
    return ""
