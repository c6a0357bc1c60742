"""People who are listed more than once: what base's roles and the teams say of one person, taken together."""

from __future__ import annotations

from collections.abc import Mapping

from policy_gate.schema.roles import Person

_DIMENSIONS = ("email", "github", "github_id", "gitlab", "gitlab_id")


def joined(members: Mapping[str, tuple[Person, ...]]) -> Mapping[str, tuple[Person, ...]]:
    """The same holders of roles, each with every address and account that any entry of theirs gives.

    Entries are one person's where they share an address or an account, and contradict each other in nothing.
    """
    known = list(dict.fromkeys(_told(person) for held in members.values() for person in held))
    while _join(known):
        pass
    return {role: tuple(_as_known(person, known) for person in held) for role, held in members.items()}


def _told(person: Person) -> tuple[object, ...]:
    values = (getattr(person, name) for name in _DIMENSIONS)
    return tuple(value.casefold() if isinstance(value, str) else value for value in values)


def _is_one(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    both = [a == b for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return bool(both) and all(both)


def _join(known: list[tuple[object, ...]]) -> bool:
    """Put the first two that are one person's into one; false where there are none."""
    for position, one in enumerate(known):
        for other in known[position + 1 :]:
            if _is_one(one, other):
                known.remove(other)
                known[position] = tuple(b if a is None else a for a, b in zip(one, other, strict=True))
                return True
    return False


def _as_known(person: Person, known: list[tuple[object, ...]]) -> Person:
    """The person with what other entries add; as written where several could be meant."""
    fitting = [one for one in known if _is_one(_told(person), one)]
    if len(fitting) != 1:
        return person
    missing = {
        name: value
        for name, value in zip(_DIMENSIONS, fitting[0], strict=True)
        if value is not None and getattr(person, name) is None
    }
    return person.model_copy(update=missing) if missing else person
