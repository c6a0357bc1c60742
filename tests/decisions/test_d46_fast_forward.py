"""D46: where a forge fast-forwards, a branch that merged base would put base's own history aside."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

CODE = "".join(f"weight_{number} = {number * 37 % 101}\n" for number in range(60))
CONFIG = "schema: policy-gate/config/v1\nrepository: example-org/screener\nmerge_methods: [{methods}]\n"


def _beside(repo: Scratch, tip: str = "main") -> str:
    """A commit with base's files and another beginning, which then merges base."""
    other = repo.git("commit-tree", "-m", "Another beginning", f"{tip}^{{tree}}")
    return repo.git("commit-tree", "-m", "Merge main", "-p", other, "-p", tip, f"{tip}^{{tree}}")


@pytest.fixture
def gone(scratch: Scratch) -> Scratch:
    """Code of the system went in an earlier change, which is merged."""
    scratch.adopt(high_system("development"), files={"screener/rank.py": CODE})
    scratch.commit("How it merges", files={"policy-gate.yaml": CONFIG.format(methods="fast-forward, squash")})
    scratch.remove("screener/rank.py")
    scratch.commit("It goes")
    return scratch


def test_t54_a_fast_forward_does_not_hide_what_base_held(gone: Scratch) -> None:
    gone.git("branch", "work", _beside(gone))
    done = gone.run("check", "--base", "main", "--head", "work")
    assert done.code == 3, done
    assert "rebase it and push" in done.out + done.err


@pytest.mark.parametrize("methods", ["merge, squash", "merge, squash, rebase"])
def test_d46_control_a_merge_commit_of_the_forge_has_base_below_it(gone: Scratch, methods: str) -> None:
    gone.commit("Another way", files={"policy-gate.yaml": CONFIG.format(methods=methods)})
    gone.git("branch", "work", _beside(gone))
    assert gone.run("check", "--base", "main", "--head", "work").code == 0


def test_d46_control_a_branch_that_stands_on_base(gone: Scratch) -> None:
    gone.branch("work")
    gone.commit("A note", files={"NOTES.md": "One.\n"})
    gone.commit("And another", files={"NOTES.md": "Two.\n"})
    assert gone.check().code == 0


def test_d46_one_step_leads_on(gone: Scratch) -> None:
    """A branch that was brought up to date by a merge is put upon base, as the hint says."""
    gone.branch("work")
    gone.commit("A note", files={"NOTES.md": "One.\n"})
    gone.checkout("main")
    gone.commit("Base moves", files={"other.md": "x\n"})
    gone.checkout("work")
    gone.git("merge", "-q", "-m", "Update branch", "main")
    assert gone.check().code == 3
    gone.git("rebase", "-q", "main")
    assert gone.check().code == 0
