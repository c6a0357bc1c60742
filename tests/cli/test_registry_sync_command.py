"""`registry sync` and `registry record` as a user runs them: streams, exit codes, what is left behind."""

from __future__ import annotations

import copy
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from git_server import GitServer
from scratch import Scratch
from world import low_system

from policy_gate.report.style import RenderOptions
from policy_gate.report.views.registry_sync import sync_text

pytestmark = pytest.mark.real_git
SECRET = "s3cret-of-a-test"  # noqa: S105 - of the fake alone


@pytest.fixture
def many(scratch: Scratch) -> Scratch:
    """A folder with a governed repository and one without any commit; the command runs beside it."""
    scratch.adopt(low_system("development"))
    Scratch(scratch.path.parent / "more" / "empty")
    return scratch


def sync(scratch: Scratch, *words: str, **env: str) -> tuple[int, str, str]:
    fixed = ("--db", "../registry.db", *(() if "--jobs" in words else ("--jobs", "1")))
    done = scratch.run("registry", "sync", *fixed, *words, POLICY_GATE_CACHE="off", **env)
    return done.code, done.out, done.err


def test_what_is_read_and_what_failed(many: Scratch) -> None:
    code, out, err = sync(many, ".", "../more")
    assert code == 0
    assert re.search(
        r"2 sources in .*registry\.db: 1 read \(1 changed\), 0 unchanged, 1 failed", out.replace("\n", " ")
    )
    assert "there is no commit yet" in out
    assert "failed: repo: there is no commit yet" in err
    assert "read: example-org/screener" in err
    code, out, err = sync(many, ".")
    assert (code, err) == (0, "")
    assert "0 read (0 changed), 1 unchanged, 0 failed" in out


def test_json_is_pure(many: Scratch) -> None:
    code, out, _ = sync(many, ".", "../more", "--format", "json")
    told = json.loads(out)
    assert code == 0
    assert {name: told[name] for name in ("sources", "read", "changed", "unchanged")} == {
        "sources": 2, "read": 1, "changed": 1, "unchanged": 0,
    }  # fmt: skip
    assert [it["repository"] for it in told["failed"]] == ["repo"]


def test_what_no_source_names_any_more_is_told(many: Scratch) -> None:
    """A forge's rename changes name and address at once: both rows stand, and nothing else says so."""
    assert "Among none" not in sync(many, ".", "../more")[1]
    settings = many.read("policy-gate.yaml")
    many.commit(
        "Another name", files={"policy-gate.yaml": settings.replace("example-org/screener", "example-org/ranker")}
    )
    many.git("remote", "add", "origin", "https://git.example/example-org/ranker.git")
    code, out, _ = sync(many, ".", "../more", "--format", "text", "--format", "json=../sync.json")
    assert (code, json.loads((many.path.parent / "sync.json").read_text())["unnamed"]) == (0, ["example-org/screener"])
    assert "told as last known: 1" in " ".join(out.split())
    assert "policy-gate registry forget NAME" in out
    assert many.run("registry", "forget", "example-org/screener", "--db", "../registry.db").code == 0
    assert "Among none" not in sync(many, ".", "../more")[1]


def test_of_many_that_no_source_names_a_few_stand_for_all() -> None:
    counts = {"sources": 1, "read": 1, "changed": 0, "unchanged": 0}
    text = sync_text(counts, (), (), [f"acme/{it}" for it in range(7)], "r.db", RenderOptions())
    assert "acme/4 and 2 more" in text
    assert "acme/5" not in text


def test_when_all_fail_there_is_no_answer(many: Scratch) -> None:
    code, out, err = sync(many, "../more", "ext::sh -c true")
    assert code == 3
    assert "0 read" in out
    assert "no source could be read" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "there is nothing to read"),
        (("@missing.txt",), "cannot read missing.txt"),
        (("--jobs", "0", "."), "--jobs"),
    ],
)
def test_usage(many: Scratch, words: tuple[str, ...], told: str) -> None:
    code, _, err = sync(many, *words)
    assert code == 2
    assert told in err


def test_names_that_a_terminal_or_a_log_would_obey(scratch: Scratch, tmp_path: Path) -> None:
    name = "\x1b[31m::error::gone\u202e<b>"
    Scratch(tmp_path / "x").path.rename(tmp_path / name)
    code, out, err = sync(scratch, str(tmp_path / name), str(scratch.path))
    assert code == 3
    for text in (out, err):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert not re.search(r"^\s*::", text, re.MULTILINE)


