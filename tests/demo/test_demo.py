"""`demo`: the story is told as told, and what it leaves behind says the same again."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from command import STARTER
from keys import needs_openssh, path_without_openssh, real_crypto
from scratch import Result, Scratch

from policy_gate.app.check import run_check
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.report import Report

Told = tuple[Scratch, Result, Path]

pytestmark = [pytest.mark.real_git, real_crypto]


@pytest.fixture(scope="module", params=[pytest.param("signed", marks=needs_openssh), "recorded"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The demo, run once with and once without an ssh-keygen on the PATH, with its repository kept."""
    scratch = Scratch(tmp_path_factory.mktemp("demo"))
    kept = scratch.path.parent / "kept"
    env = {"COLUMNS": "80"}
    (scratch.home / ".gitconfig").write_text("[policygate]\n\tsigningkey = /nowhere/of/the/person\n", "utf-8")
    if request.param == "recorded":
        env["PATH"] = path_without_openssh(scratch.path.parent / "bin")
    return scratch, scratch.run("demo", "--keep", str(kept), **env), kept


def _is_signed(told: Told) -> bool:
    return (told[2] / ".git/demo-keys").exists()


def test_demo_ends_as_told(told: Told) -> None:
    _, done, _ = told
    assert done.code == 0, done
    assert done.out.count("BLOCKED") >= 7
    assert "PASS" in done.out


def test_each_step_gives_the_exit_that_was_printed(told: Told) -> None:
    scratch, done, kept = told
    steps = json.loads((kept / "steps.json").read_text("utf-8"))
    assert [step["exit"] for step in steps] == [0, 1, 1, 1, 0, 1, 1, 1, 1, 1]
    for step in steps:
        assert f"[{step['ref']}] exit {step['exit']}" in done.out
        subprocess.run(["git", "checkout", "-q", step["ref"]], cwd=kept, env=scratch.environment(), check=True)
        assert STARTER.run(step["command"], kept, scratch.environment()).code == step["exit"], step


def test_demo_leaves_a_full_folder_alone(told: Told) -> None:
    scratch, _, kept = told
    done = scratch.run("demo", "--keep", str(kept))
    assert done.code == 2
    assert "not empty" in done.err


def test_the_people_of_the_demo_are_different_authors(told: Told) -> None:
    scratch, _, kept = told
    log = ["git", "log", "--format=%ae", "step-4-approved"]
    emails = subprocess.run(log, cwd=kept, env=scratch.environment(), capture_output=True, text=True, check=True)
    assert {"bo@example.com", "ada@example.com", "lin@example.com", "pat@example.com"} <= set(emails.stdout.split())


def test_the_approvals_are_signed_where_there_is_an_ssh_keygen(told: Told) -> None:
    scratch, done, kept = told
    listed = ["git", "ls-tree", "-r", "--name-only", "step-4-approved", "governance/approvals"]
    files = subprocess.run(listed, cwd=kept, env=scratch.environment(), capture_output=True, text=True, check=True)
    names = files.stdout.split()
    if not _is_signed(told):
        assert "There is no ssh-keygen here" in done.out
        assert [name for name in names if name.endswith(".sig")] == []
        assert "the record was committed by Bo Author" in " ".join(done.out.split())
        return
    assert "no ssh-keygen" not in done.out
    assert len(names) == 6
    assert {f"{name}.sig" for name in names if name.endswith(".yaml")} <= set(names)
    policy = (kept / "policies/organisation.yaml").read_text("utf-8")
    assert "recorded" not in policy
    assert "is pinned for nobody" in " ".join(done.out.split())


def test_the_keys_of_the_demo_are_in_no_commit(told: Told) -> None:
    scratch, _, kept = told
    listed = ["git", "log", "--all", "--name-only", "--format="]
    names = subprocess.run(listed, cwd=kept, env=scratch.environment(), capture_output=True, text=True, check=True)
    assert "demo-keys" not in names.stdout
    words = ["git", "grep", "-l", "PRIVATE KEY", "step-4-approved"]
    assert subprocess.run(words, cwd=kept, env=scratch.environment(), capture_output=True, check=False).returncode == 1


def test_the_report_of_each_step_can_be_stored(told: Told) -> None:
    _, _, kept = told
    day = end_of_day(datetime.now(UTC).date())
    steps = [step["ref"] for step in json.loads((kept / "steps.json").read_text("utf-8"))]
    for ref in steps[1:]:
        report = run_check(Request(kept, day, head=f"refs/tags/{ref}"))
        printed = {name: reporter(report, RenderOptions()) for name, reporter in REPORTERS.items()}
        for store in (msgspec.json, msgspec.msgpack):
            loaded = store.decode(store.encode(report), type=Report)
            assert loaded == report
            assert {name: reporter(loaded, RenderOptions()) for name, reporter in REPORTERS.items()} == printed
