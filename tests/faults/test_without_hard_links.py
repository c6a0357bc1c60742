"""A file system without hard links: what is new comes whole there, too, or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from policy_gate.documents.atomic_file import link_as_new
from policy_gate.documents.writer import NewFile, create
from policy_gate.errors import UsageError


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr("os.link", refused)


@pytest.mark.usefixtures("no_links")
def test_a_new_file_is_whole_and_alone(tmp_path: Path) -> None:
    create(tmp_path, [NewFile("a.yaml", "a: 1\n")])
    assert {it.name: it.read_text("utf-8") for it in tmp_path.iterdir()} == {"a.yaml": "a: 1\n"}


@pytest.mark.usefixtures("no_links")
def test_a_file_made_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("ours", "utf-8")
    (tmp_path / "taken").write_text("theirs", "utf-8")
    with pytest.raises(FileExistsError):
        link_as_new(tmp_path / "new", tmp_path / "taken")
    assert (tmp_path / "taken").read_text("utf-8") == "theirs"


@pytest.mark.usefixtures("no_links")
def test_what_cannot_be_put_in_place_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UsageError, match="No space left"):
        create(tmp_path, [NewFile("a.yaml", "a: 1\n")])
    assert list(tmp_path.iterdir()) == []
