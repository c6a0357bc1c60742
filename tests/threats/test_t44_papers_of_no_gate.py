"""T44: a file under `paths` is called a result or a paper that the gate does not count, and then replaced."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system, low_system

GATE = "pre-deployment-security-review"
APPROVERS = ("ciso", "legal", "product-owner")
CONFIG = "screener/config.json"


def _as_a_result(repo: Scratch) -> None:
    repo.edit(tests=[*repo.entry()["tests"], {"id": "shadow-mode-validation", "report": CONFIG}])


def _as_a_paper_of_another_system(repo: Scratch) -> None:
    repo.declare(low_system("conception"))
    paper = {"id": "deployment-runbook", "path": CONFIG}
    repo.edit("SYS-003", artifacts=[*repo.entry("SYS-003").get("artifacts", []), paper])


@pytest.mark.parametrize("call_it", [_as_a_result, _as_a_paper_of_another_system])
def test_t44_what_no_gate_counts_is_still_what_runs(scratch: Scratch, call_it: object) -> None:
    scratch.adopt(high_system("development"), files={CONFIG: '{"threshold": 1}\n', "docs/other.json": "{}\n"})
    scratch.branch("work")
    scratch.declare(high_system("pre_deployment"))
    assert callable(call_it)
    call_it(scratch)
    scratch.commit("Promote")
    for role in APPROVERS:
        scratch.approve(role, GATE)
    approvals = {role: scratch.check().finding(role)["state"] for role in APPROVERS}
    assert approvals == dict.fromkeys(APPROVERS, "met")
    scratch.commit("Control: elsewhere", files={"docs/other.json": '{"threshold": 2}\n'})
    assert scratch.check().finding("legal")["state"] == "met"
    scratch.commit("Swap", files={CONFIG: '{"threshold": 2}\n'})
    done = scratch.check()
    assert done.code == 1, done
    assert {role: done.finding(role)["state"] for role in APPROVERS} == dict.fromkeys(APPROVERS, "gap")


@pytest.mark.parametrize("way", ["deleted", "moved out of the claim", "deleted with its folder"])
def test_t44_a_file_that_goes_while_paths_are_narrowed(scratch: Scratch, way: str) -> None:
    """What is judged holds base's files then, so that it looks the same with and without the file."""
    claims = ["screener/**", "jobs/**"]
    files = {"screener/guard.py": "GUARD = 1\n", "screener/inner/stop.py": "STOP = 1\n", "jobs/nightly.py": "RUN = 1\n"}
    scratch.adopt({**high_system("development"), "paths": claims}, files=files)
    scratch.branch("work")
    scratch.declare({**high_system("pre_deployment"), "paths": claims[:1]})
    scratch.commit("Promote, and claim less")
    for role in APPROVERS:
        scratch.approve(role, GATE)
    scratch.approve("ai-safety-lead", "weakening")
    assert scratch.check().code == 0
    scratch.commit("Control: what nobody governs", files={"docs/note.md": "A note.\n"})
    assert scratch.check().code == 0
    if way == "moved out of the claim":
        scratch.write({"elsewhere/guard.py": "GUARD = 1\n"})
    scratch.remove("screener/inner/stop.py" if way == "deleted with its folder" else "screener/guard.py")
    scratch.commit("One file less")
    done = scratch.check()
    assert done.code == 1, done
    assert {role: done.finding(role)["state"] for role in APPROVERS} == dict.fromkeys(APPROVERS, "gap")
