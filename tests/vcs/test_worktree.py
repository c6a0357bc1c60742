"""The work tree as a tree: what is on disk, less what is ignored, and never through a link."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from raw_objects import all_of
from scratch import Scratch

from policy_gate.errors import DocumentError, UndecidedError, UsageError
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.worktree import WorkTree

pytestmark = pytest.mark.real_git

FILES = {"a": "1\n", "d/b": "2\n", "d/e/c": "3\n", ".gitignore": "*.log\nbuild/\n"}


@pytest.fixture
def opened(scratch: Scratch) -> Iterator[Repository]:
    scratch.commit("Files", files=FILES)
    with Repository.open(scratch.path) as repository:
        yield repository


def _text(tree: WorkTree, path: str) -> bytes:
    entry = tree.entry(path)
    assert entry is not None
    return tree.read(entry)


def test_a_clean_work_tree_is_the_tree_of_its_commit(scratch: Scratch, opened: Repository) -> None:
    tree = WorkTree(opened)
    assert tree.id == all_of(scratch)
    assert opened.changed(opened.tree(all_of(scratch)), tree) == frozenset()
    assert list(tree.walk()) == list(opened.tree(all_of(scratch)).walk())


def test_edits_new_files_and_deletions_are_seen_and_ignored_files_are_not(scratch: Scratch, opened: Repository) -> None:
    scratch.remove("d/e/c")
    scratch.write({"a": "edited\n", "new/file": "n", "x.log": "noise", "build/out": "noise", "staged": "s"})
    scratch.git("add", "staged")
    tree = WorkTree(opened)
    assert [entry.path for entry in tree.walk()] == [".gitignore", "a", "d/b", "new/file", "staged"]
    assert tree.names("d") == ("b",)
    assert tree.entry("d/e") is None
    assert _text(tree, "a") == b"edited\n"
    changed = opened.changed(opened.tree(all_of(scratch)), tree)
    assert changed == opened.changed(tree, opened.tree(all_of(scratch))) == {"a", "d/e/c", "new/file", "staged"}


def _forbidden(monkeypatch: pytest.MonkeyPatch, shut: Path, code: int = errno.EACCES) -> None:
    """What is at a place and below it may not be looked at: a folder without its x, a file without its r."""
    opened, looked_at = os.open, Path.lstat

    def refused(path: Path, *, is_itself: bool) -> None:
        if path.is_relative_to(shut) and (is_itself or path != shut):
            raise OSError(code, os.strerror(code), str(path))

    def may_open(path: Any, *rest: Any, **more: Any) -> int:
        refused(Path(path), is_itself=True)
        return opened(path, *rest, **more)

    def may_look(path: Path) -> os.stat_result:
        refused(path, is_itself=False)
        return looked_at(path)

    monkeypatch.setattr(os, "open", may_open)
    monkeypatch.setattr(Path, "lstat", may_look)


@pytest.mark.parametrize(
    ("shut", "told"), [("new", "new"), ("a", "a"), ("d", "d/b"), ("d/e", "d/e/c")], ids=lambda it: it
)
def test_what_may_not_be_looked_at_is_told_and_not_taken_for_missing(
    scratch: Scratch, opened: Repository, monkeypatch: pytest.MonkeyPatch, shut: str, told: str
) -> None:
    scratch.write({"new": "n", "a": "edited\n"})
    _forbidden(monkeypatch, scratch.path / shut)
    with pytest.raises(UndecidedError) as caught:
        list(WorkTree(opened).walk())
    assert str(caught.value).startswith(f"{told} of the work tree cannot be read")
    assert caught.value.hint


def test_a_file_that_goes_while_it_is_read_is_told(
    scratch: Scratch, opened: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.write({"new": "n"})
    _forbidden(monkeypatch, scratch.path / "new", errno.ENOENT)
    with pytest.raises(UndecidedError, match=r"^new of the work tree cannot be read"):
        list(WorkTree(opened).walk())


def test_a_file_that_is_not_there_is_no_fault(
    scratch: Scratch, opened: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.remove("d/e/c")
    _forbidden(monkeypatch, scratch.path / "elsewhere")
    assert [entry.path for entry in WorkTree(opened).walk()] == [".gitignore", "a", "d/b"]


def test_the_ids_are_those_that_a_commit_gives(scratch: Scratch, opened: Repository) -> None:
    scratch.write({"a": "edited\n", "new/file": "n", "d/e/more": "m"})
    (scratch.path / "d/b").chmod(0o755)
    (scratch.path / "link").symlink_to("d/b")
    tree = WorkTree(opened)
    before = tree.id
    scratch.commit("All of it")
    assert before == all_of(scratch)
    assert WorkTree(opened).id == before


def test_an_edit_within_the_same_moment_is_seen(scratch: Scratch, opened: Repository) -> None:
    stamp = (scratch.path / "a").stat().st_mtime_ns
    scratch.write({"a": "9\n"})
    os.utime(scratch.path / "a", ns=(stamp, stamp))
    index = scratch.path / ".git" / "index"
    os.utime(index, ns=(stamp, stamp))
    assert _text(WorkTree(opened), "a") == b"9\n"


def test_staged_content_that_is_not_on_disk_does_not_count(scratch: Scratch, opened: Repository) -> None:
    scratch.write({"a": "staged\n"})
    scratch.git("add", "a")
    scratch.write({"a": "on disk, longer\n"})
    assert _text(WorkTree(opened), "a") == b"on disk, longer\n"


def test_an_assumed_unchanged_file_is_looked_at_all_the_same(scratch: Scratch, opened: Repository) -> None:
    scratch.git("update-index", "--assume-unchanged", "a")
    scratch.git("update-index", "--skip-worktree", "d/b")
    scratch.write({"a": "hidden edit\n", "d/b": "hidden edit\n"})
    assert scratch.git("status", "--short") == "", "the control: git does not look"
    tree = WorkTree(opened)
    assert _text(tree, "a") == _text(tree, "d/b") == b"hidden edit\n"


def test_a_file_that_is_only_meant_to_be_added_is_read(scratch: Scratch, opened: Repository) -> None:
    scratch.write({"new": "content\n"})
    scratch.git("add", "--intent-to-add", "new")
    later = (scratch.path / "new").stat().st_mtime_ns + 1_000_000_000
    os.utime(scratch.path / ".git" / "index", ns=(later, later))
    assert "e69de29bb2" in scratch.git("ls-files", "--stage", "new"), "the control: the index names the empty blob"
    assert _text(WorkTree(opened), "new") == b"content\n"


def test_files_left_out_of_a_sparse_checkout_are_as_committed(scratch: Scratch, opened: Repository) -> None:
    scratch.git("sparse-checkout", "set", "--no-cone", "/a", "/.gitignore")
    assert not (scratch.path / "d").exists()
    tree = WorkTree(opened)
    assert _text(tree, "d/e/c") == b"3\n"
    assert tree.id == all_of(scratch)


def test_a_file_that_git_converts_is_unchanged_until_it_is_edited(scratch: Scratch) -> None:
    scratch.commit("Attributes", files={".gitattributes": "*.txt text eol=crlf\n", "t.txt": "one\r\ntwo\r\n"})
    with Repository.open(scratch.path) as repository:
        base = repository.tree(all_of(scratch))
        tree = WorkTree(repository)
        assert repository.changed(base, tree) == frozenset()
        assert _text(tree, "t.txt") == b"one\ntwo\n"
        scratch.write({"t.txt": "one\r\nthree\r\n"})
        assert repository.changed(base, WorkTree(repository)) == {"t.txt"}


def test_t13_links_are_links_and_are_not_followed(scratch: Scratch, opened: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "e").mkdir(parents=True)
    (outside / "b").write_text("not of this repository\n")
    (outside / "e" / "c").write_text("not of this repository\n")
    (scratch.path / "evidence").symlink_to(outside / "b")
    scratch.remove("d/b", "d/e/c", "a")
    (scratch.path / "d" / "e").rmdir()
    (scratch.path / "d").rmdir()
    (scratch.path / "d").symlink_to(outside)
    os.mkfifo(scratch.path / "a")
    tree = WorkTree(opened)
    kinds = {entry.path: entry.kind for entry in tree.walk()}
    assert kinds == {".gitignore": "file", "d": "symlink", "evidence": "symlink"}
    assert _text(tree, "evidence") == str(outside / "b").encode()
    for path in ("d/b", "d/e/c", "d/e", "a"):
        assert tree.entry(path) is None


def test_t13_a_submodule_and_a_repository_inside_are_no_folders(scratch: Scratch, opened: Repository) -> None:
    scratch.git("update-index", "--add", "--cacheinfo", f"160000,{'4' * 40},mod")
    (scratch.path / "mod").mkdir()
    (scratch.path / "mod" / "report.md").write_text("x")
    scratch.git("init", "-q", str(scratch.path / "nested"))
    (scratch.path / "nested" / "report.md").write_text("x")
    tree = WorkTree(opened)
    assert [(tree.entry(name) or scratch).kind for name in ("mod", "nested")] == ["submodule", "submodule"]  # type: ignore[union-attr]
    assert tree.entry("mod/report.md") is None
    assert tree.entry("nested/report.md") is None


def test_t14_names_that_git_trees_may_not_hold_are_refused(scratch: Scratch, opened: Repository) -> None:
    scratch.write({"odd/a\x1bb": "x", "fine/f": "x"})
    tree = WorkTree(opened)
    assert tree.names("fine") == ("f",)
    with pytest.raises(DocumentError) as caught:
        tree.names("odd")
    assert [problem.path for problem in caught.value.problems] == ["odd"]


def test_t18_filters_are_not_run_and_other_work_trees_not_read(
    scratch: Scratch, opened: Repository, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "planted").write_text("x")
    scratch.git("config", "filter.shout.clean", f"touch {tmp_path / 'ran'}; cat")
    scratch.write({".gitattributes": "* filter=shout\n", "a": "raw\n"})
    scratch.git("config", "core.worktree", str(elsewhere))
    scratch.git("config", "core.excludesFile", str(tmp_path / "excludes"))
    (tmp_path / "excludes").write_text("a\nnew\n")
    scratch.write({"new": "seen\n"})
    tree = WorkTree(opened)
    assert _text(tree, "a") == b"raw\n"
    assert _text(tree, "new") == b"seen\n"
    assert tree.entry("planted") is None
    assert not (tmp_path / "ran").exists()


def test_names_of_every_shape_are_listed(scratch: Scratch, opened: Repository) -> None:
    odd = ["--output=x", "? q", "H 100644 x", "na\u00efve", '"q"', "a\\b", "  ctime: 1:2"]
    scratch.write({f"untracked/{name}": "x" for name in odd})
    scratch.commit("Tracked", files={f"tracked/{name}": "x" for name in odd})
    scratch.write({f"later/{name}": "x" for name in odd})
    tree = WorkTree(opened)
    for folder in ("tracked", "untracked", "later"):
        assert tree.names(folder) == tuple(sorted(odd))


def test_a_file_that_became_a_folder_is_a_folder(scratch: Scratch, opened: Repository) -> None:
    scratch.remove("a", "d/b")
    scratch.write({"a/inside": "x"})
    tree = WorkTree(opened)
    assert tree.names("a") == ("inside",)
    assert opened.changed(opened.tree(all_of(scratch)), tree) == {"a", "a/inside", "d/b"}


def test_a_merge_in_progress_shows_the_files_as_they_are(scratch: Scratch, opened: Repository) -> None:
    scratch.branch("work")
    scratch.commit("Theirs", files={"a": "theirs\n"})
    scratch.checkout("main")
    scratch.commit("Ours", files={"a": "ours\n"})
    scratch.git("merge", "-q", "work", ok=False)
    assert b"<<<<<<<" in _text(WorkTree(opened), "a")


def test_a_bare_repository_has_no_work_tree(scratch: Scratch, tmp_path: Path) -> None:
    scratch.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    with Repository.open(tmp_path / "bare.git") as repository, pytest.raises(UsageError):
        WorkTree(repository)
