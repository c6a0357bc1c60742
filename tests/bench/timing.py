"""Processes timed by the CPU they and their children took, two of them in turn."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from worlds import ENVIRONMENT

_MEMORY = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
print(os.wait4(child, 0)[2].ru_maxrss)
"""


@dataclass(frozen=True)
class Process:
    """A program to run in a folder; exit codes 0 and 1 are answers."""

    words: tuple[str, ...]
    folder: Path
    told: bytes = b""
    limit: int = 600
    """CPU seconds after which there is no answer"""
    cache: str = "off"
    """the folder of readings of earlier runs"""

    @property
    def environment(self) -> dict[str, str]:
        return {**ENVIRONMENT, "POLICY_GATE_CACHE": self.cache}

    def with_cache(self, folder: Path) -> Process:
        """The same program, which may keep readings of documents there."""
        return replace(self, cache=str(folder))


def python(folder: Path, *words: str, told: bytes = b"", limit: int = 600) -> Process:
    """This Python, alone with what is installed."""
    return Process((sys.executable, "-I", *words), folder, told, limit)


def cpu_seconds(process: Process) -> float | None:
    """What one run took, its children's time in it; None where it gave no answer in time."""
    read, write = os.pipe()
    os.write(write, process.told)
    os.close(write)
    started = subprocess.Popen(
        process.words,
        cwd=process.folder,
        env=process.environment,
        stdin=read,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (process.limit,) * 2),  # noqa: PLW1509 - no threads
    )
    os.close(read)
    assert started.stderr is not None
    said = started.stderr.read()
    _, status, used = os.wait4(started.pid, 0)
    started.returncode = code = os.waitstatus_to_exitcode(status)
    if code in (-signal.SIGKILL, -signal.SIGXCPU):
        return None
    if code not in (0, 1) or b"this is a bug" in said or b"Traceback" in said:
        raise SystemExit(f"{' '.join(process.words)}: exit {code}\n{said.decode(errors='replace')}")
    return used.ru_utime + used.ru_stime


def in_turn(one: Process, other: Process, runs: int) -> tuple[float | None, float]:
    """Median CPU seconds of each after one run to warm up, in turn, so that a drifting machine is fair to both."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for round_ in range(runs + (runs > 1)):
        for index, process in enumerate((one, other)):
            took = cpu_seconds(process)
            if took is None:
                return None, cpu_seconds(other) or 0.0
            if round_ or runs == 1:
                seconds[index].append(took)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def instructions(process: Process) -> int | None:
    """Instructions that one run and its children take in user space; None where nothing here can count them."""
    for program, words, pattern in (
        ("perf", ["stat", "-x,", "-e", "instructions:u"], rb"^(\d+),,instructions"),
        (
            "valgrind",
            ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", "--trace-children=yes"],
            rb"I\s+refs:\s+([\d,]+)",
        ),
    ):
        if shutil.which(program) is None:
            continue
        done = subprocess.run(
            [program, *words, *process.words],
            cwd=process.folder,
            env=process.environment,
            input=process.told,
            capture_output=True,
            check=False,
        )
        found = re.findall(pattern, done.stderr, re.MULTILINE)
        if found:
            return sum(int(number.replace(b",", b"")) for number in found)
    return None


def peak_memory(process: Process) -> float:
    """MiB of the largest process of one run. A small process starts it, as a child's peak begins with its parent's."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _MEMORY, *process.words],
        cwd=process.folder,
        env=process.environment,
        capture_output=True,
        check=True,
    )
    return int(done.stdout.split()[-1]) / 1024


def dominates(process: Process) -> str:
    """Which parts take most of the run's own time, by cProfile in a process of its own."""
    script = Path(__file__).with_name("profiled.py")
    words: Sequence[str] = [sys.executable, str(script), *process.words[process.words.index("policy_gate") + 1 :]]
    done = subprocess.run(words, cwd=process.folder, env=process.environment, capture_output=True, check=False)
    return done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
