"""The one place where the benchmark imports the package: deciding on plain facts, without git or documents."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from policy_gate.app.views import builtin_policies
from policy_gate.evaluate.obligations import evaluate
from policy_gate.facts.case_facts import CASE_DAY, facts_of_case
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.facts import Facts
from policy_gate.schema.policy_cases import Case
from policy_gate.schema.rule_set import RuleSet

GATES = ("development-authorization", "pre-deployment-security-review", "production-deployment")
_STAGES = ("conception", "development", "pre_deployment", "production")
_PROFILES = (
    {},
    {"decision_impact": "financial", "human_oversight": "partial", "deployment_scale": "thousands"},
    {"decision_impact": "employment", "human_oversight": "partial", "deployment_scale": "millions"},
    {"decision_impact": "life_safety", "human_oversight": "none", "user_vulnerability": "vulnerable_populations"},
)


def whole_policy() -> RuleSet:
    return builtin_policies()


def only_gates(policy: RuleSet) -> RuleSet:
    """The same policy with three gates as its only rules."""
    return replace(policy, rules=tuple(rule for rule in policy.rules if rule.kind == "gate" and rule.id in GATES))


def gates_as_data(policy: RuleSet) -> dict[str, Any]:
    """The three gates for another engine."""
    return {
        "rank": {stage: rank for rank, stage in enumerate(_STAGES)},
        "gates": [
            {
                "id": rule.id,
                "tiers": sorted(rule.tiers),
                "to": policy.gates[rule.id].to,
                "require": [
                    {
                        "kind": requirement.kind,
                        "subject": requirement.subject,
                        "status": requirement.status or "",
                        "or": list(policy.artifacts[requirement.subject].satisfied_by)
                        if requirement.kind == "artifact"
                        else [],
                        "unless_false": "replaces_existing_process" if requirement.when else "",
                    }
                    for requirement in rule.requirements
                ],
            }
            for rule in only_gates(policy).rules
        ],
    }


def inputs(policy: RuleSet, count: int) -> tuple[list[Facts], list[dict[str, Any]]]:
    """So many random systems: their facts, and the same as plain data."""
    drawn = random.Random(11)
    facts, plain = [], []
    for number in range(count):
        inputs = {id_: drawn.choice(("met", "met", "draft", "absent")) for id_ in sorted(policy.artifacts)}
        tests = {id_: drawn.choice(("met", "absent")) for id_ in sorted(policy.tests)}
        stated = drawn.choice(({}, {"replaces_existing_process": True}, {"replaces_existing_process": False}))
        case = Case.model_validate(
            {
                "id": f"case-{number}",
                "title": "bench",
                "stage": drawn.choice(_STAGES),
                "profile": drawn.choice(_PROFILES),
                "facts": stated,
                "artifacts": inputs,
                "tests": tests,
            }
        )
        found = facts_of_case(case, policy)[1][0]
        facts.append(found)
        plain.append(
            {
                "tier": found.tier,
                "stage": found.stage,
                "facts": stated,
                "artifacts": {id_: how for id_, how in inputs.items() if how != "absent"},
                "tests": {id_: how for id_, how in tests.items() if how != "absent"},
            }
        )
    return facts, plain


def gaps(policy: RuleSet, facts: Sequence[Facts]) -> int:
    """Decide on each system and count the requirements that are not met."""
    as_of = end_of_day(CASE_DAY)
    return sum(outcome.state in ("gap", "unknown") for outcome in evaluate(policy, facts, (), as_of))
