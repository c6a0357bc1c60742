"""JUnit XML: counted from what ran, refused where it cannot be trusted, told apart where it is of something else."""

from __future__ import annotations

from datetime import date

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.facts.facts import facts_of
from policy_gate.schema.facts import TestFact
from policy_gate.schema.snapshot import Evidence

SUITE = "bias-benchmark-suite"
GOOD = f"""<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="{SUITE}" tests="2" failures="0" errors="0" timestamp="2026-11-20T08:00:00">
    <properties><property name="model_version" value="1.4"/></properties>
    <testcase classname="bias" name="women"/>
    <testcase classname="bias" name="men"/>
  </testsuite>
</testsuites>
"""


def seen(text: str | Evidence, model_version: str | None = None, **fields: str) -> TestFact:
    item = {"id": SUITE, "report": "r.xml", **fields}
    tree = snapshot(entry(tests=[item], model_version=model_version), files={"r.xml": text})
    return facts_of(tree, policy())[0].tests[SUITE]


def test_a_passed_suite() -> None:
    fact = seen(GOOD)
    assert (fact.cause, fact.executed, fact.skipped, fact.failed) == (None, 2, 0, ())
    assert (fact.suite, fact.version, fact.completed) == (SUITE, "1.4", date(2026, 11, 20))
    assert fact.outcome == (("bias.men", "passed"), ("bias.women", "passed"))


def test_a_failure_has_its_name_message_and_line() -> None:
    fact = seen(GOOD.replace('name="men"/>', 'name="men"><failure message="0.78,\nwanted 0.80"/></testcase>'))
    assert fact.cause == "failed"
    assert [(case.name, case.message, case.line) for case in fact.failed] == [("bias.men", "0.78, wanted 0.80", 6)]


def test_an_error_with_text_only_is_a_failure() -> None:
    fact = seen(GOOD.replace('name="men"/>', 'name="men"><error>boom</error></testcase>'))
    assert (fact.cause, fact.failed[0].message) == ("failed", "boom")


@pytest.mark.parametrize(
    "text",
    [
        '<testsuite name="x" tests="40" failures="0"></testsuite>',
        "<testsuites/>",
        '<testsuite name="x"><testcase name="a"><skipped/></testcase></testsuite>',
        "",
    ],
)
def test_t15_nothing_executed_is_not_run(text: str) -> None:
    fact = seen(text)
    assert (fact.cause, fact.executed) == ("not-run", 0)


@pytest.mark.parametrize("total", ['failures="1"', 'errors="2"'])
def test_t46_totals_that_own_up_to_more_failures_than_are_listed_fail(total: str) -> None:
    fact = seen(f'<testsuite name="x" {total}><testcase name="a"/></testsuite>')
    assert fact.cause == "failed"
    assert "are listed" in fact.failed[0].message


def test_t15_another_suite_is_not_run() -> None:
    assert seen(GOOD, suite=SUITE).cause is None
    fact = seen(GOOD, suite="fairness-suite")
    assert (fact.cause, fact.detail) == ("not-run", f"another suite (got {SUITE}, expected fairness-suite)")


def test_t15_the_suite_of_another_wanted_test_is_not_this_one() -> None:
    fact = seen(GOOD.replace(SUITE, "smoke-test-suite"))
    assert (fact.cause, fact.detail) == ("not-run", f"another suite (got smoke-test-suite, expected {SUITE})")


def test_t15_only_the_wanted_suite_of_a_report_counts() -> None:
    other = '<testsuite name="other"><testcase name="bad"><failure/></testcase></testsuite></testsuites>'
    both = GOOD.replace("</testsuites>", other)
    assert seen(both, suite=SUITE).cause is None
    assert seen(both).cause == "failed"


def test_t15_another_model_version_is_not_run() -> None:
    assert seen(GOOD, model_version="1.4").cause is None
    assert seen(GOOD, model_version="1.5").detail == "for another model version (got 1.4, expected 1.5)"
    assert seen(GOOD, version="1.5").cause == "not-run"
    silent = GOOD.replace("model_version", "color")
    assert seen(silent, version="1.4").cause == "not-run"
    assert seen(silent, model_version="1.4").cause is None


