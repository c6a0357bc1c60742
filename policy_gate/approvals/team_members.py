"""Who of those that approved holds a role as a member of a forge's team, looked up as rarely as it can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct, field

from policy_gate.forges.errors import NotTold
from policy_gate.people.identity import is_same
from policy_gate.schema.people import Author
from policy_gate.schema.roles import Person, RoleHolders, Roles

Membership = bool | NotTold
"""Whether a team has somebody as an active member, or why that was not told."""


class Teams(Struct):
    """People by the role that a team gives them; `missing` are sentences on what was not told, each once."""

    members: dict[str, tuple[Person, ...]] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)


def members_of_teams(
    roles: Roles | None,
    approvers: Sequence[Author],
    teams_in: Callable[[RoleHolders], Sequence[str]],
    ask: Callable[[str, Author], Membership],
    person: Callable[[Author], Person],
) -> Teams:
    """Look each approver up in the teams of each role, once, unless the role names them itself.

    Nothing is missing of a role that some team of it gives them.
    """
    found = Teams()
    known: dict[tuple[str, str], Membership] = {}

    def membership(team: str, approver: Author) -> Membership:
        key = (team, approver.account_id)
        if key not in known:
            known[key] = ask(team, approver)
        return known[key]

    for role in sorted(roles.roles) if roles else ():
        holding = tuple(roles.holding(role)) if roles else ()
        teams = [team for held in holding for team in teams_in(held)]
        named = [member for held in holding for member in held.members]
        for approver in approvers if teams else ():
            if any(is_same(member, approver) for member in named):
                continue
            if any(membership(team, approver) is True for team in teams):
                found.members[role] = (*found.members.get(role, ()), person(approver))
            else:
                asked = (membership(team, approver) for team in teams)
                found.missing.update({answer.reason: None for answer in asked if isinstance(answer, NotTold)})
    return found
