"""Teams that hold a role, such as `github:example-org/security`: who of those who approved is in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from policy_gate.approvals.team_members import Membership, Teams, members_of_teams
from policy_gate.forges import github_answers as answers
from policy_gate.forges.errors import AbsentError, ForbiddenError, ForgeError, NotTold
from policy_gate.forges.github import GitHub
from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person, RoleHolders, Roles, forge_of_team

_PREFIX = "github:"
_PERMISSION = "a GITHUB_TOKEN that may read the organisation's members is needed (`Members: read`, or `read:org`)"


def teams_of(github: GitHub, roles: Roles | None, approvers: Sequence[Author]) -> Teams:
    """Look up each approver in the teams of each role that base's roles do not give them by name."""

    def ask(team: str, approver: Author) -> Membership:
        return _is_member(github, team, approver)

    return members_of_teams(roles, approvers, _teams, ask, _person)


def malformed_teams(roles: Roles | None) -> Iterator[str]:
    """A sentence on each name that is meant for a team of GitHub and is none."""
    for role, holders in sorted(roles.roles.items()) if roles else ():
        for team in holders.teams:
            if team.startswith(_PREFIX) and forge_of_team(team) is None:
                yield f"role {role}: {team!r} names no team; write github:ORGANISATION/TEAM"


def _teams(holders: RoleHolders) -> list[str]:
    return [team for team in holders.teams if forge_of_team(team) == "github"]


def _is_member(github: GitHub, team: str, approver: Author) -> Membership:
    """Whether the account is an active member.

    A 404 is also what GitHub says of a team that the token may not see, so then the team is asked for.
    """
    organisation, slug = team.removeprefix(_PREFIX).split("/")
    path = f"/orgs/{quote(organisation)}/teams/{quote(slug)}"
    what = f"whether {approver.name} is in the team {team}"
    try:
        answer = github.one(answers.Membership, f"{path}/memberships/{quote(approver.name, safe='')}", what)
        return answer.state == "active"
    except AbsentError:
        pass
    except ForgeError as error:
        return _not_told(error)
    try:
        github.one(answers.Team, path, what)
    except ForgeError as error:
        return _not_told(error)
    return False


def _not_told(error: ForgeError) -> NotTold:
    if isinstance(error, AbsentError):
        return NotTold(f"{error.message}; {_PERMISSION}, or the team is called otherwise by now")
    return NotTold(f"{error.message}; {_PERMISSION}" if isinstance(error, ForbiddenError) else error.sentence)


def _person(approver: Author) -> Person:
    return Person(name=approver.name, github=approver.name, github_id=int(approver.account_id.removeprefix(_PREFIX)))
