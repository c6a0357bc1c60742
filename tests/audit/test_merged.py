"""T66: whether what an entry tells was merged is read from git: no author says it, and nobody who cannot tell does."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from audit_log import REF, audit_part, rebuilt, recorded
from keys import SignedScratch
from scratch import Scratch
from world import days_ago, high_system, low_system, to_yaml

pytestmark = pytest.mark.real_git
WAYS = ["merge", "squash", "rebase", "fast-forward"]


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    """A promotion that lacks its approvals, blocked and recorded, in two commits on `work`."""
    scratch.adopt(high_system("development"), low_system("development"))
    scratch.promote()
    scratch.commit("A note", files={"screener/NOTE.md": "note\n"})
    recorded(scratch)
    scratch.checkout("main")
    return scratch


def told(repo: Scratch, *args: str, kind: str = "") -> list[dict[str, Any]]:
    """What the log says was merged, from the oldest entry."""
    done = repo.run("audit", "query", "--format", "json", *(("--kind", kind) if kind else ()), *args)
    assert done.code == 0, done
    return [one["merged"] for one in reversed(done.report["entries"])]


def states(repo: Scratch, *args: str, kind: str = "") -> list[str]:
    return [one["state"] for one in told(repo, *args, kind=kind)]


def land(repo: Scratch, way: str, name: str = "work") -> str:
    """Bring a branch into main as a forge would; main's new tip."""
    repo.checkout("main")
    if way == "merge":
        repo.git("merge", "-q", "--no-ff", "-m", f"Merge {name}", name)
    elif way == "fast-forward":
        repo.git("merge", "-q", "--ff-only", name)
    elif way == "squash":
        repo.git("merge", "-q", "--squash", name)
        repo.commit(f"Squash {name}")
    else:
        listed = repo.git("rev-list", "--reverse", f"main..{name}").split()
        repo.git("cherry-pick", *listed, GIT_COMMITTER_DATE="2026-02-01T00:00:00Z")
    return repo.git("rev-parse", "main")


def parent(repo: Scratch) -> str:
    return repo.git("rev-parse", "main~1")


def moved_on(repo: Scratch, name: str = "other") -> None:
    """Another change comes to main first."""
    repo.checkout("main")
    repo.commit(name, files={f"notes/{name}.md": f"{name}\n"})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("moved", [False, True])
def test_t66_a_blocked_stage_is_told_by_whether_it_came_in(repo: Scratch, way: str, moved: bool) -> None:
    assert states(repo) == ["no", "no"]
    if moved and way != "fast-forward":
        moved_on(repo)
    tip = land(repo, way)
    assert states(repo) == ["yes", "yes"]
    stage = told(repo, kind="stage")[0]
    assert (stage["commit"], stage["branch"]) == (tip, "main")
    assert stage["how"] == {"fast-forward": "commit"}.get(way, way)
    moved_on(repo, "later")
    assert {one["commit"] for one in told(repo)} == {tip}


def test_a_squash_onto_a_file_that_moved_on_is_told_and_another_edit_of_it_is_none(repo: Scratch) -> None:
    manifest = repo.read("governance.yaml")
    repo.commit("A remark", files={"governance.yaml": manifest + "# Reviewed each spring.\n"})
    repo.commit("The same file as the branch", files={"screener/NOTE.md": "another note\n"})
    assert states(repo) == ["no", "no"]
    repo.git("reset", "-q", "--hard", "HEAD~1")
    assert told(repo)[0]["commit"] == ""
    tip = land(repo, "squash")
    assert [(one["state"], one["how"], one["commit"]) for one in told(repo)] == [("yes", "squash", tip)] * 2


def test_what_was_taken_back_before_the_merge_is_no_stage_of_the_branch(repo: Scratch) -> None:
    repo.checkout("work")
    before = repo.git("show", "main:governance.yaml")
    repo.commit("Not yet", files={"governance.yaml": before + "\n"})
    land(repo, "merge")
    assert states(repo) == ["superseded", "no"]
    assert states(repo, "--merged", "yes") == []


def test_another_head_of_the_same_base_that_brings_it_is_told(repo: Scratch) -> None:
    repo.checkout("work")
    repo.commit("A word more", files={"screener/NOTE.md": "more\n"})
    recorded(repo)
    tip = land(repo, "squash")
    assert states(repo, kind="verdict") == ["no", "yes"]
    assert told(repo, kind="stage")[0]["commit"] == tip


