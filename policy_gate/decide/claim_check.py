"""Claims: whether somebody who said yes counts, in a role, for exact content; and if not, why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from policy_gate.decide.authorship import Authorship, Contributor
from policy_gate.decide.subject_digest import explain_difference
from policy_gate.decide.system_change import SystemChange
from policy_gate.people.identity import are_two_people, identity_among, is_same, likeness, same_address
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.check_inputs import CheckOptions
from policy_gate.schema.finding import ClaimNote
from policy_gate.schema.people import Claim, People
from policy_gate.schema.roles import Person
from policy_gate.schema.rule_set import RuleSet


class ApprovalRequest(Struct, frozen=True):
    """Everything needed to hear the claims for one subject in one role.

    `attests` says that the claim would vouch for evidence that nobody here can read: then only a
    verified one will do, whatever base opts in to (D19).
    """

    subject: ApprovalSubject
    role: str
    count: int
    system_change: SystemChange | None
    authorship: Authorship
    policy: RuleSet
    people: People
    options: CheckOptions
    attests: bool = False


class ApprovalResult(Struct, frozen=True):
    """Whether enough people agreed, and who they are, by identity.

    `self_approved` where the only agreement is an author's own; `untold` is why enough may have
    agreed and it cannot be said, or empty.
    """

    approved: bool
    notes: tuple[ClaimNote, ...]
    self_approved: bool = False
    recorded: bool = False
    not_known: str = ""
    by: tuple[tuple[str, str], ...] = ()
    """(identity, name) of those who count"""


class _ClaimResult(Struct, frozen=True):
    """The person behind a claim; why it does not count; whether that is not known rather than so."""

    person: Person | None
    why: str = ""
    is_not_known: bool = False


def check_claims(request: ApprovalRequest) -> ApprovalResult:
    """Hear every claim about this subject; one person counts once (T06, T07 and their kind)."""
    notes: list[ClaimNote] = []
    counted: dict[str, str] = {}
    not_known: dict[str, str] = {}
    by_themselves = recorded = False

    def who_of(person: Person) -> str:
        return identity_among(person, request.people.members)

    for claim in _about(request):
        ruling = _check_claim(claim, request)
        who = claim.approver.name or claim.approver.email or claim.approver.account
        notes.append(ClaimNote(who, not ruling.why, ruling.why, claim.approved_on))
        if not ruling.why and ruling.person is not None:
            counted.setdefault(who_of(ruling.person), ruling.person.name)
            by_themselves = by_themselves or bool(_contribution_of(ruling.person, claim, request))
            recorded = recorded or claim.assurance == "recorded"
        elif ruling.is_not_known:
            not_known.setdefault(who_of(ruling.person) if ruling.person else who, ruling.why)
    is_approved = len(counted) >= request.count
    is_not_known = not is_approved and len({*counted, *not_known}) >= request.count
    why = next(iter(not_known.values())) if is_not_known else ""
    return ApprovalResult(is_approved, tuple(notes), by_themselves, recorded, why, tuple(counted.items()))


def _about(request: ApprovalRequest) -> Sequence[Claim]:
    """The claims that speak of this subject; forge reviews name neither gate nor system.

    A record in another role is about that role, unless its approver had better used this one. One that
    base holds for other content is history, unless this change brings it back.
    """
    subject = request.subject
    return [
        claim
        for claim in request.people.claims
        if claim.for_ in (None, subject.for_)
        and (claim.for_ is None or claim.system == subject.system)
        and (claim.role in (None, request.role) or _holder(claim, request) is not None)
        and not (claim.spent and not claim.touched_by and claim.digest != subject.digest)
    ]


def _check_claim(claim: Claim, request: ApprovalRequest) -> _ClaimResult:
    if claim.bot:
        return _ClaimResult(None, "a bot cannot approve")
    if claim.problem:
        return _ClaimResult(None, claim.problem)
    if claim.role not in (None, request.role):
        return _ClaimResult(None, f"approved as {claim.role}, not {request.role}")
    person = _holder(claim, request)
    if person is None:
        return _ClaimResult(None, _holds_instead(claim, request))
    why = _time(claim, request) or _content(claim, request) or _assurance(claim, request)
    if why:
        return _ClaimResult(person, why)
    ruling = _separation(person, claim, request)
    if claim.unchecked and (not ruling.why or ruling.is_not_known):
        return _ClaimResult(person, claim.unchecked, is_not_known=True)
    return ruling


def _holder(claim: Claim, request: ApprovalRequest) -> Person | None:
    return next((person for person in request.people.holders(request.role) if is_same(person, claim.approver)), None)


def _holds_instead(claim: Claim, request: ApprovalRequest) -> str:
    held = sorted(
        role
        for role, holders in request.people.members.items()
        if any(is_same(person, claim.approver) for person in holders)
    )
    where = "in base's policies/roles.yaml"
    return f"holds {', '.join(held)}, not {request.role}, {where}" if held else f"does not hold {request.role} {where}"


def _time(claim: Claim, request: ApprovalRequest) -> str:
    today = request.options.as_of.date()
    last = request.policy.assurance.valid_for.after(claim.approved_on)
    if claim.spent:
        return "base already holds this record: it is spent"
    if claim.approved_on - today > timedelta(days=1):
        return f"dated {claim.approved_on}, which is in the future"
    expires = min(last, claim.expires) if claim.expires else last
    if expires < today:
        return f"expired on {expires}"
    return ""


def _content(claim: Claim, request: ApprovalRequest) -> str:
    if claim.target_branch and claim.target_branch != request.options.target_branch:
        return f"for the branch {claim.target_branch}, not {request.options.target_branch}"
    subject = request.subject
    if claim.commit:
        return _content_at(claim.commit, request)
    if claim.unchecked and claim.digest is None:
        return ""
    if claim.digest != subject.digest:
        return explain_difference(claim.parts, subject) or "for another content than what would be merged now"
    return ""


def _content_at(commit: str, request: ApprovalRequest) -> str:
    """What differs between the subject as it was at the commit of a review and as it is now (D12)."""
    subject, short = request.subject, commit[:7]
    reviewed = request.people.reviewed_content.get(commit)
    if reviewed is None or reviewed.problem:
        said = reviewed.problem if reviewed else "it was not looked at"
        return f"given on commit {short}, and what it saw there is not known: {said}"
    seen = reviewed.subjects.get((subject.system, subject.for_))
    if seen is None:
        return f"given on commit {short}, where nothing asked for {subject.for_} yet"
    if seen.digest == subject.digest:
        return ""
    moved = explain_difference(seen.parts, subject) or "for another content than what would be merged now"
    return f"given on commit {short}: {moved}"


def _separation(person: Person, claim: Claim, request: ApprovalRequest) -> _ClaimResult:
    how = _contribution_of(person, claim, request)
    if how:
        return _ClaimResult(person, "" if _may_agree_alone(request) else how)
    if request.authorship.not_known:
        return _ClaimResult(person, request.authorship.not_known, is_not_known=True)
    stranger = next(
        (contributor for contributor in request.authorship.known if _may_be(person, contributor, request)), None
    )
    if stranger is not None:
        who = stranger.author.account or stranger.author.email or stranger.author.name
        return _ClaimResult(
            person,
            f"{who} {stranger.how}, and base's policies/roles.yaml does not say whether that is {person.name}: "
            "give the account or the address there",
            is_not_known=True,
        )
    return _ClaimResult(person)


def _may_be(person: Person, contributor: Contributor, request: ApprovalRequest) -> bool:
    """Whether the maker could be this person for all that base knows; not where it knows them as somebody else."""
    if likeness(person, contributor.author) != "untold":
        return False
    everybody = (known for held in request.people.members.values() for known in held)
    return not any(is_same(known, contributor.author) and are_two_people(known, person) for known in everybody)


def may_approve(person: Person, request: ApprovalRequest) -> bool:
    """Whether nothing that is known of this holder bars them: no hand in the content, or leave to agree alone."""
    return _may_agree_alone(request) or not any(
        is_same(person, contributor.author) for contributor in request.authorship.known
    )


def _may_agree_alone(request: ApprovalRequest) -> bool:
    tier = request.system_change.now.tier if request.system_change else None
    return tier in request.policy.assurance.self_approval and tier in ("low", "medium")


def _contribution_of(person: Person, claim: Claim, request: ApprovalRequest) -> str:
    for contributor in request.authorship.known:
        if is_same(person, contributor.author) or same_address(contributor.author.email, claim.approver.email):
            return contributor.how
    return ""


def _assurance(claim: Claim, request: ApprovalRequest) -> str:
    # A signature that could not be checked may be genuine: `unchecked` says that it is not known.
    if claim.proof is not None:
        return ""
    wanted = request.policy.assurance.governed_changes
    if request.system_change is not None:
        wanted = request.policy.assurance.approvals[request.system_change.now.tier]
    if request.attests:
        return "recorded, not verified: evidence that cannot be read here wants a forge review or a signature"
    if wanted == "verified":
        return "recorded, not verified: base's policies ask for a forge review or a signature here"
    if not any(same_address(author.email, claim.approver.email) for author in claim.added_by):
        others = {author.name for author in claim.touched_by if not same_address(author.email, claim.approver.email)}
        return f"the record was committed by {', '.join(sorted(others)) or 'nobody in this change'}"
    return ""
