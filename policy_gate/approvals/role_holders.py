"""Who holds which role, by what base says of it: no repository, forge or key is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from policy_gate.people.identity import joined
from policy_gate.schema.check_inputs import CheckInputs
from policy_gate.schema.people import People
from policy_gate.schema.roles import Person, Roles, forge_of_team
from policy_gate.schema.source import Document

if TYPE_CHECKING:
    from policy_gate.approvals.source import SourceAnswer


def names_only(inputs: CheckInputs) -> People:
    """The roles of base and who holds them; nobody is asked anything."""
    return People(
        roles=inputs.roles,
        roles_file=inputs.roles_file,
        roles_untold=inputs.roles_untold,
        target_branch=inputs.target_branch,
        members=joined(members_of(inputs.roles)),
        notes=tuple(role_notes(inputs.roles)),
    )


def members_of(roles: Document[Roles] | None) -> Mapping[str, tuple[Person, ...]]:
    """Role id to the people who hold it, each once; `same_as` is followed, in circles only once round."""
    if roles is None:
        return {}
    return {role: tuple(_holders(roles.content, role)) for role in sorted(roles.content.roles)}


def _holders(roles: Roles, role: str) -> list[Person]:
    found: list[Person] = []
    for held in roles.holding(role):
        found += [person for person in held.members if person not in found]
    return found


def role_notes(roles: Document[Roles] | None, answers: Sequence[SourceAnswer] = ()) -> Iterator[str]:
    """What is to be said of the roles themselves, sorted by their names."""
    unread = frozenset(unread_teams(roles, answers))
    for name, held in sorted(roles.content.roles.items()) if roles else ():
        if held.same_as is not None and held.same_as not in (roles.content.roles if roles else ()):
            yield f"role {name} is said to be the same as {held.same_as}, which nobody describes"
        unseen = [team for team in held.teams if team in unread]
        if unseen:
            yield f"role {name}: the members of {', '.join(unseen)} are not looked up here"


def unread_teams(roles: Document[Roles] | None, answers: Sequence[SourceAnswer]) -> Iterator[str]:
    """The teams that no source here looks anybody up in: of another forge than this job's, or of none."""
    forges = {answer.source.partition("-")[0] for answer in answers}
    for held in roles.content.roles.values() if roles else ():
        yield from (team for team in held.teams if forge_of_team(team) not in forges)
