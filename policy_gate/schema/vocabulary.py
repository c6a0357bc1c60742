"""The closed word lists of the field: tiers, stages, dimensions, states, enforcement, blame, verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Tier = Literal["low", "medium", "high", "critical"]
TIERS: Final[tuple[Tier, ...]] = ("low", "medium", "high", "critical")

Stage = Literal["conception", "development", "pre_deployment", "production", "deprecated", "decommissioned"]
STAGES: Final[tuple[Stage, ...]] = (
    "conception",
    "development",
    "pre_deployment",
    "production",
    "deprecated",
    "decommissioned",
)

DIMENSIONS: Final = (
    "decision_impact",
    "human_oversight",
    "data_sensitivity",
    "user_vulnerability",
    "deployment_scale",
    "decision_reversibility",
)

ROLES_FILE: Final = "policies/roles.yaml"
"""Where roles stand as long as policy-gate.yaml names no other folder of policies."""

RETIRED: Final = ("deprecated", "decommissioned")
LIVE: Final = ("production", "deprecated")
"""The stages in which a system may run for real: what is deprecated still does, until it is decommissioned."""

Enforcement = Literal["advise", "remediate", "block"]
ENFORCEMENTS: Final[tuple[Enforcement, ...]] = ("advise", "remediate", "block")

State = Literal["met", "gap", "unknown", "waived", "deferred", "upcoming", "not-applicable"]
STATES: Final[tuple[State, ...]] = ("gap", "unknown", "waived", "deferred", "upcoming", "met", "not-applicable")

Cause = Literal[
    "stale",
    "undated",
    "draft",
    "thin",
    "template",
    "empty",
    "absent",
    "not-run",
    "failed",
    "unknown",
    "refused",
    "not-approved",
    "false",
]
CAUSE_RANK: Final[dict[str, int]] = {
    "stale": 1, "undated": 2, "draft": 3, "thin": 4, "template": 5, "empty": 5, "refused": 6, "absent": 6,
    "not-run": 6, "failed": 6, "unknown": 6, "not-approved": 6, "false": 6,
}  # fmt: skip
"""From better to worse (D21); equal ranks are equally bad."""


def cause_rank(cause: str | None) -> int:
    """How bad a cause is; what lacks without one is as bad as what is not known."""
    return CAUSE_RANK[cause or "unknown"]


VendorTier = Literal["low", "medium", "high"]
VENDOR_TIERS: tuple[VendorTier, ...] = ("low", "medium", "high")
Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")
"""How much a finding about a vendor weighs, or an incident, from less to more."""

Risk = Literal["none", "risk", "high"]
RISKS: tuple[Risk, ...] = ("none", "risk", "high")
"""To persons whose data was exposed, from less to more."""
SeriousIncident = Literal[
    "none", "death", "serious_harm", "critical_infrastructure", "fundamental_rights", "property_or_environment",
    "widespread",
]  # fmt: skip
SERIOUS_INCIDENTS: tuple[SeriousIncident, ...] = (
    *("none", "death", "serious_harm", "critical_infrastructure", "fundamental_rights", "property_or_environment"),
    "widespread",
)
DataRole = Literal["controller", "processor"]

WaiverFault = Literal["waiver-expired", "waiver-unused", "waiver-too-broad", "waiver-refused"]
WAIVER_FAULTS: Final[tuple[WaiverFault, ...]] = (
    "waiver-expired",
    "waiver-unused",
    "waiver-too-broad",
    "waiver-refused",
)
"""What can be wrong with a waiver; what each weighs and how it reads stands in the policies."""

Held = Literal[
    "tier", "law-class", "fact", "regulations", "stage", "code", "limits", "vendor", "vendor-answer", "evidence-date",
    "entry-date", "model-end", "incident", "nothing",
]  # fmt: skip
"""What of base judges for the whole of a change that weakens it (D41); `fact` is a dimension or a fact."""

Blame = Literal["introduced", "inherited", "overdue"]
Verdict = Literal["pass", "conditions", "undecided", "block"]
VERDICTS: Final[tuple[Verdict, ...]] = ("pass", "conditions", "undecided", "block")
"""From best to worst (D24)."""

EXIT_CODES: Final[dict[Verdict, int]] = {"pass": 0, "conditions": 0, "undecided": 3, "block": 1}

Scope = Literal["systems", "none", "undeclared", "unknown"]
Presence = Literal["added", "enrolled", "changed", "removed", "unchanged"]
Layer = Literal["builtin", "organisation", "repository"]
Subject = Literal["system", "vendor", "change", "metric", "model", "test", "incident"]
"""What a rule speaks of, one at a time; `rule_targets` says what each is."""


def tier_rank(tier: str) -> int:
    """0 for low to 3 for critical."""
    return TIERS.index(tier)


def stage_rank(stage: str) -> int:
    """0 for conception to 5 for decommissioned."""
    return STAGES.index(stage)


NOTHING_CHANGED: Final = "nothing governed changed"
"""the one line that says so (D04)"""

FACT_TYPES: Final[Mapping[str, str]] = {
    "BOOL": "true or false",
    "INT": "a whole number",
    "DOUBLE": "a number",
    "STRING": "a text",
    "LIST<STRING>": "a list of texts",
}
"""What a fact of each type is, in words."""
