"""A number of a card as one place gives it, and the name by which two of them are one."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from policy_gate.cards.text_normal import key_of
from policy_gate.schema.patterns import lazy_pattern

_OWN_SIGN: Final = lazy_pattern(r"(?<=\w)[+#]+")


class StatedNumber(Struct, frozen=True):
    """A number or a limit as one place of a card gives it; `part` is the field that it belongs to."""

    part: str
    group: str
    name: str
    raw: Any
    line: int | None = None


def spelled(name: str) -> str:
    """A name by which two rows are one; "C" and "C++" are not."""
    return f"{key_of(name)} {''.join(_OWN_SIGN.findall(name))}"
