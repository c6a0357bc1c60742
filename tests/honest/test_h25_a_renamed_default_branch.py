"""H25: the default branch gets another name; a clone that knows the old one is told the command that finds the new."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scratch import Scratch
from world import high_system

pytestmark = pytest.mark.real_git


@pytest.fixture
def renamed(scratch: Scratch, tmp_path: Path) -> Scratch:
    """A clone with work of its own, whose remote has called `main` `trunk` since, and which has fetched that."""
    scratch.adopt(high_system("development"))
    origin = tmp_path / "origin.git"
    scratch.git("clone", "-q", "--bare", str(scratch.path), str(origin))
    scratch.git("remote", "add", "origin", str(origin))
    scratch.git("fetch", "-q", "origin")
    scratch.git("remote", "set-head", "origin", "--auto")
    scratch.promote()
    scratch.git("-C", str(origin), "branch", "-m", "main", "trunk")
    scratch.git("-C", str(origin), "symbolic-ref", "HEAD", "refs/heads/trunk")
    scratch.git("fetch", "-q", "--prune", "origin", ok=False)
    return scratch


def test_h25_the_hint_is_a_command_that_works(renamed: Scratch) -> None:
    renamed.git("branch", "-q", "-D", "main")
    told = renamed.run("check")
    assert told.code == 3, told
    found = re.search(r"git fetch origin && git (remote set-head origin --auto)", " ".join(told.err.split()))
    assert found is not None, told
    renamed.git(*found[1].split())
    done = renamed.check()
    assert done.report["trust"]["base"]["ref"] == "refs/remotes/origin/trunk"
    assert (done.code, done.report["trust"]["enforcing"]) == (1, True)


def test_h25_a_record_for_the_old_name_says_so_and_a_new_one_counts(renamed: Scratch) -> None:
    renamed.git("remote", "set-head", "origin", "--auto")
    renamed.git("branch", "-q", "-m", "main", "trunk")
    for role in ("ciso", "legal", "product-owner"):
        renamed.approve(role, "pre-deployment-security-review")
    assert renamed.check().code == 0
    renamed.git("branch", "-q", "older", "trunk")
    renamed.git("push", "-q", "origin", "older")
    told = renamed.run("check", "--base", "origin/older")
    assert (told.code, "for the branch trunk, not older" in told.out) == (1, True), told
