"""Mutation testing of the decision: small faults set in one at a time, and which of them no test in memory notices.

    python tests/mutation/mutants.py                        all of them, for a night
    python tests/mutation/mutants.py --sample 200 --seed 1  a sample, the same for the same seed
    python tests/mutation/mutants.py --only '*.blame.*'     those whose name fits: module, function, number
    python tests/mutation/mutants.py --folders policy_gate/cards --tests tests/cards    another folder, by its tests

mutmut makes the faults; of its operators those are used that change a decision: comparisons, booleans, numbers,
negations, assignments, words such as "gap". Sentences for people are left alone. The tests are collected once and
run once, to see which of them reach which line. Then each fault gets a process that is forked from here, takes the
function with the fault in place of the one at hand, and runs those tests until one fails. What survives is printed
as a diff, and the share by module at the end. Some faults change nothing that any input shows, such as a look at what
was worked out before: `explained.txt` names them one by one with the reason, and they are counted apart; an entry that
fits no fault any more is told. The exit code is 1 where the share of the others is above `--limit` (per cent), 2 where
there was nothing to try.
"""

from __future__ import annotations
import __future__

import argparse
import difflib
import fnmatch
import importlib
import itertools
import os
import pickle
import random
import re
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import FunctionType
from typing import Any

import coverage
import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation import mutators
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.pragma_handling import IgnoredCode

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("policy_gate/evaluate", "policy_gate/decide", "policy_gate/facts")
"""where the decision is made, and what is looked at unless other folders are named"""
LEFT_OUT = {"case_facts", "case_evidence", "case_comparison", "approval_preview", "waiver_preview",
            "suggest_approvers", "finding_text"}  # fmt: skip
"""what no decision goes through: policy cases, previews, words for people and whom to ask"""
FOR_PEOPLE = re.compile(
    r"\s*(?:(seen|said|says|also|wanted|what|why|where|place|hint|detail|title|message|fix|location)\s*\+?=(?!=)"
    r"|return None, f[\"'])"
)
"""lines of these folders that only say something: a sentence, or where it stands (elsewhere a title may be read)"""
LOOKS_UP = re.compile(r"\s*(\w+)(: [^=]+)? = [\w.]+\.get\(\w+(\.\w+)?\)\n\s*if \1 is None:\n.*\1 = ")
"""a look at what was worked out before, and the lines that work it out: without the look the answer is the same"""
TESTS = ("tests/evaluate", "tests/decide", "tests/facts", "tests/decisions", "tests/threats", "tests/cards",
         "tests/policies/test_law_scenarios.py", "tests/policies/test_lesson.py",
         "tests/policies/test_ids_stand_in_the_policies.py")  # fmt: skip
SECONDS = 20
"""longer than the tests of a fault may take beyond what they take without it"""
MEMORY = 4 << 30
EXPLAINED = Path(__file__).with_name("explained.txt")
ALL_PASS, SOME_FAIL, NOT_TRIED = 0, 1, 2
"""how a process of a fault ends; a signal counts as a test that fails"""


@dataclass(frozen=True, eq=False)
class Mutant:
    """One function with one fault."""

    module: str
    function: str  # `name` or `Class.name`
    number: int
    lines: range  # where the fault is, in the module; of one in the head of a function, all of the function
    whole: cst.FunctionDef
    mutation: Mutation

    @property
    def name(self) -> str:
        return f"{self.module}.{self.function}:{self.number}"

    @property
    def faulty(self) -> str:
        """The function with the fault, as text."""
        function = self.whole.deep_replace(self.mutation.original_node, self.mutation.mutated_node)
        assert isinstance(function, cst.FunctionDef)
        return cst.Module([function]).code

    def diff(self) -> str:
        was = cst.Module([self.whole]).code
        lines = difflib.unified_diff(was.splitlines(), self.faulty.splitlines(), lineterm="", n=2)
        return "\n".join(itertools.islice(lines, 2, None))

    @property
    def key(self) -> str:
        """What stays the same while lines move: the function, and what the fault takes out and puts in."""
        changed = (line for line in self.diff().splitlines() if line.startswith(("-", "+")))
        return "\n".join([f"{self.module}.{self.function}", *(" ".join(line.split()) for line in changed)])

    def put_in_place(self) -> None:
        """From here on the function at hand is the one with the fault, wherever it was imported to."""
        module = importlib.import_module(self.module)
        room = dict(vars(module))
        flags = __future__.annotations.compiler_flag
        exec(compile(self.faulty, self.module, "exec", flags, dont_inherit=True), room)  # noqa: S102 - made just now
        owner, _, name = self.function.rpartition(".")
        found = vars(getattr(module, owner) if owner else module)[name]
        live, made = getattr(found, "__func__", found), room[name]
        made = getattr(made, "__func__", made)
        if not isinstance(live, FunctionType):
            raise TypeError(f"{self.name}: not a function")
        live.__code__ = made.__code__
        live.__defaults__, live.__kwdefaults__ = made.__defaults__, made.__kwdefaults__


