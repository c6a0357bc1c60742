"""Who is who: a person of base's roles held against the author of a commit, review or record."""

from __future__ import annotations

import pytest

from policy_gate.people.identity import identity, identity_among, is_alias, is_one_person, likeness
from policy_gate.people.mailbox import is_one_mailbox
from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person

ADA = Person(name="Ada Example", email="ada@example.com", github="ada-x", github_id=7)
BY_MAIL = Person(name="Ada Example", email="ada@example.com")
BY_LOGIN = Person(name="Ada Example", github="ada-x")
BY_NUMBER = Person(name="Ada Example", github_id=7, gitlab="ada")


@pytest.mark.parametrize(
    ("person", "author", "expected"),
    [
        (BY_MAIL, Author("A", "ADA@Example.com"), "same"),
        (BY_MAIL, Author("Ada Example", "bo@example.com"), "other"),
        (BY_MAIL, Author("Ada Example", ""), "untold"),
        (BY_MAIL, Author("ada-x", "", "github:ada-x"), "untold"),
        (BY_MAIL, Author("x", "12+ada-x@users.noreply.github.com"), "untold"),
        (BY_MAIL, Author("x", "49699333+dependabot[bot]@users.noreply.github.com"), "other"),
        (BY_LOGIN, Author("x", "", "github:ADA-X", "github:9"), "same"),
        (BY_LOGIN, Author("x", "ada@example.com"), "untold"),
        (BY_LOGIN, Author("x", "9+ada-x@users.noreply.github.com"), "same"),
        (BY_LOGIN, Author("x", "ada-x@users.noreply.github.com"), "same"),
        (BY_LOGIN, Author("x", "", "gitlab:ada-x"), "untold"),
        (ADA, Author("x", "", "github:ada-x", "github:8"), "other"),
        (ADA, Author("x", "", "github:renamed", "github:7"), "same"),
        (ADA, Author("x", "", "github:ada-x"), "same"),
        (ADA, Author("x", "ada@example.com", "github:other", "github:8"), "same"),
        (BY_NUMBER, Author("x", "7+renamed@users.noreply.github.com"), "same"),
        (BY_NUMBER, Author("x", "", "gitlab:ada", "gitlab:3"), "same"),
        (BY_NUMBER, Author("x", "3-ada@users.noreply.gitlab.com"), "same"),
        (BY_NUMBER, Author("x", "", "github:somebody"), "untold"),
    ],
)
def test_a_person_is_held_against_what_is_known_of_an_author(person: Person, author: Author, expected: str) -> None:
    assert likeness(person, author) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("rae@example.org", "rae+x@example.org", True),
        ("Rae+a@Example.org", "rae+b@example.org.", True),
        ("rae.kim@gmail.com", "raekim+ci@googlemail.com", True),
        ("rae.kim@example.org", "raekim@example.org", False),
        ("7+rae@users.noreply.github.com", "rae@users.noreply.github.com", True),
        ("7+rae@users.noreply.github.com", "7+renamed@users.noreply.github.com", True),
        ("7+rae@users.noreply.github.com", "8+bo@users.noreply.github.com", False),
        ("7+rae@users.noreply.github.com", "7+rae@users.noreply.ghe.example.com", False),
        ("rae @example.org", "rae\u200b@example.org", True),
        ("rae@example.org", "r\u0430\u0435@example.org", True),
        ("rae@example.org", "rae@ex\u0430mple.\u03bfrg", True),
        ("\u0440\u0430\u044f@example.org", "paya@example.org", False),
        ("r\u00e4e@example.org", "rae@example.org", False),
        ("+rae@example.org", "+bo@example.org", False),
        ("", "", False),
        ("rae@example.org", "rae@example.com", False),
    ],
)
def test_two_addresses_reach_one_mailbox(one: str, other: str, expected: bool) -> None:
    assert is_one_mailbox(one, other) == is_one_mailbox(other, one) == expected


def test_who_shares_a_mailbox_is_told_apart_by_accounts_that_base_lists() -> None:
    rae = Person(name="Rae", email="team+rae@example.org", github="rae")
    bo = Person(name="Bo", email="team+bo@example.org", github="bo")
    by_bo = Author("Bo", "team+bo@example.org")
    assert is_alias(rae.email, by_bo, [rae])
    assert not is_alias(rae.email, by_bo, [rae, bo])
    assert not is_one_person(rae, bo)
    without = Person(name="Bo", email="team+bo@example.org")
    assert is_alias(rae.email, by_bo, [rae, without])
    assert is_one_person(rae, without)


def test_a_person_has_one_identity_whatever_is_pinned_beside_the_address() -> None:
    assert identity(ADA) == identity(BY_MAIL)
    assert len({identity(person) for person in (BY_MAIL, BY_LOGIN, BY_NUMBER)}) == 3


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (ADA, BY_MAIL, True),
        (ADA, BY_LOGIN, True),
        (ADA, BY_NUMBER, True),
        (BY_MAIL, BY_LOGIN, True),
        (BY_MAIL, Person(name="Ada Example", email="other@example.com"), False),
        (BY_LOGIN, Person(name="Somebody Else", github="ADA-X"), True),
        (BY_NUMBER, Person(name="Ada Example", github_id=8), False),
        (BY_MAIL, Person(name="Rae Kim", github="rae-k"), False),
    ],
)
def test_entries_count_as_one_person_by_what_they_share_else_by_name(
    one: Person, other: Person, expected: bool
) -> None:
    assert is_one_person(one, other) is is_one_person(other, one) is expected


def test_one_person_spelt_differently_in_two_roles_has_one_identity_among_all() -> None:
    members = {"ciso": (BY_MAIL,), "legal": (Person(name="Lin Park", email="lin@example.com"),), "product": (BY_LOGIN,)}
    assert identity(BY_MAIL) != identity(BY_LOGIN)
    assert len({identity_among(person, members) for held in members.values() for person in held}) == 2
