"""Feed one reader, or one file of a blocked change, with inputs that nobody would write.

`fuzz.py TARGET --inputs N [--seconds S] [--kept FOLDER]`

By atheris, which follows which branches an input reaches. Exit 0 where every input was read or refused in time, and
let nothing pass; the first for which that does not hold is left in FOLDER (`crash-…`, `timeout-…`), to be made a seed
once its kind is mended.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parent))
from mutations import other_lines

with atheris.instrument_imports(include=["policy_gate"]):
    from blocked_changes import PASSES
    from targets import TARGETS as READERS

TARGETS = READERS | PASSES
_HANG_S = 1
"""seconds after which an input counts as a hang"""
_WHOLE_CHECK_S = 20
"""the same where the whole gate runs, and may have to compile all rules again"""
_BY_BYTES = 0.5


def main() -> None:
    """Fuzz as the arguments say; libFuzzer ends the process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kept", type=Path, default=None)
    asked = parser.parse_args()
    target = TARGETS[asked.target]
    whole = list(target.seeds())
    largest = target.largest or 2 * max(map(len, whole))
    seeds = [seed for seed in whole if len(seed) <= largest]
    kept = asked.kept or Path(tempfile.mkdtemp(prefix="policy-gate-fuzz-"))
    corpus = kept / asked.target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)

    def one(data: bytes) -> None:
        with contextlib.suppress(target.refusals):
            target.read(data)

    for seed in whole:
        one(seed)

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        """Other bytes, or other lines: halves of documents are seldom reached by bytes alone."""
        chance = random.Random(seed)  # noqa: S311 - nothing secret
        if chance.random() < _BY_BYTES:
            return bytes(atheris.Mutate(data, most))
        return other_lines(data, seeds, chance)[:most]

    options = [
        f"-runs={asked.inputs}",
        f"-max_total_time={asked.seconds}",
        f"-timeout={_WHOLE_CHECK_S if asked.target in PASSES else _HANG_S}",
        f"-seed={asked.seed}",
        f"-artifact_prefix={kept}/",
        "-rss_limit_mb=2048",
        f"-max_len={largest}",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one, custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
