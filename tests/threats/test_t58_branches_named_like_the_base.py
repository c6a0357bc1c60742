"""T58: a local branch that is named like the base and is not what the remote holds (D56)."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch
from world import high_system

ORIGIN = "refs/remotes/origin/main"


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("upstream"))
    repo.adopt(high_system("development"))
    return repo


@pytest.fixture
def clone(upstream: Scratch, tmp_path: Path) -> Scratch:
    """A clone on its own `main`, where the author has promoted the system."""
    repo = Scratch(tmp_path / "clone")
    repo.git("remote", "add", "origin", f"file://{upstream.path}")
    repo.git("fetch", "-q", "origin")
    repo.git("reset", "-q", "--hard", "origin/main")
    repo.edit("SYS-001", stage="pre_deployment")
    repo.commit("Promote")
    return repo


def test_t58_what_the_remote_holds_is_the_base_and_that_is_said(clone: Scratch) -> None:
    for more in ({}, {"CI": "true"}):
        found = clone.check("--base", "main", **more)
        assert (found.code, found.report["trust"]["base"]["ref"]) == (1, ORIGIN)
        assert "names that one" in str(found.report["trust"]["notes"])
    other = clone.check("--base", "refs/heads/main")
    assert (other.code, other.report["trust"]["enforcing"]) == (0, False)
    assert "base and head are one commit" in str(other.report["trust"]["notes"])


def test_t58_a_stale_local_branch_is_not_the_base(clone: Scratch) -> None:
    clone.git("checkout", "-q", "-b", "work")
    clone.git("branch", "-q", "-f", "main", clone.git("commit-tree", "-m", "Long ago", "origin/main^{tree}"))
    found = clone.check("--base", "main")
    assert found.report["trust"]["base"] == {"ref": ORIGIN, "commit": clone.git("rev-parse", ORIGIN)}
    assert "names that one" in str(found.report["trust"]["notes"])


@pytest.mark.parametrize("name", ["main", "release/1"])
def test_t58_two_remotes_that_differ_are_ambiguous(clone: Scratch, name: str) -> None:
    clone.git("update-ref", f"refs/remotes/origin/{name}", ORIGIN)
    clone.git("update-ref", f"refs/remotes/theirs/{name}", "HEAD")
    found = clone.check("--base", name)
    assert (found.code, found.verdict) == (3, "undecided")
    assert f"--base refs/remotes/origin/{name}" in found.err
    assert f"refs/remotes/theirs/{name} (" in found.err
    assert clone.check("--base", f"refs/remotes/origin/{name}").code == 1


def test_t58_a_branch_below_another_name_is_not_meant(clone: Scratch) -> None:
    clone.git("update-ref", "refs/remotes/origin/old/main", "HEAD")
    assert clone.check("--base", "main").report["trust"]["base"]["ref"] == ORIGIN


def test_t58_control_a_local_branch_that_is_up_to_date_is_the_base_as_ever(clone: Scratch) -> None:
    clone.git("checkout", "-q", "-b", "work")
    clone.git("branch", "-q", "-f", "main", "origin/main")
    found = clone.check("--base", "main")
    assert (found.code, found.report["trust"]["base"]["ref"]) == (1, "refs/heads/main")
    assert found.report["trust"]["enforcing"] is True
    assert "names that one" not in str(found.report["trust"]["notes"])
    clone.git("update-ref", "-d", ORIGIN)
    assert clone.check("--base", "main").report["trust"]["base"]["ref"] == "refs/heads/main"


def test_t58_control_a_job_about_what_is_merged_already_binds(clone: Scratch) -> None:
    clone.git("update-ref", ORIGIN, "HEAD")
    found = clone.check(CI="true", CI_DEFAULT_BRANCH="main", CI_PIPELINE_SOURCE="push", CI_COMMIT_BRANCH="work")
    assert (found.code, found.report["trust"]["enforcing"]) == (0, True)
    assert "base and head are one commit" in str(found.report["trust"]["notes"])
