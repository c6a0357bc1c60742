"""D43, D49: what a higher tier adds in tests and approvals is asked once, by the change that dates the review."""

from __future__ import annotations

from evidence import completed, document
from scratch import Scratch
from world import days_ago, low_system, medium_system

REVIEW = "reclassification-review"
PAPER = "summariser/risk-tier-classification.md"
GRAVE = {"decision_impact": "financial", "human_oversight": "partial", "user_vulnerability": "general_public"}


def _raised(repo: Scratch) -> None:
    """A low system in production, told to be medium in a change of its own that merged."""
    repo.adopt(low_system("production", stage_since=days_ago(90)))
    repo.branch("raise")
    repo.edit("SYS-003", risk_profile=GRAVE | {"deployment_scale": "thousands"}, reclassified=days_ago(2))
    repo.commit("It answers customers now")
    found = repo.check()
    assert found.code == 0, found
    assert found.system("SYS-003")["tier"] == "medium"
    repo.merge("raise")
    repo.branch("work")


def _classify(repo: Scratch, day: str) -> None:
    paper = {"id": "risk-tier-classification", "path": PAPER, "status": "final", "completed": day}
    kept = repo.entry("SYS-003").get("artifacts", [])
    repo.edit("SYS-003", artifacts=[*[item for item in kept if item["id"] != paper["id"]], paper])
    repo.commit("Classified again", files={PAPER: document("risk-tier-classification", "SYS-003")})


def test_d49_the_review_is_owed_by_the_change_that_dates_it_and_by_no_paper(scratch: Scratch) -> None:
    _raised(scratch)
    scratch.branch("other")
    scratch.edit("SYS-003", incident_contact="x@example.com")
    scratch.commit("Something else")
    assert scratch.check().code == 0

    for day in (days_ago(30), days_ago(2), days_ago(0)):
        scratch.branch("paper")
        _classify(scratch, day)
        found = scratch.check()
        assert found.code == 0, f"the paper dated {day} enters a gate: {found}"
        owed = found.finding("reclassification-review")
        assert (owed["blame"], owed["due"]) == ("inherited", days_ago(2 - 90)), owed

    scratch.branch("early")
    scratch.edit("SYS-003", reclassification_review=days_ago(3))
    scratch.commit("Reviewed before it was raised")
    assert scratch.check().code == 0, "of before the raise, it reviews nothing"

    scratch.branch("review")
    scratch.edit("SYS-003", reclassification_review=days_ago(1))
    scratch.commit("Reviewed")
    found = scratch.check()
    entered = [gate["id"] for gate in found.system("SYS-003")["gates"] if gate["entered"]]
    assert entered == [REVIEW]
    wanted = {"approval:ai-governance-committee", "approval:engineering-manager", "approval:security-lead"}
    assert wanted | {"test:smoke-test-suite"} <= set(found.blocking())
    said = f"SYS-003 enters Reclassification Review, as reclassification_review: {days_ago(1)}"
    assert said in found.report["trust"]["notes"]
    for format_ in ("text", "markdown"):
        out = " ".join(scratch.run("check", "--format", format_).out.replace("\\", "").split())
        assert f"reclassification_review: {days_ago(1)}" in out


def test_d43_once_held_it_is_not_asked_again(scratch: Scratch) -> None:
    _raised(scratch)
    entry = scratch.entry("SYS-003")
    like = medium_system("production") | {"id": "SYS-003", "paths": entry["paths"], "model_card": "summariser/CARD.md"}
    done, files = completed(like)
    scratch.write(files)
    scratch.edit("SYS-003", artifacts=done["artifacts"], tests=done["tests"], model_card="summariser/CARD.md")
    inputs = scratch.entry("SYS-003")["artifacts"]
    for paper in inputs:
        if paper["id"] == "risk-tier-classification":
            paper["completed"] = days_ago(1)
    scratch.edit("SYS-003", artifacts=inputs, reclassification_review=days_ago(0))
    scratch.commit("The whole work")
    assert scratch.check().verdict == "block"
    for role in ("ai-governance-committee", "engineering-manager", "security-lead"):
        scratch.approve(role, REVIEW, "SYS-003")
    held = scratch.check()
    assert held.code == 0, held
    scratch.merge("work")
    scratch.branch("next")
    scratch.edit("SYS-003", incident_contact="x@example.com")
    scratch.commit("Work goes on")
    again = scratch.check()
    assert (again.code, again.blocking()) == (0, [])
