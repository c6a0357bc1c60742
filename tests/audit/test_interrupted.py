"""A write that is cut short by anything leaves the log as it was, or one entry longer, and is never called recorded."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from audit_log import commits, recorded, verified
from scratch import Scratch
from world import high_system

pytestmark = pytest.mark.real_git
NOBODY = 65534
COMMAND = (sys.executable, "-P", "-m", "policy_gate", "audit", "record")


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("development"))
    scratch.promote()
    recorded(scratch)
    scratch.commit("More", files={"notes.md": "more\n"})
    return scratch


def environment(repo: Scratch) -> dict[str, str]:
    return repo.environment(PYTHONDONTWRITEBYTECODE="1")


def written_with(repo: Scratch, how: str) -> subprocess.CompletedProcess[str]:
    """`audit record` whose every writing git is started in another way; what reads is started as ever."""
    script = (
        "import resource, sys\n"
        "from policy_gate.vcs import process\n"
        "run = process.subprocess.run\n"
        "def other(command, **more):\n"
        "    if set(command) & {'hash-object', 'mktree', 'commit-tree', 'update-ref'}:\n"
        f"        return run(command, **more, {how})\n"
        "    return run(command, **more)\n"
        "process.subprocess.run = other\n"
        "from policy_gate.cli.errors import guarded\n"
        "sys.exit(guarded(['audit', 'record']))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=repo.path,
        env=environment(repo),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_writer_that_is_killed_at_any_moment_breaks_nothing(repo: Scratch) -> None:
    """Killed with its git and all, at moments spread over the whole of a run; then the next run finishes the work."""
    before = len(commits(repo))
    started = time.perf_counter()
    done = subprocess.run(COMMAND, cwd=repo.path, env=environment(repo), capture_output=True, text=True, check=False)
    whole = time.perf_counter() - started
    assert done.returncode == 0, done.stderr
    known, dice = before + 1, random.Random(7)  # noqa: S311 - moments, no secrets
    for number in range(12):
        repo.commit("More", files={"notes.md": f"{number}\n"})
        writer = subprocess.Popen(
            COMMAND,
            cwd=repo.path,
            env=environment(repo),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(whole * dice.uniform(0.4, 1.0))
        if writer.poll() is None:
            os.killpg(writer.pid, signal.SIGKILL)
        writer.wait()
        for lock in repo.path.joinpath(".git", "refs", "policy-gate").rglob("*.lock"):
            lock.unlink()  # as git itself asks for after a crash
        now = len(commits(repo))
        assert now in (known, known + 1)
        assert verified(repo).code == 0
        known = now
        assert writer.returncode != 0 or now == len(commits(repo))
    repo.commit("More", files={"notes.md": "last\n"})
    recorded(repo)
    assert len(commits(repo)) == known + 1
    assert verified(repo).code == 0


@pytest.mark.parametrize("most", [0, 100, 600])
def test_a_full_disk_records_nothing_and_says_so(repo: Scratch, most: int) -> None:
    """No file may grow beyond so many bytes, which is how a full disk meets git in the middle of an object."""
    before = commits(repo)

    done = written_with(repo, f"preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "git could not store a" in done.stderr
    assert "nothing that was recorded before is lost" in done.stderr
    assert commits(repo) == before
    assert verified(repo).code == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="another user can only be become by root")
def test_without_permission_nothing_is_recorded_and_it_is_said(repo: Scratch) -> None:
    before = commits(repo)
    place = repo.path
    while place != place.parent:  # the other user may look, and write nowhere
        place.chmod(place.stat().st_mode | 0o555)
        place = place.parent
    subprocess.run(["chmod", "-R", "a+rX,go-w", str(repo.path), str(repo.home)], check=True)
    done = written_with(repo, f"user={NOBODY}, group={NOBODY}")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "git could not store a file" in done.stderr
    assert commits(repo) == before
    recorded(repo)
    assert verified(repo).code == 0


def test_a_ref_that_stays_locked_is_waited_for_and_then_said(repo: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    from policy_gate.app.audit import drafts_of, log_writer
    from policy_gate.app.check import run_check
    from policy_gate.cli import options
    from policy_gate.errors import UndecidedError

    before = commits(repo)
    request = options.request(repo.path)
    drafts = drafts_of(run_check(request), request, options.now())
    lock = repo.path / ".git" / "refs" / "policy-gate" / "audit.lock"
    lock.touch()
    monkeypatch.setattr("policy_gate.audit.append.ATTEMPTS", 3)
    with log_writer(repo.path) as log, pytest.raises(UndecidedError, match="not recorded here"):
        log.append(drafts, wait=lambda _: None)
    lock.unlink()
    assert commits(repo) == before
    with log_writer(repo.path) as log:
        log.append(drafts)
    assert len(commits(repo)) == len(before) + 1
