"""A repository is opened wherever git keeps it, and nothing in its settings or our environment is obeyed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from raw_objects import all_of, write_commit
from scratch import Scratch

from policy_gate.errors import UndecidedError, UsageError
from policy_gate.vcs.repository import Repository

pytestmark = pytest.mark.real_git


def _read(repository: Repository, path: str, revision: str = "HEAD") -> bytes:
    commit = repository.resolve(revision)
    assert commit is not None
    tree = repository.tree(repository.tree_oid(commit))
    entry = tree.entry(path)
    assert entry is not None
    return tree.read(entry)


def test_a_folder_inside_is_enough(scratch: Scratch) -> None:
    scratch.commit("One", files={"a/b/f": "x"})
    with Repository.open(scratch.path / "a" / "b") as repository:
        assert repository.root == scratch.path.resolve()
        assert _read(repository, "a/b/f") == b"x"


def test_a_linked_work_tree_reads_the_shared_objects(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit("One", files={"f": "main"})
    scratch.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    with Repository.open(tmp_path / "linked") as repository:
        assert repository.root == (tmp_path / "linked").resolve()
        assert _read(repository, "f") == b"main"
        assert repository.resolve("HEAD") == scratch.git("rev-parse", "main")


def test_a_clone_that_borrows_its_objects_is_read(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit("One", files={"f": "borrowed"})
    scratch.git("clone", "-q", "--shared", ".", str(tmp_path / "second"))
    scratch.git("clone", "-q", "--shared", str(tmp_path / "second"), str(tmp_path / "third"))
    with Repository.open(tmp_path / "third") as repository:
        assert _read(repository, "f") == b"borrowed"


def test_a_bare_repository_is_read_only_where_it_is_named(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit("One", files={"f": "x"})
    scratch.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    with Repository.open(tmp_path / "bare.git") as repository:
        assert _read(repository, "f") == b"x"
    with pytest.raises(UsageError):
        Repository.open(tmp_path / "bare.git" / "objects")


def test_a_bare_repository_inside_a_checkout_is_not_taken_for_it(scratch: Scratch) -> None:
    scratch.commit("One", files={"f": "x"})
    subprocess.run(["git", "init", "-q", "--bare", str(scratch.path / "sub")], check=True, env=scratch.environment())
    with Repository.open(scratch.path / "sub") as repository:
        assert repository.root == scratch.path.resolve()


def test_a_sha256_repository_is_read(tmp_path: Path) -> None:
    repo = Scratch(tmp_path / "other")
    repo.git("init", "-q", "--object-format=sha256", "-b", "main", str(tmp_path / "wide"))
    repo.path = tmp_path / "wide"
    repo.iam("Bo Author")
    base = repo.commit("One", files={"a": "1\n", "d/f": "long id"})
    repo.branch("work")
    head = repo.commit("Two", files={"b": "2\n"})
    repo.checkout("main")
    base = repo.commit("Three", files={"c": "3\n"})
    with Repository.open(repo.path) as repository:
        assert len(head) == 64
        assert _read(repository, "d/f", "work") == b"long id"
        merged = repository.tree(repository.merged_tree(base, head))
        assert merged.names("") == ("a", "b", "c", "d")


def test_a_folder_with_odd_letters_in_its_name_is_read(tmp_path: Path) -> None:
    repo = Scratch(tmp_path / 'a "quoted"\n$HOME;# folder')
    repo.commit("One", files={"f": "x"})
    with Repository.open(repo.path) as repository:
        assert _read(repository, "f") == b"x"


def test_a_checkout_owned_by_somebody_else_is_read(scratch: Scratch) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    scratch.commit("One", files={"f": "x"})
    for folder in (scratch.path, scratch.path / ".git"):
        os.chown(folder, 12345, 12345)
    assert (
        "dubious ownership"
        in subprocess.run(
            ["git", "status"], cwd=scratch.path, env=scratch.environment(), capture_output=True, text=True, check=False
        ).stderr
    ), "the control: git itself refuses"
    with Repository.open(scratch.path) as repository:
        assert _read(repository, "f") == b"x"


def test_a_broken_git_file_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: ../nowhere\n")
    with pytest.raises(UsageError, match="does not name a git repository"):
        Repository.open(tmp_path)


def test_what_was_started_ends_with_close(scratch: Scratch) -> None:
    commit = scratch.commit("One")
    repository = Repository.open(scratch.path)
    repository.tree_oid(commit)
    private, process = repository._private.git_dir, repository._store._running
    assert private.is_dir()
    repository.close()
    assert not private.exists()
    assert process is not None
    assert process.process.returncode == 0


def test_t18_replace_refs_are_not_followed(scratch: Scratch) -> None:
    true = scratch.commit("True", files={"f": "true\n"})
    blob = scratch.git("rev-parse", "HEAD:f")
    forged = scratch.git("hash-object", "-w", "--stdin", stdin="forged\n")
    other = scratch.git("commit-tree", "-m", "Forged", scratch.git("mktree", stdin=f"100644 blob {forged}\tf\n"))
    scratch.git("replace", blob, forged)
    assert scratch.git("show", "HEAD:f") == "forged", "the control: git follows it"
    with Repository.open(scratch.path) as repository:
        assert _read(repository, "f") == b"true\n"
    scratch.git("replace", "-d", blob)
    scratch.git("replace", true, other)
    assert scratch.git("show", "HEAD:f") == "forged", "the control: git follows it"
    with Repository.open(scratch.path) as repository:
        assert _read(repository, "f") == b"true\n"
        assert [entry.path for entry in repository.tree(repository.tree_oid(true)).walk()] == ["f"]


def test_t18_grafts_do_not_rewrite_history(scratch: Scratch) -> None:
    first = scratch.commit("First")
    second = scratch.commit("Second")
    other = write_commit(scratch.path, all_of(scratch))
    grafts = scratch.path / ".git" / "info" / "grafts"
    grafts.parent.mkdir(exist_ok=True)
    grafts.write_text(f"{second} {other}\n")
    assert scratch.git("rev-parse", "HEAD^") == other, "the control: git follows it"
    with Repository.open(scratch.path) as repository:
        assert repository.first_parents(second, 9) == [first]
        assert repository.merge_base_is(first, second)
        assert not repository.merge_base_is(other, second)
        assert [item.oid for item in repository.commits(first, second)] == [second]


def test_t18_filters_textconv_and_attributes_do_not_change_what_is_read(scratch: Scratch) -> None:
    files = {
        ".gitattributes": "f -diff filter=shout diff=shout export-ignore ident working-tree-encoding=UTF-16\n",
        "f": "$Id$ quiet\n",
    }
    base = scratch.commit("Base")
    scratch.write(files)
    blob = scratch.git("hash-object", "-w", "--no-filters", "f")
    tree = scratch.git("mktree", stdin=f"100644 blob {blob}\tf\n")
    head = scratch.git("commit-tree", "-p", base, "-m", "Quiet", tree)
    for name in ("filter.shout.smudge", "filter.shout.clean", "diff.shout.textconv", "diff.external"):
        scratch.git("config", name, "sh -c 'touch ran; cat /dev/null'")
    (scratch.path / ".git" / "info").mkdir(exist_ok=True)
    (scratch.path / ".git" / "info" / "attributes").write_text("f -diff filter=shout diff=shout\n")
    with Repository.open(scratch.path) as repository:
        assert _read(repository, "f", head) == b"$Id$ quiet\n"
        assert repository.changed(repository.tree_oid(base), repository.tree_oid(head)) == {"f"}
    assert not (scratch.path / "ran").exists()


def test_t18_settings_that_run_programs_run_none(scratch: Scratch) -> None:
    base = scratch.commit("Base", files={"f": "1\n"})
    head = scratch.commit("Head", files={"f": "2\n"})
    trap = scratch.path.parent / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {scratch.path.parent / 'sprung'}\n")
    trap.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "core.sshCommand",
        "core.editor",
        "core.askPass",
        "core.gitProxy",
        "pager.rev-parse",
    ):
        scratch.git("config", name, str(trap))
    scratch.git("config", "core.hooksPath", str(trap.parent))
    scratch.git("status", "--short", ok=False)
    assert (trap.parent / "sprung").exists(), "the control: git runs it"
    (trap.parent / "sprung").unlink()
    from policy_gate.vcs.worktree import WorkTree

    with Repository.open(scratch.path) as repository:
        assert repository.refs(["refs/heads/main"])["refs/heads/main"].oid == head
        assert [item.oid for item in repository.commits(base, head)] == [head]
        assert WorkTree(repository).names("") == ("f",)
    assert not (trap.parent / "sprung").exists()


def test_t18_a_missing_object_is_never_fetched(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit("One", files={"f": "far away\n"})
    scratch.git("config", "uploadpack.allowFilter", "true")
    near = tmp_path / "near"
    scratch.git("clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{scratch.path}", str(near))
    with Repository.open(near) as repository, pytest.raises(UndecidedError, match="not in this clone") as caught:
        _read(repository, "f")
    assert "--refetch" in caught.value.hint
    kept = subprocess.run(
        ["git", "rev-list", "--objects", "--all", "--missing=print"],
        cwd=near,
        env=scratch.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "\n?" in kept.stdout, "the object is still missing"


def test_t40_git_variables_of_an_earlier_step_are_not_obeyed(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = scratch.commit("One", files={"f": "true\n"})
    other = Scratch(tmp_path / "other")
    other.commit("Other", files={"f": "other\n"})
    theirs = other.path / ".git"
    for name, value in {
        "GIT_DIR": str(theirs),
        "GIT_COMMON_DIR": str(theirs),
        "GIT_WORK_TREE": str(other.path),
        "GIT_INDEX_FILE": str(theirs / "index"),
        "GIT_OBJECT_DIRECTORY": str(theirs / "objects"),
        "GIT_NAMESPACE": "theirs",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.bare",
        "GIT_CONFIG_VALUE_0": "nonsense",
        "GIT_CONFIG_PARAMETERS": "'core.bare'='nonsense'",
    }.items():
        monkeypatch.setenv(name, value)
    with Repository.open(scratch.path) as repository:
        assert repository.resolve("HEAD") == head
        assert _read(repository, "f") == b"true\n"
        assert set(repository.refs(["refs/heads/main"])) == {"refs/heads/main"}
    assert os.environ["GIT_NAMESPACE"] == "theirs", "our own environment is as it was"


@pytest.mark.parametrize(
    "name",
    [
        "--output=x",
        "-h",
        "--all",
        "--help",
        "$(touch x)",
        "`touch x`",
        "HEAD\nmain",
        "HEAD\0",
        "",
        "HEAD..main",
        "^HEAD",
        "no-such",
    ],
)
def test_t19_a_revision_that_looks_like_something_else_is_none(scratch: Scratch, name: str) -> None:
    scratch.commit("One")
    with Repository.open(scratch.path) as repository:
        assert repository.resolve("HEAD") is not None
        assert repository.resolve(name) is None
    assert [item.name for item in scratch.path.iterdir()] == [".git"]


def test_t19_files_with_names_like_options_and_quotes_are_just_files(scratch: Scratch) -> None:
    odd = ["--output=x", "-rf", "$(touch y)", "'; touch z; '", '"quoted"', "\u202efdp.md", "`w`", ":(top)f", "a\\b"]
    before = scratch.commit("None")
    after = scratch.commit("Odd", files=dict.fromkeys(odd, "x"))
    with Repository.open(scratch.path) as repository:
        assert repository.changed(repository.tree_oid(before), repository.tree_oid(after)) == set(odd)
        for name in odd:
            assert _read(repository, name) == b"x"
    assert {item.name for item in scratch.path.iterdir()} == {".git", *odd}


def test_first_parents_are_newest_first_and_bounded(scratch: Scratch) -> None:
    line = [scratch.commit(str(number)) for number in range(5)]
    with Repository.open(scratch.path) as repository:
        assert repository.first_parents(line[-1], 3) == [line[3], line[2], line[1]]
        assert repository.first_parents(line[-1], 50) == line[-2::-1]
        assert repository.first_parents(line[0], 50) == []
