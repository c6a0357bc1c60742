"""The kinds of change, and one system's two sides while its changes are worked out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from policy_gate.schema.facts import Change, Facts
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Loc, Location

WEAKENINGS: Final = frozenset(
    {
        "stage-regressed", "tier-lowered", "law-class-dropped", "dimension-lowered", "dimension-removed",
        "fact-removed", "fact-flipped", "fact-changed", "regulation-removed", "path-narrowed", "limit-dropped",
        "evidence-redated", "enrolled-moved", "reclassified-moved", "stage-since-moved", "vendor-dropped",
        "vendor-weakened",
    }
)  # fmt: skip
"""What makes a system look safer without work; the policies' own `change_kinds` go before this."""

RAISINGS: Final = frozenset(
    {
        "tier-raised", "law-class-added", "dimension-raised", "oversight-weakened", "fact-added", "fact-raised",
        "regulation-added",
    }
)  # fmt: skip
"""What makes a system look less safe: telling the truth (D21)."""


def is_weakening(kind: str, policy: RuleSet) -> bool:
    """Whether changes of this kind are weakenings under the policies in force."""
    spec = policy.change_kinds.get(kind)
    return spec.weakening if spec is not None else kind in WEAKENINGS


@dataclass(frozen=True, slots=True)
class FactsPair:
    """One system in base and in the result, and the policies both are seen by."""

    was: Facts
    now: Facts
    policy: RuleSet

    def change(
        self, kind: str, field: str, before: Any, after: Any, *loc: str | int, base_loc: Loc | None = None
    ) -> Change:
        """A change of this system, located in both manifests at `loc` (in base's at `base_loc` where given)."""
        return Change(
            kind=kind,
            system=self.now.id,
            field=field,
            before=before,
            after=after,
            weakening=is_weakening(kind, self.policy),
            raising=kind in RAISINGS,
            location=self.now.declared.at(*loc),
            base_location=self.was.declared.at(*(loc if base_loc is None else base_loc)),
        )


def placed(change: Change, location: Location | None, base_location: Location | None) -> Change:
    """The change with places of its own where they are known."""
    return replace(change, location=location or change.location, base_location=base_location or change.base_location)
