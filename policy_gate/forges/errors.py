"""What a forge was asked and did not tell: never a reason to fail, always a sentence that is kept."""

from __future__ import annotations

from policy_gate.errors import UndecidedError


class ForgeError(UndecidedError):
    """A forge refused, broke off or answered what cannot be read. Its source turns it into `missing`."""

    def __init__(self, message: str, *, hint: str = "", status: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.status = status

    @property
    def sentence(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message
