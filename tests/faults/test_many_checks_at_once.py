"""Many checks of one clone at the same time, with one store of readings, while others work in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from scratch import Scratch
from world import high_system

pytestmark = pytest.mark.real_git


ASKED = ("--head", "work", "--as-of", "2026-11-29")


def answers(repo: Scratch, many: int, place: Path, disturbed: bool) -> set[tuple[int, str, str]]:
    """What so many checks of the same two commits say, all started at once."""
    own = place / "temporary"
    own.mkdir()
    cache = place / "cache"
    env = repo.environment(TMPDIR=str(own), POLICY_GATE_CACHE=str(cache))
    command = [sys.executable, "-P", "-m", "policy_gate", "check", "--format", "json", *ASKED]

    def one(_: int) -> tuple[int, str, str]:
        done = subprocess.run(command, cwd=repo.path, env=env, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    with ThreadPoolExecutor(many) as pool:
        runs = [pool.submit(one, number) for number in range(many)]
        while disturbed and not all(run.done() for run in runs):
            repo.commit("Beside", files={"beside.md": f"{len(list(own.iterdir()))}\n"})
            repo.git("gc", "-q", "--prune=now")
            shutil.rmtree(cache, ignore_errors=True)
        found = {run.result() for run in runs}
    assert [it.name for it in own.iterdir()] == [], "nothing is left behind"
    assert repo.git("worktree", "list").count("\n") == 0
    return found


@pytest.mark.parametrize("many", [6, pytest.param(200, marks=pytest.mark.nightly)])
def test_checks_at_once_say_the_same_while_others_work(scratch: Scratch, tmp_path: Path, many: int) -> None:
    scratch.adopt(high_system("development"))
    scratch.promote()
    scratch.branch("beside")
    found = answers(scratch, many, tmp_path, disturbed=True)
    assert len(found) == 1, found
    ((code, out, err),) = found
    alone = scratch.check(*ASKED)
    assert (code, out) == (alone.code, alone.out), err
    assert code == 1
