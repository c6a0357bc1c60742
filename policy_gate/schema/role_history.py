"""Who held which role on a branch, since when and until when."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct


class CommitDay(Struct, frozen=True):
    """A commit of the branch, and the day (UTC) on which it came to be."""

    commit: str
    day: date


class Tenure(Struct, frozen=True):
    """Somebody, or a team of a forge, that is named for a role from one commit on, and up to another if any.

    `since` is None where it was so before the known history begins.
    """

    role: str
    holder: str
    kind: Literal["person", "team"]
    since: CommitDay | None
    until: CommitDay | None = None


class RoleHistory(Struct, frozen=True):
    """The tenures on a branch by role, newest first; `begins` is the first commit that was looked at.

    `unread` are commits at which the roles could not be read, so that those of the commit before stood.
    """

    branch: str
    begins: CommitDay
    ends: CommitDay
    tenures: tuple[Tenure, ...]
    unread: tuple[CommitDay, ...] = ()
