"""What a finding says of the one thing that it is about, besides what its rule says."""

from __future__ import annotations

from typing import Final

from policy_gate.schema.rule import Requirement
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.target_instances import TargetInstance
from policy_gate.schema.vocabulary import SEVERITIES

_OF_ALL: Final = ("vendor.open_findings", "vendor.risk_", "vendor.use_approved")
"""what rests on all that is open about a vendor"""
_BY_SEVERITY: Final = "vendor.open_severities"


def told_of(instance: TargetInstance, requirement: Requirement, policy: RuleSet) -> str:
    """Which one it is and what was seen of it; of a vendor the findings that the requirement asks about."""
    if instance.open_findings is None:
        return instance.told
    shown = ", ".join(_asked_about(instance.open_findings, requirement, policy))
    named = f"Vendor {instance.name}{f': {shown}' if shown else ''}."
    return " ".join(filter(None, (named, instance.told)))


def _asked_about(found: tuple[str, ...], requirement: Requirement, policy: RuleSet) -> tuple[str, ...]:
    condition = requirement.condition.text if requirement.condition else ""
    if not condition or any(name in condition for name in _OF_ALL):
        return found  # whoever is asked for a yes sees all of it
    named = {it for it in SEVERITIES if f'"{it}"' in condition} if _BY_SEVERITY in condition else set()
    return tuple(it for it in found if it in policy.vendor_findings and policy.vendor_findings[it].severity in named)
