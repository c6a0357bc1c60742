"""The shipped policies say what the lesson says: points, control lists, gates, card fields, RACI.

The literals are the lesson's, in our spelling; where its logic was mended the comment says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from policy_gate.collect.policy_files import builtin_layer
from policy_gate.policy.load import load_policies
from policy_gate.schema.rule import Requirement
from policy_gate.schema.rule_set import RuleSet


@pytest.fixture(scope="module")
def policy() -> RuleSet:
    return load_policies((builtin_layer(with_cases=False),))


POINTS = {
    "decision_impact": {
        "life_safety": 5,
        "employment": 4,
        "financial": 3,
        "access_to_services": 3,
        "reputational": 2,
        "informational": 1,
    },
    "human_oversight": {"none": 4, "partial": 2, "full": 1},
    "data_sensitivity": {"special_category": 4, "highly_sensitive": 3, "sensitive": 2, "non_sensitive": 1},
    "user_vulnerability": {"vulnerable_populations": 4, "general_public": 2, "professionals": 1},
    "deployment_scale": {"millions": 3, "hundreds_of_thousands": 2, "thousands": 1, "internal": 0},
    "decision_reversibility": {"irreversible": 3, "difficult_to_reverse": 2, "reversible": 1},
}

CONTROLS = {
    "critical": """independent-security-assessment privacy-impact-assessment bias-audit-third-party
        red-team-engagement continuous-monitoring mandatory-human-review-of-decisions explainability-capability
        board-or-executive-level-approval regulatory-filing-or-notification quarterly-review
        incident-response-plan rollback-capability stakeholder-impact-assessment ongoing-bias-monitoring
        appeal-mechanism-for-affected-persons""",
    "high": """security-assessment privacy-impact-assessment bias-testing red-team-engagement production-monitoring
        human-escalation-path model-card ciso-approval incident-response-plan annual-review rollback-capability""",
    "medium": """security-checklist privacy-review basic-bias-testing production-monitoring model-card
        engineering-manager-approval bi-annual-review""",
    "low": "security-checklist basic-documentation annual-review",
}

# What a tier owes beyond its own list: a lower tier's control that none of its own stands for.
ALSO_DEMANDED = {
    "critical": {"model-card", "ciso-approval", "engineering-manager-approval"},
    "high": {"engineering-manager-approval"},
    "medium": set(),
    "low": set(),
}

GATES: dict[str, dict[str, Any]] = {
    "development-authorization": {
        "from": "conception",
        "to": "development",
        "artifacts": [
            "system-description",
            "risk-tier-classification",
            "intended-use-statement",
            "data-governance-plan",
            "privacy-impact-assessment (draft)",
        ],
        "approvals": ["ai-governance-committee"],
        "tests": [],
        "tiers": ["critical", "high", "medium"],
        "enforcement": "block",
    },
    "pre-deployment-security-review": {
        "from": "development",
        "to": "pre_deployment",
        "artifacts": [
            "model-card (final)",
            "security-assessment-report",
            "bias-evaluation-results",
            "red-team-report",
            "incident-response-plan",
            "privacy-impact-assessment (final)",
            "data-lineage-documentation",
        ],
        "approvals": ["ciso", "legal", "product-owner"],
        "tests": [
            "security-penetration-test",
            "adversarial-robustness-evaluation",
            "bias-benchmark-suite",
            "out-of-distribution-testing",
        ],
        "tiers": ["critical", "high"],
        "enforcement": "block",
    },
    "production-deployment": {
        "from": "pre_deployment",
        "to": "production",
        "artifacts": [
            "deployment-runbook",
            "monitoring-and-alerting-setup",
            "rollback-procedure",
            "on-call-playbook",
        ],
        "approvals": ["engineering-manager", "security-lead"],
        "tests": ["smoke-test-suite", "shadow-mode-validation (if applicable)"],
        "tiers": ["critical", "high", "medium"],
        "enforcement": "block",
    },
    "annual-production-review": {
        "from": "production",
        "to": "production",
        "artifacts": [
            "annual-performance-report",
            "bias-drift-assessment",
            "security-incident-log-review",
            "model-card-update",
        ],
        "approvals": ["product-owner", "ai-safety-lead"],
        "tests": ["bias-benchmark-rerun", "adversarial-robustness-rerun"],
        "tiers": ["critical", "high"],
        "enforcement": "remediate",
    },
    "deprecation": {
        "from": "production",
        "to": "deprecated",
        "artifacts": [
            "deprecation-notice (if applicable)",
            "data-retention-and-deletion-plan",
            "migration-documentation",
        ],
        "approvals": ["product-owner"],
        "tests": [],
        "tiers": ["critical", "high", "medium", "low"],
        "enforcement": "remediate",
    },
}

SIX = ("ciso", "ai-safety-lead", "dpo", "legal", "engineering", "product")
RACI = {
    "risk-tier-classification": "A R C C R I",
    "security-assessment": "A R I I C I",
    # the lesson has the DPO responsible and accountable; the controller's side is, the DPO advises
    "privacy-impact-assessment": "C I C C R A",
    "bias-evaluation": "C A/R I I R C",
    "deployment-gate-approval": "A C C C R C",
    "incident-response-lead": "A R C C R I",
    # the lesson names two accountable roles; Legal is the one
    "regulatory-filings": "I I R A/R I I",
    "vendor-dpa-negotiation": "C I R A/R I I",
    "red-team-program": "A R I I C I",
    "annual-ai-system-review": "A R C C R R",
}


def spelled(requirement: Requirement) -> str:
    if requirement.status:
        return f"{requirement.subject} ({requirement.status})"
    return (
        f"{requirement.subject} (if applicable)"
        if requirement.when and not _is_for_people(requirement)
        else (requirement.subject)
    )


def _is_for_people(requirement: Requirement) -> bool:
    """Whether it falls away by nothing but stated facts that nobody is affected: ours, not the lesson's (D57)."""
    return all('"processes_personal_data" in system.declared' in condition.text for condition in requirement.when)


