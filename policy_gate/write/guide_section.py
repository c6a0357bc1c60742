"""A section of a file that somebody else writes: kept between two marker lines, nothing outside them touched."""

from __future__ import annotations

import re

from policy_gate.errors import UsageError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Problem

BEGIN = "<!-- policy-gate guide begin: kept by `policy-gate guide --write`, what is changed in here is lost -->"
END = "<!-- policy-gate guide end -->"
_MARKER = lazy_pattern(rb"^[ \t]*<!-- policy-gate guide (begin|end)\b[^\r\n]*-->[ \t]*\r?$", re.MULTILINE)


def with_section(path: str, before: bytes, section: str) -> bytes:
    """The file with the section in its place, at the end where it has none; equal bytes where it has it already.

    The section takes over the file's line ends. UsageError, with the place, where the markers are not one pair.
    """
    found = list(_MARKER.finditer(before))
    ends = b"\r\n" if b"\r\n" in before else b"\n"
    text = ends.join(line.encode("utf-8") for line in (BEGIN, *section.rstrip("\n").split("\n"), END))
    if not found:
        if not before:
            return text + ends
        gap = b"" if before.endswith(ends * 2) else ends if before.endswith(b"\n") else ends * 2
        return before + gap + text + ends
    _check(path, before, found)
    first, last = found
    tail = b"\r" if last.group().endswith(b"\r") else b""
    return before[: first.start()] + text + tail + before[last.end() :]


def _check(path: str, before: bytes, found: list[re.Match[bytes]]) -> None:
    """UsageError where the markers are not one begin and, after it, one end."""
    kinds = [match[1].decode() for match in found]
    if kinds == ["begin", "end"]:
        return
    wrong = next((number for number, kind in enumerate(kinds) if number > 1 or kind != ("begin", "end")[number]), 0)
    line = before.count(b"\n", 0, found[wrong].start()) + 1
    said = f"this marker of the guide's section {'is without its other half' if len(kinds) == 1 else 'is one too many'}"
    problem = Problem(path, said, line, 1, "take the markers out; policy-gate guide --write then adds the section anew")
    raise UsageError(f"{problem.location}: {said}", hint=problem.hint, problems=(problem,))
