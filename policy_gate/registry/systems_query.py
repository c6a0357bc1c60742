"""Which systems a registry holds: filtered, sorted, now or as known on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql import operators

from policy_gate.documents.spelling import spelling_hint
from policy_gate.errors import UsageError
from policy_gate.registry.tables import (
    due_dates,
    findings,
    law_rows,
    models,
    repositories,
    states,
    syncs,
    system_laws,
    systems,
    vendors,
)
from policy_gate.schema.registry_list import ListedSystem, SystemFilter, SystemList
from policy_gate.schema.vocabulary import TIERS

TIER: Final = sa.case((systems.c.effective_tier != "", systems.c.effective_tier), else_=systems.c.tier)
_MOST_BINDS: Final = 500
_RANK: Final = sa.case({tier: rank for rank, tier in enumerate(TIERS)}, value=TIER, else_=-1)
SORTS: Final[dict[str, tuple[Any, ...]]] = {
    "repository": (repositories.c.name, systems.c.system),
    "id": (systems.c.system, repositories.c.name),
    "name": (systems.c.name,),
    "tier": (_RANK.desc(), systems.c.score.desc().nulls_last()),
    "score": (systems.c.score.desc().nulls_last(),),
    "stage": (systems.c.stage,),
    "owner": (systems.c.owner_team,),
    "verdict": (systems.c.verdict,),
    "due": (systems.c.next_due.asc().nulls_last(),),
}
"""By name, what a list can be sorted by; repository and id decide between equals."""


def holds(connection: sa.Connection, as_of: date | None) -> sa.ColumnElement[bool]:
    """Which states held at the end of a day, or hold now. UsageError where nothing was known by then."""
    if as_of is None:
        return states.c.ended_sync.is_(None)
    # Numbers of syncs, and not their instants, tell what came first: a clock may have gone backwards.
    next_day = (as_of + timedelta(days=1)).isoformat() if as_of < date.max else "9999-12-32"
    last = connection.scalar(sa.select(sa.func.max(syncs.c.id)).where(syncs.c.started_at < next_day))
    if last is None:
        raise UsageError(f"nothing was known on {as_of}: the first sync is later", hint="give a later --as-of")
    return sa.and_(states.c.first_sync <= last, sa.or_(states.c.ended_sync.is_(None), states.c.ended_sync > last))


def filtered(connection: sa.Connection, asked: SystemFilter) -> tuple[sa.ColumnElement[bool], tuple[str, ...]]:
    """The condition over systems, states and repositories that a filter is, and its values that nothing has."""
    conditions = [holds(connection, asked.as_of)]
    unmatched: list[str] = []

    def matched(kind: str, values: Sequence[str], *columns: Any) -> list[str]:
        known = {text for column in columns for text in connection.scalars(sa.select(column).distinct()) if text}
        found = {text for value in values for text in _matches(value, known)}
        for value in values:
            if not _matches(value, known):
                hint = spelling_hint(value, known, none="")
                unmatched.append(f'no {kind} "{value}" in the registry' + (f"; {hint}" if hint else ""))
        return sorted(found)

    if asked.tiers:
        conditions.append(_any(TIER, matched("tier", asked.tiers, systems.c.effective_tier, systems.c.tier)))
    if asked.stages:
        conditions.append(_any(systems.c.stage, matched("stage", asked.stages, systems.c.stage)))
    if asked.owners:
        conditions.append(_any(systems.c.owner_team, matched("owner", asked.owners, systems.c.owner_team)))
    if asked.repositories:
        names = matched("repository", asked.repositories, repositories.c.name)
        conditions.append(_any(repositories.c.name, names))
    if asked.laws:
        laws = matched("law", asked.laws, system_laws.c.law, law_rows.c.regulation)
        said = _of_system(system_laws, _any(system_laws.c.law, laws))
        conditions.append(sa.or_(said, _of_system(law_rows, _any(law_rows.c.regulation, laws))))
    if asked.vendors:
        names = matched("vendor", asked.vendors, vendors.c.vendor, vendors.c.vendor_name)
        either = sa.or_(_any(vendors.c.vendor, names), _any(vendors.c.vendor_name, names))
        conditions.append(_of_system(vendors, either))
    if asked.models:
        conditions.append(_of_system(models, _any(models.c.model, matched("model", asked.models, models.c.model))))
    if asked.overdue:
        day = asked.day.isoformat()
        late = _of_system(due_dates, due_dates.c.day < day), _of_system(findings, findings.c.due < day)
        conditions.append(sa.or_(*late, systems.c.next_due < day))
    return sa.and_(*conditions), tuple(unmatched)


def joined() -> Any:
    """Systems with their states and repositories."""
    return systems.join(states, states.c.id == systems.c.state_id).join(
        repositories, repositories.c.id == states.c.repository_id
    )


def listed_systems(connection: sa.Connection, asked: SystemFilter) -> SystemList:
    """The systems that a filter leaves, in its order; UsageError for an order that there is not."""
    where, unmatched = filtered(connection, asked)
    order = [*SORTS[asked.sort], repositories.c.name, systems.c.system, systems.c.position]
    columns = (
        systems.c.state_id,
        repositories.c.name,
        systems.c.system,
        systems.c.name,
        systems.c.owner_team,
        systems.c.stage,
        TIER,
        systems.c.score,
        systems.c.verdict,
        systems.c.next_due,
        systems.c.next_due_title,
    )
    query = sa.select(*columns).select_from(joined()).where(where)
    # The database sorts only as much as is asked for; the other way round, the first of a list are its last.
    wanted = query.order_by(*(map(_turned, order) if asked.reverse else order)).limit(asked.limit)
    rows = connection.execute(wanted).all()
    total = len(rows)
    if asked.limit is not None and total >= asked.limit:
        total = connection.scalar(sa.select(sa.func.count()).select_from(joined()).where(where)) or 0
    laws = _laws(connection, {row[0] for row in rows}, asked.as_of)
    found = tuple(ListedSystem(*row[1:], laws=laws.get((row[0], row[2]), ())) for row in rows)
    unread = connection.execute(
        sa.select(repositories.c.name, repositories.c.error)
        .where(repositories.c.error != "")
        .order_by(repositories.c.name)
    )
    return SystemList(found, total, unmatched, tuple((name, error) for name, error in unread))


def _turned(order: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The other way round, what is empty as well: it sorts last, and so comes first."""
    if isinstance(order, sa.UnaryExpression):
        element = order.element
        if order.modifier is operators.nulls_last_op:
            return _turned(element).nulls_first()
        return element.desc() if order.modifier is operators.asc_op else element.asc()
    return order.desc()


