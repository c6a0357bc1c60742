"""Before somebody agrees: what exactly it would be for, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.decide.approvals import requests_of, roles_of, subject_of, subjects_of, wants_approval
from policy_gate.decide.claim_check import check_claims
from policy_gate.decide.decide import settled
from policy_gate.decide.decision_context import DecisionContext
from policy_gate.decide.finding_text import title_of
from policy_gate.decide.subject_digest import whole_subject
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.documents.spelling import choices_hint, refuse_unknown
from policy_gate.errors import UsageError
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.change import Change
from policy_gate.schema.dates import Period
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
    against: str | None = None


def subjects_of_change(
    context: DecisionContext, base: Snapshot, people: People
) -> dict[tuple[str | None, str], ApprovalSubject]:
    """Every subject that this change, as blamed, asks an approval for, by system and what it is for."""
    return subjects_of(settled(context, base, people)[0])


def subjects_asked(
    context: DecisionContext, base: Snapshot, people: People, system: str | None, for_: str | None
) -> tuple[ApprovalSubject, ...]:
    """Those of one system (or of none), or the one asked for; the system's own content where there is none."""
    context, _ = settled(context, base, people)
    place = _place(context, system)
    if for_ is not None:
        return (_asked(context, place, for_),)
    found = tuple(subject for (owner, _), subject in subjects_of(context).items() if owner == system)
    return found or ((whole_subject(place),) if place is not None else ())


def approval_preview(
    context: DecisionContext,
    base: Snapshot,
    people: People,
    system: str | None,
    for_: str,
    claim: Claim,
) -> ApprovalPreview:
    """What a claim for this would be for, with what would be said of it."""
    context, _ = settled(context, base, people)
    place = _place(context, system)
    subject = _asked(context, place, for_)
    refuse_unknown("role", (claim.role or "",), context.policy.roles, choices_hint)
    asked = [item for item in context.weighed if item.for_ == for_ and item.system_change is place]
    about = [item for item in context.weighed if item.system_change is place]
    return ApprovalPreview(
        subject,
        context.evaluation.changes_by_system.get(system, ()),
        tuple(dict.fromkeys(title_of(item, context.policy) for item in about if _is_missing(item, for_))),
        tuple(dict.fromkeys(role for item in asked for role in roles_of(item, context.policy))),
        context.options.target_branch,
        context.policy.assurance.valid_for,
        _against(asked, subject, replace(claim, digest=subject.digest), context),
    )


def _is_missing(item: WeighedOutcome, for_: str) -> bool:
    """Work that the gate still wants, approvals aside."""
    is_work = item.outcome.requirement.kind != "approval" and not wants_approval(item)
    return is_work and item.gate == for_ and item.outcome.state in ("gap", "unknown") and item.asked


def _against(
    items: Sequence[WeighedOutcome], subject: ApprovalSubject, claim: Claim, context: DecisionContext
) -> str | None:
    """Why the claim alone would not count; None where some outcome would take it."""
    said = []
    for item in items:
        alone = replace(context, people=replace(context.people, claims=(claim,), missing=()))
        for request in requests_of(item, subject, alone):
            notes = check_claims(request).notes
            if any(note.counts for note in notes):
                return None
            said += [note.why for note in notes]
    return said[0] if said else f"nothing asks {claim.role} to approve it"


def _place(context: DecisionContext, system: str | None) -> SystemChange | None:
    place = None if system is None else context.systems.get(system)
    if system is not None and place is None:
        known = ", ".join(context.systems)
        hint = (
            f"it touches {known}"
            if known
            else "it touches none: is this the author's branch, and the base the right one?"
        )
        raise UsageError(f"this change touches no system {system!r}", hint=hint)
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
