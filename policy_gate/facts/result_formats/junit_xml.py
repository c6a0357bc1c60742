"""JUnit XML read strictly: suites and cases with their lines; no DTD, no entities, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from policy_gate.facts.result_dialects import (
    COUNTED_AS_ERRORS,
    COUNTED_AS_FAILED,
    COUNTED_AS_PASSED,
    COUNTED_AS_SKIPPED,
    FREE_TEXT,
    SAYS_IT_PASSED,
    SET_ASIDE,
    CaseOutcome,
    StatedOutcome,
    is_harmless_element,
    outcome_of_attributes,
    outcome_of_element,
    outcome_of_property,
    outcome_of_text,
    worse,
)
from policy_gate.facts.result_formats.suites import (
    MAX_CASES,
    MAX_CHARACTERS,
    MAX_DEPTH,
    Case,
    Properties,
    ResultRefusedError,
    Suite,
    all_suites,
)
from policy_gate.schema.patterns import lazy_pattern

_XINCLUDE: Final = "{http://www.w3.org/2001/XInclude}"
_OF_DOCUMENT: Final = ("{http://www.w3.org/", "{https://www.w3.org/")

_HOLDERS: Final = ("testsuites", "testsuite")
_INTO_JUNIT: Final = {
    "robot": "Robot Framework writes one with --xunit FILE",
    "test-run": "NUnit: dotnet test --logger junit writes one, with the package JunitXml.TestLogger",
    "assemblies": "xUnit.net: dotnet test --logger junit writes one, with the package JunitXml.TestLogger",
    "testrun": "dotnet test --logger junit writes one in place of TRX, with the package JunitXml.TestLogger",
    "coverage": "it tells which lines ran, not which tests passed",
    "checkstyle": "it tells what a linter found, not which tests passed",
}
"""what to do about reports that people bring, by their outermost element in small letters"""
_OPAQUE: Final = FREE_TEXT | SET_ASIDE
_NAMELESS_SUITE: Final = "(suite without a name)"
_SPEAKS: Final = ("testcase", *SAYS_IT_PASSED)
"""elements whose own text may say how a test ended"""
_ATTRIBUTE: Final = lazy_pattern(r'[a-z][a-z ._-]*="[^"]*"')
_COUNT: Final = lazy_pattern(r"[0-9]{1,9}")


def parse(text: str) -> list[Suite]:
    """The outermost suites of a report; raises ResultRefusedError with the reason in words."""
    from xml.parsers.expat import ExpatError  # noqa: PLC0415

    from defusedxml.common import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import DefusedXMLParser, ParseError  # noqa: PLC0415

    if len(text) > MAX_CHARACTERS:
        raise ResultRefusedError(
            f"the report is too large (got {len(text)} characters, expected at most {MAX_CHARACTERS})"
        )
    target = _Target()
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.expat = parser.parser
    try:
        parser.feed(text)
        parser.close()
    except DefusedXmlException:
        raise ResultRefusedError("the report declares a DTD, an entity or an external reference") from None
    except (ExpatError, ParseError, ValueError):
        line = parser.parser.ErrorLineNumber
        raise ResultRefusedError(f"the report is no well-formed XML (it cannot be read beyond line {line})") from None
    _settle(target.suites)
    return target.suites


def _settle(suites: list[Suite]) -> None:
    """A suite that did not run has no test that passed; one that failed with its tests fails by these alone."""
    every = list(all_suites(suites))
    bad: set[int] = set()
    for suite in reversed(every):
        if any(case.outcome in ("failed", "error") for case in suite.cases) or any(id(it) in bad for it in suite.inner):
            bad.add(id(suite))
            suite.own = [case for case in suite.own if not _is_attribute(case.message)]
    did_not_run: set[int] = set()
    for suite in every:
        if suite.skipped or id(suite) in did_not_run:
            did_not_run.update(map(id, suite.inner))
            for case in suite.cases:
                case.outcome = "skipped" if case.outcome == "passed" else case.outcome


class _Target:
    """Receives XML events and builds the suites; the parser's line is that of the element's start."""

    def __init__(self) -> None:
        self.expat: Any = None
        self.suites: list[Suite] = []
        self.open: list[Suite] = []
        self.tags: list[str] = []
        self.case: Case | None = None
        self.bad: Case | None = None
        self.property: tuple[Properties, str] | None = None
        self.count = 0
        self.words: list[str] = []
        self.spoken: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.startswith(_XINCLUDE):
            raise ResultRefusedError("the report declares a DTD, an entity or an external reference")
        tag = _local(tag)
        self._check(tag)
        self._hear()
        self.tags.append(tag)
        line = int(self.expat.CurrentLineNumber)
        named = _named(attributes, line)
        if tag in _HOLDERS:
            self._start_suite(named, line)
        elif tag == "testcase":
            self._start_case(named, line)
        elif tag == "property":
            self._start_property(named)
        else:
            self._outcome(tag, named, line)

    def _check(self, tag: str) -> None:
        if not self.tags and tag not in _HOLDERS:
            hint = _INTO_JUNIT.get(tag.lower(), "")
            raise ResultRefusedError(
                f"the report is no JUnit XML (got <{tag[:40]}>, expected <testsuites> or <testsuite>)"
                + (f"; {hint}" if hint else "")
            )
        if len(self.tags) >= MAX_DEPTH:
            raise ResultRefusedError(f"the report is nested deeper than {MAX_DEPTH} elements")
        if tag == "testcase" and self.case is not None:
            raise ResultRefusedError("the report is no JUnit XML (a <testcase> stands inside another)")
        if tag in _HOLDERS and self.case is not None:
            raise ResultRefusedError("the report is no JUnit XML (a suite stands inside a <testcase>)")

    def _start_suite(self, attributes: Mapping[str, str], line: int) -> None:
        suite = Suite(attributes.get("name", "").strip(), line, timestamp=attributes.get("timestamp", "").strip())
        failures = max(_number(attributes, "failures", line), *_counts(attributes, COUNTED_AS_FAILED[1:]))
        errors = max(_number(attributes, "errors", line), *_counts(attributes, COUNTED_AS_ERRORS[1:]))
        suite.claimed = failures + errors
        suite.skips = max(_counts(attributes, COUNTED_AS_SKIPPED)) + max(_counts(attributes, ("disabled",)))
        suite.total = max(_counts(attributes, ("tests", "total"))) or None
        suite.passes = min(_counts(attributes, COUNTED_AS_PASSED)[1:], default=None)
        stated = outcome_of_attributes(attributes, of_suite=True)
        suite.skipped = stated.outcome == "skipped"
        if stated.outcome not in ("passed", "skipped"):
            suite.own.append(Case(suite.name or _NAMELESS_SUITE, line, stated.outcome, stated.said))
        (self.open[-1].inner if self.open else self.suites).append(suite)
        self.open.append(suite)

    def _start_case(self, attributes: Mapping[str, str], line: int) -> None:
        self.count += 1
        if self.count > MAX_CASES:
            raise ResultRefusedError(f"the report holds more than {MAX_CASES} tests")
        name = attributes.get("name", "").strip()
        home = (attributes.get("classname") or attributes.get("class") or "").strip()
        full = f"{home}.{name}" if home and name else name or home
        stated = outcome_of_attributes(attributes)
        if not full and stated.outcome == "passed":
            stated = StatedOutcome("unknown", "it has neither name nor classname")
        self.case = Case(full or f"(test without a name, line {line})", line, stated.outcome, stated.said)
        self.case.number, self.case.timestamp = self.count, attributes.get("timestamp", "").strip()
        self.case.time = attributes.get("time", "").strip()
        self.case.home, self.case.written = home, repr(sorted(attributes.items()))
        self.open[-1].cases.append(self.case)

    def _start_property(self, attributes: Mapping[str, str]) -> None:
        holder = self.case.properties if self.case is not None else self.open[-1].properties
        name = attributes.get("name", "").strip().casefold()
        if "value" in attributes:
            holder.append((name, attributes["value"].strip()))
        else:
            self.property, self.words = (holder, name), []

    def _outcome(self, tag: str, attributes: Mapping[str, str], line: int) -> None:
        """Take what an element says of the test it stands in, or of the suite itself where it stands in none."""
        outcome = outcome_of_element(tag)
        if outcome is None:
            self._strange(tag, line)
        if outcome is None or (self.case is None and self.tags[-2] not in _HOLDERS):
            return
        message = " ".join(attributes.get("message", "").split())[:300]
        case = self.case
        if case is None and outcome == "skipped":
            self.open[-1].skipped = True
            return
        if case is None:
            case = Case(self.open[-1].name or _NAMELESS_SUITE, line)
            self.open[-1].own.append(case)
        is_clearer = case.outcome == "unknown" and outcome == "skipped"
        if is_clearer or (case.outcome != outcome and worse(case.outcome, outcome) == outcome):
            case.outcome, case.message = outcome, message
        elif outcome in ("failed", "error"):
            case.message = message if message and _may_be_clearer(case) else case.message
        self.bad, self.words = (case, []) if outcome != "skipped" else (None, self.words)

    def _strange(self, tag: str, line: int) -> None:
        """Take note of an element that nobody knows: it may say that what it stands in did not pass."""
        if is_harmless_element(tag) or any(outcome_of_element(it) or it in _OPAQUE for it in self.tags[:-1]):
            return
        case = self.case
        if case is None:
            case = Case(self.open[-1].name or _NAMELESS_SUITE, line)
            self.open[-1].own.append(case)
        if case.outcome == "passed":
            case.outcome, case.message = "unknown", f"<{tag[:40]}> in line {line}"

    def data(self, text: str) -> None:
        if (self.bad is not None or self.property is not None) and len(self.words) < 50:
            self.words.append(text)
        if self.case is not None and self.tags[-1] in _SPEAKS and len(self.spoken) < 5 and not text.isspace():
            self.spoken.append(text)

    def end(self, tag: str) -> None:
        self._hear()
        tag = self.tags.pop()
        if tag in _HOLDERS:
            self._end_suite(self.open.pop())
        elif tag == "testcase":
            _heed_properties(self.case)
            self.case = self.bad = None
        elif tag == "property" and self.property is not None:
            holder, name = self.property
            holder.append((name, "".join(self.words).strip()))
            self.property = None
        elif self.bad is not None and outcome_of_element(tag):
            if _may_be_clearer(self.bad):
                said = " ".join("".join(self.words).split())[:300]
                self.bad.message = said or self.bad.message
            self.bad = None

    def _hear(self) -> None:
        """Take what bare words in the element that is open say of the test."""
        if self.spoken and self.case is not None:
            said = " ".join("".join(self.spoken).split())
            _made_worse(self.case, outcome_of_text(self.tags[-1], said), said[:300])
        self.spoken = []

    def _end_suite(self, suite: Suite) -> None:
        told = Case(suite.name or _NAMELESS_SUITE, suite.line)
        _heed_properties(told, suite.properties)
        if told.outcome == "skipped":
            suite.skipped = True
        elif told.outcome != "passed":
            suite.own.append(told)

    def close(self) -> None:
        """Nothing is left to finish; the suites are read from `suites`."""


def _heed_properties(case: Case | None, properties: Properties | None = None) -> None:
    """Take what properties say of how a test ended, or of those of a suite, where that is worse than what is known."""
    if case is not None:
        for name, value in case.properties if properties is None else properties:
            _made_worse(case, outcome_of_property(name, value), f'{name}="{value[:40]}"')


def _made_worse(case: Case, outcome: CaseOutcome, said: str) -> None:
    if case.outcome != outcome and worse(case.outcome, outcome) == outcome:
        case.outcome, case.message = outcome, said


def _local(name: str) -> str:
    """A name without its namespace and its case."""
    return name.rpartition("}")[2].lower()


def _named(attributes: Mapping[str, str], line: int) -> dict[str, str]:
    """Attributes without their namespaces and their case; refused where two of one name differ in what they say.

    What the W3C gives a document, such as `xsi:type`, is none of the report's own.
    """
    if all(name.isascii() and name.islower() and "}" not in name for name in attributes):
        return dict(attributes)
    found: dict[str, str] = {}
    for name, value in sorted(attributes.items(), key=lambda item: item[0].startswith(_OF_DOCUMENT)):
        short = _local(name)
        if found.setdefault(short, value) != value and not name.startswith(_OF_DOCUMENT):
            raise ResultRefusedError(
                f'the report is no JUnit XML (line {line}: "{short[:40]}" is there twice and says two things)'
            )
    return found


def _is_attribute(message: str) -> bool:
    return bool(_ATTRIBUTE.fullmatch(message))


def _may_be_clearer(case: Case) -> bool:
    """Whether nothing but an attribute has said so far what is wrong."""
    return not case.message or _is_attribute(case.message)


def _counts(attributes: Mapping[str, str], names: Iterable[str]) -> list[int]:
    """The numbers that these attributes hold; one that is no number counts nothing."""
    found = (attributes.get(name, "").strip() for name in names)
    return [0, *(int(text) for text in found if _COUNT.fullmatch(text))]


def _number(attributes: Mapping[str, str], name: str, line: int) -> int:
    text = attributes.get(name, "0").strip() or "0"
    if not _COUNT.fullmatch(text):
        raise ResultRefusedError(
            f'the report is no JUnit XML (line {line}: {name} is "{text[:20]}", expected a number)'
        )
    return int(text)
