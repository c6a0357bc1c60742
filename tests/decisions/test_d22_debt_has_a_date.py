"""D22: debt is due by tier after its start; overdue it blocks promotions and the full check, nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from scratch import Scratch
from world import TODAY, days_ago, high_system, low_system


@pytest.mark.parametrize(
    ("system", "days", "owed"), [(high_system, 60, "red-team-report"), (low_system, 180, "basic-documentation")]
)
def test_d22_debt_is_due_the_tiers_period_after_enrolment(
    scratch: Scratch, system: object, days: int, owed: str
) -> None:
    scratch.adopt()
    scratch.declare_only(system("production", enrolled=days_ago(10), model_card=None))  # type: ignore[operator]
    scratch.commit("Declare", by="Rae Kim")
    due = (TODAY + timedelta(days=days - 10)).isoformat()
    assert scratch.check("--all").finding(owed)["due"] == due


def test_d22_overdue_debt_blocks_promotion_and_night_but_neither_other_changes_nor_retirement(scratch: Scratch) -> None:
    scratch.adopt(high_system("pre_deployment", enrolled=days_ago(300)))
    entry = scratch.entry()
    kept = [item for item in entry["artifacts"] if item["id"] != "red-team-report"]
    scratch.edit(artifacts=kept)
    scratch.commit("Owing", by="Rae Kim")
    assert "artifact:red-team-report" in scratch.check("--all").blocking()

    scratch.branch("other")
    scratch.edit(incident_contact="x@example.com")
    scratch.commit("Something else")
    assert scratch.check().verdict == "conditions"

    scratch.branch("promote")
    scratch.declare(high_system("production", enrolled=days_ago(300)))
    full = scratch.entry()
    scratch.edit(artifacts=[item for item in full["artifacts"] if item["id"] != "red-team-report"])
    scratch.commit("Promote")
    for role in ("engineering-manager", "security-lead"):
        scratch.approve(role, "production-deployment")
    found = scratch.check()
    assert (found.verdict, found.blocking()) == ("block", ["artifact:red-team-report"])
    assert found.finding("red-team-report")["blame"] == "overdue"


def test_d22_a_gap_without_a_start_is_due_at_once(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.declare_only(high_system("production", model_card=None))
    scratch.commit("Declare", by="Rae Kim")
    found = scratch.check("--all")
    assert found.code == 1
    assert found.finding("red-team-report")["blame"] == "overdue"
