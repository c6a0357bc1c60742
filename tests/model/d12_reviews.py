"""D12, D56: reviews of a forge, and roles that its teams hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from d01_step import Step, Yes


def reviews(step: Step, seen: Mapping[int | None, Any]) -> Iterator[Yes]:
    """The last word of each reviewer, where it is a yes: to all that its commit asked for, in any role.

    `seen` is, by commit, what it asked approvals for.
    """
    last = {it.who: it for it in step.forge.reviews} if step.forge and not step.forge.is_silent else {}
    for it in last.values():
        for (system, for_), about in seen[it.commit].items() if it.says == "approved" else ():
            yield Yes(it.who, "", for_, system, about, it.day, is_verified=True)


def is_held(role: str, said: Yes, step: Step) -> bool:
    """Base names who said it, or one of its teams that the forge knows the reviewer to be in."""
    held = step.base["roles"].get(role, ())
    teams = step.forge.teams if step.forge and said.is_verified else {}
    return said.who in held or any(said.who in teams.get(name, ()) for name in held)


def is_untold(roles: tuple[str, ...], step: Step) -> bool:
    """Silence is no answer: of a forge that was asked, or of a team where none is."""
    held = [name for role in roles for name in step.base["roles"].get(role, ())]
    return step.forge.is_silent if step.forge else any(":" in name for name in held)
