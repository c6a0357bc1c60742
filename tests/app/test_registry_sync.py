"""A sync over real repositories: one row each, whatever one of them does, and nothing asked twice."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from fakes.forge_server import closed_port
from fakes.github import GitHub
from git_server import GitServer
from scratch import Scratch
from world import low_system, to_yaml

from policy_gate.app.registry_reading import Answer, Asked, Task, passed_on, read
from policy_gate.app.registry_sources import sources_of
from policy_gate.app.registry_sync import Sync, SyncEvent, SyncSummary
from policy_gate.app.registry_workers import Cluster, Processes, Workers
from policy_gate.errors import UndecidedError, UsageError
from policy_gate.registry.store import Registry
from policy_gate.registry.tables import repositories, states, systems
from policy_gate.schema.registry_record import RepositoryRecord, SystemRecord

pytestmark = pytest.mark.real_git
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TOKEN = "t0ken-of-a-test"  # noqa: S105 - of the fake alone


class SameProcess(Workers):
    """Reads in a thread of this process, as a worker of a cluster does; `read_names` says what was read."""

    def __init__(self, reader: Callable[[Task], Answer] = read) -> None:
        self.read_names: list[str] = []
        self._threads = ThreadPoolExecutor(1)

        def noted(task: Task) -> Answer:
            self.read_names.append(task.identity.name)
            return reader(task)

        super().__init__(1, noted)

    def executor(self) -> Executor:
        return self._threads

    def close(self, *, at_once: bool = False) -> None:
        self._threads.shutdown(cancel_futures=at_once)


class World:
    """A registry in a folder, and repositories beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events: list[SyncEvent] = []
        self.read_names: list[str] = []
        self.many = folder / "many"
        self.many.mkdir()

    def repository(self, name: str, system: str = "SYS-001", called: str = "", **files: str) -> Scratch:
        scratch = Scratch(self.folder / f"of-{name}")
        scratch.path.rename(self.many / name)
        scratch.path = self.many / name
        config = {"schema": "policy-gate/config/v1", "repository": called}
        settings = {"policy-gate.yaml": to_yaml(config)} if called else {}
        manifest = to_yaml({"schema": "policy-gate/manifest/v1", "systems": [low_system(id=system)]})
        scratch.commit(files={"governance.yaml": manifest, **settings, **files})
        return scratch

    def asked(self, **other: Any) -> Asked:
        fixed = {"as_of": NOW, "as_of_given": False, "policies": None, "policies_digest": "", "timeout": 60.0}
        environment = passed_on(os.environ)
        return Asked(**{**fixed, "clones": str(self.folder / "clones"), "environment": environment, **other})

    def sync(self, *words: str | Path, workers: Callable[[], Workers] | None = None, **other: Any) -> SyncSummary:
        self.events.clear()
        made: list[SameProcess] = []

        def same_process() -> Workers:
            made.append(SameProcess())
            return made[-1]

        found = sources_of([str(word) for word in words or (self.many,)], (), os.environ)
        with Registry.open(self.folder / "registry.db", for_writing=True) as registry:
            under_way = Sync(registry, workers or same_process, self.asked(**other), self.events.append)
            summary = under_way.run(found, lambda: "2026-11-29T12:00:00Z")
        self.read_names = [name for pool in made for name in pool.read_names]
        return summary

    def rows(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        with Registry.open(self.folder / "registry.db") as registry, registry.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def names(self) -> dict[str, str]:
        """Every repository with the reason for which it could not be read."""
        return dict(self.rows(sa.select(repositories.c.name, repositories.c.error)))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def happened(world: World) -> dict[str, str]:
    return {event.repository: event.happened for event in world.events}


def test_one_row_a_repository_and_nothing_is_asked_twice(world: World) -> None:
    for name in ("one", "two", "three"):
        world.repository(name)
    first = world.sync()
    assert (first.read, first.changed, first.unchanged, first.failed) == (3, 3, 0, [])
    assert world.rows(sa.select(systems.c.system)) == [("SYS-001",)] * 3
    again = world.sync()
    assert (again.read, again.unchanged) == (0, 3)
    assert not world.read_names
    assert len(world.rows(sa.select(states.c.id))) == 3


@pytest.mark.parametrize(
    "other",
    [{"as_of": datetime(2026, 11, 30, tzinfo=UTC)}, {"policies_digest": "sha256:other"}],
    ids=["another day", "other policies"],
)
def test_another_question_is_asked(world: World, other: dict[str, Any]) -> None:
    world.repository("one")
    world.sync()
    world.sync(**other)
    assert world.read_names == ["one"]


def test_only_what_changed_is_read_again(world: World) -> None:
    one, _ = world.repository("one"), world.repository("two")
    world.sync()
    one.branch("work")
    one.commit(files={"a.txt": "not on main\n"})
    world.sync()
    assert not world.read_names
    one.merge()
    summary = world.sync()
    assert world.read_names == ["one"]
    assert (summary.read, summary.unchanged) == (1, 1)


def test_three_broken_ones_and_two_good_ones(world: World) -> None:
    world.repository("good")
    world.repository("fine")
    torn = world.repository("torn")
    (torn.path / ".git" / "HEAD").unlink()
    (world.many / "nowhere").mkdir()
    (world.many / "nowhere" / ".git").write_text("gitdir: /does/not/exist\n")
    world.repository("malformed").commit(files={"governance.yaml": "schema: policy-gate/manifest/v1\nsystems: 7\n"})
    summary = world.sync()
    assert summary.read == 2
    names = world.names()
    assert {name for name, error in names.items() if error} == {"torn", "nowhere", "malformed"}
    assert "governance.yaml" in names["malformed"]
    assert str(world.folder) not in json.dumps(names)
    assert not summary.has_all_failed


def test_what_was_known_of_one_that_fails_later_still_holds_and_it_is_asked_again(world: World) -> None:
    one = world.repository("one", called="org/app")
    world.sync()
    sound = one.read("governance.yaml")
    one.commit(files={"governance.yaml": "systems: 7\n"})
    assert len(world.sync().failed) == 1
    assert list(world.names()) == ["org/app"]
    assert world.rows(sa.select(systems.c.system)) == [("SYS-001",)]
    assert len(world.sync().failed) == 1
    one.commit(files={"governance.yaml": sound})
    assert world.sync().failed == []
    assert world.names() == {"org/app": ""}


def test_an_empty_a_detached_and_a_shallow_one(world: World) -> None:
    whole = world.repository("whole")
    whole.commit(files={"a.txt": "2\n"})
    whole.git("clone", "-q", "--depth=1", f"file://{whole.path}", str(world.many / "shallow"))
    shallow = world.many / "shallow" / ".git" / "config"
    shallow.write_text(shallow.read_text().replace("[remote", "[other"))
    detached = world.repository("detached")
    detached.git("checkout", "-q", "--detach")
    detached.git("branch", "-D", "main")
    empty = Scratch(world.folder / "x")
    empty.path.rename(world.many / "empty")
    summary = world.sync()
    assert summary.read == 3
    assert world.names()["empty"].startswith("there is no commit yet")


def test_names_of_markup_and_escapes_are_kept_as_they_are_and_shown_harmless(world: World) -> None:
    name = "<script>\x1b[31m::error::x\u202e"
    world.repository("odd", called="").path.rename(world.many / name)
    assert world.sync().read == 1
    assert len(world.names()) == 1


def test_a_repository_that_changes_while_it_is_read_is_told_as_it_was_and_read_again(world: World) -> None:
    one = world.repository("one")

    def meanwhile(task: Task) -> Answer:
        one.commit(files={"governance.yaml": "systems: 7\n"})
        return read(task)

    assert len(world.sync(workers=lambda: SameProcess(meanwhile)).failed) == 1
    one.git("reset", "-q", "--hard", "HEAD~1")
    assert world.sync().read == 1


def test_two_clones_of_one_repository_are_one_row(world: World) -> None:
    one = world.repository("one")
    one.git("remote", "add", "origin", "https://ada:s3cret@git.example.org/org/app.git")
    two = world.repository("two")
    two.git("remote", "add", "origin", "git@git.example.org:org/app.git")
    world.sync()
    assert world.names() == {"org/app": ""}
    assert [it.happened for it in world.events] == ["passed-over", "read"]
    assert "s3cret" not in repr(world.events)
    assert world.rows(sa.select(repositories.c.source)) == [("https://git.example.org/org/app.git",)]


def test_nobody_takes_the_row_of_another_by_saying_its_name(world: World) -> None:
    spoof = world.repository("a-spoof", system="SYS-666", called="org/app")
    spoof.git("remote", "add", "origin", "https://git.example.org/evil/app.git")
    own = world.repository("b-own", called="org/app")
    own.git("remote", "add", "origin", "https://git.example.org/org/app.git")
    for _ in range(2):
        summary = world.sync(as_of=NOW)
        assert len(summary.failed) == 1
        assert world.names()["org/app"] == ""
        assert "that of another repository" in world.names()["evil/app"]
    held = sa.select(systems.c.system).join(states, states.c.id == systems.c.state_id)
    assert world.rows(held.where(states.c.ended_sync.is_(None))) == [("SYS-001",)]


def current(world: World) -> dict[str, str]:
    """Of every repository that is known the system that it holds now."""
    joined = sa.join(repositories, states, states.c.repository_id == repositories.c.id).join(systems)
    query = sa.select(repositories.c.name, systems.c.system).select_from(joined)
    return dict(world.rows(query.where(states.c.ended_sync.is_(None))))


OWN = "https://git.example.org/org/app.git"


@pytest.mark.parametrize(
    ("own", "spoof"),
    [("", ""), ("", "https://git.example.org/evil/app.git"), (OWN, ""), (OWN, "https://elsewhere.example.org/org/app")],
    ids=["by their files", "his address calls him otherwise", "the first by his address", "both by their addresses"],
)
def test_a_later_sync_takes_nobodys_row(world: World, own: str, spoof: str) -> None:
    for name, system, url in (("own", "SYS-001", own), ("spoof", "SYS-666", spoof)):
        made = world.repository(name, system=system, called="org/app")
        if url:
            made.git("remote", "add", "origin", url)
    world.sync(world.many / "own")
    for words in (["spoof"], ["spoof", "own"], ["spoof"]):
        summary = world.sync(*(world.many / word for word in words))
        assert ["that of another repository" in it.error for it in summary.failed] == [True]
        assert "policy-gate registry forget org/app" in summary.failed[0].error or "own" in words
        assert current(world) == {"org/app": "SYS-001"}
        assert world.names()["org/app"] == ""
        assert len(world.names()) == 2


def test_two_folders_of_one_name_in_two_syncs_are_told_and_a_moved_one_takes_its_row_once_it_is_forgotten(
    world: World,
) -> None:
    for folder, system in (("x", "SYS-001"), ("y", "SYS-002")):
        clone = world.repository(folder, system=system)
        (world.many / f"in-{folder}").mkdir()
        clone.path.rename(world.many / f"in-{folder}" / "app")
    world.sync(world.many / "in-x")
    assert len(world.sync(world.many / "in-y").failed) == 1
    assert current(world) == {"app": "SYS-001"}
    assert len(world.names()) == 2
    with Registry.open(world.folder / "registry.db", for_writing=True) as registry:
        registry.begin_sync("1", "2026-11-29T12:00:00Z")
        assert registry.forget("app")
        registry.end_sync("2026-11-29T12:00:00Z")
    assert world.sync(world.many / "in-y").failed == []
    assert current(world) == {"app": "SYS-002"}
    assert list(world.names()) == ["app"]


def test_who_is_called_so_by_his_address_gets_his_row_back_and_the_other_is_told(world: World) -> None:
    world.repository("squatter", system="SYS-666", called="org/app")
    own = world.repository("own")
    own.git("remote", "add", "origin", OWN)
    world.sync(world.many / "squatter")
    summary = world.sync(world.many / "own")
    assert summary.read == 1
    assert ["that of another repository" in it.error for it in summary.failed] == [True]
    assert current(world) == {"org/app": "SYS-001"}
    assert len(world.names()) == 2


def test_one_that_cannot_be_read_leaves_no_mark_on_the_row_of_another(world: World) -> None:
    own = world.repository("own")
    (world.many / "in").mkdir()
    own.path.rename(world.many / "in" / "app")
    world.sync(world.many / "in")
    bad = world.repository("bad")
    (world.many / "out").mkdir()
    bad.path.rename(world.many / "out" / "app")
    bad.path = world.many / "out" / "app"
    bad.commit(files={"governance.yaml": "systems: 7\n"})
    (world.many / "torn").mkdir()
    (world.many / "torn" / "app").mkdir()
    (world.many / "torn" / "app" / ".git").write_text("gitdir: /does/not/exist\n")
    reports = world.folder / "reports"
    reports.mkdir()
    (reports / "app.json").write_text("{")
    assert len(world.sync(world.many / "out", world.many / "torn", reports, world.many / "gone" / "app").failed) == 4
    assert world.names()["app"] == ""
    assert len(world.names()) == 5
    assert world.sync(world.many / "in").unchanged == 1
    own.path = world.many / "in" / "app"
    own.path.rename(world.many / "elsewhere")
    world.sync(world.many / "in" / "app")
    assert world.names()["app"] == "there is no such file or folder"
    assert world.rows(sa.select(repositories.c.source).where(repositories.c.name == "app")) == [("app",)]


def test_a_record_takes_nobodys_row_in_a_later_sync(world: World) -> None:
    world.repository("own", called="org/own")
    reports = world.folder / "reports"
    reports.mkdir()

    def leave(file: str, name: str, system: str) -> None:
        record = RepositoryRecord(name, verdict="pass", systems=(SystemRecord(system),))
        (reports / file).write_bytes(msgspec.json.encode(record))

    leave("far.json", "org/far", "SYS-002")
    world.sync(world.many, reports)
    leave("a-spoof.json", "org/far", "SYS-666")
    leave("b-spoof.json", "org/own", "SYS-666")
    for words in ([reports], [world.many, reports], [reports / "a-spoof.json", reports / "b-spoof.json"]):
        world.sync(*words)
        assert current(world) == {"org/own": "SYS-001", "org/far": "SYS-002"}
        told = [it.error for it in world.events if "spoof" in it.source]
        assert len(told) == 2
        assert all("another repository" in it or "tells of it" in it for it in told)
    leave("far.json", "org/far", "SYS-003")
    world.sync(reports)
    assert current(world)["org/far"] == "SYS-003"


@pytest.mark.parametrize("called", ["org/app ", "ORG/app", "org/\uff41pp", "org/app\u200b"])
def test_a_name_that_reads_like_that_of_another_is_told(world: World, called: str) -> None:
    world.repository("own", called="org/app")
    world.repository("spoof", system="SYS-666", called=called)
    world.sync(world.many / "own")
    assert ["that of another repository" in it.error for it in world.sync(world.many / "spoof").failed] == [True]
    assert current(world) == {"org/app": "SYS-001"}
    assert len(world.names()) == 2


def test_a_repository_may_spell_its_own_name_otherwise(world: World) -> None:
    own = world.repository("own", called="org/app")
    world.sync()
    own.commit(files={"policy-gate.yaml": to_yaml({"schema": "policy-gate/config/v1", "repository": "Org/App"})})
    assert world.sync().failed == []
    assert current(world) == {"Org/App": "SYS-001"}


def test_two_that_swap_their_names_get_them(world: World) -> None:
    first = world.repository("first", system="SYS-001", called="org/one")
    second = world.repository("second", system="SYS-002", called="org/two")
    world.sync()
    for repository, name in ((first, "org/two"), (second, "org/one")):
        repository.commit(files={"policy-gate.yaml": to_yaml({"schema": "policy-gate/config/v1", "repository": name})})
    assert world.sync().failed == []
    assert current(world) == {"org/two": "SYS-001", "org/one": "SYS-002"}


def test_two_folders_of_one_name_are_told_and_neither_is_lost(world: World) -> None:
    for name in ("x", "y"):
        clone = world.repository(name)
        (world.many / f"in-{name}").mkdir()
        clone.path.rename(world.many / f"in-{name}" / "app")
    summary = world.sync()
    assert summary.read == 1
    assert len(summary.failed) == 1
    assert len(world.names()) == 2


def test_a_stopped_sync_goes_on_where_it_stood(world: World) -> None:
    for number in range(6):
        world.repository(f"app-{number}")

    def stop(task: Task) -> Answer:
        if task.identity.name == "app-4":
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.2)
        return read(task)

    with pytest.raises(KeyboardInterrupt):
        world.sync(workers=lambda: SameProcess(stop))
    known = len(world.names())
    assert 0 < known < 6
    assert world.sync().read == 6 - known


