"""The organisation's rules in a folder on disk, of which a file may not be read."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from policy_gate.collect.policy_files import files_of_folder
from policy_gate.errors import UndecidedError


def test_a_rule_that_may_not_be_read_is_told_and_not_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("roles.yaml", "more/strict.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("schema: policy-gate/policy/v1\n", "utf-8")
    assert {entry.path for entry in files_of_folder(tmp_path).walk()} == {"roles.yaml", "more/strict.yaml"}
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "strict.yaml":
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(UndecidedError) as caught:
        files_of_folder(tmp_path)
    assert str(tmp_path / "more/strict.yaml") in str(caught.value)
    assert caught.value.hint
