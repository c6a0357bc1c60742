"""What a sync puts into a registry comes out again, each content once, whatever happened in between."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from registry_world import record, synced, system

from policy_gate.errors import UsageError
from policy_gate.registry.asking import answered
from policy_gate.registry.portfolio import portfolio_of
from policy_gate.registry.questions import questions
from policy_gate.registry.records_query import exported_records, shown_system, system_history
from policy_gate.registry.store import Registry
from policy_gate.registry.systems_query import listed_systems
from policy_gate.registry.tables import repositories, states, syncs
from policy_gate.schema.registry_list import SystemFilter
from policy_gate.schema.registry_record import RepositoryRecord

ALL = SystemFilter(day=date(2026, 11, 29))


def counted(registry: Registry, table: sa.Table) -> int:
    return registry.ask(lambda connection: connection.scalar(sa.select(sa.func.count()).select_from(table))) or 0


def exported(registry: Registry, asked: SystemFilter = ALL) -> tuple[RepositoryRecord, ...]:
    return registry.ask(lambda connection: exported_records(connection, asked))


def ids(registry: Registry, **given: object) -> list[str]:
    asked = SystemFilter(**({"day": date(2026, 11, 29)} | given))  # type: ignore[arg-type]
    return [f"{it.repository} {it.id}" for it in registry.ask(lambda c: listed_systems(c, asked)).systems]


def test_a_record_comes_out_as_it_went_in(registry: Registry) -> None:
    bare = RepositoryRecord("acme/bare")
    full = record("acme/full", system(), system("SYS-002", score=None, risk_profile=None, facts=None, gates=()))
    assert synced(registry, "2026-11-01", [full, bare]) == [True, True]
    assert exported(registry) == (bare, full)


def test_the_same_content_is_no_new_state_at_another_commit_or_day(registry: Registry) -> None:
    synced(registry, "2026-11-01", [record()])
    later = record(commit="d" * 40, as_of="2026-11-30", tool_version="2.0")
    assert synced(registry, "2026-11-02", [later]) == [False]
    assert counted(registry, states) == 1
    assert registry.ask(lambda c: c.execute(sa.select(repositories.c.commit_id)).scalar_one()) == "d" * 40


def test_a_sync_asks_again_only_for_what_is_new(registry: Registry) -> None:
    synced(registry, "2026-11-01", [record()], "one")
    registry.begin_sync("1.0", "2026-11-02T00:00:00Z")
    assert registry.is_current("acme/screener", "one")
    assert not registry.is_current("acme/screener", "two")
    assert not registry.is_current("acme/other", "one")
    registry.end_sync("2026-11-02T00:00:01Z")
    rows = registry.ask(lambda c: c.execute(sa.select(syncs.c.repositories, syncs.c.changed)).all())
    assert [tuple(row) for row in rows] == [(1, 1), (1, 0)]


def test_one_that_fails_keeps_what_it_said_and_is_asked_again(registry: Registry) -> None:
    synced(registry, "2026-11-01", [record()])
    registry.begin_sync("1.0", "2026-11-02T00:00:00Z")
    registry.failed("acme/screener", "s", "gone")
    registry.record(RepositoryRecord("acme/never", error="no such repository"), "x")
    registry.end_sync("2026-11-02T00:00:01Z")
    assert ids(registry) == ["acme/screener SYS-001"]
    unread = registry.ask(lambda c: listed_systems(c, ALL)).unread
    assert unread == (("acme/never", "no such repository"), ("acme/screener", "gone"))
    registry.begin_sync("1.0", "2026-11-03T00:00:00Z")
    assert not registry.is_current("acme/screener", "x")
    assert registry.record(record(), "x") is False
    registry.end_sync("2026-11-03T00:00:01Z")
    assert registry.ask(lambda c: listed_systems(c, ALL)).unread == (("acme/never", "no such repository"),)


def test_what_was_known_on_a_day_is_told(registry: Registry) -> None:
    synced(registry, "2026-11-01", [record()])
    synced(registry, "2026-11-10", [record("acme/screener", system(stage="deprecated"), system("SYS-002"))])
    assert ids(registry, as_of=date(2026, 11, 9)) == ["acme/screener SYS-001"]
    assert ids(registry, as_of=date(2026, 11, 10)) == ["acme/screener SYS-001", "acme/screener SYS-002"]
    with pytest.raises(UsageError, match="nothing was known on 2026-10-31"):
        ids(registry, as_of=date(2026, 10, 31))
    (old,) = exported(registry, SystemFilter(day=date(2026, 11, 9), as_of=date(2026, 11, 9)))
    assert old.systems[0].stage == "production"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"tiers": ("HIGH",)}, ["a SYS-001", "b SYS-001"]),
        ({"tiers": ("high", "low")}, ["a SYS-001", "a SYS-002", "b SYS-001"]),
        ({"tiers": ("critical",)}, []),
        ({"laws": ("nyc-ll-144",)}, ["a SYS-001", "b SYS-001"]),
        ({"laws": ("eu-ai-act:*",), "owners": ("o'team",)}, ["b SYS-001"]),
        ({"stages": ("production",), "repositories": ("a",)}, ["a SYS-001"]),
        ({"vendors": ("openai",), "models": ("gpt-*",), "repositories": ("B",)}, ["b SYS-001"]),
        ({"overdue": True, "day": date(2026, 11, 1)}, ["a SYS-002"]),
        ({"sort": "tier", "limit": 2}, ["a SYS-001", "b SYS-001"]),
        ({"sort": "due", "reverse": True}, ["b SYS-001", "a SYS-001", "a SYS-002"]),
        ({"limit": 0}, []),
    ],
)
def test_filters(registry: Registry, given: dict[str, object], found: list[str]) -> None:
    second = system("SYS-002", tier="low", effective_tier="", stage="development", law_class=(), regulatory_scope=(),
                    score=1, next_due="2026-10-01")  # fmt: skip
    first = record("a", system(), second, vendors=(), models=(), law=())
    synced(registry, "2026-11-01", [first, record("b", system(owner_team="O'Team"))])
    assert ids(registry, **given) == found


def test_more_values_than_a_database_takes(registry: Registry) -> None:
    synced(registry, "2026-11-01", [RepositoryRecord(f"r'{n}%", systems=(system(),)) for n in range(600)])
    assert len(ids(registry, repositories=("r*",))) == 600
    assert len(exported(registry)) == 600


def test_an_id_in_five_repositories_wants_the_repository(registry: Registry) -> None:
    odd = "S'1\"; --"
    synced(registry, "2026-11-01", [record(f"acme/{n}", system(odd)) for n in range(5)])
    with pytest.raises(UsageError, match="stands in 5 repositories") as told:
        registry.ask(lambda c: shown_system(c, odd, None, None))
    assert "--repository acme/0" in told.value.hint
    (shown,) = registry.ask(lambda c: shown_system(c, odd, "acme/3", None))
    assert (shown.repository, shown.systems[0].id) == ("acme/3", odd)
    with pytest.raises(UsageError) as misspelt:
        registry.ask(lambda c: shown_system(c, "S'1; --", None, None))
    assert odd in misspelt.value.hint


def test_history_tells_what_changed(registry: Registry) -> None:
    synced(registry, "2026-11-01", [record()])
    synced(registry, "2026-11-02", [record("acme/screener", system(verdict="pass"), findings=(), commit="d" * 40)])
    synced(registry, "2026-11-03", [RepositoryRecord("acme/screener")])
    first, second, third = registry.ask(lambda c: system_history(c, "SYS-001", None))
    assert ("system", "", "declared") in first.changes
    assert ("finding", "", "No red-team report (gap)") in first.changes
    assert second.commit == "d" * 40
    assert second.changes == (("verdict", "block", "pass"), ("finding", "No red-team report (gap)", ""))
    assert third.changes == (("system", "", "no longer declared"),)


def test_a_repository_that_is_forgotten_ends_and_comes_back(registry: Registry) -> None:
    synced(registry, "2026-11-01", [record(), record("acme/other")])
    registry.begin_sync("1.0", "2026-11-02T00:00:00Z")
    registry.failed("mistyped", "mistyped", "there is no such file or folder")
    registry.end_sync("2026-11-02T00:00:01Z")
    registry.begin_sync("1.0", "2026-11-03T00:00:00Z")
    told = [registry.forget(name) for name in ("acme/screener", "mistyped", "acme/screener", "never")]
    registry.end_sync("2026-11-03T00:00:01Z")
    assert told == [True, False, None, None]
    assert ids(registry) == ["acme/other SYS-001"]
    assert ids(registry, as_of=date(2026, 11, 2)) == ["acme/other SYS-001", "acme/screener SYS-001"]
    assert registry.known_repositories() == ["acme/other"]
    unread = answered(registry, questions()["not-read"], {}, date(2026, 11, 29))
    assert (unread.rows, unread.sync.unread, unread.sync.repositories, unread.sync.number) == ((), 0, 1, 2)
    assert portfolio_of(registry, date(2026, 11, 29), "1.0").unread == ()
    view = sa.select(sa.func.count()).select_from(sa.table("current_repositories"))
    assert registry.ask(lambda c: c.scalar(view)) == 1
    assert counted(registry, repositories) == 2
    registry.begin_sync("1.0", "2026-11-04T00:00:00Z")
    assert not registry.is_current("acme/screener", "x")
    assert registry.record(record(), "x")
    registry.end_sync("2026-11-04T00:00:01Z")
    assert len(ids(registry)) == 2
    past = registry.ask(lambda c: system_history(c, "SYS-001", "acme/screener"))
    assert [entry.at[:10] for entry in past] == ["2026-11-01", "2026-11-03", "2026-11-04"]
    assert past[1].changes == (("repository", "", "forgotten"),)


def test_two_systems_of_one_id_are_a_fault_and_never_mix(registry: Registry) -> None:
    synced(registry, "2026-11-01", [record()])
    twice = record("acme/screener", system(), system(manifest="b/governance.yaml"))
    assert synced(registry, "2026-11-02", [twice]) == [False]
    ((name, why),) = registry.ask(lambda c: listed_systems(c, ALL)).unread
    assert (name, why) == (
        "acme/screener",
        "it declares SYS-001 2 times, in governance.yaml and b/governance.yaml; give each an id",
    )
    assert ids(registry) == ["acme/screener SYS-001"]


def test_text_that_no_database_takes_is_kept_in_a_visible_form(registry: Registry) -> None:
    synced(registry, "2026-11-01", [record("acme/odd", system(name="a\0b\ud800<script>\x1b[31m", facts={"x": "\0"}))])
    (found,) = exported(registry)
    assert found.systems[0].name == "a\\u0000b\\ud800<script>\x1b[31m"
    assert synced(registry, "2026-11-02", [record("acme/odd", system(name="a\0b\ud800<script>\x1b[31m", facts={"x": "\0"}))]) == [False]  # fmt: skip # noqa: E501


def test_a_second_sync_is_told_to_wait_and_the_lock_goes_with_the_first(database: str, registry: Registry) -> None:
    registry.begin_sync("1.0", "2026-11-01T00:00:00Z")
    with Registry.open(database, for_writing=True) as other:
        with pytest.raises(UsageError, match="another sync writes"):
            other.begin_sync("1.0", "2026-11-01T00:00:00Z")
        registry.end_sync("2026-11-01T00:00:01Z")
        assert synced(other, "2026-11-02", [record()]) == [True]


KILLED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from registry_world import Registry, record
registry = Registry.open({database!r}, for_writing=True)
registry.begin_sync("1.0", "2026-11-01T00:00:00Z")
registry.record(record("acme/1"), "x")
import policy_gate.registry.store as store
kept = registry._state
def dying(*given):
    made = kept(*given)
    os.kill(os.getpid(), signal.SIGKILL)
registry._state = dying
registry.record(record("acme/2"), "x")
"""


