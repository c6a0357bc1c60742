"""Before somebody agrees: what exactly it would be for, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.decide.approvals import DecisionContext, requests_of, roles_of, subject_of, subjects_of, wants_approval
from policy_gate.decide.claim_check import check_claims
from policy_gate.decide.decide import context_of
from policy_gate.decide.finding_text import title_of
from policy_gate.decide.subject_digest import whole_subject
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.errors import UsageError
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.check_inputs import CheckOptions
from policy_gate.schema.dates import Period
from policy_gate.schema.evaluation import Evaluation
from policy_gate.schema.facts import Change
from policy_gate.schema.people import Claim, People
from policy_gate.schema.snapshot import Snapshot


class ApprovalPreview(Struct, frozen=True):
    """A subject, what changed since base, what is still missing for it, and why a yes would not count."""

    subject: ApprovalSubject
    changes: tuple[Change, ...]
    missing: tuple[str, ...]
    roles: tuple[str, ...]
    """the roles that it is asked of"""
    target_branch: str
    valid_for: Period
    against: str = ""


def subjects_of_change(
    evaluation: Evaluation, base: Snapshot, people: People, options: CheckOptions
) -> dict[tuple[str | None, str], ApprovalSubject]:
    """Every subject that this change asks an approval for, by system and what it is for."""
    return subjects_of(context_of(evaluation, base, people, options)[0])


def subjects_asked(
    evaluation: Evaluation, base: Snapshot, people: People, options: CheckOptions, system: str | None, for_: str | None
) -> tuple[ApprovalSubject, ...]:
    """Those of one system (or of none), or the one asked for; the system's own content where there is none."""
    context, places, _ = context_of(evaluation, base, people, options)
    place = _place(places, system)
    if for_ is not None:
        return (_asked(context, place, for_),)
    found = tuple(subject for (owner, _), subject in subjects_of(context).items() if owner == system)
    return found or ((whole_subject(place),) if place is not None else ())


def approval_preview(
    evaluation: Evaluation,
    base: Snapshot,
    people: People,
    options: CheckOptions,
    system: str | None,
    for_: str,
    claim: Claim,
) -> ApprovalPreview:
    """What a claim for this would be for, with what would be said of it."""
    context, places, _ = context_of(evaluation, base, people, options)
    place = _place(places, system)
    subject = _asked(context, place, for_)
    if claim.role not in evaluation.policy.roles:
        raise UsageError(f'no role "{claim.role}"', hint=f"there are {', '.join(evaluation.policy.roles)}")
    asked = [item for item in context.weighed if item.for_ == for_ and item.system_change is place]
    about = [item for item in context.weighed if item.system_change is place]
    return ApprovalPreview(
        subject,
        tuple(change for change in context.changes if change.system == system),
        tuple(dict.fromkeys(title_of(item, context.policy) for item in about if _is_missing(item, for_))),
        tuple(dict.fromkeys(role for item in asked for role in roles_of(item, context.policy))),
        options.target_branch,
        evaluation.policy.assurance.valid_for,
        _against(asked, subject, replace(claim, digest=subject.digest), context),
    )


def _is_missing(item: WeighedOutcome, for_: str) -> bool:
    """Work that the gate still wants, approvals aside."""
    is_work = item.outcome.requirement.kind != "approval" and not wants_approval(item)
    return is_work and item.gate == for_ and item.outcome.state in ("gap", "unknown") and item.asked


def _against(items: Sequence[WeighedOutcome], subject: ApprovalSubject, claim: Claim, context: DecisionContext) -> str:
    """Why the claim alone would not count; empty where some outcome would take it."""
    said = []
    for item in items:
        alone = replace(context, people=replace(context.people, claims=(claim,), missing=()))
        for request in requests_of(item, subject, alone):
            notes = check_claims(request).notes
            if any(note.counts for note in notes):
                return ""
            said += [note.why for note in notes]
    return said[0] if said else f"nothing asks {claim.role} to approve it"


def _place(places: Sequence[SystemChange], system: str | None) -> SystemChange | None:
    place = next((place for place in places if place.id == system), None)
    if system is not None and place is None:
        known = ", ".join(place.id for place in places)
        raise UsageError(f"this change touches no system {system!r}", hint=f"it touches {known or 'none'}")
    return place


def _asked(context: DecisionContext, place: SystemChange | None, for_: str) -> ApprovalSubject:
    asked = sorted({item.for_ for item in context.weighed if item.for_ and item.system_change is place})
    if for_ not in asked:
        about = f" of {place.id}" if place else ""
        raise UsageError(
            f"this change asks for no approval of {for_!r}{about}",
            hint=f"it asks for {', '.join(asked) or 'none'}",
        )
    return subject_of(for_, place, context)
