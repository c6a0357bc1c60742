"""H30: at night, with nobody to ask, a system goes back to the model that was agreed to as its fallback by day."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import days_ago, high_system

pytestmark = pytest.mark.real_git
OLD, NEW = "gpt-4o-2024-08-06", "gpt-4.1-2025-04-14"
APP = 'import openai\nMODEL = "{}"\n'


def test_h30_named_and_agreed_to_by_day_gone_back_to_at_night(scratch: Scratch) -> None:
    entry = high_system("production", stage_since=days_ago(20), models=[{"name": NEW}, {"name": OLD}])
    scratch.adopt(entry, files={"screener/app.py": APP.format(NEW)})
    scratch.branch("by-day")
    scratch.edit(models=[{"name": NEW}, {"name": OLD, "fallback": "true"}])
    scratch.commit("Name the model to fall back on")
    asked = scratch.check()
    assert asked.blocking() == ["approval:ai-safety-lead"]
    finding = asked.finding("model-fallback")
    assert finding["fix"] == "policy-gate approve --for model-fallback --system SYS-001 --role ai-safety-lead"
    scratch.approve("ai-safety-lead", "model-fallback")
    assert scratch.check().code == 0, scratch.check()
    scratch.merge("by-day")

    scratch.branch("at-night")
    scratch.write({"screener/app.py": APP.format(OLD)})
    began = ("--occurred-at", f"{days_ago(1)}T01:00:00Z", "--at", f"{days_ago(1)}T02:50:00Z")
    what = ("--type", "regression", "--severity", "critical", "--description", "Ranks women lower since Monday.")
    opened = scratch.run("incident", "open", "--id", "INC-1", "--system", "SYS-001", *what, *began)
    assert opened.code == 0, opened
    back = ("--option", f"Back to {OLD}", "--at", f"{days_ago(1)}T03:10:00Z")
    assert scratch.run("incident", "contain", "INC-1", *back).code == 0
    scratch.commit("Back to the model of last month")
    found = scratch.check()
    assert (found.code, found.verdict, found.blocking()) == (0, "pass", []), found
    assert {"model-changed", "incident-opened"} <= set(found.changes())


def test_h30_control_without_the_yes_by_day_it_is_asked_for_at_night(scratch: Scratch) -> None:
    entry = high_system("production", stage_since=days_ago(20), models=[{"name": NEW}, {"name": OLD}])
    scratch.adopt(entry, files={"screener/app.py": APP.format(NEW)})
    scratch.branch()
    scratch.commit("Back", files={"screener/app.py": APP.format(OLD)})
    found = scratch.check()
    assert (found.code, "any_of:model-card or ai-safety-lead" in found.blocking()) == (1, True), found
