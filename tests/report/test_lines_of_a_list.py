"""A list of which some lines count is told by what it says, and not by a blob that git does not have."""

from __future__ import annotations

import pytest

from policy_gate.report.wording import change_line
from policy_gate.schema.change import Change


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("lines:aa", "lines:bb", "ci/dev.txt says something else of this tool, or where it is installed from"),
        (None, "lines:bb", "ci/dev.txt is new and names this tool, or where it is installed from"),
        ("lines:aa", None, "ci/dev.txt is gone and named this tool, or where it is installed from"),
        ("a" * 40, "b" * 40, "ci/dev.txt changed (git diff aaaaaaaaaa bbbbbbbbbb)"),
    ],
)
def test_what_a_list_says(before: str | None, after: str | None, said: str) -> None:
    assert change_line(Change("enforcement-changed", None, "ci/dev.txt", before, after)) == said


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("evidence-redated", "red-team-report: completed 2025-01-02 -> 2026-11-01, and nothing else of it is new"),
        ("evidence-renewed", "red-team-report: completed 2025-01-02 -> 2026-11-01, and hardly a word of it is new"),
        ("evidence-replaced", "red-team-report: 2025-01-02 -> 2026-11-01"),
    ],
)
def test_a_later_date_is_told_with_what_it_stands_for(kind: str, said: str) -> None:
    assert change_line(Change(kind, "SYS-001", "red-team-report", "2025-01-02", "2026-11-01")) == said


@pytest.mark.parametrize("kind", ["artifact-removed", "test-removed"])
@pytest.mark.parametrize(("after", "said"), [("a/b.md", "a/b.md is gone"), (None, "a/b.md -> (not stated)")])
def test_a_file_that_went_is_no_change_from_itself_to_itself(kind: str, after: str | None, said: str) -> None:
    assert change_line(Change(kind, "SYS-001", "bias", "a/b.md", after)) == f"bias: {said}"
