"""A log written by somebody who may push it and wants it to be believed: each is told with its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from audit_log import (
    REF,
    audit_part,
    canonical,
    commits,
    digest_of,
    message,
    put,
    recorded,
    set_id,
    statement,
    verified,
)
from scratch import Scratch
from world import high_system

pytestmark = pytest.mark.real_git
SEEN = "refs/policy-gate/audit-seen/here"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A verdict and its stage."""
    repo = Scratch(tmp_path_factory.mktemp("log"))
    repo.adopt(high_system("development"))
    repo.promote()
    recorded(repo)
    return repo


@pytest.fixture
def repo(made: Scratch, tmp_path: Path) -> Scratch:
    """A clone that saw nothing of the log before."""
    copy = Scratch.__new__(Scratch)
    copy.path, copy.home = tmp_path / "repo", tmp_path / "home"
    copy.home.mkdir()
    shutil.copytree(made.path, copy.path)
    copy.git("update-ref", "-d", SEEN)
    return copy


def told(repo: Scratch, code: int = 1) -> str:
    """What `verify` says first of a log that is not sound; all that read it say something, and none breaks down."""
    done = verified(repo, "--replay")
    assert done.code == code, done
    assert done.report["ok"] is False
    for words in (("verify",), ("export", "--format", "oscal")):
        other = repo.run("audit", *words)
        assert other.code in (0, 1, 3), other
        assert "Traceback" not in other.err
        assert words != ("verify",) or not other.out.startswith("OK"), other
    return str(done.report["first_broken"] if code == 1 else done.report["untold"][0]["what"])


def appended(repo: Scratch, data: dict[str, Any], said: str | None = None) -> None:
    """This statement after the newest entry, every link made right."""
    last = commits(repo)[-1]
    before = statement(repo, last)
    part = audit_part(data)
    part["previous"] = {"commit": last, "statement": digest_of(canonical(before))}
    part["sequence"] = audit_part(before)["sequence"] + 1
    put(repo, last, {"statement.json": canonical(data)}, said or message(data))


def in_place(repo: Scratch, rows: list[tuple[str, str, bytes, str]]) -> None:
    """The stage's entry with a folder of these rows (mode, kind, content, name) in place of its own."""
    old = commits(repo)
    listed = []
    for mode, kind, content, name in rows:
        file = repo.home / "content"
        file.write_bytes(content)
        oid = repo.git("mktree", stdin="") if kind == "tree" else repo.git("hash-object", "-w", str(file))
        listed.append(f"{mode} {kind} {oid}\t{name}\n")
    tree = repo.git("mktree", stdin="".join(listed))
    said = repo.git("log", "-1", "--format=%B", old[1])
    repo.git("update-ref", REF, repo.git("commit-tree", "-p", old[0], "-m", said, tree))


def test_the_same_thing_with_another_date_is_told(repo: Scratch) -> None:
    data = statement(repo, commits(repo)[0])
    audit_part(data)["recorded"] = "2020-01-01T00:00:00Z"
    appended(repo, data)
    assert told(repo).startswith("entry 2 ")
    assert "the same thing was recorded before, by entry 0" in told(repo)