def test_a_password_is_in_no_message(scratch: Scratch, tmp_path: Path) -> None:
    scratch.adopt(low_system("development"))
    with GitServer(tmp_path / "served", "another") as server:
        url = server.host(scratch.path, "org/app").replace("://", f"://ada:{SECRET}@")
        code, out, err = sync(scratch, url, f"https://ada:{SECRET}@localhost:port/x", f"ext::{SECRET}")
    assert code == 3
    assert SECRET not in (out + err).replace(f"ext::{SECRET}", "")
    assert SECRET.encode() not in (scratch.path.parent / "registry.db").read_bytes().replace(
        f"ext::{SECRET}".encode(), b""
    )


def test_a_bar_on_a_terminal_and_on_standard_error_alone(many: Scratch) -> None:
    reader, terminal = pty.openpty()
    words = [sys.executable, "-P", "-m", "policy_gate", "registry", "sync", ".", "--db", "bar.db", "--jobs", "1"]
    environment = many.environment(POLICY_GATE_CACHE="off", TERM="xterm", COLUMNS="120")
    running = subprocess.Popen(words, cwd=many.path, env=environment, stdout=subprocess.PIPE, stderr=terminal)
    os.close(terminal)
    parts = []
    # A terminal whose last writer is gone tells so by an error.
    with suppress(OSError):
        while part := os.read(reader, 1 << 16):
            parts.append(part)
    out, _ = running.communicate(timeout=60)
    os.close(reader)
    shown = b"".join(parts).decode()
    assert "Reading repositories" in shown
    assert "1/1" in shown
    assert out.decode().startswith("1 source in bar.db: 1 read")


def test_an_interrupt_ends_it_at_once_and_what_was_read_is_kept(many: Scratch) -> None:
    folder = many.path.parent / "many"
    for number in range(60):
        shutil.copytree(many.path, folder / f"app-{number}", symlinks=True)
        config = f"schema: policy-gate/config/v1\nrepository: org/app-{number}\n"
        Scratch.commit(_at(many, folder / f"app-{number}"), files={"policy-gate.yaml": config})
    words = [sys.executable, "-P", "-m", "policy_gate", "registry", "sync", str(folder), "--db", "stop.db"]
    environment = many.environment(POLICY_GATE_CACHE="off")
    running = subprocess.Popen(
        [*words, "--jobs", "1"], cwd=many.path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, text=True,
    )  # fmt: skip
    assert running.stderr is not None
    assert running.stderr.readline().startswith("read: org/app-")
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert "Traceback" not in err
    read = 1 + err.count("read: ")
    assert read < 60
    again = many.run("registry", "sync", str(folder), "--db", "stop.db", "--jobs", "2", "--format", "json")
    told = json.loads(again.out)
    assert told["read"] + told["unchanged"] == 60
    assert told["unchanged"] >= read


def _at(scratch: Scratch, path: Path) -> Scratch:
    other = copy.copy(scratch)
    other.path = path
    return other


def test_a_job_leaves_a_record_and_a_sync_elsewhere_takes_it(many: Scratch, tmp_path: Path) -> None:
    many.branch("work")
    many.commit(files={"governance.yaml": "systems: 7\n"})
    left = tmp_path / "left"
    left.mkdir()
    job = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_HEAD_REF": "work"}
    done = many.run("registry", "record", "-o", str(left / "record.json"), **job)
    assert (done.code, done.out) == (0, "")
    record = json.loads((left / "record.json").read_text())
    assert record["schema"] == "policy-gate/registry-record/v1"
    # Of the default branch, not of what the author of a change checked out.
    assert record["commit"] == many.git("rev-parse", "main")
    assert str(tmp_path) not in json.dumps(record)
    code, out, _ = sync(many, str(left))
    assert code == 0
    assert "1 read (1 changed)" in out
    assert json.loads(many.run("registry", "record").out) == record


def test_a_record_that_cannot_be_made_is_an_error(scratch: Scratch) -> None:
    done = scratch.run("registry", "record")
    assert done.code == 3
    assert "there is no commit yet" in done.err
