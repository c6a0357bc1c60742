"""D46: a rebase is judged beside the merge, and ordinary branches never notice."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system, low_system


@pytest.fixture
def moved(scratch: Scratch) -> Scratch:
    """A branch of three commits, governed and not, and a base that moved in the same manifest."""
    scratch.adopt(high_system("development"), low_system("development", paths=["summariser/**"]))
    scratch.commit("Code", files={"README.md": "".join(f"line {number}\n" for number in range(30))})
    scratch.branch("work")
    scratch.edit("SYS-003", owner_team="Search")
    scratch.commit("Another team")
    scratch.commit("Words", files={"README.md": scratch.read("README.md").replace("line 3\n", "three\n")})
    scratch.edit("SYS-003", owner_team="Search and find")
    scratch.commit("Its full name")
    scratch.checkout("main")
    scratch.edit("SYS-001", owner_team="People")
    scratch.commit("Base moves", files={"README.md": scratch.read("README.md").replace("line 25\n", "twenty-five\n")})
    scratch.checkout("work")
    return scratch


def test_d46_a_branch_behind_base_in_the_same_files(moved: Scratch) -> None:
    assert moved.check().code == 0


def test_d46_a_branch_that_was_brought_up_to_date_twice(moved: Scratch) -> None:
    for number in range(2):
        moved.git("merge", "-q", "-m", "Update branch", "main")
        moved.edit("SYS-003", owner_team=f"Search {number}")
        moved.commit("On with it")
        moved.checkout("main")
        moved.commit("Base moves on", files={f"other{number}.md": "x\n"})
        moved.checkout("work")
    assert moved.check().code == 0


def test_d46_history_that_crosses(moved: Scratch) -> None:
    fork = moved.git("rev-parse", "work~1")
    moved.git("branch", "earlier", fork)
    moved.git("merge", "-q", "-m", "Update branch", "main")
    moved.checkout("main")
    moved.git("merge", "-q", "--no-ff", "-m", "Part of it", "earlier")
    moved.checkout("work")
    moved.edit("SYS-003", owner_team="Search for all")
    moved.commit("On with it")
    moved.edit("SYS-003", owner_team="Search for everybody")
    moved.commit("And on")
    assert moved.check().code == 0


def test_d46_a_commit_that_base_took_over_already(moved: Scratch) -> None:
    moved.checkout("main")
    moved.git("cherry-pick", "work~1")
    moved.checkout("work")
    assert moved.check().code == 0


def test_d46_what_is_not_governed_may_go_back_and_forth(moved: Scratch) -> None:
    moved.checkout("main")
    moved.commit("A note", files={"NOTES.md": "later\n"})
    moved.branch("notes", at="main~1")
    moved.commit("The same", files={"NOTES.md": "later\n"})
    moved.remove("NOTES.md")
    moved.commit("Away")
    done = moved.check()
    assert done.code == 0, done
    assert "nothing governed changed" in moved.run("check").out


def test_d46_the_test_merge_of_a_forge_is_judged_alike(moved: Scratch) -> None:
    moved.checkout("main")
    moved.edit("SYS-001", stage="conception")
    moved.commit("Back")
    moved.branch("evil", at="work")
    moved.edit("SYS-001", stage="conception")
    moved.commit("The same")
    moved.edit("SYS-001", stage="development")
    moved.commit("Undone")
    moved.git("checkout", "-q", "--detach", "main")
    moved.git("merge", "-q", "-m", "Merge", "evil")
    merge = moved.git("rev-parse", "HEAD")
    found = moved.check("--base", "main", GITHUB_REF="refs/pull/1/merge", GITHUB_SHA=merge)
    assert found.code == 3, found


def test_d46_a_work_tree_is_not_merged_yet(moved: Scratch) -> None:
    assert moved.check("--worktree").code == 0