@dataclass
class Run:
    """A pytest plugin that runs the collected tests once for each fault, and not once."""

    options: argparse.Namespace
    survivors: dict[Mutant, str] = field(default_factory=dict)
    tried: list[Mutant] = field(default_factory=list)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("tests could not be collected")
        self.tried = chosen(self.options)
        if not self.tried:
            raise pytest.UsageError(f"no fault to try: no name fits {self.options.only}, or the sample is empty")
        began = time.monotonic()
        reach = Reach.of(session.items, self.options.folders)
        print(f"{len(session.items)} tests, {len(self.tried)} faults; {time.monotonic() - began:.0f} s to see "
              "which lines each test reaches", flush=True)  # fmt: skip
        running: dict[int, tuple[Mutant, float]] = {}
        waiting = list(reversed(self.tried))
        while waiting or running:
            while waiting and len(running) < self.options.jobs:
                mutant = waiting.pop()
                tests = reach.tests(mutant)
                if tests:
                    running[fork(mutant, tests, reach)] = mutant, time.monotonic()
                else:
                    self.survived(mutant, "no test reaches it")
            if running:
                pid, status = os.wait()
                mutant, since = running.pop(pid)
                if self.options.verbose:
                    print(f"{time.monotonic() - since:6.1f} s {status:4} {mutant.name}", flush=True)
                if os.waitstatus_to_exitcode(status) in (ALL_PASS, NOT_TRIED):
                    self.survived(mutant, "survived" if status == 0 else "could not be put in place")
        return True

    def survived(self, mutant: Mutant, how: str) -> None:
        self.survivors[mutant] = how
        why = explained().get(mutant.key)
        said = f"\nexplained: {why}" if why else ""
        print(f"\n{how}: {mutant.name}\n{mutant.diff()}{said}", flush=True)

    def tell(self) -> int:
        alive, all_ = (Counter(mutant.module for mutant in mutants) for mutants in (self.survivors, self.tried))
        print()
        for module, number in sorted(all_.items()):
            print(f"{alive[module]:5} of {number:4}  {module}")
        left = [mutant for mutant in self.survivors if mutant.key not in explained()]
        share, open_ = (100 * len(found) / len(self.tried) for found in (self.survivors, left))
        print(f"{len(self.survivors)} of {len(self.tried)} survive ({share:.1f} %)")
        print(f"{len(left)} of {len(self.tried)} survive unexplained ({open_:.1f} %)")
        return 1 if open_ > self.options.limit else 0


@cache
def explained() -> dict[str, str]:
    """The faults that no input shows, each with the reason: what `explained.txt` says, by the key of the fault."""
    found = {}
    for block in EXPLAINED.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if lines:
            reason = next(line for line in lines if line.startswith("="))
            key = "\n".join(" ".join(line.split()) for line in lines if line is not reason)
            found[key] = reason.removeprefix("=").strip()
    return found


