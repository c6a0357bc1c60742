"""What a registry has an answer for already, so that a sync need not ask it."""

from __future__ import annotations

import sqlalchemy as sa
from msgspec import Struct

from policy_gate.registry.database import told_by
from policy_gate.registry.store import Registry
from policy_gate.registry.tables import repositories, states


class AskedBefore(Struct, frozen=True):
    """By what was asked, the name of the repository: `answered` what needs no asking, `held` what states rest on.

    One that failed since is in `held` alone.
    """

    answered: dict[str, str]
    held: dict[str, str]


def asked_before(registry: Registry) -> AskedBefore:
    """Both of them, in one look at the database."""
    current = sa.select(states.c.asked_for, repositories.c.name).join(
        repositories, repositories.c.id == states.c.repository_id
    )
    with told_by(registry.place), registry.engine.connect() as connection, connection.begin():
        rows = connection.execute(sa.select(repositories.c.asked_for, repositories.c.name))
        answered = {asked: name for asked, name in rows if asked}
        held = connection.execute(current.where(states.c.ended_sync.is_(None)))
        return AskedBefore(answered, {asked: name for asked, name in held if asked})
