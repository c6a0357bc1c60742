"""A file that a change touches: what it shows of AI in base and in the result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from policy_gate.facts.changes_observed import values_compared
from policy_gate.schema.observed import FileSigns, Signal

A_LIST: Final = 4
"""models that one file of a library names: it lists what there is, and its user chooses"""


class TouchedFile(Struct, frozen=True):
    """One path that the change touches, and what stands there in base and in the result."""

    path: str
    before: FileSigns
    after: FileSigns
    was_there: bool
    is_there: bool

    @property
    def shows_another(self) -> bool:
        """Whether it shows another model, vendor, host, prompt or weights than before."""
        sides = (self.signals(self.before), self.signals(self.after))
        return values_compared(sides[0]) != values_compared(sides[1])

    @property
    def names_models(self) -> bool:
        """Whether it lists many models, in base or as a new file: that list of a library is no choice of one."""
        listing = self.before if self.was_there else self.after
        return len(models_in([listing.signals])) >= A_LIST

    @property
    def uses_ai(self) -> bool:
        return self.before.uses_ai or self.after.uses_ai

    def signals(self, side: FileSigns) -> tuple[Signal, ...]:
        """All that one side shows, with what counts only beside other signs."""
        return (*side.signals, *(side.beside if self.uses_ai else ()))


def models_in(files: Iterable[Iterable[Signal]]) -> set[str]:
    """The models that any of these files names."""
    return {signal.value for file in files for signal in file if signal.kind == "model"}
