"""Before somebody agrees: what exactly it would be for, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policy_gate.errors import UsageError
from policy_gate.govern.approvals import Bar, hearings_of, roles_of, subject_of, subjects_of, wants_approval
from policy_gate.govern.claims import hear
from policy_gate.govern.judged import Judged
from policy_gate.govern.settle import bar_of
from policy_gate.govern.standing import Standing
from policy_gate.govern.subject import whole_subject
from policy_gate.govern.wording import title_of
from policy_gate.schema.dates import Period
from policy_gate.schema.facts import Change
from policy_gate.schema.judgement import Judgement
from policy_gate.schema.papers import Terms
from policy_gate.schema.people import Claim, People
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.subject import Subject


@dataclass(frozen=True, slots=True)
class Proposal:
    """A subject, what changed since base, what is still missing for it, and why a yes would not count."""

    subject: Subject
    changes: tuple[Change, ...]
    missing: tuple[str, ...]
    roles: tuple[str, ...]
    """the roles that it is asked of"""
    target_branch: str
    valid_for: Period
    against: str = ""


def subjects(
    judgement: Judgement, base: Snapshot, people: People, terms: Terms
) -> dict[tuple[str | None, str], Subject]:
    """Every subject that this change asks an approval for, by system and what it is for."""
    return subjects_of(bar_of(judgement, base, people, terms)[0])


def subjects_asked(
    judgement: Judgement, base: Snapshot, people: People, terms: Terms, system: str | None, for_: str | None
) -> tuple[Subject, ...]:
    """Those of one system (or of none), or the one asked for; the system's own content where there is none."""
    bar, places, _ = bar_of(judgement, base, people, terms)
    place = _place(places, system)
    if for_ is not None:
        return (_asked(bar, place, for_),)
    found = tuple(subject for (owner, _), subject in subjects_of(bar).items() if owner == system)
    return found or ((whole_subject(place),) if place is not None else ())


def proposal(
    judgement: Judgement, base: Snapshot, people: People, terms: Terms, system: str | None, for_: str, claim: Claim
) -> Proposal:
    """What a claim for this would be for, with what would be said of it."""
    bar, places, _ = bar_of(judgement, base, people, terms)
    place = _place(places, system)
    subject = _asked(bar, place, for_)
    if claim.role not in judgement.law.roles:
        raise UsageError(f'no role "{claim.role}"', hint=f"there are {', '.join(judgement.law.roles)}")
    asked = [item for item in bar.judged if item.for_ == for_ and item.standing is place]
    about = [item for item in bar.judged if item.standing is place]
    return Proposal(
        subject,
        tuple(change for change in bar.changes if change.system == system),
        tuple(dict.fromkeys(title_of(item, bar.law) for item in about if _is_missing(item, for_))),
        tuple(dict.fromkeys(role for item in asked for role in roles_of(item, bar.law))),
        terms.target_branch,
        judgement.law.assurance.valid_for,
        _against(asked, subject, replace(claim, digest=subject.digest), bar),
    )


def _is_missing(item: Judged, for_: str) -> bool:
    """Work that the gate still wants, approvals aside."""
    is_work = item.outcome.requirement.kind != "approval" and not wants_approval(item)
    return is_work and item.gate == for_ and item.outcome.state in ("gap", "unknown") and item.asked


def _against(items: Sequence[Judged], subject: Subject, claim: Claim, bar: Bar) -> str:
    """Why the claim alone would not count; empty where some outcome would take it."""
    said = []
    for item in items:
        alone = replace(bar, people=replace(bar.people, claims=(claim,), missing=()))
        for hearing in hearings_of(item, subject, alone):
            notes = hear(hearing).notes
            if any(note.counts for note in notes):
                return ""
            said += [note.why for note in notes]
    return said[0] if said else f"nothing asks {claim.role} to approve it"


def _place(places: Sequence[Standing], system: str | None) -> Standing | None:
    place = next((place for place in places if place.id == system), None)
    if system is not None and place is None:
        known = ", ".join(place.id for place in places)
        raise UsageError(f"this change touches no system {system!r}", hint=f"it touches {known or 'none'}")
    return place


def _asked(bar: Bar, place: Standing | None, for_: str) -> Subject:
    asked = sorted({item.for_ for item in bar.judged if item.for_ and item.standing is place})
    if for_ not in asked:
        about = f" of {place.id}" if place else ""
        raise UsageError(
            f"this change asks for no approval of {for_!r}{about}",
            hint=f"it asks for {', '.join(asked) or 'none'}",
        )
    return subject_of(for_, place, bar)