def test_a_sync_that_was_killed_goes_on_where_it_stopped(database: str) -> None:
    program = KILLED.format(tests=str(Path(__file__).parent), database=database)
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=120)
    assert done.returncode == -9
    with Registry.open(database) as registry:
        assert ids(registry) == ["acme/1 SYS-001"]
    with Registry.open(database, for_writing=True) as registry:
        registry.begin_sync("1.0", "2026-11-02T00:00:00Z")
        assert registry.is_current("acme/1", "x")
        assert not registry.is_current("acme/2", "x")
        assert registry.record(record("acme/2"), "x")
        registry.end_sync("2026-11-02T00:00:01Z")
        assert len(ids(registry)) == 2


def test_a_full_disk_is_told_and_what_was_kept_stays(tmp_path: Path) -> None:
    file = tmp_path / "registry.db"
    with Registry.open(file, for_writing=True) as registry:
        synced(registry, "2026-11-01", [record()])
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        registry.begin_sync("1.0", "2026-11-02T00:00:00Z")
        resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, before[1]))
        try:
            with pytest.raises(UsageError, match="cannot be used") as told:
                registry.record(record("acme/big", system(description="x" * 1_000_000)), "x")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert "make room" in told.value.hint
    with Registry.open(file) as registry:
        assert ids(registry) == ["acme/screener SYS-001"]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("text.db", "file is not a database"),
        ("none.db", "there is no registry"),
        ("other.db", "something else than a registry"),
        ("sqlite://", "names no file"),
        ("mysql://u:secret@h/d", "not kept in mysql"),
        ("postgresql://u:secret@127.0.0.1:1/d?sslpassword=secret", "cannot be used"),
        ("postgresql://u:secret@h:port/d", "the URL of the database is none"),
    ],
)
def test_what_is_no_registry_is_told_without_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.db").write_text("no database, but a text\n" * 100)
    engine = sa.create_engine("sqlite:///other.db")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE anything (x int)"))
    engine.dispose()
    with pytest.raises(UsageError, match=said) as told:
        Registry.open(named)
    assert "secret" not in told.value.message + told.value.hint
    assert not Path("none.db").exists()


def test_nothing_of_a_machine_is_in_the_database(tmp_path: Path) -> None:
    with Registry.open(tmp_path / "registry.db", for_writing=True) as registry:
        synced(registry, "2026-11-01", [record()])
    assert os.fsencode(tmp_path) not in (tmp_path / "registry.db").read_bytes()


def test_a_registry_without_systems_answers(registry: Registry) -> None:
    assert ids(registry) == []
    assert exported(registry) == ()
    with pytest.raises(UsageError) as told:
        registry.ask(lambda c: shown_system(c, "SYS-001", None, None))
    assert told.value.hint == "the registry holds no system"


def test_a_filter_that_nothing_has_is_told(registry: Registry) -> None:
    synced(registry, "2026-11-01", [record()])
    found = registry.ask(lambda c: listed_systems(c, msgspec.structs.replace(ALL, owners=("Peeple Ops",))))
    assert (found.systems, found.unmatched) == (
        (),
        ('no owner "Peeple Ops" in the registry; did you mean "People Ops"?',),
    )
