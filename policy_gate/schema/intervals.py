"""How far a share of answers may be off: the Wilson interval of a proportion."""

from __future__ import annotations

import math
from typing import Final

from msgspec import Struct

_Z: Final = 1.959963984540054
"""of a normal distribution, between whose minus and plus 95 % lie"""


class Interval(Struct, frozen=True):
    """The ends between which a share lies, 95 times of 100, from 0 to 1."""

    low: float
    high: float


def wilson(successes: float, size: int) -> Interval:
    """The interval of a share of `size` independent answers; the whole from 0 to 1 where there is none."""
    if size <= 0:
        return Interval(0.0, 1.0)
    share, spread = min(max(successes / size, 0.0), 1.0), _Z * _Z / size
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / size + spread / (4 * size)) / (1 + spread)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))
