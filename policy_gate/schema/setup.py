"""Whether the gate is set up to hold: one line for each thing that it hangs on."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from policy_gate.schema.source import Location

SetupState = Literal["ok", "mend", "not-known"]
SetupTopic = Literal[
    "base", "manifests", "overlap", "paths", "policies", "roles", "keys", "records", "ci", "enforcement", "pin",
    "merge-methods", "required", "protection",
]  # fmt: skip


class SetupLine(Struct, frozen=True):
    """What was seen of one thing, where, and the command or edit that mends it."""

    topic: SetupTopic
    state: SetupState
    seen: str
    location: Location | None = None
    mend: str = ""
    is_left_out: bool = False
    """not known because nobody wanted it looked at: it says nothing of the rest"""


class Setup(Struct, frozen=True):
    """All lines, and what they were read from."""

    lines: tuple[SetupLine, ...]
    over: str
    forge: str = ""
    """which forge was asked; empty where none was"""

    @property
    def state(self) -> SetupState:
        """The worst of all lines."""
        if any(line.state == "mend" for line in self.lines):
            return "mend"
        return "not-known" if any(line.state == "not-known" and not line.is_left_out for line in self.lines) else "ok"

    @property
    def exit_code(self) -> int:
        return SETUP_CODES[self.state]


SETUP_CODES: Final[dict[SetupState, int]] = {"ok": 0, "mend": 1, "not-known": 3}
