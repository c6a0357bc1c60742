"""T06: a record that its approver committed, and others then rewrote or merely put the approver's name to."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch
from world import from_yaml, high_system, low_system, to_yaml


@pytest.fixture
def narrowed(tmp_path: Path) -> Scratch:
    """A change that declares a small system, which was approved, and then narrows SYS-001, which was not."""
    repo = Scratch(tmp_path)
    repo.adopt(high_system("development"))
    repo.branch()
    repo.declare(low_system("development"))
    repo.commit("Declare a small tool")
    repo.approve("ai-safety-lead", "first-classification", "SYS-003")
    assert repo.check().code == 0
    repo.edit(paths=["screener/rank/**"])
    repo.commit("Narrow the screener")
    return repo


def test_t06_a_record_that_the_author_rewrites_is_no_longer_the_approvers(narrowed: Scratch) -> None:
    record = next((narrowed.path / "governance/approvals").iterdir())
    said = from_yaml(record.read_text("utf-8"))
    said.pop("content", None)
    digest = narrowed.system_digest("weakening")
    text = to_yaml(said | {"for": "weakening", "system": "SYS-001", "subject_digest": digest})
    narrowed.commit("Reword", files={record.relative_to(narrowed.path).as_posix(): text})
    done = narrowed.check()
    assert done.code == 1, done
    assert done.finding("weakening")["state"] == "gap"
    assert "the record was committed by Bo Author" in str(done.finding("weakening")["claims"])


def test_t06_a_co_author_of_the_message_did_not_commit_the_record(narrowed: Scratch) -> None:
    narrowed.iam("Rae Kim")
    role = ("--role", "ai-safety-lead", "--yes")
    assert narrowed.run("approve", "--for", "weakening", "--system", "SYS-001", *role).code == 0
    narrowed.iam("Bo Author")
    narrowed.git("checkout", "-q", "-b", "trailer")
    narrowed.commit("Approve\n\nCo-authored-by: Rae Kim <rae@example.com>")
    assert narrowed.check().finding("weakening")["state"] == "gap"
    narrowed.git("commit", "-q", "--amend", "-m", "Approve", "--author", "Rae Kim <rae@example.com>")
    assert narrowed.check().finding("weakening")["state"] == "met"
