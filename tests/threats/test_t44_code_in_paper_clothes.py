"""T44: papers approved, then the program replaced; also where the program is called a paper."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

GATE = "pre-deployment-security-review"
APPROVERS = ("ciso", "legal", "product-owner")


@pytest.fixture
def promoted(scratch: Scratch) -> Scratch:
    scratch.adopt(
        high_system("development"), files={"screener/rank.py": "RANK = 1\n", "screener/prompt.txt": "Rank.\n"}
    )
    scratch.branch("work")
    scratch.declare(high_system("pre_deployment"))
    entry = scratch.entry()
    runbook = {"id": "deployment-runbook", "path": "screener/prompt.txt"}
    scratch.edit(artifacts=[item for item in entry["artifacts"] if item["id"] != runbook["id"]] + [runbook])
    scratch.commit("promote")
    for role in APPROVERS:
        scratch.approve(role, GATE)
    return scratch


@pytest.mark.parametrize("path", ["screener/rank.py", "screener/prompt.txt"])
def test_t44_what_runs_is_bound_under_whatever_name(promoted: Scratch, path: str) -> None:
    assert promoted.check().code == 0
    promoted.commit("replace it", files={path: "anything else\n"})
    done = promoted.check()
    assert done.code == 1
    assert done.blocking() == [f"approval:{role}" for role in sorted(APPROVERS)]


def test_t44_control_what_lies_outside_the_code_voids_nothing(promoted: Scratch) -> None:
    promoted.commit("a note", files={"NOTES.md": "nothing that runs\n"})
    assert promoted.check().code == 0
