"""H06: evidence expired last night and today's change touches something else: conditions at most (D21, D22)."""

from __future__ import annotations

from scratch import Scratch
from world import days_ago, high_system


def _aged(repo: Scratch, days: int) -> None:
    """In production, with a red-team report of that many days."""
    repo.adopt(high_system("production", stage_since=days_ago(20)))
    entry = repo.entry()
    for artifact in entry["artifacts"]:
        if artifact["id"] == "red-team-report":
            artifact["completed"] = days_ago(days)
    repo.declare_only(entry)
    repo.commit("Time passes", by="Rae Kim")


def test_h06_what_expired_is_debt_with_a_date_and_not_in_the_way(scratch: Scratch) -> None:
    _aged(scratch, 367)
    scratch.branch("other")
    scratch.edit(incident_contact="new-oncall@example.com")
    scratch.commit("Name another contact")
    found = scratch.check()
    assert (found.code, found.verdict) == (0, "conditions")
    gap = found.finding("red-team-report")
    assert (gap["blame"], gap["state"]) == ("inherited", "gap")
    assert gap["due"] > days_ago(0)

    scratch.branch("code")
    scratch.commit("Code alone", files={"screener/app.py": "x = 2\n"})
    assert scratch.check().verdict == "pass"


def test_h06_control_the_change_that_removes_what_was_stale_is_blocked(scratch: Scratch) -> None:
    _aged(scratch, 367)
    scratch.branch()
    scratch.remove("governance/red-team-report.md")
    scratch.commit("Away with it")
    assert "artifact:red-team-report" in scratch.check().blocking()
