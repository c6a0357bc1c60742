"""Base's evidence under the stricter facts of the change: what telling the truth alone brings to light (D21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policy_gate.schema.facts import Change, Facts

OF_EVIDENCE = ("has_model_card", "has_vendors", "claims_code", "has_incident_contact", "stage", "from_stage")
"""Facts about what a system has, not about what it is: these stay base's."""


def as_if_raised(was: Sequence[Facts], now: Sequence[Facts], changes: Sequence[Change]) -> tuple[Facts, ...]:
    """For each system whose facts the change raises without advancing its stage: base's evidence, judged as raised."""
    raised = {change.system for change in changes if change.raising}
    later = {facts.id: facts for facts in now}
    return tuple(_raised(facts, later[facts.id]) for facts in was if facts.id in raised and facts.id in later)


def _raised(was: Facts, now: Facts) -> Facts:
    kept = {f"system.{name}" for name in OF_EVIDENCE}
    values = {name: value for name, value in now.values.items() if name not in kept}
    values.update({name: value for name, value in was.values.items() if name in kept})
    return replace(
        was,
        values=values,
        score=now.score,
        score_tier=now.score_tier,
        tier=now.tier,
        tier_range=now.tier_range,
        floors=now.floors,
        law_class=now.law_class,
        regulations=now.regulations,
    )
