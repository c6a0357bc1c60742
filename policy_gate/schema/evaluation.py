"""What was worked out before anybody is heard: facts, changes and outcomes of both trees."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field

from policy_gate.schema.change import Change, changes_by_system
from policy_gate.schema.dates import Instant
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.law import RowResult
from policy_gate.schema.rule_set import RuleSet


class Evaluation(Struct, frozen=True, dict=True):
    """Both sides of a change under one rule set.

    `was` are base's facts, `declared` the result's as written, `now` the result's with weakened facts
    held (D41) and removed systems carried along with base's. `before` and `after` are the outcomes of
    `was` and `now`; `raised` those of base's evidence under the stricter facts of a change that raises
    them: what telling the truth alone brings to light (D21).
    """

    policy: RuleSet
    was: tuple[Facts, ...]
    declared: tuple[Facts, ...]
    now: tuple[Facts, ...]
    changes: tuple[Change, ...]
    before: tuple[Outcome, ...]
    after: tuple[Outcome, ...]
    as_of: Instant
    raised: tuple[Outcome, ...] = field(default=())
    law: Mapping[str, tuple[RowResult, ...]] = field(default_factory=dict)
    """every row of law for each of `declared` that says something by which one is judged"""
    edits: tuple[Change, ...] = ()
    """other words in and above purpose and limits, which ask for nothing and are there to compare (D53)"""
    gains: tuple[Change, ...] = ()
    """what model cards say anew, which asks for nothing either"""

    @cached_property
    def changes_by_system(self) -> Mapping[str | None, tuple[Change, ...]]:
        """The changes of each system that has any, in order; None for those of the repository."""
        return changes_by_system(self.changes)

    @cached_property
    def edits_by_system(self) -> Mapping[str | None, tuple[Change, ...]]:
        """The edits of each system that has any, in order."""
        return changes_by_system(self.edits)

    @cached_property
    def gains_by_system(self) -> Mapping[str | None, tuple[Change, ...]]:
        """What the card of each system says anew, where it says any, in order."""
        return changes_by_system(self.gains)
