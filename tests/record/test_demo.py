"""`demo`: the story is told as told, and what it leaves behind says the same again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from scratch import Result, Scratch


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scratch, Result, Path]:
    """The demo, run once, with its repository kept."""
    scratch = Scratch(tmp_path_factory.mktemp("demo"))
    kept = scratch.path.parent / "kept"
    return scratch, scratch.run("demo", "--keep", str(kept), COLUMNS="80"), kept


def test_demo_ends_as_told(told: tuple[Scratch, Result, Path]) -> None:
    _, done, _ = told
    assert done.code == 0, done
    assert done.out.count("BLOCKED") >= 6
    assert "PASS" in done.out


def test_each_step_gives_the_exit_that_was_printed(told: tuple[Scratch, Result, Path]) -> None:
    scratch, done, kept = told
    steps = json.loads((kept / "steps.json").read_text("utf-8"))
    assert [step["exit"] for step in steps] == [0, 1, 1, 1, 0, 1, 1, 1]
    for step in steps:
        assert f"[{step['ref']}] exit {step['exit']}" in done.out
        subprocess.run(["git", "checkout", "-q", step["ref"]], cwd=kept, env=scratch.environment(), check=True)
        again = subprocess.run(
            [sys.executable, "-P", "-m", "policy_gate", *step["command"]],
            cwd=kept,
            env=scratch.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        assert again.returncode == step["exit"], step


def test_demo_leaves_a_full_folder_alone(told: tuple[Scratch, Result, Path]) -> None:
    scratch, _, kept = told
    done = scratch.run("demo", "--keep", str(kept))
    assert done.code == 2
    assert "not empty" in done.err


def test_the_people_of_the_demo_are_different_authors(told: tuple[Scratch, Result, Path]) -> None:
    scratch, _, kept = told
    log = ["git", "log", "--format=%ae", "step-4-approved"]
    emails = subprocess.run(log, cwd=kept, env=scratch.environment(), capture_output=True, text=True, check=True)
    assert {"bo@example.com", "ada@example.com", "lin@example.com", "pat@example.com"} <= set(emails.stdout.split())
