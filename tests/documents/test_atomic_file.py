"""Who may read and write a file that was replaced: what the umask says of a new one, else what held before."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from policy_gate.cli.output import tell, write_file
from policy_gate.documents.atomic_file import link_as_new, replacing
from policy_gate.errors import UsageError


@contextmanager
def _umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def _mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


@pytest.mark.parametrize("place", [Path.replace, link_as_new])
@pytest.mark.parametrize(
    ("mask", "asked", "mode"),
    [(0o022, 0o644, 0o644), (0o077, 0o644, 0o600), (0o000, 0o644, 0o644), (0o077, 0o755, 0o700)],
)
@pytest.mark.parametrize("in_repository", [True, False])
def test_a_new_file_is_no_more_open_than_the_umask_says(
    tmp_path: Path, place: object, mask: int, asked: int, mode: int, in_repository: bool
) -> None:
    if in_repository:
        (tmp_path / ".git").mkdir()
    file = tmp_path / "new"
    with _umask(mask), replacing(file, asked, place) as out:  # type: ignore[arg-type]
        assert all(it.stat().st_mode & 0o777 & mask == 0 for it in tmp_path.rglob("*new.*"))
        out.write(b"x")
    assert _mode(file) == mode
    assert [it.name for it in tmp_path.iterdir() if it.is_file()] == ["new"]


@pytest.mark.parametrize("held", [0o600, 0o640, 0o664, 0o444])
def test_a_file_that_was_there_keeps_what_held(tmp_path: Path, held: int) -> None:
    file = tmp_path / "old"
    file.write_text("1", "utf-8")
    file.chmod(held)
    with _umask(0o022):
        write_file(file, "2")
    assert (_mode(file), file.read_text("utf-8")) == (held, "2")


def test_what_runs_can_be_run_whatever_lay_there(tmp_path: Path) -> None:
    file = tmp_path / "hook"
    file.write_text("1", "utf-8")
    file.chmod(0o640)
    with replacing(file, 0o755) as out:
        out.write(b"2")
    assert _mode(file) & 0o111 == 0o111


def test_a_file_that_is_a_mount_of_its_own_is_written_and_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "mounted.json"
    file.write_text("1", "utf-8")
    with patch("os.replace", side_effect=OSError(errno.EBUSY, "busy")):
        write_file(file, "2")
    assert file.read_text("utf-8") == "2"
    assert list(tmp_path.iterdir()) == [file], "nothing is left beside it"
    with patch("os.replace", side_effect=OSError(errno.EACCES, "no")), pytest.raises(UsageError):
        write_file(file, "3")
    assert file.read_text("utf-8") == "2"


def test_two_formats_do_not_overwrite_each_other(tmp_path: Path) -> None:
    renderers = {"json": lambda _: "{}\n", "text": lambda _: "text\n"}
    one, link = tmp_path / "report", tmp_path / "link"
    link.symlink_to(one)
    for other in (one, tmp_path / "none" / ".." / "report", link):
        with pytest.raises(UsageError, match="cannot share"):
            tell((("json", one), ("text", other)), renderers)
    assert not one.exists()
    tell((("json", one), ("text", tmp_path / "other")), renderers)
    tell((("json", Path(os.devnull)), ("text", Path(os.devnull))), renderers)
    assert one.read_text("utf-8") == "{}\n"
