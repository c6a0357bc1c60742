"""Roles that must be different people: one person fills one of them in one approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from policy_gate.decide.weighed_outcome import WeighedOutcome


def kept_apart(
    before: Sequence[WeighedOutcome], settled: Sequence[WeighedOutcome], sets: Sequence[frozenset[str]]
) -> tuple[WeighedOutcome, ...]:
    """The settled outcomes, those approved reopened for which a set of roles leaves no person of their own.

    `before` are the same outcomes before anybody was heard: whose gap it is, if it stays one.
    """
    found = list(settled)
    for roles in sets:
        for group in _groups(found, roles):
            _reopen(found, before, group)
    return tuple(found)


def _groups(weighed: Sequence[WeighedOutcome], roles: frozenset[str]) -> list[list[int]]:
    """Per system and subject, the approvals that count in these roles; one alone is apart from all."""
    groups: dict[tuple[str | None, str | None], dict[str, int]] = {}
    for number, item in enumerate(weighed):
        requirement = item.outcome.requirement
        if requirement.kind == "approval" and requirement.subject in roles and item.outcome.state == "met":
            key = (item.system, item.for_)
            groups.setdefault(key, {}).setdefault(requirement.subject, number)
    return [list(group.values()) for group in groups.values() if len(group) > 1]


def seats(slots: Sequence[Sequence[str]]) -> list[str | None]:
    """A person of its own for each slot out of those who could take it, None where none is left.

    As many slots as possible are filled: whoever sits may be moved where that frees a place.
    """
    filled: dict[str, int] = {}
    for number in range(len(slots)):
        _seat(number, slots, filled, set())
    taken = {number: person for person, number in filled.items()}
    return [taken.get(number) for number in range(len(slots))]


def _seat(number: int, slots: Sequence[Sequence[str]], filled: dict[str, int], tried: set[str]) -> bool:
    for person in slots[number]:
        if person in tried:
            continue
        tried.add(person)
        if person not in filled or _seat(filled[person], slots, filled, tried):
            filled[person] = number
            return True
    return False


def _reopen(weighed: list[WeighedOutcome], before: Sequence[WeighedOutcome], group: Sequence[int]) -> None:
    owners = [number for number in group for _ in range(weighed[number].outcome.requirement.count)]
    found = seats([[person for person, _ in weighed[number].counted] for number in owners])
    taken = {
        person: weighed[owner].outcome.requirement.subject
        for owner, person in zip(owners, found, strict=True)
        if person
    }
    for number in dict.fromkeys(owner for owner, person in zip(owners, found, strict=True) if person is None):
        _reopen_role(weighed, before, number, taken)


def _reopen_role(
    weighed: list[WeighedOutcome], before: Sequence[WeighedOutcome], number: int, taken: Mapping[str, str]
) -> None:
    """The role has no person left; nor have other outcomes that ask for it of the same subject."""
    item = weighed[number]
    role = item.outcome.requirement.subject
    said = [f"{name} counts as {taken[person]}" if person in taken else name for person, name in item.counted]
    why = f"{', '.join(said)}; base's policies want another person as {role}"
    for index, other in enumerate(weighed):
        is_alike = (
            other.for_ == item.for_ and other.system_change is item.system_change and other.outcome.state == "met"
        )
        if is_alike and other.outcome.requirement.subject == role and other.outcome.requirement.kind == "approval":
            outcome = other.outcome.become("gap", seen=why)
            kept = tuple(pair for pair in other.counted if taken.get(pair[0]) == role)
            weighed[index] = replace(
                other, outcome=outcome, blame=before[index].blame, due=before[index].due, counted=kept
            )
