"""A rule in its one compiled shape, whether the policies call it a gate, a control or a rule, and what it requires."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final, Literal

from msgspec import Struct, field

from policy_gate.schema.dates import Period
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import Enforcement, Layer, Subject, Tier

ACCOUNTABLE: Final = "accountable"
"""What a rule about changes may write for a role: whoever answers for the evidence that the change is about."""


class Requirement(Struct, frozen=True):
    """A compiled requirement. `kind` is artifact, test, approval, card, that, or any_of.

    `subject` is what it is about: the artifact, test or role id; "complete" or comma-joined fields for
    card; the message's rule for `that`; "a or b" for any_of. `all_of` is flattened when compiled, each
    part carrying the conjunction of the conditions above it.
    """

    kind: Literal["artifact", "test", "approval", "card", "that", "any_of"]
    subject: str
    when: tuple[Condition, ...] = ()
    condition: Condition | None = None
    alternatives: "tuple[Requirement, ...]" = ()
    status: Literal["draft", "final"] | None = None
    max_age: Mapping[Tier, Period] | None = None
    sections: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    updated_in_change: bool = False
    count: int = 1
    message: str | None = None
    fix: str | None = None
    may_be_not_applicable: bool = False
    of_accountable: bool = False
    """its role is that of whoever answers for what the change is about; `subject` names it once that is known"""

    @property
    def subjects(self) -> tuple[str, ...]:
        """What it is about by each name: of `any_of`, those of its alternatives too."""
        return (self.subject, *(part.subject for part in self.alternatives))


def every_part(requirements: Iterable[Requirement]) -> Iterator[Requirement]:
    """The requirements, each followed by its alternatives, which have none of their own."""
    for requirement in requirements:
        yield requirement
        yield from requirement.alternatives


class Rule(Struct, frozen=True):
    """Gates, controls and rules in one compiled shape, so that evaluating them is one loop.

    `tiers` is empty for rules (their `when` decides). For a gate, `gate` is its own id; for a control
    the gate it is due at, or None where it recurs. `recurring` is the period by tier.
    """

    kind: Literal["gate", "control", "rule", "law"]
    id: str
    title: str
    why: str
    citation: str | None
    requirements: tuple[Requirement, ...]
    enforcement: Enforcement
    for_each: Subject = "system"
    when: Condition | None = None
    tiers: frozenset[Tier] = frozenset()
    gate: str | None = None
    recurring: Mapping[Tier, Period] | None = None
    effective: date | None = None
    waivable: bool = True
    may_be_debt: bool = True
    overridable: bool = False
    fix: str | None = None
    activity: str | None = None
    """of the RACI matrix, whose people do what it asks for by `that`"""
    approve_for: str | None = None
    covers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """other rules to kinds of change that they ask about no more where this one asks for its approval (D16)"""
    shows: frozenset[str] = frozenset()
    """kinds of change of the system that are put before whoever approves"""
    may_lack_approver: bool = False
    layer: Layer = "builtin"
    location: Location | None = None
