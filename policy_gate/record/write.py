"""The one writer: YAML in a readable style, a diff to show first, and files that appear whole."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from policy_gate.errors import UsageError

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be: `path` is relative to the root it will be written under, with `/`."""

    path: str
    text: str


class _Readable(yaml.SafeDumper):
    """Block style, lists indented under their key, no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def yaml_text(data: Mapping[str, Any]) -> str:
    """Plain data as YAML, keys in the order given."""
    text: str = yaml.dump(data, Dumper=_Readable, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return text


def scalar(text: str) -> str:
    """One text as it stands in a YAML line, quoted where YAML would read it as something else."""
    dumped: str = yaml.dump(text, Dumper=_Readable, allow_unicode=True, width=10**6, default_style=None)
    line = dumped.removesuffix("\n...\n").rstrip("\n")
    if "\n" in line or any(mark in line for mark in ",[]{}"):
        quoted: str = yaml.dump(text, Dumper=_Readable, allow_unicode=True, width=10**6, default_style='"')
        return quoted.rstrip("\n")
    return line


def diff(files: Iterable[NewFile]) -> str:
    """The files as a unified diff against nothing."""
    parts: list[str] = []
    for file in files:
        lines = file.text.splitlines(keepends=True)
        parts += difflib.unified_diff([], lines, "/dev/null", f"b/{file.path}")
    return "".join(parts)


def create(root: Path, files: Iterable[NewFile]) -> None:
    """Write files that are not there yet.

    All names are looked at before the first is written. Raises UsageError where one exists already,
    leads outside `root` (also by a link), or cannot be written.
    """
    planned = [(_inside(root, file.path), file) for file in files]
    for target, file in planned:
        if target.exists() or target.is_symlink():
            raise UsageError(f"{file.path} is already there; nothing was written", hint="move it away first")
    for target, file in planned:
        try:
            _appear(target, file.text)
        except OSError as error:
            raise UsageError(f"cannot write {file.path}: {error.strerror}") from error


def _inside(root: Path, path: str) -> Path:
    parts = PurePosixPath(path).parts
    target = root.joinpath(*parts)
    home = root.resolve()
    if ".." in parts or not target.parent.resolve().is_relative_to(home):
        raise UsageError(f"{path} leads outside {home}", hint="a folder on the way is a link; write it by hand")
    return target


def _appear(target: Path, text: str) -> None:
    # A hard link fails where the name is taken, so a file made meanwhile is not overwritten either.
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        Path(temporary).chmod(0o644)
        try:
            os.link(temporary, target)
        except FileExistsError:
            raise
        except OSError:
            _without_links(Path(temporary), target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _without_links(temporary: Path, target: Path) -> None:
    with target.open("x", encoding="utf-8", newline="\n") as out:
        out.write(temporary.read_text("utf-8"))
