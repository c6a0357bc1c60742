"""How fast a period is replayed: merges a second over a history with documents, and what dominates.

Prints the rate of all merges, of each kind of them, and with --profile where the time goes. Aim: 50 a second.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

import worlds

from policy_gate.app.evidence_pack import replay_period
from policy_gate.app.replay import Period, Replay
from policy_gate.report.evidence.pack_zip import PackWriter

AIM = 50
KINDS = ("nothing governed",) * 5 + ("code",) * 2 + ("a document",) * 2 + ("the manifest",)
"""what each merge of ten changes, as `worlds.history` makes them"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--merges", type=int, default=1000)
    options.add_argument("--systems", type=int, default=60)
    options.add_argument("--profile", action="store_true", help="print what dominates")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="policy-gate-bench-") as name:
        place = worlds.history(Path(name) / "history", chosen.merges, chosen.systems, "2026-01-01")
        profile = cProfile.Profile()
        if chosen.profile:
            profile.enable()
        replayed(place, chosen.merges)
        profile.disable()
        if chosen.profile:
            text = io.StringIO()
            pstats.Stats(profile, stream=text).sort_stats("cumulative").print_stats(40)
            print(text.getvalue())


def replayed(place: Path, merges: int) -> None:
    period = Period(date(2026, 1, 1), date(2099, 1, 1))
    spent, times = Counter[str](), Counter[str]()
    last = time.process_time()

    def progress(done: int, total: int) -> None:
        nonlocal last
        now = time.process_time()
        if done > 1:  # the first commit is merged into nothing
            kind = KINDS[(done - 2) % len(KINDS)]
            spent[kind] += int((now - last) * 1e6)
            times[kind] += 1
        last = now

    began, cpu = time.perf_counter(), time.process_time()
    with Replay(place) as replay, PackWriter(io.BytesIO()) as pack:
        found = replay_period(replay, "SYS-00000", period, keep=pack.report, progress=progress)
        pack.finish(found.head, found.records, [(it.entry, it.data) for it in found.files])
    took, busy = time.perf_counter() - began, time.process_time() - cpu
    assert len(found.records) == merges + 1
    verdict = "ok" if merges / busy >= AIM else "slow"
    print(f"{merges} merges: {merges / took:.0f} a second, {merges / busy:.0f} a CPU second (aim {AIM}): {verdict}")
    for kind in dict.fromkeys(KINDS):
        print(f"  {kind:<18} {spent[kind] / max(times[kind], 1) / 1000:6.2f} ms each")


if __name__ == "__main__":
    main()
