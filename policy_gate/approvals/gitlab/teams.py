"""Which approvers are members of the GitLab groups that base's roles name as teams."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from policy_gate.approvals.team_members import Teams, members_of_teams
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.gitlab import GitlabApi, not_known
from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person, RoleHolders, Roles

_PREFIX = "gitlab:"


def membership(api: GitlabApi, roles: Roles | None, approvers: Sequence[Author]) -> Teams:
    """Look each approver up in each group of a role, unless the role names them itself."""
    return members_of_teams(roles, approvers, _groups, lambda group, approver: _answer(api, group, approver), _person)


def _answer(api: GitlabApi, group: str, approver: Author) -> bool | str:
    """Whether a group has somebody as an active member; a sentence where that was not told."""
    path, number = f"/groups/{quote(group, safe='')}", approver.account_id.removeprefix(_PREFIX)
    what = f"whether {approver.name} is in the group {group}"
    try:
        told = api.one(f"{path}/members/all/{number}", what)
        if told.number("id") != int(number):
            return not_known(what, "the answer is about somebody else").sentence
        return told.text("state") == "active" and told.fields.get("membership_state") in (None, "active")
    except ForgeError as error:
        if error.status != 404:
            return error.sentence
    # 404 is also what a group answers that the token may not see, and that is no "no".
    try:
        api.one(path, what)
    except ForgeError as error:
        return error.sentence
    return False


def _groups(held: RoleHolders) -> list[str]:
    return [team.removeprefix(_PREFIX) for team in held.teams if team.startswith(_PREFIX)]


def _person(approver: Author) -> Person:
    return Person(
        name=approver.name,
        gitlab=approver.account.removeprefix(_PREFIX),
        gitlab_id=int(approver.account_id.removeprefix(_PREFIX)),
    )