@dataclass(frozen=True)
class Reach:
    """Which tests run which line, and how long each takes."""

    by_line: dict[tuple[str, int], set[pytest.Item]]
    seconds: dict[pytest.Item, float]
    folders: Sequence[str]

    @classmethod
    def of(cls, items: Sequence[pytest.Item], folders: Sequence[str]) -> Reach:
        """Run every test once, in a process of its own: what it remembers, no fault is to find.

        UsageError where one fails as things are.
        """
        with tempfile.TemporaryFile() as file:
            pid = os.fork()
            if not pid:
                try:
                    pickle.dump(cls._measured(items, folders), file)
                    file.flush()
                finally:
                    os._exit(0)
            os.waitpid(pid, 0)
            file.seek(0)
            by_line, seconds, failing = pickle.load(file)  # noqa: S301 - written just now
        if failing:
            raise pytest.UsageError("these fail without any fault:\n" + "\n".join(failing))
        return cls(
            {place: {items[number] for number in numbers} for place, numbers in by_line.items()},
            dict(zip(items, seconds, strict=True)),
            folders,
        )

    @staticmethod
    def _measured(
        items: Sequence[pytest.Item], folders: Sequence[str]
    ) -> tuple[dict[tuple[str, int], set[int]], list[float], list[str]]:
        measured = coverage.Coverage(data_file=None, include=[f"{room}/*" for room in folders], config_file=False)
        seconds, failing = [], []
        for number, (item, after) in enumerate(pairs(items)):
            clear_caches(folders)
            measured.start()
            measured.switch_context(str(number))
            began = time.process_time()
            if not passes(item, after):
                failing.append(item.nodeid)
            seconds.append(time.process_time() - began)
            measured.stop()
        data = measured.get_data()
        by_line = {
            (str(Path(name).relative_to(ROOT)), line): {int(context) for context in contexts if context}
            for name in data.measured_files()
            for line, contexts in data.contexts_by_lineno(name).items()
        }
        return by_line, seconds, failing

    def tests(self, mutant: Mutant) -> list[pytest.Item]:
        """Those that reach the fault, the fastest first."""
        path = mutant.module.replace(".", "/") + ".py"
        found = set().union(*(self.by_line.get((path, line), set()) for line in mutant.lines))
        return sorted(found, key=lambda item: (self.seconds[item], item.nodeid))


def fork(mutant: Mutant, tests: Sequence[pytest.Item], reach: Reach) -> int:
    """A process that ends with ALL_PASS where every test passes beside the fault; its id."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        signal.alarm(SECONDS + int(10 * sum(reach.seconds[item] for item in tests)))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        clear_caches(reach.folders)
        mutant.put_in_place()
        os._exit(ALL_PASS if _all_pass(tests) else SOME_FAIL)
    finally:
        os._exit(NOT_TRIED)


def _all_pass(tests: Sequence[pytest.Item]) -> bool:
    """A fault that pytest itself does not survive is noticed, too."""
    try:
        return all(passes(item, after) for item, after in pairs(tests))
    except BaseException:
        return False


def pairs(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each test and the one after it, for which fixtures may stand."""
    return itertools.zip_longest(items, items[1:])


def passes(item: pytest.Item, after: pytest.Item | None) -> bool:
    from _pytest.runner import runtestprotocol

    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=after))


_REMEMBERED: list[dict[Any, Any]] = []
"""what was worked out of some policies and is kept with them, of all policies that were asked"""


def watch_what_policies_remember() -> None:
    """From here on: what a test finds remembered it does not work out, and would not be seen to reach."""
    from policy_gate.schema.rule_set import RuleSet, Scoring

    def made(_: Any) -> dict[Any, Any]:
        _REMEMBERED.append({})
        return _REMEMBERED[-1]

    for owner, name in ((RuleSet, "remembered"), (Scoring, "known_ratings")):
        watched = cached_property(made)
        watched.__set_name__(owner, name)
        setattr(owner, name, watched)


def clear_caches(folders: Sequence[str]) -> None:
    """What was worked out without the fault is not known with it."""
    from policy_gate.decide.governed_content import _PLAIN
    from policy_gate.facts.document_sections import READINGS

    # What these keep may be worked out of the folders that are looked at.
    rooms = tuple(room.replace("/", ".") for room in (*ROOMS, *folders))
    for name, module in list(sys.modules.items()):
        for item in list(vars(module).values()) if name.startswith(rooms) else ():
            if hasattr(item, "cache_clear"):
                item.cache_clear()
    for known in (_PLAIN, READINGS._known, *_REMEMBERED):
        known.clear()


