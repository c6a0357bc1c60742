"""`audit verify`: the chain, the order, and what was seen before, each against somebody who can write the ref."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from audit_log import (
    REF,
    audit_part,
    canonical,
    commits,
    message,
    put,
    rebuilt,
    recorded,
    set_id,
    statement,
    summarise,
    verified,
)
from scratch import Scratch
from world import high_system

pytestmark = pytest.mark.real_git
SEEN = "refs/policy-gate/audit-seen/here"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """Three verdicts on one branch, each blocked for what is missing."""
    repo = Scratch(tmp_path_factory.mktemp("log"))
    repo.adopt(high_system("development"))
    repo.promote()
    for number in range(3):
        repo.commit(f"Work {number}", files={"notes.md": f"{number}\n"})
        recorded(repo)
    repo.git("config", "core.logAllRefUpdates", "false")
    return repo


@pytest.fixture
def repo(made: Scratch, tmp_path: Path) -> Scratch:
    copy = Scratch.__new__(Scratch)
    copy.path, copy.home = tmp_path / "repo", tmp_path / "home"
    copy.home.mkdir()
    shutil.copytree(made.path, copy.path)
    assert len(commits(copy)) == 4, "three verdicts, and the stage"
    return copy


def forget(repo: Scratch) -> None:
    """A clone that never looked before: only the log itself can tell."""
    repo.git("update-ref", "-d", SEEN, ok=False)


def first_broken(repo: Scratch, *args: str) -> str:
    done = verified(repo, *args)
    assert done.code == 1, done
    assert done.report["ok"] is False
    return str(done.report["first_broken"])


def test_a_sound_log_holds(repo: Scratch) -> None:
    done = verified(repo)
    assert (done.code, done.report["entries"], done.report["unsigned"]) == (0, 4, 4)
    text = repo.run("audit", "verify")
    assert text.out.startswith("OK  4 entries")
    assert commits(repo)[-1] in text.out


def test_an_entry_whose_content_was_changed_breaks_the_link_after_it(repo: Scratch) -> None:
    """The statement is right in itself; the entries after it were put on it by their parents, their digests not."""
    forget(repo)
    old = commits(repo)
    parent = old[0]
    for number in (1, 2, 3):
        data = statement(repo, old[number])
        if number == 1:
            audit_part(data)["version"] = "9.9"
        else:
            audit_part(data)["previous"]["commit"] = parent
        parent = put(
            repo, parent, {"statement.json": canonical(data)}, repo.git("log", "-1", "--format=%B", old[number])
        )
    assert "the digest of the entry before it is another" in first_broken(repo)
    assert first_broken(repo).startswith("entry 2 ")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda data: audit_part(data)["record"].update(verdict="pass"), "its id is not that of what it says"),
        (lambda data: data["predicate"].update(verificationResult="PASSED"), "its summary says another verdict"),
        (lambda data: data["subject"][0]["digest"].update(gitTree="0" * 40), "about something else than its inputs"),
        (lambda data: audit_part(data).pop("inputs"), "its statement is not complete"),
        (lambda data: audit_part(data)["inputs"].pop("as_of"), "its statement is not complete"),
        (lambda data: audit_part(data).update(recorded="yesterday"), "is no time in UTC"),
        (lambda data: data.update(predicateType="https://example.com/mine"), "of another type than it says"),
        (lambda data: audit_part(data).update(more=1), "not written as an entry is"),
    ],
)
def test_an_entry_that_is_not_whole_is_told(repo: Scratch, change: Any, what: str) -> None:
    forget(repo)
    old = commits(repo)
    data = statement(repo, old[3])
    change(data)
    put(repo, old[2], {"statement.json": canonical(data)}, repo.git("log", "-1", "--format=%B", old[3]))
    found = first_broken(repo)
    assert found.startswith("entry 3 ")
    assert what in found


def test_other_spelling_other_files_and_another_message_are_told(repo: Scratch) -> None:
    forget(repo)
    old = commits(repo)
    text, said = canonical(statement(repo, old[3])), repo.git("log", "-1", "--format=%B", old[3])
    put(repo, old[2], {"statement.json": " " + text}, said)
    assert "not written as an entry is" in first_broken(repo)
    put(repo, old[2], {"statement.json": text, "more": "x"}, said)
    assert "does not hold a statement and a signature alone" in first_broken(repo)
    put(repo, old[2], {"statement.json": text}, said.replace("block", "pass"))
    assert "its commit says something else" in first_broken(repo)
    put(repo, old[2], {"statement.json": "{" * 100_000}, said)
    assert "its statement is not complete" in first_broken(repo)
    put(repo, old[2], {"statement.json": text}, said)
    assert verified(repo).code == 0, "the control"


def test_a_log_whose_beginning_was_cut_off_is_told_by_itself(repo: Scratch) -> None:
    forget(repo)
    old = commits(repo)
    put(repo, "", {"statement.json": canonical(statement(repo, old[2]))}, repo.git("log", "-1", "--format=%B", old[2]))
    assert "says that it is entry 2 and follows another, and nothing is before it" in first_broken(repo)


def test_an_entry_left_out_in_the_middle_is_told_by_itself(repo: Scratch) -> None:
    forget(repo)
    old = commits(repo)
    put(
        repo,
        old[1],
        {"statement.json": canonical(statement(repo, old[3]))},
        repo.git("log", "-1", "--format=%B", old[3]),
    )
    assert f"says that it follows {old[2][:12]}, and its parent is {old[1][:12]}" in first_broken(repo)


def test_a_number_that_does_not_follow_is_told(repo: Scratch) -> None:
    forget(repo)
    old = commits(repo)
    data = statement(repo, old[3])
    audit_part(data)["sequence"] = 7
    put(repo, old[2], {"statement.json": canonical(data)}, repo.git("log", "-1", "--format=%B", old[3]))
    assert "numbered 7, and follows number 2" in first_broken(repo)


def test_a_merge_of_two_logs_is_told(repo: Scratch) -> None:
    forget(repo)
    old = commits(repo)
    tree = repo.git("rev-parse", f"{old[3]}^{{tree}}")
    said = repo.git("log", "-1", "--format=%B", old[3])
    merged = repo.git("commit-tree", "-p", old[2], "-p", old[1], "-m", said, tree)
    repo.git("update-ref", REF, merged)
    assert "it follows 2 entries" in first_broken(repo)


def test_a_log_without_its_end_is_told_by_what_was_seen_and_by_what_is_expected(repo: Scratch) -> None:
    """A shorter log is right in itself: only who remembers its end can tell."""
    old = commits(repo)
    repo.git("update-ref", REF, old[1])
    done = verified(repo)
    assert done.code == 1, done
    assert f"entry 2 ({old[2][:12]})" in done.report["first_broken"]
    assert "rewritten, truncated or replaced" in done.report["first_broken"]
    assert f"git update-ref -d {SEEN}" in done.err
    forget(repo)
    assert verified(repo).code == 0, "which is all that the log itself tells"
    assert "expected is not in the log" in first_broken(repo, "--expect", old[3])
    assert verified(repo, "--expect", old[1]).code == verified(repo, "--expect", old[0]).code == 0
    assert verified(repo, "--expect", "HEAD").code == 2


def test_a_log_that_was_forked_or_replaced_is_told_by_what_was_seen(repo: Scratch) -> None:
    old = commits(repo)

    def later(data: dict[str, Any]) -> None:
        audit_part(data)["recorded"] = "2026-01-01T00:00:00Z"

    rebuilt(repo, {2: later})
    assert f"entry 2 ({old[2][:12]})" in first_broken(repo)
    forget(repo)
    assert verified(repo).code == 0, "put right from there on, it holds in itself"
    assert "expected is not in the log" in first_broken(repo, "--expect", old[3])


def test_a_log_that_is_gone_is_told_by_what_was_seen(repo: Scratch) -> None:
    repo.git("update-ref", "-d", REF)
    done = verified(repo)
    assert done.code == 1, done
    assert "entry 0 " in done.report["first_broken"]


def test_nothing_is_added_to_a_log_that_was_rewritten(repo: Scratch) -> None:
    old = commits(repo)
    repo.git("update-ref", REF, old[1])
    repo.commit("More", files={"notes.md": "more\n"})
    done = repo.run("audit", "record")
    assert done.code == 3, done
    assert "rewritten, truncated or replaced" in done.err
    assert commits(repo) == old[:2]
    repo.git("update-ref", "-d", SEEN)
    recorded(repo)
    assert verified(repo).code == 0


def test_a_clock_that_went_back_is_told_and_stops_nothing(repo: Scratch) -> None:
    def ahead(data: dict[str, Any]) -> None:
        audit_part(data)["recorded"] = "2099-01-01T00:00:00Z"

    rebuilt(repo, {3: ahead})
    forget(repo)
    repo.commit("More", files={"notes.md": "more\n"})
    recorded(repo)
    done = verified(repo)
    assert done.code == 0, done
    (note,) = done.report["notes"]
    assert note["entry"] == 4
    assert "the clock went back" in note["what"]


def test_a_cut_off_clone_of_the_log_is_not_passed(repo: Scratch, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    repo.git("clone", "-q", "--bare", f"file://{repo.path}", str(shallow))
    repo.git("-C", str(shallow), "fetch", "-q", "--depth", "2", f"file://{repo.path}", f"{REF}:{REF}")
    done = repo.run("audit", "verify", "-C", str(shallow), "--format", "json")
    assert done.code == 3, done
    assert done.report["ok"] is False
    assert done.report["first_broken"] is None
    assert "shallow" in done.report["untold"][0]["what"]


def test_a_replay_tells_a_forged_verdict(repo: Scratch) -> None:
    from audit_log import forge_pass

    old = commits(repo)
    data = statement(repo, old[3])
    forge_pass(data)
    put(repo, old[2], {"statement.json": canonical(data)}, message(data))
    forget(repo)
    assert verified(repo).code == 0, "nothing but the judgement itself is wrong with it"
    found = first_broken(repo, "--replay")
    assert found.startswith("entry 3 ")
    assert "the verdict is block, recorded is pass" in found


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda part: part["inputs"].update(policies="sha256:" + "0" * 64), "base holds other rules"),
        (lambda part: part["record"]["systems"][0].update(tier="low"), "SYS-001 comes out in another way"),
        (lambda part: part["inputs"].update(mode="all"), "judged again, it is different"),
    ],
)
def test_a_replay_tells_what_else_was_forged(repo: Scratch, change: Any, what: str) -> None:
    old = commits(repo)
    data = statement(repo, old[3])
    change(audit_part(data))
    summarise(data)
    set_id(data)
    put(repo, old[2], {"statement.json": canonical(data)}, message(data))
    forget(repo)
    assert what in first_broken(repo, "--replay")


def test_a_replay_without_the_commits_says_so_and_does_not_pass(repo: Scratch) -> None:
    old = commits(repo)
    data = statement(repo, old[3])
    audit_part(data)["inputs"]["head"]["commit"] = "a" * 40
    summarise(data)
    set_id(data)
    put(repo, old[2], {"statement.json": canonical(data)}, message(data))
    forget(repo)
    done = verified(repo, "--replay")
    assert done.code == 3, done
    assert done.report["untold"] == [
        {"entry": 3, "commit": commits(repo)[3], "what": "commit aaaaaaaaaaaa is not in this clone"}
    ]
    assert done.report["replayed"] == {"same": 3, "different": 0, "untold": 1}
