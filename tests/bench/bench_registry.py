"""`make bench-registry`: how fast a sync of the registry is, over repositories of three systems each.

Rates are told by the clock and by the CPU seconds that all processes took together, which do not depend on what else
the machine does. Memory is the most that all processes had together. Linux only. No test reads these numbers.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import worlds

QUICK = 10
"""times fewer repositories with --quick"""
EVERY = 0.05
"""seconds between two looks at the processes of a run"""
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
    cpu: dict[int, float] = {}
    most, began = 0.0, time.monotonic()
    out = folder.parent / "told.json"
    with out.open("wb") as told:
        started = subprocess.Popen(
            [*command, *words], stdout=told, stderr=subprocess.DEVNULL, env=environment, cwd=folder.parent,
            start_new_session=True,
        )  # fmt: skip
        while started.poll() is None:
            most = max(most, _look(started.pid, cpu))
            time.sleep(EVERY)
    seconds = time.monotonic() - began
    return Run(json.loads(out.read_text()), seconds, sum(cpu.values()), most)


def _look(session: int, cpu: dict[int, float]) -> float:
    """Note the CPU seconds of each process of a session, its dead children with it; all their memory in MiB."""
    pages = 0
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            cpu[int(place.name)] = sum(map(int, fields[11:15])) / _TICKS
            pages += int(fields[21])
    return pages * _PAGE / 2**20


def shown(name: str, run: Run, count: int) -> str:
    rates = f"{count / run.seconds:8,.0f}/s   {count / run.cpu:8,.0f} per CPU second"
    return f"{name:<58} {rates}   {run.memory:5,.0f} MiB"


def on_cluster(folder: Path, count: int) -> None:
    """Two workers of a Dask cluster against two processes, in turn."""
    try:
        from distributed import LocalCluster
    except ImportError:
        print("the cluster was left out: distributed is not installed")
        return
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    os.environ["POLICY_GATE_CACHE"] = "off"
    with LocalCluster(host="127.0.0.1", local_directory=str(folder.parent), **options) as cluster:
        by_cluster = sync(folder, "cluster.db", "--scheduler", cluster.scheduler_address)
    by_processes = sync(folder, "processes.db", "--jobs", "2")
    for name, run in (("two Dask workers", by_cluster), ("two processes", by_processes)):
        print(f"{name:<58} {count / run.seconds:8,.0f}/s", flush=True)
    print(f"{'ratio of their rates':<58} {by_processes.seconds / by_cluster.seconds:8.2f}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="a tenth of the repositories")
    options.add_argument("--repositories", type=int, default=1_000)
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options.add_argument("--no-cluster", action="store_true", help="without Dask")
    chosen = options.parse_args()
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
