"""T20: shallow clones, missing bases, strangers and conflicts: no answer is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from promotion import Promotion
from scratch import Result, Scratch


@pytest.fixture(scope="module")
def diverged(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    """`main` has moved on since `work` left it; `clash` changes the same line as main does; `stranger` has no past."""
    repo = Promotion(tmp_path_factory.mktemp("diverged"))
    repo.branch("clash", at="main")
    repo.commit("Clash", files={"README.md": "# Theirs\n", "policy-gate.yaml": "schema: theirs\n"})
    repo.restart("main")
    repo.git("checkout", "-q", "main")
    repo.commit(
        "Move on", files={"README.md": "# Ours\n", "policy-gate.yaml": repo.read("policy-gate.yaml") + "packs: []\n"}
    )
    repo.git("checkout", "-q", "--orphan", "stranger", "work")
    repo.commit("No past")
    repo.checkout("work")
    return repo


def undecided(result: Result, *said: str) -> bool:
    """Is there no verdict, and are these words said of it?"""
    assert (result.code, result.verdict) == (3, "undecided"), result
    return all(words in result.err for words in (*said, "UNDECIDED"))


def shallow(repo: Scratch, to: Path, depth: int) -> Result:
    """The same check in a clone of that depth."""
    repo.git("init", "-q", "-b", "none", str(to))
    refs = [f"+refs/heads/{name}:refs/remotes/origin/{name}" for name in ("main", "work")]
    repo.git("-C", str(to), "fetch", "-q", f"--depth={depth}", f"file://{repo.path}", *refs)
    return repo.check("--defer", "approval", "--base", "origin/main", "--head", "origin/work", "-C", str(to))


def test_t20_a_whole_clone_is_judged_on_what_merging_gives(diverged: Promotion) -> None:
    result = diverged.check("--defer", "approval")
    assert (result.code, result.report["trust"]["result"]["from"]) == (0, "merge")


def test_t20_a_shallow_clone_is_undecided_until_it_is_deep_enough(diverged: Promotion, tmp_path: Path) -> None:
    assert undecided(shallow(diverged, tmp_path / "1", 1), "shallow", "git fetch --unshallow")
    deep = shallow(diverged, tmp_path / "9", 9)
    assert (deep.code, deep.report["systems"]) == (0, diverged.check("--defer", "approval").report["systems"])


@pytest.mark.parametrize("name", ["gone", "origin/gone", "refs/heads/gone", "0" * 40, "f" * 40])
def test_t20_a_missing_base_is_undecided_and_says_what_to_fetch(diverged: Promotion, name: str) -> None:
    assert undecided(diverged.check("--base", name), name, "git fetch origin")


def test_t20_where_nothing_can_be_fetched_the_branches_that_are_here_are_named(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    repo.commit("Begin", files={"README.md": "# A\n"})
    repo.git("checkout", "-q", "-b", "work")
    repo.commit("Go on", files={"README.md": "# B\n"})
    assert undecided(repo.check(), "--base trunk; ", "git remote add origin URL && git fetch origin")
    assert repo.check("--base", "trunk").code == 0, "what is named does"
    doctor = repo.run("doctor").out
    assert "name the branch that changes are for: --base REF" in " ".join(doctor.split())
    assert "git fetch origin main" not in doctor
    repo.git("branch", "-q", "-D", "trunk")
    alone = repo.check()
    assert undecided(alone, "--base $(git rev-parse HEAD~1); ")
    assert repo.check("--base", repo.git("rev-parse", "HEAD~1")).code == 0
    repo.git("remote", "add", "origin", "https://example.com/a.git")
    assert undecided(repo.check(), "git fetch origin main:refs/remotes/origin/main, then run this again")


def test_t20_a_base_that_ci_names_and_the_clone_lacks_is_undecided(diverged: Promotion) -> None:
    assert undecided(diverged.check(CI="true", GITHUB_BASE_REF="release"), "release", "git fetch origin release")


def test_t20_a_stranger_is_undecided(diverged: Promotion) -> None:
    assert undecided(diverged.check("--head", "stranger"), "have no common history")


def test_t20_a_conflict_is_undecided_whatever_it_is_in(diverged: Promotion) -> None:
    result = diverged.check("--head", "clash")
    assert undecided(result, "README.md, policy-gate.yaml conflict with main", "git merge main")


def test_t20_a_repository_without_a_commit_is_no_pass(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    assert [repo.check(*more).code in (2, 3) for more in ((), ("--worktree",), ("--all",))] == [True] * 3
