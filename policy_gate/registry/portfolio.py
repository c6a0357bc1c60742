"""All that the portfolio page shows, read from the registry as of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from msgspec.json import decode

from policy_gate.registry.asking import sync_seen
from policy_gate.registry.database import told_by
from policy_gate.registry.questions import names_bound, over_held_states
from policy_gate.registry.store import Registry
from policy_gate.schema.portfolio import (
    AiRepository,
    LawExposure,
    Portfolio,
    PortfolioDue,
    PortfolioSystem,
    TrendPoint,
    UnreadRepository,
)

_OPEN: Final = ("gap", "unknown", "waived", "deferred")
_SYNCS: Final = 24
"""points of the trend: the last sync of each of the last so many days that had one"""
_QUERIES: Final = {
    "systems": "select * from held_systems order by repository, system",
    "laws": "select state_id, system, kind, law from held_laws order by law",
    "gates": "select state_id, system, title, verdict, missing from held_gates order by title",
    "findings": "select state_id, system, state, blame, title, due from held_findings order by due, title",
    "vendors": "select distinct state_id, system, vendor from held_vendors order by vendor",
    "models": "select distinct state_id, system, model from held_models order by model",
    "incidents": "select state_id, system from held_incidents where resolved_at is null",
    "law_rows": "select repository, system, regulation, state, applies_from from held_law_rows order by regulation",
    # An approval that has ended is spent, or was for nothing: nobody owes another for what was merged.
    "due": (
        "select repository, system, kind, title, day, owner from held_due_dates "
        "where not (kind = 'approval' and day < :as_of) order by day, repository, system"
    ),
    "unclaimed": (
        "select repository, ai_product, count(distinct path) as files from held_ai_uses where not governed "
        "group by repository, ai_product order by repository, ai_product"
    ),
    "unread": (
        "select r.name as repository, r.error, k.judged_on from repositories r "
        "left join held_states k on k.repository_id = r.id "
        "where r.error <> '' or (k.state_id is null and r.forgotten_sync is null) order by r.name"
    ),
    "trend": (
        "select id, started_at, repositories, failed from syncs "
        "where finished_at is not null and repositories > 0 and substr(started_at, 1, 10) <= :as_of order by id desc"
    ),
}
_POINT: Final = sa.text("""
with held as (
  select id, governed from states where first_sync <= :sync and (ended_sync is null or ended_sync > :sync)
)
select
  (select count(*) from held join systems y on y.state_id = held.id) as systems,
  (select count(*) from held join systems y on y.state_id = held.id
    where y.effective_tier in ('high', 'critical') or (y.effective_tier = '' and y.tier in ('high', 'critical')))
    as serious,
  (select count(*) from held join findings f on f.state_id = held.id where f.state = 'gap') as gaps,
  (select count(*) from held join findings f on f.state_id = held.id
    where f.state in ('gap', 'unknown') and (f.blame = 'overdue' or f.due < :day)) as overdue,
  (select count(distinct u.state_id) from held join ai_uses u on u.state_id = held.id where not held.governed)
    as unclaimed
