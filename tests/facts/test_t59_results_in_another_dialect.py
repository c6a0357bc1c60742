"""T59: results that say in their own way that they are no pass, and one run shown for several tests."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.facts.facts import facts_of
from policy_gate.schema.facts import TestFact

ID, OTHER, THIRD = "bias-benchmark-suite", "smoke-test-suite", "security-penetration-test"
GOOD = '<testcase name="sex" classname="bias"/>'


def results(text: str | dict[str, str], *entries: dict[str, Any]) -> list[TestFact]:
    """What these entries come to, in their order."""
    files = {"r.xml": text} if isinstance(text, str) else text
    named = [{"report": "r.xml", **item} for item in entries] or [{"id": ID, "report": "r.xml"}]
    found = facts_of(snapshot(entry(tests=named), files=files), policy())[0].tests
    return [found[item["id"]] for item in named]


def suite(inner: str, **attributes: str) -> str:
    said = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in {"name": "bias", **attributes}.items())
    return f'<testsuite{said} timestamp="2026-11-20T09:14:02">{inner}</testsuite>'


@pytest.mark.parametrize(
    "word", ["failed", "FAIL", "Error", "false", "broken", "Failed:Error", "TIMED_OUT", "crashed", "not ok"]
)
@pytest.mark.parametrize("name", ["status", "result", "outcome"])
def test_t59_a_failure_in_an_attribute_is_one(name: str, word: str) -> None:
    [fact] = results(suite(GOOD + f'<testcase name="age" {name}="{word}"/>'))
    assert (fact.cause, len(fact.failed)) == ("failed", 1)


@pytest.mark.parametrize(
    "attribute", ['success="False"', 'passed="no"', 'failed="true"', 'errors="1"', 'Status="Failed"', 'verdict="fail"']
)
def test_t59_so_is_one_that_is_a_yes_or_no(attribute: str) -> None:
    assert results(suite(GOOD + f'<testcase name="age" {attribute}/>'))[0].cause == "failed"


@pytest.mark.parametrize(
    "attribute",
    [
        'status="skipped"',
        'result="Inconclusive"',
        'status="not_run"',
        'executed="False"',
        'ignored="true"',
        'status="Blocked"',
        'status="run" result="suppressed"',
        'state="pending"',
        'status="disabled"',
        'outcome="NotExecuted"',
    ],
)
def test_t59_what_did_not_run_did_not_pass(attribute: str) -> None:
    [fact] = results(suite(f'<testcase name="age" {attribute}/>'))
    assert (fact.cause, fact.executed, fact.skipped) == ("not-run", 0, 1)


@pytest.mark.parametrize(
    "attribute", ['status="nicht bestanden"', 'result="purple"', 'outcome="200"', 'success="perhaps"']
)
def test_t59_a_word_that_nobody_knows_is_no_pass(attribute: str) -> None:
    [fact] = results(suite(GOOD + f'<testcase name="age" {attribute}/>'))
    assert (fact.cause, fact.executed) == ("refused", 1)
    assert "age, line 1" in fact.detail
    assert attribute in fact.detail


@pytest.mark.parametrize(
    "text",
    [
        suite(f'{GOOD}<error message="set up"/>'),
        suite(f"<failure>no data</failure>{GOOD}"),
        suite(GOOD, status="failed"),
        suite(GOOD, success="false"),
        suite(GOOD, failures="1"),
        suite(GOOD, errors="2"),
        f"<testsuites><error/>{suite(GOOD)}</testsuites>",
        f'<testsuites failures="1">{suite(GOOD)}</testsuites>',
        suite('<testcase name="" classname="bias.Age"><error message="no data"/></testcase>' + GOOD),
        suite(f"{GOOD}<testcase><failure/></testcase>"),
    ],
)
def test_t59_a_suite_that_failed_has_nothing_that_passed(text: str) -> None:
    assert results(text)[0].cause == "failed"
    assert results(text, {"id": ID, "suite": "bias"})[0].cause == "failed"


@pytest.mark.parametrize(
    "text", [suite(GOOD * 2, tests="2", skipped="2"), suite(GOOD, status="ignored"), suite(f"<skipped/>{GOOD}")]
)
def test_t59_a_suite_that_was_skipped_ran_nothing(text: str) -> None:
    assert (results(text)[0].cause, results(text)[0].executed) == ("not-run", 0)


def test_t59_a_test_without_any_name_is_told_by_its_line() -> None:
    [fact] = results(suite(f"{GOOD}\n<testcase/>"))
    assert fact.cause == "refused"
    assert "line 2: it has neither name nor classname" in fact.detail
    assert "no JUnit XML" not in fact.detail


def test_t59_control_what_passed_in_any_word_counts() -> None:
    words = ("passed", "SUCCESS", "ok", "run", "completed", "true", "Flaky", "")
    [fact] = results(
        suite("".join(f'<testcase name="{n}" status="{word}"/>' for n, word in enumerate(words)) + "<system-err/>")
    )
    assert (fact.cause, fact.executed) == (None, len(words))


@pytest.mark.parametrize("fields", [{}, {"suite": "bias"}, {"cases": ["*"]}, {"report": "copy.xml"}])
def test_t59_one_suite_is_not_two_tests(fields: dict[str, Any]) -> None:
    files = {"r.xml": suite(GOOD), "copy.xml": suite(GOOD) + "\n"}
    first, second, third = results(files, {"id": OTHER}, {"id": ID, **fields}, {"id": THIRD})
    met = [fact.id for fact in (first, second, third) if fact.cause is None]
    assert len(met) == 1
    bad = next(fact for fact in (first, second, third) if fact.cause)
    assert bad.cause == "not-run"
    assert "`cases: [...]` or `suite:`" in bad.detail


def test_t59_control_an_entry_says_which_cases_or_which_suite() -> None:
    both = suite(GOOD + '<testcase name="up" classname="smoke"/>')
    assert [
        fact.executed for fact in results(both, {"id": ID, "cases": ["bias.*"]}, {"id": OTHER, "cases": ["smoke.*"]})
    ] == [1, 1]
    assert [
        fact.cause for fact in results(both, {"id": ID, "cases": ["bias.*"]}, {"id": OTHER, "cases": ["*.up"]})
    ] == [None] * 2
    two = f"<testsuites>{suite(GOOD)}{suite(GOOD, name='up')}</testsuites>"
    assert [fact.cause for fact in results(two, {"id": ID, "suite": "bias"}, {"id": OTHER, "suite": "up"})] == [
        None
    ] * 2
    again = {"r.xml": suite(GOOD), "s.xml": suite(GOOD).replace("11-20", "11-21")}
    assert [fact.cause for fact in results(again, {"id": ID}, {"id": "bias-benchmark-rerun", "report": "s.xml"})] == [
        None
    ] * 2


def test_t59_cases_that_are_not_there_are_no_run_and_those_that_failed_fail() -> None:
    text = suite(GOOD + '<testcase name="up" classname="smoke"><failure/></testcase>')
    assert results(text, {"id": ID, "cases": ["gender.*"]})[0].detail.endswith("(got bias.sex, smoke.up)")
    assert results(text, {"id": ID, "cases": ["bias.*"]})[0].cause is None
    assert results(text, {"id": ID, "cases": ["smoke.*", "bias.*"]})[0].cause == "failed"


def test_t59_another_suites_report_says_how_to_choose() -> None:
    text = f"<testsuites>{suite(GOOD, name=OTHER)}{suite(GOOD, name='bias benchmark suite')}</testsuites>"
    [fact] = results(text)
    assert fact.cause == "not-run"
    assert fact.detail.endswith("`suite:` in its entry says which counts: bias benchmark suite, smoke-test-suite")
    assert results(text, {"id": ID, "suite": "Bias Benchmark Suite"})[0].cause is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("system", "SYS-009"),
        ("policy-gate.system", "chat"),
        ("system_id", "chat"),
        ("System ID", "X"),
        ("systems", "SYS-2, SYS-3"),
    ],
)
def test_t59_another_systems_report_is_no_run(name: str, value: str) -> None:
    said = f'<properties><property name="{name}" value="{value}"/></properties>'
    for text in (
        suite(said + GOOD),
        suite(f'<testcase name="sex">{said}</testcase>'),
        suite(said.replace(f' value="{value}"/>', f">{value}</property>") + GOOD),
    ):
        [fact] = results(text)
        assert fact.cause == "not-run"
        assert fact.detail.startswith("for another system")
