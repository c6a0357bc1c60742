"""Whether base names anybody for a role: the one answer wherever it matters that nobody could be asked (D26, D56)."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from policy_gate.schema.people import People


class Named(Struct, frozen=True):
    """Somebody holds it, and whoever does could be asked here."""


class NobodyNamed(Struct, frozen=True):
    """Base's own file lists neither a member nor a team, nor a stand-in that leads to one."""


class NotTold(Struct, frozen=True):
    """Somebody may hold it, and who cannot be told here: their silence is no answer."""

    reason: str


Naming = Named | NobodyNamed | NotTold


def naming(roles: Iterable[str], people: People) -> Naming:
    """Whom base names for any one of these roles; not told where that is so of one of them."""
    answers = [_naming(role, people) for role in roles]
    untold = next((answer for answer in answers if isinstance(answer, NotTold)), None)
    if untold is not None:
        return untold
    return Named() if any(isinstance(answer, Named) for answer in answers) else NobodyNamed()


def _naming(role: str, people: People) -> Naming:
    if people.roles_untold is not None:
        return NotTold(people.roles_untold)
    teams = people.roles.content.teams_of(role) if people.roles else ()
    unread = [team for team in teams if team in people.unread_teams]
    if unread:
        return NotTold(f"{role} is held by {', '.join(unread)}, whose members are not looked up here")
    return Named() if teams or people.holders(role) else NobodyNamed()
