"""`make bench`: how long the gate takes, as ratios against a floor measured in the same run.

It makes its own repositories in a temporary folder: three systems, and ten thousand systems in ten
thousand manifests. No test reads these numbers; they are for people. Usage: bench.py [--systems N]
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import io
import os
import pstats
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

FLOOR = "import click, yaml, pydantic, git, cel_expr_python"
MANIFEST = """schema: policy-gate/manifest/v1
systems:
  - id: SYS-{number:05d}
    name: System {number}
    description: Summarises meeting notes of team {number}
    owner_team: Team {number}
    stage: development
    risk_profile:
      decision_impact: informational
      human_oversight: full
      data_sensitivity: non_sensitive
      user_vulnerability: professionals
      deployment_scale: internal
      decision_reversibility: reversible
    paths: ["src/**"]
"""
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CI", "GITHUB_"))},
    "GIT_AUTHOR_NAME": "Bench",
    "GIT_AUTHOR_EMAIL": "bench@example.com",
    "GIT_COMMITTER_NAME": "Bench",
    "GIT_COMMITTER_EMAIL": "bench@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(folder: Path, *words: str, data: bytes | None = None) -> None:
    subprocess.run(
        ["git", "-C", str(folder), *words], check=True, env=ENVIRONMENT, input=data, stdout=subprocess.DEVNULL
    )


def repository(folder: Path, systems: int) -> Path:
    """A repository of so many systems, each in a folder of its own, with one changed on a branch."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    stream = io.BytesIO()
    stream.write(b"commit refs/heads/main\ncommitter B <b@example.com> 1700000000 +0000\ndata 4\nbase\n")
    for number in range(systems):
        for name, text in (("governance.yaml", MANIFEST.format(number=number)), ("src/app.py", f"N = {number}\n")):
            data = text.encode()
            head = f"M 100644 inline team-{number % 100:02d}/sys-{number:05d}/{name}\ndata {len(data)}\n"
            stream.write(head.encode() + data + b"\n")
    git(folder, "fast-import", "--quiet", data=stream.getvalue())
    git(folder, "checkout", "-q", "-b", "change", "main")
    manifest = folder / "team-00" / "sys-00000" / "governance.yaml"
    manifest.write_text(manifest.read_text().replace("internal", "thousands"))
    git(folder, "commit", "-qam", "change")
    return folder


def process(words: Sequence[str], folder: Path, told: bytes = b"") -> Callable[[], None]:
    def run() -> None:
        done = subprocess.run(
            [sys.executable, "-I", *words], cwd=folder, env=ENVIRONMENT, input=told, capture_output=True, check=False
        )
        if done.returncode not in (0, 1) or b"Traceback" in done.stderr:
            raise SystemExit(f"{words}: exit {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")

    return run


def paired(one: Callable[[], None], other: Callable[[], None], runs: int) -> tuple[float, float]:
    """Median seconds of each, run in turn so that a drifting machine is fair to both."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs + 1):
        for index, work in enumerate((one, other)):
            start = time.perf_counter()
            work()
            seconds[index].append(time.perf_counter() - start)
    return statistics.median(seconds[0][1:]), statistics.median(seconds[1][1:])


def line(what: str, took: float, against: str, floor: float, aim: float) -> None:
    ratio = took / floor
    verdict = "ok" if ratio <= aim else "over"
    print(
        f"{what:<44} {took:7.3f} s   {against:<30} {floor:7.3f} s   ratio {ratio:5.2f}  (aim {aim})  {verdict}",
        flush=True,
    )


def quiet_push(folder: Path) -> Callable[[], None]:
    """The hook as git calls it for a branch that changes nothing governed, after a first push was judged in full."""
    git(folder, "remote", "add", "origin", "https://forge.example/bench.git")
    git(folder, "update-ref", "refs/remotes/origin/main", "refs/heads/main")
    git(folder, "checkout", "-q", "-b", "quiet", "main")
    (folder / "notes.txt").write_text("nothing governed\n")
    git(folder, "add", "notes.txt")
    git(folder, "commit", "-qm", "quiet")
    words = ["git", "-C", str(folder), "rev-parse", "quiet"]
    tip = subprocess.run(words, check=True, env=ENVIRONMENT, capture_output=True).stdout.decode().strip()
    told = f"refs/heads/quiet {tip} refs/heads/quiet {'0' * len(tip)}\n".encode()
    hook = process(["-m", "policy_gate", "hook", "pre-push", "--", "origin", "address"], folder, told)
    hook()
    if not list((folder / ".git" / "policy-gate" / "ground").glob("*.json")):
        raise SystemExit("the first push has left no memory: what follows would not be a glance")
    git(folder, "checkout", "-q", "change")
    return hook


def peak_memory(folder: Path) -> float:
    """MiB of the largest child so far; called after one check of the small repository."""
    process(["-m", "policy_gate", "check", "--base", "main"], folder)()
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def parse_alone(folder: Path) -> None:
    """The floor of --all: only read the YAML of every manifest, from git objects, strictly."""
    from policy_gate.documents.yaml_reader import read_yaml
    from policy_gate.vcs.repository import Repository

    with Repository.open(folder) as opened:
        tree = opened.tree(opened.tree_oid(opened.resolve("refs/heads/main") or ""))
        for entry in tree.walk():
            if entry.path.endswith("governance.yaml"):
                read_yaml(entry.path, tree.read(entry))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--systems", type=int, default=10_000)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--profile", action="store_true", help="print what dominates --all")
    chosen = options.parse_args()
    check = ["-m", "policy_gate", "check", "--base", "main", "--format", "json=" + os.devnull]
    with tempfile.TemporaryDirectory() as name:
        small = repository(Path(name) / "small", 3)
        print(f"peak memory of one check, three systems: {peak_memory(small):.0f} MiB (aim 60)", flush=True)
        took, floor = paired(process(check, small), process(["-c", FLOOR], small), chosen.runs)
        line("check, three systems", took, "imports alone", floor, 1.5)
        took, floor = paired(quiet_push(small), process(["-c", "pass"], small), 3 * chosen.runs)
        line("hook pre-push, nothing governed changed", took, "a bare Python start", floor, 8)
        large = repository(Path(name) / "large", chosen.systems)
        took, floor = paired(process(check, large), process(check, small), chosen.runs)
        line(f"check, {chosen.systems} systems, one changed", took, "three systems", floor, 1.5)
        whole = [*check, "--all"]
        here = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})"
        bare = ["-c", f"{here}; import bench, pathlib; bench.parse_alone(pathlib.Path('.'))"]
        took, floor = paired(process(whole, large), process(bare, large), 1)
        line(f"check --all, {chosen.systems} systems", took, "parsing their YAML alone", floor, 1.5)
        if chosen.profile:
            dominates(large)


def dominates(folder: Path) -> None:
    """What takes the time of --all, by own time."""
    from policy_gate.cli import main as command

    os.chdir(folder)
    sys.argv = ["policy-gate", "check", "--base", "main", "--all", "--format", f"json={os.devnull}"]
    profile = cProfile.Profile()
    with contextlib.suppress(SystemExit):
        profile.runcall(command)
    pstats.Stats(profile).sort_stats("tottime").print_stats(20)


if __name__ == "__main__":
    main()
