"""Other inputs made of a seed: lines moved, repeated, taken from elsewhere, or given another value; bytes changed."""

from __future__ import annotations

import random
from collections.abc import Sequence

VALUES = (
    *(b"null", b"true", b"no", b"[]", b"{}", b"''", b"0", b"-1", b"1e999", b".nan", b"2026-02-30", b"9999-12-31"),
    *(b"&a [*a]", b"!!python/object:x {}", b"|\n  text", b">-", b'"\\u202e"', b"\xff\xfe", b"\xed\xa0\x80", b"1_0"),
)
"""Values that a reader seldom meets."""


def other_lines(data: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """The data with one to four of its lines changed, some of them taken from other seeds."""
    lines, other = data.split(b"\n"), chance.choice(seeds).split(b"\n")
    for _ in range(chance.randint(1, 4)):
        at, move = chance.randrange(len(lines)), chance.choice(("cut", "repeat", "take", "indent", "value"))
        if move == "cut":
            del lines[at : at + chance.randint(1, 3)]
        elif move == "repeat":
            lines.insert(at, chance.choice(lines))
        elif move == "take":
            start = chance.randrange(len(other))
            lines[at:at] = other[start : start + chance.randint(1, 6)]
        elif move == "indent":
            lines[at] = chance.choice((b" ", b"  ", b"- ", b"")) + lines[at].strip()
        else:
            lines[at] = lines[at].partition(b":")[0] + b": " + chance.choice(VALUES)
        lines = lines or [b""]
    return b"\n".join(lines)


def other_bytes(data: bytes, chance: random.Random) -> bytes:
    """The data with a few bytes changed, taken out or put in."""
    found = bytearray(data or b" ")
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(found) or 1)
        found[at : at + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 3))
    return bytes(found)
