"""Which approvers are members of the GitLab groups that base's roles name as teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from policy_gate.collect.approvals.gitlab.api import GitlabApi, untold
from policy_gate.collect.approvals.untold import UntoldError
from policy_gate.schema.identity import is_same
from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person, RoleHolders, Roles

_PREFIX = "gitlab:"


@dataclass
class Membership:
    """People by the role that their group gives them; `missing` are sentences on what was not told."""

    members: dict[str, tuple[Person, ...]] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)


def membership(api: GitlabApi, roles: Roles | None, approvers: Sequence[Author]) -> Membership:
    """Look each approver up in each group of a role, once, unless the role names them itself."""
    found = Membership()
    answers: dict[tuple[str, str], bool | str] = {}
    for role in sorted(roles.roles) if roles else ():
        holding = tuple(roles.holding(role)) if roles else ()
        groups = [group for held in holding for group in _groups(held)]
        named = [person for held in holding for person in held.members]
        for approver in approvers if groups else ():
            if not any(is_same(person, approver) for person in named):
                _look_up(api, role, groups, approver, answers, found)
    return found


def _look_up(
    api: GitlabApi,
    role: str,
    groups: Sequence[str],
    approver: Author,
    answers: dict[tuple[str, str], bool | str],
    found: Membership,
) -> None:
    """Put the approver into the role if any of its groups has them; say what is missing if none could tell."""
    unsaid: list[str] = []
    for group in groups:
        key = (group, approver.account_id)
        if key not in answers:
            answers[key] = _answer(api, group, approver)
        answer = answers[key]
        if answer is True:
            found.members[role] = (*found.members.get(role, ()), _person(approver))
            return
        unsaid += [answer] if isinstance(answer, str) else []
    found.missing.update(dict.fromkeys(unsaid))


def _answer(api: GitlabApi, group: str, approver: Author) -> bool | str:
    """Whether a group has somebody as an active member; a sentence where that was not told."""
    path, number = f"/groups/{quote(group, safe='')}", approver.account_id.removeprefix(_PREFIX)
    what = f"whether {approver.name} is in the group {group}"
    try:
        told = api.one(f"{path}/members/all/{number}", what)
        if told.number("id") != int(number):
            return untold(what, "the answer is about somebody else").sentence
        return told.text("state") == "active" and told.fields.get("membership_state") in (None, "active")
    except UntoldError as error:
        if error.status != 404:
            return error.sentence
    # 404 is also what a group answers that the token may not see, and that is no "no".
    try:
        api.one(path, what)
    except UntoldError as error:
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
