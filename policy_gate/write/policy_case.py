"""A skeleton of a policy case: one in which the rule fires, and one in which it does not."""

from __future__ import annotations

from typing import Any

from policy_gate.documents.writer import yaml_text
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.vocabulary import STAGES, TIERS

PROFILES = {
    "low": {},
    "medium": {"decision_impact": "financial", "human_oversight": "partial", "user_vulnerability": "general_public"},
    "high": {
        "decision_impact": "employment",
        "human_oversight": "partial",
        "data_sensitivity": "sensitive",
        "user_vulnerability": "general_public",
        "decision_reversibility": "difficult_to_reverse",
        "deployment_scale": "thousands",
    },
    "critical": {
        "decision_impact": "life_safety",
        "human_oversight": "none",
        "data_sensitivity": "special_category",
        "user_vulnerability": "vulnerable_populations",
    },
}
"""Answers that lay a plain system of tier low into each tier by the built-in points."""


_KIND = lazy_pattern(r'change\.kind\s*(?:==|in\s*\[)\s*"([a-z-]+)"')


def skeleton(rule: Rule) -> str:
    """Two cases as YAML; what cannot be known from the rule is a plain guess to correct."""
    setting = _setting(rule)
    wanted = [f"{want.kind}:{want.subject}" for want in _plain(rule.requirements)]
    # Nobody approves in a case, so a rule about a change rests where the change is not made.
    never = wanted if rule.for_each == "change" else [want for want in wanted if not want.startswith("approval:")]
    fires = {
        "id": f"{rule.id}-fires",
        "title": f"{rule.title}: nothing is there",
        "rule": rule.id,
        **setting,
        "expect": [{"requirement": want, "state": "gap", "rules": [rule.id]} for want in wanted],
    }
    rests = {
        "id": f"{rule.id}-rests",
        "title": f"{rule.title}: nothing is wanted",
        "rule": rule.id,
        **{name: value for name, value in setting.items() if name != "changes"},
        "all_met": True,
        "never": never or [f"{rule.kind}:{rule.id}"],
    }
    return yaml_text({"schema": "policy-gate/case/v1", "cases": [fires, rests]})


def _plain(requirements: tuple[Requirement, ...]) -> list[Requirement]:
    return [part for want in requirements for part in (want.alternatives or (want,))]


def _setting(rule: Rule) -> dict[str, Any]:
    tier = max(rule.tiers, key=TIERS.index, default="low")
    setting: dict[str, Any] = {"profile": PROFILES[tier]} if PROFILES[tier] else {}
    if rule.gate is not None:
        setting["stage"] = STAGES[3]
        setting["from_stage"] = "none"
    if rule.for_each == "change":
        named = _KIND.search(rule.when.text) if rule.when else None
        setting["changes"] = [{"kind": named[1] if named else rule.id}]
    return setting