def test_t45_a_report_that_names_another_system_is_not_run() -> None:
    named = '<property name="model_version" value="1.4"/><property name="system" value="SYS-009"/>'
    fact = seen(GOOD.replace('<property name="model_version" value="1.4"/>', named))
    assert (fact.cause, fact.detail) == ("not-run", "for another system (got SYS-009, expected SYS-001)")
    assert (
        seen(GOOD.replace('<property name="model_version" value="1.4"/>', named.replace("SYS-009", "SYS-001"))).cause
        is None
    )


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE testsuite [<!ENTITY a "aaaa">]><testsuite name="&a;"><testcase name="a"/></testsuite>',
        '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&x;"/></testsuite>',
        '<!DOCTYPE testsuite SYSTEM "http://example.com/x.dtd"><testsuite><testcase name="a"/></testsuite>',
        '<!DOCTYPE testsuite><testsuite name="x"><testcase name="a"/></testsuite>',
    ],
)
def test_t17_entities_and_external_references_are_refused(text: str) -> None:
    fact = seen(text)
    assert fact.cause == "refused"
    assert "DTD" in fact.detail


@pytest.mark.parametrize(
    "text",
    [
        "all good",
        "<html><body>passed</body></html>",
        "<testsuite><testcase name='a'></testsuite>",
        "<testsuite><testcase/></testsuite>",
        "<testsuites><testcase name='a'/></testsuites><x/>",
        '<testsuite failures="none"><testcase name="a"/></testsuite>',
        "<testsuite>" * 60 + "</testsuite>" * 60,
        "<testsuite>" * 10_000,
        "<testsuite>" + "<properties>" * 10_000,
        "<testsuite name='&#0;'/>",
        '{"passed": 14}',
    ],
)
def test_t46_another_shape_is_refused_with_the_reason(text: str) -> None:
    fact = seen(text)
    assert fact.cause == "refused"
    assert fact.detail


@pytest.mark.parametrize("text", ["<testsuite>" * 10_000, "<testsuite>" + "<a>\n" * 10_000])
def test_t46_depth_is_refused_by_our_limit(text: str) -> None:
    assert "nested deeper than 40" in seen(text).detail


def test_what_is_no_xml_is_told_by_line_alone() -> None:
    detail = seen("<testsuite>\n<testcase name='a'>\n</testsuite>").detail
    assert detail.endswith("the report is no well-formed XML (it cannot be read beyond line 3)")


def test_a_missing_report_is_not_run_and_a_link_is_refused() -> None:
    assert seen(Evidence("r.xml", "absent")).cause == "not-run"
    assert seen(Evidence("r.xml", "symlink")).cause == "refused"


def test_the_entrys_date_counts_where_the_report_has_none() -> None:
    undated = GOOD.replace(' timestamp="2026-11-20T08:00:00"', "")
    assert seen(undated).completed is None
    assert seen(undated, completed="2026-10-01").completed == date(2026, 10, 1)


def test_h04_a_rerun_with_new_times_has_the_same_outcome() -> None:
    rerun = GOOD.replace("2026-11-20T08", "2026-11-21T09").replace('name="men"/>', 'name="men" time="0.4"/>')
    assert seen(rerun).outcome == seen(GOOD).outcome


@pytest.mark.parametrize(
    ("says", "cause"), [("1.4", None), ("v1.4 of May", None), ("1.5", "not-run"), ("11.4", "not-run")]
)
def test_a_result_for_another_version_than_the_card_says_is_no_result(says: str, cause: str | None) -> None:
    files = {"r.xml": GOOD, "c.md": f"# C\n\n## Version\n\n{says}\n"}
    item = {"id": SUITE, "report": "r.xml"}
    facts = facts_of(snapshot(entry(tests=[item], model_card="c.md"), files=files), policy())[0]
    assert facts.tests[SUITE].cause == cause
    silent = files | {"r.xml": GOOD.replace("model_version", "colour")}
    unsaid = facts_of(snapshot(entry(tests=[item], model_card="c.md"), files=silent), policy())[0]
    assert unsaid.tests[SUITE].cause is None, "the control: the report names no version"
