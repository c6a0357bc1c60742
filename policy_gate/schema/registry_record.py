"""What a registry holds of one repository as of one commit: plain data, which can be stored, sent and read again.

Days are ISO 8601 dates, instants ISO 8601 in UTC; None and empty mean that nobody said so, which is not no.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from msgspec import Struct

SCHEMA: Final = "policy-gate/registry-record/v1"


class GateStatus(Struct, frozen=True):
    """A gate that the system owes: `verdict` as in a report, `missing` what its list still lacks, by id."""

    id: str
    title: str
    verdict: str
    missing: tuple[str, ...] = ()


class SystemRecord(Struct, frozen=True):
    """One system: the lesson's minimum fields, and what the full check said of it.

    `facts` are its declared and derived `system.*` values by name; None where only a report named it.
    """

    id: str
    name: str = ""
    manifest: str = ""
    description: str = ""
    owner_team: str = ""
    incident_contact: str = ""
    stage: str = ""
    stage_since: str | None = None
    deployment_date: str = ""
    enrolled: str | None = None
    tier: str = ""
    effective_tier: str = ""
    score: int | None = None
    score_range: tuple[int, int] = (0, 0)
    law_class: tuple[str, ...] = ()
    regulatory_scope: tuple[str, ...] = ()
    required_controls: tuple[str, ...] = ()
    risk_profile: Mapping[str, str] | None = None
    verdict: str = ""
    gates: tuple[GateStatus, ...] = ()
    next_due: str | None = None
    next_due_title: str = ""
    subject_digest: str = ""
    paths: tuple[str, ...] = ()
    facts: Mapping[str, Any] | None = None


class FindingRecord(Struct, frozen=True):
    """One finding that is not met: a gap, what is unknown, waived, deferred or upcoming."""

    id: str
    system: str
    state: str
    enforcement: str
    blame: str
    kind: str
    subject: str
    title: str
    message: str = ""
    due: str | None = None
    responsible: tuple[str, ...] = ()
    accountable: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    waiver: str | None = None
    path: str = ""
    line: int = 0


class LawRecord(Struct, frozen=True):
    """One row of a law that applies to a system, or from a day on will: how far the evidence for it is complete."""

    system: str
    regulation: str
    row: str
    title: str
    state: str
    applies_from: str | None = None
    due: str | None = None


class VendorRecord(Struct, frozen=True):
    """One vendor of one system, its terms as declared and what the policies make of them."""

    system: str
    id: str
    vendor_name: str = ""
    product_name: str = ""
    access_type: str = ""
    data_sent: str = ""
    sends_personal_data: bool | None = None
    has_dpa: bool | None = None
    risk: str = ""
    score: int | None = None
    open: tuple[str, ...] = ()
    assessed_on: str | None = None
    review_due: str | None = None


class ModelRecord(Struct, frozen=True):
    """A model that a system runs on: as declared, or as its code names it at `path`."""

    system: str
    name: str
    vendor: str = ""
    origin: Literal["declared", "code"] = "declared"
    pinned: bool | None = None
    retires: str | None = None
    path: str = ""


class IncidentRecord(Struct, frozen=True):
    """One incident; `clocks` are its legal clocks as (id, state, deadline)."""

    id: str
    system: str
    type: str
    severity: str
    state: str
    path: str = ""
    occurred_at: str | None = None
    detected_at: str | None = None
    resolved_at: str | None = None
    clocks: tuple[tuple[str, str, str | None], ...] = ()


class RecordedApproval(Struct, frozen=True):
    """A yes that the repository records: who, in which role, for what, on which day; `verified` by its signature."""

    system: str
    purpose: str
    role: str
    approver: str
    approved_on: str
    expires: str | None = None
    subject_digest: str = ""
    verified: bool | None = None
    path: str = ""


class WaiverRecord(Struct, frozen=True):
    """A permission to go on without something until a day."""

    system: str
    rule: str
    reason: str
    expires: str
    state: str = ""
    ticket: str = ""
    owner: str = ""
    approver: str = ""
    created: str = ""


class DueRecord(Struct, frozen=True):
    """Something that has a day: a review, a paper that ages, a waiver or key that ends, a term, a clock, a law."""

    system: str
    kind: str
    title: str
    day: str
    owner: str = ""


class AiUseRecord(Struct, frozen=True):
    """A sign of AI in a file of the repository, and the system that claims it; empty where none does."""

    path: str
    ai_product: str
    kind: str = ""
    system: str = ""


class RepositoryRecord(Struct, frozen=True):
    """All that is known of one repository.

    `source` is where it was read from as it may be shown: no credentials, no path of a machine. `error` says why it
    could not be read; then only `repository` and `source` are sure. `governed` is False where it declares no system.
    """

    repository: str
    source: str = ""
    schema: str = SCHEMA
    commit: str | None = None
    branch: str = ""
    as_of: str = ""
    tool_version: str = ""
    policies_digest: str = ""
    governed: bool = False
    verdict: str = ""
    headline: str = ""
    error: str = ""
    systems: tuple[SystemRecord, ...] = ()
    findings: tuple[FindingRecord, ...] = ()
    law: tuple[LawRecord, ...] = ()
    vendors: tuple[VendorRecord, ...] = ()
    models: tuple[ModelRecord, ...] = ()
    incidents: tuple[IncidentRecord, ...] = ()
    approvals: tuple[RecordedApproval, ...] = ()
    waivers: tuple[WaiverRecord, ...] = ()
    due: tuple[DueRecord, ...] = ()
    ai_uses: tuple[AiUseRecord, ...] = ()
