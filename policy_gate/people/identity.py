"""Whether somebody of base's roles is the one behind a commit, review or record (D13, D14)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from policy_gate.people.mailbox import NOREPLY, is_one_mailbox, mailbox
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.people import Author, People
from policy_gate.schema.roles import Person

Likeness = Literal["same", "other", "untold"]
"""`untold`: nothing that is known of the one can be held against what is known of the other."""

FORGES = ("github", "gitlab")
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


def is_named_in(person: Person, author: Author) -> bool:
    """Whether an author line that cannot be read holds this person's name or address."""
    if author.email or author.account or author.account_id:
        return False
    line = f" {_folded(author.name)} "
    return bool(person.email and _folded(person.email) in line) or f" {_folded(person.name)} " in line


def is_machine(author: Author) -> bool:
    """Whether the author is an app of a forge."""
    return any(login.endswith(_MACHINE) for _, login, _ in accounts_of(author) if login)


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one, whatever their case; an empty one is nobody's."""
    return bool(one) and one.casefold() == other.casefold()


def is_alias(address: str | None, author: Author, everybody: Iterable[Person]) -> bool:
    """Whether an author goes by another address of the same mailbox, and is not somebody else whom base's roles list.

    It bars somebody from agreeing with themselves, and makes nobody a holder of anything.
    """
    if not address or not is_one_mailbox(address, author.email):
        return False
    known = tuple(everybody)
    holders = [person for person in known if same_address(person.email or "", address)]
    holders = holders or [Person(name=address, email=address)]
    return not any(
        is_same(other, author) and all(are_two_people(holder, other) for holder in holders) for other in known
    )


def is_one_person(one: Person, other: Person) -> bool:
    """Whether two entries of base's roles are to count as one person: by address or account, else by name.

    Nobody gets a role by this; it only keeps somebody from counting twice.
    """
    if one is other:
        return True
    held = tuple(_between(one, other))
    return any(held) if held else one.name.casefold() == other.name.casefold()


def are_two_people(one: Person, other: Person) -> bool:
    """Whether two entries of base's roles are certainly not one person: something is known of both, and differs."""
    held = tuple(_between(one, other))
    return bool(held) and not any(held)


def _between(one: Person, other: Person) -> Iterator[bool]:
    yield from _addresses(one, other)
    yield from _accounts_between(one, other)


def _accounts_between(one: Person, other: Person) -> Iterator[bool]:
    if one.github_id and other.github_id:
        yield one.github_id == other.github_id
    elif one.github and other.github:
        yield one.github.casefold() == other.github.casefold()
    if one.gitlab_id and other.gitlab_id:
        yield one.gitlab_id == other.gitlab_id
    elif one.gitlab and other.gitlab:
        yield one.gitlab.casefold() == other.gitlab.casefold()


def _addresses(one: Person, other: Person) -> Iterator[bool]:
    """Whether two addresses are one person's; accounts that differ tell apart who shares a mailbox."""
    if not (one.email and other.email):
        return
    is_same_account = list(_accounts_between(one, other))
    if same_address(one.email, other.email) or not is_one_mailbox(one.email, other.email):
        yield same_address(one.email, other.email)
    elif not is_same_account or any(is_same_account):
        yield True


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
    found = NOREPLY.match(author.email)
    if found:
        named = [name for name in FORGES if name in found["host"].casefold()]
        for name in named or FORGES:
            yield name, found["login"], found["id"] or ""


def _by_address(person: Person, author: Author) -> Iterator[bool]:
    if not (person.email and author.email):
        return
    is_one = same_address(person.email, author.email)
    if is_one or not NOREPLY.match(author.email):
        yield is_one


def _account(person: Person, forge: str) -> tuple[str | None, int | None]:
    return getattr(person, forge), getattr(person, f"{forge}_id")


def is_known_by_login_alone(person: Person, forge: str) -> bool:
    """Whether base has the name of somebody's account on a forge and not the number, which outlives it."""
    if forge not in FORGES:
        return False
    login, number = _account(person, forge)
    return login is not None and number is None


def has_account(person: Person, forge: str) -> bool:
    """Whether base has somebody's account on a forge, by name or number."""
    return any(known is not None for known in _account(person, forge))


def _by_account(person: Person, author: Author) -> Iterator[bool]:
    for forge, login, number in accounts_of(author):
        if forge not in FORGES:
            continue
        known, known_number = _account(person, forge)
        if known_number and number:
            yield str(known_number) == number
        elif known and login:
            yield known.casefold() == login.casefold()


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
    is_one = False
    for a, b in zip(one, other, strict=True):
        if a is None or b is None:
            continue
        if a != b:
            return False
        is_one = True
    return is_one


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
    told = _told(person)
    fitting = [one for one in known if _is_one(told, one)]
    if len(fitting) != 1:
        return person
    missing = {
        name: value
        for name, value in zip(_DIMENSIONS, fitting[0], strict=True)
        if value is not None and getattr(person, name) is None
    }
    return person.model_copy(update=missing) if missing else person


_WITH_ADDRESS = lazy_pattern(r"(?P<name>.*?)\s*<(?P<address>[^<>]+)>\s*")


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


def may_be_one(one: str, other: str, people: People) -> bool:
    """Whether two texts may mean one person: what they are known as meets, or an address reaches the same mailbox."""
    mine, theirs = known_as(one, people), known_as(other, people)
    boxes = [{mailbox(text) for text in known if "@" in text.strip("@")} for known in (mine, theirs)]
    return bool(mine & theirs or boxes[0] & boxes[1])


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
