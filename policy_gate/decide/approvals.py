"""Approvals: which ones a change needs, and which of the claims made settle them (D10 to D19)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from msgspec.structs import replace

from policy_gate.decide.authorship import UNATTRIBUTED, Authorship, authorship_of
from policy_gate.decide.claim_check import ApprovalRequest, ApprovalResult, check_claims, may_approve
from policy_gate.decide.decision_context import DecisionContext
from policy_gate.decide.role_naming import Named, Naming, NobodyNamed, NotTold, naming
from policy_gate.decide.separation_of_duties import kept_apart
from policy_gate.decide.subject_digest import subject
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.people.identity import identity_among, is_same
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.change import Change
from policy_gate.schema.check_inputs import CheckOptions
from policy_gate.schema.finding import ClaimNote, Outcome
from policy_gate.schema.people import People
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vocabulary import ENFORCEMENTS, State

_LATER: Final = "leave it for the next change"


def needs_approvals(context: DecisionContext) -> bool:
    """Whether any outcome can only be settled by hearing people; if not, no source is asked (D04)."""
    return any(wants_approval(item) and _stands_from_base(item, context.options) is None for item in context.weighed)


def wants_approval(item: WeighedOutcome) -> bool:
    """Whether an approval would settle it."""
    outcome = item.outcome
    is_asked = outcome.requirement.kind == "approval" or outcome.approval is not None
    return outcome.state == "gap" and (is_asked or outcome.is_vouchable)


def decide_approvals(context: DecisionContext) -> tuple[WeighedOutcome, ...]:
    """Every judged outcome, those that want an approval settled by the claims that count."""
    covered = tuple(_covered(item, context) for item in context.weighed)
    context = replace(context, weighed=covered)
    settled = tuple(_decide(item, context) if wants_approval(item) else item for item in covered)
    return kept_apart(covered, settled, context.policy.assurance.separate_roles)


def _covered(item: WeighedOutcome, context: DecisionContext) -> WeighedOutcome:
    """Not asked about, where the approval that another rule asks for here is said to cover it too (D16)."""
    rule, kind = item.outcome.rule, item.outcome.instance.partition(":")[0]
    if item.system_change is None or not wants_approval(item):
        return item
    for other in context.by_system[item.system_change.id]:
        if kind in other.outcome.rule.covers.get(rule.id, ()) and wants_approval(other) and is_as_hard(other, item):
            cause = other.outcome.instance.partition(":")[0]
            return replace(item, outcome=item.outcome.become("not-applicable", seen=f"covered by {cause}"), blame=None)
    return item


def is_as_hard(one: WeighedOutcome, other: WeighedOutcome) -> bool:
    """Whether a gap of the one stops a change at least as surely as a gap of the other."""
    return ENFORCEMENTS.index(one.enforcement) >= ENFORCEMENTS.index(other.enforcement)


def for_of(item: WeighedOutcome) -> str:
    """The id that `approve --for` takes for this outcome."""
    if item.gate is not None:
        return item.gate
    return item.outcome.rule.approve_for or item.outcome.rule.id


def _decide(item: WeighedOutcome, context: DecisionContext) -> WeighedOutcome:
    stands = _stands_from_base(item, context.options)
    if stands is not None:
        return replace(item, outcome=item.outcome.become(stands, seen="as approved before"), blame=None)
    for_ = for_of(item)
    about = subject_of(for_, item.system_change, context)
    item = replace(item, for_=for_, digest=about.digest)
    if context.options.mode == "adoption" and item.outcome.rule.for_each == "change":
        why = "nobody in base could approve it: this is the first adoption"
        if not item.outcome.rule.may_be_debt:
            return replace(item, for_=None, digest=None, outcome=item.outcome.become("gap", seen=f"{why}; {_LATER}"))
        return replace(item, outcome=item.outcome.become("not-applicable", seen=why), blame=None)
    requests = requests_of(item, about, context)
    item = replace(item, able=_able(requests, context))
    return _with_result(item, [check_claims(request) for request in requests], context)


def _stands_from_base(item: WeighedOutcome, options: CheckOptions) -> State | None:
    """What attested evidence and claims of no concern come to where base holds the very same (D05)."""
    system_change, outcome = item.system_change, item.outcome
    if system_change is None or system_change.was is None or options.mode == "adoption" or (item.asked and item.gate):
        return None
    if outcome.key not in system_change.before:
        return None
    name = outcome.requirement.subject
    if outcome.needs_attestation is not None:
        before = system_change.was.artifacts.get(name) or system_change.was.tests.get(name)
        return "met" if before and before.attested == outcome.needs_attestation else None
    if outcome.claims_not_applicable is not None:
        was, now = (
            {claim.id: claim.reason for claim in facts.declared.entry.not_applicable}
            for facts in (system_change.was, system_change.now)
        )
        stays = any(was.get(subject) == now[subject] for subject in outcome.requirement.subjects if subject in now)
        return "not-applicable" if stays else None
    return None


def roles_of(item: WeighedOutcome, policy: RuleSet) -> tuple[str, ...]:
    """Who may settle it: the role wanted, or any one of the accountable of evidence that is vouched for."""
    requirement = item.outcome.approval or item.outcome.requirement
    if requirement.kind == "approval" and not requirement.of_accountable:
        return (requirement.subject,)
    names: tuple[str, ...] = requirement.subjects
    if requirement.of_accountable:
        names = (item.outcome.instance.partition(":")[2],)
    specs = (policy.artifacts.get(name) or policy.tests.get(name) for name in names)
    return next((tuple(spec.accountable) for spec in specs if spec), policy.owners.accountable)


def subject_of(for_: str, system_change: SystemChange | None, context: DecisionContext) -> ApprovalSubject:
    """The subject of one gate or governed change, over everything that is judged for it."""
    key = (system_change.id if system_change else None, for_)
    if key not in context.subjects:
        counted = [item.outcome for item in context.by_system.get(key[0], ()) if for_of(item) == for_]
        about = _changes_about(counted, context.changes_of(system_change))
        context.subjects[key] = subject(for_, system_change, counted, about, context.policy, context.options)
    return context.subjects[key]


def subjects_of(context: DecisionContext) -> dict[tuple[str | None, str], ApprovalSubject]:
    """Every subject that something judged asks an approval for, by system and what it is for."""
    found: dict[tuple[str | None, str], ApprovalSubject] = {}
    for item in context.weighed:
        if item.for_ is not None:
            found[item.system, item.for_] = subject_of(item.for_, item.system_change, context)
    return found


def reviewed_commits(people: People) -> tuple[str, ...]:
    """The commits that somebody who holds a role has reviewed, each once; other reviews decide nothing."""
    holders = [person for held in people.members.values() for person in held]
    found = [
        claim.commit
        for claim in people.claims
        if claim.commit and claim.problem is None and not claim.bot and any(is_same(p, claim.approver) for p in holders)
    ]
    return tuple(dict.fromkeys(found))


def _changes_about(counted: Sequence[Outcome], changes: Sequence[Change]) -> list[Change]:
    """The changes that a governed change's outcomes are about; of a system, all its weakenings with them."""
    about = {outcome.instance for outcome in counted if outcome.rule.for_each == "change"}
    return [change for change in changes if f"{change.kind}:{change.field}" in about or (change.weakening and about)]