# Wherever it is cut off, what it had open is closed by whoever collects it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_time_for_one_is_its_error_alone(world: World) -> None:
    world.repository("slow")
    world.repository("swift")

    def slowly(task: Task) -> Answer:
        return read(
            msgspec.structs.replace(task, asked=world.asked(timeout=0.001 if task.identity.name == "slow" else 60))
        )

    summary = world.sync(workers=lambda: SameProcess(slowly))
    assert [(it.repository, "within 0.001 seconds" in it.error) for it in summary.failed] == [("slow", True)]


def kill_itself(task: Task) -> Answer:
    """A reader whose process dies over one repository."""
    if task.identity.name == "deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    return read(task)


def test_a_worker_that_is_killed_is_a_row_and_the_others_are_read(world: World) -> None:
    for name in ("deadly", "one", "two", "three"):
        world.repository(name)
    summary = world.sync(workers=lambda: Processes(2, kill_itself))
    assert summary.read == 3
    assert [it.repository for it in summary.failed] == ["deadly"]
    assert "ended from outside" in world.names()["deadly"]


def test_a_url_is_cloned_once_and_asked_for_its_tip_after_that(world: World) -> None:
    one = world.repository("one")
    with GitServer(world.folder / "served", TOKEN) as server:
        url = server.host(one.path, "org/app").replace("://", f"://x:{TOKEN}@")
        assert world.sync(url).read == 1
        server.asked.clear()
        assert world.sync(url).unchanged == 1
        assert len([path for path, _ in server.asked if path.endswith("git-upload-pack")]) <= 2
        assert world.sync(url.replace(TOKEN, "wr0ng")).failed[0].repository == "org/app"
    told = json.dumps(world.names()) + repr(world.events) + repr(world.rows(sa.select(repositories)))
    assert TOKEN not in told
    assert "wr0ng" not in told
    assert len(list((world.folder / "clones").iterdir())) == 1


