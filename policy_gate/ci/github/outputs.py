"""What a job's step hands to later steps and shows on the run's page, by the files that the runner names.

The runner reads `name=value` lines of GITHUB_OUTPUT (workflow commands, "Setting an output parameter"). A value
that holds no line break cannot begin another line, so none can forge another's; others are refused (T22).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from io import SEEK_END
from pathlib import Path
from typing import Final

from policy_gate.errors import UsageError
from policy_gate.schema.patterns import lazy_pattern

MOST_SUMMARY: Final = 1024 * 1024
"""Bytes of a step's summary; a longer one GitHub does not show at all."""
_NAME = lazy_pattern(r"[a-z][a-z0-9-]*")
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_TOO_LONG = "policy-gate: the summary has no room for the report; it is in the report files.\n"


def write_outputs(environment: Mapping[str, str], values: Mapping[str, str]) -> None:
    """Set the outputs of this step: enums, integers, paths and ids only. All of them, or none.

    UsageError where a name or value could be read as something else, or the file cannot be written. Without
    GITHUB_OUTPUT nobody reads outputs, and nothing is written.
    """
    for name, value in values.items():
        _check(name, value)
    path = environment.get("GITHUB_OUTPUT", "")
    if path:
        _append(path, "".join(f"{name}={value}\n" for name, value in values.items()), "GITHUB_OUTPUT")


def append_summary(environment: Mapping[str, str], text: str) -> str:
    """Add a text to this step's summary; a sentence for the log where it was not added, else an empty one."""
    path = environment.get("GITHUB_STEP_SUMMARY", "")
    if not path:
        return "no step summary: GITHUB_STEP_SUMMARY is not set"
    room = MOST_SUMMARY - _size(path) - 1
    fits = len(text.encode("utf-8")) <= room
    if not fits and len(_TOO_LONG) > room:
        return "no step summary: other text has filled it"
    try:
        _append(path, text if fits else _TOO_LONG, "GITHUB_STEP_SUMMARY")
    except UsageError as error:
        return f"no step summary: {error.message}"
    return "" if fits else "the step summary has no room for the report"


def _check(name: str, value: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of an output (got that, expected a-z, 0-9 and -)")
    odd = [char for char in value if unicodedata.category(char) in _UNSAFE]
    if odd:
        raise UsageError(
            f"output {name} is {value!r} (got a line break or control character, expected plain text)",
            hint="give report files and folders plain names",
        )


def _append(path: str, text: str, what: str) -> None:
    """Add whole lines to a file of the runner, also where somebody left its last line open."""
    try:
        with Path(path).open("ab+") as file:
            is_open = file.seek(0, SEEK_END) > 0 and file.seek(-1, SEEK_END) >= 0 and file.read(1) != b"\n"
            file.write((b"\n" if is_open else b"") + text.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"the file that {what} names cannot be written ({error.strerror})") from error


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
