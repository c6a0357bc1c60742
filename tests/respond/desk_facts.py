"""An incident as the desk sees it: its file, its clocks and its duties, by the built-in policies. No git, no disk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from decision_world import RULES as POLICY
from decision_world import facts

from policy_gate.facts.incidents import assessed_incidents
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.incident_rules import IncidentRules
from policy_gate.schema.incidents import IncidentFact
from policy_gate.schema.source import Document

RULES: Final = POLICY.incidents or IncidentRules()
STATED: Final = {"role": ["deployer"], "us_phi": False, "gpai_provider": False, "annex_iii_points": []}
SEEN: Final[Mapping[str, Any]] = {
    "schema": "policy-gate/incident/v1",
    "id": "INC-1",
    "system": "SYS-001",
    "type": "privacy_violation",
    "severity": "high",
    "description": "A customer saw the address of another.",
    "occurred_at": "2026-11-20T07:00:00Z",
    "detected_at": "2026-11-20T09:00:00Z",
    "aware_at": "2026-11-20T10:00:00Z",
    "affected_users_estimate": 3,
    "eu_residents_affected": True,
    "personal_data_exposed": True,
    "risk_to_persons": "risk",
    "serious_incident": "none",
}


def incident(*steps: Mapping[str, Any] | str, **said: Any) -> Incident:
    """A leak at high severity with these steps; `"triaged 20T10:20"` is a step at a minute of November 2026, UTC.

    A field that is None is left out.
    """
    timeline = [step if isinstance(step, Mapping) else _step(step) for step in steps]
    told = {name: value for name, value in {**SEEN, **said}.items() if value is not None}
    return Incident.model_validate({**told, "timeline": timeline})


def _step(text: str) -> dict[str, str]:
    step, at, *clock = text.split()
    more = {"clock": clock[0]} if clock else {}
    return {"at": f"2026-11-{at}:00Z", "step": step, "by": "rae@example.com", **more}


def seen(
    *steps: Mapping[str, Any] | str,
    stated: Mapping[str, Any] = STATED,
    files: Mapping[str, str] | None = None,
    results: Mapping[str, str] | None = None,
    **said: Any,
) -> IncidentFact:
    """The same as a fact of a system that states this of itself and has these results of tests; `files` are there."""
    document = Document("governance/incidents/INC-1.yaml", "", incident(*steps, **said), {})
    (found,) = assessed_incidents(
        [IncidentFact(document, dict(files or {}), {})], facts(facts=dict(stated), tests=dict(results or {})), POLICY
    )
    return found


def at(text: str) -> datetime:
    """`"20T10:20"`: a minute of November 2026, UTC."""
    return datetime.fromisoformat(f"2026-11-{text}:00").replace(tzinfo=UTC)
