"""Test results as JUnit XML: counted from the test cases; where a suite's totals say worse, they are believed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.facts.junit_xml import Case, Properties, ResultRefusedError, Suite, all_cases, all_suites, parse
from policy_gate.facts.result_dialects import read_moment, read_timestamp
from policy_gate.schema.documents import TestEntry
from policy_gate.schema.facts import FailedCase, TestFact
from policy_gate.schema.test_runs import CaseRun, normal_duration
from policy_gate.schema.vocabulary import Cause

_MODEL_VERSION_NAMES: Final = ("model-version", "modelversion")
_SYSTEM_NAMES: Final = ("policy-gate-system", "policy-gate-systems", "system-id", "system-ids", "systemid", "ai-system")
"""properties that name a system of ours, whatever stands in them"""
_MAYBE_SYSTEM_NAMES: Final = ("system", "systems")
"""properties that name one only where an id stands in them: to many tools the system is the machine"""
_DUMP: Final = re.compile(r"(?:java|os|sun|user|ant|file)\.")
"""names that a tool writes with all its other settings, whose `version` and `system` are the build's"""
_SHOWN: Final = 8

_Around = tuple[Suite, ...]


class Expected(Struct, frozen=True):
    """What a report must be of: its suite, the model version, the system; None where nothing is said."""

    test: str
    system: str
    suite: str | None = None
    cases: tuple[str, ...] = ()
    """names of the cases that count, with `*` for anything; all where there is none"""
    version: str | None = None
    version_must_be_stated: bool = False
    card_version: str | None = None
    """what the model card says, in its own words: it counts where the manifest states no version"""
    other_tests: Collection[str] = ()
    known_systems: frozenset[str] = frozenset()


class _Part(NamedTuple):
    """A suite that counts, and the suites it lies in, the outermost first."""

    suite: Suite
    around: _Around


class _Placed(NamedTuple):
    """A test case and the suites it lies in, the outermost first."""

    case: Case
    around: _Around


def read_results(text: str, expected: Expected, fact: TestFact) -> TestFact:
    """`fact` completed with what the report says.

    `cause` becomes refused (no JUnit XML, entities, DTD, too large, an outcome in words that nobody knows), not-run
    (nothing executed, another suite, model version or system), failed, or None where at least one test ran and none
    failed.
    """
    try:
        suites = parse(text)
    except ResultRefusedError as problem:
        return _become(fact, "refused", str(problem))
    parts = list(_chosen(suites, expected.suite))
    every = [placed for part in parts for placed in _placed(part)]
    placed = [it for it in every if _is_wanted(it.case, expected.cases)]
    seen = _counted(fact, placed if parts else list(_all_placed(suites)), parts)
    other = _of_another_suite(parts, suites, expected)
    if other is None and every and not placed:
        other = f"no test of the report is one of its `cases:` (got {_list(it.case.name for it in every)})"
    if other is None:
        other = _of_something_else(placed or _as_placed(parts), seen, expected)
    return _judged(seen, placed, parts) if other is None else _become(seen, "not-run", other)


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
        if fact.cause not in (None, "failed"):
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


def _claim(entry: TestEntry, fact: TestFact) -> int:
    if _says_which(entry.cases):
        return 0
    return 1 if entry.suite is not None or _name_key(fact.suite or "") == _name_key(entry.id) else 2


def _says_which(cases: Iterable[str]) -> bool:
    """Whether patterns name anything: `*` alone does not."""
    return any(pattern.strip("*. ") for pattern in cases)


def _judged(fact: TestFact, placed: list[_Placed], parts: list[_Part]) -> TestFact:
    failed = [*fact.failed, *_of_suites(parts), *_unlisted(parts)]
    if failed:
        total = max(fact.executed, len(failed))
        return _become(fact, "failed", f"{len(failed)} of {total} failed", failed=tuple(failed))
    unknown = [it.case for it in placed if it.case.outcome == "unknown"]
    unknown += [case for suite in _suites_of(parts) for case in suite.own if case.outcome == "unknown"]
    if unknown:
        first = unknown[0]
        said = f"{first.name}, line {first.line}: {first.message}"
        return _become(fact, "refused", f"how {len(unknown)} of its tests ended cannot be told ({said})")
    if fact.executed == 0:
        why = f"all {fact.skipped} tests were skipped" if fact.skipped else "the report holds no test"
        return _become(fact, "not-run", why)
    return _become(fact, None, f"{fact.executed} passed")


def _of_suites(parts: list[_Part]) -> list[FailedCase]:
    """Failures of a suite itself, or of one that it lies in: then nothing in it is known to have passed."""
    found = [case for suite in _suites_of(parts) for case in suite.own if case.outcome != "unknown"]
    return [FailedCase(case.name, case.message or "the suite itself failed", case.line) for case in found]


