"""D09: a date that moves while the content stays is no second look: the old one holds, and somebody must vouch."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import days_ago, high_system

REPORT = "red-team-report"
OLD = 400


def _dated(repo: Scratch, days: int) -> None:
    """The manifest says that the report was completed that many days ago."""
    entry = repo.entry()
    for item in entry["artifacts"]:
        if item["id"] == REPORT:
            item["completed"] = days_ago(days)
    repo.edit(artifacts=entry["artifacts"])


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    """A system in production whose report is too old, and dated so."""
    scratch.adopt(high_system("production", stage_since=days_ago(20), enrolled=days_ago(20)))
    _dated(scratch, OLD)
    scratch.commit("Dated as it is", by="Rae Kim")
    scratch.branch()
    return scratch


def test_d09_a_new_date_on_old_content_is_a_weakening_and_the_old_date_holds(repo: Scratch) -> None:
    _dated(repo, 1)
    path = f"governance/{REPORT}.md"
    repo.commit("A new date", files={path: repo.read(path).replace("\n", "\n\n")})
    found = repo.check()
    assert found.changes() == ["evidence-redated"]
    assert found.finding(REPORT)["cause"] == "stale", "blanks are no content"
    assert found.blocking() == ["approval:ai-safety-lead"]
    repo.approve("ai-safety-lead", "weakening")
    assert repo.check().code == 0


def test_d09_a_new_date_on_new_content_is_a_second_look(repo: Scratch) -> None:
    _dated(repo, 1)
    path = f"governance/{REPORT}.md"
    more = "\nWe attacked it again with the prompts of this year, and three of forty found a way in.\n"
    repo.commit("Looked again", files={path: repo.read(path) + more})
    found = repo.check()
    assert (found.changes(), found.verdict) == (["evidence-replaced"], "pass"), found
    assert found.finding(REPORT)["state"] == "met"


def test_d09_a_date_in_the_future_is_refused(repo: Scratch) -> None:
    _dated(repo, -2)
    path = f"governance/{REPORT}.md"
    repo.commit("Ahead of time", files={path: repo.read(path) + "\nA word more about what was seen.\n"})
    assert (repo.check().code, repo.check().finding(REPORT)["cause"]) == (1, "refused")
