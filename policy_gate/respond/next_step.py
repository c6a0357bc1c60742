"""What is to be done next about an incident, by when, and by which roles."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from policy_gate.schema.incident_rules import IncidentRules
from policy_gate.schema.incidents import INTERNAL, Clock, IncidentFact

LEAD = "incident-response-lead"
"""the activity of the RACI matrix whose people answer incidents"""
COMMAND = "policy-gate incident"
_FLAGS: Mapping[str, str] = {
    "incident.aware_at": "--aware-at TIME",
    "incident.eu_residents_affected": "--[no-]eu-residents",
    "incident.personal_data_exposed": "--[no-]personal-data",
    "incident.risk_to_persons": "--risk WORD",
    "incident.serious_incident": "--serious WORD",
}
"""how a fact of an incident is stated"""


class NextStep(Struct, frozen=True):
    """One thing to do: in words, the command that does or records it, by when, and whose it is."""

    what: str
    command: str
    roles: tuple[str, ...]
    due: datetime | None = None


class Holder(Struct, frozen=True):
    """A role whose turn it is, and who holds it; nobody where roles.yaml names none."""

    role: str
    title: str
    people: tuple[str, ...] = ()


class DeskRow(Struct, frozen=True):
    """An incident as the desk shows it: with what comes next, and by whom."""

    fact: IncidentFact
    system_name: str
    next: NextStep | None
    by: tuple[Holder, ...]

    @property
    def is_open(self) -> bool:
        """Whether anything is left to be done about it."""
        return self.next is not None

    def urgency(self, now: datetime) -> tuple[bool, bool, float]:
        """By which rows are ordered: what law wants and is late, then what is not resolved, then what is due first."""
        late = any(clock.is_over(now) for clock in self.fact.clocks)
        return (not late, self.fact.incident.is_resolved, _due(self.next) if self.next is not None else float("inf"))


def next_step(
    fact: IncidentFact, rules: IncidentRules, lead: Sequence[str], now: datetime, drafted: Collection[str] = ()
) -> NextStep | None:
    """The most pressing thing: what law wants and is late, then triage, then what is due first, then to learn from it.

    `lead` are the roles of `LEAD`; `drafted` are the audiences for which a notice lies beside the incident. None where
    nothing is left to be done.
    """
    return next(_steps(fact, rules, tuple(lead), now, drafted), None)


def _steps(
    fact: IncidentFact, rules: IncidentRules, lead: tuple[str, ...], now: datetime, drafted: Collection[str]
) -> Iterator[NextStep]:
    incident = fact.incident
    targets = {it.id: it for it in fact.targets}
    missed = [clock for clock in _open(fact.clocks) if clock.is_over(now)]
    for clock in sorted(missed, key=lambda it: it.runs is None):
        yield _telling(fact, clock, rules, lead, drafted)
    notices = [_telling(fact, clock, rules, lead, drafted) for clock in _open(fact.clocks)]
    if not incident.is_resolved:
        if incident.first("triaged") is None:
            due = targets["sla-triage"].deadline if "sla-triage" in targets else None
            yield NextStep("Triage it", f"{COMMAND} triage {incident.id}", lead, due)
        yield from sorted([*_contained(fact, rules, lead, drafted), *notices], key=_due)
    else:
        yield from sorted(notices, key=_due)
    for clock in fact.clocks:
        if clock.is_partial:
            words = f"Send the complete report to the {clock.recipient} ({clock.id})"
            command = _notify(fact, "regulators", drafted, f" --clock {clock.id} --report complete")
            yield NextStep(words, command, _roles(rules, "regulators", lead))
    yield from _learnt(fact, lead)


def _due(step: NextStep) -> float:
    return step.due.timestamp() if step.due is not None else float("inf")


def _open(clocks: Sequence[Clock]) -> Iterator[Clock]:
    """The clocks that run, or may, and for which nobody was told."""
    return (clock for clock in clocks if clock.runs is not False and clock.noticed_at is None)


def _contained(
    fact: IncidentFact, rules: IncidentRules, lead: tuple[str, ...], drafted: Collection[str]
) -> Iterator[NextStep]:
    incident = fact.incident
    targets = {it.id: it.deadline for it in fact.targets}
    if incident.first("contained") is None:
        due = targets.get("sla-containment")
        yield NextStep("Contain it", f"{COMMAND} contain {incident.id}", lead, due)
    if incident.first("leadership-notified") is None:
        due = targets.get("sla-leadership-notify")
        yield NextStep("Tell leadership", _notify(fact, "leadership", drafted), _roles(rules, "leadership", lead), due)


def _telling(
    fact: IncidentFact, clock: Clock, rules: IncidentRules, lead: tuple[str, ...], drafted: Collection[str]
) -> NextStep:
    """What to do about a clock: tell whom law wants told, or state what decides whether it runs."""
    # Without undue delay has no hour: it comes once the harm is contained.
    contained = next((it.deadline for it in fact.targets if it.id == "sla-containment"), None)
    due = clock.deadline or contained
    if clock.runs is None:
        lacks = ", ".join(clock.missing)
        flags = " ".join(_FLAGS[name] for name in clock.missing if name in _FLAGS)
        if flags:
            command = f"{COMMAND} triage {fact.id} {flags}"
        else:
            command = f"policy-gate classify --interview --system {fact.incident.system}"
        return NextStep(f"State {lacks}: {clock.id} may run, and hangs on it", command, lead, due)
    tells = rules.clocks[clock.id].tells if clock.id in rules.clocks else ()
    if not tells:
        what = clock.title if clock.recipient == INTERNAL else f"Tell the {clock.recipient}"
        words = f"{what} ({clock.id}), and record it"
        return NextStep(words, f"{COMMAND} notify {fact.id} --audience regulators --sent --clock {clock.id}", lead, due)
    words = f"Tell {_with_article(clock.recipient)} ({clock.id})"
    roles = _roles(rules, tells[0], lead)
    return NextStep(words, _notify(fact, tells[0], drafted, f" --clock {clock.id}"), roles, due)


def _with_article(recipient: str) -> str:
    return recipient if recipient.startswith(("affected", "individuals")) else f"the {recipient}"


def _notify(fact: IncidentFact, audience: str, drafted: Collection[str], clock: str = "") -> str:
    sent = f" --sent{clock}" if audience in drafted else ""
    return f"{COMMAND} notify {fact.id} --audience {audience}{sent}"


def _roles(rules: IncidentRules, audience: str, lead: tuple[str, ...]) -> tuple[str, ...]:
    notice = rules.notices.get(audience)
    return notice.roles if notice is not None else lead


def _learnt(fact: IncidentFact, lead: tuple[str, ...]) -> Iterator[NextStep]:
    """To resolve it, and what has to follow: a cause, tests that would have caught it, a control that changed."""
    command = f'{COMMAND} resolve {fact.id} --root-cause "…" --test … --control …'
    if not fact.incident.is_resolved:
        yield NextStep("Find the cause, and resolve it with a test and a control that changed", command, lead)
    elif fact.duties_open:
        yield NextStep(f"Say what is lacking: {'; '.join(fact.duties_open)}", command, lead)
    elif fact.tests_open:
        words = f"Show that its new tests pass: {', '.join(fact.tests_open)}"
        yield NextStep(words, "policy-gate check --worktree", lead)