def chosen(options: argparse.Namespace) -> list[Mutant]:
    """The faults asked for: the same ones for the same code and seed, evenly from all whose name fits."""
    found = [
        mutant
        for room in options.folders
        for path in sorted((ROOT / room).glob("*.py"))
        if path.stem not in LEFT_OUT and _may_fit(f"{room}/{path.stem}".replace("/", "."), options.only)
        for mutant in mutants_of(path)
        if fnmatch.fnmatch(mutant.name, options.only)
    ]
    if options.only == "*":
        for key in explained_for_nothing(found, options.folders):
            print(f"explained, but there is no such fault any more: {key}", flush=True)
    if options.sample is not None and options.sample < len(found):
        found = random.Random(options.seed).sample(found, options.sample)  # noqa: S311 - not a secret
    return found


def explained_for_nothing(all_: Sequence[Mutant], folders: Sequence[str]) -> list[str]:
    """The entries of `explained.txt` that fit none of all faults: the line they were about has changed."""
    functions = {key.partition("\n")[0] for key in explained()}
    keys = {mutant.key for mutant in all_ if f"{mutant.module}.{mutant.function}" in functions}
    looked_at = tuple(folder.replace("/", ".") + "." for folder in folders)
    return [key for key in explained() if key.startswith(looked_at) and key not in keys]


def _may_fit(module: str, only: str) -> bool:
    """Whether a name in the module could fit, by what stands before the first wildcard: to spare most parsing."""
    start = re.split(r"[*?\[]", only)[0]
    return module.startswith(start) or start.startswith(module)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every fault in the functions of one file."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    for_people = path.parent.relative_to(ROOT).as_posix() in ROOMS
    ignored = {
        number
        for number, line in enumerate(lines, 1)
        if (for_people and FOR_PEOPLE.match(line)) or LOOKS_UP.match("\n".join(lines[number - 1 : number + 2]))
    }
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = MutationVisitor(list(operators()), IgnoredCode(set(), set(), ignored))
    module = wrapper.visit(visitor)
    positions = wrapper.resolve(PositionProvider)
    owners = {
        inner: f"{outer.name.value}."
        for outer in module.body
        if isinstance(outer, cst.ClassDef)
        for inner in outer.body.body
    }
    count: Counter[str] = Counter()
    for mutation in visitor.mutations:
        function = mutation.contained_by_top_level_function
        if not isinstance(function, cst.FunctionDef):
            continue
        name = owners.get(function, "") + function.name.value
        count[name] += 1
        at, whole = positions[mutation.original_node], positions[function]
        if _is_for_the_type_checker(mutation, lines[at.start.line - 1][: at.start.column]):
            continue
        body = positions[function.body].start.line
        # What stands in its head runs when it is imported, and makes a difference wherever it is called.
        lines_ = range(at.start.line, at.end.line + 1) if at.start.line >= body else range(body, whole.end.line + 1)
        room = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        yield Mutant(room, name, count[name], lines_, function, mutation)


def _is_for_the_type_checker(mutation: Mutation, before: str) -> bool:
    """Whether it takes `or ""` out of `.get(name or "")`, where None finds no more, or is about `strict=` of `zip`."""
    was, now = (cst.Module([]).code_for_node(node) for node in (mutation.original_node, mutation.mutated_node))
    left = was.removesuffix(' or ""')
    is_fallback = before.endswith(".get(") and left != was and now == f"({left})"
    return is_fallback or before.endswith("strict=")


def operators() -> Iterator[tuple[Any, Any]]:
    """The operators that change what is decided, and two more: another word, and a side of `and` or `or` left out."""
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, metavar="N", help="this many, drawn evenly from all")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument("--only", default="*", metavar="GLOB", help="those whose name fits")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="at most this many at once")
    parser.add_argument("--limit", type=float, default=100.0, help="fail where more per cent survive unexplained")
    parser.add_argument("--verbose", action="store_true", help="tell each fault and how long its tests took")
    parser.add_argument("--folders", nargs="+", default=ROOMS, metavar="FOLDER", help="where faults are set")
    parser.add_argument("--tests", nargs="+", default=TESTS, metavar="PATH", help="those that count")
    options = parser.parse_args()
    os.chdir(ROOT)
    watch_what_policies_remember()
    run = Run(options)
    plugins = ["-p", "in_memory", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
    code = pytest.main(["-q", "-s", *plugins, *options.tests], plugins=[run])
    return run.tell() if code == pytest.ExitCode.OK else 2


if __name__ == "__main__":
    sys.exit(main())