def _unlisted(parts: list[_Part]) -> list[FailedCase]:
    """Failures that a suite's totals own up to and that none of its test cases shows; one entry at most."""
    for suite in _suites_of(parts):
        inside = list(all_suites([suite]))
        bad = sum(1 for case in all_cases([suite]) if case.outcome in ("failed", "error"))
        bad += sum(1 for inner in inside for case in inner.own if case.outcome != "unknown")
        if suite.claimed > bad:
            message = f"the suite reports {suite.claimed} failures and errors, {bad} are listed"
            return [FailedCase(suite.name or "(suite without a name)", message, suite.line)]
    return []


def _suites_of(parts: list[_Part]) -> list[Suite]:
    """The suites that count, with what they hold and what they lie in, each once."""
    found = (suite for part in parts for suite in (*part.around, *all_suites([part.suite])))
    return list({id(suite): suite for suite in found}.values())


def _become(fact: TestFact, cause: Cause | None, detail: str, **more: Any) -> TestFact:
    return replace(fact, cause=cause, detail=detail, **more)


def _chosen(suites: list[Suite], wanted: str | None, around: _Around = ()) -> Iterator[_Part]:
    """The outermost suites of the wanted name; all where none is wanted."""
    for suite in suites:
        if wanted is None or _name_key(suite.name) == _name_key(wanted):
            yield _Part(suite, around)
        else:
            yield from _chosen(suite.inner, wanted, (*around, suite))


def _placed(part: _Part) -> Iterator[_Placed]:
    around = (*part.around, part.suite)
    yield from (_Placed(case, around) for case in part.suite.cases)
    for suite in part.suite.inner:
        yield from _placed(_Part(suite, around))


def _all_placed(suites: list[Suite]) -> Iterator[_Placed]:
    return (placed for suite in suites for placed in _placed(_Part(suite, ())))


def _as_placed(parts: list[_Part]) -> list[_Placed]:
    """The suites as if each held one test: what suites without a test say of themselves."""
    return [_Placed(Case("", part.suite.line), (*part.around, part.suite)) for part in parts]


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
    others = {_name_key(other) for other in expected.other_tests} - {_name_key(expected.test)}
    taken = [name for name in names if _name_key(name) in others]
    if not taken or expected.suite is not None or _says_which(expected.cases):
        return None
    said = f"another suite (got {taken[0]}, expected {expected.test})"
    return said if len(names) == 1 else f"{said}; `suite:` in its entry says which counts: {_list(names)}"


