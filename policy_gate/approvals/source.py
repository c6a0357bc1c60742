"""What a source of approvals is asked about one change, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from msgspec import Struct, field

from policy_gate.approvals.records import Record, find
from policy_gate.documents.cache import DocumentCache
from policy_gate.schema.check_inputs import MergedChange
from policy_gate.schema.dates import Instant
from policy_gate.schema.people import Author, Claim, Commit, ForgeContributor
from policy_gate.schema.roles import Person, Roles
from policy_gate.vcs.tree import Tree

GITHUB_REVIEWS: Final = "github-reviews"
GITLAB_APPROVALS: Final = "gitlab-approvals"
"""What the sources are called that a forge answers."""


class ApprovalQuery(Struct, frozen=True, dict=True):
    """The trees that are compared, the commits of base..head, and what base was earlier, newest first.

    `roles` are base's. `environment` is the process's. `commits_to` lists the commits that base lacks
    and a commit has, or None where this clone cannot tell. `merged` is what became of a change of the past.
    """

    base: Tree
    result: Tree
    commits: tuple[Commit, ...] = ()
    cache: DocumentCache = field(default_factory=DocumentCache)
    earlier: Iterable[Tree] = ()
    roles: Roles | None = None
    as_of: Instant = field(default_factory=lambda: datetime.now(UTC))
    head: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    commits_to: Callable[[str], tuple[Commit, ...] | None] = lambda _: None
    merged: MergedChange | None = None

    def __repr__(self) -> str:
        return f"ApprovalQuery(head={self.head!r})"

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """The approval records of the result; looked for once, as `earlier` may be read only once."""
        return find(self.base, self.result, self.earlier, self.cache)


class SourceAnswer(Struct, frozen=True):
    """What one source answered.

    `missing` are sentences on what it should have told and did not (an outage, no token): they make an
    approval that is not there unknown. `notes` are for people. `accounts` are the forge accounts behind
    (commit id, e-mail in lower case). `members` are people whom the forge names as members of a role's
    team. `tells_hands` says that it knows who opened and last pushed the change. `unheld` are commits that
    this clone lacks, and with which the answer would say more.
    """

    source: str
    claims: tuple[Claim, ...] = ()
    contributors: tuple[ForgeContributor, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    accounts: Mapping[tuple[str, str], Author] = field(default_factory=dict)
    members: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    tells_hands: bool = False
    unheld: tuple[str, ...] = ()
