"""H31: a branch that was squashed on the forge and is checked again has nothing left to merge."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system, low_system

AGAIN = "merging adds nothing to base"


@pytest.fixture
def squashed(scratch: Scratch) -> Scratch:
    """A branch that wrote the same lines twice, which base has by a squash."""
    scratch.adopt(high_system("development"), low_system("development", paths=["summariser/**"]))
    scratch.branch("work")
    for team in ("Search", "Search and find"):
        scratch.edit("SYS-003", owner_team=team)
        scratch.commit(team)
    scratch.checkout("main")
    scratch.git("merge", "-q", "--squash", "work")
    scratch.commit("Search and find (#1)")
    return scratch


def test_h31_the_old_branch_passes_with_one_line(squashed: Scratch) -> None:
    found = squashed.check("--head", "work")
    assert (found.code, found.verdict) == (0, "pass"), found
    assert [note for note in found.report["trust"]["notes"] if note.startswith(AGAIN) and "governance.yaml" in note]
    assert squashed.run("check", "--head", "work").out == "PASS  nothing governed changed\n"


def test_h31_also_once_base_moved_on_elsewhere_and_in_a_paper_of_the_branch(squashed: Scratch) -> None:
    squashed.checkout("work")
    for words in ("one\n", "one\ntwo\n", "one\nthree\n"):
        squashed.commit("A page", files={"summariser/page.md": words})
    squashed.checkout("main")
    squashed.commit("The page (#2)", files={"summariser/page.md": "one\nthree\n"})
    squashed.commit("Base moves on", files={"screener/app.py": "x = 3\n"})
    assert squashed.check("--head", "work").code == 0


def test_h31_control_what_the_branch_adds_is_judged(squashed: Scratch) -> None:
    squashed.checkout("work")
    squashed.edit("SYS-001", owner_team="People")
    squashed.commit("One more")
    found = squashed.check()
    assert found.code == 3, found
    assert "to merge base into your branch does not help; rebase it and push" in found.out
