"""The kinds of change, and one system's two sides while its changes are worked out."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Loc, Location


def is_weakening(kind: str, policy: RuleSet) -> bool:
    """Whether changes of this kind are weakenings under the policies in force; of a kind they do not know, yes."""
    spec = policy.change_kinds.get(kind)
    return spec is None or spec.weakening


def is_raising(kind: str, policy: RuleSet) -> bool:
    """Whether changes of this kind make a system look less safe under the policies in force (D21)."""
    spec = policy.change_kinds.get(kind)
    return spec is not None and spec.raising


class FactsPair(Struct, frozen=True):
    """One system in base and in the result, the policies both are seen by, and the day where it is known."""

    was: Facts
    now: Facts
    policy: RuleSet
    today: date | None = None

    def mends(self, field: str) -> bool:
        """Whether base's value of a field is a guess, by base's own entry (D48)."""
        return field in self.was.declared.entry.guessed

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
            raising=is_raising(kind, self.policy),
            location=self.now.declared.at(*loc),
            base_location=self.was.declared.at(*(loc if base_loc is None else base_loc)),
        )


def placed(change: Change, location: Location | None, base_location: Location | None) -> Change:
    """The change with places of its own where they are known."""
    return replace(change, location=location or change.location, base_location=base_location or change.base_location)