def test_an_entry_of_another_repository_is_not_passed(repo: Scratch, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Scratch(tmp_path / "other")
    other.adopt(high_system("development"))
    other.commit("Other work", files={"other.md": "1\n"})
    other.promote()
    recorded(other)
    data = statement(other, commits(other)[0])
    audit_part(data)["repository"] = "other/project"
    appended(repo, data)
    assert "can be of another repository" in told(repo, 3)
    done = verified(repo)
    assert done.code == 3, done
    assert done.report["untold"][0]["entry"] == 2
    assert "'other/project'" in done.report["notes"][0]["what"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda data: data["subject"].insert(0, {"name": "head", "digest": {"gitCommit": "a" * 40}}), "something else"),
        (lambda data: data["subject"].append({"name": "result", "digest": {"gitTree": "a" * 40}}), "something else"),
        (lambda data: data["subject"][1]["digest"].update(gitCommit="a" * 40), "something else than its inputs"),
        (lambda data: data["predicate"].update(verifiedLevels=["POLICY_GATE_PASS"]), "its summary says"),
        (
            lambda data: data["predicate"]["urn:policy-gate:check:v1"]["base"].update(commit="a" * 40),
            "its summary says",
        ),
        (lambda data: data["predicate"]["urn:policy-gate:check:v1"].update(systems=[]), "its summary says"),
        (lambda data: data["predicate"]["urn:policy-gate:check:v1"].pop("head"), "not complete"),
        (lambda data: data.update(more="x"), "says more than an entry does"),
        (lambda data: audit_part(data)["inputs"].update(as_of="2026-11-29"), "is no time in UTC"),
        (lambda data: audit_part(data)["inputs"]["base"].update(commit="HEAD"), "no commits and no tree"),
        (lambda data: audit_part(data)["inputs"]["head"].update(commit="--help"), "no commits and no tree"),
        (lambda data: audit_part(data).update(sequence=10**30), "entry"),
        (lambda data: audit_part(data).update(sequence=float("nan")), "not complete"),
        (lambda data: audit_part(data).update(recorded="0001-01-01T00:00:00"), "no time in UTC"),
        (lambda data: audit_part(data)["record"].update(verdict="\ud800"), "entry 0"),
    ],
)
def test_what_is_said_beside_the_record_is_told(repo: Scratch, change: Any, what: str) -> None:
    data = statement(repo, commits(repo)[0])
    change(data)
    set_id(data)
    put(repo, "", {"statement.json": canonical(data)}, message(data).encode("ascii", "backslashreplace").decode())
    found = told(repo)
    assert found.startswith("entry ")
    assert what in found


def test_a_stage_that_brings_a_verdict_along_is_told(repo: Scratch) -> None:
    old = commits(repo)
    data = statement(repo, old[1])
    data["predicate"]["verificationResult"] = "PASSED"
    put(repo, old[0], {"statement.json": canonical(data)}, repo.git("log", "-1", "--format=%B", old[1]))
    assert "says more than an entry does" in told(repo)


def test_text_that_no_terminal_and_no_file_can_hold_is_shown_without_breaking_down(repo: Scratch) -> None:
    old = commits(repo)
    data = statement(repo, old[1])
    audit_part(data)["record"].update(system="\ud800\x1b[2J", before="a\u202eb")
    part = audit_part(data)
    about = {"about": {"base": part["inputs"]["base"]["commit"]}, "record": part["record"]}
    from policy_gate.schema.canonical import digest_of as digest_of_data

    part["id"] = digest_of_data(about)
    said = "stage: a\\u202eb to pre_deployment (\\ud800\\x1b[2J)"
    put(repo, old[0], {"statement.json": canonical(data)}, f"{said}\n\nEntry: {part['id']}\n")
    done = verified(repo)
    assert "Traceback" not in done.err, done
    assert done.code in (0, 1), done
    for words in (("log",), ("query", "--format", "json"), ("export",), ("export", "--format", "oscal")):
        other = repo.run("audit", *words)
        assert other.code == 0, other
        assert "\x1b" not in other.out


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xff\xfe{}", "not complete"),
        (b"{\xe9}", "not complete"),
        (b"[" * 5_000 + b"]" * 5_000, "not complete"),
        (b"null\n", "not complete"),
        (b'"text"\n', "not complete"),
        (b"", "not complete"),
        (b" " * (4 * 1024 * 1024 + 1), "too large"),
    ],
)
def test_bytes_that_are_no_statement_are_told(repo: Scratch, content: bytes, what: str) -> None:
    in_place(repo, [("100644", "blob", content, "statement.json")])
    assert told(repo).startswith("entry 1 ")
    assert what in told(repo)


