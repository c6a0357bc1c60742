"""What a registry has an answer for already, so that a sync need not ask it, and whose each name is."""

from __future__ import annotations

import sqlalchemy as sa
from msgspec import Struct

from policy_gate.registry.database import told_by
from policy_gate.registry.store import Registry
from policy_gate.registry.tables import repositories, states


class Held(Struct, frozen=True):
    """What is known under a name: `asked_for` is what was asked last, `source` where it was read from."""

    asked_for: str
    source: str


class AskedBefore(Struct, frozen=True):
    """`answered` is by what was asked the name of the repository that needs no asking, `held` by name what is known.

    One that failed since is in `held` alone. `unread` has by name the source of those of which nothing is known.
    """

    answered: dict[str, str]
    held: dict[str, Held]
    unread: dict[str, str]


def asked_before(registry: Registry) -> AskedBefore:
    """Both of them, in one look at the database."""
    holding = sa.and_(states.c.repository_id == repositories.c.id, states.c.ended_sync.is_(None))
    row = (repositories.c.name, repositories.c.asked_for, states.c.asked_for, repositories.c.source)
    query = sa.select(*row).select_from(repositories.outerjoin(states, holding))
    with told_by(registry.place), registry.engine.connect() as connection, connection.begin():
        rows = connection.execute(query).all()
    answered = {asked: name for name, asked, _, _ in rows if asked}
    known = [(name, asked or earlier or "", source) for name, asked, earlier, source in rows]
    held = {name: Held(asked, source) for name, asked, source in known if asked}
    return AskedBefore(answered, held, {name: source for name, asked, source in known if not asked})
