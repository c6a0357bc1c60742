"""A skeleton of a policy case: one in which the rule fires, and one in which it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policy_gate.documents.writer import yaml_text
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule import Rule
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


_STATED = lazy_pattern(r'"([a-z_]+)" in system\.declared')
_KIND = lazy_pattern(r'change\.kind\s*(?:==|in\s*\[)\s*"([a-z-]+)"')


_SUBJECTS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "vendor": (
        {"id": "acme", "access_type": "api", "data_classes": ["personal"]},
        {"id": "acme", "access_type": "api", "has_dpa": False, "opt_out_of_training": False},
        {"id": "acme", "access_type": "api", "data_retention_days": 400, "assessed_on": "2020-01-01"},
        {
            "id": "acme",
            "has_dpa": True,
            "announced": [{"field": "has_dpa", "from": "2030-01-01", "value": False, "source": "https://acme.example"}],
        },
        {
            "id": "acme",
            "access_type": "api",
            "data_classes": ["personal", "special_category"],
            "has_dpa": False,
            "soc2_type2_certified": False,
            "opt_out_of_training": False,
            "penetration_tested": False,
            "data_retention_days": 400,
            "has_fallback_provider": False,
            "audit_rights": False,
            "sla_uptime_percentage": 90.0,
            "assessed_on": "2020-01-01",
        },
    ),
    "metric": (
        {"name": "accuracy", "value": 0.5, "threshold": 0.9},
        {"name": "accuracy", "threshold": 0.9},
        *(
            {"name": "accuracy", "value": 0.95, "threshold": 0.9, "evidence": word}
            for word in ("contradicted", "unread")
        ),
    ),
    "incident": (
        {"severity": "critical", "type": "data_poisoning"},
        {"severity": "high", "detected_at": "2026-01-01T00:00Z"},
    ),
    "model": ({"name": "gpt-4o"}, {"name": "gpt-4o", "version": "2024-08-06"}),
}
"""What a case may tell of the subject that a rule is about, the plainest that is wrong first"""
_LISTS: Mapping[str, str] = {"vendor": "vendors", "metric": "metrics", "incident": "incidents"}

_MOVES_ON: Mapping[str, Any] = {
    "stage": "pre_deployment",
    "from_stage": "development",
    "changes": [{"kind": "stage-advanced", "field": "stage", "before": "development", "after": "pre_deployment"}],
}


def firing(rule: Rule) -> Iterator[dict[str, Any]]:
    """Cases in which the rule may fire, the plainest first."""
    wanted = _wanted(rule)
    for setting in _settings(rule):
        yield {
            "id": f"{rule.id}-fires",
            "title": f"{rule.title}: nothing is there",
            "rule": rule.id,
            **setting,
            "expect": [{"requirement": want, "state": "gap", "rules": [rule.id]} for want in wanted],
        }


def resting(rule: Rule, setting: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Cases in which the rule may rest, the one with the least difference to one in which it fires first."""
    wanted = _wanted(rule)
    # Nobody approves in a case, so a rule about a change rests where the change is not made.
    never = wanted if rule.for_each == "change" else [want for want in wanted if not want.startswith("approval:")]
    told = {name: value for name, value in setting.items() if name not in ("id", "title", "rule", "expect", "changes")}
    subjects = {_LISTS.get(rule.for_each, "entry")}
    for left in (told, {name: value for name, value in told.items() if name not in subjects}):
        yield {
            "id": f"{rule.id}-rests",
            "title": f"{rule.title}: nothing is wanted",
            "rule": rule.id,
            **left,
            "all_met": True,
            "never": never or [f"{rule.kind}:{rule.id}"],
        }


def as_file(cases: Sequence[Mapping[str, Any]], wrong: Sequence[str]) -> str:
    """Cases as the YAML of a file for policies/tests/, with what is still wrong about them in front."""
    told = [f"# Correct this before you keep it: {said}\n" for said in wrong]
    return "".join(told) + yaml_text({"schema": "policy-gate/case/v1", "cases": [dict(case) for case in cases]})


def _wanted(rule: Rule) -> list[str]:
    return [f"{want.kind}:{want.subject}" for want in rule.requirements]


def _settings(rule: Rule) -> Iterator[dict[str, Any]]:
    """A guess by the rule alone; then the tiers and stages in which it may be meant, with what it may be about."""
    first = _setting(rule)
    yield first
    if rule.kind != "rule":
        return
    for told in _subjects(rule, first):
        for stages in ({}, {"stage": "production"}, _MOVES_ON):
            for tier in TIERS:
                profile = {"profile": PROFILES[tier]} if PROFILES[tier] else {}
                yield {**profile, **stages, **told, **_facts(rule)}


def _facts(rule: Rule) -> dict[str, Any]:
    """The facts that have to be true by what its condition says of them."""
    named = _STATED.findall(rule.when.text) if rule.when else ()
    true = {
        name: True for name in named if rule.when and re.search(rf"&& system\.{name}\b(?! *[=!<>])", rule.when.text)
    }
    return {"facts": true} if true else {}


def _subjects(rule: Rule, first: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The part of a case that tells of one vendor, metric, incident, model or change."""
    for change in first.get("changes", ()):
        yield {"changes": [change]}
        yield {"changes": [{**change, "before": "a", "after": "b", "confidence": "high"}]}
    for subject in _SUBJECTS.get(rule.for_each, ()):
        name = _LISTS.get(rule.for_each)
        yield {name: [subject]} if name else {"entry": {"models": [subject]}}
    if rule.for_each == "system":
        yield {}


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
