"""Who is meant by a name that somebody typed: every way in which base's roles know that person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from policy_gate.schema.people import People
from policy_gate.schema.roles import Person

_WITH_ADDRESS = re.compile(r"(?P<name>.*?)\s*<(?P<address>[^<>]+)>\s*")


def known_as(text: str, people: People) -> frozenset[str]:
    """The text, and each name, address and account of whoever is known by it.

    People who share any of these are taken for one, so that nobody passes as two.
    """
    everybody = [_names_of(person) for held in people.members.values() for person in held]
    found = frozenset(_spelt(text))
    while True:
        more = found.union(*(names for names in everybody if names & found))
        if more == found:
            return found
        found = more


def holding(text: str, roles: Iterable[str], people: People) -> bool:
    """Whether somebody known by this text holds one of the roles, named in base's own file."""
    names = known_as(text, people)
    return any(_names_of(person) & names for role in roles for person in named_holders(role, people))


def named_holders(role: str, people: People) -> tuple[Person, ...]:
    """Who holds a role by name: the members of teams are known only while a forge is asked."""
    if people.roles is None:
        return people.holders(role)
    return tuple(person for held in people.roles.content.holding(role) for person in held.members)


def _names_of(person: Person) -> frozenset[str]:
    accounts = [f"{forge}:{name}" for forge, name in _accounts(person)]
    bare = [spelling for _, name in _accounts(person) for spelling in (name, f"@{name}")]
    return frozenset(_folded(name) for name in (person.name, person.email or "", *accounts, *bare) if name)


def _accounts(person: Person) -> Iterator[tuple[str, str]]:
    for forge, name in (("github", person.github), ("gitlab", person.gitlab)):
        if name:
            yield forge, name


def _spelt(text: str) -> Iterator[str]:
    """'Rae Kim <rae@example.com>' is a name and an address; anything else is itself."""
    found = _WITH_ADDRESS.fullmatch(text)
    for part in (found["name"], found["address"]) if found else (text,):
        if _folded(part):
            yield _folded(part)


def _folded(text: str) -> str:
    """Without what nobody sees: case, blanks, width of letters, characters that are not printed."""
    seen = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return " ".join(seen.casefold().split())
