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
