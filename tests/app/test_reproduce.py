"""What a report says of how to ask the same again: the command works, and gives the same answer."""

from __future__ import annotations

import shlex

import pytest
from scratch import Scratch
from world import high_system


@pytest.mark.parametrize("args", [(), ("--all",), ("--system", "SYS-001", "--defer", "approval")])
def test_the_command_gives_the_same_findings(scratch: Scratch, args: tuple[str, ...]) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    scratch.edit(stage="pre_deployment")
    scratch.commit("Promote")
    found = scratch.check(*args)
    command = found.report["trust"]["reproduce"]
    assert f"--as-of {found.report['as_of'][:10]}" in command
    scratch.checkout("main")
    again = scratch.run(*shlex.split(command)[1:], "--format", "json")
    assert (again.code, again.findings()) == (found.code, found.findings())
    assert again.report["trust"]["reproduce"] == command


def test_people_are_told_it_where_not_all_is_well(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    head = scratch.promote()
    text, page = scratch.run("check").out, scratch.run("check", "--format", "markdown").out
    for said in (text, page):
        assert f"--head {head} --as-of " in said
        assert "no forge was asked for reviews" in said
    scratch.branch("other")
    scratch.commit("Notes", files={"NOTES.md": "x\n"})
    assert scratch.run("check").out.count("\n") == 1


def test_of_a_work_tree_it_is_the_files_as_they_are(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    command = scratch.check("--worktree").report["trust"]["reproduce"]
    assert "--worktree" in command
    assert "--head" not in command
    organisation = scratch.path.parent / "org $(x) 'y"
    organisation.mkdir()
    (organisation / "a.yaml").write_text("schema: policy-gate/policy/v1\ndebt: {enrolment: {high: P10D}}\n", "utf-8")
    command = scratch.check("--policies", str(organisation)).report["trust"]["reproduce"]
    assert shlex.split(command)[shlex.split(command).index("--policies") + 1] == str(organisation.resolve())


def test_approvals_of_the_branch_count_in_the_replay(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.promote()
    for role in ("ciso", "legal", "product-owner"):
        scratch.approve(role, "pre-deployment-security-review")
    found = scratch.check()
    assert found.code == 0, found
    again = scratch.run(*shlex.split(found.report["trust"]["reproduce"])[1:], "--format", "json")
    assert again.code == 0, again
    assert again.report["trust"]["enforcing"] is False
    assert "--into names the branch by hand" in again.report["trust"]["notes"]
