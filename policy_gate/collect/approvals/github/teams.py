"""Teams that hold a role, such as `github:example-org/security`: who of those who approved is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from policy_gate.collect.approvals.untold import UntoldError
from policy_gate.schema.identity import is_same
from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person, Roles

if TYPE_CHECKING:
    from policy_gate.collect.approvals.github.api import Api

_PREFIX = "github:"
_TEAM = re.compile(r"github:([A-Za-z0-9-]+)/([A-Za-z0-9_.-]+)")
_PERMISSION = "a GITHUB_TOKEN that may read the organisation's members is needed (`Members: read`, or `read:org`)"


@dataclass
class Teams:
    """Role id to those who approved and are in a team that holds it; what could not be told; what is odd."""

    members: dict[str, tuple[Person, ...]] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def teams_of(api: Api, roles: Roles | None, approvers: Sequence[Author]) -> Teams:
    """Look up each approver in the teams of each role that base's roles do not give them by name."""
    if roles is None:
        return Teams()
    found = Teams(notes=tuple(_malformed(roles)))
    known: dict[tuple[str, str], bool | str] = {}
    for role in sorted(roles.roles):
        held = tuple(roles.holding(role))
        teams = [team for holders in held for team in holders.teams if _TEAM.fullmatch(team)]
        for approver in approvers if teams else ():
            if any(is_same(person, approver) for holders in held for person in holders.members):
                continue
            for team in teams:
                if (team, approver.account_id) not in known:
                    known[team, approver.account_id] = _is_member(api, team, approver)
            answers = [known[team, approver.account_id] for team in teams]
            if True in answers:
                found.members[role] = (*found.members.get(role, ()), _person(approver))
            else:
                found.missing.update(dict.fromkeys(answer for answer in answers if isinstance(answer, str)))
    return found


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
    except UntoldError as error:
        if error.status != 404:
            return _sentence(error)
    try:
        api.one(path, what)
    except UntoldError as error:
        return _sentence(error)
    return False


def _sentence(error: UntoldError) -> str:
    return f"{error.message}; {_PERMISSION}" if error.status in (403, 404) else error.sentence


def _person(approver: Author) -> Person:
    return Person(name=approver.name, github=approver.name, github_id=int(approver.account_id.removeprefix(_PREFIX)))


def _malformed(roles: Roles) -> Iterator[str]:
    for role, holders in sorted(roles.roles.items()):
        for team in holders.teams:
            if team.startswith(_PREFIX) and not _TEAM.fullmatch(team):
                yield f"role {role}: {team!r} names no team; write github:ORGANISATION/TEAM"
