"""Test results as JUnit XML: counted from the test cases, never believed from the totals."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final, Literal

from policy_gate.derive.dates import read_day
from policy_gate.schema.facts import FailedCase, TestFact
from policy_gate.schema.record import dataclass, field, replace
from policy_gate.schema.vocabulary import Cause

MAX_CHARACTERS: Final = 10_000_000
MAX_CASES: Final = 100_000
MAX_DEPTH: Final = 40
_XINCLUDE: Final = "{http://www.w3.org/2001/XInclude}"
_MODEL_VERSION_NAMES: Final = ("model_version", "model-version", "model.version")
_VERSION_NAMES: Final = (*_MODEL_VERSION_NAMES, "version")
_SYSTEM_NAMES: Final = ("system", "system_id", "system-id", "systems")

CaseOutcome = Literal["passed", "failed", "error", "skipped"]


@dataclass(slots=True)
class _Suite:
    name: str
    line: int
    claimed: int = 0
    timestamp: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    cases: list[_Case] = field(default_factory=list)
    inner: list[_Suite] = field(default_factory=list)


@dataclass(slots=True)
class _Case:
    name: str
    line: int
    outcome: CaseOutcome = "passed"
    message: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a report must be of: its suite, the model version, the system; None where nothing is said."""

    test: str
    system: str
    suite: str | None = None
    version: str | None = None
    version_must_be_stated: bool = False
    card_version: str | None = None
    """what the model card says, in its own words: it counts where the manifest states no version"""
    other_tests: Collection[str] = ()


class _RefusedError(Exception):
    """The report is no JUnit XML that can be trusted to be read."""


def read_results(text: str, expected: Expected, fact: TestFact) -> TestFact:
    """`fact` completed with what the report says.

    `cause` becomes refused (no JUnit XML, entities, DTD, too large), not-run (nothing executed, another
    suite, model version or system), failed, or None where at least one test ran and none failed.
    """
    try:
        suites = _parse(text)
    except _RefusedError as problem:
        return _become(fact, "refused", str(problem))
    chosen = _chosen(suites, expected)
    seen = _counted(fact, chosen or suites, suites)
    other = _of_something_else(chosen, suites, seen, expected)
    if other:
        return _become(seen, "not-run", other)
    return _judged(seen, chosen)


def _judged(fact: TestFact, suites: list[_Suite]) -> TestFact:
    failed = [*fact.failed, *_unlisted(suites)]
    if failed:
        total = max(fact.executed, len(failed))
        return _become(fact, "failed", f"{len(failed)} of {total} failed", failed=tuple(failed))
    if fact.executed == 0:
        why = f"all {fact.skipped} tests were skipped" if fact.skipped else "the report holds no test"
        return _become(fact, "not-run", why)
    return _become(fact, None, f"{fact.executed} passed")


def _unlisted(suites: list[_Suite]) -> list[FailedCase]:
    """Failures that a suite's totals own up to and that none of its test cases shows; one entry at most."""
    for suite in _all_suites(suites):
        bad = sum(1 for case in _all_cases([suite]) if case.outcome in ("failed", "error"))
        if suite.claimed > bad:
            message = f"the suite reports {suite.claimed} failures and errors, {bad} are listed"
            return [FailedCase(suite.name or "(suite without a name)", message, suite.line)]
    return []


def _become(fact: TestFact, cause: Cause | None, detail: str, **more: Any) -> TestFact:
    return replace(fact, cause=cause, detail=detail, **more)


def _chosen(suites: list[_Suite], expected: Expected) -> list[_Suite]:
    """The outermost suites of the wanted name; all where none is wanted."""
    if expected.suite is None:
        return suites
    found: list[_Suite] = []
    for suite in suites:
        found += [suite] if _name_key(suite.name) == _name_key(expected.suite) else _chosen(suite.inner, expected)
    return found


def _of_something_else(chosen: list[_Suite], suites: list[_Suite], fact: TestFact, expected: Expected) -> str:
    """Why the report is not of what was asked for, or empty."""
    names = sorted({suite.name for suite in _all_suites(suites) if suite.name})
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
    return ""


def _counted(fact: TestFact, suites: list[_Suite], report: list[_Suite]) -> TestFact:
    cases = list(_all_cases(suites))
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
        suite=next((suite.name for suite in _all_suites(suites) if suite.name), None),
        version=_version(suites) or _version(report),
        completed=days[0] if days else fact.completed,
        outcome=tuple(sorted((case.name, case.outcome) for case in cases)),
    )


def _days(suites: list[_Suite]) -> list[date]:
    return sorted(day for suite in _all_suites(suites) if (day := read_day(suite.timestamp)))


def _version(suites: list[_Suite], names: Iterable[str] = _VERSION_NAMES) -> str | None:
    for name in names:
        found = sorted({suite.properties[name] for suite in _all_suites(suites) if suite.properties.get(name)})
        if found:
            return " and ".join(found)
    return None


def _says(card_version: str, stated: str) -> bool:
    """Whether the words of a card name this version, be it as 2.1, v2.1 or "2.1 of May"."""
    words = {word.strip(".").removeprefix("v") for word in re.findall(r"[\w.+-]+", card_version.casefold())}
    return stated.casefold().removeprefix("v") in words or stated.casefold() in card_version.casefold().split(",")


