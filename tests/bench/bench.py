"""`make bench`: what the gate takes, each as a ratio against a floor measured in the same run.

Repositories are made in a scratch folder, the installed command runs on them, and CPU seconds of it and its children
are compared with those of a simpler process, in turn. No test reads these numbers; they are for people.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import worlds
from timing import Process, dominates, in_turn, instructions, peak_memory, python

IMPORTS = "import click, yaml, pydantic, git, cel_expr_python"
CHECK = ("-m", "policy_gate", "check", "--base", "main", "--format", "json=/dev/null")
_LOADER = "L = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)"
LOAD_ALL = f"import glob, yaml; {_LOADER}; [yaml.load(open(p, 'rb'), L) for p in glob.glob('*/*/governance.yaml')]"
LOAD_ONE = f"import yaml; {_LOADER}; yaml.load(open('governance.yaml', 'rb'), L)"
EVENTS_OF_ONE = f"import yaml; {_LOADER}; [0 for _ in yaml.parse(open('governance.yaml', 'rb'), L)]"
QUICK_SHARE = 50
"""how many times smaller the large worlds are with --quick"""
LIMIT = 300
"""CPU seconds after which a large world has no answer"""


@dataclass
class Figure:
    """One line of the table. `ratio` is None where there was no answer."""

    name: str
    what: str
    against: str
    ratio: float | None
    aim: float | None
    took: float | None
    floor: float
    unit: str = "s"
    higher_is_better: bool = False
    dominates: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        if self.aim is None:
            return ""
        if self.ratio is None:
            return "over"
        return "ok" if (self.ratio >= self.aim if self.higher_is_better else self.ratio <= self.aim) else "over"


class Bench:
    """The worlds, each made when first asked for, and how thoroughly to measure."""

    def __init__(self, scratch: Path, options: argparse.Namespace) -> None:
        self.scratch = scratch
        self.options = options
        self.runs: int = 2 if options.quick else options.runs
        self.systems: int = options.systems // (QUICK_SHARE if options.quick else 1)
        self.day = datetime.now(UTC).date().isoformat()
        self.cache = scratch / "cache"

    @cached_property
    def three(self) -> Path:
        return worlds.one_per_manifest(self.scratch / "three", 3)

    @cached_property
    def uniform(self) -> Path:
        return worlds.one_per_manifest(self.scratch / "uniform", self.systems)

    @cached_property
    def varied(self) -> Path:
        return worlds.varied(self.scratch / "varied", self.systems, self.day)

    @cached_property
    def demo(self) -> Path:
        return worlds.demo(self.scratch / "demo", [sys.executable, "-I", "-m", "policy_gate"])

    def compared(
        self, name: str, what: str, one: Process, against: str, floor: Process, aim: float | None, runs: int = 0
    ) -> Figure:
        """Both processes in turn, and what the first one spends its time on."""
        took, least = in_turn(one, floor, runs or self.runs)
        figure = Figure(name, what, against, took / least if took else None, aim, took, least)
        if took is None:
            figure.notes.append(f"no answer in {one.limit} s")
            return figure
        if self.options.instructions and (counts := [instructions(it) for it in (one, floor)]) and all(counts):
            figure.notes.append(f"instructions: {counts[0]:,} against {counts[1]:,}, {counts[0] / counts[1]:.2f}")  # type: ignore[operator]
        if not self.options.quick and "policy_gate" in one.words:
            figure.dominates = dominates(one)
        return figure


def memory(bench: Bench) -> Iterator[Figure]:
    peak = peak_memory(python(bench.three, *CHECK))
    floor = peak_memory(python(bench.three, "-c", IMPORTS))
    what = "peak memory of a check, three systems"
    yield Figure("memory", what, "imports alone", peak / floor, 50 / floor, peak, floor, unit="MiB")


def three_systems(bench: Bench) -> Iterator[Figure]:
    floor = python(bench.three, "-c", IMPORTS)
    yield bench.compared(
        "three", "check, three systems", python(bench.three, *CHECK), "imports alone", floor, 1.45, 3 * bench.runs
    )


FACTS = """    facts:
      eu_market: true
      role: [provider, deployer]
      org_type: [employer]
      annex_iii_points: ["4-a"]
      profiles_persons: true
      art5_practices: []
      decision_domain: [employment]
      decides_about_persons: true
      workplace_use: true
      legal_or_similar_effect: true
      solely_automated: false
      processes_personal_data: true
      controller_or_processor_in_eu: true
      us_states: [IL, NY]
      nyc_job: true
      aedt: true
