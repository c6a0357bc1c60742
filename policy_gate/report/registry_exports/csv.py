"""Systems as a table of comma-separated values (RFC 4180), which no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from policy_gate.report.sanitise import csv_cell
from policy_gate.schema.registry_record import RepositoryRecord, SystemRecord


def systems_csv(records: Sequence[RepositoryRecord]) -> str:
    """One line a system, with a line of names first; lists are joined by `; `."""
    rows = [_cells(record, system) for record in records for system in record.systems]
    return table(rows or [_cells(RepositoryRecord(""), SystemRecord(""))], empty=not rows)


def table(rows: Sequence[dict[str, object]], *, empty: bool = False) -> str:
    """Rows with the same keys, their names first; with `empty` only the names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows[0])
    for row in () if empty else rows:
        writer.writerow([csv_cell("" if value is None else str(value)) for value in row.values()])
    return out.getvalue()


def _cells(record: RepositoryRecord, system: SystemRecord) -> dict[str, object]:
    mine = [it for it in record.findings if it.system == system.id]
    return {
        "repository": record.repository,
        "commit": record.commit,
        "as_of": record.as_of,
        "id": system.id,
        "name": system.name,
        "owner_team": system.owner_team,
        "incident_contact": system.incident_contact,
        "stage": system.stage,
        "deployment_date": system.deployment_date,
        "tier": system.tier,
        "effective_tier": system.effective_tier,
        "score": system.score,
        "law_class": joined(system.law_class),
        "regulatory_scope": joined(system.regulatory_scope),
        "verdict": system.verdict,
        "gates": joined(f"{gate.id}: {gate.verdict}" for gate in system.gates),
        "open_findings": len(mine),
        "next_due": system.next_due,
        "next_due_title": system.next_due_title,
        "vendors": joined(it.vendor_name or it.id for it in record.vendors if it.system == system.id),
        "models": joined(it.name for it in record.models if it.system == system.id),
    }


def joined(texts: Iterable[str]) -> str:
    """A list in one cell."""
    return "; ".join(dict.fromkeys(texts))
