"""T35: what enters base unapproved must not count there as approved, and no change may hide what it breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evidence import completed
from scratch import Scratch
from world import days_ago, high_system

REPORT = "red-team-report"
ELSEWHERE = {
    "id": REPORT,
    "url": "https://vault.example.com/red-team.pdf",
    "sha256": "a" * 64,
    "held_by": "CISO",
    "status": "final",
    "completed": days_ago(2),
}
PLAIN: dict[str, Any] = {"facts": None, "regulatory_scope": None}


def test_t35_debt_is_not_paid_with_evidence_that_nobody_vouched_for(scratch: Scratch) -> None:
    scratch.adopt(high_system("pre_deployment", enrolled=days_ago(10)))
    papers = [item for item in scratch.entry()["artifacts"] if item["id"] != REPORT]
    scratch.edit(artifacts=papers)
    scratch.commit("A debt", by="Rae Kim")
    scratch.branch("still")
    scratch.edit(incident_contact="x@example.com")
    scratch.commit("The debt stays")
    assert scratch.check().code == 0
    scratch.branch("word")
    scratch.edit(artifacts=[*papers, ELSEWHERE])
    scratch.commit("The report is somewhere else, it says here")
    done = scratch.check()
    assert (done.code, done.blocking()) == (1, [f"artifact:{REPORT}"]), done
    scratch.approve("ciso", "pre-deployment-security-review")
    assert scratch.check().code == 0


def test_t35_a_retirement_does_not_cover_what_it_deletes(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(30)))
    scratch.branch("honest")
    scratch.edit(stage="deprecated")
    scratch.commit("It ends")
    assert scratch.check().code == 0
    scratch.branch("emptied")
    papers = [item for item in scratch.entry()["artifacts"] if item["id"] != REPORT]
    scratch.edit(stage="deprecated", artifacts=papers)
    scratch.commit("It ends, and so does its report")
    done = scratch.check()
    assert (done.code, done.blocking()) == (1, [f"artifact:{REPORT}"]), done


def test_t35_raising_and_promoting_at_once_skips_no_gate_behind(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("pre_deployment", risk_profile={"decision_impact": "reputational"}, **PLAIN))
    repo.branch("calm")
    entry, files = completed(high_system("production", **PLAIN))
    repo.write(files)
    calm = entry | {"risk_profile": entry["risk_profile"] | {"decision_impact": "reputational"}}
    repo.declare_only(calm)
    repo.commit("Promote at medium")
    asked = {"approval:engineering-manager"}
    assert asked <= set(repo.check().blocking())
    assert "approval:ciso" not in repo.check().blocking()
    repo.declare_only(entry)
    repo.commit("And it is high")
    found = set(repo.check().blocking())
    assert found >= asked | {"approval:ciso", "approval:legal", "approval:product-owner"}
    results = [item for item in entry["tests"] if item["id"] != "security-penetration-test"]
    repo.declare_only(entry | {"tests": results})
    repo.commit("Without the test of the gate behind")
    assert "test:security-penetration-test" in repo.check("--defer", "approval").blocking()


def test_t35_a_number_below_its_limit_may_not_fall_further(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(30), enrolled=days_ago(30)))
    card = scratch.read("MODEL_CARD.md").replace("| recall | 0.88 |", "| recall | 0.79 |", 1)
    scratch.commit("Below its limit", by="Rae Kim", files={"MODEL_CARD.md": card})
    scratch.branch("same")
    scratch.commit("Another word", files={"MODEL_CARD.md": card.replace("English text", "English texts only")})
    assert all(item["requirement"]["kind"] != "that" for item in scratch.check().findings("gap") if item["blocks"])
    scratch.branch("worse")
    scratch.commit("Far below", files={"MODEL_CARD.md": card.replace("| recall | 0.79 |", "| recall | 0.10 |", 1)})
    done = scratch.check()
    assert done.code == 1, done
    assert [item["because"][0]["rule"] for item in done.findings("gap") if item["blame"] == "introduced"] == [
        "metric-below-threshold"
    ]
