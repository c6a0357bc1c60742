"""T59: a test passes only where nothing in it says otherwise: what nobody knows may be a failure."""

from __future__ import annotations

import json

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.facts.facts import facts_of
from policy_gate.schema.facts import TestFact

ID = "bias-benchmark-suite"


def seen(text: str) -> TestFact:
    tests = [{"id": ID, "report": "r.xml"}]
    return facts_of(snapshot(entry(tests=tests), files={"r.xml": text}), policy())[0].tests[ID]


def report(inner: str = "", of_case: str = "", of_suite: str = "", beside: str = "") -> str:
    return (
        f'<testsuites>\n<testsuite name="bias" timestamp="2026-11-20T09:14:02" {of_suite}>\n'
        f'<testcase name="sex" classname="b" time="0.2" {of_case}>\n{inner}</testcase>{beside}</testsuite></testsuites>'
    )


@pytest.mark.parametrize(
    "inner",
    [
        "<aborted/>",
        "<exception>boom</exception>",
        '<assertion result="fail"/>',
        "<properties><unstable/></properties>",
        "<regressed since='2'/>",
    ],
)
def test_t59_an_element_that_nobody_knows_is_no_pass(inner: str) -> None:
    fact = seen(report(inner))
    assert fact.cause == "refused"
    assert "b.sex, line 3: <" in fact.detail
    assert "in line 4)" in fact.detail


@pytest.mark.parametrize(
    ("of_case", "cause"),
    [
        ('error="boom"', "failed"),
        ('failure="0.71 below 0.80"', "failed"),
        ('conclusion="failure"', "failed"),
        ('run="notrun"', "not-run"),
        ('skipped="no GPU"', "not-run"),
        ('enabled="false"', "not-run"),
        ('ok="no"', "failed"),
        ('healthy="false"', "refused"),
        ('grade="F"', "refused"),
        ('exit-code="1"', "refused"),
        ('quarantined="true"', "refused"),
        ('verdict="regressed"', "refused"),
    ],
)
def test_t59_nor_is_an_attribute_that_speaks_against_it(of_case: str, cause: str) -> None:
    fact = seen(report(of_case=of_case))
    assert fact.cause == cause
    assert of_case in fact.detail or cause != "refused"


@pytest.mark.parametrize(
    "of_suite",
    ['aborted="true"', 'crashed="3"', 'timeouts="3"', 'x="2"', 'state-after="broken"', 'error="boom"', 'failed="yes"'],
)
def test_t59_a_suite_counts_nothing_that_nobody_knows(of_suite: str) -> None:
    fact = seen(report(of_suite=of_suite))
    assert (fact.cause, of_suite in fact.detail) == ("refused", True)
    assert "bias, line 2" in fact.detail


@pytest.mark.parametrize(
    "beside", ["<aborted/>", "<crash>signal 11</crash>", "<testcase name='age'><hung/></testcase>"]
)
def test_t59_nor_holds_it_such_an_element(beside: str) -> None:
    assert seen(report(beside=beside)).cause == "refused"


@pytest.mark.parametrize(
    "text",
    [
        report("<system-out>aborted</system-out><system-err>Error: <b>none</b></system-err>"),
        report("<properties><property name='x' value='failed'/></properties>"),
        report("<flakyFailure><stackTrace>at 1</stackTrace></flakyFailure><attachments><attachment/></attachments>"),
        report(of_case='file="b.py" line="3" assertions="4" id="7" owner="ada" requirement_id="R-12" result="Passed"'),
        report(
            of_case='error="" failures="0" disabled="false" aborted="no" run="true" success="1" started-at-time="09:14"'
        ),
        report(of_suite='aborted="0" crashed="false" flaky="2" random-seed="81" hostname="r7" browser_version="120"'),
        report(of_suite='device="Pixel 8" passed="1" assertions="9" tests="1" uuid="9f" xmlns:x="u" x:note="as usual"'),
    ],
)
def test_t59_control_what_tools_write_beside_a_pass_is_none_the_less_one(text: str) -> None:
    fact = seen(text)
    assert (fact.cause, fact.executed) == (None, 1), fact.detail


def test_t59_control_what_did_not_pass_is_told_as_that() -> None:
    failed = report('<failure message="0.7"><diff/><expected>0.8</expected></failure><hint/>', of_case='grade="F"')
    assert seen(failed).cause == "failed"
    assert seen(report("<skipped><reason/></skipped><hint/>")).cause == "not-run"


TWINS = [
    'Status="failed" STATUS="passed"',
    'status="passed" xmlns:x="urn:x" x:status="failed"',
    'xmlns:x="urn:x" x:result="passed" xmlns:y="urn:y" y:result="failed"',
]


@pytest.mark.parametrize("of_case", TWINS)
def test_t59_an_attribute_that_is_there_twice_and_says_two_things_is_no_result(of_case: str) -> None:
    fact = seen(report(of_case=of_case))
    assert fact.cause == "refused"
    assert "line 3" in fact.detail
    assert "is there twice" in fact.detail


