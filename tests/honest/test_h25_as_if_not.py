"""H25: line ends on disk, annotated tags and deletions are as if they were not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scratch import Scratch
from world import high_system

from policy_gate.forges.github_event import GithubEvent, read_event
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.worktree import WorkTree

COMMIT, TAG, ZEROS = "1" * 40, "2" * 40, "0" * 40


def _event(folder: Path, **content: object) -> GithubEvent:
    file = folder / "event.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return read_event({"GITHUB_EVENT_PATH": str(file)})


def test_h25_an_annotated_tag_is_the_commit_that_it_stands_on(tmp_path: Path) -> None:
    head = {"id": COMMIT}
    assert _event(tmp_path, ref="refs/tags/v1", after=TAG, head_commit=head).after == COMMIT
    assert _event(tmp_path, ref="refs/tags/v1", after=COMMIT, head_commit=head).after == COMMIT
    assert _event(tmp_path, ref="refs/tags/v1", after=TAG, head_commit=None).after == TAG
    assert _event(tmp_path, ref="refs/heads/main", after=TAG, head_commit=head).after == TAG, "a branch is what it says"


def test_h25_only_a_deletion_is_one(tmp_path: Path) -> None:
    assert _event(tmp_path, ref="refs/heads/old", after=ZEROS, deleted=True).is_deletion
    for after, deleted in ((COMMIT, True), (ZEROS, False), (ZEROS, "true")):
        assert not _event(tmp_path, ref="refs/heads/old", after=after, deleted=deleted).is_deletion


@pytest.mark.real_git
@pytest.mark.parametrize(
    ("on_disk", "is_same"),
    [
        (b"one\r\ntwo\r\n", True),
        (b"one\r\ntwo\n", True),
        (b"one\ntwo\n", True),
        (b"one\r\nthree\r\n", False),
        (b"one\rtwo\r", False),
        (b"one\r\r\ntwo\r\n", False),
    ],
)
def test_h25_a_file_with_other_line_ends_is_the_file_of_the_index(
    scratch: Scratch, on_disk: bytes, is_same: bool
) -> None:
    scratch.commit("One", files={"f.yaml": "one\ntwo\n"})
    (scratch.path / "f.yaml").write_bytes(on_disk)
    with Repository.open(scratch.path) as repository:
        tree = WorkTree(repository)
        entry = tree.entry("f.yaml")
        assert entry is not None
        assert (tree.read(entry) == b"one\ntwo\n") is is_same


@pytest.mark.real_git
def test_h25_a_manifest_with_crlf_on_disk_changes_nothing(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("development"))
    file = repo.path / "governance.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert "nothing governed changed" in repo.run("check", "--worktree").out
