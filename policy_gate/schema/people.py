"""People: who holds which role, who wrote what, and who claims to have approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from policy_gate.schema.documents import Person, Roles
from policy_gate.schema.source import Document


class Author(NamedTuple):
    """Somebody who had a hand in a commit: author, committer, co-author, opener or last pusher."""

    name: str
    email: str
    account: str = ""
    """forge account as `github:login`, or empty"""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of base..head: who made it and which paths it touches.

    `merge_of_git` is true for a merge whose tree is git's own merge: it makes nobody an author (D13).
    `entries` are, for a manifest it touches, the ids of the systems whose entries it changes; of a
    manifest that is not in it, every system's entry counts as changed. `co_authors` are those of
    `authors` whom only its message names.
    """

    oid: str
    authors: tuple[Author, ...]
    paths: frozenset[str]
    merge_of_git: bool = False
    parents: tuple[str, ...] = ()
    entries: Mapping[str, frozenset[str]] = field(default_factory=dict)
    co_authors: tuple[Author, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody said yes: from a forge review or a record, before it was checked.

    `digest` is the content the claim is for; `spent` says base already holds the record;
    `added_by` are those who made every commit that touches it (for a recorded claim, D14), `touched_by`
    the authors of any of them.
    """

    source: str
    assurance: Literal["verified", "recorded"]
    approver: Author
    role: str | None
    for_: str | None
    system: str | None
    digest: str | None
    approved_on: date
    expires: date | None = None
    target_branch: str = ""
    spent: bool = False
    added_by: tuple[Author, ...] = ()
    touched_by: tuple[Author, ...] = ()
    path: str = ""
    bot: bool = False
    problem: str = ""
    """why the claim cannot be checked, or empty"""


@dataclass(frozen=True, slots=True)
class People:
    """All that is known about people for one decision; gathered only where an approval is needed.

    `roles` is base's. `complete` is false where a source that should have answered did not; `notes`
    says which. `target_branch` is the short name of the branch merged into.
    """

    roles: Document[Roles] | None = None
    commits: tuple[Commit, ...] = ()
    claims: tuple[Claim, ...] = ()
    opener: tuple[Author, ...] = ()
    """the opener and the last pusher, where a forge tells"""
    sources: tuple[str, ...] = ()
    complete: bool = True
    attributed: bool = True
    """false where commits between base and head could not be listed"""
    target_branch: str = ""
    notes: tuple[str, ...] = ()
    members: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    """role id to the people who hold it, `same_as` resolved"""

    def holders(self, role: str) -> tuple[Person, ...]:
        return self.members.get(role, ())
