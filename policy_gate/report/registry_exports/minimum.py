"""The least that a registry of AI systems says of each, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policy_gate.report.formats.json import dumped
from policy_gate.report.registry_exports.csv import joined, table
from policy_gate.schema.registry_record import RepositoryRecord, SystemRecord

SCHEMA: Final = "policy-gate/registry-minimum/v1"


def minimum_csv(records: Sequence[RepositoryRecord]) -> str:
    """One line a system, and in it the eight fields that everybody keeps."""
    systems = [system for record in records for system in record.systems]
    return table([_cells(system) for system in systems or [SystemRecord("")]], empty=not systems)


def minimum_json(records: Sequence[RepositoryRecord]) -> str:
    """`{"schema", "systems": [{…}]}` with the same eight fields, of which `regulatory_scope` is a list."""
    systems = [system for record in records for system in record.systems]
    told = [_cells(it) | {"regulatory_scope": list(dict.fromkeys(it.regulatory_scope))} for it in systems]
    return dumped({"schema": SCHEMA, "systems": told})


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
