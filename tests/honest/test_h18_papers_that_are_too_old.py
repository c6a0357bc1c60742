"""H18: what a report says of a document that is too old settles it in one round, and does not lead to a later date."""

from __future__ import annotations

from scratch import Scratch
from world import days_ago, high_system

ID = "red-team-report"
WORK = (
    "\nThe third round tried indirect prompts in uploaded files, in the letters of applicants and in their names; two "
    "got through by way of a table that nobody had looked at, were closed the same week, and were tried once more.\n"
) * 4


def _dated(repo: Scratch, day: str) -> None:
    repo.edit(artifacts=[it | ({"completed": day} if it["id"] == ID else {}) for it in repo.entry()["artifacts"]])
    repo.commit(f"Of {day}")


def test_h18_an_old_document_is_to_be_looked_at_anew_and_dated_then(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("Move on")
    path = next(it["path"] for it in scratch.entry()["artifacts"] if it["id"] == ID)
    _dated(scratch, days_ago(500))
    old = scratch.check().finding(ID)
    assert old["state"] == "gap"
    assert old["fix"].startswith("look at it anew")
    assert "a later date alone" in old["fix"]

    scratch.checkout("main")
    scratch.git("merge", "-q", "work")
    scratch.branch("later")
    _dated(scratch, days_ago(1))
    alone = scratch.check()
    assert (alone.code, "evidence-redated" in alone.changes()) == (1, True), "the date alone, which the fix warns of"

    scratch.commit("Another round", files={path: scratch.read(path) + WORK})
    done = scratch.check()
    assert (done.code, "evidence-redated" in done.changes()) == (0, False), done
