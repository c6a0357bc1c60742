"""D40: fewer points are a weakening that is held; less oversight raises points and asks for a new classification."""

from __future__ import annotations

import pytest
from evidence import document
from scratch import Scratch
from world import days_ago, medium_system

SAFER = {"human_oversight": "full", "deployment_scale": "internal", "decision_impact": "informational"}
SAFER |= {"user_vulnerability": "professionals"}
CLASSIFICATION = "chatbot/governance/risk-tier-classification.md"


@pytest.fixture
def live(scratch: Scratch) -> Scratch:
    scratch.adopt(medium_system("production", stage_since=days_ago(20)))
    scratch.branch()
    return scratch


def test_d40_more_oversight_on_paper_is_a_weakening_and_bases_value_judges(live: Scratch) -> None:
    live.edit("SYS-002", risk_profile=SAFER)
    live.commit("It looks safer")
    found = live.check()
    assert {"dimension-lowered", "tier-lowered"} <= set(found.changes("SYS-002"))
    assert found.system("SYS-002")["effective_tier"] == "medium"
    assert found.blocking() == ["approval:ai-safety-lead"]
    live.approve("ai-safety-lead", "tier-lowering", "SYS-002")
    approved = live.check()
    assert approved.code == 0
    assert approved.system("SYS-002")["effective_tier"] == "medium", "held for the whole of the change"
    live.merge()
    live.branch("next")
    live.edit("SYS-002", incident_contact="x@example.com")
    live.commit("Work goes on")
    assert live.check().system("SYS-002")["effective_tier"] == "low"


def test_d40_less_oversight_asks_for_the_classification_and_nobodys_approval(live: Scratch) -> None:
    live.edit("SYS-002", risk_profile={"human_oversight": "none"}, reclassified=days_ago(0))
    live.commit("Nobody looks any more")
    found = live.check()
    assert "oversight-weakened" in found.changes("SYS-002")
    assert found.system("SYS-002")["effective_tier"] == "high"
    assert (found.code, "oversight-reclassification" in _wanting_a_classification(live)) == (0, True)
    dated = {"completed": days_ago(0)}
    papers = live.entry("SYS-002")["artifacts"]
    live.edit("SYS-002", artifacts=[it | (dated if it["id"] == "risk-tier-classification" else {}) for it in papers])
    live.commit("Classified again", files={CLASSIFICATION: document("risk-tier-classification", "SYS-002", words=90)})
    assert "oversight-reclassification" not in _wanting_a_classification(live)


def _wanting_a_classification(repo: Scratch) -> list[str]:
    found = repo.check().finding("risk-tier-classification")
    return [reason["rule"] for reason in found["because"] if found["state"] == "gap"]