def _list(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return ", ".join([*(name[:80] for name in found[:_SHOWN]), *more])


def _of_something_else(placed: list[_Placed], fact: TestFact, expected: Expected) -> str | None:
    """Why the tests are not of the version or the system asked for, or None."""
    ran = _ran(placed)
    if expected.version_must_be_stated:
        silent = sum(1 for stated in _each(ran, _version_of) if not stated)
        if silent:
            some = f": {silent} of {len(ran)} tests do not" if silent < len(ran) else ""
            return f"it does not say for which model version (expected {expected.version}){some}"
    if expected.version is not None and fact.version not in (None, expected.version):
        return f"for another model version (got {fact.version}, expected {expected.version})"
    if expected.version is None and expected.card_version is not None:
        for stated in {version for found in _each(ran, _model_version_of) for version in found}:
            if not _says(expected.card_version, stated):
                return f"for another model version (got {stated}, the model card says {expected.card_version[:40]})"
    for named in _each(ran, lambda properties: _systems_of(properties, expected)):
        if named and expected.system not in named:
            return f"for another system (got {', '.join(sorted(named))}, expected {expected.system})"
    return None


def _counted(fact: TestFact, placed: list[_Placed], parts: list[_Part]) -> TestFact:
    cases = [it.case for it in placed]
    failed = tuple(FailedCase(c.name, c.message, c.line) for c in cases if c.outcome in ("failed", "error"))
    passed = sum(1 for case in cases if case.outcome == "passed")
    hidden = min(passed, sum(_skips_unlisted(part.suite) for part in parts))
    days, unread = _days(placed)
    return _become(
        fact,
        fact.cause,
        fact.detail,
        executed=passed - hidden + len(failed),
        skipped=sum(1 for case in cases if case.outcome == "skipped") + hidden,
        failed=failed,
        suite=next((suite.name for part in parts for suite in all_suites([part.suite]) if suite.name), None),
        version=" and ".join(sorted({version for found in _each(_ran(placed), _version_of) for version in found}))
        or None,
        completed=min(days) if days else fact.completed,
        outcome=tuple(sorted((case.name, case.outcome) for case in cases)),
        unread_timestamp="" if days else unread,
        run=tuple((it.case.number, it.around[-1].timestamp) for it in placed),
        cases=tuple(sorted(_case_run(it) for it in placed)),
    )


def _case_run(placed: _Placed) -> CaseRun:
    """What one case says of its run; its layout, its properties and where it stands are not in it."""
    case, around = placed
    written = (case.timestamp, *(suite.timestamp for suite in reversed(around)))
    moment = next((found for text in written if (found := read_moment(text))), "")
    return CaseRun(case.name, case.outcome, normal_duration(case.time), moment)


def _skips_unlisted(suite: Suite) -> int:
    """How many tests a suite's totals say were skipped, of those that it lists as having passed."""
    listed = list(all_cases([suite]))
    skipped = sum(1 for case in listed if case.outcome == "skipped")
    left_out = max(0, (suite.total or len(listed)) - len(listed))
    return max(suite.skips - skipped - left_out, sum(map(_skips_unlisted, suite.inner)), 0)


def _ran(placed: list[_Placed]) -> list[_Placed]:
    """The tests that ran, which alone say when and what of; all where none did."""
    return [it for it in placed if it.case.outcome != "skipped"] or placed


def _days(placed: list[_Placed]) -> tuple[list[date], str]:
    """The days that the suites of the tests that ran name, else those tests themselves; and one that is no date."""
    ran = _ran(placed)
    suites = {id(suite): suite.timestamp for it in ran for suite in it.around}
    unread = ""
    for texts in (set(suites.values()), {it.case.timestamp for it in ran}):
        stated = sorted(text for text in texts if text)
        days = [day for text in stated if (day := read_timestamp(text))]
        if days:
            return days, ""
        unread = unread or (stated[0] if stated else "")
    return [], " ".join(unread.split())[:60]


def _each(placed: list[_Placed], read: Callable[[Properties], frozenset[str]]) -> list[frozenset[str]]:
    """What each test says by its own properties, else by those of the nearest suite around it that says anything."""
    of_suites: dict[int, frozenset[str]] = {}
    found = []
    for case, around in placed:
        stated = read(case.properties) if case.properties else frozenset()
        for suite in () if stated else reversed(around):
            if id(suite) not in of_suites:
                of_suites[id(suite)] = read(suite.properties)
            stated = of_suites[id(suite)]
            if stated:
                break
        found.append(stated)
    return found


def _values(properties: Properties, names: Collection[str]) -> frozenset[str]:
    return frozenset(value for name, value in properties if value and _name_key(name) in names)


def _model_version_of(properties: Properties) -> frozenset[str]:
    return _values(properties, _MODEL_VERSION_NAMES)


def _version_of(properties: Properties) -> frozenset[str]:
    """The model version, also by the plain name where it is not one of all the settings of a build."""
    stated = _model_version_of(properties)
    return stated if stated or _is_dump(properties) else _values(properties, ("version",))


def _systems_of(properties: Properties, expected: Expected) -> frozenset[str]:
    """The systems that properties name; a machine or an operating system is none."""
    named = {part for text in _values(properties, _SYSTEM_NAMES) for part in _parts(text)}
    if named or _is_dump(properties):
        return frozenset(named)
    for text in _values(properties, _MAYBE_SYSTEM_NAMES):
        parts = [part for part in _parts(text) if _is_id(part, expected)]
        named |= set(parts) if parts and parts[0] == _parts(text)[0] else set()
    return frozenset(named)


def _is_id(text: str, expected: Expected) -> bool:
    """Whether a text is the id of a system: one that is known, or one that differs from ours in its number alone."""
    if text == expected.system or text in expected.known_systems:
        return True
    shape = re.sub(r"\d+", "0", expected.system.casefold())
    return "0" in shape and re.sub(r"\d+", "0", text.casefold()) == shape


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[,;\s]+", text) if part]


def _is_dump(properties: Properties) -> bool:
    return any(_DUMP.match(name) for name, _ in properties)


def _says(card_version: str, stated: str) -> bool:
    """Whether the words of a card name this version, be it as 2.1, v2.1 or "2.1 of May"."""
    words = {word.strip(".").removeprefix("v") for word in re.findall(r"[\w.+-]+", card_version.casefold())}
    return stated.casefold().removeprefix("v") in words or stated.casefold() in card_version.casefold().split(",")


def _name_key(name: str) -> str:
    return re.sub(r"[\s_.-]+", "-", name.strip().casefold())
