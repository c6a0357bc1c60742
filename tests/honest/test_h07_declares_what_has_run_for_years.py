"""H07: a team declares a system that has run for three years: one approval, then debt with dates (D27)."""

from __future__ import annotations

from scratch import Scratch
from world import days_ago, high_system, low_system


def test_h07_the_enrolment_approval_is_the_one_step_and_debt_gets_dates(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", stage_since=days_ago(5)), files={"screener/app.py": "x = 1\n"})
    scratch.branch()
    scratch.declare_only(high_system("production", enrolled=days_ago(0), model_card=None))
    scratch.commit("Declare what has run for years")
    asked = scratch.check()
    assert asked.blocking() == ["approval:ai-safety-lead"]
    assert asked.finding("enrolment")["for"] == "enrolment"
    assert asked.system()["presence"] == "enrolled"

    scratch.approve("ai-safety-lead", "enrolment")
    done = scratch.check()
    assert (done.code, done.verdict) == (0, "conditions")
    owed = [item for item in done.findings("gap", "SYS-001") if item["enforcement"] == "block"]
    assert len(owed) > 10
    assert {item["blame"] for item in owed} == {"inherited"}
    assert {item["due"] > days_ago(0) for item in owed} == {True}

    scratch.merge()
    assert scratch.check("--all").verdict == "conditions", "the nightly check does not block on debt not yet due"
    scratch.branch("next")
    scratch.commit("Work goes on", files={"screener/app.py": "x = 2\n"})
    assert scratch.check().verdict == "pass"


def test_h07_control_code_in_the_same_change_is_new_work(scratch: Scratch) -> None:
    scratch.adopt(low_system("production"), files={"screener/app.py": "x = 1\n"})
    scratch.branch()
    scratch.declare_only(high_system("production", enrolled=days_ago(0), model_card=None))
    scratch.commit("Declare and change", files={"screener/app.py": "x = 2\n"})
    found = scratch.check()
    assert found.system()["presence"] == "added"
    assert "artifact:red-team-report" in found.blocking()


def test_h07_init_writes_the_entry_and_one_approval_is_all_it_takes(scratch: Scratch) -> None:
    scratch.adopt(
        low_system("production", stage_since=days_ago(5)),
        files={"screener/app.py": "import openai\n", "screener/README.md": "# Screener\n\nRanks people who apply.\n"},
    )
    scratch.branch()
    done = scratch.run("init", "--yes")
    assert done.code == 0, done
    scratch.commit("Declare what has run for years")
    asked = scratch.check()
    assert asked.blocking() == ["approval:ai-safety-lead"], asked
    entry = scratch.manifest()["systems"][1]
    assert (entry["name"], entry["paths"]) == ("Screener", ["screener/**"])
    scratch.approve("ai-safety-lead", "enrolment", entry["id"])
    assert scratch.check().verdict == "conditions"
