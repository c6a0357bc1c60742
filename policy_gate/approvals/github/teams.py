"""Teams that hold a role, such as `github:example-org/security`: who of those who approved is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from policy_gate.approvals.team_members import Teams, members_of_teams
from policy_gate.forges.errors import ForgeError
from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person, RoleHolders, Roles

if TYPE_CHECKING:
    from policy_gate.forges.github import Api

_PREFIX = "github:"
_TEAM = re.compile(r"github:([A-Za-z0-9-]+)/([A-Za-z0-9_.-]+)")
_PERMISSION = "a GITHUB_TOKEN that may read the organisation's members is needed (`Members: read`, or `read:org`)"


def teams_of(api: Api, roles: Roles | None, approvers: Sequence[Author]) -> Teams:
    """Look up each approver in the teams of each role that base's roles do not give them by name."""
    return members_of_teams(roles, approvers, _teams, lambda team, approver: _is_member(api, team, approver), _person)


def malformed_teams(roles: Roles | None) -> Iterator[str]:
    """A sentence on each name that is meant for a team of GitHub and is none."""
    for role, holders in sorted(roles.roles.items()) if roles else ():
        for team in holders.teams:
            if team.startswith(_PREFIX) and not _TEAM.fullmatch(team):
                yield f"role {role}: {team!r} names no team; write github:ORGANISATION/TEAM"


def _teams(holders: RoleHolders) -> list[str]:
    return [team for team in holders.teams if _TEAM.fullmatch(team)]


def _is_member(api: Api, team: str, approver: Author) -> bool | str:
    """Whether the account is an active member; a sentence where GitHub does not tell.

    A 404 is also what GitHub says of a team that the token may not see, so then the team is asked for.
    """
    organisation, slug = team.removeprefix(_PREFIX).split("/")
    path = f"/orgs/{quote(organisation)}/teams/{quote(slug)}"
    what = f"whether {approver.name} is in the team {team}"
    try:
        answer = api.one(f"{path}/memberships/{quote(approver.name, safe='')}", what)
        return answer.get("state") == "active"
    except ForgeError as error:
        if error.status != 404:
            return _sentence(error)
    try:
        api.one(path, what)
    except ForgeError as error:
        return _sentence(error)
    return False


def _sentence(error: ForgeError) -> str:
    return f"{error.message}; {_PERMISSION}" if error.status in (403, 404) else error.sentence


def _person(approver: Author) -> Person:
    return Person(name=approver.name, github=approver.name, github_id=int(approver.account_id.removeprefix(_PREFIX)))
