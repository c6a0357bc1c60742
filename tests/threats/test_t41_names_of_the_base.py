"""T41: something weaker that is named like the base, or something harmless like what is judged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from promotion import Promotion
from scratch import Scratch

ORIGIN = "refs/remotes/origin/main"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A clone whose origin/main is strong; the commit `weak` is main as the author would like it to be."""
    origin = Promotion(tmp_path_factory.mktemp("origin"))
    origin.branch("lower", at="main")
    origin.edit(risk_profile={"decision_impact": "informational"})
    origin.commit("Lower")
    repo = Scratch(tmp_path_factory.mktemp("clone"))
    repo.git("remote", "add", "origin", f"file://{origin.path}")
    repo.git("fetch", "-q", "origin")
    repo.git("checkout", "-q", "-B", "work", "origin/lower")
    return repo


@pytest.mark.parametrize(
    "ref",
    [
        "refs/tags/main",
        "refs/tags/origin/main",
        "refs/heads/refs/remotes/origin/main",
    ],
)
def test_t41_a_ref_named_like_the_base_is_not_the_base(clone: Scratch, ref: str) -> None:
    clone.git("update-ref", ref, "origin/lower")
    results = [
        clone.check(),
        clone.check("--base", "main"),
        clone.check(CI="true", GITHUB_BASE_REF="main"),
    ]
    clone.git("update-ref", "-d", ref)
    commit = clone.git("rev-parse", ORIGIN)
    for result in results:
        assert result.code == 1
        assert result.report["trust"]["base"] == {"ref": ORIGIN, "commit": commit}


def test_t41_a_local_branch_named_like_the_remote_one_is_ambiguous(clone: Scratch) -> None:
    clone.git("update-ref", "refs/heads/origin/main", "origin/lower")
    result, default = clone.check("--base", "origin/main"), clone.check()
    clone.git("update-ref", "-d", "refs/heads/origin/main")
    assert (result.code, result.verdict, default.code) == (3, "undecided", 1)
    assert "refs/heads/origin/main" in result.err
    assert f"--base {ORIGIN}" in result.err


@pytest.mark.parametrize(
    "name", ["origin/main^{/Lower}", "origin/lower~0", "refs/tags/main", "@", "HEAD^{}", ":/Lower", "origin/main@{1}"]
)
def test_t41_an_expression_or_a_tag_is_no_base(clone: Scratch, name: str) -> None:
    clone.git("update-ref", "refs/tags/main", "origin/lower")
    result = clone.check("--base", name)
    clone.git("update-ref", "-d", "refs/tags/main")
    assert (result.code, result.verdict) == (3, "undecided")
    assert "UNDECIDED" in result.err


def test_t41_a_weak_base_that_is_named_in_ci_does_not_bind(clone: Scratch) -> None:
    result = clone.check("--base", "origin/lower", CI="true", GITHUB_BASE_REF="main")
    assert (result.code, result.report["trust"]["enforcing"]) == (0, False)
    assert f"and not {ORIGIN}" in str(result.report["trust"]["notes"])
    assert clone.check("--base", "origin/main", CI="true", GITHUB_BASE_REF="main").report["trust"]["enforcing"] is True


OTHERS = ["refs/tags/work", "refs/work", "refs/remotes/work"]


@pytest.fixture
def named(clone: Scratch) -> Iterator[Scratch]:
    """The clone, in which only the branch `work` has its name before and after."""
    yield clone
    for ref in OTHERS:
        clone.git("update-ref", "-d", ref)


@pytest.mark.parametrize("ref", OTHERS)
@pytest.mark.parametrize("asked", ["work", "work~0"])
def test_t41_what_is_named_like_the_head_is_not_judged_in_its_place(named: Scratch, ref: str, asked: str) -> None:
    named.git("update-ref", ref, ORIGIN)
    result = named.check("--base", ORIGIN, "--head", asked)
    assert (result.code, "is ambiguous" in result.err) == (3, True), result
    assert named.check("--base", ORIGIN, "--head", "refs/heads/work").code == 1, "control: its full name"


def test_t41_an_annotated_tag_named_like_the_head_is_refused_by_every_command(named: Scratch) -> None:
    named.git("tag", "-a", "-m", "One", "work", ORIGIN)
    asked = ("--for", "tier-lowering", "--system", "SYS-001", "--role", "ai-safety-lead", "--yes")
    for words in (("check",), ("approve", *asked), ("audit", "record")):
        found = named.run(*words, "--base", ORIGIN, "--head", "work")
        assert (found.code, "is ambiguous" in found.err) == (3, True), found
    assert named.run("audit", "log").code == 3, "nothing is recorded"


def test_t41_control_a_tag_of_the_same_commit_is_no_other_head(named: Scratch) -> None:
    named.git("update-ref", "refs/tags/work", "refs/heads/work")
    named.git("update-ref", "refs/tags/v1", "refs/heads/work")
    assert [named.check("--base", ORIGIN, "--head", name).code for name in ("work", "v1", "HEAD")] == [1, 1, 1]
