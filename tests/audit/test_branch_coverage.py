"""T66: what the log leaves out of a branch, and a branch moved back, beside honest ways to record that say nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from audit_log import REF, commits, rebuilt, recorded, statement, verified
from scratch import Scratch
from world import low_system

pytestmark = pytest.mark.real_git


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    """One recorded commit on `main`."""
    scratch.adopt(low_system("development"))
    scratch.checkout("main")
    work(scratch, "first")
    recorded(scratch, "--base", parent(scratch))
    return scratch


def work(repo: Scratch, name: str) -> str:
    return repo.commit(name, files={f"notes/{name}.md": f"{name}\n"})


def parent(repo: Scratch, of: str = "HEAD") -> str:
    return repo.git("rev-parse", f"{of}~1")


def told(repo: Scratch, *args: str) -> dict[str, Any]:
    """What verification says of the branch; exit 0 whatever it is."""
    done = verified(repo, *args)
    assert done.code == 0, done
    found: dict[str, Any] = done.report["branch"]
    of_branch = [note for note in done.report["notes"] if found["name"] in note["what"]]
    assert len(of_branch) == bool(found["unrecorded"]) + len({one["in_this_clone"] for one in found["left"]})
    return found


def nothing_told(repo: Scratch, *args: str) -> None:
    found = told(repo, *args)
    assert (found["unrecorded"], found["left"]) == ([], [])
    assert repo.run("audit", "verify", "--require-recorded").code == 0


def test_t66_what_came_in_between_unrecorded_is_told(repo: Scratch) -> None:
    missed = work(repo, "second")
    nothing_told(repo)
    work(repo, "third")
    recorded(repo, "--base", parent(repo))
    assert told(repo)["unrecorded"] == [missed]
    strict = verified(repo, "--require-recorded")
    assert strict.code == 1, strict
    assert missed[:12] in strict.report["first_broken"]
    recorded(repo, "--base", parent(repo, missed), "--head", missed)
    nothing_told(repo)


def test_t66_a_merge_whose_own_head_nobody_judged_is_told(repo: Scratch) -> None:
    merged = {}
    for name in ("one", "two", "three"):
        repo.branch(name)
        work(repo, name)
        if name != "two":
            recorded(repo)
        repo.merge(name)
        merged[name] = repo.git("rev-parse", "HEAD")
    assert told(repo)["unrecorded"] == [merged["two"]]


def test_t66_a_branch_that_was_moved_back_is_told(repo: Scratch) -> None:
    kept = repo.git("rev-parse", "HEAD")
    work(repo, "second")
    gone = work(repo, "third")
    recorded(repo, "--base", kept)
    nothing_told(repo)
    repo.git("reset", "-q", "--hard", kept)
    assert [one["commit"] for one in told(repo)["left"]] == [gone]
    work(repo, "fourth")
    recorded(repo, "--base", kept)
    found = told(repo)
    assert [one["commit"] for one in found["left"]] == [gone]
    assert found["left"][0]["in_this_clone"] is True
    assert verified(repo, "--require-recorded").code == 1


def test_t66_a_fresh_clone_tells_it_by_what_is_not_there(repo: Scratch, tmp_path: Path) -> None:
    kept = repo.git("rev-parse", "HEAD")
    gone = work(repo, "second")
    recorded(repo, "--base", kept)
    repo.git("reset", "-q", "--hard", kept)
    fresh = tmp_path / "fresh"
    repo.git("clone", "-q", f"file://{repo.path}", str(fresh))
    repo.git("-C", str(fresh), "fetch", "-q", "origin", f"{REF}:{REF}")
    found = told(repo, "-C", str(fresh))
    assert found["left"] == [{"entry": 1, "commit": gone, "in_this_clone": False}]


def test_a_branch_that_began_late_and_a_job_that_is_under_way_are_no_gap(repo: Scratch) -> None:
    work(repo, "second")
    work(repo, "third")
    nothing_told(repo)
    assert told(repo)["newer"] == 2


def test_a_push_of_several_commits_and_what_a_queue_merges_at_once_are_covered(repo: Scratch) -> None:
    before = repo.git("rev-parse", "HEAD")
    for name in ("one", "two", "three"):
        repo.branch(name)
        work(repo, name)
        repo.merge(name)
    recorded(repo, "--base", before)
    nothing_told(repo)


def test_a_queue_whose_base_never_landed_is_no_branch_that_was_moved_back(repo: Scratch) -> None:
    repo.branch("queued")
    base = work(repo, "queued")
    work(repo, "next")
    recorded(repo, "--base", base)
    repo.branch("alone")
    work(repo, "alone")
    recorded(repo)
    repo.merge("alone")
    nothing_told(repo)


@pytest.mark.parametrize("way", ["squash", "rebase", "merge"])
def test_what_was_judged_before_it_was_merged_is_covered(repo: Scratch, way: str) -> None:
    base = repo.git("rev-parse", "HEAD")
    repo.branch("work")
    for name in ("draft", "one", "two"):
        work(repo, name)
        recorded(repo, "--base", "main")
    if way == "merge":
        repo.merge("work")
    else:
        repo.checkout("main")
        tip = repo.git("rev-parse", "work")
        moment = {"GIT_COMMITTER_DATE": "2026-02-01T00:00:00Z"}
        listed = [tip] if way == "squash" else repo.git("rev-list", "--reverse", f"{base}..work").split()
        for commit in listed:
            made = repo.git("commit-tree", "-p", "HEAD", "-m", "landed", f"{commit}^{{tree}}", **moment)
            repo.git("reset", "-q", "--hard", made)
    work(repo, "later")
    recorded(repo, "--base", parent(repo))
    nothing_told(repo)


def test_another_branch_in_the_same_log_says_nothing_of_this_one(repo: Scratch) -> None:
    repo.branch("release")
    repo.git("commit", "-q", "--allow-empty", "-m", "cut")
    repo.branch("fix", at="release")
    work(repo, "fix")
    recorded(repo, "--base", "release")
    repo.git("branch", "-f", "release", "main")
    repo.checkout("main")
    nothing_told(repo)
    left = told(repo, "--base", "release")["left"]
    assert [one["entry"] for one in left] == [1], "the control: of its own branch it does"


def test_work_on_a_branch_that_was_thrown_away_is_no_branch_that_was_moved_back(repo: Scratch) -> None:
    repo.branch("idea")
    work(repo, "idea")
    recorded(repo)
    repo.checkout("main")
    repo.git("branch", "-D", "idea")
    nothing_told(repo)


def test_a_shallow_clone_says_that_it_cannot_tell(repo: Scratch, tmp_path: Path) -> None:
    work(repo, "second")
    recorded(repo, "--base", parent(repo))
    shallow = tmp_path / "shallow"
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.path}", str(shallow))
    repo.git("-C", str(shallow), "fetch", "-q", "--depth", "99", "origin", f"{REF}:{REF}")
    repo.git("-C", str(shallow), "fetch", "-q", "--depth", "1", "origin", "main")
    done = verified(repo, "-C", str(shallow))
    assert done.report["branch"] is None
    assert any("shallow" in note["what"] for note in done.report["notes"])
    assert verified(repo, "-C", str(shallow), "--require-recorded").code == 3


def test_an_entry_of_before_says_nothing_of_where_its_commits_lay(repo: Scratch) -> None:
    """As older versions wrote it: whole in itself, and no reason to doubt the branch."""
    gone = work(repo, "second")
    recorded(repo, "--base", parent(repo))

    def older(data: dict[str, Any]) -> None:
        for side in ("base", "head"):
            data["predicate"]["urn:policy-gate:audit:v1"]["inputs"][side].pop("on_branch", None)

    rebuilt(repo, {0: older, 1: older})
    repo.git("update-ref", "-d", "refs/policy-gate/audit-seen/here")
    repo.git("reset", "-q", "--hard", "HEAD~1")
    nothing_told(repo)
    assert gone in str(statement(repo, commits(repo)[1]))
