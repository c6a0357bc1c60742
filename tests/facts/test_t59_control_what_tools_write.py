"""T59's other half: what test tools write of tests that passed is read as passed, in the dress of each of them.

Written by hand after the attributes and elements that each tool is known to write.
"""

from __future__ import annotations

import pytest

from policy_gate.facts.result_formats.junit_xml import parse
from policy_gate.facts.result_formats.suites import all_cases

WRITTEN = {
    "pytest": (
        '<testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="0" skipped="0" '
        'tests="1" time="0.02" timestamp="2026-11-27T10:00:00.1+00:00" hostname="h"><properties><property '
        'name="a" value="b"/></properties><testcase classname="t.a" name="t" time="0.001" file="a.py" '
        'line="3"><properties><property name="x" '
        'value="y"/></properties><system-out>x</system-out></testcase></testsuite></testsuites>'
    ),
    "jest": (
        '<testsuites name="jest tests" tests="1" failures="0" errors="0" time="1.2"><testsuite name="a" '
        'errors="0" failures="0" skipped="0" timestamp="2026-11-27T10:00:00" time="1" tests="1"><testcase '
        'classname="a b" name="a b" time="0.01"></testcase></testsuite></testsuites>'
    ),
    "vitest": (
        '<testsuites name="vitest tests" tests="1" failures="0" errors="0" time="0.1"><testsuite '
        'name="a.test.ts" timestamp="2026-11-27T10:00:00.000Z" hostname="h" tests="1" failures="0" errors="0"'
        ' skipped="0" time="0.1"><testcase classname="a.test.ts" name="a" '
        'time="0.1"></testcase></testsuite></testsuites>'
    ),
    "mocha": (
        '<testsuites name="Mocha Tests" time="0.1" tests="1" failures="0"><testsuite name="Root Suite" '
        'timestamp="2026-11-27T10:00:00" tests="0" file="/a" time="0.0" failures="0"></testsuite><testsuite '
        'name="x" timestamp="2026-11-27T10:00:00" tests="1" time="0.1" failures="0"><testcase name="a" '
        'time="0.1" classname="b"></testcase></testsuite></testsuites>'
    ),
    "surefire": (
        '<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="x" '
        'version="3.0.2" name="A" time="0.1" tests="1" errors="0" skipped="0" '
        'failures="0"><properties><property name="a" value="b"/></properties><testcase name="a" classname="A"'
        ' time="0.1"><system-err>e</system-err></testcase></testsuite>'
    ),
    "surefire-flaky": (
        '<testsuite name="A" time="0.1" tests="1" errors="0" skipped="0" failures="0" flakes="1"><testcase '
        'name="a" classname="A" time="0.1"><flakyFailure message="m" '
        'type="t"><stackTrace>s</stackTrace><system-out>x</system-out></flakyFailure></testcase></testsuite>'
    ),
    "gtest": (
        '<testsuites tests="1" failures="0" disabled="0" errors="0" timestamp="2026-11-27T10:00:00.1" '
        'time="0.1" name="AllTests"><testsuite name="A" tests="1" failures="0" disabled="0" skipped="0" '
        'errors="0" time="0" timestamp="2026-11-27T10:00:00"><testcase name="a" file="a.cc" line="3" '
        'status="run" result="completed" time="0." timestamp="2026-11-27T10:00:00" '
        'classname="A"/></testsuite></testsuites>'
    ),
    "ctest": (
        '<testsuite name="L" tests="1" failures="0" disabled="0" skipped="0" hostname="" time="0" '
        'timestamp="2026-11-27T10:00:00"><testcase name="a" classname="a" time="0.1" '
        'status="run"><properties/><system-out>x</system-out></testcase></testsuite>'
    ),
    "catch2": (
        '<testsuites><testsuite name="a" errors="0" failures="0" skipped="0" tests="2" hostname="tbd" '
        'time="0.1" timestamp="2026-11-27T10:00:00Z"><properties><property name="random-seed" '
        'value="1"/></properties><testcase classname="a.global" name="x" time="0.1" '
        'status="run"/><system-out/><system-err/></testsuite></testsuites>'
    ),
    "playwright": (
        '<testsuites id="" name="" tests="1" failures="0" skipped="0" errors="0" time="1"><testsuite '
        'name="a.spec.ts" timestamp="2026-11-27T10:00:00.000Z" hostname="chromium" tests="1" failures="0" '
        'skipped="0" time="1" errors="0"><testcase name="a" classname="a.spec.ts" time="1"><properties/><syst'
        "em-out><![CDATA[[[ATTACHMENT|x]]]]></system-out></testcase></testsuite></testsuites>"
    ),
    "go": (
        '<testsuites tests="1" failures="0" errors="0" skipped="0" time="0.1"><testsuite tests="1" '
        'failures="0" time="0.1" name="p" timestamp="2026-11-27T10:00:00Z" package="p" id="0" hostname="h" '
        'errors="0" skipped="0"><properties><property name="go.version" '
        'value="go1.22"></property></properties><testcase classname="p" name="T" '
        'time="0.0"></testcase></testsuite></testsuites>'
    ),
    "gradle": (
        '<testsuite name="A" tests="1" skipped="0" failures="0" errors="0" timestamp="2026-11-27T10:00:00" '
        'hostname="h" time="0.1"><properties/><testcase name="a()" classname="A" '
        'time="0.1"/><system-out><![CDATA[]]></system-out><system-err><![CDATA[]]></system-err></testsuite>'
    ),
    "phpunit": (
        '<testsuites><testsuite name="a" tests="1" assertions="3" errors="0" failures="0" skipped="0" '
        'warnings="0" time="0.1"><testcase name="a" file="a.php" line="3" class="A" classname="A" '
        'assertions="3" time="0.1"/></testsuite></testsuites>'
    ),
    "rspec": (
        '<testsuite name="rspec" tests="1" skipped="0" failures="0" errors="0" time="0.1" '
        'timestamp="2026-11-27T10:00:00+00:00" hostname="h"><properties><property name="seed" '
        'value="1"/></properties><testcase classname="spec.a" name="a" file="./spec/a_spec.rb" '
        'time="0.1"></testcase></testsuite>'
    ),
    "robot": (
        '<testsuite name="S" tests="1" errors="0" failures="0" skipped="0" time="0.1" '
        'timestamp="2026-11-27T10:00:00"><properties><property name="Source" '
        'value="a.robot"/></properties><testcase classname="S" name="a" time="0.1"></testcase></testsuite>'
    ),
    "nextest": (
        '<testsuites name="nextest-run" tests="1" failures="0" errors="0" uuid="u" '
        'timestamp="2026-11-27T10:00:00.1+00:00" time="0.1"><testsuite name="a" tests="1" disabled="0" '
        'errors="0" failures="0"><testcase name="t" classname="a" timestamp="2026-11-27T10:00:00.1+00:00" '
        'time="0.1"></testcase></testsuite></testsuites>'
    ),
    "xunit": (
        '<testsuites><testsuite name="A.dll" tests="1" skipped="0" failures="0" errors="0" time="0.1" '
        'timestamp="2026-11-27T10:00:00" hostname="h" id="0" package="A.dll"><properties/><testcase '
        'classname="A" name="b" time="0.1"/><system-out>x</system-out><system-err/></testsuite></testsuites>'
    ),
    "karma": (
        '<testsuite name="Chrome" package="" timestamp="2026-11-27T10:00:00" id="0" hostname="h" tests="1" '
        'errors="0" failures="0" time="0.1"><properties><property name="browser.fullName" '
        'value="x"/></properties><testcase name="a" time="0.1" '
        'classname="b"/><system-out><![CDATA[]]></system-out><system-err/></testsuite>'
    ),
    "cypress": (
        '<testsuites name="Mocha Tests" time="1" tests="1" failures="0"><testsuite name="Root" '
        'timestamp="2026-11-27T10:00:00" tests="1" file="cypress/e2e/a.cy.ts" time="0.0" '
        'failures="0"><testcase name="a" time="1" classname="a"></testcase></testsuite></testsuites>'
    ),
    "promptfoo": (
        '<testsuites name="promptfoo"><testsuite name="e" tests="1" failures="0" errors="0" '
        'time="2"><testcase name="a" classname="e" time="1"><properties><property name="score" '
        'value="0.97"/></properties></testcase></testsuite></testsuites>'
    ),
    "bazel": (
        '<testsuites><testsuite name="//a:b" tests="1" failures="0" errors="0"><testcase name="//a:b" '
        'status="run" duration="1" time="1"></testcase><system-out>x</system-out></testsuite></testsuites>'
    ),
    "unittest": (
        '<testsuite name="T" tests="1" file="t.py" time="0.1" timestamp="2026-11-27T10:00:00" failures="0" '
        'errors="0" skipped="0"><testcase classname="T" name="a" time="0.1" timestamp="2026-11-27T10:00:00" '
        'file="t.py" line="3"/></testsuite>'
    ),
    "dart": (
        '<testsuites><testsuite errors="0" failures="0" tests="1" skipped="0" name="a" '
        'timestamp="2026-11-27T10:00:00"><properties><property name="platform" '
        'value="vm"/></properties><testcase classname="a" name="b" time="0.1"/></testsuite></testsuites>'
    ),
    "xcpretty": (
        '<testsuites name="A" tests="1" failures="0"><testsuite name="A" tests="1" failures="0"><testcase '
        'classname="A" name="b" time="0.1"/></testsuite></testsuites>'
    ),
    "nunit": (
        '<testsuite name="A" tests="1" failures="0" errors="0" time="0.1" skipped="0" asserts="2" id="1" '
        'testcasecount="1" runstate="Runnable" inconclusive="0" total="1" passed="1"><testcase name="a" '
        'classname="B" time="0.1" asserts="2" fullname="B.a" methodname="a" runstate="Runnable" '
        'result="Passed"/></testsuite>'
    ),
}


@pytest.mark.parametrize("tool", WRITTEN)
def test_t59_control_what_a_tool_writes_of_passed_tests_passed(tool: str) -> None:
    cases = list(all_cases(parse(WRITTEN[tool])))
    assert cases
    assert [(it.name, it.outcome, it.message) for it in cases if it.outcome != "passed"] == []
