"""The least that a registry of AI systems says of each, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from policy_gate.report.registry_exports.csv import joined, table
from policy_gate.schema.registry_record import RepositoryRecord, SystemRecord


def minimum_csv(records: Sequence[RepositoryRecord]) -> str:
    """One line a system, and in it the eight fields that everybody keeps."""
    systems = [system for record in records for system in record.systems]
    return table([_cells(system) for system in systems or [SystemRecord("")]], empty=not systems)


def _cells(system: SystemRecord) -> dict[str, object]:
    return {
        "system_id": system.id,
        "system_name": system.name,
        "owner_team": system.owner_team,
        "deployment_date": system.deployment_date,
        "risk_tier": system.effective_tier or system.tier,
        "regulatory_scope": joined(system.regulatory_scope),
        "governance_gate_status": joined(f"{gate.id}: {gate.verdict}" for gate in system.gates) or system.verdict,
        "incident_contact": system.incident_contact,
    }
