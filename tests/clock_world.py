"""An incident and what is stated of its system, for tests of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from policy_gate.app.views import builtin_policies
from policy_gate.facts.incidents import incident_values
from policy_gate.respond.clocks import clocks_of
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.incident_rules import IncidentRules
from policy_gate.schema.incidents import Clock

POLICY: Final = builtin_policies()
RULES: Final = POLICY.incidents or IncidentRules()
AWARE: Final = "2026-11-20T10:00:00Z"
LEAK: Final[Mapping[str, Any]] = {
    "schema": "policy-gate/incident/v1",
    "id": "INC-2026-001",
    "system": "SYS-001",
    "type": "privacy_violation",
    "severity": "high",
    "description": "A customer saw the address of another.",
    "occurred_at": "2026-11-20T07:00:00Z",
    "detected_at": "2026-11-20T09:00:00Z",
    "aware_at": AWARE,
    "eu_residents_affected": True,
    "personal_data_exposed": True,
    "risk_to_persons": "risk",
    "serious_incident": "none",
}
"""a breach of personal data whose 72 hours run"""

SYSTEM: Final[Mapping[str, Any]] = {
    "system.law_class": ["eu-ai-act:high-risk-annex-iii"],
    "system.annex_iii_points": ["4-a"],
    "system.role": ["provider", "deployer"],
    "system.gpai_provider": True,
    "system.commission_designated": True,
    "system.training_compute_flops": 1e26,
    "system.us_phi": True,
}
"""a system for which every clock could run"""


def written(*without: str, **said: Any) -> Incident:
    """The leak as its file would tell it, with something else said and some fields left out."""
    return Incident.model_validate({name: it for name, it in {**LEAK, **said}.items() if name not in without})


def clocks(incident: Incident, system: Mapping[str, Any] = SYSTEM) -> dict[str, Clock]:
    """Every clock of the built-in policies for an incident of a system of which this is stated."""
    values = {**system, **incident_values(incident, POLICY)}
    return {it.id: it for it in clocks_of(incident, values, RULES)}


def at(text: str, **later: float) -> datetime:
    """A moment as ISO 8601 writes it, so much later."""
    return datetime.fromisoformat(text) + timedelta(**later)


def notified(clock: str, when: datetime, **said: str) -> dict[str, str]:
    """A step of the timeline in which somebody was told."""
    return {"at": when.isoformat(), "step": "notified", "clock": clock, "by": "rae@example.com", **said}
