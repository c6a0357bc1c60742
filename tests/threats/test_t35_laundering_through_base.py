"""T35: what enters base unapproved must not count there as approved, and no change may hide what it breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evidence import completed
from keys import Keyring, needs_openssh, real_crypto, with_keys
from scratch import Scratch
from world import days_ago, high_system, roles, to_yaml

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


@real_crypto
@needs_openssh
def test_t35_debt_is_not_paid_with_evidence_that_nobody_vouched_for(scratch: Scratch, tmp_path: Path) -> None:
    keys = Keyring(tmp_path)
    pinned = {"policies/roles.yaml": to_yaml(with_keys(roles(), keys))}
    scratch.adopt(high_system("pre_deployment", enrolled=days_ago(10)), files=pinned)
    inputs = [item for item in scratch.entry()["artifacts"] if item["id"] != REPORT]
    scratch.edit(artifacts=inputs)
    scratch.commit("A debt", by="Rae Kim")
    scratch.branch("still")
    scratch.edit(incident_contact="x@example.com")
    scratch.commit("The debt stays")
    assert scratch.check().code == 0
    scratch.branch("word")
    scratch.edit(artifacts=[*inputs, ELSEWHERE])
    scratch.commit("The report is somewhere else, it says here")
    done = scratch.check()
    assert (done.code, done.blocking()) == (1, [f"artifact:{REPORT}"]), done
    scratch.approve("ciso", "pre-deployment-security-review", key=keys["Ada Example"])
    assert scratch.check().code == 0


def test_t35_a_retirement_does_not_cover_what_it_deletes(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(30)))
    scratch.branch("honest")
    scratch.edit(stage="deprecated")
    scratch.commit("It ends")
    assert scratch.check().code == 0
    scratch.branch("emptied")
    inputs = [item for item in scratch.entry()["artifacts"] if item["id"] != REPORT]
    scratch.edit(stage="deprecated", artifacts=inputs)
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
    introduced = [item for item in done.findings("gap") if item["blame"] == "introduced"]
    assert [it["because"][0]["rule"] for it in introduced] == ["metric-below-threshold", "metric-regression"]
    assert [it["because"][0]["rule"] for it in introduced if it["blocks"]] == ["metric-below-threshold"]


VENDOR = {"id": "acme", "vendor_name": "Acme", "access_type": "api", "has_dpa": False, "assessed_on": days_ago(90)}


def _vendor(repo: Scratch, **fields: Any) -> None:
    repo.rewrite(lambda data: data | {"vendors": [VENDOR | fields]})


def test_t35_a_vendor_does_not_leave_and_come_back_with_better_terms(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    _vendor(scratch)
    scratch.edit(vendors=["acme"])
    scratch.commit("With a vendor", by="Rae Kim")
    for name, change in {
        "better": lambda: _vendor(scratch, has_dpa=True),
        "left": lambda: scratch.edit(vendors=None),
        "renamed": lambda: (_vendor(scratch, id="acme-inc", has_dpa=True), scratch.edit(vendors=["acme-inc"])),
    }.items():
        scratch.branch(name)
        change()
        scratch.commit(name)
        done = scratch.check()
        assert (done.code, done.finding("weakening")["state"]) == (1, "gap"), (name, done)
    scratch.branch("assessed")
    _vendor(scratch, has_dpa=True, assessed_on=days_ago(1))
    scratch.commit("Looked at again")
    assert scratch.check().code == 0
    _vendor(scratch, has_dpa=True, assessed_on=days_ago(-30))
    scratch.commit("To be looked at")
    done = scratch.check()
    assert (done.code, "assessed_on of vendor acme lies in the future" in str(done.report["problems"])) == (1, True)
