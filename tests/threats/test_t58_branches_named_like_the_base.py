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


def _trunk(upstream: Scratch, path: Path) -> Scratch:
    """A clone that never saw the remote's HEAD; the remote's default is `trunk`, and its author is on `work`."""
    repo = Scratch(path / "trunk")
    repo.git("remote", "add", "origin", f"file://{upstream.path}")
    repo.git("fetch", "-q", "origin", "main:refs/remotes/origin/trunk")
    repo.git("checkout", "-q", "-B", "work", "origin/trunk")
    repo.git("update-ref", "-d", "refs/remotes/origin/main")
    repo.git("symbolic-ref", "--delete", "refs/remotes/origin/HEAD", ok=False)
    repo.edit("SYS-001", stage="pre_deployment")
    repo.commit("Promote")
    return repo


@pytest.mark.parametrize("name", ["remotes/origin/main", "remotes/origin/master", "heads/main"])
@pytest.mark.parametrize("more", [{}, {"CI": "true"}], ids=["at home", "in CI"])
def test_t58_a_base_that_is_guessed_beside_a_remote_does_not_bind(
    upstream: Scratch, tmp_path: Path, name: str, more: dict[str, str]
) -> None:
    repo = _trunk(upstream, tmp_path)
    assert repo.check(**more).code == 3, "control: no branch of a name to guess"
    repo.git("update-ref", f"refs/{name}", "HEAD")
    for args in ((), ("--all",)):
        found = repo.check(*args, **more)
        assert found.report["trust"]["enforcing"] is False, found
        assert "is a guess" in str(found.report["trust"]["notes"])


def test_t58_control_a_base_that_is_named_or_told_by_the_forge_binds(upstream: Scratch, tmp_path: Path) -> None:
    repo = _trunk(upstream, tmp_path)
    named = repo.check("--base", "trunk")
    assert (named.code, named.report["trust"]["enforcing"]) == (1, True)
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    told = repo.check()
    assert (told.code, told.report["trust"]["enforcing"]) == (1, True)
    repo.git("symbolic-ref", "--delete", "refs/remotes/origin/HEAD")
    repo.git("update-ref", "refs/remotes/origin/main", "refs/remotes/origin/trunk")
    scheduled = repo.check(CI="true", CI_DEFAULT_BRANCH="main", CI_PIPELINE_SOURCE="schedule")
    assert (scheduled.code, scheduled.report["trust"]["enforcing"]) == (1, True)


def test_t58_control_without_a_remote_main_is_the_base(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    assert scratch.check().report["trust"]["enforcing"] is True