def _named_systems(suites: list[_Suite]) -> list[str]:
    texts = [
        suite.properties[name] for suite in _all_suites(suites) for name in _SYSTEM_NAMES if name in suite.properties
    ]
    return sorted({part for text in texts for part in re.split(r"[,;\s]+", text) if part})


def _name_key(name: str) -> str:
    return re.sub(r"[\s_.-]+", "-", name.strip().casefold())


def _all_suites(suites: Iterable[_Suite]) -> Iterable[_Suite]:
    for suite in suites:
        yield suite
        yield from _all_suites(suite.inner)


def _all_cases(suites: Iterable[_Suite]) -> Iterable[_Case]:
    return (case for suite in _all_suites(suites) for case in suite.cases)


def _parse(text: str) -> list[_Suite]:
    """The outermost suites; raises _RefusedError with the reason in words."""
    from xml.parsers.expat import ExpatError  # noqa: PLC0415

    from defusedxml.common import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import DefusedXMLParser, ParseError  # noqa: PLC0415

    if len(text) > MAX_CHARACTERS:
        raise _RefusedError(f"the report is too large (got {len(text)} characters, expected at most {MAX_CHARACTERS})")
    target = _Target()
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.expat = parser.parser
    try:
        parser.feed(text)
        parser.close()
    except DefusedXmlException:
        raise _RefusedError("the report declares a DTD, an entity or an external reference") from None
    except (ExpatError, ParseError, ValueError) as problem:
        raise _RefusedError(f"the report is no well-formed XML: {problem}") from None
    return target.suites


class _Target:
    """Receives XML events and builds the suites; the parser's line is that of the element's start."""

    def __init__(self) -> None:
        self.expat: Any = None
        self.suites: list[_Suite] = []
        self.open: list[_Suite] = []
        self.tags: list[str] = []
        self.case: _Case | None = None
        self.count = 0
        self.words: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._check(tag)
        self.tags.append(tag)
        line = int(self.expat.CurrentLineNumber)
        if tag in ("testsuites", "testsuite"):
            self._start_suite(attributes, line)
        elif tag == "testcase":
            self._start_case(attributes, line)
        elif self.case is not None and tag in ("failure", "error", "skipped"):
            self._outcome(tag, attributes)
        elif tag == "property" and self.case is None and self.open:
            self.open[-1].properties.setdefault(
                attributes.get("name", "").casefold(), attributes.get("value", "").strip()
            )

    def _check(self, tag: str) -> None:
        if tag.startswith(_XINCLUDE):
            raise _RefusedError("the report declares a DTD, an entity or an external reference")
        if not self.tags and tag not in ("testsuites", "testsuite"):
            raise _RefusedError(f"the report is no JUnit XML (got <{tag[:40]}>, expected <testsuites> or <testsuite>)")
        if len(self.tags) >= MAX_DEPTH:
            raise _RefusedError(f"the report is nested deeper than {MAX_DEPTH} elements")
        if tag == "testcase" and (not self.open or self.case is not None):
            raise _RefusedError("the report is no JUnit XML (a <testcase> stands outside a <testsuite>)")

    def _start_suite(self, attributes: dict[str, str], line: int) -> None:
        name = attributes.get("name", "").strip()
        suite = _Suite(name, line)
        suite.claimed = _number(attributes, "failures", line) + _number(attributes, "errors", line)
        suite.timestamp = attributes.get("timestamp", "")
        (self.open[-1].inner if self.open else self.suites).append(suite)
        self.open.append(suite)

    def _start_case(self, attributes: dict[str, str], line: int) -> None:
        self.count += 1
        if self.count > MAX_CASES:
            raise _RefusedError(f"the report holds more than {MAX_CASES} tests")
        name = attributes.get("name", "").strip()
        if not name:
            raise _RefusedError(f"the report is no JUnit XML (line {line}: a <testcase> has no name)")
        home = attributes.get("classname", "").strip()
        self.case = _Case(f"{home}.{name}" if home else name, line)
        if attributes.get("status", "").casefold() in ("notrun", "skipped", "disabled"):
            self.case.outcome = "skipped"
        self.open[-1].cases.append(self.case)

    def _outcome(self, tag: str, attributes: dict[str, str]) -> None:
        assert self.case is not None  # noqa: S101
        outcomes: dict[str, CaseOutcome] = {"failure": "failed", "error": "error", "skipped": "skipped"}
        if self.case.outcome in ("passed", "skipped"):
            self.case.outcome = outcomes[tag]
            self.case.message = " ".join(attributes.get("message", "").split())[:300]
        self.words = []

    def data(self, text: str) -> None:
        if self.case is not None and self.tags[-1] in ("failure", "error") and len(self.words) < 50:
            self.words.append(text)

    def end(self, tag: str) -> None:
        self.tags.pop()
        if tag in ("testsuites", "testsuite"):
            self.open.pop()
        elif tag == "testcase":
            self.case = None
        elif self.case is not None and tag in ("failure", "error") and not self.case.message:
            self.case.message = " ".join("".join(self.words).split())[:300]

    def close(self) -> None:
        """Nothing is left to finish; the suites are read from `suites`."""


def _number(attributes: dict[str, str], name: str, line: int) -> int:
    text = attributes.get(name, "0").strip() or "0"
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise _RefusedError(f'the report is no JUnit XML (line {line}: {name} is "{text[:20]}", expected a number)')
    return int(text)