def requests_of(item: WeighedOutcome, about: ApprovalSubject, context: DecisionContext) -> tuple[ApprovalRequest, ...]:
    """One hearing for each role that may settle the outcome."""
    authorship = _makers(item, about, context)
    return tuple(
        ApprovalRequest(
            about,
            role,
            wanted_of(item),
            item.system_change,
            authorship,
            context.policy,
            context.people,
            context.options,
            attests=item.outcome.is_attestation,
        )
        for role in roles_of(item, context.policy)
    )


def wanted_of(item: WeighedOutcome) -> int:
    """How many people must agree."""
    requirement = item.outcome.approval or item.outcome.requirement
    return requirement.count if requirement.kind == "approval" else 1


def _makers(item: WeighedOutcome, about: ApprovalSubject, context: DecisionContext) -> Authorship:
    assurance = context.policy.assurance
    if item.system_change is not None:
        wanted = assurance.authors[item.system_change.now.tier]
        paths = governed_paths(item.system_change) | _files_about(item, about, context)
        return authorship_of(context.people, paths, item.system_change.id, assurance, wanted)
    counted = [other.outcome for other in context.by_system.get(None, ()) if for_of(other) == about.for_]
    paths = frozenset(change.field for change in _changes_about(counted, context.changes_of(None)))
    return authorship_of(context.people, paths, None, assurance, assurance.authors["critical"])


def _files_about(item: WeighedOutcome, about: ApprovalSubject, context: DecisionContext) -> frozenset[str]:
    """The files, in base and in the result, in which the changes stand that the approval is about."""
    counted = [other.outcome for other in context.by_system.get(item.system, ()) if for_of(other) == about.for_]
    changes = _changes_about(counted, context.changes_of(item.system_change))
    places = (place for change in changes for place in (change.location, change.base_location))
    return frozenset(place.path for place in places if place is not None)


