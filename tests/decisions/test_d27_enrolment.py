"""D27: what ran before it was declared is enrolled: debt with dates; its date stays, later promotions enter gates."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import days_ago, high_system, low_system


@pytest.fixture
def old_code(scratch: Scratch) -> Scratch:
    scratch.adopt(low_system("development"), files={"screener/app.py": "x = 1\n"})
    scratch.branch()
    return scratch


def test_d27_without_enrolled_or_without_old_code_it_is_added(old_code: Scratch) -> None:
    old_code.declare_only(high_system("production", model_card=None))
    old_code.commit("No date")
    assert old_code.check().system()["presence"] == "added"
    old_code.declare_only(high_system("production", model_card=None, enrolled=days_ago(0), paths=["new/**"]))
    old_code.commit("No old code", files={"new/app.py": "x = 1\n"})
    assert old_code.check().system()["presence"] == "added"


def test_d27_a_forbidden_practice_blocks_at_once(old_code: Scratch) -> None:
    facts = {"eu_market": True, "annex_iii_points": [], "art5_practices": ["a"]}
    old_code.declare_only(high_system("production", model_card=None, enrolled=days_ago(0), facts=facts))
    old_code.commit("Declare")
    old_code.approve("ai-safety-lead", "enrolment")
    assert old_code.check().blocking() == ["that:prohibited-practice"]


def test_d27_its_date_is_fixed_and_later_promotions_enter_their_gate(old_code: Scratch) -> None:
    old_code.declare_only(high_system("development", model_card=None, enrolled=days_ago(30)))
    old_code.commit("Declare")
    old_code.approve("ai-safety-lead", "enrolment")
    assert old_code.check().code == 0
    old_code.merge()
    old_code.branch("later")
    old_code.edit(enrolled=days_ago(0))
    old_code.commit("A month more")
    moved = old_code.check()
    assert "enrolled-moved" in moved.changes()
    assert moved.finding("weakening")["state"] == "gap"

    old_code.branch("promote")
    old_code.edit(stage="pre_deployment")
    old_code.commit("Promote")
    found = old_code.check()
    assert {"artifact:red-team-report", "approval:ciso"} <= set(found.blocking())
    assert "artifact:system-description" not in found.blocking(), "an earlier gate's debt, not yet due"
