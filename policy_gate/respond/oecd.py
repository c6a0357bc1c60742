"""An incident in the words of others: the OECD's reporting framework, and the AI Act's serious incidents."""

from __future__ import annotations

from typing import Any

from policy_gate.respond.clocks import in_utc
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.incident_rules import IncidentRules

FRAMEWORK = "OECD, Towards a common reporting framework for AI incidents (2025)"


def oecd_terms(incident: Incident, rules: IncidentRules, system_name: str) -> dict[str, Any]:
    """The fields of the OECD's framework that the file answers; harms come from the type and from how serious it is."""
    severity, kind = rules.severities[incident.severity], rules.types[incident.type]
    serious = rules.serious.get(incident.serious_incident or "")
    harms = dict.fromkeys((*kind.harms, *(serious.harms if serious else ())))
    return {
        "framework": FRAMEWORK,
        "event": severity.oecd,
        "title": f"{kind.title}: {system_name}",
        "description": incident.description,
        "date_of_first_known_occurrence": in_utc(incident.occurred_at or incident.detected_at),
        "harm_types": list(harms),
        "affected_stakeholders": incident.affected_users_estimate,
        "ai_system": {"id": incident.system, "name": system_name},
    }


def ai_act_terms(incident: Incident, rules: IncidentRules) -> dict[str, Any]:
    """What the AI Act calls it; `serious` is None where nobody assessed that."""
    stated = incident.serious_incident
    term = rules.serious.get(stated or "")
    return {
        "serious": None if stated is None else stated != "none",
        "term": term.title if term else None,
        "article": term.citation if term else None,
    }
