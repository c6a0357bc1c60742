"""Decides on random systems in this process alone and prints decisions per CPU second as JSON.

Beside it, where the module `regorus` is installed, the same three gates in Rego (`gates.rego`) on the same inputs.
"""

from __future__ import annotations

import gc
import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import package

REFERENCE = 27_000
"""Decisions per CPU second of compiled regorus on three gates, measured once on the machine of the first figures."""


def rate(work: Callable[[], Any], count: int, rounds: int) -> float:
    """Decisions per CPU second, the median of some rounds."""
    seconds = []
    for _ in range(rounds + 1):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return count / statistics.median(seconds[1:])


def rego(policy: Any, plain: list[dict[str, Any]]) -> Callable[[], int] | None:
    """The same decisions by regorus, if it is there; its inputs are given as JSON, as it takes them fastest."""
    try:
        engine = importlib.import_module("regorus").Engine()
    except ImportError:
        return None
    engine.add_policy("gates.rego", Path(__file__).with_name("gates.rego").read_text(encoding="utf-8"))
    engine.add_data_json(json.dumps(package.gates_as_data(policy)))
    texts = [json.dumps(item) for item in plain]

    def decide() -> int:
        found = 0
        for text in texts:
            engine.set_input_json(text)
            found += len(engine.eval_rule("data.bench.gap"))
        return found

    return decide


def main() -> None:
    count, rounds = int(sys.argv[1]), int(sys.argv[2])
    gc.disable()  # as the command itself runs
    policy = package.whole_policy()
    gates = package.only_gates(policy)
    facts, plain = package.inputs(policy, count)
    other = rego(policy, plain)
    ours = package.gaps(gates, facts)
    if other is not None and other() != ours:
        raise SystemExit(f"not the same decisions: {ours} gaps, and {other()} by Rego")
    figures = {
        "gates": rate(lambda: package.gaps(gates, facts), count, rounds),
        "whole": rate(lambda: package.gaps(policy, facts), count, rounds),
        "regorus": rate(other, count, rounds) if other else REFERENCE,
        "regorus_is": "measured" if other else "reference",
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
