"""`make bench-registry`: how fast a sync of the registry is, over repositories of three systems each.

Rates are told by the clock and by the CPU seconds that all processes took together, which do not depend on what else
the machine does. Memory is the most that all processes had together. A cluster has done its first sync before it is
measured, as one that serves an organisation has, and its scheduler is counted. Linux only. No test reads these numbers.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import worlds

QUICK = 10
"""times fewer repositories with --quick"""
EVERY = 0.05
"""seconds between two looks at the processes of a run"""
CONNECTING = 30
"""seconds for a scheduler to start"""
ROUNDS = 5
"""of a cluster against processes, in turn"""
PR_SET_CHILD_SUBREAPER = 36
"""prctl(2): processes whose parents end become ours, so that their CPU seconds are told when they end"""
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Run:
    """One sync: its summary, seconds by the clock and of CPU, and the memory of all its processes in MiB."""

    told: dict[str, object]
    seconds: float
    cpu: float
    memory: float


def repositories(folder: Path, count: int) -> Path:
    """Bare repositories of three systems each, with a little code that uses AI."""
    folder.mkdir()
    for number in range(count):
        place = folder / f"app-{number:05d}"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(place)], check=True, env=worlds.ENVIRONMENT)
        entries = (worlds.entry(number * 3 + one, f"part{one}/**") for one in range(3))
        code = "import openai\n\nopenai.OpenAI().responses.create(model='gpt-4o', input={!r})\n"
        files = {"governance.yaml": worlds.manifest(entries)}
        files |= {f"part{one}/main.py": code.format(f"{number} {one}") for one in range(3)}
        stream = b"commit refs/heads/main\ncommitter B <b@example.com> 1700000000 +0000\ndata 4\nbase\n"
        for path, text in files.items():
            data = text.encode()
            stream += f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
        words = ["git", "-C", str(place), "fast-import", "--quiet"]
        subprocess.run(words, check=True, env=worlds.ENVIRONMENT, input=stream)
    return folder


def sync(folder: Path, db: str, *words: str) -> Run:
    """Run one sync in a session of its own, and look at all its processes until it ends."""
    command = [sys.executable, "-m", "policy_gate", "registry", "sync", str(folder), "--db", db, "--format", "json"]
    environment = {**worlds.ENVIRONMENT, "POLICY_GATE_CACHE": "off"}
    most, began, before = 0.0, time.monotonic(), _ended()
    out = folder.parent / "told.json"
    with out.open("wb") as told:
        started = subprocess.Popen(
            [*command, *words], stdout=told, stderr=subprocess.DEVNULL, env=environment, cwd=folder.parent,
            start_new_session=True,
        )  # fmt: skip
        while started.poll() is None:
            most = max(most, sum(int(it[21]) for it in _processes() if int(it[3]) == started.pid) * _PAGE / 2**20)
            time.sleep(EVERY)
    seconds = time.monotonic() - began
    while any(int(it[3]) == started.pid for it in _processes()):  # what outlives it for a moment counts, too
        _adopted()
        time.sleep(EVERY)
    return Run(json.loads(out.read_text()), seconds, _ended() - before, most)


def _processes() -> Iterator[list[str]]:
    """The fields of `/proc/PID/stat` from the third on, of each process."""
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield (place / "stat").read_text().rpartition(") ")[2].split()


def _ended() -> float:
    """CPU seconds of all processes that were started from here and have ended, however deep below."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _adopted() -> None:
    """Take leave of processes whose parents ended before them."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def shown(name: str, run: Run, count: int) -> str:
    rates = f"{count / run.seconds:8,.0f}/s   {count / run.cpu:8,.0f} per CPU second"
    return f"{name:<58} {rates}   {run.memory:5,.0f} MiB"


def on_cluster(folder: Path, count: int) -> None:
    """Two workers of a Dask cluster against two processes, in turn."""
    if find_spec("distributed") is None:
        print("the cluster was left out: distributed is not installed")
        return
    with cluster_of_two(folder.parent) as (address, its_session):
        sync(folder, "cluster.db", "--scheduler", address)
        runs: dict[str, list[Run]] = {"two Dask workers": [], "two processes": []}
        for _ in range(ROUNDS):
            for name, words in zip(runs, (("--scheduler", address), ("--jobs", "2")), strict=True):
                (folder.parent / "turn.db").unlink(missing_ok=True)
                before = _used(its_session)
                run = sync(folder, "turn.db", *words)
                if run.told["read"] != count:
                    raise SystemExit(f"not what was to be measured: {run.told}")
                runs[name].append(replace(run, cpu=run.cpu + _used(its_session) - before))
    for name, of_it in runs.items():
        seconds, cpu = median(run.seconds for run in of_it), median(run.cpu for run in of_it)
        print(f"{name:<58} {count / seconds:8,.0f}/s   {count / cpu:8,.0f} per CPU second", flush=True)
    by_cluster, by_processes = runs.values()
    for what in ("seconds", "cpu"):
        ratios = [getattr(b, what) / getattr(a, what) for a, b in zip(by_cluster, by_processes, strict=True)]
        name = "ratio of their rates" if what == "seconds" else "the same, per CPU second"
        print(f"{name:<58} {median(ratios):8.2f}    ({min(ratios):.2f} to {max(ratios):.2f}, {ROUNDS} rounds)")


@contextmanager
def cluster_of_two(folder: Path) -> Iterator[tuple[str, int]]:
    """A scheduler and two workers as their commands start them; its address, and the session of their processes."""
    words = """
        dask scheduler --host 127.0.0.1 --port 0 --no-dashboard --scheduler-file dask.json &
        dask worker --scheduler-file dask.json --nworkers 2 --nthreads 1 --no-dashboard --host 127.0.0.1 &
        wait
    """
    tools = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**worlds.ENVIRONMENT, "POLICY_GATE_CACHE": "off", "PATH": tools}
    told = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = subprocess.Popen(["sh", "-c", words], **told, env=environment, cwd=folder, start_new_session=True)
    try:
        deadline = time.monotonic() + CONNECTING
        while not (folder / "dask.json").exists() and time.monotonic() < deadline:
            time.sleep(EVERY)
        yield json.loads((folder / "dask.json").read_text())["address"], started.pid
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        started.wait()


def _used(session: int) -> float:
    """CPU seconds of the processes of a session that run now, with those of their children that ended."""
    return sum(sum(map(int, it[11:15])) for it in _processes() if int(it[3]) == session) / _TICKS


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="a tenth of the repositories")
    options.add_argument("--repositories", type=int, default=1_000)
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options.add_argument("--no-cluster", action="store_true", help="without Dask")
    chosen = options.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    count = chosen.repositories // (QUICK if chosen.quick else 1)
    with tempfile.TemporaryDirectory(prefix="policy-gate-bench-") as name:
        began = time.monotonic()
        folder = repositories(Path(name) / "repositories", count)
        print(f"{count} repositories made in {time.monotonic() - began:.0f} s", flush=True)
        some = repositories(Path(name) / "some", max(count // 5, 1))
        jobs = ("--jobs", str(chosen.jobs))
        few = sync(some, "few.db", *jobs)
        print(
            shown(f"first sync of {max(count // 5, 1)}, {chosen.jobs} processes", few, max(count // 5, 1)), flush=True
        )
        first = sync(folder, "first.db", *jobs)
        print(shown(f"first sync of {count}, {chosen.jobs} processes", first, count), flush=True)
        again = sync(folder, "first.db", *jobs)
        if (first.told["read"], again.told["unchanged"]) != (count, count):
            raise SystemExit(f"not what was to be measured: {first.told}, {again.told}")
        print(shown(f"sync of {count} where nothing changed", again, count), flush=True)
        if not chosen.no_cluster:
            on_cluster(folder, count)


if __name__ == "__main__":
    main()
