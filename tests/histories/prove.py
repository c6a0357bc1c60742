"""Compare histories with the model: `make prove HISTORIES=1000`.

Ends with 1 where the two differ or an invariant is broken.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), *(str(TESTS / name) for name in ("properties", "model", "histories"))]

from commit_line import Histories  # noqa: E402
from comparison import clear, play, shrunk  # noqa: E402
from defences import DEFENCES, found_after  # noqa: E402
from history import history  # noqa: E402
from invariants import broken  # noqa: E402
from script import as_script  # noqa: E402

CHUNK = 500
"""histories that are played with one memory of what was read: a process has half a gigabyte by then"""


class Part(NamedTuple):
    """What some histories came to; `seconds` are those of the processor."""

    checks: int
    seconds: float
    differing: tuple[int, ...]
    broken: tuple[tuple[int, str], ...]


def compared(seeds: range) -> Part:
    """Play the histories of these seeds, and hold the invariants against each."""
    gc.freeze()
    gc.set_threshold(500_000, 20, 100)
    clear()
    gate = Histories()
    checks, differing, faults, began = 0, [], [], time.process_time()
    with gate.at_work():
        for seed in seeds:
            made = history(seed)
            played = play(made, gate)
            checks += played.checks
            if played.disagreement:
                differing.append(seed)
            faults += [(seed, said) for said in broken(made, played, gate)]
    return Part(checks, time.process_time() - began, tuple(differing), tuple(faults))


def told(seed: int) -> str:
    """The smallest history of a seed that differs, and the script that makes it."""
    gate = Histories()
    with gate.at_work():
        small = shrunk(history(seed), gate)
        return f"seed {seed}: {play(small, gate).disagreement}\n\n{as_script(small, gate)}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--table", type=int, default=0, help="histories for each defence that is switched off")
    said = parser.parse_args()
    began = time.monotonic()
    ends, chunk = said.seed + said.histories, min(CHUNK, -(-said.histories // said.jobs))
    parts = [range(n, min(n + chunk, ends)) for n in range(said.seed, ends, chunk)]
    with ProcessPoolExecutor(said.jobs) as pool:
        done = list(pool.map(compared, parts))
        took = time.monotonic() - began
        checks = sum(part.checks for part in done)
        differing = [seed for part in done for seed in part.differing]
        faults = [fault for part in done for fault in part.broken]
        rate, of_core = checks / took, checks / sum(part.seconds for part in done)
        print(
            f"{said.histories} histories, {checks} checks: {rate:.0f} a second here, {of_core:.0f} a second of one core"
        )
        print(f"{len(differing)} disagreements, {len(faults)} broken invariants")
        for seed, words in faults:
            print(f"seed {seed}: {words}")
        for text in pool.map(told, differing[:5]):
            print(text)
        if said.table:
            counts = pool.map(found_after, range(len(DEFENCES)), [said.table] * len(DEFENCES))
            for defence, count in zip(DEFENCES, counts, strict=True):
                print(f"{defence.threat}  {defence.title}: {count or f'not within {said.table}'}", flush=True)
    return int(bool(differing or faults))


if __name__ == "__main__":
    sys.exit(main())
