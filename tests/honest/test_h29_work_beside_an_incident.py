"""H29: an incident is recorded, and work goes on beside it; only its own system's next promotion waits."""

from __future__ import annotations

import pytest
from incident_world import FILES, LEARNT, hours_ago, incident, step
from scratch import Scratch
from world import low_system

pytestmark = pytest.mark.real_git
LEAK = {"type": "privacy_violation", "eu_residents_affected": True, "personal_data_exposed": True,
        "risk_to_persons": "risk", "occurred_at": hours_ago(101), "detected_at": hours_ago(100),
        "aware_at": hours_ago(100)}  # fmt: skip


def test_h29_nothing_but_its_own_promotion_is_held_up(scratch: Scratch) -> None:
    scratch.adopt(low_system("development", id="SYS-001"), low_system("development", id="SYS-002", paths=["other/**"]))
    scratch.write(incident(severity="critical") | FILES)
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch()
    scratch.edit(description="Ranks applicants for a recruiter, and says why.")
    scratch.commit("Edit")
    assert scratch.check("--defer", "approval").code == 0
    scratch.declare(low_system("pre_deployment", id="SYS-002", paths=["other/**"]))
    scratch.commit("Another system moves on")
    assert scratch.check("--defer", "approval").code == 0


def test_h29_retiring_is_not_held_up(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", id="SYS-001"))
    scratch.write(incident(severity="critical", **LEAK) | FILES)
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch()
    scratch.declare(low_system("deprecated", id="SYS-001"))
    scratch.commit("Retire it")
    found = scratch.check("--defer", "approval")
    assert not [item for item in found.findings("gap") if "incident" in item["requirement"]["subject"]], found
    assert found.code == 0, found


def test_h29_opening_one_asks_for_nothing(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", id="SYS-001"))
    scratch.branch()
    scratch.write(incident(severity="critical"))
    scratch.commit("An incident")
    found = scratch.check()
    assert found.code == 0, found
    assert found.changes() == ["incident-opened"]


@pytest.mark.parametrize(("stage", "code"), [("conception", 0), ("development", 1)])
def test_h29_an_idea_is_declared_beside_an_incident(scratch: Scratch, stage: str, code: int) -> None:
    scratch.adopt(low_system("development", id="SYS-001"))
    scratch.branch()
    scratch.declare(low_system(stage, id="SYS-002", paths=["other/**"]))
    scratch.write(incident(severity="critical", system="SYS-002") | FILES)
    scratch.commit("An idea, and what went wrong with it")
    found = scratch.check("--defer", "approval")
    assert found.code == code, found
    assert ("that:incident-open" in found.blocking()) is bool(code)


def test_h29_who_removes_a_system_beside_an_open_incident_is_told_what_ends_it(scratch: Scratch) -> None:
    scratch.adopt(
        low_system("decommissioned", id="SYS-001"), low_system("production", id="SYS-002", paths=["other/**"])
    )
    scratch.write(incident(severity="low") | FILES)
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch()
    scratch.rewrite(lambda data: data | {"systems": data["systems"][1:]})
    scratch.commit("It is gone for good")
    found = scratch.check()
    assert [it["hint"] for it in found.report["problems"]] == [
        "its entry stays until this is over: policy-gate incident resolve INC-1"
    ]
    over = [step("contained", 8), step("resolved", 7)]
    scratch.write(incident(severity="low", timeline=over, **LEARNT))
    scratch.commit("It is over, and what was learnt")
    found = scratch.check()
    assert not found.report["problems"], found
