"""Which approvers are members of the GitLab groups that base's roles name as teams."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from policy_gate.approvals.team_members import Membership, Teams, members_of_teams
from policy_gate.forges import gitlab_answers as answers
from policy_gate.forges.errors import AbsentError, ForbiddenError, ForgeError, NotTold
from policy_gate.forges.gitlab import GitLab
from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person, RoleHolders, Roles, forge_of_team

_PREFIX = "gitlab:"
_OF_GROUP = (
    "give a token that sees the group, such as an access token of the group itself, or name its people by account"
)


def teams_of(gitlab: GitLab, roles: Roles | None, approvers: Sequence[Author]) -> Teams:
    """Look each approver up in each group of a role, unless the role names them itself."""

    def ask(group: str, approver: Author) -> Membership:
        return _is_member(gitlab, group, approver)

    return members_of_teams(roles, approvers, _groups, ask, _person)


def _is_member(gitlab: GitLab, group: str, approver: Author) -> Membership:
    """Whether a group has somebody as an active member."""
    path, number = f"/groups/{quote(group, safe='')}", approver.account_id.removeprefix(_PREFIX)
    what = f"whether {approver.name} is in the group {group}"
    try:
        member = gitlab.one(answers.Member, f"{path}/members/all/{number}", what)
        if member.id != int(number):
            return NotTold(gitlab.not_available("GET", what, "the answer is about somebody else"))
        return member.state == "active" and member.membership_state in (None, "active")
    except AbsentError:
        pass
    except ForgeError as error:
        return _untold(error)
    # 404 is also what a group answers that the token may not see, and that is no "no".
    try:
        gitlab.one(answers.Group, path, what)
    except ForgeError as error:
        return _untold(error)
    return False


def _untold(error: ForgeError) -> NotTold:
    """Why it is not told, and what to do: a token of the project alone is no member of a private group, whatever it
    may read."""
    if isinstance(error, AbsentError | ForbiddenError):
        return NotTold(f"{error.message}; {_OF_GROUP}")
    return NotTold(error.sentence)


def _groups(held: RoleHolders) -> list[str]:
    return [team.removeprefix(_PREFIX) for team in held.teams if forge_of_team(team) == "gitlab"]


def _person(approver: Author) -> Person:
    return Person(
        name=approver.name,
        gitlab=approver.account.removeprefix(_PREFIX),
        gitlab_id=int(approver.account_id.removeprefix(_PREFIX)),
    )
