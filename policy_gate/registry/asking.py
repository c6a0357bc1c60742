"""Asking a registry: a named question, and which sync its answer speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from policy_gate.documents.spelling import did_you_mean
from policy_gate.registry.database import told_by
from policy_gate.registry.questions import bound, complete_sql, names_bound
from policy_gate.registry.store import Registry
from policy_gate.registry.tables import approvals, findings, law_rows, models, system_laws, systems, vendors
from policy_gate.schema.portfolio import SyncSeen
from policy_gate.schema.registry_answer import Answer, Question

_SYNC: Final = sa.text("""
select id, started_at, repositories, failed from syncs
where finished_at is not null and repositories > 0 and substr(started_at, 1, 10) <= :as_of
order by id desc limit 1
""")
_UNREAD: Final = sa.text("""
select sum(case when r.error <> '' then 1 else 0 end), sum(case when s.id is null then 1 else 0 end), count(*),
  min(case when r.error <> '' then s.as_of end)
from repositories r
left join states s on s.repository_id = r.id and s.ended_sync is null
where r.forgotten_sync is null
""")
_WORDS: Final[Mapping[str, tuple[str, tuple[Any, ...]]]] = {
    "approver": ("approval by", (approvals.c.approver,)),
    "law": ("law", (system_laws.c.law, law_rows.c.regulation)),
    "model": ("model", (models.c.model,)),
    "stage": ("stage", (systems.c.stage,)),
    "system": ("system", (systems.c.system,)),
    "team": ("team", (systems.c.owner_team,)),
    "tier": ("tier", (systems.c.effective_tier, systems.c.tier)),
    "vendor": ("vendor", (vendors.c.vendor, vendors.c.vendor_name)),
    "what": ("finding of", (findings.c.subject,)),
}
"""By the name of a parameter, what its value is and where such values stand."""

_BEGINNINGS: Final = ("law", "model")
"""Those of which the beginning of a value will do."""


def answered(registry: Registry, question: Question, given: Mapping[str, str], as_of: date) -> Answer:
    """The answer to a question as of the end of a day."""
    asked = bound(question, given, as_of)
    sql = complete_sql(question)
    binds: dict[str, Any] = {"as_of": as_of.isoformat(), **asked}
    with told_by(registry.place), registry.engine.connect() as connection, connection.begin():
        result = connection.execute(sa.text(sql), {name: binds[name] for name in names_bound(sql)})
        columns, rows = tuple(result.keys()), tuple(tuple(row) for row in result)
        unmatched = () if rows else tuple(_unmatched(connection, asked))
        return Answer(question, as_of.isoformat(), asked, sync_seen(connection, as_of), columns, rows, unmatched)


def _unmatched(connection: sa.Connection, asked: Mapping[str, str]) -> Iterator[str]:
    """The words of a question that stand nowhere in the registry: an empty answer to them says nothing."""
    for name, value in asked.items():
        if name not in _WORDS or not value:
            continue
        kind, columns = _WORDS[name]
        known = {text for column in columns for text in connection.scalars(sa.select(column).distinct()) if text}
        if not any(text == value or (name in _BEGINNINGS and text.startswith(value)) for text in known):
            hint = did_you_mean(value, sorted(known))
            yield f'There is no {kind} "{value}" in the registry{f"; {hint}" if hint else "."}'


def sync_seen(connection: sa.Connection, as_of: date) -> SyncSeen:
    """The last sync that was finished by the end of a day, and what is not known since."""
    failed, unread, known, oldest = connection.execute(_UNREAD).one()
    found = connection.execute(_SYNC, {"as_of": as_of.isoformat()}).one_or_none()
    if found is None:
        return SyncSeen()
    return SyncSeen(found[1], found[0], known, failed or 0, unread or 0, oldest or "")
