"""A record as rows, and rows as the record that they came from: one pair of functions a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from policy_gate.documents.spelling import listed
from policy_gate.schema.canonical import canonical, digest_of
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.registry_record import (
    AiUseRecord,
    DueRecord,
    FindingRecord,
    GateStatus,
    IncidentRecord,
    LawRecord,
    ModelRecord,
    RecordedApproval,
    RepositoryRecord,
    SystemRecord,
    VendorRecord,
    WaiverRecord,
)

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]

RENAMED: Final[Mapping[str, Mapping[str, str]]] = {
    "findings": {"id": "finding"},
    "law_rows": {"row": "law_row"},
    "vendors": {"id": "vendor"},
    "models": {"name": "model"},
    "incidents": {"id": "incident"},
    "gates": {"id": "gate"},
}
"""Fields of a record that are called otherwise in their table, where the names of several kinds stand side by side."""
_UNKEPT: Final = lazy_pattern("[\x00\ud800-\udfff]")
_PLAIN: Final = (
    ("findings", "findings"),
    ("law", "law_rows"),
    ("vendors", "vendors"),
    ("models", "models"),
    ("approvals", "approvals"),
    ("waivers", "waivers"),
    ("due", "due_dates"),
    ("ai_uses", "ai_uses"),
)
"""Fields of a record whose items are one row each, and their tables."""
_OF_SYSTEM: Final = frozenset({"law_class", "regulatory_scope", "risk_profile", "gates", "score_range", "facts", "id"})


def rows_of(record: RepositoryRecord) -> dict[str, list[Row]]:
    """The rows of each table for all that a record holds, each with its `position`."""
    found = {table: _numbered(_row(table, item) for item in getattr(record, name)) for name, table in _PLAIN}
    found["systems"] = _numbered(map(_system, record.systems))
    found["system_laws"] = _numbered(row for system in record.systems for row in _laws(system))
    found["system_risks"] = _numbered(row for system in record.systems for row in _risks(system))
    found["gates"] = _numbered(
        {"system": system.id} | _row("gates", gate) for system in record.systems for gate in system.gates
    )
    found["incidents"] = _numbered(_row("incidents", item) for item in record.incidents)
    found["clocks"] = _numbered(row for place, item in enumerate(record.incidents) for row in _clocks(place, item))
    return {table: [_kept_row(row) for row in rows] for table, rows in found.items()}


def unkept(record: RepositoryRecord) -> str:
    """Why a record is not kept; empty where it is. What belongs to a system says its id alone, so that of two systems
    of one id nobody could tell whose it is.
    """
    homes: dict[str, list[str]] = {}
    for system in record.systems:
        homes.setdefault(system.id, []).append(system.manifest or "a manifest that it does not name")
    for id_, manifests in homes.items():
        if len(manifests) > 1:
            return record.error or f"it declares {id_} {len(manifests)} times, in {listed(manifests)}; give each an id"
    return record.error


def content_digest(record: RepositoryRecord, rows: Mapping[str, Sequence[Row]]) -> str:
    """What two records have in common that say the same: not when, at which commit or by which version it was said."""
    return digest_of([record.governed, kept(record.verdict), kept(record.headline), rows])


def kept(text: str) -> str:
    """Text as both databases can keep it: a NUL and half a surrogate pair by their `\\uXXXX` names."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNKEPT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _kept_row(row: Row) -> Row:
    return {name: kept(value) if isinstance(value, str) else value for name, value in row.items()}


def _numbered(rows: Iterable[Row]) -> list[Row]:
    return [row | {"position": position} for position, row in enumerate(rows)]


def _row(table: str, item: msgspec.Struct, without: frozenset[str] = frozenset()) -> Row:
    names = RENAMED.get(table, {})
    found: Row = {}
    for field in item.__struct_fields__:
        if field in without or field == "clocks":
            continue
        value = getattr(item, field)
        found[names.get(field, field)] = canonical(value) if isinstance(value, tuple) else value
    return found


