"""Rows of law judged by facts alone, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from policy_gate.app.views import builtin_policies
from policy_gate.evaluate.law import explained, read_law
from policy_gate.facts.case_facts import facts_of_case
from policy_gate.schema.facts import Facts
from policy_gate.schema.law import LawBook, LawContent, RowResult
from policy_gate.schema.policy_cases import Case
from policy_gate.schema.rule_set import RuleSet

SCREENER: dict[str, Any] = {
    "eu_market": True,
    "role": ["provider", "deployer"],
    "org_type": ["employer"],
    "annex_iii_points": ["4-a"],
    "profiles_persons": True,
    "art5_practices": [],
    "decision_domain": ["employment"],
    "decides_about_persons": True,
    "workplace_use": True,
    "legal_or_similar_effect": True,
    "solely_automated": False,
    "processes_personal_data": True,
    "controller_or_processor_in_eu": True,
    "us_states": ["IL", "NY"],
    "nyc_job": True,
    "aedt": True,
}
"""A resume screener, built and used by an employer in the Union, for jobs in New York and Illinois."""

LENDER: dict[str, Any] = {
    "eu_market": True,
    "role": ["deployer"],
    "org_type": ["creditor", "bank"],
    "annex_iii_points": ["5-b"],
    "profiles_persons": True,
    "decides_about_persons": True,
    "solely_automated": True,
    "legal_or_similar_effect": True,
    "processes_personal_data": True,
    "controller_or_processor_in_eu": True,
}
"""The credit score of a private lender in the Union."""

FRAUD_DETECTOR: dict[str, Any] = {**LENDER, "annex_iii_points": []}
"""What the same lender finds fraud with, which Annex III does not list."""

CHATBOT: dict[str, Any] = {
    "eu_market": True,
    "role": ["provider", "deployer"],
    "art5_practices": [],
    "placed_on_market_date": "2024-06-01",
    "interacts_with_persons": True,
    "generates_synthetic_content": ["text"],
    "gpai_provider": False,
    "processes_personal_data": True,
    "eu_residents": True,
}
"""A support chatbot for consumers in the Union, on the model of somebody else."""

IMAGE_GENERATOR: dict[str, Any] = {
    "eu_market": True,
    "role": ["provider"],
    "placed_on_market_date": "2026-09-15",
    "generates_synthetic_content": ["image"],
    "art5_practices": [],
}
"""An image generator that came after the day from which its output is marked."""

LARGE_MODEL: dict[str, Any] = {"gpai_provider": True, "gpai_open_source": True, "training_compute_flops": 3e25}
"""A general-purpose model with open weights and systemic risk."""

SMALL_MODEL: dict[str, Any] = {
    "gpai_provider": True, "gpai_open_source": True, "training_compute_flops": 5e23, "commission_designated": False,
}  # fmt: skip
"""A free and open one far below the line."""

MEDICAL_DEVICE: dict[str, Any] = {
    "eu_market": True,
    "role": ["provider"],
    "annex_iii_points": [],
    "annex_i_section": "a",
    "annex_i_safety_component": True,
    "annex_i_third_party_assessment": True,
}
"""A medical device that diagnoses, assessed by a third party."""

STRESS_DETECTOR: dict[str, Any] = {
    "eu_market": True,
    "role": ["deployer"],
    "emotion_recognition": True,
    "workplace_use": True,
    "medical_or_safety_purpose": False,
}
"""It reads the stress of employees at the telephone, for no medical or safety reason."""


@cache
def rules() -> RuleSet:
    return builtin_policies()


def book() -> LawBook:
    found = rules().law
    assert found is not None
    return found


def content() -> LawContent:
    return book().content


def facts_with(facts: Mapping[str, Any], stage: str = "production", **case: Any) -> Facts:
    said = {"id": "case", "title": "T", "stage": stage, "from_stage": "none", "facts": dict(facts), **case}
    return facts_of_case(Case.model_validate(said), rules())[1][0]


def results(facts: Mapping[str, Any], today: date, **case: Any) -> dict[str, RowResult]:
    """What each row comes to, by its id."""
    return {it.row.id: it for it in read_law(facts_with(facts, **case), book(), today).results}


def by_state(facts: Mapping[str, Any], today: date) -> dict[str, set[str]]:
    """The ids of the rows in each state."""
    found: dict[str, set[str]] = {
        state: set() for state in ("enforceable", "upcoming", "superseded", "not-applicable", "unknown")
    }
    for id_, result in results(facts, today).items():
        found[result.state].add(id_)
    return found


def reading(facts: Mapping[str, Any], today: date) -> tuple[RowResult, ...]:
    """The results with the facts that decided each."""
    system = facts_with(facts)
    return explained(read_law(system, book(), today), system, book(), today)
