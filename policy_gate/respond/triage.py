"""The first look at an incident: how fast it is answered, who is called, and what is done at once."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from policy_gate.schema.incident_document import Incident
from policy_gate.schema.incident_rules import IncidentRules


class Triage(Struct, frozen=True):
    """What a severity and a type ask for; `sla` are minutes from when the incident was detected."""

    sla: Mapping[str, int]
    escalation: tuple[str, ...]
    first_actions: tuple[str, ...]
    window: str

    @property
    def immediate_actions(self) -> tuple[str, ...]:
        return (*self.escalation, *self.first_actions)


def triage_of(incident: Incident, rules: IncidentRules) -> Triage:
    """What the policies say of an incident of this severity and type, both of which they know."""
    severity, kind = rules.severities[incident.severity], rules.types[incident.type]
    sla = {
        "triage": severity.triage,
        "containment": severity.containment,
        "leadership_notify": severity.leadership_notify,
    }
    return Triage(
        sla=sla,
        escalation=tuple(_filled(line, sla) for line in severity.escalation),
        first_actions=kind.first_actions,
        window=severity.window,
    )


def _filled(line: str, sla: Mapping[str, int]) -> str:
    for name, minutes in sla.items():
        line = line.replace(f"{{{name}}}", str(minutes))
    return line
