"""Mutation testing of the decision: small faults set in one at a time, and which of them no test in memory notices.

    python tests/mutation/mutants.py                        all of them: hours, for a night
    python tests/mutation/mutants.py --sample 100 --seed 1  a sample, the same for the same seed
    python tests/mutation/mutants.py --only '*.blame.*'     those whose name fits, as mutmut names them

mutmut makes the faults, runs for each the tests that reach its function, and forks for each, in a copy of this
repository that is thrown away. What survives is printed as a diff, and the share at the end; the exit code is 1
where the share is above `--limit` (per cent). Of mutmut's operators those that change a decision are used:
comparisons, booleans, numbers, negations, assignments, words such as "gap". Sentences for people are left alone.
"""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MODULES = ("policy_gate/evaluate", "policy_gate/decide", "policy_gate/facts")
"""where the decision is made: the only place that names these folders"""
LEFT_OUT = tuple(
    f"*/{name}.py"
    for name in ("cases", "case_evidence", "rehearsal", "proposal", "permission", "wording", "moved", "asking")
)
"""what no decision goes through: policy cases, previews, words for people and whom to ask"""
FOR_PEOPLE = r"^\s*(seen|said|wanted|what|why|where|place|hint|detail|title|message|fix|location)\s*\+?=(?!=)"
"""lines that only say something: a sentence, or where it stands"""
TESTS = ("tests/evaluate", "tests/decide", "tests/facts", "tests/decisions", "tests/policies/test_lesson.py")
KILLED = ("killed", "timeout", "suspicious", "segfault", "caught by type check")
CONFIG = """
[tool.mutmut]
source_paths = ["policy_gate"]
only_mutate = {only}
do_not_mutate = {left_out}
do_not_mutate_patterns = {for_people}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "in_memory", "-p", "no:cacheprovider", "-p", "no:xdist"]
also_copy = {copied}
timeout_constant = 20.0
use_git_change_detection = false
"""


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        place = Path(folder) / "repository"
        _copy(place)
        os.chdir(place)
        sys.path.insert(0, str(Path(__file__).parent))
        names = _run(options)
        states = _states()
        return _tell({name: states.get(name, "not checked") for name in names}, options.limit)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, metavar="N", help="this many, drawn evenly from all")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument("--only", default="*", metavar="GLOB", help="those whose name fits")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="at most this many at once")
    parser.add_argument("--limit", type=float, default=100.0, help="fail where more per cent survive")
    return parser.parse_args()


def _copy(place: Path) -> None:
    """Every file that git would track, and mutmut's settings at the end of pyproject.toml."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True,
    ).stdout.decode()  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, place / name)
    top = sorted(path.name for path in place.iterdir() if path.name != "pyproject.toml")
    lists = {
        "only": [f"{module}/*.py" for module in MODULES],
        "left_out": LEFT_OUT,
        "for_people": [FOR_PEOPLE],
        "tests": TESTS,
        "copied": top,
    }
    text = CONFIG.format(**{name: json.dumps(values) for name, values in lists.items()})
    with (place / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def _run(options: argparse.Namespace) -> list[str]:
    """Make the mutants and run them; the names of those that were asked for."""
    import mutmut.__main__ as mutmut
    from mutmut.mutation import mutators

    mutators.mutation_operators[:] = list(_operators(mutators))
    chosen: list[str] = []
    collect = mutmut.collect_source_file_mutation_data

    def collect_chosen(*, mutant_names: Any) -> Any:
        found, by_path = collect(mutant_names=mutant_names)
        found = sorted((item for item in found if fnmatch.fnmatch(item[1], options.only)), key=lambda item: item[1])
        if options.sample is not None and options.sample < len(found):
            found = random.Random(options.seed).sample(found, options.sample)  # noqa: S311 - not a secret
        chosen.extend(item[1] for item in found)
        return found, by_path

    mutmut.collect_source_file_mutation_data = collect_chosen
    with _aside(Path("mutmut.log")):
        mutmut._run((), options.jobs)
    return chosen


@contextlib.contextmanager
def _aside(log: Path) -> Iterator[None]:
    """What is printed meanwhile goes into a file, whoever prints it; its end is shown where something fails."""
    kept = os.dup(1)
    sys.stdout.flush()
    with log.open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
    try:
        yield
    except BaseException:
        print(log.read_text("utf-8", "replace").replace("\r", "\n")[-4000:], file=sys.stderr)
        raise
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _operators(mutators: Any) -> Iterator[tuple[Any, Any]]:
    """The operators that change what is decided, and one more: a side of `and` or `or` that is left out."""
    import libcst as cst

    unwanted = {mutators.operator_string, mutators.operator_arg_removal, mutators.operator_lambda,
                mutators.operator_symmetric_string_methods_swap,
                mutators.operator_unsymmetrical_string_methods_swap}  # fmt: skip
    yield from (pair for pair in mutators.mutation_operators if pair[1] not in unwanted)

    def word(node: cst.BaseString) -> Iterable[cst.BaseString]:
        """Another word, where it is one word and so told apart by code; a sentence is for people."""
        if isinstance(node, cst.SimpleString) and node.raw_value.replace("-", "").replace("_", "").isalpha():
            yield node.with_changes(value=f"{node.prefix}{node.quote}XX{node.raw_value}XX{node.quote}")

    def side(node: cst.BooleanOperation) -> Iterable[cst.BaseExpression]:
        for kept in (node.left, node.right):
            yield kept.with_changes(lpar=[cst.LeftParen(), *kept.lpar], rpar=[*kept.rpar, cst.RightParen()])

    yield cst.BaseString, word
    yield cst.BooleanOperation, side


def _states() -> dict[str, str]:
    """What became of each mutant, in mutmut's words, as it has written it down."""
    from mutmut.stats import status_by_exit_code

    states: dict[str, str] = {}
    for path in Path("mutants").rglob("*.meta"):
        told = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
        states |= {name: status_by_exit_code[code] for name, code in told.items()}
    return states


def _tell(states: dict[str, str], limit: float) -> int:
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    alive = sorted(name for name, state in states.items() if state not in KILLED)
    for name in alive:
        print(f"\n{states[name]}: {name}")
        print("\n".join(line for line in get_diff_for_mutant(name).splitlines() if line[:1] in "+-@"))
    by_module = Counter(name.rpartition(".")[0] for name in alive)
    print()
    for module, number in by_module.most_common():
        print(f"{number:5} {module}")
    share = 100 * len(alive) / max(len(states), 1)
    print(f"{len(alive)} of {len(states)} survive ({share:.1f} %)")
    return 1 if share > limit or not states else 0


if __name__ == "__main__":
    sys.exit(main())
