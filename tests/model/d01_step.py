"""D01, D12, D13: what is proposed, who made it, who said yes, and what a forge tells of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from d24_facts import Tree


@dataclass(frozen=True)
class Yes:
    """Somebody's yes in a role to what `base` and `result` held on a day; verified where it is a forge's word (D14)."""

    who: str
    role: str
    for_: str
    system: str
    subject: Any
    day: date
    is_verified: bool = False


class Review(NamedTuple):
    """What somebody said of a commit, by its number among those of the change; None where that commit is gone.

    `says` is `approved`, `dismissed`, `asks for changes`, or `approved elsewhere`: while it was for another branch.
    """

    who: str
    commit: int | None
    day: date
    says: str


class Forge(NamedTuple):
    """Where the change is proposed: who opened it, who pushed each commit, the reviews in order, the teams' members."""

    opener: str
    pushers: tuple[str, ...]
    reviews: tuple[Review, ...]
    teams: Mapping[str, tuple[str, ...]]
    is_silent: bool = False


@dataclass(frozen=True)
class Step:
    """A proposed change: `commits` are the people of each and its tree, from `fork` on; `result` is what merging gives.

    `earlier` is what base was on its first-parent line, the newest first, `since` the patches that it got after `fork`.
    """

    base: Tree
    commits: tuple[tuple[frozenset[str], Tree], ...]
    today: date
    earlier: tuple[Tree, ...]
    said: tuple[Yes, ...]
    fork: Tree
    result: Tree
    since: tuple[tuple[Tree, Tree], ...]
    forge: Forge | None = None
