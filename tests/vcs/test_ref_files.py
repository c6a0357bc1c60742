"""The tip of the default branch read from files says what git says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from scratch import Scratch

from policy_gate.errors import BaseError
from policy_gate.vcs.discovery import find_repository
from policy_gate.vcs.ref_files import BranchTip, default_branch_tip, remote_url

pytestmark = pytest.mark.real_git


def tip(path: Path) -> BranchTip:
    return default_branch_tip(find_repository(path))


def cloned(scratch: Scratch, *options: str) -> Path:
    folder = scratch.path.parent / "clone"
    scratch.git("clone", "-q", *options, f"file://{scratch.path}", str(folder))
    return folder


def test_loose_and_packed(scratch: Scratch) -> None:
    commit = scratch.commit(files={"a": "1"})
    assert tip(scratch.path) == BranchTip("main", commit)
    scratch.git("pack-refs", "--all")
    assert tip(scratch.path) == BranchTip("main", commit)
    later = scratch.commit(files={"a": "2"})
    assert tip(scratch.path) == BranchTip("main", later)


def test_what_the_remote_calls_default_goes_before_what_is_checked_out(scratch: Scratch) -> None:
    commit = scratch.commit(files={"a": "1"})
    scratch.git("branch", "-m", "main", "trunk")
    clone = cloned(scratch)
    for words in (("checkout", "-q", "-b", "work"), ("commit", "-q", "--allow-empty", "-m", "x")):
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", *words], cwd=clone, check=True,
            env=scratch.environment(),
        )  # fmt: skip
    assert tip(clone) == BranchTip("trunk", commit)
    assert remote_url(find_repository(clone)) == f"file://{scratch.path}"


def test_main_goes_before_the_branch_that_somebody_works_on(scratch: Scratch) -> None:
    commit = scratch.commit(files={"a": "1"})
    scratch.branch("work")
    scratch.commit(files={"a": "2"})
    assert tip(scratch.path) == BranchTip("main", commit)


def test_another_name_than_main(scratch: Scratch) -> None:
    commit = scratch.commit(files={"a": "1"})
    scratch.git("branch", "-m", "main", "trunk")
    assert tip(scratch.path) == BranchTip("trunk", commit)


def test_bare_detached_shallow_and_linked(scratch: Scratch) -> None:
    scratch.commit(files={"a": "1"})
    commit = scratch.commit(files={"a": "2"})
    assert tip(cloned(scratch, "--bare")) == BranchTip("main", commit)
    shallow = scratch.path.parent / "shallow"
    scratch.git("clone", "-q", "--depth=1", f"file://{scratch.path}", str(shallow))
    assert tip(shallow) == BranchTip("main", commit)
    linked = scratch.path.parent / "linked"
    scratch.git("worktree", "add", "-q", "--detach", str(linked), "HEAD~1")
    assert tip(linked) == BranchTip("main", commit)
    scratch.git("checkout", "-q", "--detach", "HEAD~1")
    scratch.git("branch", "-D", "main")
    assert tip(scratch.path) == BranchTip("", scratch.git("rev-parse", "HEAD"))


def test_no_commit_yet(scratch: Scratch) -> None:
    with pytest.raises(BaseError, match="there is no commit yet"):
        tip(scratch.path)


def test_refs_that_lead_in_a_circle_or_out_of_the_repository(scratch: Scratch) -> None:
    scratch.commit(files={"a": "1"})
    outside = scratch.path.parent / "outside"
    outside.write_text("f" * 40)
    git_dir = scratch.path / ".git"
    (git_dir / "refs/heads/main").write_text("ref: refs/heads/other\n")
    (git_dir / "refs/heads/other").write_text("ref: refs/heads/main\n")
    with pytest.raises(BaseError):
        tip(scratch.path)
    (git_dir / "HEAD").write_text("ref: refs/../../../outside\n")
    with pytest.raises(BaseError):
        tip(scratch.path)
    (git_dir / "refs/heads/main").unlink()
    os.mkfifo(git_dir / "refs/heads/main")
    with pytest.raises(BaseError):
        tip(scratch.path)


def test_a_clone_with_several_remotes_and_none_called_origin_names_none(scratch: Scratch) -> None:
    scratch.git("remote", "add", "one", "https://git.example.org/org/one.git")
    assert remote_url(find_repository(scratch.path)) == "https://git.example.org/org/one.git"
    scratch.git("remote", "add", "two", "https://git.example.org/org/two.git")
    assert remote_url(find_repository(scratch.path)) == ""
    scratch.git("remote", "add", "origin", "git@git.example.org:org/three.git")
    assert remote_url(find_repository(scratch.path)) == "git@git.example.org:org/three.git"
