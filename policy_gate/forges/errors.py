"""What a forge was asked for and did not give: never a reason to fail, always a reason that is kept.

ForgeError
├── AbsentError        it is not there, or hidden from the token (404)
├── ForbiddenError     the token may not (403)
├── TokenError         the token is not accepted (401), or there is none
├── RateLimitedError   the forge asks for fewer requests (429, and GitHub's 403 with a limit)
├── UnreachableError   no answer came, or only that the server is not well (5xx)
├── MalformedError     an answer came that is not what the forge documents
├── EndlessError       a list is longer than what is read of one
└── NotAskedError      nothing was asked, as an earlier request got no answer
"""

from __future__ import annotations

from msgspec import Struct

from policy_gate.errors import UndecidedError


class ForgeError(UndecidedError):
    """A forge did not give what it was asked for; `status` is what it answered, 0 where nothing came."""

    def __init__(self, message: str, *, hint: str = "", status: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.status = status

    @property
    def sentence(self) -> str:
        """What is not known and what to do about it, in one sentence."""
        return f"{self.message}; {self.hint}" if self.hint else self.message


class AbsentError(ForgeError):
    """It is not there, or the token may not see that it is."""


class ForbiddenError(ForgeError):
    """The token lacks a permission."""


class TokenError(ForgeError):
    """There is no token, or the forge does not accept it."""


class RateLimitedError(ForgeError):
    """The forge asks for fewer requests."""


class UnreachableError(ForgeError):
    """No answer came, or only that the server is not well."""


class MalformedError(ForgeError):
    """An answer that is not what the forge documents."""


class EndlessError(ForgeError):
    """A list is longer than what is read of one."""


class NotAskedError(ForgeError):
    """An earlier request of this conversation got no answer, so this one was not made."""


class NotTold(Struct, frozen=True):
    """A forge was asked and did not say; `reason` is a sentence for people."""

    reason: str