def of_kind(kind: str, requirements: Iterable[Requirement]) -> list[str]:
    return [spelled(requirement) for requirement in requirements if requirement.kind == kind]


def test_the_points_and_thresholds_are_the_lessons(policy: RuleSet) -> None:
    assert {spec.id: spec.points for spec in policy.scoring.dimensions} == POINTS
    assert policy.scoring.thresholds == (("critical", 17), ("high", 12), ("medium", 7), ("low", 0))
    assert policy.scoring.score_range == (5, 23)


@pytest.mark.parametrize("tier", sorted(CONTROLS))
def test_the_controls_of_a_tier_are_the_lessons_in_its_order(policy: RuleSet, tier: str) -> None:
    assert list(policy.controls_by_tier[tier]) == CONTROLS[tier].split()


@pytest.mark.parametrize("tier", sorted(ALSO_DEMANDED))
def test_a_higher_tier_never_owes_less_than_a_lower_one(policy: RuleSet, tier: str) -> None:
    assert set(policy.demanded[tier]) == set(CONTROLS[tier].split()) | ALSO_DEMANDED[tier]


@pytest.mark.parametrize("gate", sorted(GATES))
def test_a_gate_asks_for_what_the_lesson_lists(policy: RuleSet, gate: str) -> None:
    spec, lesson = policy.gates[gate], GATES[gate]
    rule = next(rule for rule in policy.rules if (rule.kind, rule.id) == ("gate", gate))
    assert (spec.from_, spec.to) == (lesson["from"], lesson["to"])
    assert of_kind("artifact", rule.requirements) == lesson["artifacts"]
    assert of_kind("approval", rule.requirements) == lesson["approvals"]
    assert of_kind("test", rule.requirements) == lesson["tests"]
    assert len(rule.requirements) == len(lesson["artifacts"] + lesson["approvals"] + lesson["tests"])
    assert (list(spec.tiers), rule.enforcement) == (lesson["tiers"], lesson["enforcement"])
    assert sorted({*spec.tiers, *spec.none_for}) == ["critical", "high", "low", "medium"]


