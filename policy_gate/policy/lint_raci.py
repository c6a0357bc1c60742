"""What is wrong with the RACI matrix: who answers and who does the work, each activity by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_gate.policy.items import Item, MergedPolicies, Which
from policy_gate.schema.source import Problem

_PARTS = ("responsible", "consulted", "informed")


def raci_faults(policy: MergedPolicies, which: Which) -> Iterator[Problem]:
    """Roles named twice in one part, or in parts that exclude each other.

    That there is exactly one accountable role and at least one responsible one, the document's shape says.
    """
    for item in filter(which, policy.items["activity"].values()):
        yield from _twice(item)
        yield from _side_by_side(item)


def _twice(item: Item) -> Iterator[Problem]:
    for part in _PARTS:
        roles: Sequence[str] = getattr(item.spec, part)
        for index, role in enumerate(roles):
            if role in roles[:index]:
                yield item.problem(f"{part} names {role} twice", part, index, hint="name it once")


def _side_by_side(item: Item) -> Iterator[Problem]:
    """Whoever does or answers for the work is neither only asked about it nor only told."""
    spec = item.spec
    acting = dict.fromkeys(spec.responsible, "responsible") | {spec.accountable: "accountable"}
    passive: dict[str, str] = {}
    for part in ("consulted", "informed"):
        for index, role in enumerate(getattr(spec, part)):
            other = acting.get(role) or (passive.get(role) if passive.get(role) != part else None)
            if other is not None:
                hint = f"leave it out of {part}"
                yield item.problem(f"{role} is {other} and {part}", part, index, hint=hint)
            passive.setdefault(role, part)
