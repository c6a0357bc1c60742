"""H27: a full disk and a reader that went away are said as that, and are no bug."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = f'run() {{ "{sys.executable}" -P -m policy_gate "$@"; }}; {command}'
    return subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("command", ["explain ciso", "policy schema roles", "--help"])
def test_h27_a_full_disk_is_said_and_is_neither_a_pass_nor_a_bug(tmp_path: Path, command: str) -> None:
    done = _run(f"run {command} > /dev/full", tmp_path)
    assert done.returncode == 2, done
    assert "No space left on device" in done.stderr
    assert "bug" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["run explain ciso >&-", "run explain ciso | true; exit ${PIPESTATUS[0]}"])
def test_h27_whoever_does_not_read_does_not_change_the_answer(tmp_path: Path, command: str) -> None:
    done = _run(command, tmp_path)
    assert (done.returncode, done.stderr) == (_run("run explain ciso", tmp_path).returncode, "")
