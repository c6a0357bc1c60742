"""The gate with another git than the machine's: the newest that a package registry has, from `.parts`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from parts import PARTS
from scratch import Scratch
from world import ROLE_HOLDERS, high_system

pytestmark = [pytest.mark.real_git, pytest.mark.real_runner]
APPROVAL = "pre-deployment-security-review"


@pytest.fixture
def newest(tmp_path: Path) -> str:
    """A PATH on which the newest git comes first, wrapped so that it finds its own programs."""
    git = PARTS / "newest-git" / "bin" / "git"
    if not git.exists():
        pytest.skip("the newest git is not installed here; .ci/run installs it")
    folder = tmp_path / "bin"
    folder.mkdir()
    wrapped = folder / "git"
    own = git.parent.parent / "libexec" / "git-core"
    wrapped.write_text(f'#!/bin/sh\nexec "{git}" --exec-path="{own}" "$@"\n')
    wrapped.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_check_approve_audit_and_sync_with_the_newest_git(scratch: Scratch, newest: str) -> None:
    here = shutil.which("git")
    versions = [subprocess.run([git, "--version"], capture_output=True, text=True, check=True).stdout
                for git in (here, shutil.which("git", path=newest)) if git]  # fmt: skip
    assert versions[0] != versions[1], "another git than the machine's"
    scratch.adopt(high_system("development"))
    scratch.promote()
    env = scratch.environment(PATH=newest)

    def run(*args: str) -> tuple[int, str, str]:
        command = [sys.executable, "-P", "-m", "policy_gate", *args]
        done = subprocess.run(command, cwd=scratch.path, env=env, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    asked = ("check", "--format", "json", "--as-of", "2026-11-29")
    old = scratch.run(*asked)
    assert run(*asked) == (old.code, old.out, old.err)
    assert old.code == 1
    for role in ("ciso", "legal", "product-owner"):
        holder = ROLE_HOLDERS[role]
        scratch.iam(holder)
        code, _, err = run("approve", "--for", APPROVAL, "--system", "SYS-001", "--role", role, "--yes")
        assert code == 0, err
        scratch.commit(f"Approve as {role}", by=holder)
    code, out, err = run("check")
    assert code == 0, out + err
    assert run("audit", "record")[0] == 0
    assert run("audit", "verify")[0] == 0
    assert scratch.run("audit", "verify").code == 0, "the machine's git reads what the newest wrote"
    code, out, err = run("registry", "sync", ".", "--jobs", "1")
    assert code == 0, out + err
    assert "SYS-001" in run("registry", "list")[1]
