"""The one runner of git: which git it starts, and what reaches it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from scratch import Scratch

from policy_gate.errors import UndecidedError
from policy_gate.vcs.hardening import HardenedGit
from policy_gate.vcs.process import ask, run_git
from policy_gate.vcs.repository import Repository

pytestmark = pytest.mark.real_git


def _fake_git(folder: Path, says: str) -> None:
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\necho {says}\n")
    (folder / "git").chmod(0o755)


def test_a_machine_without_git_is_told_so(scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UndecidedError, match="no git was found on the PATH") as caught:
        Repository.open(scratch.path)
    assert caught.value.hint == "install git 2.38 or later"


def test_a_git_in_a_folder_that_is_relative_is_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_git(tmp_path / "bin", "forged")
    monkeypatch.chdir(tmp_path)
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{path}")
    assert ask("version") == "forged", "the control: a git of the user's own is taken"
    monkeypatch.setenv("PATH", f"bin::.:{path}")
    assert str(ask("version")).startswith("git version")


def test_nothing_of_git_s_variables_reaches_a_hardened_git(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = scratch.git("rev-parse", scratch.commit("One", files={"a": "1\n"}) + "^{tree}")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'alias.x=!echo forged'")
    before = dict(os.environ)
    answer = HardenedGit(scratch.path / ".git").run("rev-parse", "HEAD^{tree}")
    assert (answer.status, answer.text) == (0, f"{tree}\n")
    assert HardenedGit(scratch.path / ".git").run("config", "--get", "alias.x").status == 1
    assert dict(os.environ) == before


def test_a_git_that_does_not_end_is_ended(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    _fake_git(folder, "slow")
    (folder / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    answer = run_git("fetch", environment={"PATH": f"{folder}:{os.environ['PATH']}"}, timeout=0.2)
    assert (answer.status, answer.err) == (1, "no end after 0.2 seconds")
