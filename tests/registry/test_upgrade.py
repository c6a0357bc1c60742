"""Databases of every schema that was released come to the newest, with all their rows."""

from __future__ import annotations

import sqlite3
import warnings
from datetime import date
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from registry_world import record, synced, system

from policy_gate.errors import UsageError
from policy_gate.registry import upgrade
from policy_gate.registry.asking import answered
from policy_gate.registry.database import engine_of
from policy_gate.registry.location import location_of
from policy_gate.registry.questions import questions
from policy_gate.registry.store import Registry
from policy_gate.registry.tables import OF_STATE, metadata

DUMPS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))


def test_the_tables_in_the_code_are_those_that_the_steps_make(registry: Registry) -> None:
    def difference(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"version_table": upgrade.VERSION_TABLE})
        return list(compare_metadata(context, metadata))

    assert registry.ask(difference) == []


def test_every_view_answers(registry: Registry) -> None:
    synced(registry, "2026-11-01", [record()])

    def counts(connection: sa.Connection) -> dict[str, int]:
        names = sa.inspect(connection).get_view_names()
        query = sa.select(sa.func.count())
        return {it: connection.execute(query.select_from(sa.table(it))).scalar_one() for it in names}

    found = registry.ask(counts)
    assert {f"current_{table.name}" for table in OF_STATE} | {f"known_{table.name}" for table in OF_STATE} < set(found)
    assert not [name for name, rows in found.items() if rows == 0]


@pytest.mark.parametrize(
    ("view", "name"),
    [("decides_about_employment", "decides-about"), ("personal_data_without_agreement", "vendors-without-agreement")],
)
def test_a_view_says_what_the_question_says(registry: Registry, view: str, name: str) -> None:
    by_fact = system("SYS-2", risk_profile=None, facts={"system.decision_domain": ["employment"]})
    others = system("SYS-3", risk_profile=None, facts=None), system("SYS-4", risk_profile={}, facts={"a": "credit"})
    held = record("acme/b", by_fact, *others)
    terms = ((True, None), (True, True), (None, False))
    with_terms = tuple(
        msgspec.structs.replace(it, sends_personal_data=sends, has_dpa=has)
        for it, (sends, has) in zip(held.vendors, terms, strict=True)
    )
    synced(registry, "2026-11-01", [record(), msgspec.structs.replace(held, vendors=with_terms)])
    columns = ("repository", "system", *(["said_by"] if name == "decides-about" else []))
    told = answered(registry, questions()[name], {}, date(2026, 11, 29))
    asked = [tuple(row[told.columns.index(it)] for it in columns) for row in told.rows]
    seen = registry.ask(lambda c: c.execute(sa.select(*map(sa.column, columns)).select_from(sa.table(view))).all())
    assert sorted(map(tuple, seen)) == sorted(asked)
    assert len(asked) == 3


def test_there_is_a_database_of_each_schema() -> None:
    assert [file.stem for file in DUMPS] == [str(number + 1) for number in range(upgrade.newest_schema())]


@pytest.mark.parametrize("dump", DUMPS, ids=lambda file: file.stem)
def test_a_database_of_a_released_schema_keeps_its_rows(tmp_path: Path, dump: Path) -> None:
    file = tmp_path / "registry.db"
    with sqlite3.connect(file) as connection:
        connection.executescript(dump.read_text("utf-8"))
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        before = {it: connection.execute(f"SELECT count(*) FROM {it}").fetchone()[0] for it in names}  # noqa: S608
    connection.close()
    with Registry.open(file, for_writing=True) as registry:
        assert registry.ask(upgrade.schema_of) == upgrade.newest_schema()
        after = registry.ask(
            lambda c: {it: c.scalar(sa.select(sa.func.count()).select_from(sa.table(it))) for it in before}
        )
    assert after == before
    assert min(before.values()) > 0


def test_whose_a_waiver_is_is_empty_for_what_was_read_before_and_kept_from_then_on(database: str) -> None:
    """The views over waivers, too, which PostgreSQL keeps with the columns that they began with."""
    engine = engine_of(location_of(database), for_writing=True)
    config = upgrade._config()
    with engine.begin() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        config.attributes["connection"] = connection
        command.upgrade(config, "1")
        assert upgrade.schema_of(connection) == 1
        for row in (
            "syncs (started_at) VALUES ('2026-10-01')",
            "repositories (name, first_sync, last_sync) VALUES ('acme/old', 1, 1)",
            "states (repository_id, first_sync) VALUES (1, 1)",
            "waivers (state_id, position, system, rule, expires) VALUES (1, 0, 'SYS-1', 'old', '2026-12-01')",
        ):
            connection.execute(sa.text(f"INSERT INTO {row}"))
    engine.dispose()
    with Registry.open(database, for_writing=True) as registry:
        synced(registry, "2026-11-01", [record()])
        told = answered(registry, questions()["waivers-ending"], {}, date(2026, 11, 29))
        names = [told.columns.index(it) for it in ("repository", "rule", "owner", "approver", "created")]
        found = {tuple(row[it] for it in names) for row in told.rows}
        seen = registry.ask(lambda c: c.execute(sa.text("SELECT owner, approver FROM known_waivers")).all())
    assert ("acme/old", "old", "", "", "") in found
    assert {row[2:] for row in found} == {("", "", ""), ("Bo", "Ann", "2026-05-01")}
    assert {tuple(row) for row in seen} == {("", ""), ("Bo", "Ann")}


def test_a_newer_one_is_refused(database: str, registry: Registry) -> None:
    with registry.engine.begin() as connection:
        connection.execute(sa.text("UPDATE registry_schema SET version_num = '99'"))
    for for_writing in (True, False):
        with pytest.raises(UsageError, match="has schema 99; this version of policy-gate knows none above"):
            Registry.open(database, for_writing=for_writing)


def test_an_older_one_that_is_only_read_names_the_command(
    database: str, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrade, "newest_schema", lambda: 99)
    with pytest.raises(UsageError) as told:
        Registry.open(database)
    assert told.value.hint == "upgrade it with: policy-gate registry upgrade"
