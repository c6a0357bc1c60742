"""The report as JUnit XML: one suite for each system, one test case for each obligation.

What is met passes. A gap that blocks fails; an unknown, a problem or a missing answer that decides the verdict is an
error; everything else (debt, remediation, advice, waived, deferred, upcoming, not applicable) is skipped, with the
reason: a red case is always something that this run is red for. A name is told apart by the finding's id where
two findings of a suite are called alike, because GitLab keeps only one of the same name.

No test case has a `file` attribute, which GitLab would link: the schema that Jenkins and others hold these files
against forbids it. The place is the first line of the text instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.report.alerts import REPOSITORY, Alert, alert_of, answer_of, fitted, lines_of, problems_of, unlike
from policy_gate.report.sanitise import xml
from policy_gate.report.style import RenderOptions
from policy_gate.report.wording import due_text, place_of
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport

LINE: Final = 2000
"""characters of one line or attribute"""

_ONE_A_SYSTEM = ("artifact", "test", "card")
"""kinds of which a system has one case for each subject"""


class JunitCase(Struct, frozen=True):
    """One test case; `outcome` is an element's name, or empty where it passes."""

    name: str
    classname: str
    outcome: str = ""
    type: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()


class JunitSuite(Struct, frozen=True):
    """One test suite of the report: a system, or the repository itself."""

    name: str
    properties: tuple[tuple[str, str], ...]
    cases: tuple[JunitCase, ...]

    def count(self, outcome: str) -> int:
        return sum(1 for case in self.cases if case.outcome == outcome)


def junit(report: Report, render: RenderOptions) -> str:
    """The whole report as XML 1.0, ASCII markup around UTF-8 text. `look` does not matter here."""
    suites = tuple(_suites(report))
    total = {name: sum(suite.count(name) for suite in suites) for name in ("failure", "error")}
    number = sum(len(suite.cases) for suite in suites)
    counts = f'tests="{number}" failures="{total["failure"]}" errors="{total["error"]}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="policy-gate" {counts}>']
    for suite in suites:
        lines += _suite_lines(suite)
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _suites(report: Report) -> Iterator[JunitSuite]:
    """The repository's own first: the answer, problems and findings of no system."""
    systems = {system.id: system for system in report.systems}
    others = [finding for finding in report.findings if finding.system not in systems]
    alerts = unlike([*([answer] if (answer := answer_of(report)) else []), *problems_of(report)])
    own = _told_apart([*(_of_alert(alert) for alert in alerts), *_cases(others, report, None)])
    if not own and not report.findings:
        own = (JunitCase(report.headline or "Nothing is asked for", REPOSITORY),)
    yield JunitSuite(REPOSITORY, tuple(_of_report(report)), own)
    for system in report.systems:
        found = [finding for finding in report.findings if finding.system == system.id]
        properties = (("verdict", system.verdict), ("tier", system.effective_tier), ("stage", system.stage))
        cases = _told_apart(list(_cases(found, report, system)))
        yield JunitSuite(f"{system.id} {system.name}", properties, cases)


def _of_report(report: Report) -> Iterator[tuple[str, str]]:
    """What the whole answer is worth: verdict, revisions, rules, and whether it enforces."""
    trust = report.trust
    yield "verdict", report.verdict
    yield "exit-code", str(report.exit_code)
    yield "as-of", report.as_of.isoformat()
    yield "base", trust.base.commit or trust.base.ref
    yield "head", trust.head.commit or trust.head.ref
    yield "policies", trust.policies_digest
    yield "enforcing", "true" if trust.enforcing else "false"
    yield from (("note", note) for note in trust.notes)


def _cases(findings: Iterable[Finding], report: Report, system: SystemReport | None) -> Iterator[JunitCase]:
    for finding in findings:
        alert = alert_of(finding, report, system)
        classname = f"{finding.system or REPOSITORY}.{finding.kind}.{finding.subject}"
        outcome = _outcome(finding)
        lines = () if finding.state == "met" else tuple(_text(alert))
        kind = finding.cause or finding.state
        yield JunitCase(_name(finding), classname, outcome, kind, _message(finding, outcome), lines)


def _name(finding: Finding) -> str:
    """What is asked, in words that do not change with the answer, so that servers know the case again in every run."""
    subject = finding.subject.replace("-", " ")
    if finding.kind in _ONE_A_SYSTEM:
        return f"{finding.kind} {subject}"
    return f"{finding.kind} {subject} [{finding.id}]"


def _of_alert(alert: Alert) -> JunitCase:
    outcome = "error" if alert.level == "error" else "skipped"
    kind = alert.rule.partition(":")[2]
    return JunitCase(alert.title, f"{REPOSITORY}.{kind}", outcome, kind, alert.title, tuple(_text(alert)))


def _outcome(finding: Finding) -> str:
    if finding.state == "met":
        return ""
    return "failure" if finding.blocks else "error" if finding.undecided else "skipped"


def _message(finding: Finding, outcome: str) -> str:
    """Why it failed, or why it is let be."""
    if outcome != "skipped":
        return finding.title
    if finding.state in ("gap", "unknown"):
        return f"{_weight(finding)}: {finding.title}"
    reason = finding.waiver or finding.seen or finding.title
    due = f", {finding.due.isoformat()}" if finding.due else ""
    return f"{finding.state}{due}: {reason}"


def _weight(finding: Finding) -> str:
    """What a gap is that does not decide: debt with its date, or what its rules make of it."""
    if finding.enforcement == "advise":
        return "advice"
    if finding.blame in ("inherited", "overdue"):
        return "debt, overdue" if finding.blame == "overdue" else f"debt, due {due_text(finding.due)}"
    return "to remediate"


def _text(alert: Alert) -> Iterator[str]:
    """The place, unless a row names it, and the rows."""
    place = place_of(alert.place.path, alert.place.line) if alert.place else ""
    if place and not any(place in said for _, said in alert.rows):
        yield place
    yield from lines_of(alert.rows)


def _told_apart(cases: Sequence[JunitCase]) -> tuple[JunitCase, ...]:
    """Cases in their order, later ones of a name and class that is taken with a number behind the name."""
    times: Counter[tuple[str, str]] = Counter()
    found = []
    for case in cases:
        times[case.classname, case.name] += 1
        number = times[case.classname, case.name]
        found.append(case if number == 1 else replace(case, name=f"{case.name} ({number})"))
    return tuple(found)


def _suite_lines(suite: JunitSuite) -> Iterator[str]:
    yield (
        f'  <testsuite name="{_said(suite.name)}" tests="{len(suite.cases)}" failures="{suite.count("failure")}"'
        f' errors="{suite.count("error")}" skipped="{suite.count("skipped")}">'
    )
    yield "    <properties>"
    yield from (f'      <property name="{xml(name)}" value="{_said(value)}"/>' for name, value in suite.properties)
    yield "    </properties>"
    for case in suite.cases:
        yield from _case_lines(case)
    yield "  </testsuite>"


def _case_lines(case: JunitCase) -> Iterator[str]:
    head = f'    <testcase name="{_said(case.name)}" classname="{_said(case.classname)}"'
    if not case.outcome:
        yield f"{head}/>"
        return
    yield f"{head}>"
    body = "\n".join(_said(line) for line in case.lines)
    opening = f'      <{case.outcome} type="{_said(case.type)}" message="{_said(case.message)}"'
    yield f"{opening}>{body}</{case.outcome}>" if body else f"{opening}/>"
    yield "    </testcase>"


def _said(text: str) -> str:
    return xml(fitted(text, LINE))
