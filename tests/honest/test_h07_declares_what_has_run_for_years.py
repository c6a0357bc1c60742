"""H07: a team declares a system that has run for three years: one approval, then debt with dates (D27)."""

from __future__ import annotations

import pytest
from scratch import Result, Scratch
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


def _told(found: Result) -> list[str]:
    return [note for note in found.report["trust"]["notes"] if "enrolled" in note]


def test_h07_who_forgets_the_day_is_told_of_it_and_writing_it_settles_all_but_one_approval(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", stage_since=days_ago(5)), files={"screener/app.py": "x = 1\n"})
    scratch.branch()
    scratch.declare_only(high_system("production", model_card=None))
    scratch.commit("Declare what has run for years")
    found = scratch.check()
    (note,) = _told(found)
    assert (len(found.blocking()) > 10, f"`enrolled: {days_ago(0)}`" in note) == (True, True), found
    scratch.edit(enrolled=days_ago(0))
    scratch.commit("With the day")
    found = scratch.check()
    assert (found.blocking(), _told(found)) == (["approval:ai-safety-lead"], [])


@pytest.mark.parametrize(
    ("files", "with_day", "said"),
    [
        ({"screener/app.py": "x = 2\n"}, True, "the change touches files under its `paths`"),
        ({"screener/app.py": "x = 2\n"}, False, ""),
        ({}, True, ""),
    ],
)
def test_h07_a_day_that_does_not_count_is_told_with_the_reason(
    scratch: Scratch, files: dict[str, str], with_day: bool, said: str
) -> None:
    scratch.adopt(low_system("production"), files={"screener/app.py": "x = 1\n"})
    scratch.branch()
    scratch.declare_only(high_system("production", enrolled=days_ago(0) if with_day else None, model_card=None))
    scratch.commit("Declare", files=files)
    told = _told(scratch.check())
    assert (len(told), said in "".join(told)) == (bool(said), True), told


def test_h07_a_day_of_what_was_never_there_is_told_with_the_reason(scratch: Scratch) -> None:
    scratch.adopt(low_system("production"))
    scratch.branch()
    scratch.declare_only(high_system("production", enrolled=days_ago(0), model_card=None))
    scratch.commit("Declare")
    (note,) = _told(scratch.check())
    assert "base holds no file under its `paths`" in note