""")

Row = Mapping[str, Any]
Key = tuple[int, str]


def portfolio_of(registry: Registry, as_of: date, version: str) -> Portfolio:
    """What was known at the end of a day."""
    today = as_of.isoformat()
    with told_by(registry.place), registry.engine.connect() as connection, connection.begin():
        found = {name: _rows(connection, over_held_states(sql), today) for name, sql in _QUERIES.items()}
        trend = _trend(connection, found["trend"])
        sync = sync_seen(connection, as_of)
    unclaimed: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in found["unclaimed"]:
        unclaimed[row["repository"]].append((row["ai_product"], row["files"]))
    return Portfolio(
        as_of=today,
        version=version,
        sync=sync,
        systems=_systems(found, today),
        law=_law(found["law_rows"]),
        due=tuple(
            PortfolioDue(
                it["day"], it["title"], it["kind"], it["repository"], it["system"], it["owner"], it["day"] < today
            )
            for it in found["due"]
        ),
        trend=trend,
        unclaimed=tuple(AiRepository(name, tuple(uses)) for name, uses in sorted(unclaimed.items())),
        unread=tuple(UnreadRepository(it["repository"], it["error"], it["judged_on"] or "") for it in found["unread"]),
    )


def _rows(connection: sa.Connection, sql: str, today: str) -> Sequence[Row]:
    binds = dict.fromkeys(names_bound(sql), today)
    return [dict(row) for row in connection.execute(sa.text(sql), binds).mappings()]


def _by_system(rows: Sequence[Row]) -> Mapping[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["state_id"], row["system"]].append(row)
    return found


def _systems(found: Mapping[str, Sequence[Row]], today: str) -> tuple[PortfolioSystem, ...]:
    of = {name: _by_system(found[name]) for name in ("laws", "gates", "findings", "vendors", "models", "incidents")}
    made = []
    for row in found["systems"]:
        key = (row["state_id"], row["system"])
        findings = [it for it in of["findings"].get(key, ()) if it["state"] in _OPEN]
        findings.sort(key=lambda it: (_OPEN.index(it["state"]), it["due"] or "9999"))
        made.append(
            PortfolioSystem(
                repository=row["repository"],
                id=row["system"],
                name=row["name"],
                description=row["description"],
                team=row["owner_team"],
                contact=row["incident_contact"],
                stage=row["stage"],
                tier=row["tier"],
                score=row["score"],
                verdict=row["verdict"],
                law=tuple(it["law"] for it in of["laws"].get(key, ())),
                gaps=sum(it["state"] == "gap" for it in findings),
                unknown=sum(it["state"] == "unknown" for it in findings),
                waived=sum(it["state"] == "waived" for it in findings),
                overdue=sum(_is_late(it, today) for it in findings),
                next_due=row["next_due"] or "",
                next_due_title=row["next_due_title"],
                vendors=tuple(it["vendor"] for it in of["vendors"].get(key, ())),
                models=tuple(it["model"] for it in of["models"].get(key, ())),
                incidents=len(of["incidents"].get(key, ())),
                gates=tuple(
                    (it["title"], it["verdict"], tuple(decode(it["missing"]))) for it in of["gates"].get(key, ())
                ),
                open=tuple((it["state"], it["title"], it["due"] or "") for it in findings),
                manifest=row["manifest"],
                read_on=row["judged_on"],
            )
        )
    return tuple(made)


def _is_late(finding: Row, today: str) -> bool:
    if finding["state"] not in ("gap", "unknown"):
        return False
    return finding["blame"] == "overdue" or bool(finding["due"] and finding["due"] < today)


def _law(rows: Sequence[Row]) -> tuple[LawExposure, ...]:
    by_law: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_law[row["regulation"]].append(row)
    return tuple(_exposure(law, by_law[law]) for law in sorted(by_law))


def _exposure(law: str, rows: Sequence[Row]) -> LawExposure:
    coming: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["state"] == "upcoming" and row["applies_from"]:
            coming[row["applies_from"]].append(row)
    return LawExposure(
        regulation=law,
        systems=tuple(sorted({(it["repository"], it["system"]) for it in rows})),
        in_force=sum(it["state"] != "upcoming" for it in rows),
        incomplete=sum(it["state"] in ("gap", "waived", "deferred") for it in rows),
        unknown=sum(it["state"] == "unknown" for it in rows),
        upcoming=sum(it["state"] == "upcoming" for it in rows),
        days=tuple(
            (day, len(found), len({(it["repository"], it["system"]) for it in found}))
            for day, found in sorted(coming.items())
        ),
    )


def _trend(connection: sa.Connection, syncs: Sequence[Row]) -> tuple[TrendPoint, ...]:
    days: dict[str, Row] = {}
    for sync in syncs:
        days.setdefault(sync["started_at"][:10], sync)
    points = []
    for day, sync in sorted(days.items())[-_SYNCS:]:
        seen = connection.execute(_POINT, {"sync": sync["id"], "day": day}).mappings().one()
        points.append(TrendPoint(day=day, repositories=sync["repositories"], failed=sync["failed"], **seen))
    return tuple(points)
