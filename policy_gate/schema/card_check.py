"""What `card check` tells: a card against the fields that a tier asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from policy_gate.schema.card_fields import WantedCardField
from policy_gate.schema.facts import CardFact, EvidenceState
from policy_gate.schema.source import Problem
from policy_gate.schema.vocabulary import Tier


class CardDiff(Struct, frozen=True):
    """How a card differs from what it was: kinds are those of the policies, and what each is the gain of.

    `line` is of the card now, `base_line` of what it was; `system` is empty where two files are compared.
    """

    kind: str
    field: str
    before: Any
    after: Any
    line: int | None = None
    base_line: int | None = None
    system: str = ""
    by_percent: float = 0.0
    """of a number that got worse: by how much of what it was"""
    evidence: EvidenceState | None = None
    """of a number: what the card now names for it comes to"""
    evidence_said: str = ""


class CardCheck(Struct, frozen=True):
    """A card as it is read, and what it lacks.

    `asked` says whose tier it is, `accepted` has the headings that are read as a field. `seen` are line and words of
    the headings or keys of the card, and the fields that each is read as. `ends_at` is the card's last line.
    """

    path: str
    format: str
    tier: Tier
    asked: str
    card: CardFact
    wanted: tuple[WantedCardField, ...]
    gaps: tuple[WantedCardField, ...]
    accepted: Mapping[str, tuple[str, ...]]
    seen: tuple[tuple[int | None, str, tuple[str, ...]], ...]
    ends_at: int
    problems: tuple[Problem, ...] = ()
    """what keeps the gate from reading the card; `card` has what it says all the same"""
    foreign: str = ""
    """why this file is no card that can be checked, in one line; empty where it is one"""

    @property
    def is_complete(self) -> bool:
        """Whether the card can be read and states all that is asked for."""
        return not self.gaps and self.card.cause is None

    @property
    def absent(self) -> tuple[WantedCardField, ...]:
        """The fields asked for that have no section at all."""
        return tuple(spec for spec in self.gaps if self.card.fields[spec.id].state == "absent")