def test_t66_a_merge_that_throws_the_change_away_brings_nothing(repo: Scratch) -> None:
    repo.git("merge", "-q", "--no-ff", "-s", "ours", "-m", "Merge work", "work")
    assert states(repo) == ["edited", "no"]


def test_t66_a_merge_that_somebody_edited_still_shows_its_stage(repo: Scratch) -> None:
    repo.git("merge", "-q", "--no-ff", "--no-commit", "work")
    repo.commit("Merge work", files={"README.md": "# And more\n"})
    assert states(repo) == ["edited", "yes"]


def test_t66_what_an_entry_says_of_itself_is_not_believed(repo: Scratch) -> None:
    """`on_branch` is what the recorder knew: who writes true there makes nothing merged."""

    def lie(data: dict[str, Any]) -> None:
        audit_part(data)["inputs"]["head"]["on_branch"] = True

    head = repo.git("rev-parse", "work")

    def mend(data: dict[str, Any]) -> None:
        audit_part(data)["inputs"]["head"]["commit"] = head

    def garble(data: dict[str, Any]) -> None:
        audit_part(data)["inputs"]["head"]["commit"] = "--help"

    rebuilt(repo, {0: garble})
    assert told(repo)[0]["reason"] == "the entry is broken: policy-gate audit verify"
    rebuilt(repo, {0: lambda data: (mend(data), lie(data)), 1: lie})
    assert "yes" not in states(repo)
    table = repo.run("audit", "export", "--format", "csv").out.splitlines()
    assert [(it["on_branch"], it["merged"]) for it in csv.DictReader(table)] == [("yes", "unknown")] * 2


@pytest.mark.parametrize("depth", [None, 1])
def test_t66_a_shallow_clone_tells_only_what_it_sees(repo: Scratch, tmp_path: Path, depth: int | None) -> None:
    land(repo, "merge")
    moved_on(repo, "later")
    base = repo.git("rev-parse", "main~1")
    recorded(repo, "--base", base)
    fresh = tmp_path / "fresh"
    how = ("--depth", str(depth)) if depth else ()
    repo.git("clone", "-q", *how, f"file://{repo.path}", str(fresh))
    repo.git("-C", str(fresh), "fetch", "-q", "origin", f"{REF}:{REF}")
    found = states(repo, "-C", str(fresh))
    assert found == (["unknown", "unknown", "yes"] if depth else ["yes", "yes", "yes"])
    text = repo.run("audit", "log", "-C", str(fresh)).out
    assert ("unknown whether merged: this clone is shallow" in text) is bool(depth)


def test_t66_a_clone_without_the_head_knows_a_squash_by_its_tree(repo: Scratch, tmp_path: Path) -> None:
    def fresh(name: str) -> list[str]:
        there = tmp_path / name
        repo.git("clone", "-q", "--single-branch", f"file://{repo.path}", str(there))
        repo.git("-C", str(there), "fetch", "-q", "origin", f"{REF}:{REF}")
        return states(repo, "-C", str(there))

    assert fresh("before") == ["unknown", "unknown"]
    land(repo, "squash")
    assert fresh("after") == ["yes", "yes"]


def test_t66_a_clone_that_is_behind_does_not_say_no(repo: Scratch, tmp_path: Path) -> None:
    there = tmp_path / "behind"
    repo.git("clone", "-q", f"file://{repo.path}", str(there))
    moved_on(repo)
    repo.branch("late")
    repo.commit("late", files={"notes/late.md": "late\n"})
    recorded(repo)
    repo.git("-C", str(there), "fetch", "-q", "origin", f"{REF}:{REF}", "late")
    assert states(repo, "-C", str(there)) == ["no", "no", "unknown"]


def test_t66_a_branch_of_ones_own_is_told_by_its_name(repo: Scratch) -> None:
    """Who is judged against a branch of his own and merges there has merged there."""
    repo.branch("mine", "main")
    repo.commit("Mine", files={"notes/mine.md": "mine\n"})
    repo.branch("next", "work")
    recorded(repo, "--base", "refs/heads/mine")
    assert "not merged into mine" in repo.run("audit", "log").out
    repo.checkout("mine")
    repo.git("merge", "-q", "--no-ff", "-m", "Mine", "next")
    found = told(repo)
    assert [(one["state"], one["branch"]) for one in found if one["state"] == "yes"] == [("yes", "mine")] * 2
    assert "merged into mine" in repo.run("audit", "log").out


