"""Several `Name: value` pairs on one line, parted by a bar or a dot: `Version: 1.0 | Date: March 2025`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_BETWEEN: Final = lazy_pattern(r"[ \t]+[|·•][ \t]+(?=[^\W\d][^:：|·•\n]{1,40}[:：][ \t])")
_FIRST: Final = lazy_pattern(r"\A[^\w\n]*[^\W\d][^:：|·•\n]{1,40}[:：][ \t]")


def pairs_of_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with how far down it stands; a line of several pairs gives each by itself."""
    for offset, line in enumerate(text.split("\n")):
        is_joined = bool(_FIRST.match(line)) and bool(_BETWEEN.search(line))
        yield from ((offset, part) for part in (_BETWEEN.split(line) if is_joined else (line,)))
