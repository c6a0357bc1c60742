"""T25: what is waived for a while would be owed never, if the entry could go in the meantime."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import days_ago, high_system, low_system, to_yaml

RECORD = "decommissioning-record"
WAIVER = {
    "system": "SYS-001",
    "rule": "decommissioning",
    "subject": RECORD,
    "owner": "Pat Moss",
    "approver": "Rae Kim",
    "reason": "The data centre confirms the deletion in January.",
    "created": days_ago(1),
    "expires": days_ago(-30),
}


@pytest.fixture
def waived(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("decommissioned"), low_system("development"))
    scratch.edit(artifacts=[it for it in scratch.entry()["artifacts"] if it["id"] != RECORD])
    waivers = to_yaml({"schema": "policy-gate/waiver/v1", "waivers": [WAIVER]})
    scratch.commit("Switched off, the record is still to come", files={"governance/waivers.yaml": waivers})
    scratch.branch("work")
    return scratch


def test_t25_a_waiver_does_not_outlast_the_entry(waived: Scratch) -> None:
    waived.rewrite(lambda data: data | {"systems": [it for it in data["systems"] if it["id"] != "SYS-001"]})
    waived.commit("Tidy up")
    done = waived.check()
    assert (done.code, done.blocking()) == (1, [f"artifact:{RECORD}"]), done
    found = done.finding(RECORD)
    assert any("does not hold: it is for a while, and the entry goes for good" in it for it in found["details"])
    assert found["fix"].startswith("keep the entry of SYS-001 in governance.yaml until this is done: ")


def test_t25_control_while_the_entry_stays_the_waiver_holds(waived: Scratch) -> None:
    waived.edit(owner_team="Another team")
    waived.commit("Another team")
    done = waived.check()
    assert (done.code, done.finding(RECORD)["state"]) == (0, "waived"), done
