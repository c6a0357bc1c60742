"""JUnit XML read strictly: suites and cases with their lines; no DTD, no entities, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, Literal

from msgspec import Struct, field

MAX_CHARACTERS: Final = 10_000_000
MAX_CASES: Final = 100_000
MAX_DEPTH: Final = 40
_XINCLUDE: Final = "{http://www.w3.org/2001/XInclude}"

CaseOutcome = Literal["passed", "failed", "error", "skipped"]


class Suite(Struct):
    name: str
    line: int
    claimed: int = 0
    timestamp: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    inner: list[Suite] = field(default_factory=list)


class Case(Struct):
    name: str
    line: int
    outcome: CaseOutcome = "passed"
    message: str = ""


class ResultRefusedError(Exception):
    """The report is no JUnit XML that can be trusted to be read."""


def all_suites(suites: Iterable[Suite]) -> Iterable[Suite]:
    """Every suite, outer before inner."""
    for suite in suites:
        yield suite
        yield from all_suites(suite.inner)


def all_cases(suites: Iterable[Suite]) -> Iterable[Case]:
    """Every test case of every suite."""
    return (case for suite in all_suites(suites) for case in suite.cases)


def parse(text: str) -> list[Suite]:
    """The outermost suites of a report; raises RefusedError with the reason in words."""
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
    return target.suites


class _Target:
    """Receives XML events and builds the suites; the parser's line is that of the element's start."""

    def __init__(self) -> None:
        self.expat: Any = None
        self.suites: list[Suite] = []
        self.open: list[Suite] = []
        self.tags: list[str] = []
        self.case: Case | None = None
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
            raise ResultRefusedError("the report declares a DTD, an entity or an external reference")
        if not self.tags and tag not in ("testsuites", "testsuite"):
            raise ResultRefusedError(
                f"the report is no JUnit XML (got <{tag[:40]}>, expected <testsuites> or <testsuite>)"
            )
        if len(self.tags) >= MAX_DEPTH:
            raise ResultRefusedError(f"the report is nested deeper than {MAX_DEPTH} elements")
        if tag == "testcase" and (not self.open or self.case is not None):
            raise ResultRefusedError("the report is no JUnit XML (a <testcase> stands outside a <testsuite>)")

    def _start_suite(self, attributes: dict[str, str], line: int) -> None:
        name = attributes.get("name", "").strip()
        suite = Suite(name, line)
        suite.claimed = _number(attributes, "failures", line) + _number(attributes, "errors", line)
        suite.timestamp = attributes.get("timestamp", "")
        (self.open[-1].inner if self.open else self.suites).append(suite)
        self.open.append(suite)

    def _start_case(self, attributes: dict[str, str], line: int) -> None:
        self.count += 1
        if self.count > MAX_CASES:
            raise ResultRefusedError(f"the report holds more than {MAX_CASES} tests")
        name = attributes.get("name", "").strip()
        if not name:
            raise ResultRefusedError(f"the report is no JUnit XML (line {line}: a <testcase> has no name)")
        home = attributes.get("classname", "").strip()
        self.case = Case(f"{home}.{name}" if home else name, line)
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
        raise ResultRefusedError(
            f'the report is no JUnit XML (line {line}: {name} is "{text[:20]}", expected a number)'
        )
    return int(text)
