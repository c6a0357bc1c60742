"""Records of a small organisation, and registries that are filled with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policy_gate.registry.store import Registry
from policy_gate.schema.registry_record import (
    AiUseRecord,
    DueRecord,
    FindingRecord,
    GateStatus,
    IncidentRecord,
    LawRecord,
    ModelRecord,
    RecordedApproval,
    RepositoryRecord,
    SystemRecord,
    VendorRecord,
    WaiverRecord,
)


def system(id_: str = "SYS-001", **given: Any) -> SystemRecord:
    """A system with something in every field."""
    said: dict[str, Any] = {
        "name": "Hiring Resume Screener",
        "manifest": "governance.yaml",
        "description": "Ranks applications.",
        "owner_team": "People Ops",
        "incident_contact": "oncall@example.org",
        "stage": "production",
        "stage_since": "2026-05-01",
        "deployment_date": "2026-05-01",
        "tier": "high",
        "effective_tier": "high",
        "score": 13,
        "score_range": (13, 14),
        "law_class": ("eu-ai-act:high-risk",),
        "regulatory_scope": ("eu-ai-act", "nyc-ll-144"),
        "required_controls": ("human-oversight",),
        "risk_profile": {"decision_impact": "employment", "human_oversight": "partial"},
        "verdict": "block",
        "gates": (GateStatus("release", "Release review", "block", ("red-team-report",)),),
        "next_due": "2026-11-01",
        "next_due_title": "Bias audit",
        "subject_digest": "sha256:1",
        "paths": ("screener/**",),
        "facts": {"system.tier": "high", "system.users": ["staff"]},
    }
    return SystemRecord(id_, **(said | given))


def record(name: str = "acme/screener", *systems: SystemRecord, **given: Any) -> RepositoryRecord:
    """A repository in which each system has one row of every kind."""
    own = systems or (system(),)
    ids = [it.id for it in own]
    said: dict[str, Any] = {
        "source": f"https://git.example.org/{name}",
        "commit": "c" * 40,
        "branch": "main",
        "as_of": "2026-11-29",
        "tool_version": "1.0",
        "policies_digest": "sha256:p",
        "governed": True,
        "verdict": "block",
        "headline": "1 system owes something",
        "systems": own,
        "findings": tuple(
            FindingRecord("f1", it, "gap", "block", "existing", "artifact", "red-team-report", "No red-team report",
                          "missing", "2026-11-20", ("engineering",), ("ciso",), ("release",), None, "a.md", 3)
            for it in ids
        ),
        "law": tuple(LawRecord(it, "eu-ai-act", "art-9", "Risk management", "gap", "2026-08-02", None) for it in ids),
        "vendors": tuple(
            VendorRecord(it, "openai", "OpenAI", "API", "api", "applications", True, False, "high", 9, ("no-dpa",))
            for it in ids
        ),
        "models": tuple(ModelRecord(it, "gpt-4", "openai", "code", False, "2026-01-01", "a.py") for it in ids),
        "incidents": tuple(
            IncidentRecord("INC-1", it, "bias", "high", "open", "i.yaml", "2026-11-01T00:00:00Z",
                           clocks=(("art-73", "running", "2026-11-16"), ("dpa", "met", None)))
            for it in ids
        ),
        "approvals": tuple(
            RecordedApproval(it, "release", "ciso", "Ann", "2026-05-01", None, "sha256:1", True, "a.yaml") for it in ids
        ),
        "waivers": tuple(
            WaiverRecord(it, "red-team", "later", "2026-12-31", "active", "T-1", "Bo", "Ann", "2026-05-01")
            for it in ids
        ),
        "due": tuple(DueRecord(it, "review", "Bias audit", "2026-11-01", "People Ops") for it in ids),
        "ai_uses": (*(AiUseRecord("a.py", "openai", "import", it) for it in ids), AiUseRecord("b.py", "anthropic")),
    }  # fmt: skip
    return RepositoryRecord(name, **(said | given))


def synced(registry: Registry, at: str, records: Sequence[RepositoryRecord], asked_for: str = "x") -> list[bool]:
    """One whole sync; for each record whether it said something new."""
    registry.begin_sync("1.0", f"{at}T10:00:00Z")
    done = [registry.record(it, asked_for) for it in records]
    registry.end_sync(f"{at}T10:01:00Z")
    return done
