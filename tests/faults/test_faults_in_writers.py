"""Every command that writes, ended or failed at each of its steps: what it writes is old or new, never in between."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from faulty_process import Fault, FaultyProcess, Run
from scratch import Scratch
from writers import STATES, WRITERS

pytestmark = pytest.mark.real_git
TEMPORARY = re.compile(r"(?:policy-gate)?\.(?P<name>.+)\.[a-z0-9_]{8}")
VARYING = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?|\bid: r[0-9a-f]{16}\b")
"""what differs between two runs: moments, and the random id of an approval"""
NEXT_NAME = re.compile(r"-\d+\.yaml$")
UNTOLD = (".git/objects/", ".git/index", ".git/policy-gate/", ".git/logs/")
"""what git and the memory of a clone keep for themselves: whole or not, nobody reads it as an answer"""
DATABASE = "registry.db"
BESIDE_DATABASE = re.compile(rf"{DATABASE}(-wal|-shm|-journal|\.lock)")
"""what SQLite finishes or takes back by itself, and a lock that counts only while its process lives"""
ROW = re.compile(r'INSERT INTO "(?!syncs"|registry_schema"|alembic_version")')
"""a row of what was read; each run adds one to the list of syncs, and the version of the tables stands without any"""
QUICK = ("hook install", "hook install --chain", "hook uninstall", "hook uninstall, chained")
EACH = [pytest.param(name, marks=() if name in QUICK else pytest.mark.nightly) for name in WRITERS]


class Prepared(NamedTuple):
    """A repository before a writer, what it holds then and afterwards, and the steps between."""

    repo: Scratch
    env: dict[str, str]
    kept: Path
    old: dict[str, bytes]
    new: dict[str, bytes]
    steps: tuple[str, ...]


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyProcess]:
    repo = Scratch(tmp_path_factory.mktemp("first"))
    STATES["promoted"](repo)
    started = FaultyProcess(repo.environment())
    started.run(("check",), repo.path, repo.environment(POLICY_GATE_CACHE="off"), Fault("warm"))
    yield started
    started.close()


@pytest.fixture(scope="module")
def prepared(
    request: pytest.FixtureRequest, process: FaultyProcess, tmp_path_factory: pytest.TempPathFactory
) -> Prepared:
    writer = WRITERS[request.param]
    folder = tmp_path_factory.mktemp("writer")
    repo = Scratch(folder)
    STATES[writer.state](repo)
    temporary = folder / "temporary"
    temporary.mkdir()
    env = repo.environment(POLICY_GATE_CACHE="off", TMPDIR=str(temporary))
    for command in writer.before:
        assert process.run(command, repo.path, env).code == 0
    kept = folder / "kept"
    shutil.copytree(repo.path, kept, symlinks=True)
    old = held(repo.path)
    done = process.run(writer.command, repo.path, env)
    assert done.code == writer.again[0], done
    new = held(repo.path)
    assert new != old, "it writes something"
    return Prepared(repo, env, kept, old, new, done.steps)


def held(root: Path) -> dict[str, bytes]:
    """The files below a folder by their paths, without what differs between two runs; of a database, its rows."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not path.is_file() or name.startswith(UNTOLD) or BESIDE_DATABASE.fullmatch(name):
            continue
        if name != DATABASE:
            found[name] = VARYING.sub(b"-", path.read_bytes())
        elif rows := rows_of(path):
            found[name] = rows
    return found


def rows_of(database: Path) -> bytes:
    """What a sound database holds, read from a copy; tables without rows are as good as no database."""
    with TemporaryDirectory() as folder:
        for path in database.parent.glob(f"{database.name}*"):
            shutil.copy(path, folder)
        with closing(sqlite3.connect(Path(folder) / database.name)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            told = [it for it in connection.iterdump() if ROW.match(it)]
    return VARYING.sub(b"-", "\n".join(told).encode())


def again(world: Prepared) -> None:
    """The repository as it was before the writer."""
    shutil.rmtree(world.repo.path)
    shutil.copytree(world.kept, world.repo.path, symlinks=True)


def neither(world: Prepared) -> list[str]:
    """The files that are neither as they were nor as they were to be; those for a moment alone are not counted.

    A command that comes again may write its file under the next name that is free, such as a second approval of a day.
    """
    now = held(world.repo.path)
    made = {text for name, text in world.new.items() if name not in world.old}
    odd = [
        name
        for name in now.keys() | world.old.keys() | world.new.keys()
        if now.get(name) not in (world.old.get(name), world.new.get(name))
        and not (name not in world.old.keys() | world.new.keys() and NEXT_NAME.search(name) and now[name] in made)
    ]
    return sorted(name for name in odd if not TEMPORARY.fullmatch(Path(name).name))


def touching(world: Prepared) -> list[int]:
    """The steps that change something in the repository itself, or let git do so."""
    return [number for number, step in enumerate(world.steps) if _is_here(step, str(world.repo.path))]


def _is_here(step: str, folder: str) -> bool:
    event, _, place = step.partition(" ")
    if event == "subprocess.Popen":
        return any(it in place for it in ("hash-object", "mktree", "commit-tree", "update-ref"))
    return place.startswith(folder) or not place.startswith("/")


def told(done: Run) -> str:
    """Why the answer to a fault is no good one; empty where it is."""
    if "Traceback" in done.err or "this is a bug" in done.err:
        return "it says that this is a bug"
    lines = done.err.splitlines()
    if sum(it.startswith("policy-gate: ") for it in lines) != 1 or not any(it.startswith("  hint: ") for it in lines):
        return "it is not one problem with a hint"
    return ""


@pytest.mark.parametrize("kind", ["kill", "torn"])
@pytest.mark.parametrize("prepared", EACH, indirect=True)
def test_a_writer_that_is_killed_leaves_old_or_new(
    prepared: Prepared, process: FaultyProcess, kind: str, request: pytest.FixtureRequest
) -> None:
    writer = WRITERS[request.node.callspec.params["prepared"]]
    wrong = []
    for step in touching(prepared):
        again(prepared)
        process.run(writer.command, prepared.repo.path, prepared.env, Fault(kind, step))
        wrong += [f"{prepared.steps[step]}: {name}" for name in neither(prepared)]
        done = process.run(writer.command, prepared.repo.path, prepared.env)
        if done.code not in writer.again or (done.code == writer.again[0] and neither(prepared)):
            wrong.append(f"{prepared.steps[step]}: again: {done.code} {done.err}")
    assert wrong == []


@pytest.mark.parametrize("kind", ["full", "denied"])
@pytest.mark.parametrize("prepared", EACH, indirect=True)
def test_a_writer_without_room_or_permission_says_so_and_leaves_what_was(
    prepared: Prepared, process: FaultyProcess, kind: str, request: pytest.FixtureRequest
) -> None:
    writer = WRITERS[request.node.callspec.params["prepared"]]
    wrong = []
    for step in touching(prepared):
        again(prepared)
        done = process.run(writer.command, prepared.repo.path, prepared.env, Fault(kind, step, str(prepared.repo.path)))
        now = held(prepared.repo.path)
        # What was made before nothing may be changed any more cannot be taken away either.
        odd = neither(prepared) + [it for it in now if kind == "full" and TEMPORARY.fullmatch(Path(it).name)]
        wrong += [f"{prepared.steps[step]}: left {name}" for name in odd]
        if any(now.get(name) != text for name, text in prepared.new.items()):
            why = "it exits 0" if done.code == 0 else told(done)
            wrong += [f"{prepared.steps[step]}: {why}: {done.code} {done.err}"] if why else []
    assert wrong == []
