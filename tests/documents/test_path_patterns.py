"""Patterns of paths: what they match, how far they reach, and that no pattern takes for ever."""

from __future__ import annotations

import pytest

from policy_gate.collect.layout import Layout
from policy_gate.documents.glob_sets import uncovered
from policy_gate.documents.globs import covers, literal_folder, matches
from policy_gate.schema.documents import Config


@pytest.mark.parametrize(
    ("glob", "path", "does"),
    [
        ("**/governance.yaml", "governance.yaml", True),
        ("**/governance.yaml", "a/b/governance.yaml", True),
        ("**/governance.yaml", "a/xgovernance.yaml", False),
        ("a/**", "a/b/c", True),
        ("a/**", "ab/c", False),
        ("a/*.py", "a/b.py", True),
        ("a/*.py", "a/b/c.py", False),
        ("a/**/b.py", "a/b.py", True),
        ("a/**/b.py", "a/x/y/b.py", True),
        ("a/?.py", "a/b.py", True),
        ("a/?.py", "a/bc.py", False),
        ("a/[b].py", "a/b.py", False),
        ("a.py", "aXpy", False),
        ("*", ".hidden", True),
        ("!a", "b", False),
    ],
)
def test_matching(glob: str, path: str, does: bool) -> None:
    assert matches(glob, path) is does


def test_a_folder_covers_what_is_in_it() -> None:
    assert covers("a/b", "a/b/c/d")
    assert covers("a/b/", "a/b/c")
    assert covers("a/b", "a/b")
    assert not covers("a/b", "a/bc")


def test_the_literal_folder_bounds_the_walk() -> None:
    assert [literal_folder(glob) for glob in ("a/b/*.py", "**", "a/b", "*/a")] == ["a/b", "", "a/b", ""]


def test_t30_no_pattern_takes_for_ever() -> None:
    assert not matches("*a" * 500 + "b", "a" * 2000)
    assert not matches("/".join(["**", "a"] * 200) + "/b", "/".join("a" * 400))


SHARING = Layout(Config.model_validate({"schema": "policy-gate/config/v1", "shared": ["governance/shared/**"]}))


@pytest.mark.parametrize(
    ("folder", "written", "means"),
    [
        ("svc", "docs/a.md", "svc/docs/a.md"),
        ("svc", "./docs//a.md", "svc/docs/a.md"),
        ("", "docs/a.md", "docs/a.md"),
        ("svc", "/governance/shared/a.md", "governance/shared/a.md"),
        ("svc", "/governance/shared/**", "governance/shared/**"),
        ("svc", ".", "svc"),
        ("", ".", "**"),
    ],
)
def test_a_written_path_means_one_in_the_folder_of_its_manifest(folder: str, written: str, means: str) -> None:
    assert SHARING.resolved(folder, written) == means


@pytest.mark.parametrize(
    "written",
    ["../a.md", "docs/../../a.md", "docs/../a.md", "/etc/passwd", "/governance/a.md", "/governance/shared/../x", "/",
     "/**", "..\\a.md", "/governance/**"],
)  # fmt: skip
def test_t13_a_path_may_not_leave_its_folder(written: str) -> None:
    assert SHARING.resolved("svc", written) is None


@pytest.mark.parametrize(
    ("globs", "others", "left"),
    [
        (["a/**"], ["a/*", "a/**/*"], []),
        (["**"], ["*"], []),
        (["a/b/c"], ["a/*/c"], []),
        (["a/*/c"], ["a/b/c"], ["a/*/c"]),
        (["a/x?z/**"], ["a/x*", "b"], []),
        (["a/**/c"], ["a/c", "a/*/**/c"], []),
        (["a/**/c"], ["a/*/**/c"], ["a/**/c"]),
        (["*a*"], ["*"], []),
        (["*"], ["*a*"], ["*"]),
        (["a"], [], ["a"]),
        ([], ["a"], []),
        (["./a//b/"], ["a/./b"], []),
    ],
)
def test_patterns_are_compared_by_what_they_may_cover(globs: list[str], others: list[str], left: list[str]) -> None:
    assert uncovered(globs, others) == left


def test_what_takes_too_long_to_compare_is_not_covered() -> None:
    hard = [f"*b*a*{'?' * 30}/{number}" for number in range(300)]
    assert uncovered(hard, [f"*a{'?' * 30}/*/{number}" for number in range(50)]) == hard
