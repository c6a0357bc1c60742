"""People: who holds which role, who wrote what, and who claims to have approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct, field

from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.roles import Person, Roles
from policy_gate.schema.source import Document
from policy_gate.schema.vocabulary import ROLES_FILE


class Author(NamedTuple):
    """Somebody who had a hand in a commit: author, committer, co-author, opener or last pusher."""

    name: str
    email: str
    account: str = ""
    """forge account as `github:login`, or empty"""
    account_id: str = ""
    """the forge's number of that account as `github:583231`, which outlives its name; or empty"""


class Commit(Struct, frozen=True):
    """A commit of base..head: who made it and which paths it touches.

    `merge_of_git` is true for a merge whose tree is git's own merge: it makes nobody an author (D13).
    `entries` are, for a manifest it touches, the ids of the systems whose entries it changes; of a
    manifest that is not in it, every system's entry counts as changed. `systems` are the ids of those
    whose code or entry it touches, wherever that stands now. `co_authors` are those of
    `authors` whom only its message names; `unaddressed` is what it says of others, who have no address
    there. `signer` is who signed it with a key that base pins, looked for only where authorship must be signed.
    """

    oid: str
    authors: tuple[Author, ...]
    paths: frozenset[str]
    merge_of_git: bool = False
    parents: tuple[str, ...] = ()
    entries: Mapping[str, frozenset[str]] = field(default_factory=dict)
    systems: frozenset[str] = frozenset()
    co_authors: tuple[Author, ...] = ()
    unaddressed: tuple[str, ...] = ()
    signer: Author | None = None


class ForgeContributor(Struct, frozen=True):
    """Somebody whom a forge, and no commit, names as having had a hand in the change.

    `part` is a verb for people, such as `opened pull request 7`. `commits` are those it is about: it
    makes somebody an author only of what these touch; None means of everything the change touches.
    """

    author: Author
    part: str
    commits: tuple[Commit, ...] | None = None
    bot: bool = False
    """the forge says that the account is a program's"""


class Verified(Struct, frozen=True):
    """That more stands behind a claim than a name which anybody can type.

    Made by the verifier of signatures for a signature that is genuine, and by the sources that a forge answers, for a
    review by its account; by nothing else, which a test holds.
    """

    by: Literal["signature", "forge"]


class UncheckedSignature(Struct, frozen=True):
    """There is a signature, and whether it is genuine cannot be said here: neither a yes nor a no."""

    reason: str


class Claim(Struct, frozen=True):
    """Somebody said yes: from a forge review or a record, before it was checked.

    `digest` is the content the claim is for; a forge review has none, but a `commit` that it was given
    on. `parts` are the named parts that a record says its digest is over. `spent` says base already
    holds the record; `added_by` are those who made every commit that touches it (for a recorded claim,
    D14), `touched_by` the authors of any of them.
    """

    source: str
    proof: Verified | UncheckedSignature | None
    """None for what anybody could have typed"""
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
    problem: str | None = None
    """why the claim does not count, whatever it is for"""
    unchecked: str | None = None
    """why something other than its signature could not be checked here; see `doubt`"""
    commit: str = ""
    parts: tuple[tuple[str, str], ...] = ()

    @property
    def assurance(self) -> Literal["verified", "recorded"]:
        """`verified` only with the proof of it."""
        return "verified" if isinstance(self.proof, Verified) else "recorded"

    @property
    def doubt(self) -> str | None:
        """Why it is neither a yes nor a no: what could not be checked; None where all that it hangs on was."""
        return self.proof.reason if isinstance(self.proof, UncheckedSignature) else self.unchecked


class ReviewedContent(Struct, frozen=True):
    """What somebody saw who reviewed one commit: the subjects of that day, or why they cannot be told."""

    subjects: Mapping[tuple[str | None, str], ApprovalSubject] = field(default_factory=dict)
    """(system id, gate or governed change) to its subject"""
    problem: str | None = None


class People(Struct, frozen=True):
    """All that is known about people for one decision; gathered only where an approval is needed.

    `roles` is base's. `missing` says, a sentence each, what a source that should have answered did not
    tell; while there is any, silence is no answer. `target_branch` is the short name of the branch
    merged into. `sights` are what reviewers saw, by commit.
    """

    roles: Document[Roles] | None = None
    roles_file: str = ROLES_FILE
    """where base's roles stand, or would"""
    roles_untold: str | None = None
    """why it cannot be told whom base names, though it may well name somebody"""
    unread_teams: frozenset[str] = frozenset()
    """teams of base's roles of whose members nothing was asked here"""
    commits: tuple[Commit, ...] = ()
    claims: tuple[Claim, ...] = ()
    contributors: tuple[ForgeContributor, ...] = ()
    sources: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    is_forge_known: bool = False
    """a forge said who opened and last pushed the change"""
    attributed: bool = True
    """false where commits between base and head could not be listed"""
    target_branch: str = ""
    notes: tuple[str, ...] = ()
    members: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    """role id to the people who hold it, `same_as` resolved, team members that a forge names among them"""
    reviewed_content: Mapping[str, ReviewedContent] = field(default_factory=dict)
    unheld: tuple[str, ...] = ()
    """commits beside those that were reviewed which this clone lacks, and which would tell who made what"""

    @property
    def complete(self) -> bool:
        """Whether every source that should have answered did."""
        return not self.missing

    def holders(self, role: str) -> tuple[Person, ...]:
        return self.members.get(role, ())
