"""H13: raising a tier, adding a limitation, adding evidence: never asks for an approval."""

from __future__ import annotations

import pytest
from evidence import document
from scratch import Result, Scratch
from world import days_ago, medium_system

GRAVE = {"decision_impact": "employment", "decision_reversibility": "irreversible"}


@pytest.fixture
def live(scratch: Scratch) -> Scratch:
    """SYS-002, medium, in production, in order; the author on a branch."""
    scratch.adopt(medium_system("production", stage_since=days_ago(20)))
    scratch.branch()
    return scratch


def _asks_nobody(found: Result) -> bool:
    states = {item["state"] for item in found.findings() if item["requirement"]["kind"] == "approval"}
    return found.code == 0 and states <= {"not-applicable"}


def test_h13_raising_the_tier_gives_debt_with_dates_and_asks_nobody(live: Scratch) -> None:
    live.edit("SYS-002", risk_profile=GRAVE, reclassified=days_ago(0))
    live.commit("It decides on jobs, and for good")
    found = live.check()
    assert "tier-raised" in found.changes("SYS-002")
    assert found.system("SYS-002")["tier"] == "high"
    assert _asks_nobody(found), found
    red_team = found.finding("red-team-report")
    assert (red_team["blame"], red_team["due"] > days_ago(0)) == ("inherited", True)


def test_h13_without_a_date_the_debt_is_due_at_once_and_the_fix_is_that_line(live: Scratch) -> None:
    live.edit("SYS-002", risk_profile=GRAVE)
    live.commit("It decides on jobs, and for good")
    found = live.check()
    assert _asks_nobody(found), found
    assert found.verdict == "conditions"
    assert any(f"reclassified: {days_ago(0)}" in note for note in found.report["trust"]["notes"]), found


def test_h13_less_oversight_more_laws_limits_and_evidence_ask_nobody(live: Scratch) -> None:
    live.edit("SYS-002", risk_profile={"human_oversight": "none"}, reclassified=days_ago(0))
    live.commit("Nobody looks at each answer")
    assert _asks_nobody(live.check())

    live.branch("law")
    live.edit("SYS-002", regulatory_scope=["GDPR", "CCPA", "EU_AI_Act"])
    live.edit("SYS-002", facts={"eu_market": True, "processes_personal_data": True})
    live.commit("More laws apply")
    assert _asks_nobody(live.check())

    live.branch("words")
    card = live.read("chatbot/MODEL_CARD.md")
    live.commit("A limit", files={"chatbot/MODEL_CARD.md": card.replace("- Reads", "- Misses irony\n- Reads")})
    assert live.check().verdict == "pass"

    live.branch("evidence")
    more = {"id": "red-team-report", "path": "chatbot/governance/red.md", "status": "final", "completed": days_ago(1)}
    live.edit("SYS-002", artifacts=[*live.entry("SYS-002")["artifacts"], more])
    live.commit("Evidence", files={"chatbot/governance/red.md": document("red-team-report", "SYS-002")})
    assert live.check().verdict == "pass"


def test_h13_control_the_other_direction_asks(live: Scratch) -> None:
    live.edit("SYS-002", risk_profile={"human_oversight": "full"})
    live.commit("Somebody looks at each answer, it says here")
    assert not _asks_nobody(live.check())