@pytest.mark.contract_fake
def test_an_organisation_is_read_whole_and_what_is_gone_is_a_row(
    world: World, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = world.repository("one")
    github.repositories["example-org"] = ["app", "gone"]
    with GitServer(world.folder / "served", github.token) as server:
        server.host(one.path, "example-org/app")
        for name, value in (("API_URL", github.url), ("SERVER_URL", server.url), ("TOKEN", github.token)):
            monkeypatch.setenv(f"GITHUB_{name}", value)
        summary = world.sync("github:example-org")
    assert (summary.read, [it.repository for it in summary.failed]) == (1, ["example-org/gone"])
    assert world.rows(sa.select(systems.c.system)) == [("SYS-001",)]
    assert github.token not in repr(world.rows(sa.select(repositories)))


def test_records_and_reports_that_jobs_left(world: World) -> None:
    own = world.repository("own", called="org/own")
    reports = world.folder / "reports"
    reports.mkdir()
    report = own.run("check", "--all", "--format", "json", "--as-of", "2026-11-29").out
    (reports / "seen.json").write_text(report)
    (reports / "change.json").write_text(own.check("--base", "main").out)
    (reports / "junk.json").write_text("{")
    (reports / "other.json").write_text('{"schema_version": 1}')
    record = RepositoryRecord("org/far", commit="1" * 40, as_of="2026-11-29", verdict="pass")
    (reports / "far.json").write_bytes(msgspec.json.encode(record))
    taken = RepositoryRecord("org/own", verdict="pass")
    (reports / "taken.json").write_bytes(msgspec.json.encode(taken))
    summary = world.sync(reports, world.many)
    told = {"seen": "read", "org/far": "read", "change": "failed", "junk": "failed", "other": "failed"}
    assert happened(world) == {**told, "org/own": "passed-over"}
    assert summary.read == 3
    of_systems = sa.join(repositories, states, states.c.repository_id == repositories.c.id).join(systems)
    facts = dict(world.rows(sa.select(repositories.c.name, systems.c.facts).select_from(of_systems)))
    assert facts["seen"] is None
    assert facts["org/own"] is not None
    assert world.sync(reports, world.many).unchanged == 3


def test_a_repository_under_a_new_name_ends_its_old_row(world: World) -> None:
    own = world.repository("own", called="org/old")
    world.repository("else", called="org/else")
    world.sync()
    own.commit(files={"policy-gate.yaml": to_yaml({"schema": "policy-gate/config/v1", "repository": "org/new"})})
    world.sync()
    held = sa.select(repositories.c.name).join(states, states.c.repository_id == repositories.c.id)
    assert set(world.rows(held.where(states.c.ended_sync.is_(None)))) == {("org/new",), ("org/else",)}
    gone = sa.select(repositories.c.name).where(repositories.c.forgotten_sync.is_not(None))
    assert world.rows(gone) == [("org/old",)]


def test_a_name_that_passes_to_another_repository_is_not_ended(world: World) -> None:
    first = world.repository("first", called="org/one")
    second = world.repository("second", called="org/two")
    world.sync()
    for repository, name in ((first, "org/two"), (second, "org/three")):
        repository.commit(files={"policy-gate.yaml": to_yaml({"schema": "policy-gate/config/v1", "repository": name})})
    world.sync()
    held = sa.select(repositories.c.name).join(states, states.c.repository_id == repositories.c.id)
    assert set(world.rows(held.where(states.c.ended_sync.is_(None)))) == {("org/two",), ("org/three",)}


def test_a_record_with_two_systems_of_one_id_is_told(world: World) -> None:
    one = SystemRecord("SYS-001", manifest="a/governance.yaml")
    twice = RepositoryRecord("org/far", systems=(one, msgspec.structs.replace(one, manifest="b/governance.yaml")))
    file = world.folder / "far.json"
    file.write_bytes(msgspec.json.encode(twice))
    (failed,) = world.sync(file).failed
    assert failed.error == "it declares SYS-001 2 times, in a/governance.yaml and b/governance.yaml; give each an id"


def test_every_source_failing_is_told_so(world: World) -> None:
    assert world.sync(world.many / "missing").has_all_failed


@pytest.fixture
def scheduler(local_cluster: Any) -> str:
    address: str = local_cluster.scheduler_address
    return address


@pytest.fixture
def local_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A real scheduler and two worker processes on loopback."""
    distributed = pytest.importorskip("distributed")
    monkeypatch.chdir(tmp_path)
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    options |= {"host": "127.0.0.1", "silence_logs": 50, "local_directory": str(tmp_path)}
    with distributed.LocalCluster(**options) as cluster:
        yield cluster


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_says_what_processes_say(world: World, scheduler: str) -> None:
    for number in range(8):
        world.repository(f"app-{number}")
    (world.many / "broken" / ".git").mkdir(parents=True)
    by_cluster = world.sync(workers=lambda: Cluster(scheduler))
    assert (by_cluster.read, len(by_cluster.failed)) == (8, 1)
    digests = sa.select(repositories.c.name, states.c.digest).join(states, states.c.repository_id == repositories.c.id)
    first = sorted(world.rows(digests))
    (world.folder / "registry.db").unlink()
    world.sync(workers=lambda: Processes(2))
    assert sorted(world.rows(digests)) == first


@pytest.mark.filterwarnings("ignore")
def test_a_worker_of_a_cluster_that_is_killed_is_a_row(world: World, scheduler: str) -> None:
    for name in ("deadly", "one", "two"):
        world.repository(name)
    summary = world.sync(workers=lambda: Cluster(scheduler, kill_itself))
    assert [it.repository for it in summary.failed] == ["deadly"]
    assert summary.read == 2


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("left", ["no worker", "no scheduler"])
def test_a_cluster_that_is_gone_is_told_and_not_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch, local_cluster: Any, left: str
) -> None:
    monkeypatch.setattr("policy_gate.app.registry_workers._LOOKING", 0.2)
    monkeypatch.setattr("policy_gate.app.registry_workers._DESERTED", 1)
    for name in ("one", "two"):
        world.repository(name)

    def emptied() -> Cluster:
        made = Cluster(local_cluster.scheduler_address)
        if left == "no worker":
            local_cluster.scale(0)
        else:
            local_cluster.close()
        while made._has_workers():
            time.sleep(0.05)
        return made

    summary = world.sync(workers=emptied)
    assert (summary.read, sorted(it.repository for it in summary.failed)) == (0, ["one", "two"])
    assert {it.error for it in summary.failed} == {"the cluster has had no worker for 1 s"}


def test_no_scheduler_and_no_library_are_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy_gate.app.registry_workers._CONNECTING", 0.2)
    with pytest.raises(UndecidedError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:"):
        Cluster(f"tcp://127.0.0.1:{closed_port()}")
    monkeypatch.setattr("policy_gate.app.registry_workers.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="distributed") as refused:
        Cluster("tcp://127.0.0.1:1")
    assert 'pip install "ai-policy-gate[cluster]"' in refused.value.hint
