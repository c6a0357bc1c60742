"""Test results as JUnit XML: counted from the test cases, never believed from the totals."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.facts.junit_xml import ResultRefusedError, Suite, all_cases, all_suites, parse
from policy_gate.facts.text_dates import read_day
from policy_gate.schema.facts import FailedCase, TestFact
from policy_gate.schema.vocabulary import Cause

_MODEL_VERSION_NAMES: Final = ("model_version", "model-version", "model.version")
_VERSION_NAMES: Final = (*_MODEL_VERSION_NAMES, "version")
_SYSTEM_NAMES: Final = ("system", "system_id", "system-id", "systems")


class Expected(Struct, frozen=True):
    """What a report must be of: its suite, the model version, the system; None where nothing is said."""

    test: str
    system: str
    suite: str | None = None
    version: str | None = None
    version_must_be_stated: bool = False
    card_version: str | None = None
    """what the model card says, in its own words: it counts where the manifest states no version"""
    other_tests: Collection[str] = ()


def read_results(text: str, expected: Expected, fact: TestFact) -> TestFact:
    """`fact` completed with what the report says.

    `cause` becomes refused (no JUnit XML, entities, DTD, too large), not-run (nothing executed, another
    suite, model version or system), failed, or None where at least one test ran and none failed.
    """
    try:
        suites = parse(text)
    except ResultRefusedError as problem:
        return _become(fact, "refused", str(problem))
    chosen = _chosen(suites, expected)
    seen = _counted(fact, chosen or suites, suites)
    other = _of_something_else(chosen, suites, seen, expected)
    if other is not None:
        return _become(seen, "not-run", other)
    return _judged(seen, chosen)


def _judged(fact: TestFact, suites: list[Suite]) -> TestFact:
    failed = [*fact.failed, *_unlisted(suites)]
    if failed:
        total = max(fact.executed, len(failed))
        return _become(fact, "failed", f"{len(failed)} of {total} failed", failed=tuple(failed))
    if fact.executed == 0:
        why = f"all {fact.skipped} tests were skipped" if fact.skipped else "the report holds no test"
        return _become(fact, "not-run", why)
    return _become(fact, None, f"{fact.executed} passed")


def _unlisted(suites: list[Suite]) -> list[FailedCase]:
    """Failures that a suite's totals own up to and that none of its test cases shows; one entry at most."""
    for suite in all_suites(suites):
        bad = sum(1 for case in all_cases([suite]) if case.outcome in ("failed", "error"))
        if suite.claimed > bad:
            message = f"the suite reports {suite.claimed} failures and errors, {bad} are listed"
            return [FailedCase(suite.name or "(suite without a name)", message, suite.line)]
    return []


def _become(fact: TestFact, cause: Cause | None, detail: str, **more: Any) -> TestFact:
    return replace(fact, cause=cause, detail=detail, **more)


def _chosen(suites: list[Suite], expected: Expected) -> list[Suite]:
    """The outermost suites of the wanted name; all where none is wanted."""
    if expected.suite is None:
        return suites
    found: list[Suite] = []
    for suite in suites:
        found += [suite] if _name_key(suite.name) == _name_key(expected.suite) else _chosen(suite.inner, expected)
    return found


def _of_something_else(chosen: list[Suite], suites: list[Suite], fact: TestFact, expected: Expected) -> str | None:
    """Why the report is not of what was asked for; None where nothing says so."""
    names = sorted({suite.name for suite in all_suites(suites) if suite.name})
    if not chosen:
        return f"another suite (got {', '.join(names) or 'none'}, expected {expected.suite})"
    others = {_name_key(other) for other in expected.other_tests} - {_name_key(expected.test)}
    taken = [name for name in names if _name_key(name) in others]
    if expected.suite is None and taken:
        return f"another suite (got {taken[0]}, expected {expected.test})"
    if expected.version is not None and fact.version is None and expected.version_must_be_stated:
        return f"it does not say for which model version (expected {expected.version})"
    if expected.version is not None and fact.version not in (None, expected.version):
        return f"for another model version (got {fact.version}, expected {expected.version})"
    if expected.version is None and expected.card_version is not None:
        stated = _version(chosen, _MODEL_VERSION_NAMES) or _version(suites, _MODEL_VERSION_NAMES)
        if stated is not None and not _says(expected.card_version, stated):
            return f"for another model version (got {stated}, the model card says {expected.card_version[:40]})"
    named = _named_systems(chosen) or _named_systems(suites)
    if named and expected.system not in named:
        return f"for another system (got {', '.join(named)}, expected {expected.system})"
    return None


def _counted(fact: TestFact, suites: list[Suite], report: list[Suite]) -> TestFact:
    cases = list(all_cases(suites))
    days = _days(suites) or _days(report)
    failed = tuple(FailedCase(c.name, c.message, c.line) for c in cases if c.outcome in ("failed", "error"))
    skipped = sum(1 for case in cases if case.outcome == "skipped")
    return _become(
        fact,
        fact.cause,
        fact.detail,
        executed=len(cases) - skipped,
        skipped=skipped,
        failed=failed,
        suite=next((suite.name for suite in all_suites(suites) if suite.name), None),
        version=_version(suites) or _version(report),
        completed=days[0] if days else fact.completed,
        outcome=tuple(sorted((case.name, case.outcome) for case in cases)),
    )


def _days(suites: list[Suite]) -> list[date]:
    return sorted(day for suite in all_suites(suites) if (day := read_day(suite.timestamp)))


def _version(suites: list[Suite], names: Iterable[str] = _VERSION_NAMES) -> str | None:
    for name in names:
        found = sorted({suite.properties[name] for suite in all_suites(suites) if suite.properties.get(name)})
        if found:
            return " and ".join(found)
    return None


def _says(card_version: str, stated: str) -> bool:
    """Whether the words of a card name this version, be it as 2.1, v2.1 or "2.1 of May"."""
    words = {word.strip(".").removeprefix("v") for word in re.findall(r"[\w.+-]+", card_version.casefold())}
    return stated.casefold().removeprefix("v") in words or stated.casefold() in card_version.casefold().split(",")


def _named_systems(suites: list[Suite]) -> list[str]:
    texts = [
        suite.properties[name] for suite in all_suites(suites) for name in _SYSTEM_NAMES if name in suite.properties
    ]
    return sorted({part for text in texts for part in re.split(r"[,;\s]+", text) if part})


def _name_key(name: str) -> str:
    return re.sub(r"[\s_.-]+", "-", name.strip().casefold())
