"""D28: no system anywhere is no answer; an explicit empty list with a reason, in base, is."""

from __future__ import annotations

from evidence import document
from scratch import Scratch
from world import base_files, days_ago, low_system, to_yaml

EMPTY = {"schema": "policy-gate/manifest/v1", "systems": [], "reason": "a library of colours"}


def test_d28_nothing_declared_is_undecided_and_says_what_to_run(scratch: Scratch) -> None:
    scratch.write(base_files())
    scratch.commit("Policies without a system", by="Rae Kim")
    scratch.branch()
    scratch.commit("Work", files={"app.py": "x = 1\n"})
    said = scratch.run("check")
    assert said.code == 3
    assert "policy-gate init" in said.out
    assert scratch.check("--all").code == 3


def test_d28_an_empty_list_with_a_reason_counts_once_base_holds_it(scratch: Scratch) -> None:
    scratch.write(base_files() | {"governance.yaml": to_yaml(EMPTY)})
    scratch.commit("No AI here", by="Rae Kim")
    scratch.branch()
    scratch.commit("Work", files={"app.py": "x = 1\n"})
    said = scratch.run("check")
    assert said.code == 0, said
    assert "a library of colours" in said.out

    scratch.branch("system")
    scratch.declare(low_system("development"))
    scratch.commit("There is one after all")
    assert scratch.check().blocking() == ["approval:ai-safety-lead"]


def test_d28_a_decommissioned_system_may_leave_and_a_live_one_may_not(scratch: Scratch) -> None:
    inputs = ("data-retention-and-deletion-plan", "decommissioning-record")
    held = [{"id": it, "path": f"governance/{it}.md", "status": "final", "completed": days_ago(9)} for it in inputs]
    scratch.adopt(files={f"governance/{it}.md": document(it, "SYS-003") for it in inputs})
    scratch.declare_only(low_system("decommissioned", artifacts=held), low_system("production") | {"id": "SYS-004"})
    scratch.commit("One is off", by="Rae Kim")
    scratch.branch("off")
    scratch.declare_only(low_system("production") | {"id": "SYS-004"})
    data = scratch.manifest()
    data["systems"] = [item for item in data["systems"] if item["id"] != "SYS-003"]
    scratch.write({"governance.yaml": to_yaml(data)})
    scratch.commit("Take it off the list")
    found = scratch.check()
    assert (found.code, found.findings("gap", "SYS-003")) == (0, []), found

    scratch.branch("live")
    data = scratch.manifest()
    data["systems"] = [item for item in data["systems"] if item["id"] != "SYS-004"]
    scratch.write({"governance.yaml": to_yaml(data)})
    scratch.commit("Take the live one off")
    assert "that:system-vanished" in scratch.check().blocking()
