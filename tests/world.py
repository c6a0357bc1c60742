"""The scratch world before any change: people, policies, roles, and the lesson's three systems as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

TODAY = datetime.now(UTC).date()
SafeDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
BaseLoader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
STAGES = ("conception", "development", "pre_deployment", "production", "deprecated", "decommissioned")
AUTHOR = "Bo Author"

ROLE_HOLDERS = {
    "ciso": "Ada Example",
    "ai-governance-committee": "Ada Example",
    "ai-safety-lead": "Rae Kim",
    "dpo": "Dee Ortiz",
    "legal": "Lin Park",
    "engineering": "Sam Lee",
    "engineering-manager": "Sam Lee",
    "product": "Pat Moss",
    "product-owner": "Pat Moss",
    "security-lead": "Sol Ito",
    "executive": "Eve Stone",
}
"""Who holds each role in `base_files`; the author holds none."""

GATE_ROLES = ("ciso", "legal", "product-owner")
"""Who approves that SYS-001 enters pre_deployment."""


def email_of(name: str) -> str:
    """`Ada Example` -> `ada@example.com`."""
    return f"{name.split(maxsplit=1)[0].lower()}@example.com"


def days_ago(days: int) -> str:
    """The ISO date that many days before today (UTC)."""
    return (TODAY - timedelta(days=days)).isoformat()


def to_yaml(data: Any) -> str:
    """Plain data as YAML text, key order kept."""
    text: str = yaml.dump(data, Dumper=SafeDumper, sort_keys=False, allow_unicode=True, width=1000)
    return text


def from_yaml(text: str) -> Any:
    """YAML text as plain data with dates as text, as policy-gate reads it."""
    return yaml.load(text, Loader=BaseLoader)  # noqa: S506 (it makes only text, lists and maps)


def org_policy(**assurance: Any) -> dict[str, Any]:
    """The layer that opts in aloud to recorded approvals for every tier; override any assurance key."""
    recorded = dict.fromkeys(("low", "medium", "high", "critical"), "recorded")
    return {
        "schema": "policy-gate/policy/v1",
        "about": "Approvals by record, for a repository without a forge.",
        "assurance": {"approvals": recorded, "governed_changes": "recorded", **assurance},
    }


def roles(**holders: str | None) -> dict[str, Any]:
    """roles.yaml; `roles(ciso="Bo Author", legal=None)` moves a role or leaves it out (`_` for `-`)."""
    held = ROLE_HOLDERS | {role.replace("_", "-"): name for role, name in holders.items()}
    return {
        "schema": "policy-gate/roles/v1",
        "roles": {role: {"members": [{"name": name, "email": email_of(name)}]} for role, name in held.items() if name},
    }


def base_files() -> dict[str, str]:
    """Law, roles and configuration of a minimal governed repository; no manifest yet."""
    return {
        "policy-gate.yaml": to_yaml({"schema": "policy-gate/config/v1", "repository": "example-org/screener"}),
        "policies/org.yaml": to_yaml(org_policy()),
        "policies/roles.yaml": to_yaml(roles()),
        "README.md": "# Scratch\n",
    }


def high_system(stage: str = "development", **overrides: Any) -> dict[str, Any]:
    """SYS-001 of the lesson: 13 points, high. `risk_profile={...}` is laid over the profile."""
    return _system(
        {
            "id": "SYS-001",
            "name": "Hiring Resume Screener",
            "description": "AI ranks and filters job applicants based on resume content",
            "owner_team": "People Ops",
            "incident_contact": "ai-oncall@example.com",
            "stage": stage,
            "risk_profile": {
                "decision_impact": "employment",
                "human_oversight": "partial",
                "data_sensitivity": "sensitive",
                "user_vulnerability": "general_public",
                "deployment_scale": "thousands",
                "decision_reversibility": "difficult_to_reverse",
            },
            "regulatory_scope": ["EU_AI_Act", "GDPR", "EEOC"],
            "facts": {"eu_market": True, "annex_iii_points": ["4-a"]},
            "model_card": "MODEL_CARD.md",
            "paths": ["screener/**"],
        },
        overrides,
    )


def medium_system(stage: str = "development", **overrides: Any) -> dict[str, Any]:
    """SYS-002 of the lesson: 11 points, medium."""
    return _system(
        {
            "id": "SYS-002",
            "name": "Customer Service Chatbot",
            "description": "LLM chatbot for billing and account questions",
            "owner_team": "Customer Success",
            "incident_contact": "ai-oncall@example.com",
            "stage": stage,
            "risk_profile": {
                "decision_impact": "financial",
                "human_oversight": "partial",
                "data_sensitivity": "sensitive",
                "user_vulnerability": "general_public",
                "deployment_scale": "thousands",
                "decision_reversibility": "reversible",
            },
            "regulatory_scope": ["GDPR", "CCPA"],
            "model_card": "chatbot/MODEL_CARD.md",
            "paths": ["chatbot/**"],
        },
        overrides,
    )


def low_system(stage: str = "development", **overrides: Any) -> dict[str, Any]:
    """SYS-003 of the lesson: 6 points, low."""
    return _system(
        {
            "id": "SYS-003",
            "name": "Internal Document Summarizer",
            "description": "Summarizes internal meeting notes and reports",
            "owner_team": "Engineering",
            "incident_contact": "ai-oncall@example.com",
            "stage": stage,
            "risk_profile": {
                "decision_impact": "informational",
                "human_oversight": "full",
                "data_sensitivity": "sensitive",
                "user_vulnerability": "professionals",
                "deployment_scale": "internal",
                "decision_reversibility": "reversible",
            },
            "paths": ["summariser/**"],
        },
        overrides,
    )


def _system(entry: dict[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    profile = entry["risk_profile"] | overrides.get("risk_profile", {})
    merged = entry | dict(overrides) | {"risk_profile": {k: v for k, v in profile.items() if v is not None}}
    return {key: value for key, value in merged.items() if value is not None}
