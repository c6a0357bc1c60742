"""D57, H20: what is owed to people falls away where the papers say that nobody is there, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Result, Scratch
from world import base_files, days_ago, medium_system

NOBODY = {"processes_personal_data": False, "decides_about_persons": False}
PRIVACY, BIAS = "privacy-review", "bias-benchmark-suite or bias-evaluation-results"


def _adopted(repo: Scratch, **fields: Any) -> Result:
    repo.commit("Work", files={"chatbot/app.py": "x = 1\n"})
    repo.write(base_files())
    repo.declare_only(medium_system("production", enrolled=days_ago(0), model_card=None, **fields))
    repo.commit("Adopt", by="Rae Kim")
    return repo.check("--all")


def test_h20_a_force_field_owes_no_papers_about_people_and_the_fact_is_shown(scratch: Scratch) -> None:
    found = _adopted(scratch, facts=NOBODY)
    assert found.finding(PRIVACY)["state"] == "not-applicable"
    assert found.finding(PRIVACY)["seen"] == "not wanted here: processes_personal_data is false"
    assert found.finding(BIAS)["state"] in ("not-applicable", "met")
    assert "privacy-review" in found.out
    assert "processes_personal_data is false: " in scratch.run("check", "--all").out


@pytest.mark.parametrize(
    ("facts", "owed"),
    [
        ({}, {PRIVACY, BIAS}),
        ({"processes_personal_data": False}, {BIAS}),
        ({"decides_about_persons": False}, {PRIVACY, BIAS}),
        ({"processes_personal_data": True, "decides_about_persons": False}, {PRIVACY, BIAS}),
        ({"processes_personal_data": False, "decides_about_persons": True}, {BIAS}),
    ],
)
def test_d57_control_what_is_not_denied_is_owed(scratch: Scratch, facts: dict[str, Any], owed: set[str]) -> None:
    found = _adopted(scratch, facts=facts)
    assert {name for name in (PRIVACY, BIAS) if found.finding(name)["state"] != "not-applicable"} == owed


def test_d57_stating_them_away_is_read_once_and_judges_from_the_next_change_on(scratch: Scratch) -> None:
    _adopted(scratch, facts={})
    scratch.branch()
    scratch.edit("SYS-002", facts=NOBODY)
    scratch.commit("Atoms")
    found = scratch.check()
    assert found.blocking() == ["approval:ai-safety-lead"]
    assert found.finding(PRIVACY)["state"] == "gap"
    scratch.approve("ai-safety-lead", "first-classification", "SYS-002")
    assert scratch.check().code == 0
    scratch.merge()
    assert scratch.check("--all").finding(PRIVACY)["state"] == "not-applicable"


def test_d57_control_taking_back_what_was_said_is_a_weakening(scratch: Scratch) -> None:
    _adopted(scratch, facts={"processes_personal_data": True})
    scratch.branch()
    scratch.edit("SYS-002", facts={"processes_personal_data": False})
    scratch.commit("No, nobody")
    assert scratch.check().finding("weakening")["state"] == "gap"
