"""T44: papers approved, then the program replaced; also where the program is called a paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from approved import NOT_APPROVED, Approved
from scratch import Scratch
from world import days_ago, high_system, medium_system

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


def _becomes_a_link(repo: Approved) -> None:
    repo.remove("screener/rank.py")
    repo.write({"tools/rank.py": "RANK = 0\n"})
    (repo.path / "screener/rank.py").symlink_to("../tools/rank.py")


SWAPS: dict[str, Callable[[Approved], None]] = {
    "a file more": lambda repo: repo.write({"screener/hook.py": "RANK = 0\n"}),
    "a file less": lambda repo: repo.remove("screener/rank.py"),
    "a file that may be run": lambda repo: (repo.path / "screener/rank.py").chmod(0o755),
    "a link to code of nobody": _becomes_a_link,
    "a file of another name": lambda repo: repo.git("mv", "screener/rank.py", "screener/RANK.py"),
    "weights in a folder below": lambda repo: repo.write({"screener/weights/model.bin": b"\x00\x01"}),
}


@pytest.mark.parametrize("swap", SWAPS)
def test_t44_whichever_way_the_program_becomes_another(approved: Approved, swap: str) -> None:
    approved.restart()
    SWAPS[swap](approved)
    approved.commit(swap)
    done = approved.check()
    assert done.code == 1, done
    assert set(NOT_APPROVED) <= set(done.blocking())


def test_t44_the_swap_may_come_by_a_merge_of_somebody_elses_branch(approved: Approved) -> None:
    approved.restart("main")
    approved.commit("Another program", by="Sam Lee", files={"screener/rank.py": "RANK = 0\n"})
    swapped = approved.git("rev-parse", "HEAD")
    approved.restart()
    approved.git("merge", "-q", "--no-edit", swapped)
    done = approved.check()
    assert (done.code, done.blocking()) == (1, NOT_APPROVED), done


def test_t44_control_below_high_the_papers_are_what_is_approved(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(medium_system("pre_deployment"))
    repo.branch("work")
    repo.declare(medium_system("production", stage_since=days_ago(1)))
    repo.commit("Go live")
    for role in ("engineering-manager", "security-lead"):
        repo.approve(role, "production-deployment", "SYS-002")
    assert repo.check().code == 0
    repo.commit("Code", files={"chatbot/app.py": "APP = 2\n"})
    assert repo.check().code == 0
    repo.commit("Paper", files={"chatbot/governance/rollback-procedure.md": "# Rollback\n\nAsk Sam.\n"})
    assert repo.check().code == 1
