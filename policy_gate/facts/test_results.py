"""Test results: counted from the test cases of any format; where a suite's totals say worse, they are believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from policy_gate.facts.result_claims import (
    Tally,
    fewer_passed,
    left_out,
    more_than_listed,
    tallies_of,
    unlisted_failures,
    without_copies,
)
from policy_gate.facts.result_dialects import NOTHING_ASSERTED, read_moment, read_timestamp
from policy_gate.facts.result_formats import parse
from policy_gate.facts.result_formats.suites import Case, Placed, ResultRefusedError, Suite, all_cases, all_suites
from policy_gate.facts.result_matching import (
    Expected,
    models_of,
    name_key,
    names_its_system,
    of_something_else,
    tests_that_ran,
    versions_of,
)
from policy_gate.schema.documents import TestEntry
from policy_gate.schema.facts import FailedCase, TestFact
from policy_gate.schema.test_runs import CaseOfRun, normal_duration
from policy_gate.schema.vocabulary import Cause

_SHOWN: Final = 8

_Around = tuple[Suite, ...]


class _Part(NamedTuple):
    """A suite that counts, and the suites it lies in, the outermost first."""

    suite: Suite
    around: _Around


def read_results(text: str, expected: Expected, fact: TestFact) -> TestFact:
    """`fact` completed with what the report says.

    `cause` becomes refused (no report that is known, entities, DTD, too large, an outcome in words that nobody knows),
    not-run (nothing executed, another suite, model or system), failed, or None where at least one test ran and none
    failed.
    """
    try:
        suites = parse(text)
    except ResultRefusedError as problem:
        return _become(fact, "refused", str(problem))
    parts = list(_chosen(suites, expected.suite))
    every = [placed for part in parts for placed in _placed(part)]
    placed = [it for it in every if _is_wanted(it.case, expected.cases)]
    tallies = tallies_of(suites)
    seen = _counted(fact, placed if parts else list(_all_placed(suites)), parts, suites, tallies, expected.version)
    other = _of_another_suite(parts, suites, expected)
    if every and not placed:
        other = f"no test of the report is one of its `cases:` (got {_list(it.case.name for it in every)})"
    if other is None:
        other = of_something_else(placed or _as_placed(parts), seen, expected)
    if other is not None:
        return _become(seen, "not-run", other)
    beside = left_out(every, placed, expected.cases)
    seen = replace(seen, left_out=beside, names_its_system=names_its_system(placed, expected))
    return _judged(seen, placed, parts, tallies)


def once_each(entries: Sequence[TestEntry], facts: Sequence[TestFact]) -> list[TestFact]:
    """The results of one system, where a test case counts for one test only.

    What serves a second test is no run of that test, unless its entry says which cases it is about. An entry that
    says more, or whose suite has the test's own name, comes before one that says less.
    """
    order = sorted(range(len(facts)), key=lambda position: _claim(entries[position], facts[position]))
    taken: dict[Any, str] = {}
    found = list(facts)
    for position in order:
        fact = facts[position]
        if fact.cause not in (None, "failed") or fact.attested is not None:
            continue
        same = (fact.suite, fact.completed, fact.outcome, tuple(time for _, time in fact.run))
        keys = [same, *((fact.oid, number) for number, _ in fact.run)]
        other = next((taken[key] for key in keys if taken.get(key, fact.id) != fact.id), None)
        if other and not _says_which(entries[position].cases):
            said = f"its tests count for {other} already; write `cases: [...]` or `suite:` to say which are this test's"
            found[position] = _become(fact, "not-run", said)
            continue
        for key in keys:
            taken.setdefault(key, fact.id)
    return found


def counted_by_none(facts: Sequence[TestFact]) -> list[TestFact]:
    """The results of one system, each with the tests of its report that count for none of them."""
    left: dict[str | None, set[str]] = {}
    for fact in facts:
        names = set(fact.uncounted)
        left[fact.oid] = left[fact.oid] & names if fact.oid in left else names
    return [
        replace(fact, uncounted=tuple(name for name in fact.uncounted if name in left[fact.oid]))
        if fact.uncounted
        else fact
        for fact in facts
    ]


def _claim(entry: TestEntry, fact: TestFact) -> int:
    if _says_which(entry.cases):
        return 0
    return 1 if entry.suite is not None or name_key(fact.suite or "") == name_key(entry.id) else 2


def _says_which(cases: Iterable[str]) -> bool:
    """Whether patterns name anything: `*` alone does not."""
    return any(pattern.strip("*. ") for pattern in cases)


def _judged(fact: TestFact, placed: list[Placed], parts: list[_Part], tallies: Mapping[int, Tally]) -> TestFact:
    suites = _suites_of(parts)
    beside = [*_of_suites(suites), *unlisted_failures(suites, tallies)]
    unknown = _unknown(placed, suites, tallies)
    if fact.failed or beside:
        wrong = fact.executed - fact.passed + len(beside)
        said = f"{wrong} of {max(fact.executed, wrong)} failed"
        is_sample = fact.is_sample and not beside and not unknown
        return _become(fact, "failed", said, failed=(*fact.failed, *beside), is_sample=is_sample)
    if unknown:
        first = unknown[0]
        said = f"{first.name}, line {first.line}: {first.message}"
        return _become(fact, "refused", f"how {len(unknown)} of its tests ended cannot be told ({said})")
    if fact.executed == 0:
        why = f"all {fact.skipped} tests were skipped" if fact.skipped else "the report holds no test"
        if placed and all(it.case.message == NOTHING_ASSERTED for it in placed):
            why = f"none of its {fact.skipped} tests asserted anything, as they say themselves"
        return _become(fact, "not-run", why)
    return _become(fact, None, f"{fact.executed} passed")


def _unknown(placed: list[Placed], suites: list[Suite], tallies: Mapping[int, Tally]) -> list[Case]:
    """The tests, and what suites say of themselves, of which nobody knows how they ended."""
    found = [it.case for it in placed if it.case.outcome == "unknown"]
    found += [case for suite in suites for case in suite.own if case.outcome == "unknown"]
    return found + fewer_passed(suites, tallies)


def _of_suites(suites: list[Suite]) -> list[FailedCase]:
    """Failures of a suite itself, or of one that it lies in: then nothing in it is known to have passed."""
    found = [case for suite in suites for case in suite.own if case.outcome != "unknown"]
    return [FailedCase(case.name, case.message or "the suite itself failed", case.line) for case in found]


def _suites_of(parts: list[_Part]) -> list[Suite]:
    """The suites that count, with what they hold and what they lie in, each once."""
    found = (suite for part in parts for suite in (*part.around, *all_suites([part.suite])))
    return list({id(suite): suite for suite in found}.values())


def _become(fact: TestFact, cause: Cause | None, detail: str, **more: Any) -> TestFact:
    return replace(fact, cause=cause, detail=detail, **more)


def _chosen(suites: list[Suite], wanted: str | None, around: _Around = ()) -> Iterator[_Part]:
    """The outermost suites of the wanted name; all where none is wanted."""
    for suite in suites:
        if wanted is None or name_key(suite.name) == name_key(wanted):
            yield _Part(suite, around)
        else:
            yield from _chosen(suite.inner, wanted, (*around, suite))


def _placed(part: _Part) -> Iterator[Placed]:
    around = (*part.around, part.suite)
    yield from (Placed(case, around) for case in part.suite.cases)
    for suite in part.suite.inner:
        yield from _placed(_Part(suite, around))


def _all_placed(suites: list[Suite]) -> Iterator[Placed]:
    return (placed for suite in suites for placed in _placed(_Part(suite, ())))


def _as_placed(parts: list[_Part]) -> list[Placed]:
    """The suites as if each held one test: what suites without a test say of themselves."""
    return [Placed(Case("", part.suite.line), (*part.around, part.suite)) for part in parts]


def _is_wanted(case: Case, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(_matches(pattern.casefold(), case.name.casefold()) for pattern in patterns)


def _matches(pattern: str, name: str) -> bool:
    """Whether a name is as the pattern says, in which `*` stands for anything."""
    first, *others = pattern.split("*")
    if not others:
        return name == first
    if not name.startswith(first):
        return False
    position = len(first)
    for part in others[:-1]:
        position = name.find(part, position) + len(part)
        if position < len(part):
            return False
    return len(name) - len(others[-1]) >= position and name.endswith(others[-1])


def _of_another_suite(parts: list[_Part], suites: list[Suite], expected: Expected) -> str | None:
    """Why no suite of the report is the one asked for, or None."""
    names = sorted({suite.name for suite in all_suites(suites) if suite.name})
    if not parts:
        return f"another suite (got {_list(names) or 'none'}, expected {expected.suite})"
    others = {name_key(other) for other in expected.other_tests} - {name_key(expected.test)}
    taken = [name for name in names if name_key(name) in others]
    if not taken or expected.suite is not None or _says_which(expected.cases):
        return None
    said = f"another suite (got {taken[0]}, expected {expected.test})"
    return said if len(names) == 1 else f"{said}; `suite:` in its entry says which counts: {_list(names)}"


def _list(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return ", ".join([*(name[:80] for name in found[:_SHOWN]), *more])


def _counted(
    fact: TestFact,
    placed: list[Placed],
    parts: list[_Part],
    suites: list[Suite],
    tallies: Mapping[int, Tally],
    wanted: str | None,
) -> TestFact:
    cases = [it.case for it in placed]
    failed = tuple(FailedCase(c.name, c.message, c.line) for c in cases if c.outcome in ("failed", "error"))
    passed = sum(it.case.times for it in without_copies(placed) if it.case.outcome == "passed")
    hidden = min(passed, sum(tallies[id(part.suite)].hidden for part in parts))
    days, unread = _days(placed)
    ran = tests_that_ran(placed)
    return _become(
        fact,
        fact.cause,
        fact.detail,
        executed=passed - hidden + sum(case.times for case in cases if case.outcome in ("failed", "error")),
        passed=passed - hidden,
        skipped=sum(case.times for case in cases if case.outcome == "skipped") + hidden,
        failed=failed,
        suite=next((suite.name for part in parts for suite in all_suites([part.suite]) if suite.name), None),
        version=" and ".join(sorted({version for found in versions_of(ran, wanted) for version in found})) or None,
        completed=min(days) if days else fact.completed,
        outcome=tuple(sorted((case.name, case.outcome) for case in cases)),
        unread_timestamp=unread,
        run=tuple((it.case.number, it.around[-1].timestamp) for it in placed),
        cases=tuple(sorted(_case_run(it) for it in placed)),
        model=" and ".join(dict.fromkeys(filter(None, models_of(ran)))) or None,
        seed=next((suite.seed for it in placed for suite in it.around if suite.seed), None),
        tool=next((it.around[0].tool for it in placed), ""),
        is_sample=bool(placed) and all(it.around[-1].sampled for it in placed),
        uncounted=_uncounted(placed, suites),
        unlisted=more_than_listed(_suites_of(parts), tallies),
    )


def _uncounted(placed: list[Placed], suites: list[Suite]) -> tuple[str, ...]:
    """Names of the tests of the report that are not among those placed; none of JUnit XML, which holds whole builds."""
    if not any(suite.tool for suite in suites):
        return ()
    counted = {id(it.case) for it in placed}
    return tuple(dict.fromkeys(case.name for case in all_cases(suites) if id(case) not in counted))


def _case_run(placed: Placed) -> CaseOfRun:
    """What one case says of its run; its layout, its properties and where it stands are not in it."""
    case, around = placed
    written = (case.timestamp, *(suite.timestamp for suite in reversed(around)))
    moment = next((found for text in written if text and (found := read_moment(text))), "")
    return CaseOfRun(case.name, case.outcome, normal_duration(case.time), moment, case.ids)


def _days(placed: list[Placed]) -> tuple[list[date], str]:
    """The days that the suites of the tests that ran name, else those tests themselves; and one that is no date."""
    ran = tests_that_ran(placed)
    suites = {id(suite): suite.timestamp for it in ran for suite in it.around}
    unread = []
    for texts in (set(suites.values()), {it.case.timestamp for it in ran}):
        stated = sorted(text for text in texts if text)
        days = [day for text in stated if (day := read_timestamp(text))]
        if days:
            return days, ""
        unread += stated
    return [], " ".join(next(iter(unread), "").split())[:60]
