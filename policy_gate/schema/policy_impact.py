"""What other policies would do to systems: which they would block, free or leave in doubt, and by which rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

from msgspec import Struct

from policy_gate.schema.finding import RequirementId
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import Enforcement, State, Verdict

Effect = Literal["newly-blocked", "freed", "unknown", "changed", "unchanged"]
EFFECTS: Final[tuple[Effect, ...]] = ("newly-blocked", "unknown", "freed", "changed", "unchanged")
"""What other policies do to one system, in the order in which people want to hear of it.

`unknown`: they ask for a fact that nobody has declared, or leave no answer. `changed`: other work, a later date or
another tier, and nothing that blocks or frees.
"""


class DecidingRule(Struct, frozen=True):
    """A rule that makes a difference, and where it says so."""

    kind: str
    rule: str
    title: str
    enforcement: Enforcement
    place: Location | None = None


class Difference(Struct, frozen=True):
    """One requirement that both policies see otherwise; a state of None is not asked for.

    `rules` are those that make the difference: of the other policies, or of today's where they no longer ask.
    """

    requirement: RequirementId
    title: str
    was: State | None
    now: State | None
    rules: tuple[DecidingRule, ...]
    decides: bool
    """it blocks, or leaves without an answer, under one of both alone"""
    due: date | None = None
    location: Location | None = None
    fix: str = ""
    stops: bool = False
    """a merge waits for it under the other policies"""


class SystemImpact(Struct, frozen=True):
    """One system under both policies; `id` is None for what is about the repository itself."""

    id: str | None
    name: str
    manifest: str
    effect: Effect
    was: Verdict
    now: Verdict
    tier_was: str
    tier_now: str
    differences: tuple[Difference, ...] = ()


class MergeImpact(Struct, frozen=True):
    """One merge of the base branch, judged anew under both policies; `problem` says why it could not be."""

    commit: str
    title: str
    effect: Effect
    was: Verdict | None
    now: Verdict | None
    systems: tuple[SystemImpact, ...] = ()
    """those that are not unchanged"""
    problem: str = ""


class PolicyImpact(Struct, frozen=True):
    """Two sets of policies over the same systems and merges; of each what is in force now and what would be."""

    source_was: str
    source_now: str
    digest_was: str
    digest_now: str
    over: str
    """what was looked at, for people: a commit or the work tree"""
    systems: tuple[SystemImpact, ...] = ()
    merges: tuple[MergeImpact, ...] = ()
    notes: tuple[str, ...] = ()


def counted(found: Iterable[SystemImpact | MergeImpact]) -> dict[Effect, int]:
    """How many of each effect there are, every effect named."""
    counts = Counter(it.effect for it in found)
    return {effect: counts[effect] for effect in EFFECTS}
