"""A policy case becomes facts of both sides, with just the evidence it states."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from facts_world import policy

from policy_gate.errors import DocumentError
from policy_gate.facts.case_facts import CASE_DAY, facts_of_case
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.policy_cases import Case


def of(**fields: Any) -> tuple[Facts | None, Facts | None, tuple[Change, ...]]:
    was, now, changes = facts_of_case(Case(id="a-case", title="A case", **fields), policy())
    return (was[0] if was else None), (now[0] if now else None), changes


def now_of(**fields: Any) -> Facts:
    now = of(**fields)[1]
    assert now is not None
    return now


def test_a_plain_case_is_a_low_system_that_changes_nothing() -> None:
    was, now, changes = of()
    assert was is not None
    assert now is not None
    assert (now.rating.score, now.tier, now.stage, changes) == (6, "low", "development", ())
    assert (now.artifacts, now.tests, now.card, now.vendors) == ({}, {}, None, ())
    assert was == now


def test_profile_facts_and_worked_out_values_overlay_it() -> None:
    facts = now_of(profile={"decision_impact": "life_safety"}, facts={"eu_market": True, "human_oversight": None})
    assert (facts.rating.undeclared, facts.values["system.eu_market"]) == (("human_oversight",), True)
    facts = now_of(facts={"system.tier": "critical", "has_model_card": True})
    assert (facts.tier, facts.values["system.tier"], facts.values["system.has_model_card"]) == ("critical",) * 2 + (
        True,
    )


def test_what_is_a_field_of_every_system_is_overlaid_there_too() -> None:
    facts = now_of(
        facts={"id": "HR-1", "stage": "production", "score": 15, "law_class": ["b", "a"], "regulations": ["gdpr"]}
    )
    assert (facts.id, facts.stage, facts.from_stage, facts.rating.score) == ("HR-1", "production", "production", 15)
    assert (facts.law_class, facts.regulations) == (("a", "b"), ("gdpr",))
    seen = {name: facts.values[f"system.{name}"] for name in ("id", "stage", "score", "law_class", "regulations")}
    assert seen == {"id": "HR-1", "stage": "production", "score": 15, "law_class": ["a", "b"], "regulations": ["gdpr"]}
    facts = now_of(facts={"score": None, "tier": None, "law_class": None, "regulations": None})
    assert (facts.rating.score, facts.tier, facts.law_class, facts.regulations) == (None, "low", (), ())
    assert "system.score" not in facts.values


def test_a_change_is_of_the_system_by_whatever_id() -> None:
    _, now, changes = of(facts={"id": "HR-1"}, changes=[{"kind": "path-widened", "field": "paths"}])
    assert now is not None
    assert [change.system for change in changes] == [now.id] == ["HR-1"]


def test_all_met_fills_everything_and_names_override_it() -> None:
    facts = now_of(all_met=True, artifacts={"red-team-report": "draft"}, tests={"smoke-test-suite": "failed"})
    assert facts.artifacts.keys() == policy().artifacts.keys()
    assert facts.tests.keys() == policy().tests.keys()
    assert facts.artifacts["red-team-report"].status == "draft"
    assert facts.tests["smoke-test-suite"].cause == "failed"
    wanted = {section.title for section in policy().artifacts["red-team-report"].sections}
    assert wanted <= {section.title for section in facts.artifacts["red-team-report"].sections}
    assert facts.card is not None
    assert {field.state for field in facts.card.fields.values()} == {"present"}


@pytest.mark.parametrize("outcome", ["empty", "template", "refused"])
def test_a_defect_of_a_document_is_its_cause(outcome: str) -> None:
    assert now_of(artifacts={"red-team-report": outcome}).artifacts["red-team-report"].cause == outcome


def test_dates_of_documents_count_from_the_cases_day() -> None:
    facts = now_of(as_of=date(2027, 1, 10), artifacts={"red-team-report": "met", "model-card": "undated"})
    assert facts.artifacts["red-team-report"].completed == date(2027, 1, 3)
    assert facts.artifacts["model-card"].completed is None
    assert date(2026, 11, 22) == CASE_DAY


def test_base_artifacts_are_a_year_older_and_another_text() -> None:
    was, now, _ = of(all_met=True, base_artifacts={"red-team-report": "met", "model-card-update": "absent"})
    assert was is not None
    assert now is not None
    old, new = was.artifacts["red-team-report"], now.artifacts["red-team-report"]
    assert old.completed is not None
    assert new.completed is not None
    assert (new.completed - old.completed).days > 350
    assert old.substance != new.substance
    assert "model-card-update" not in was.artifacts


def test_card_fields_by_name_and_as_a_whole() -> None:
    card = now_of(all_met=True, card={"known_limitations": "placeholder", "performance_by_group": "absent"}).card
    assert card is not None
    assert (card.fields["known_limitations"].state, card.groups) == ("placeholder", 0)
    assert now_of(all_met=True, card={"complete": "absent"}).card is None
    template = now_of(card={"complete": "template"}).card
    assert template is not None
    assert template.cause == "template"


def test_stages_and_coming_and_going() -> None:
    was, now, _ = of(stage="production", from_stage="development")
    assert was is not None
    assert now is not None
    assert (was.stage, now.stage) == ("development", "production")
    assert of(from_stage="none")[0] is None
    assert of(changes=[{"kind": "system-removed"}])[1] is None


def test_changes_say_what_the_policies_says_of_their_kind_and_give_base_its_value() -> None:
    was, _, changes = of(
        changes=[
            {"kind": "fact-flipped", "field": "eu_market", "before": "true", "after": "false"},
            {"kind": "policy-changed", "field": "policies/a.yaml"},
        ]
    )
    assert was is not None
    assert was.values["system.eu_market"] is True
    assert [(c.system, c.weakening) for c in changes] == [("CASE", True), (None, False)]


def test_vendors_and_metrics() -> None:
    facts = now_of(
        vendors=[{"id": "acme", "has_dpa": False}],
        metrics=[
            {"name": "accuracy", "value": 0.8, "threshold": 0.9},
            {"name": "error", "value": 0.2, "threshold": 0.1, "meets": False},
        ],
    )
    assert facts.vendors[0]["vendor.has_dpa"] is False
    assert facts.values["system.has_vendors"] is True
    assert facts.card is not None
    assert [(m.name, m.higher_is_better) for m in facts.card.metrics] == [("accuracy", True), ("error", False)]


@pytest.mark.parametrize(
    "fields",
    [{"profile": {"human_oversight": "some"}}, {"facts": {"eu_market": "yes"}}, {"entry": {"stage_since": "soon"}}],
)
def test_a_case_that_states_nonsense_is_an_error(fields: dict[str, Any]) -> None:
    with pytest.raises(DocumentError, match="case a-case"):
        of(**fields)
