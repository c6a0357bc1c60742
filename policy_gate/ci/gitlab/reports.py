"""The folder of reports that GitLab keeps as artifacts, and the dotenv file among them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from policy_gate.errors import UsageError
from policy_gate.schema.patterns import lazy_pattern

FOLDER = "policy-gate-reports"
DOTENV = "verdict.env"
_NAME = lazy_pattern(r"POLICY_GATE_[A-Z_]+")
_VALUE = lazy_pattern(r"[A-Za-z0-9._/-]*")
"""What the values of ours are made of: words of a fixed list, numbers, paths of this folder (T22)."""


def fresh_folder(root: Path) -> Path:
    """An empty folder below the checkout; a file, link or folder of that name in the change gives way to it.

    Nothing is written through what was there, and none of it is kept. UsageError where that cannot be done.
    """
    folder = root / FOLDER
    try:
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()
    except OSError as error:
        hint = "the job writes its reports there; remove it, or let the job's user write"
        raise UsageError(f"cannot make {folder}: {error.strerror}", hint=hint) from error
    return folder


def dotenv(values: Mapping[str, str]) -> str:
    """Variables for later jobs, a line each (GitLab's dotenv reports); ValueError for any but plain words."""
    for name, value in values.items():
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise ValueError(f"{name}={value!r} is no plain variable")
    return "".join(f"{name}={value}\n" for name, value in values.items())
