"""T12: a document whose date one change takes out, and the next one gives anew."""

from __future__ import annotations

from scratch import Result, Scratch
from world import days_ago, high_system

PAPER = "red-team-report"


def _dated(repo: Scratch, completed: str | None) -> None:
    papers = [
        {name: said for name, said in (item | {"completed": completed}).items() if said}
        if item["id"] == PAPER
        else item
        for item in repo.entry()["artifacts"]
    ]
    repo.edit(artifacts=papers)


def _given_anew(repo: Scratch, completed: str) -> Result:
    repo.adopt(high_system("production", stage_since=days_ago(20)))
    _dated(repo, days_ago(100))
    repo.commit("An old report", by="Rae Kim")
    _dated(repo, None)
    repo.commit("Its date is taken out", by="Rae Kim")
    repo.branch()
    _dated(repo, completed)
    repo.commit("It is dated")
    return repo.check()


def test_t12_the_same_text_with_a_later_date_wants_a_yes(scratch: Scratch) -> None:
    found = _given_anew(scratch, days_ago(1))
    assert found.code == 1, found
    assert any(change["kind"] == "evidence-redated" for change in found.system()["changes"]), found


def test_t12_control_the_date_that_it_had_comes_back(scratch: Scratch) -> None:
    assert _given_anew(scratch, days_ago(100)).code == 0


def test_t12_where_history_is_cut_off_that_is_told(scratch: Scratch) -> None:
    _given_anew(scratch, days_ago(1))
    (scratch.path / ".git" / "shallow").write_text(scratch.git("rev-parse", "main") + "\n")
    notes = str(scratch.check().report["trust"]["notes"])
    assert f"whether {PAPER} of SYS-001 stood in base before is not told" in notes
    assert "--unshallow" in notes
