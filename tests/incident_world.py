"""Incidents for tests that look at them through the command: their files, at times counted from now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

PATH = "governance/incidents/INC-1.yaml"
LEARNT: dict[str, Any] = {
    "root_cause": "The cache key left the tenant out, so one tenant's answer was given to another.",
    "new_tests": ["tests/test_tenants.py"],
    "control_changes": ["bias-testing"],
}
SUPPORT_BOT = """\
schema: policy-gate/manifest/v1
systems:
  - id: SYS-002
    name: Support Bot
    owner_team: Support
    incident_contact: ai-oncall@example.com
    stage: production
    paths: []
    facts: {role: [deployer], us_phi: false, gpai_provider: false, annex_iii_points: []}
    risk_profile: {}
"""
"""The manifest of a system in production for tests of the desk."""
FILES = {"tests/test_tenants.py": "def test_no_answer_crosses() -> None: ...\n"}


def hours_ago(hours: float) -> str:
    """A moment so many hours before now, as an incident's file writes it."""
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours)
    return moment.isoformat().replace("+00:00", "Z")


def step(name: str, ago: float, **fields: str) -> dict[str, str]:
    return {"at": hours_ago(ago), "step": name, "by": "rae@example.com", **fields}


def incident(**fields: Any) -> dict[str, str]:
    """The file of one incident, open and detected ten hours ago; a field that is None is left out."""
    told = {
        "schema": "policy-gate/incident/v1",
        "id": "INC-1",
        "system": "SYS-001",
        "type": "availability",
        "severity": "high",
        "description": "The screener gave no answers.",
        "occurred_at": hours_ago(12),
        "detected_at": hours_ago(10),
        "aware_at": hours_ago(9),
        "eu_residents_affected": False,
        "personal_data_exposed": False,
        "serious_incident": "none",
        **fields,
    }
    kept = {name: value for name, value in told.items() if value is not None}
    return {f"governance/incidents/{told['id']}.yaml": yaml.safe_dump(kept, sort_keys=False)}
