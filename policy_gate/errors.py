"""The one exception tree. Every error says where it is and what to do next.

PolicyGateError
├── UsageError           2  the command was given something it cannot use
├── UndecidedError       3  no trustworthy answer can be given
│   ├── BaseError           the base of the change is not to be had
│   ├── MergeConflictError  base and head do not merge
│   ├── ObjectMissingError  this clone lacks an object of git, or it is damaged
│   ├── PolicyError            the policies in force cannot be read
│   └── UngovernedError     no system is declared anywhere
└── DocumentError        1  a governed document cannot be read
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy_gate.schema.source import Problem


class PolicyGateError(Exception):
    """Anything that stops policy-gate from answering; carries a hint and the exit code."""

    exit_code = 4

    def __init__(self, message: str, *, hint: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = tuple(problems)


class UsageError(PolicyGateError):
    """The command line names something that is not there."""

    exit_code = 2


class UndecidedError(PolicyGateError):
    """No trustworthy answer: neither pass nor block may be said."""

    exit_code = 3


class BaseError(UndecidedError):
    """The base revision cannot be resolved, or is ambiguous."""


class MergeConflictError(UndecidedError):
    """Base and head change the same lines; what merging gives is not known."""


class ObjectMissingError(UndecidedError):
    """This clone lacks an object of git, or it is damaged: another clone would know."""


class PolicyError(UndecidedError):
    """A policy document in force is malformed; `problems` has every place."""


class UngovernedError(UndecidedError):
    """Neither base nor result declares a system."""


class DocumentError(PolicyGateError):
    """A governed document cannot be read; `problems` has every place."""

    exit_code = 1
