"""The one writer: YAML in a readable style, a diff to show first, and files that appear whole."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from msgspec import Struct

from policy_gate.documents.atomic_file import link_as_new, replacing
from policy_gate.documents.scalars import short, unclean
from policy_gate.errors import UsageError
from policy_gate.schema.patterns import lazy_pattern

_WIDTH = 100
_NUMBER = lazy_pattern(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0[xo][0-9a-fA-F]+")


class NewFile(Struct, frozen=True):
    """A file to be: `path` is relative to the root it will be written under, with `/`."""

    path: str
    text: str


class _Readable(yaml.SafeDumper):
    """Block style, lists indented under their key, no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # The escape that YAML has for it would be written, and refused by whoever reads the file.
    if strange := unclean(text):
        raise UsageError(f'"{short(text)}" holds the character {strange}; nothing was written', hint="take it out")
    # YAML 1.2 reads numbers that the dumper's YAML 1.1 does not see, such as an object id of digits alone.
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if _NUMBER.fullmatch(text) else None)


_Readable.add_representer(str, _text)


def yaml_text(data: Mapping[str, Any]) -> str:
    """Plain data as YAML, keys in the order given; UsageError for a character that no reader of ours takes."""
    text: str = yaml.dump(data, Dumper=_Readable, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return text


def scalar(text: str) -> str:
    """One text as it stands in a YAML line, between brackets too, quoted where YAML would read it as something else.

    UsageError for a character that no reader of ours takes.
    """
    dumped: str = yaml.dump(text, Dumper=_Readable, allow_unicode=True, width=10**6, default_style=None)
    line = dumped.removesuffix("\n...\n").rstrip("\n")
    # Between brackets a mark of a key needs no blank behind it.
    if "\n" in line or line[:1] in (":", "?") or any(mark in line for mark in ",[]{}"):
        quoted: str = yaml.dump(text, Dumper=_Readable, allow_unicode=True, width=10**6, default_style='"')
        return quoted.rstrip("\n")
    return line


def value_text(value: Any) -> str:
    """A plain value as it stands behind its key on one line of YAML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, float):
        return f"{value:g}" if value == float(f"{value:g}") else repr(value)
    if isinstance(value, date):
        return value.isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, int) else scalar(value) if value != "" else '""'


def diff(files: Iterable[NewFile], known: Mapping[str, str] | None = None) -> str:
    """The files as a unified diff against what is known to stand there, by path; against nothing otherwise."""
    parts: list[str] = []
    for file in files:
        before = (known or {}).get(file.path)
        was = "/dev/null" if before is None else f"a/{file.path}"
        parts += difflib.unified_diff(_lines(before or ""), _lines(file.text), was, f"b/{file.path}")
    return "".join(parts)


def _lines(text: str) -> list[str]:
    return [line if line.endswith("\n") else f"{line}\n" for line in text.splitlines(keepends=True)]


def create(root: Path, files: Iterable[NewFile]) -> None:
    """Write files that are not there yet: all of them, or none.

    All names are looked at before the first is written. Raises UsageError where one exists already,
    leads outside `root` (also by a link), or cannot be written.
    """
    planned = [(_inside(root, file.path), file) for file in files]
    for target, file in planned:
        if target.exists() or target.is_symlink():
            raise UsageError(f"{file.path} is already there; nothing was written", hint="move it away first")
    written: list[Path] = []
    for target, file in planned:
        try:
            _appear(target, file.text)
        except OSError as error:
            for earlier in written:
                with suppress(OSError):
                    earlier.unlink(missing_ok=True)
            raise UsageError(f"cannot write {file.path}: {error.strerror}", hint="nothing was written") from error
        written.append(target)


def update(root: Path, file: NewFile, known: str) -> None:
    """Put a new text in the place of a file that still says what is known of it, whole or not at all.

    Raises UsageError where it says something else by now, is a link, leads outside `root`, or cannot be written.
    """
    put(root, file.path, file.text.encode("utf-8"), known.encode("utf-8"))


def put(root: Path, path: str, data: bytes, known: bytes | None) -> None:
    """Put these bytes in the place of what is known to stand there, None for nothing; UsageError as `update`."""
    target = _inside(root, path)
    try:
        if target.is_symlink() or (target.read_bytes() if target.exists() else None) != known:
            raise UsageError(f"{path} is not what it was; nothing was written", hint="run this again")
        with replacing(target) as out:
            out.write(data)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}", hint="nothing was written") from error


def _inside(root: Path, path: str) -> Path:
    parts = PurePosixPath(path).parts
    target = root.joinpath(*parts)
    home = root.resolve()
    if ".." in parts or not target.parent.resolve().is_relative_to(home):
        raise UsageError(f"{path} leads outside {home}", hint="a folder on the way is a link; write it by hand")
    return target


def _appear(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target, place=link_as_new) as out:
        out.write(text.encode("utf-8"))
