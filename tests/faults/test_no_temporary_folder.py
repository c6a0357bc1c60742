"""A machine where no folder takes a temporary file: that is told, and is no bug."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest
from scratch import Scratch
from world import high_system

pytestmark = pytest.mark.real_git


@pytest.mark.parametrize("command", [("check",), ("check", "--attest", "a.json"), ("audit", "record"), ("demo",)])
def test_no_room_for_temporary_files_is_told(scratch: Scratch, command: tuple[str, ...]) -> None:
    scratch.adopt(high_system("development"))
    scratch.promote()
    done = subprocess.run(
        [sys.executable, "-P", "-B", "-m", "policy_gate", *command],
        cwd=scratch.path,
        env=scratch.environment(POLICY_GATE_CACHE="off"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "policy-gate: no folder for temporary files can be written to",
        "  hint: make room, or set TMPDIR to a folder with room",
    ]
