"""Readings kept between runs: the same answers, sooner; and nothing in the way where they cannot be kept."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from scratch import Scratch

from policy_gate.app.check import run_check
from policy_gate.collect import stored_readings
from policy_gate.collect.stored_readings import cache_folder
from policy_gate.documents.disk_cache import DiskCache
from policy_gate.facts import document_sections
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.dates import end_of_day

SYSTEMS = 5
NOON = end_of_day(date(2026, 11, 2))


@pytest.fixture
def repo(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    """Five systems with three documents each, of which the last one says nothing yet."""
    monkeypatch.setattr(stored_readings, "FEWEST", 10)
    entries, files = [], {}
    for number in range(SYSTEMS):
        papers = ("system-description", "intended-use-statement", "data-governance-plan")
        named = "".join(f"\n      - {{id: {paper}, path: d/{number}-{paper}.md, status: final}}" for paper in papers)
        entries.append(
            f"  - id: SYS-{number}\n    name: System {number}\n    owner_team: Team\n    stage: development\n"
            f"    paths: []\n    risk_profile: {{}}\n    artifacts:{named}\n"
        )
        for paper in papers:
            blank = "TODO" if number == SYSTEMS - 1 else f"It sorts letters of office {number} by {paper} and subject."
            files[f"d/{number}-{paper}.md"] = f"# {paper} {number}\n\n## Purpose\n\n{blank}\n"
    files["governance.yaml"] = "schema: policy-gate/manifest/v1\nsystems:\n" + "".join(entries)
    scratch.commit("Declare", files=files)
    return scratch


@pytest.fixture
def judged(repo: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The JSON of `check --all`, by a process that has read nothing yet, with its readings in a folder."""

    def judge(cache: str = str(tmp_path / "cache")) -> str:
        monkeypatch.setattr(document_sections, "READINGS", document_sections.Readings())
        request = Request(repo.path, NOON, everything=True, environment={"POLICY_GATE_CACHE": cache})
        return REPORTERS["json"](run_check(request), RenderOptions())

    return judge


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[], Path]:
    def the_file() -> Path:
        (file,) = (tmp_path / "cache").iterdir()
        return file

    return the_file


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From here on, whoever takes a document apart fails."""

    def fail(*_: object) -> Iterator[object]:
        raise AssertionError("a document was read again")

    return lambda: monkeypatch.setattr(document_sections, "outline", fail)


def test_the_second_run_reads_no_document_again_and_says_the_same(
    judged: Callable[..., str], unreadable: Callable[[], None]
) -> None:
    first = judged()
    assert first == judged("off")
    unreadable()
    assert judged() == first
    with pytest.raises(AssertionError, match="read again"):
        judged("off")


def test_a_document_that_is_another_is_read(judged: Callable[..., str], repo: Scratch) -> None:
    first = judged()
    said = "# S\n\n## Purpose\n\nIt sorts letters of the fifth office by subject.\n"
    repo.commit("Describe", files={"d/4-system-description.md": said})
    assert judged() == judged("off") != first


def test_readings_of_another_reader_are_none(
    judged: Callable[..., str], file_of: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = judged()
    old = file_of()
    monkeypatch.setattr(stored_readings, "_reader_digest", lambda: "f" * 32)
    assert judged() == first
    assert file_of() != old


@pytest.mark.parametrize("damage", ["cut", "turned", "no-database", "empty", "no-reading"])
def test_a_damaged_file_is_as_good_as_none(
    judged: Callable[..., str], file_of: Callable[[], Path], damage: str
) -> None:
    first = judged()
    file = file_of()
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-3000])
    elif damage == "no-database":
        file.write_bytes(b"something else" * 1000)
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "turned":
        with sqlite3.connect(file) as known:
            rows = known.execute("SELECT key, entry FROM entries").fetchall()
            known.executemany("UPDATE entries SET entry = ? WHERE key = ?", [(e[:-1] + b"\0", k) for k, e in rows])
    else:
        with sqlite3.connect(file) as known:
            keys = [key for (key,) in known.execute("SELECT key FROM entries")]
            known.execute("DELETE FROM entries")
        DiskCache(file.parent, "readings", file.stem.removeprefix("readings-")).keep(dict.fromkeys(keys, b"\xc1"))
    assert judged() == first
    assert judged() == first


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no owners of files")
def test_a_file_that_others_may_write_is_not_read(judged: Callable[..., str], file_of: Callable[[], Path]) -> None:
    first = judged()
    file = file_of()
    with sqlite3.connect(file) as known:
        known.execute("DELETE FROM entries")
    file.chmod(0o666)
    assert judged() == first
    with sqlite3.connect(file) as known:
        assert known.execute("SELECT count(*) FROM entries").fetchone() == (0,)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no owners of files")
def test_t40_a_folder_that_others_may_write_is_not_read(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path / "cache", "readings", "reader")
    cache.keep({b"key": b"entry"})
    assert cache.entries([b"key"]) == {b"key": b"entry"}
    (tmp_path / "cache").chmod(0o777)
    assert cache.entries([b"key"]) == {}


def test_a_folder_that_takes_nothing_is_let_be(judged: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    assert judged(str(tmp_path / "taken")) == judged("off")
    assert judged(str(tmp_path / "taken" / "below")) == judged("off")


def test_two_runs_at_once_lose_nothing_but_time(judged: Callable[..., str], file_of: Callable[[], Path]) -> None:
    first = judged()
    with sqlite3.connect(file_of(), isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert judged() == first


def test_few_documents_leave_nothing_on_disk(
    judged: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_readings, "FEWEST", 16)
    judged()
    assert not (tmp_path / "cache").exists()


HOME = "/home/somebody"


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"HOME": HOME}, f"{HOME}/.cache/policy-gate"),
        ({"HOME": HOME, "XDG_CACHE_HOME": "/var/mine"}, "/var/mine/policy-gate"),
        ({"HOME": HOME, "XDG_CACHE_HOME": "not/from/the/root"}, f"{HOME}/.cache/policy-gate"),
        ({"HOME": HOME, "POLICY_GATE_CACHE": "/srv/cache"}, "/srv/cache"),
        ({"HOME": HOME, "POLICY_GATE_CACHE": "/srv/cache", "CI": "true"}, "/srv/cache"),
        ({"HOME": HOME, "POLICY_GATE_CACHE": "off"}, None),
        ({"HOME": HOME, "POLICY_GATE_CACHE": ""}, None),
        ({"HOME": HOME, "POLICY_GATE_CACHE": "within/the/tree"}, None),
        ({"HOME": HOME, "CI": "true"}, None),
        ({"HOME": HOME, "GITHUB_ACTIONS": "true"}, None),
        ({"HOME": HOME, "GITLAB_CI": "true"}, None),
        ({}, None),
    ],
)
def test_where_readings_are_kept(environment: dict[str, str], folder: str | None) -> None:
    found = cache_folder(environment)
    assert (None if found is None else found.as_posix()) == folder


def test_a_full_cache_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy_gate.documents.disk_cache.MOST_KEPT", 3)
    cache = DiskCache(tmp_path / "own", "readings", "me")
    cache.keep({b"one": b"1", b"two": b"2"})
    cache.keep({b"three": b"3", b"four": b"4"})
    assert cache.entries([b"one", b"two", b"three", b"four"]) == {b"three": b"3", b"four": b"4"}


def test_many_entries_are_found_in_parts(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path / "own", "readings", "me")
    entries = {str(number).encode(): str(datetime.now(UTC)).encode() for number in range(1201)}
    cache.keep(entries)
    assert cache.entries(entries) == entries
