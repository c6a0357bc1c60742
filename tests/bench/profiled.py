"""Runs the command under cProfile and prints, as the last line of stderr, which parts took most of the time."""

from __future__ import annotations

import cProfile
import gc
import pstats
import sys
from collections import Counter
from pathlib import PurePath
from typing import Any


def part_of(place: tuple[str, int, str]) -> str:
    """'report.sanitise' of the package, 'yaml' of a library, 'import' of the machinery; empty for built-in code."""
    path, _, name = place
    if path == "~":
        return ""
    if path.startswith("<frozen importlib"):
        return "import"
    parts = PurePath(path).parts
    if "policy_gate" in parts:
        inner = parts[len(parts) - parts[::-1].index("policy_gate") :]
        return ".".join(inner).removesuffix(".py").removesuffix(".__init__")
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1].removesuffix(".py")
    return PurePath(path).parent.name if PurePath(path).parent.name.islower() else name


def by_part(stats: Any) -> Counter[str]:
    """Own seconds of each part; built-in functions count where they are called from."""
    seconds: Counter[str] = Counter()
    for place, (_, _, own, _, callers) in stats.items():
        if part_of(place):
            seconds[part_of(place)] += own
        elif place[2] in ("<built-in method builtins.__build_class__>", "<built-in method marshal.loads>"):
            seconds["import"] += own
        else:
            for caller, told in callers.items():
                seconds[part_of(caller) or "built-in"] += told[2]
    return seconds


def run() -> None:
    """The command, as `policy_gate.cli.main` runs it, but for the end of the process."""
    from policy_gate.cli.errors import guarded

    guarded(sys.argv[1:])


def main() -> None:
    profile = cProfile.Profile()
    sys.argv = ["policy-gate", *sys.argv[1:]]
    gc.disable()
    profile.runcall(run)
    seconds = by_part(pstats.Stats(profile).stats)  # type: ignore[attr-defined]
    whole = sum(seconds.values())
    print(", ".join(f"{name} {100 * took / whole:.0f} %" for name, took in seconds.most_common(4)), file=sys.stderr)


if __name__ == "__main__":
    main()
