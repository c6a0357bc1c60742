"""T53, D52: a day that has not come is no date, and a review is held with the papers that are asked for."""

from __future__ import annotations

from typing import Any

import pytest
from evidence import document
from scratch import Result, Scratch
from world import days_ago, high_system

PAPERS = ("annual-performance-report", "bias-drift-assessment", "security-incident-log-review", "model-card-update")
ASKED = {"approval:ai-safety-lead", "approval:product-owner"}
TO_COME = ("2099-01-01", days_ago(-40), days_ago(-3))


def _old() -> dict[str, Any]:
    return high_system("production", stage_since=days_ago(900), enrolled=days_ago(900))


def _papers(day: str, names: tuple[str, ...] = PAPERS) -> list[dict[str, str]]:
    return [{"id": name, "path": f"governance/{name}.md", "status": "final", "completed": day} for name in names]


def _hold(repo: Scratch, day: str, names: tuple[str, ...] = PAPERS) -> Result:
    repo.branch()
    repo.edit(artifacts=[*repo.entry()["artifacts"], *_papers(day, names)])
    repo.commit("Review", files={f"governance/{name}.md": document(name) for name in names})
    return repo.check()


@pytest.mark.parametrize("day", [days_ago(1), days_ago(200)])
def test_t53_a_review_without_what_is_not_applicable_asks_as_any(scratch: Scratch, day: str) -> None:
    system = _old()
    system["facts"] |= {"processes_personal_data": False, "decides_about_persons": False}
    scratch.adopt(system)
    asked = tuple(name for name in PAPERS if name != "bias-drift-assessment")
    found = _hold(scratch, day, asked)
    assert found.finding("bias-drift-assessment")["state"] == "not-applicable"
    assert (found.code, set(found.blocking()) >= ASKED) == (1, True), found


def test_t53_control_a_review_with_all_its_papers_asks_too_and_one_that_is_not_whole_asks_nobody(
    scratch: Scratch,
) -> None:
    scratch.adopt(_old())
    assert set(_hold(scratch, days_ago(1)).blocking()) >= ASKED
    found = _hold(scratch, days_ago(1), PAPERS[:3])
    assert (found.code, found.finding(PAPERS[3])["blame"]) == (0, "overdue"), found


@pytest.mark.parametrize("day", TO_COME)
def test_t53_a_day_to_come_holds_no_review_and_dating_it_back_asks(scratch: Scratch, day: str) -> None:
    scratch.adopt(_old())
    _hold(scratch, day)
    scratch.merge()
    held = scratch.check("--all").finding(PAPERS[0])
    assert (held["state"], "in the future" in str(held)) == ("gap", True)
    scratch.branch("back")
    own = scratch.entry()["artifacts"]
    scratch.edit(artifacts=[it | {"completed": days_ago(1)} if it["id"] in PAPERS else it for it in own])
    scratch.commit("Review")
    found = scratch.check()
    assert (found.code, set(found.blocking()) >= ASKED) == (1, True), found
    assert "evidence-redated" in found.changes()


def _red_team(repo: Scratch, day: str, text: str, by: str) -> Result:
    kept = [it for it in repo.entry()["artifacts"] if it["id"] != "red-team-report"]
    item = {"id": "red-team-report", "path": "governance/rt.md", "status": "final", "completed": day}
    repo.edit(artifacts=[*kept, item])
    repo.commit("Red team", by=by, files={"governance/rt.md": text})
    return repo.check()


def test_t53_a_paper_from_a_day_to_come_is_signed_anew_and_one_written_anew_is_not(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    text = document("red-team-report", words=60)
    _red_team(scratch, "2099-01-01", text, "Rae Kim")
    scratch.branch()
    found = _red_team(scratch, days_ago(1), text.replace("examined", "studied", 1), "Sam Lee")
    assert (found.code, "evidence-redated" in found.changes()) == (1, True), found
    found = _red_team(scratch, days_ago(1), document("red-team-report", words=90), "Sam Lee")
    assert "evidence-redated" not in found.changes(), found
