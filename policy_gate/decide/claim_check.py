"""Claims: whether somebody who said yes counts, in a role, for exact content; and if not, why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.decide.authorship import Authorship, Contributor
from policy_gate.decide.subject_digest import explain_difference
from policy_gate.decide.system_change import SystemChange
from policy_gate.people.agents import is_agent
from policy_gate.people.identity import (
    FORGES,
    are_two_people,
    has_account,
    identity_among,
    is_alias,
    is_known_by_login_alone,
    is_named_in,
    is_same,
    likeness,
    same_address,
)
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.check_inputs import CheckOptions
from policy_gate.schema.finding import ClaimNote
from policy_gate.schema.people import Claim, People, ReviewedContent
from policy_gate.schema.roles import Person
from policy_gate.schema.rule_set import RuleSet

_NAMED = 3
_NO_BRANCH = "and a base that is a commit names none (--into NAME does, for a replay)"


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

    `self_approved` where it is not enough without an author's own agreement; `not_known` is why enough may have
    agreed and it cannot be said, or None.
    """

    approved: bool
    notes: tuple[ClaimNote, ...]
    self_approved: bool = False
    recorded: bool = False
    not_known: str | None = None
    by: tuple[tuple[str, str], ...] = ()
    """(identity, name) of those who count"""


class Counts(Struct, frozen=True):
    """A claim that counts: this person agreed, as an author of the content or not."""

    person: Person
    is_author: bool = False


class DoesNotCount(Struct, frozen=True):
    """A claim that certainly is no yes, and why."""

    reason: str


class NotKnown(Struct, frozen=True):
    """A claim of this person of which cannot be said whether it counts, and why not."""

    person: Person
    reason: str


ClaimResult = Counts | DoesNotCount | NotKnown


def check_claims(request: ApprovalRequest) -> ApprovalResult:
    """Hear every claim about this subject; one person counts once (T06, T07 and their kind)."""
    notes: list[ClaimNote] = []
    counted: dict[str, str] = {}
    not_known: dict[str, str] = {}
    authors: set[str] = set()
    recorded = False

    def who_of(person: Person) -> str:
        return identity_among(person, request.people.members)

    for claim in _about(request):
        result = check_claim(claim, request)
        who = claim.approver.name or claim.approver.email or claim.approver.account
        reason = "" if isinstance(result, Counts) else result.reason
        notes.append(ClaimNote(who, isinstance(result, Counts), reason, claim.approved_on))
        if isinstance(result, Counts):
            counted.setdefault(who_of(result.person), result.person.name)
            authors.update([who_of(result.person)] if result.is_author else [])
            recorded = recorded or claim.assurance == "recorded"
        elif isinstance(result, NotKnown):
            not_known.setdefault(who_of(result.person), result.reason)
    is_approved = len(counted) >= request.count
    is_not_known = not is_approved and len({*counted, *not_known}) >= request.count
    why = next(iter(not_known.values())) if is_not_known else None
    # Where roles are kept apart, the others may be needed for another one.
    is_kept_apart = any(request.role in roles for roles in request.policy.assurance.separate_roles)
    by_themselves = bool(authors) and (is_kept_apart or len(counted.keys() - authors) < request.count)
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


def check_claim(claim: Claim, request: ApprovalRequest) -> ClaimResult:
    """Whether one claim counts for the subject in the role; what is certainly wrong with it goes before doubts."""
    if claim.bot or is_agent(claim.approver, request.policy.assurance.agents):
        return DoesNotCount("a bot cannot approve")
    if claim.problem is not None:
        return DoesNotCount(claim.problem)
    if claim.role not in (None, request.role):
        return DoesNotCount(f"approved as {claim.role}, not {request.role}")
    person = _holder(claim, request)
    if person is None:
        return DoesNotCount(_holds_instead(claim, request))
    for against in (_time, _content, _assurance):
        reason = against(claim, request)
        if reason is not None:
            return DoesNotCount(reason)
    result = _separation(person, claim, request)
    if claim.doubt is not None and not isinstance(result, DoesNotCount):
        return NotKnown(person, claim.doubt)
    return result


def _holder(claim: Claim, request: ApprovalRequest) -> Person | None:
    return next((person for person in request.people.holders(request.role) if is_same(person, claim.approver)), None)


def _holds_instead(claim: Claim, request: ApprovalRequest) -> str:
    held = sorted(
        role
        for role, holders in request.people.members.items()
        if any(is_same(person, claim.approver) for person in holders)
    )
    where = f"in base's {request.people.roles_file}"
    if held:
        return f"holds {', '.join(held)}, not {request.role}, {where}"
    return f"does not hold {request.role} {where}{_may_be_unknown(claim, request)}"


def _may_be_unknown(claim: Claim, request: ApprovalRequest) -> str:
    """What to say where base knows holders by no account on that forge, or by its name alone, which may be another one
    by now."""
    forge, _, number = claim.approver.account_id.partition(":")
    if forge not in FORGES:
        return ""
    holders = request.people.holders(request.role)
    logins = dict.fromkeys(getattr(person, forge) for person in holders if is_known_by_login_alone(person, forge))
    if logins:
        return f", which names {' or '.join(logins)} without a number; this is {forge}_id {number}"
    names = tuple(dict.fromkeys(person.name for person in holders if not has_account(person, forge)))
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    login = claim.approver.account.partition(":")[2]
    return f", which gives no {forge} account of {', '.join(names[:_NAMED])}{more}; this is {forge}: {login}"