def _able(requests: Sequence[ApprovalRequest], context: DecisionContext) -> tuple[str, ...]:
    """Identities of those in base who hold a role that is heard and had no hand in the content."""
    found = [
        identity_among(person, context.people.members)
        for request in requests
        for person in request.people.holders(request.role)
        if may_approve(person, request)
    ]
    return tuple(dict.fromkeys(found))


def governed_paths(system_change: SystemChange) -> frozenset[str]:
    """The files of base and result that make somebody who touches them an author of this system."""
    paths: set[str] = set()
    for facts in (system_change.was, system_change.declared):
        if facts is not None:
            paths.add(facts.declared.manifest.path)
            paths.update(facts.declared.files.values())
            declared = facts.declared
            paths.update(file.path for file in (*declared.code, *declared.inside, *declared.linked))
    return frozenset(paths)


def _with_result(item: WeighedOutcome, answers: Sequence[ApprovalResult], context: DecisionContext) -> WeighedOutcome:
    outcome = item.outcome
    notes: tuple[ClaimNote, ...] = tuple(dict.fromkeys(note for answer in answers for note in answer.notes))
    approved = [answer for answer in answers if answer.approved]
    good = min(approved, key=lambda answer: answer.self_approved, default=None)
    if good is not None:
        state: State = "not-applicable" if outcome.claims_not_applicable is not None else "met"
        said = "approved" + (" (recorded, not verified)" if good.recorded else "")
        said += ", by an author of the content" if good.self_approved else ""
        settled = outcome.become(state, seen=said)
        return replace(
            item,
            outcome=settled,
            blame=None,
            claims=notes,
            self_approved=good.self_approved,
            recorded=good.recorded,
            counted=good.by,
        )
    item = replace(item, claims=notes, counted=max((answer.by for answer in answers), key=len, default=()))
    named = naming(roles_of(item, context.policy), context.people)
    item = replace(item, unheld=_unheld(item, named, context))
    # What nobody in base could agree to may merge so: policies alone (D26), first answers in time (D48).
    is_nobodys = outcome.rule.may_lack_approver and isinstance(named, NobodyNamed)
    if item.system_change is None and is_nobodys and not context.options.policies_only:
        why = "base names nobody who could approve this: put the policies in a change of their own"
        return replace(item, outcome=outcome.become("gap", seen=why))
    not_known = next((it.not_known for it in answers if it.not_known is not None), _silence(context.people))
    is_forgiven = is_nobodys and item.system_change is None  # whatever a forge that is silent might say
    if not_known is not None and not is_forgiven:
        return replace(item, outcome=outcome.become("unknown", cause="unknown", seen=not_known))
    if context.options.defer_approval:
        return replace(item, outcome=outcome.become("deferred"))
    # What is overdue anyway is no lighter for that: an unknown would only be a question there.
    if isinstance(named, NotTold) and item.blame == "introduced":
        return replace(item, outcome=outcome.become("unknown", cause="unknown", seen=named.reason))
    if not is_nobodys:
        return item
    if item.system_change is None:
        return replace(item, forgiven=True)
    until = _answers_until(item.system_change, context)
    if until is None:
        return item
    why = f"base names nobody to read these answers: until {until} they merge unread, once each"
    return replace(item, outcome=outcome.become("gap", seen=why, details=(f"so: {why}",)), forgiven=True)


def _unheld(item: WeighedOutcome, named: Naming, context: DecisionContext) -> Literal["", "nobody", "authors"]:
    """Whether nobody could approve it as things stand; whoever is in a team may always be somebody else."""
    if isinstance(named, NobodyNamed):
        return "nobody"
    roles = context.people.roles
    teams = roles is not None and any(roles.content.teams_of(role) for role in roles_of(item, context.policy))
    return "" if item.able or teams or not isinstance(named, Named) else "authors"


def _silence(people: People) -> str | None:
    """Why that nobody agreed may only be that it could not be asked; None where it was."""
    if people.missing:
        return f"approvals could not be looked up: {people.missing[0]}"
    return None if people.attributed else UNATTRIBUTED


def _answers_until(system_change: SystemChange, context: DecisionContext) -> date | None:
    """The last day for first answers that nobody reads, by base's date of enrolment; None where it has passed (D48).

    There is none for a change that enters a gate.
    """
    enrolled = system_change.was.declared.entry.enrolled if system_change.was else None
    if enrolled is None or system_change.entered:
        return None
    until = context.policy.debt.answers.after(enrolled)
    return until if context.options.as_of.date() <= until else None
