"""Conditions of the policies as a protocol: what they are of some facts, told without knowing CEL."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, NamedTuple


class Truth(NamedTuple):
    """What a condition is of some facts: true, false, or None for unknown, and only then with the facts to supply."""

    value: bool | None
    missing: tuple[str, ...] = ()


def comparable(value: Any) -> Any:
    """A fact's value as part of a key; numbers keep their type, as 1, 1.0 and true are equal."""
    if type(value) is str:
        return value
    return tuple(value) if isinstance(value, (list, tuple)) else (type(value), value)


class Condition(ABC):
    """A compiled condition; evaluating it needs no knowledge of CEL."""

    __slots__ = ()
    text: str

    @property
    def names(self) -> tuple[str, ...] | None:
        """All variables that decide what it is; None where that cannot be said for sure."""
        return None

    @abstractmethod
    def truth(self, facts: Mapping[str, Any]) -> Truth:
        """Evaluate over typed facts; a needed fact that is absent gives an unknown, never an error.

        Raises PolicyError where the policy itself is at fault (division by zero, exhausted budget).
        """