def _system(system: SystemRecord) -> Row:
    low, high = system.score_range
    facts = None if system.facts is None else canonical(msgspec.to_builtins(system.facts))
    return _row("systems", system, _OF_SYSTEM) | {
        "system": system.id,
        "score_low": low,
        "score_high": high,
        "facts": facts,
        "has_risk_profile": system.risk_profile is not None,
    }


def _laws(system: SystemRecord) -> Iterator[Row]:
    for kind, laws in (("class", system.law_class), ("regulation", system.regulatory_scope)):
        for law in laws:
            yield {"system": system.id, "kind": kind, "law": law}


def _risks(system: SystemRecord) -> Iterator[Row]:
    for dimension, level in sorted((system.risk_profile or {}).items()):
        yield {"system": system.id, "dimension": dimension, "level": level}


def _clocks(place: int, incident: IncidentRecord) -> Iterator[Row]:
    for clock, state, deadline in incident.clocks:
        yield {
            "incident_position": place,
            "incident": incident.id,
            "system": incident.system,
            "clock": clock,
            "state": state,
            "deadline": deadline,
        }


def record_of(state: Mapping[str, Any], rows: Rows) -> RepositoryRecord:
    """The record that a state and its rows, in their order, were made of."""
    clocks: dict[int, list[tuple[str, str, str | None]]] = {}
    for row in rows["clocks"]:
        clocks.setdefault(row["incident_position"], []).append((row["clock"], row["state"], row["deadline"]))
    return RepositoryRecord(
        repository=state["repository"],
        source=state["source"],
        commit=state["commit_id"],
        branch=state["branch"],
        as_of=state["as_of"],
        tool_version=state["tool_version"],
        policies_digest=state["policies_digest"],
        governed=state["governed"],
        verdict=state["verdict"],
        headline=state["headline"],
        error=state["error"],
        systems=systems_of(rows),
        findings=_items(FindingRecord, "findings", rows),
        law=_items(LawRecord, "law_rows", rows),
        vendors=_items(VendorRecord, "vendors", rows),
        models=_items(ModelRecord, "models", rows),
        incidents=tuple(
            _item(IncidentRecord, "incidents", row, clocks=tuple(clocks.get(row["position"], ())))
            for row in rows["incidents"]
        ),
        approvals=_items(RecordedApproval, "approvals", rows),
        waivers=_items(WaiverRecord, "waivers", rows),
        due=_items(DueRecord, "due_dates", rows),
        ai_uses=_items(AiUseRecord, "ai_uses", rows),
    )


def systems_of(rows: Rows) -> tuple[SystemRecord, ...]:
    """The systems among the rows of one state."""
    laws: dict[tuple[str, str], list[str]] = {}
    for row in rows["system_laws"]:
        laws.setdefault((row["system"], row["kind"]), []).append(row["law"])
    risks: dict[str, dict[str, str]] = {}
    for row in rows["system_risks"]:
        risks.setdefault(row["system"], {})[row["dimension"]] = row["level"]
    gates: dict[str, list[GateStatus]] = {}
    for row in rows["gates"]:
        gates.setdefault(row["system"], []).append(_item(GateStatus, "gates", row))
    return tuple(
        _item(
            SystemRecord,
            "systems",
            row,
            id=row["system"],
            score_range=(row["score_low"], row["score_high"]),
            facts=None if row["facts"] is None else json.loads(row["facts"]),
            law_class=tuple(laws.get((row["system"], "class"), ())),
            regulatory_scope=tuple(laws.get((row["system"], "regulation"), ())),
            risk_profile=risks.get(row["system"], {}) if row["has_risk_profile"] else None,
            gates=tuple(gates.get(row["system"], ())),
        )
        for row in rows["systems"]
    )


def _items(kind: type[Any], table: str, rows: Rows) -> tuple[Any, ...]:
    return tuple(_item(kind, table, row) for row in rows[table])


def _item(kind: type[Any], table: str, row: Mapping[str, Any], **given: Any) -> Any:
    names = RENAMED.get(table, {})
    for field in msgspec.structs.fields(kind):
        if field.name not in given:
            value = row[names.get(field.name, field.name)]
            given[field.name] = tuple(json.loads(value)) if isinstance(field.default, tuple) else value
    return kind(**given)
