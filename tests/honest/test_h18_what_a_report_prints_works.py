"""H18: every command that a report prints runs in the world that printed it, and what it was printed for is gone."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from keys import SignedScratch
from promotion import Promotion
from scratch import Result, Scratch
from world import high_system

pytestmark = pytest.mark.real_git

_ROWS = re.compile(r"^ +(?:run|start) +(policy-gate .+)$", re.MULTILINE)
_IN_BRACKETS = re.compile(r"\((policy-gate check[^)]*)\)")


def promoted(tmp_path: Path, **changes: object) -> Scratch:
    """A promotion on a branch that lacks all the evidence and approvals of its gate."""
    repo = Scratch(tmp_path)
    repo.adopt(high_system("development"))
    repo.branch("work")
    repo.edit(stage="pre_deployment", **changes)
    repo.commit("promote")
    return repo


def weakened(tmp_path: Path) -> Scratch:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("development"))
    repo.branch("work")
    repo.edit(risk_profile={"human_oversight": "full"})
    repo.commit("lower")
    return repo


def never_committed(tmp_path: Path) -> Scratch:
    """Only code is committed; what `init` wrote is not."""
    repo = Scratch(tmp_path)
    repo.commit("code", files={"app/bot.py": "import openai\n"})
    assert repo.run("init", "--yes").code == 0
    return repo


def not_applicable(tmp_path: Path) -> Scratch:
    claim = [{"id": "bias-benchmark-suite", "reason": "nobody is judged by it"}]
    return promoted(tmp_path, not_applicable=claim)


WORLDS: dict[str, Callable[[Path], Scratch]] = {
    "promotion": promoted,
    "weakening": weakened,
    "never committed": never_committed,
    "not applicable": not_applicable,
}


def told(repo: Scratch, *how: str) -> Result:
    return repo.run("check", *how)


def ran(repo: Scratch, command: str) -> Result:
    return repo.run(*shlex.split(command)[1:])


@pytest.mark.parametrize("name", WORLDS)
def test_h18_every_printed_command_runs(tmp_path: Path, name: str) -> None:
    repo = WORLDS[name](tmp_path)
    how = ("--worktree",) if name == "never committed" else ()
    said = told(repo, *how).out
    commands = [*_ROWS.findall(said), *_IN_BRACKETS.findall(said)]
    assert commands, said
    for command in dict.fromkeys(commands):
        if " approve " in command:
            assert "--role" in command, command
            done = ran(repo, command.replace(" --key FILE", "") + " --yes")
            assert "is missing" not in done.err, done
            continue
        done = ran(repo, command)
        assert done.code in ((0, 1) if " check" in command else (0,)), (command, done)
        assert "no AI system is declared" not in done.out
        if " draft " in command:
            subject = shlex.split(command)[2]
            assert f"wrote governance/{subject}" in done.out or "wrote MODEL_CARD" in done.out
            assert re.search(r"add (under the artifacts|to the entry) of SYS-001", done.out)


def test_h18_a_second_draft_goes_beside_the_first_and_a_third_says_where_the_first_is(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("development"), high_system("development") | {"id": "SYS-002", "paths": ["two/**"]})
    drafts = [repo.run("draft", "red-team-report", "--system", name) for name in ("SYS-001", "SYS-002")]
    assert [done.code for done in drafts] == [0, 0]
    assert "governance/red-team-report-SYS-002.md" in drafts[1].out or drafts[0].out != drafts[1].out
    entry = repo.entry()
    path = entry["artifacts"][0]["path"]
    again = repo.run("draft", entry["artifacts"][0]["id"], "--system", "SYS-001")
    assert again.code == 2
    assert path in again.err
    assert "go on in it: policy-gate check --worktree" in again.err


def test_h18_a_fact_that_base_judges_is_to_be_stated_in_a_change_of_its_own_first(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("pre_deployment"))
    repo.branch("work")
    repo.edit(stage="production")
    repo.commit("promote")
    found = repo.check().finding("shadow-mode-validation")
    assert "State replaces_existing_process in a change of its own first" in found["fix"]
    repo.edit(facts={"replaces_existing_process": "false"})
    repo.commit("state it beside the promotion")
    told = repo.check().finding("shadow-mode-validation")["fix"]
    assert "stands here, and judges from the next change on" in told
    assert "in a change of its own first" in told
    repo.branch("fact")
    repo.edit(facts={"replaces_existing_process": "false"})
    repo.commit("state the fact")
    repo.merge("fact")
    repo.branch("next")
    repo.edit(stage="production")
    repo.commit("promote")
    assert [it for it in repo.check().findings("gap") if it["requirement"]["subject"] == "shadow-mode-validation"] == []


def test_h18_the_approve_line_signs_and_the_finding_is_gone(tmp_path: Path) -> None:
    repo = SignedScratch(tmp_path)
    repo.narrowed()
    commands = _ROWS.findall(told(repo).out)
    assert len(commands) == 1, commands
    repo.iam("Rae Kim")
    done = ran(repo, commands[0].replace("FILE", str(repo.keys["Rae Kim"])) + " --yes")
    assert done.code == 0, done
    repo.commit("Approve", by="Rae Kim")
    assert repo.check().findings("gap") == []


@pytest.mark.parametrize("branch", ["develop", "release/1.0"])
def test_h18_the_approve_line_of_a_change_for_another_branch_is_for_that_branch(tmp_path: Path, branch: str) -> None:
    """Where the judged branch is not what `approve` takes by itself, the line names it: a record is for one branch."""
    repo = SignedScratch(tmp_path)
    repo.git("branch", branch, "main")
    repo.narrowed()
    (command,) = _ROWS.findall(told(repo, "--base", branch).out)
    assert shlex.split(command)[-2:] == ["--base", branch]
    repo.iam("Rae Kim")
    assert ran(repo, command.replace("FILE", str(repo.keys["Rae Kim"])) + " --yes").code == 0
    repo.commit("Approve", by="Rae Kim")
    assert repo.check("--base", branch).findings("gap") == []
    # The attack beside it: what was agreed to for one branch opens no other.
    assert repo.check().code == 1


def test_h18_a_line_for_the_default_branch_names_none_and_a_strange_name_is_quoted(tmp_path: Path) -> None:
    repo = SignedScratch(tmp_path)
    repo.narrowed()
    assert " --base " not in _ROWS.findall(told(repo).out)[0]
    assert " --base " not in _ROWS.findall(told(repo, "--base", "main").out)[0]
    strange = "a;touch$IFS$(id)'b"
    repo.git("branch", strange, "main")
    (command,) = _ROWS.findall(told(repo, "--base", strange).out)
    assert shlex.split(command)[-1] == strange
    assert not re.search(r"--base a;", command)


def test_h18_what_waits_for_a_yes_alone_holds_up_no_other_approval(tmp_path: Path) -> None:
    """All who sign are told at once: a claim of no concern wants a yes, and no work that others wait for."""
    repo = Promotion(tmp_path)
    kept = [test for test in repo.entry()["tests"] if test["id"] != "bias-benchmark-suite"]
    claim = [{"id": "bias-benchmark-suite", "reason": "nobody is judged by it"}]
    repo.edit(tests=kept, not_applicable=claim)
    repo.commit("promote")
    said = told(repo).out
    assert '"not applicable" is not approved' in said
    assert "Approvals wait for the work" not in said
    assert len(_ROWS.findall(said)) == 4, said
    repo.edit(artifacts=repo.entry()["artifacts"][1:])
    repo.commit("a paper less")
    assert "Approvals wait for the work" in told(repo).out


def test_h18_a_document_of_another_system_is_not_to_be_edited(tmp_path: Path) -> None:
    """Two systems that were one: the report sends nobody into the papers of the other."""
    repo = Scratch(tmp_path)
    repo.adopt(high_system("development"))
    repo.branch("work")
    entry = repo.entry()
    repo.declare_only(entry, entry | {"id": "SYS-002", "paths": ["two/**"]})
    repo.commit("Split it")
    refused = [it for it in repo.check().report["findings"] if it["system"] == "SYS-002" and it["cause"] == "refused"]
    assert refused
    paper = refused[0]["requirement"]["subject"]
    assert refused[0]["fix"].startswith(
        f"take it out of the entry of SYS-002, then policy-gate draft {paper} --system "
    )
    repo.edit("SYS-002", artifacts=[it for it in entry["artifacts"] if it["id"] != paper])
    assert repo.run("draft", paper, "--system", "SYS-002").code == 0


def test_h18_a_manifest_that_moves_without_its_papers_is_told_where_they_are_looked_for(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("pre_deployment"))
    repo.branch("work")
    (repo.path / "gov").mkdir()
    repo.git("mv", "governance.yaml", "gov/governance.yaml")
    repo.commit("Move the manifest")
    fix = repo.check().finding("red-team-report")["fix"]
    moved = re.fullmatch(r"move (\S+) along, to (gov/\S+): paths are from the folder of the manifest, which moved", fix)
    assert moved, fix
    (repo.path / moved[2]).parent.mkdir(parents=True)
    repo.git("mv", moved[1], moved[2])
    repo.commit("And a paper")
    assert repo.check().finding("red-team-report")["state"] == "met"