@pytest.mark.parametrize(
    "of_suite", ['FAILURES="0" Failures="1"', 'Timestamp="2026-11-01"', 'failures="0" xmlns:x="urn:x" x:failures="1"']
)
def test_t59_nor_is_one_of_a_suite(of_suite: str) -> None:
    assert seen(report(of_suite=of_suite)).cause == "refused"


@pytest.mark.parametrize(
    "of_case",
    [
        'status="passed" STATUS="passed"',
        'type="unit" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="case"',
        'xmlns:x="urn:x" x:status="passed"',
    ],
)
def test_t59_control_twins_of_one_mind_and_what_an_xml_document_says_of_itself(of_case: str) -> None:
    assert seen(report(of_case=of_case)).cause is None


PLAIN = {"suite": ID, "date": "2026-11-20", "cases": [{"name": "sex", "outcome": "passed"}]}
BAD = {"name": "age", "outcome": "failed"}


def seen_json(**more: object) -> TestFact:
    tests = [{"id": ID, "report": "r.json"}]
    text = json.dumps(PLAIN | more)
    return facts_of(snapshot(entry(tests=tests), files={"r.json": text}), policy())[0].tests[ID]


@pytest.mark.parametrize(
    "more",
    [
        {"tests": [BAD]},
        {"Cases": [BAD]},
        {"suites": [{"name": "b", "cases": [{"name": "age", "status": "Error"}]}]},
        {"cases": [{"name": "sex", "outcome": "passed", "assertions": [{"result": "fail"}]}]},
        {"cases": [{"name": "sex", "outcome": "passed", "steps": {"second": {"verdict": "timed out"}}}]},
    ],
)
def test_t59_what_failed_in_another_list_of_a_plain_report_is_not_lost(more: dict[str, object]) -> None:
    fact = seen_json(**more)
    assert (fact.cause, "cannot be told" in fact.detail) == ("refused", True)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"tests": [{"name": "age", "outcome": "passed"}]},
        {"previous_run": {"cases": [BAD]}},
        {"properties": {"status": "failed"}, "notes": ["two failed before"]},
        {"cases": [{"name": "sex", "outcome": "passed", "steps": [{"outcome": "ok"}]}]},
        {"cases": [{"name": "sex", "outcome": "passed", "reply": {"status": "It failed in every way we know"}}]},
    ],
)
def test_t59_control_lists_of_what_passed_and_of_earlier_runs(more: dict[str, object]) -> None:
    assert seen_json(**more).cause is None


def properties(name: str, value: str) -> str:
    return f'<properties><property name="{name}" value="{value}"/></properties>'


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (report(properties("result", "failed")), "failed"),
        (report(properties("Test.Status", "FAILED: 0.71 below 0.80")), "failed"),
        (report("<properties><property name='test_outcome'>error</property></properties>"), "failed"),
        (report(properties("status", "not run")), "not-run"),
        (report(beside=properties("conclusion", "failure")), "failed"),
        (report(beside=properties("result", "skipped")), "not-run"),
        (report(properties("passed", "false")), "failed"),
        (report(properties("failed", "yes")), "failed"),
        (report(properties("disabled", "true")), "not-run"),
        (report("<passed>false</passed>"), "failed"),
        (report("FAILED: 0.71 below 0.80<system-out>x</system-out>"), "failed"),
        (report("<system-out>x</system-out>not run"), "not-run"),
        (report(of_case='assertions="0"'), "not-run"),
        (report(of_case='asserts="0" executed="true"'), "not-run"),
    ],
)
def test_t59_what_a_property_a_text_or_a_count_of_assertions_says_against_a_test(text: str, cause: str) -> None:
    assert seen(text).cause == cause


@pytest.mark.parametrize(
    "text",
    [
        report(properties("result", "rejected") + "<system-out>failed</system-out>"),
        report(properties("expected result", "failed")),
        report(properties("status", "deprecated"), beside=properties("outcome", "0.93")),
        report(properties("last_result", "failed")),
        report(properties("passed", "12") + properties("failed", "0") + properties("skipped", "no")),
        report("<passed/><success>true</success>"),
        report("\n  ok\n"),
        report(of_case='assertions="0" status="Passed"'),
        report(of_case='asserts="0" result="Passed"'),
        report(of_suite='assertions="0"'),
    ],
)
def test_t59_control_what_is_recorded_of_an_answer_and_what_nobody_counted_say_nothing(text: str) -> None:
    fact = seen(text)
    assert (fact.cause, fact.executed) == (None, 1), fact.detail


def test_t59_a_failed_suite_is_told_by_its_tests_where_these_failed() -> None:
    fact = seen(report("<failure message='0.7'/>", beside=properties("test_result", "failed")))
    assert (fact.cause, fact.detail) == ("failed", "1 of 1 failed")
