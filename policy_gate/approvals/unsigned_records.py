"""Approval records in the repository that nobody signed: `governance/approvals/*.yaml` of the result.

Anybody can type a name, so a claim from here is only `recorded`; whether that counts, and whether the
commit that adds it carries the approver's own address (D14), is decided elsewhere.
"""

from __future__ import annotations

from policy_gate.approvals.records import claim_of
from policy_gate.approvals.source import ApprovalQuery, SourceAnswer


def fetch(query: ApprovalQuery) -> SourceAnswer:
    """The claim of each record that has no signature, or that base holds already, in path order."""
    unsigned = (record for record in query.records if not record.is_signed)
    return SourceAnswer("records", tuple(claim_of(record, query.commits) for record in unsigned))
