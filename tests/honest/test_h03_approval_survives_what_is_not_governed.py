"""H03: a rebase, "update branch", an unrelated commit, reformatted YAML after approval: still approved."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

GATE = "pre-deployment-security-review"


@pytest.fixture
def approved(scratch: Scratch) -> Scratch:
    """A promotion that passes; base has moved on since by a file that belongs to no system."""
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("Promote")
    for role in ("ciso", "legal", "product-owner"):
        scratch.approve(role, GATE)
    assert scratch.check().verdict == "pass"
    scratch.checkout("main")
    scratch.commit("Base moves on", by="Sam Lee", files={"other/job.py": "x = 1\n"})
    scratch.checkout("work")
    return scratch


def _reformatted(text: str) -> str:
    """The same YAML with a comment, a blank line after each key of a system, and blanks at line ends."""
    return "# tidied\n" + text.replace("\n    paths:", "   \n\n    paths:").replace("stage: ", "stage:   ")


def test_h03_base_that_moves_a_merge_of_it_and_a_rebase_void_nothing(approved: Scratch) -> None:
    assert approved.check().verdict == "pass", "base moved on"
    approved.branch("updated", at="work")
    approved.git("merge", "-q", "--no-ff", "-m", "Update branch", "main")
    assert approved.check().verdict == "pass", "update branch"
    approved.branch("rebased", at="work")
    approved.git("rebase", "-q", "main")
    assert approved.check().verdict == "pass", "rebase"


def test_h03_an_unrelated_commit_and_new_formatting_void_nothing_but_one_word_does(approved: Scratch) -> None:
    approved.commit("Unrelated", files={"docs/notes.md": "Notes.\n"})
    assert approved.check().verdict == "pass"
    tidied = _reformatted(approved.read("governance.yaml"))
    assert tidied.count("\n") > approved.read("governance.yaml").count("\n")
    approved.commit("Tidy", files={"governance.yaml": tidied})
    assert approved.check().verdict == "pass"
    approved.commit("Reword", files={"governance.yaml": tidied.replace("owner_team: People Ops", "owner_team: Nobody")})
    assert "approval:ciso" in approved.check().blocking()


def test_h03_a_conflict_is_said_once_verdict_first_with_the_command(approved: Scratch) -> None:
    approved.commit("The same line", files={"other/job.py": "x = 2\n"})
    said = approved.run("check")
    assert said.code == 3
    assert said.err.startswith("UNDECIDED  cannot tell what merging would give: other/job.py conflicts with main")
    assert said.err.count("other/job.py") == 1
    assert said.err.rstrip().endswith("exit 3")
    assert max(map(len, said.err.splitlines())) <= 120
