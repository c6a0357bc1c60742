"""What the items of the incident desk come to, compiled."""

from __future__ import annotations

from policy_gate.policy.items import Item
from policy_gate.policy.requirements import RequirementCompiler
from policy_gate.schema.incident_rules import (
    BindsLater,
    IncidentClock,
    IncidentSeverity,
    IncidentType,
    Need,
    Notice,
    NoticeSection,
    Rests,
    SeriousIncidentTerm,
)


def incident_type(item: Item) -> IncidentType:
    """A kind of incident."""
    spec = item.spec
    return IncidentType(
        id=spec.id,
        title=spec.title,
        about=spec.about,
        first_actions=tuple(spec.first_actions),
        containment_options=tuple(spec.containment_options),
        reopens_data=spec.reopens_data,
        harms=tuple(spec.harms),
    )


def incident_severity(item: Item) -> IncidentSeverity:
    """How fast an incident so severe is answered."""
    spec = item.spec
    return IncidentSeverity(
        id=spec.id,
        title=spec.title,
        triage=spec.triage,
        containment=spec.containment,
        leadership_notify=spec.leadership_notify,
        escalation=tuple(spec.escalation),
        window=spec.window,
        oecd=spec.oecd,
    )


def serious_incident(item: Item) -> SeriousIncidentTerm:
    """A word of `serious_incident`."""
    spec = item.spec
    return SeriousIncidentTerm(id=spec.id, title=spec.title, citation=spec.citation, harms=tuple(spec.harms))


def incident_clock(item: Item, compiler: RequirementCompiler) -> IncidentClock | None:
    """A legal clock; None where one of its conditions has faults."""
    spec = item.spec
    conditions = [compiler.condition(need.that, "needs", index, "that") for index, need in enumerate(spec.needs)]
    needs = [Need(that, need.otherwise) for that, need in zip(conditions, spec.needs, strict=True) if that is not None]
    later_days = [compiler.condition(it.when, "binds_later", i, "when") for i, it in enumerate(spec.binds_later)]
    later = [BindsLater(it.from_, when) for it, when in zip(spec.binds_later, later_days, strict=True) if when]
    resting = [compiler.condition(it.when, "rests", i, "when") for i, it in enumerate(spec.rests)]
    rests = [Rests(when, it.because) for it, when in zip(spec.rests, resting, strict=True) if when is not None]
    if len(needs) < len(conditions) or len(later) < len(later_days) or len(rests) < len(resting):
        return None
    return IncidentClock(
        id=spec.id,
        title=spec.title,
        law=spec.law,
        needs=tuple(needs),
        starts=spec.starts,
        hours=spec.hours,
        days=spec.days,
        business_days=spec.business_days,
        before=spec.before,
        calendar=spec.calendar,
        zone=spec.zone,
        applies_from=spec.applies_from,
        binds_later=tuple(later),
        rests=tuple(rests),
        recipient=spec.recipient,
        tells=tuple(spec.tells),
        note=spec.note,
        reports=tuple(spec.reports),
        citation=spec.citation,
        checked=spec.checked,
        checked_on=spec.checked_on,
    )


def incident_notice(item: Item, compiler: RequirementCompiler) -> Notice | None:
    """A notice to one audience; None where one of its conditions has faults."""
    spec = item.spec
    parts = []
    for index, part in enumerate(spec.parts):
        when = compiler.condition(part.when, "parts", index, "when") if part.when is not None else None
        if part.when is not None and when is None:
            return None
        parts.append(NoticeSection(part.title, part.asks, when))
    return Notice(id=spec.id, title=spec.title, about=spec.about, parts=tuple(parts), roles=tuple(spec.roles))
