"""D03: the work tree's tracked and untracked files are the result; results from elsewhere lie beside it, never over."""

from __future__ import annotations

from evidence import junit
from scratch import Scratch
from world import high_system

REPORT = "governance/red-team-report.md"
RESULT = "reports/bias-benchmark-suite.xml"
GATE = "test:bias-benchmark-suite"


def _promoted(repo: Scratch) -> None:
    repo.adopt(high_system("development"))
    repo.branch()
    repo.declare(high_system("pre_deployment"))


def test_d03_what_is_not_committed_counts_and_what_git_ignores_does_not(scratch: Scratch) -> None:
    _promoted(scratch)
    assert scratch.check().verdict == "pass", "the control: nothing is committed"
    told = scratch.check("--worktree")
    assert told.blocking() == ["approval:ciso", "approval:legal", "approval:product-owner"], told
    scratch.write({".gitignore": f"{REPORT}\n"})
    assert "artifact:red-team-report" in scratch.check("--worktree").blocking()


def test_d03_results_of_a_job_lie_beside_the_tree_and_never_over_it(scratch: Scratch) -> None:
    _promoted(scratch)
    beside = scratch.path.parent / "evidence"
    for folder, failed in ((beside, 0), (beside / "bad", 1)):
        (folder / "reports").mkdir(parents=True, exist_ok=True)
        (folder / RESULT).write_text(junit("bias-benchmark-suite", failed=failed), encoding="utf-8")
    good, bad = ("--worktree", "--evidence", str(beside)), ("--worktree", "--evidence", str(beside / "bad"))
    assert GATE not in scratch.check(*bad).blocking(), "the file of the tree is the one that counts"
    scratch.write({RESULT: junit("bias-benchmark-suite", failed=1)})
    assert GATE in scratch.check(*good).blocking(), "a failure is not laid over"
    scratch.remove(RESULT)
    assert GATE in scratch.check("--worktree").blocking()
    assert GATE not in scratch.check(*good).blocking(), "beside it, where the tree holds none"
