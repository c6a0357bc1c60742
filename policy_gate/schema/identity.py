"""Whether somebody of base's roles is the one behind a commit, review or record (D13, D14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person

Likeness = Literal["same", "other", "untold"]
"""`untold`: nothing that is known of the one can be held against what is known of the other."""

FORGES = ("github", "gitlab")
_NOREPLY = re.compile(r"(?:(?P<id>[0-9]+)[+-])?(?P<login>[^@+]+)@users\.noreply\.(?P<forge>github|gitlab)\.com\Z", re.I)
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

    The no-reply address of a commit made in a forge's pages names the account.
    """
    forge, _, login = author.account.partition(":")
    number_forge, _, number = author.account_id.partition(":")
    if author.account or author.account_id:
        yield forge or number_forge, login, number
    found = _NOREPLY.match(author.email)
    if found:
        yield found["forge"].casefold(), found["login"], found["id"] or ""


def _by_address(person: Person, author: Author) -> Iterator[bool]:
    if not (person.email and author.email):
        return
    is_one = same_address(person.email, author.email)
    if is_one or not _NOREPLY.match(author.email):
        yield is_one


def _by_account(person: Person, author: Author) -> Iterator[bool]:
    for forge, login, number in accounts_of(author):
        if forge not in FORGES:
            continue
        known, known_number = getattr(person, forge), getattr(person, f"{forge}_id")
        if known_number and number:
            yield str(known_number) == number
        elif known and login:
            yield known.casefold() == login.casefold()
