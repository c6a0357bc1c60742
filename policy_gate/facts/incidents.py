"""Incidents of a snapshot as facts of the systems they name, with clocks and duties worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from policy_gate.facts.declared_facts import known_hint, problem_at
from policy_gate.respond.clocks import clocks_of, targets_of
from policy_gate.respond.duties import duties_open, tests_open
from policy_gate.schema.facts import Facts
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.incident_rules import IncidentRules
from policy_gate.schema.incidents import IncidentFact
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document, Problem


def with_incidents(
    facts: Facts, documents: Sequence[Document[Incident]], files: Mapping[str, str], policy: RuleSet
) -> Facts:
    """The facts of a system with the incidents that name it."""
    own = [IncidentFact(it, files, {}) for it in documents if it.content.system == facts.id]
    if not own:
        return facts
    problems = (problem for it in own for problem in unknown_words(it.document, policy.incidents))
    return replace(facts, incidents=assessed_incidents(own, facts, policy), problems=(*facts.problems, *problems))


def unknown_words(document: Document[Incident], rules: IncidentRules | None) -> Iterator[Problem]:
    """Types and clocks that the policies do not know: nothing would follow from them."""
    incident = document.content
    if rules is None:
        return
    if incident.type not in rules.types:
        message = f'there is no type of incident "{incident.type}"'
        yield problem_at(document.at("type"), message, known_hint(incident.type, rules.types))
    named: list[tuple[tuple[str | int, ...], str | None]] = []
    named += [(("timeline", index, "clock"), entry.clock) for index, entry in enumerate(incident.timeline)]
    named += [((name, id_), id_) for name in ("clock_starts", "not_required") for id_ in getattr(incident, name)]
    for way, id_ in named:
        if id_ is not None and id_ not in rules.clocks:
            yield problem_at(document.at(*way), f'there is no clock "{id_}"', known_hint(id_, rules.clocks))


def assessed_incidents(incidents: Iterable[IncidentFact], facts: Facts, policy: RuleSet) -> tuple[IncidentFact, ...]:
    """The incidents with what the policies make of each, for a system of which these are the facts."""
    found = tuple(incidents)
    if not found or policy.incidents is None:
        return found
    system = facts.values
    return tuple(_assessed(it, system, facts, policy) for it in found)


def _assessed(fact: IncidentFact, system: dict[str, Any], facts: Facts, policy: RuleSet) -> IncidentFact:
    incident, rules = fact.incident, policy.incidents
    assert rules is not None  # noqa: S101 - asked by the caller
    values = incident_values(incident, policy)
    controls = {*policy.plain_rules, *policy.controls, *policy.gates}
    return replace(
        fact,
        values=values,
        clocks=clocks_of(incident, {**system, **values}, rules),
        targets=targets_of(incident, rules),
        duties_open=duties_open(incident, fact.files, {*policy.tests, *facts.tests}, controls),
        tests_open=tests_open(incident, facts.tests, policy.tests),
    )


def incident_values(incident: Incident, policy: RuleSet) -> dict[str, Any]:
    """The `incident.*` values that stand in its file; what it does not state is absent."""
    kind = policy.incidents.types.get(incident.type) if policy.incidents else None
    stated = {
        "affected_users_estimate": incident.affected_users_estimate,
        "eu_residents_affected": incident.eu_residents_affected,
        "personal_data_exposed": incident.personal_data_exposed,
        "risk_to_persons": incident.risk_to_persons,
        "serious_incident": incident.serious_incident,
    }
    return {
        "incident.id": incident.id,
        "incident.type": incident.type,
        "incident.severity": incident.severity,
        "incident.state": incident.state,
        "incident.is_open": not incident.is_resolved,
        "incident.reopens_data": kind is not None and kind.reopens_data,
        "incident.detected_on": incident.detected_at.date().isoformat(),
        "incident.data_role": incident.data_role,
        **{f"incident.{name}": value for name, value in stated.items() if value is not None},
    }