def _time(claim: Claim, request: ApprovalRequest) -> str | None:
    today = request.options.as_of.date()
    last = request.policy.assurance.valid_for.after(claim.approved_on)
    if claim.spent:
        return "base already holds this record: it is spent"
    if claim.approved_on - today > timedelta(days=1):
        return f"dated {claim.approved_on}, which is in the future"
    expires = min(last, claim.expires) if claim.expires else last
    if expires < today:
        return f"expired on {expires}"
    return None


def _content(claim: Claim, request: ApprovalRequest) -> str | None:
    if claim.target_branch and claim.target_branch != request.options.target_branch:
        into = request.options.target_branch
        return f"for the branch {claim.target_branch}, {f'not {into}' if into else _NO_BRANCH}"
    subject = request.subject
    if claim.commit:
        return _content_at(claim.commit, request)
    if claim.doubt is not None and claim.digest is None:
        return None
    return None if claim.digest == subject.digest else _moved(claim.parts, subject)


def _moved(parts: Sequence[tuple[str, str]], subject: ApprovalSubject) -> str:
    told = explain_difference(parts, subject)
    return "for another content than what would be merged now" if told is None else told


def _content_at(commit: str, request: ApprovalRequest) -> str | None:
    """What differs between the subject as it was at the commit of a review and as it is now (D12)."""
    subject, short = request.subject, commit[:7]
    reviewed = request.people.reviewed_content.get(commit, ReviewedContent(problem="it was not looked at"))
    if reviewed.problem is not None:
        return f"given on commit {short}, and what it saw there is not known: {reviewed.problem}"
    seen = reviewed.subjects.get((subject.system, subject.for_))
    if seen is None:
        return f"given on commit {short}, where nothing asked for {subject.for_} yet"
    if seen.digest == subject.digest:
        return None
    return f"given on commit {short}: {_moved(seen.parts, subject)}"


def _separation(person: Person, claim: Claim, request: ApprovalRequest) -> ClaimResult:
    own = _contribution_of(person, claim, request)
    if own is not None:
        return Counts(person, is_author=True) if _may_agree_alone(request) else DoesNotCount(own.how)
    if request.authorship.not_known is not None:
        return NotKnown(person, request.authorship.not_known)
    stranger = next(
        (contributor for contributor in request.authorship.known if _may_be(person, contributor, request)), None
    )
    if stranger is not None:
        who = stranger.author.account or stranger.author.email or stranger.author.name
        is_tied = bool(stranger.author.account) or not request.people.is_forge_known
        return NotKnown(
            person,
            f"{who} {stranger.how}, and base's {request.people.roles_file} does not say whether that is {person.name}: "
            "give the account or the address there"
            + ("" if is_tied else ", or let whose it is add that address to their account on the forge"),
        )
    return Counts(person)


def _may_be(person: Person, contributor: Contributor, request: ApprovalRequest) -> bool:
    """Whether the maker could be this person for all that base knows; not where it knows them as somebody else."""
    author = contributor.author
    if not (author.email or author.account or author.account_id) or likeness(person, author) != "untold":
        return False
    everybody = _everybody(request)
    return not any(is_same(known, contributor.author) and are_two_people(known, person) for known in everybody)


def may_approve(person: Person, request: ApprovalRequest) -> bool:
    """Whether nothing that is known of this holder bars them: no hand in the content, or leave to agree alone."""
    return _may_agree_alone(request) or not any(
        is_same(person, contributor.author)
        or is_named_in(person, contributor.author)
        or is_alias(person.email, contributor.author, _everybody(request))
        for contributor in request.authorship.known
    )


def _may_agree_alone(request: ApprovalRequest) -> bool:
    tier = request.system_change.now.tier if request.system_change else None
    return tier in request.policy.assurance.self_approval and tier in ("low", "medium")


def _contribution_of(person: Person, claim: Claim, request: ApprovalRequest) -> Contributor | None:
    for contributor in request.authorship.known:
        author = contributor.author
        if is_same(person, author) or same_address(author.email, claim.approver.email) or is_named_in(person, author):
            return contributor
        addresses = (person.email, claim.approver.email)
        if any(is_alias(address, author, _everybody(request)) for address in addresses):
            return replace(contributor, how=f"{contributor.how} as {author.email}, which is the same mailbox")
    return None


def _everybody(request: ApprovalRequest) -> list[Person]:
    return [known for held in request.people.members.values() for known in held]


_UNSIGNED = "recorded, not verified: no signature (.sig) lies beside the record"


def _assurance(claim: Claim, request: ApprovalRequest) -> str | None:
    # A signature that could not be checked may be genuine: `doubt` says that it is not known.
    if claim.proof is not None:
        return None
    wanted = request.policy.assurance.governed_changes
    if request.system_change is not None:
        wanted = request.policy.assurance.approvals[request.system_change.now.tier]
    if request.attests:
        return f"{_UNSIGNED}, and evidence that cannot be read here wants one or a forge review"
    if wanted == "verified":
        return f"{_UNSIGNED}, and base's policies ask for one or a forge review here"
    if not any(same_address(author.email, claim.approver.email) for author in claim.added_by):
        others = {author.name for author in claim.touched_by if not same_address(author.email, claim.approver.email)}
        return f"the record was committed by {', '.join(sorted(others)) or 'nobody in this change'}"
    return None
