"""Whom a change lets approve what from the next one on, for whoever agrees to it: shown, never obeyed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy_gate.documents.spelling import listed
from policy_gate.schema.roles import Person, RoleHolders, Roles

_NOBODY: Final = RoleHolders()
_KNOWN_BY: Final = ("email", "github", "github_id", "gitlab", "gitlab_id", "keys", "identities")
"""what tells an approval or a commit to be somebody's"""


def role_changes(was: Roles | None, now: Roles | None) -> Iterator[str]:
    """A line for each role: who comes, who goes, and of whom something is said that makes them somebody else."""
    before, after = (roles.roles if roles else {} for roles in (was, now))
    for role in sorted({*before, *after}):
        said = [*_holders(before.get(role, _NOBODY), after.get(role, _NOBODY))]
        if said:
            yield f"{role}: {'; '.join(said)}"
    for field in ("revoked_keys", "revoked_identities"):
        old, new = (getattr(roles, field) if roles else [] for roles in (was, now))
        gone, added = ([it for it in one if it not in other] for one, other in ((old, new), (new, old)))
        if gone or added:
            yield f"{field}: {len(added)} more, {len(gone)} taken out"


def _holders(was: RoleHolders, now: RoleHolders) -> Iterator[str]:
    old, new = _by_name(was), _by_name(now)
    for name in dict.fromkeys((*new, *old)):
        if name not in old:
            yield f"{name} is new ({_known_by(new[name])})"
        elif name not in new:
            yield f"{name} is gone"
        elif differing := [field for field in _KNOWN_BY if old[name].get(field) != new[name].get(field)]:
            yield f"{name} differs in {listed(differing)}"
    for team in dict.fromkeys((*now.teams, *was.teams)):
        if (team in now.teams) != (team in was.teams):
            yield f"team {team} is {'new' if team in now.teams else 'gone'}"
    if was.same_as != now.same_as:
        yield f"held by whoever holds {now.same_as}" if now.same_as else f"no longer the same as {was.same_as}"


def _by_name(holders: RoleHolders) -> dict[str, dict[str, Any]]:
    """By name what is said of each person; of two with one name all that is said of either."""
    found: dict[str, dict[str, Any]] = {}
    for person in holders.members:
        said = _said_of(person)
        known = found.get(person.name)
        found[person.name] = said if known is None else _of_both(known, said)
    return found


def _of_both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    both = ((field, one.get(field), other.get(field)) for field in _KNOWN_BY)
    return {field: old if old == new else (old, new) for field, old, new in both}


def _said_of(person: Person) -> dict[str, Any]:
    return person.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def _known_by(said: Mapping[str, Any]) -> str:
    """'bo@example.com, GitHub bo-x, 1 key', by which their word will count."""
    accounts = ((said.get("email"), "{}"), (said.get("github"), "GitHub {}"), (said.get("gitlab"), "GitLab {}"))
    parts = [form.format(value) for value, form in accounts if value]
    keys = len(said.get("keys", ()))
    return ", ".join([*parts, *([f"{keys} key{'' if keys == 1 else 's'}"] if keys else [])]) or "known by nothing"