def test_the_other_gates_are_ours(policy: RuleSet) -> None:
    assert set(policy.gates) - set(GATES) == {"decommissioning", "reclassification-review"}


@pytest.mark.parametrize("activity", sorted(RACI))
def test_the_raci_is_the_lessons_with_one_accountable_role(policy: RuleSet, activity: str) -> None:
    spec = policy.raci[activity]
    cells = dict(zip(SIX, RACI[activity].split(), strict=True))
    assert [spec.accountable] == [role for role in SIX if "A" in cells[role]]
    for letter, stated in (("R", spec.responsible), ("C", spec.consulted), ("I", spec.informed)):
        assert sorted(stated) == sorted(role for role in SIX if letter in cells[role].split("/"))


def test_the_raci_has_the_lessons_ten_activities(policy: RuleSet) -> None:
    assert list(policy.raci) == list(RACI)


def test_a_high_risk_card_needs_the_lessons_fields_but_never_a_typed_approval(policy: RuleSet) -> None:
    high = {spec.id for spec in policy.card_fields if "high" in spec.tiers}
    lesson = {"performance_by_group", "identified_biases", "failure_modes", "mitigation_measures", "incident_contact"}
    assert lesson <= high
    assert "approved_by" not in {spec.id for spec in policy.card_fields}


@pytest.mark.parametrize("tier", ["critical", "high", "medium", "low"])
def test_every_control_is_looked_at_by_a_gate_or_recurs(policy: RuleSet, tier: str) -> None:
    rules = {rule.id: rule for rule in policy.rules if rule.kind == "control"}
    for control in policy.demanded[tier]:
        assert rules[control].recurring is not None or rules[control].gate in policy.gates


@pytest.mark.parametrize(
    ("control", "tier", "period"),
    [
        ("quarterly-review", "critical", "P3M"),
        ("annual-review", "high", "P1Y"),
        ("bi-annual-review", "medium", "P6M"),
        ("annual-review", "low", "P1Y"),
    ],
)
def test_each_tier_is_looked_at_again_in_the_lessons_rhythm(
    policy: RuleSet, control: str, tier: str, period: str
) -> None:
    rule = next(rule for rule in policy.rules if rule.kind == "control" and rule.id == control)
    assert tier in rule.tiers
    assert rule.recurring is not None
    assert str(rule.recurring[tier]) == period


TRUST_RULES = """first-classification enrolment tier-lowering law-class-drop weakening stage-regression use-case-change
    model-fallback waiver policy-change enforcement-change prohibited-practice prohibited-intimate-imagery
    system-vanished"""


@pytest.mark.parametrize("rule", TRUST_RULES.split())
def test_the_trust_rules_block_and_nobody_can_wave_them_away(policy: RuleSet, rule: str) -> None:
    spec = policy.plain_rules[rule]
    assert (spec.enforcement, spec.waivable, spec.overridable) == ("block", False, False)


def test_every_kind_of_change_that_weakens_is_somebodys_business(policy: RuleSet) -> None:
    def is_covered(kind: str) -> bool:
        values = {
            "change.kind": kind,
            "change.weakening": True,
            "system.tier": "critical",
        }
        rules = [rule for rule in policy.rules if rule.for_each == "change" and rule.enforcement == "block"]
        return any(rule.when is not None and rule.when.truth(values).value is True for rule in rules)

    weakenings = [kind for kind, spec in policy.change_kinds.items() if spec.weakening]
    assert len(weakenings) >= 15
    assert [kind for kind in weakenings if not is_covered(kind)] == []