def test_a_branch_of_another_name_by_now_still_tells_what_came_in(repo: Scratch) -> None:
    repo.branch("never", "main")
    repo.commit("Never merged", files={"notes/never.md": "never\n"})
    recorded(repo)
    land(repo, "squash")
    repo.git("branch", "-q", "-m", "main", "trunk")
    repo.git("config", "init.defaultBranch", "trunk")
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    repo.git("update-ref", "refs/remotes/origin/trunk", "trunk")
    found = told(repo)
    assert [(one["state"], one["branch"]) for one in found] == [
        ("yes", "trunk"),
        ("yes", "trunk"),
        ("unknown", "trunk"),
    ]
    assert found[2]["reason"] == "its branch main is not in this clone"


def test_a_waiver_and_steps_of_an_incident_are_told_where_the_branch_shows_them(repo: Scratch) -> None:
    waiver = {
        **{"system": "SYS-001", "rule": "production-deployment", "subject": "smoke-test-suite", "owner": "Pat Moss"},
        **{"approver": "Rae Kim", "reason": "Later.", "created": days_ago(3), "expires": days_ago(-9)},
    }
    incident = {
        **{"schema": "policy-gate/incident/v1", "id": "INC-1", "system": "SYS-001", "type": "availability"},
        **{"severity": "low", "description": "No answers.", "detected_at": f"{days_ago(2)}T09:00:00Z"},
    }
    repo.branch("told", "main")
    repo.commit(
        "Tell",
        files={
            "governance/waivers.yaml": to_yaml({"schema": "policy-gate/waiver/v1", "waivers": [waiver]}),
            "governance/incidents/INC-1.yaml": to_yaml(incident),
        },
    )
    recorded(repo)
    assert (states(repo, kind="waiver"), states(repo, kind="incident")) == (["no"], ["no"])
    moved_on(repo)
    repo.git("cherry-pick", "told")
    repo.commit("And more", files={"README.md": "# More\n"})
    repo.git("reset", "-q", "--soft", "HEAD~2")
    repo.commit("Squashed with an edit")
    # A squash that somebody edited left no trace of the head; these are themselves wherever they stand.
    assert (states(repo, kind="waiver"), states(repo, kind="incident")) == (["yes"], ["yes"])
    assert states(repo, kind="verdict") == ["no", "no"]


def test_t66_a_stage_that_came_by_an_edited_squash_is_not_said_to_have_stayed_out(repo: Scratch) -> None:
    before = repo.git("rev-parse", "HEAD")
    moved_on(repo)
    repo.git("merge", "-q", "--squash", "work")
    repo.commit("Squash", files={"README.md": "# And more\n"})
    assert states(repo) == ["no", "unknown"]
    recorded(repo, "--base", parent(repo))
    # What was recorded of main itself tells what brought it, so that the attempt is told from it.
    assert states(repo) == ["no", "no", "yes", "yes"]
    repo.git("reset", "-q", "--hard", before)
    assert states(repo, kind="stage") == ["no", "unknown"]


def test_a_yes_is_told_with_the_merge_that_it_counted_for(tmp_path: Path) -> None:
    """Recorded with a head that was put upon main anew before it was merged, and so is no commit of main."""
    repo = SignedScratch(tmp_path)
    repo.narrowed()
    repo.sign_as("Rae Kim")
    recorded(repo)
    assert states(repo, kind="approval") == ["no"]
    moved_on(repo)
    repo.checkout("work")
    repo.git("rebase", "-q", "main")
    repo.commit("A word more", files={"README.md": "# A word\n"})
    recorded(repo)
    tip = land(repo, "merge")
    assert [one["commit"] for one in told(repo, kind="approval")] == [tip]
    found = repo.run("audit", "query", "--format", "json", "--commit", tip)
    assert [one["kind"] for one in found.report["entries"]] == ["verdict", "approval"]
    assert "no entry is about" not in found.err
    assert "no entry is about a check of commit abcdef" in repo.run("audit", "query", "--commit", "abcdef").err


def test_the_exports_tell_it_and_the_statements_stay_as_they_were(repo: Scratch) -> None:
    before = repo.run("audit", "export", "--format", "intoto").out
    tip = land(repo, "merge")
    assert repo.run("audit", "export", "--format", "intoto").out == before
    lines = [json.loads(line) for line in repo.run("audit", "export").out.splitlines()]
    assert {line["merged"]["state"] for line in lines} == {"yes"}
    oscal = json.loads(repo.run("audit", "export", "--format", "oscal").out)
    props = oscal["assessment-results"]["results"][0]["observations"][0]["props"]
    assert {it["value"] for it in props if it["name"] == "merged-with"} == {tip}
    assert repo.run("audit", "verify").code == 0