def test_other_line_ends_are_told(repo: Scratch) -> None:
    text = canonical(statement(repo, commits(repo)[1])).replace("\n", "\r\n")
    in_place(repo, [("100644", "blob", text.encode(), "statement.json")])
    assert "not written as an entry is" in told(repo)


@pytest.mark.parametrize(("mode", "kind"), [("120000", "blob"), ("100755", "blob"), ("40000", "tree")])
def test_what_is_no_plain_file_is_told(repo: Scratch, mode: str, kind: str) -> None:
    text = canonical(statement(repo, commits(repo)[1])).encode()
    in_place(repo, [(mode, kind, text, "statement.json")])
    assert "is no plain file" in told(repo)


def test_a_folder_of_many_files_and_a_commit_of_many_bytes_are_told(repo: Scratch) -> None:
    in_place(repo, [("100644", "blob", b"x", f"file-{number:04}") for number in range(300)])
    assert "does not hold a statement and a signature alone" in told(repo)
    tree = repo.git("rev-parse", "HEAD^{tree}")
    file = repo.home / "message"
    file.write_text("x" * (1024 * 1024 + 1))
    repo.git("update-ref", REF, repo.git("commit-tree", "-F", str(file), tree))
    assert "its commit is too large to be one" in told(repo)


@pytest.mark.parametrize("kind", ["tag", "blob", "tree"])
def test_a_ref_that_stands_at_no_commit_is_told(repo: Scratch, kind: str) -> None:
    head = commits(repo)[-1]
    if kind == "tag":
        repo.git("tag", "-a", "-m", "x", "mine", head)
        repo.git("update-ref", REF, repo.git("rev-parse", "refs/tags/mine"))
    else:
        repo.git(
            "update-ref", REF, repo.git("rev-parse", f"{head}{'^{tree}' if kind == 'tree' else ':statement.json'}")
        )
    for words in (("verify",), ("log",), ("export",), ("record",)):
        done = repo.run("audit", *words)
        assert done.code == 3, done
        assert f"a {kind} and no entry" in done.err


def test_a_packed_ref_and_another_hash_are_a_log_as_any(repo: Scratch, tmp_path: Path) -> None:
    repo.git("pack-refs", "--all")
    repo.commit("More", files={"notes.md": "more\n"})
    recorded(repo)
    assert verified(repo, "--replay").code == 0
    (tmp_path / "long").mkdir()
    long = Scratch.__new__(Scratch)
    long.path, long.home = tmp_path / "long" / "repo", repo.home
    repo.git("init", "-q", "--object-format=sha256", "-b", "main", str(long.path))
    long.adopt(high_system("development"))
    long.promote()
    recorded(long)
    assert len(commits(long)[0]) == 64
    assert verified(long, "--replay").code == 0


def test_an_entry_that_would_break_the_log_is_not_written(repo: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    from policy_gate.app.audit import drafts_of, log_writer
    from policy_gate.app.check import run_check
    from policy_gate.audit.statements import Draft
    from policy_gate.cli import options
    from policy_gate.errors import UndecidedError

    repo.commit("More", files={"notes.md": "more\n"})
    before = commits(repo)
    request = options.request(repo.path)
    draft = drafts_of(run_check(request), request, options.now())[0]
    predicate = {**draft.about["predicate"], "verificationResult": "PASSED"}
    wrong = Draft(draft.entry, {**draft.about, "predicate": predicate})
    large = Draft(draft.entry, {**draft.about, "predicate": {**predicate, "slsaVersion": "x" * 5_000_000}})
    with log_writer(repo.path) as log:
        with pytest.raises(UndecidedError, match="its summary says another verdict"):
            log.append([wrong])
        with pytest.raises(UndecidedError, match="would take 5"):
            log.append([large])
    assert commits(repo) == before
    assert json.loads(repo.run("audit", "log", "--format", "json").out)["entries"]
