"""Whether somebody of base's roles is the one behind a commit, review or record (D13, D14)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person

Likeness = Literal["same", "other", "untold"]
"""`untold`: nothing that is known of the one can be held against what is known of the other."""

FORGES = ("github", "gitlab")
_NOREPLY = re.compile(r"(?:(?P<id>[0-9]+)[+-])?(?P<login>[^@+]+)@users\.noreply\.(?P<host>[^@\s]+)\Z", re.I)
_MACHINE = "[bot]"


def likeness(person: Person, author: Author) -> Likeness:
    """Whether this person is this author: by address, or by forge account, its number before its name.

    An app of a forge is nobody's; a login cannot hold the brackets of its name.
    """
    held = [*_by_address(person, author), *_by_account(person, author)]
    if any(held):
        return "same"
    return "other" if held or is_machine(author) else "untold"


def is_same(person: Person, author: Author) -> bool:
    """Whether this person is certainly this author."""
    return likeness(person, author) == "same"


def is_machine(author: Author) -> bool:
    """Whether the author is an app of a forge."""
    return any(login.endswith(_MACHINE) for _, login, _ in accounts_of(author) if login)


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one, whatever their case; an empty one is nobody's."""
    return bool(one) and one.casefold() == other.casefold()


def is_one_person(one: Person, other: Person) -> bool:
    """Whether two entries of base's roles are to count as one person: by address or account, else by name.

    Nobody gets a role by this; it only keeps somebody from counting twice.
    """
    held = tuple(_between(one, other))
    return any(held) if held else one.name.casefold() == other.name.casefold()


def are_two_people(one: Person, other: Person) -> bool:
    """Whether two entries of base's roles are certainly not one person: something is known of both, and differs."""
    held = tuple(_between(one, other))
    return bool(held) and not any(held)


def _between(one: Person, other: Person) -> Iterator[bool]:
    if one.email and other.email:
        yield same_address(one.email, other.email)
    for forge in FORGES:
        (login, number), (other_login, other_number) = _account(one, forge), _account(other, forge)
        if number and other_number:
            yield number == other_number
        elif login and other_login:
            yield login.casefold() == other_login.casefold()


def identity_among(person: Person, members: Mapping[str, Sequence[Person]]) -> str:
    """The identity of whom the person is first seen to be among all who hold roles: two spellings are one person."""
    everybody = (known for _, held in sorted(members.items()) for known in held)
    return identity(next((known for known in everybody if is_one_person(known, person)), person))


def identity(person: Person) -> str:
    """One text per person, whichever way they are known, so that nobody counts twice."""
    if person.email:
        return person.email.casefold()
    numbered = f"github:{person.github_id}" if person.github_id else f"gitlab:{person.gitlab_id}"
    if person.github_id or person.gitlab_id:
        return numbered
    return (person.github or person.gitlab or person.name).casefold()


def accounts_of(author: Author) -> Iterator[tuple[str, str, str]]:
    """(forge, login, number) of the accounts that an author is known by; what is not known is empty.

    The no-reply address of a commit made in a forge's pages names the account; a server of one's own
    may be called anything, and then could be of either forge.
    """
    forge, _, login = author.account.partition(":")
    number_forge, _, number = author.account_id.partition(":")
    if author.account or author.account_id:
        yield forge or number_forge, login, number
    found = _NOREPLY.match(author.email)
    if found:
        named = [name for name in FORGES if name in found["host"].casefold()]
        for name in named or FORGES:
            yield name, found["login"], found["id"] or ""


def _by_address(person: Person, author: Author) -> Iterator[bool]:
    if not (person.email and author.email):
        return
    is_one = same_address(person.email, author.email)
    if is_one or not _NOREPLY.match(author.email):
        yield is_one


def _account(person: Person, forge: str) -> tuple[str | None, int | None]:
    return getattr(person, forge), getattr(person, f"{forge}_id")


def _by_account(person: Person, author: Author) -> Iterator[bool]:
    for forge, login, number in accounts_of(author):
        if forge not in FORGES:
            continue
        known, known_number = _account(person, forge)
        if known_number and number:
            yield str(known_number) == number
        elif known and login:
            yield known.casefold() == login.casefold()