"""
"""what a resume screener states: nearly every row of law is gone through, and most can be told"""


def law_packs(bench: Bench) -> Iterator[Figure]:
    """What 218 rows add: a system with facts by which law is judged, and the same without any: none is read then."""
    with_law, without = (
        worlds.under_law(bench.scratch / name, facts) for name, facts in (("law", FACTS), ("none", ""))
    )
    floor = python(without, *CHECK)
    figure = bench.compared(
        "law", "check, one system under 218 rows", python(with_law, *CHECK), "no row read", floor, None, 3 * bench.runs
    )
    if figure.took is not None:
        figure.notes.append(f"the rows take {(figure.took - figure.floor) * 1000:.0f} ms (aim: 15)")
    yield figure


def demo_world(bench: Bench) -> Iterator[Figure]:
    floor = python(bench.demo, "-c", IMPORTS)
    yield bench.compared("demo", "check, the demo's last step", python(bench.demo, *CHECK), "imports alone", floor, 2.0)


def hook(bench: Bench) -> Iterator[Figure]:
    yield bench.compared(
        "hook",
        "hook pre-push, nothing governed changed",
        quiet_push(bench.three),
        "a bare Python start",
        python(bench.three, "-c", "pass"),
        8,
        3 * bench.runs,
    )


def one_changed(bench: Bench) -> Iterator[Figure]:
    yield bench.compared(
        "one-changed",
        f"check, {bench.systems:,} manifests, one changed",
        python(bench.uniform, *CHECK),
        "three systems",
        python(bench.three, *CHECK),
        1.5,
    )


def documents(bench: Bench) -> Iterator[Figure]:
    systems = 10 if bench.options.quick else 60
    one = worlds.with_documents(bench.scratch / "together", systems, bench.day, together=True)
    apart = worlds.with_documents(bench.scratch / "apart", systems, bench.day, together=False)
    what = f"{systems} systems with 11 documents each in one manifest, one renamed"
    check, floor, runs = python(one, *CHECK, limit=LIMIT), python(apart, *CHECK), min(bench.runs, 3)
    yield bench.compared("documents", what, check, f"as {systems} manifests", floor, 1.3, runs)
    warm = check.with_cache(bench.cache)
    yield bench.compared("documents", f"{what}, read before", warm, f"as {systems} manifests", floor, 1.3, max(runs, 2))


def one_manifest(bench: Bench) -> Iterator[Figure]:
    """Aimed at three times reading the file into plain values; the parser's events alone are noted."""
    for systems in (max(bench.systems // 10, 10), bench.systems):
        place = worlds.many_in_one(bench.scratch / f"one-{systems}", systems)
        floor = python(place, "-c", LOAD_ONE)
        figure = bench.compared(
            "one-manifest",
            f"{systems:,} systems in one manifest, one changed",
            python(place, *CHECK, limit=LIMIT),
            "PyYAML's C parser, events and values, of that file",
            floor,
            3.0,
            1 if systems > 2000 else min(bench.runs, 3),
        )
        events, values = in_turn(python(place, "-c", EVENTS_OF_ONE), floor, min(bench.runs, 3))
        figure.notes.append(f"events alone {events:.2f} s, events and values {values:.2f} s")
        yield figure


def full_check(bench: Bench) -> Iterator[Figure]:
    whole = python(bench.varied, *CHECK, "--all", limit=LIMIT)
    floor = python(bench.varied, "-c", LOAD_ALL)
    what = f"check --all, {bench.systems:,} varied systems"
    yield bench.compared("all", what, whole, "PyYAML's C parser on their files", floor, 6.0, 1)
    warm = whole.with_cache(bench.cache)
    yield bench.compared("all", f"{what}, read before", warm, "PyYAML's C parser on their files", floor, 1.0, 2)


def full_check_uniform(bench: Bench) -> Iterator[Figure]:
    yield bench.compared(
        "all-uniform",
        f"check --all, {bench.systems:,} alike low systems",
        python(bench.uniform, *CHECK, "--all", limit=LIMIT),
        "PyYAML's C parser on their files",
        python(bench.uniform, "-c", LOAD_ALL),
        None,
        1,
    )


def decisions(bench: Bench) -> Iterator[Figure]:
    script = str(Path(__file__).with_name("decisions.py"))
    words = [sys.executable, script, *(["300", "3"] if bench.options.quick else ["1000", "7"])]
    figures = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    other = "compiled regorus, the same inputs" if figures["regorus_is"] == "measured" else "regorus, as once measured"
    for name, what, aim in (("gates", "three gates", 0.7), ("whole", "the whole policy", None)):
        figure = Figure(
            "decisions", f"decisions per CPU second, {what}", other, figures[name] / figures["regorus"], aim,
            figures[name], figures["regorus"], unit="/s", higher_is_better=True,
        )  # fmt: skip
        if figures["regorus_is"] != "measured" and name == "gates":
            figure.notes.append("the module `regorus` is not installed: its figure is from another machine and inputs")
        yield figure


def quiet_push(folder: Path) -> Process:
    """The hook as git calls it for a branch that changes nothing governed, after a first push was judged in full."""
    worlds.git(folder, "remote", "add", "origin", "https://forge.example/bench.git")
    worlds.git(folder, "update-ref", "refs/remotes/origin/main", "refs/heads/main")
    worlds.git(folder, "checkout", "-q", "-b", "quiet", "main")
    (folder / "notes.txt").write_text("nothing governed\n")
    worlds.git(folder, "add", "notes.txt")
    worlds.git(folder, "commit", "-qm", "quiet")
    tip = worlds.git(folder, "rev-parse", "quiet")
    told = f"refs/heads/quiet {tip} refs/heads/quiet {'0' * len(tip)}\n".encode()
    pushed = python(folder, "-m", "policy_gate", "hook", "pre-push", "--", "origin", "address", told=told)
    in_turn(pushed, python(folder, "-c", "pass"), 1)
    if not list((folder / ".git" / "policy-gate" / "ground").glob("*.json")):
        raise SystemExit("the first push has left no memory: what follows would not be a glance")
    worlds.git(folder, "checkout", "-q", "change")
    return pushed


MEASURES: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "memory": memory,
    "three": three_systems,
    "law": law_packs,
    "hook": hook,
    "documents": documents,
    "decisions": decisions,
    "demo": demo_world,
    "one-manifest": one_manifest,
    "all": full_check,
    "all-uniform": full_check_uniform,
    "one-changed": one_changed,
}


def shown(figure: Figure) -> str:
    """A row: what, the ratio and its aim, the two numbers it is made of, and what dominates."""
    digits = 0 if figure.unit != "s" else 3
    ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else "-"
    aim = f"{figure.aim:.2f}" if figure.aim is not None else "-"
    took = f"{figure.took:,.{digits}f}" if figure.took is not None else "-"
    row = f"{figure.what:<66} {ratio:>8} {aim:>6} {figure.verdict:<4}  {took} {figure.unit} against "
    rows = [f"{row}{figure.floor:,.{digits}f} {figure.unit} ({figure.against})"]
    rows += [f"    {note}" for note in (figure.dominates, *figure.notes) if note]
    return "\n".join(rows)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="small worlds and few runs, in under a minute")
    options.add_argument("--only", action="append", choices=tuple(MEASURES), help="this measure; may be given again")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options.add_argument("--systems", type=int, default=10_000, help="of the large worlds")
    options.add_argument("--runs", type=int, default=7, help="whose median counts")
    options.add_argument("--instructions", action="store_true", help="count instructions, too (perf or valgrind)")
    chosen = options.parse_args()
    if importlib.util.find_spec("policy_gate") is None:
        raise SystemExit("policy_gate is not installed here; run `make bench`")
    figures = []
    print(f"{'measure':<66} {'ratio':>8} {'aim':>6}       CPU seconds, medians", flush=True)
    with tempfile.TemporaryDirectory(prefix="policy-gate-bench-") as name:
        bench = Bench(Path(name), chosen)
        for measure in chosen.only or [it for it in MEASURES if not (chosen.quick and it in ("demo", "all-uniform"))]:
            for figure in MEASURES[measure](bench):
                figures.append(figure)
                print(shown(figure), flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")


if __name__ == "__main__":
    main()