def _laws(connection: sa.Connection, wanted: set[int], as_of: date | None) -> dict[tuple[int, str], tuple[str, ...]]:
    query = sa.select(system_laws.c.state_id, system_laws.c.system, system_laws.c.law)
    if len(wanted) <= _MOST_BINDS:
        query = query.where(system_laws.c.state_id.in_(wanted))
    else:
        query = query.join(states, states.c.id == system_laws.c.state_id).where(holds(connection, as_of))
    found: dict[tuple[int, str], tuple[str, ...]] = {}
    for state, system, law in connection.execute(
        query.where(system_laws.c.kind == "class").order_by(system_laws.c.state_id, system_laws.c.position)
    ):
        found[state, system] = (*found.get((state, system), ()), law)
    return found


def _of_system(table: sa.Table, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether a system has a row of another table of which the condition holds.

    Asked once for all systems: as a question about each of them, what is common among the rows is looked through again
    and again.
    """
    having = sa.select(table.c.state_id, table.c.system).where(condition)
    return sa.tuple_(systems.c.state_id, systems.c.system).in_(having)


def _any(column: Any, values: Sequence[str]) -> sa.ColumnElement[bool]:
    if len(values) <= _MOST_BINDS:
        return sa.ColumnElement.in_(column, values)
    # A database takes only so many parameters; its text may be as long as need be.
    several: sa.BindParameter[Any] = sa.bindparam(None, values, expanding=True, literal_execute=True)
    return sa.ColumnElement.in_(column, several)


def _matches(value: str, known: Iterable[str]) -> list[str]:
    """What is meant by a value of a filter: the same but for upper and lower case, with `*` for anything."""
    folded = value.casefold()
    pattern = re.compile(".*".join(map(re.escape, folded.split("*"))), re.DOTALL)
    return [text for text in known if text.casefold() == folded or pattern.fullmatch(text.casefold())]
