"""Whom to ask: the fewest people whose yes would give every approval that is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from msgspec import Struct

from policy_gate.decide.approvals import roles_of, wanted_of
from policy_gate.decide.separation_of_duties import seats
from policy_gate.decide.weighed_outcome import WeighedOutcome, verdict_of
from policy_gate.schema.report import Ask
from policy_gate.schema.rule_set import RuleSet

SEARCHED = 12
"""Up to so many candidates every set is tried; beyond, whoever helps most is taken first."""


class _Need(Struct, frozen=True):
    """One approval that is missing: how many people more, and who could be one of them."""

    subject: tuple[str | None, str]
    role: str
    left: int
    able: frozenset[str]


def whom_to_ask(
    weighed: Sequence[WeighedOutcome], names: Mapping[str, str], policy: RuleSet, mode: str
) -> tuple[Ask, ...]:
    """The smallest set of people, each with the roles in which they are asked; `names` is by identity.

    Roles that nobody is left to fill are passed over. One person is asked for two roles that must be
    different people only where nobody else is there.
    """
    needs = [need for need in _needs(weighed, policy, mode) if need.able]
    sets = policy.assurance.separate_roles
    candidates = sorted({person for need in needs for person in need.able}, key=lambda person: names[person])
    chosen = _smallest(candidates, needs, sets) if len(candidates) <= SEARCHED else None
    chosen = chosen if chosen is not None else _greedy(candidates, needs)
    return tuple(
        Ask(names[person], tuple(dict.fromkeys(need.role for need in needs if person in need.able)))
        for person in chosen
    )


def _needs(weighed: Sequence[WeighedOutcome], policy: RuleSet, mode: str) -> tuple[_Need, ...]:
    found: dict[tuple[str | None, str, str], _Need] = {}
    for item in weighed:
        if not item.for_ or item.outcome.state not in ("gap", "unknown", "deferred") or item.forgiven:
            continue
        if item.outcome.state != "deferred" and verdict_of(item, mode) not in ("block", "undecided"):
            continue
        system = item.system
        role = roles_of(item, policy)[0]
        counted = {person for person, _ in item.counted}
        left = max(wanted_of(item) - len(counted), 1)
        key = (system, item.for_, role)
        found.setdefault(key, _Need((system, item.for_), role, left, frozenset(item.able) - counted))
    return tuple(found.values())


def _smallest(
    candidates: Sequence[str], needs: Sequence[_Need], sets: Sequence[frozenset[str]]
) -> tuple[str, ...] | None:
    """None where no set keeps apart what must be: then whoever there is will be asked."""
    sizes = range(len(candidates) + 1)
    tried = (chosen for size in sizes for chosen in combinations(candidates, size))
    enough = (chosen for chosen in tried if _is_enough(frozenset(chosen), needs))
    return next((chosen for chosen in enough if _are_apart(chosen, needs, sets)), None)


def _is_enough(chosen: frozenset[str], needs: Iterable[_Need]) -> bool:
    return all(len(chosen & need.able) >= min(need.left, len(need.able)) for need in needs)


def _are_apart(chosen: Sequence[str], needs: Sequence[_Need], sets: Sequence[frozenset[str]]) -> bool:
    """Enough people for the roles of one subject that must be different people."""
    for roles in sets:
        groups: dict[tuple[str | None, str], list[list[str]]] = {}
        for need in needs:
            if need.role in roles:
                able = [person for person in chosen if person in need.able]
                groups.setdefault(need.subject, []).extend([able] * need.left)
        if any(None in seats(slots) for slots in groups.values()):
            return False
    return True


def _greedy(candidates: Sequence[str], needs: Sequence[_Need]) -> tuple[str, ...]:
    chosen: list[str] = []
    while not _is_enough(frozenset(chosen), needs):
        open_needs = [need for need in needs if not _is_enough(frozenset(chosen), [need])]
        rest = [person for person in candidates if person not in chosen]
        chosen.append(max(rest, key=lambda person: sum(person in need.able for need in open_needs)))
    return tuple(sorted(chosen, key=candidates.index))
