"""D44: a check judges what is here or says what to fetch; it fetches nothing, also where it could."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch
from world import low_system

pytestmark = pytest.mark.real_git


@pytest.fixture
def clone(scratch: Scratch, tmp_path: Path) -> Scratch:
    """A clone of `work` alone: base is one `git fetch` away, and not here."""
    scratch.adopt(low_system("development"))
    scratch.branch()
    scratch.commit("Notes", files={"NOTES.md": "Notes.\n"})
    folder = tmp_path / "clone"
    limits = ("--single-branch", "--depth", "1", "--branch", "work")
    scratch.git("clone", "-q", *limits, f"file://{scratch.path}", str(folder))
    scratch.path = folder
    return scratch


def test_d44_base_that_is_not_here_is_asked_for_and_not_fetched(clone: Scratch) -> None:
    before = clone.git("for-each-ref"), clone.git("count-objects", "-v")
    found = clone.check("--base", "origin/main")
    assert found.code == 3
    assert "git fetch" in found.out + found.err
    assert (clone.git("for-each-ref"), clone.git("count-objects", "-v")) == before
    assert not (clone.path / ".git" / "FETCH_HEAD").exists()


def test_d44_control_once_it_is_fetched_it_is_judged(clone: Scratch) -> None:
    clone.git("fetch", "-q", "--unshallow", "origin", "+refs/heads/*:refs/remotes/origin/*")
    assert clone.check("--base", "origin/main").code == 0
