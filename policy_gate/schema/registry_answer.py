"""A question to the registry, and its answer, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from policy_gate.schema.portfolio import SyncSeen

ParameterType = Literal["text", "day", "days", "number"]


class Parameter(Struct, frozen=True):
    """What may be given with a question. `days` is a number of days from today; `default` is as one would type it."""

    name: str
    type: ParameterType
    default: str
    about: str


class Question(Struct, frozen=True):
    """A named question: its title as an auditor asks it, what the answer is, and what it cannot know."""

    name: str
    title: str
    about: str
    cannot: str
    parameters: tuple[Parameter, ...]
    sql: str
    """one SELECT over the tables `held_…`, with `:name` for each parameter"""


class Answer(Struct, frozen=True):
    """Rows, and what they rest on. `asked` are the parameters as used."""

    question: Question
    as_of: str
    asked: Mapping[str, str]
    sync: SyncSeen
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    unmatched: tuple[str, ...] = ()
    """of an empty answer, what was asked for and stands nowhere in the registry, as sentences"""
