"""Where changes of a history are proposed: who is who on a forge, and who is in its teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from d01_step import Forge, Review
from world import AUTHOR, ROLE_HOLDERS, email_of

from policy_gate.schema.people import Author

TEAM = "github:example-org/safety"
TEAMS: Mapping[str, tuple[str, ...]] = {TEAM: ("Tia Tamm", "Rae Kim", "Uma Voss"), "github:example-org/nobody": ()}
"""Who is in which team; of these people roles.yaml need name nobody."""
GROUPS: Mapping[str, tuple[str, ...]] = {team.replace("github:", "gitlab:"): who for team, who in TEAMS.items()}
"""The same on GitLab."""
EVERYBODY = sorted({AUTHOR, *ROLE_HOLDERS.values(), *TEAMS[TEAM], "Hal Honest"})
GONE = "f" * 40
"""a commit that no clone holds"""
ELSEWHERE = "approved elsewhere"
"""while the request was for another branch"""
RETARGETED = ("retargeted", "retargeted, then approved again")
MORNING = datetime(2026, 1, 1, 9, tzinfo=UTC)


class OnForge(NamedTuple):
    """What is decided beforehand of a change that is proposed on a forge."""

    opener: str
    pusher: str = ""
    """who pushes what others committed; where empty, they do"""
    by: str = "reviews"
    """how people agree: by `reviews` or by `records`"""
    then: str = "nothing"
    """what becomes of a review: `dismissed`, `asks for changes`, `again`, or its commit is `gone`; or of the request,
    `RETARGETED` to the branch of the history"""
    nth: int = 0
    """who of those that hold a role reviews"""
    is_silent: bool = False
    is_gitlab: bool = False

    def plainer(self) -> OnForge:
        return OnForge(self.opener, is_gitlab=self.is_gitlab)


def login_of(name: str) -> str:
    return name.split(maxsplit=1)[0].lower()


def number_of(name: str) -> int:
    return 100 + EVERYBODY.index(name)


def holders(held: Sequence[str]) -> list[str]:
    """The people whom a role's names come to, those of teams after those who are named."""
    named = [name for name in held if not is_team(name)]
    members = {**TEAMS, **GROUPS}
    return [*named, *(who for team in held for who in members.get(team, ()) if who not in named)]


def is_team(name: str) -> bool:
    return name in TEAMS or name in GROUPS


def is_on_gitlab(forge: Forge) -> bool:
    return forge.teams is GROUPS


def moment_of(review: Review, number: int) -> datetime:
    """When the review of that number was given."""
    return datetime.combine(review.day, time(10), UTC) + timedelta(minutes=number)


def whose(author: Author) -> str:
    """Every address is an account's."""
    return next(name for name in EVERYBODY if email_of(name) == author.email)
