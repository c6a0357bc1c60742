"""H18: the entry of a switched off system whose record was never written is to be kept, and the fix says so."""

from __future__ import annotations

from scratch import Scratch
from world import high_system, low_system

RECORD = "decommissioning-record"


def _without_entry(repo: Scratch) -> None:
    repo.rewrite(lambda data: data | {"systems": [it for it in data["systems"] if it["id"] != "SYS-001"]})


def test_h18_what_an_entry_owes_is_done_before_it_goes(scratch: Scratch) -> None:
    scratch.adopt(high_system("decommissioned"), low_system("development"))
    whole = scratch.entry()
    kept = {**whole, "artifacts": [it for it in whole["artifacts"] if it["id"] != RECORD]}
    scratch.declare_only(kept)
    scratch.commit("It was switched off before anybody asked for a record")
    scratch.branch("work")
    _without_entry(scratch)
    scratch.commit("Tidy up")
    done = scratch.check()
    assert done.code == 1, done
    fix = done.finding(RECORD)["fix"]
    draft = f"policy-gate draft {RECORD} --system SYS-001"
    assert fix == f"keep the entry of SYS-001 in governance.yaml until this is done: {draft}"

    scratch.declare_only(whole)
    scratch.commit("Keep the entry, with its record")
    assert scratch.check().code == 0
    scratch.checkout("main")
    scratch.git("merge", "-q", "--no-ff", "-m", "The record", "work")
    scratch.branch("gone")
    _without_entry(scratch)
    scratch.commit("The entry goes")
    assert scratch.check().code == 0


def test_h18_control_a_system_that_stays_is_told_the_draft_alone(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    scratch.declare(high_system("decommissioned") | {"artifacts": []})
    scratch.commit("Switched off")
    assert scratch.check().finding(RECORD)["fix"] == f"policy-gate draft {RECORD} --system SYS-001"
