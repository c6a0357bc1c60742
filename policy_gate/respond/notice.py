"""A notice to one audience: which sections it needs, what of them is known, and what somebody has to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from policy_gate.respond.clocks import in_utc
from policy_gate.respond.post_incident import moments
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.incident_rules import IncidentClock, IncidentRules, Notice, NoticeSection
from policy_gate.schema.incidents import Clock, IncidentFact

_OPEN = "not known yet"


class NoticePart(Struct, frozen=True):
    """A section of a draft: what is known, and what is asked of whoever writes it; None where all is said."""

    title: str
    known: tuple[str, ...]
    asks: str | None


class NoticeContext(Struct, frozen=True):
    """What the incident's file does not say: its system, whom users turn to, and who writes the notice."""

    system_name: str
    contact: str = ""
    writers: str = ""


def wanted_sections(notice: Notice, values: Mapping[str, Any]) -> tuple[NoticeSection, ...]:
    """The sections that a notice needs: all but those whose condition is false of this incident."""
    return tuple(part for part in notice.parts if part.when is None or part.when.truth(values).value is not False)


def parts_of(notice: Notice, fact: IncidentFact, about: NoticeContext, now: datetime) -> tuple[NoticePart, ...]:
    """The sections that this notice needs, each with what is known."""
    found = []
    for part in wanted_sections(notice, fact.values_at(now)):
        known = _KNOWN.get(part.title.casefold())
        lines = tuple(known(fact, about, now)) if known is not None else ()
        is_whole = bool(lines) and not any(_OPEN in it for it in lines) and (notice.id, part.title.casefold()) in _WHOLE
        found.append(NoticePart(part.title, lines, None if is_whole else part.asks))
    return tuple(found)


def clocks_for(audience: str, clocks: Sequence[Clock], rules: IncidentRules, now: datetime) -> tuple[Clock, ...]:
    """The clocks that run and that a notice to this audience stops, those too of which only a first report is sent."""
    return tuple(
        clock
        for clock in clocks
        if audience in _tells(rules.clocks.get(clock.id))
        and (clock.state(now) in ("running", "overdue") or (clock.runs and clock.is_partial))
    )


def _tells(spec: IncidentClock | None) -> tuple[str, ...]:
    return spec.tells if spec is not None else ()


def _nature(fact: IncidentFact, about: NoticeContext, _: datetime) -> Iterator[str]:
    incident = fact.incident
    yield f"What happened: {incident.description}"
    for name, words in (("occurred_at", "It began"), ("detected_at", "It was found"), ("aware_at", "It was certain")):
        moment = getattr(incident, name)
        yield f"{words}: {in_utc(moment) if moment is not None else _OPEN}"
    if incident.attack_vector:
        yield f"The way in: {incident.attack_vector}"


def _scope(fact: IncidentFact, about: NoticeContext, now: datetime) -> Iterator[str]:
    incident = fact.incident
    yield f"The system: {about.system_name} ({incident.system})"
    yield from _number(fact, about, now)
    for value, words in (
        (incident.eu_residents_affected, "People in the EU are affected"),
        (incident.personal_data_exposed, "Personal data was exposed"),
    ):
        yield f"{words}: {_OPEN if value is None else 'yes' if value else 'no'}"


def _number(fact: IncidentFact, _: NoticeContext, __: datetime) -> Iterator[str]:
    number = fact.incident.affected_users_estimate
    yield f"About how many people are affected: {_OPEN if number is None else number}"


def _done(fact: IncidentFact, _: NoticeContext, __: datetime) -> Iterator[str]:
    for entry in fact.incident.timeline:
        if entry.step == "contained":
            yield f"{in_utc(entry.at)}: {entry.what or f'contained; how is {_OPEN}'}"


def _plan(fact: IncidentFact, _: NoticeContext, __: datetime) -> Iterator[str]:
    incident: Incident = fact.incident
    if incident.root_cause:
        yield f"The cause: {' '.join(incident.root_cause.split())}"
    if incident.control_changes:
        yield f"What was changed: {', '.join(incident.control_changes)}"
    if incident.new_tests:
        yield f"What tests for it now: {', '.join(incident.new_tests)}"


def _timeline(fact: IncidentFact, _: NoticeContext, __: datetime) -> Iterator[str]:
    for moment in moments(fact):
        yield f"{in_utc(moment.at)}: {moment.what}"


def _contact(_: IncidentFact, about: NoticeContext, __: datetime) -> Iterator[str]:
    if about.writers:
        yield f"Who writes this: {about.writers}"


def _delay(fact: IncidentFact, _: NoticeContext, now: datetime) -> Iterator[str]:
    for clock in fact.clocks:
        if clock.is_over(now):
            yield f"{clock.id} ended {in_utc(clock.deadline)}"


def _happened(fact: IncidentFact, _: NoticeContext, __: datetime) -> Iterator[str]:
    yield fact.incident.description


def _data(fact: IncidentFact, _: NoticeContext, __: datetime) -> Iterator[str]:
    if fact.incident.personal_data_exposed is False:
        yield "None of your personal data was exposed."


def _support(_: IncidentFact, about: NoticeContext, __: datetime) -> Iterator[str]:
    if about.contact:
        yield f"Write to {about.contact}"


def _rights(fact: IncidentFact, _: NoticeContext, __: datetime) -> Iterator[str]:
    yield "You may ask us which of your data we hold, have it corrected, and have it deleted."
    if fact.incident.eu_residents_affected is not False:
        yield "If you live in the EU, you may lodge a complaint with your data protection authority."


def _regulatory(fact: IncidentFact, _: NoticeContext, now: datetime) -> Iterator[str]:
    for clock in fact.clocks:
        state = clock.state(now)
        if state in ("running", "overdue"):
            until = f"until {in_utc(clock.deadline)}" if clock.deadline else "without undue delay"
            told = f"ended {in_utc(clock.deadline)}, and nobody was told" if state == "overdue" else f"runs, {until}"
            yield f"{clock.id} {told}: {clock.title}"
        elif state == "unknown":
            yield f"Whether {clock.id} runs is not known: {', '.join(clock.missing)}"


_KNOWN: Mapping[str, Callable[[IncidentFact, NoticeContext, datetime], Iterator[str]]] = {
    "nature of the incident": _nature,
    "scope": _scope,
    "categories and number of individuals": _number,
    "immediate actions": _done,
    "measures taken or proposed": _done,
    "remediation plan": _plan,
    "timeline": _timeline,
    "data protection contact": _contact,
    "reasons for delay": _delay,
    "what happened": _happened,
    "what data may have been affected": _data,
    "how to get support": _support,
    "your rights": _rights,
    "business impact": _number,
    "regulatory risk": _regulatory,
}
"""what is known of a section, by its title"""
_WHOLE = frozenset(
    {("regulators", "nature of the incident"), ("regulators", "timeline"), ("regulators", "immediate actions")}
)
"""sections that need no more words where something of them is known"""
