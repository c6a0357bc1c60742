"""H23: results as tools write them are read right: what ran, how it ended, when, and of what."""

from __future__ import annotations

from datetime import date

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.collect.evidence import evidence_of
from policy_gate.facts.facts import facts_of
from policy_gate.facts.result_dialects import read_timestamp
from policy_gate.schema.facts import TestFact

SUITE = "bias-benchmark-suite"
TODAY = "2026-11-20T09:14:02"


def seen(text: str | bytes, **fields: object) -> TestFact:
    data = text if isinstance(text, bytes) else text.encode()
    tree = snapshot(
        entry(tests=[{"id": SUITE, "report": "r.xml", **fields}]), files={"r.xml": evidence_of("r.xml", "1" * 40, data)}
    )
    return facts_of(tree, policy())[0].tests[SUITE]


def told(fact: TestFact) -> tuple[int, int, int]:
    """How many tests passed, failed and were skipped."""
    return fact.executed - len(fact.failed), len(fact.failed), fact.skipped


SUREFIRE = f"""<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0.2" name="org.acme.FairnessTest" tests="4"
    time="1.2" errors="0" skipped="1" failures="0" timestamp="{TODAY}">
  <properties><property name="java.version" value="21"/><property name="version" value="9-SNAPSHOT"/></properties>
  <testcase name="" classname="org.acme.DisabledTest" time="0"><skipped message="disabled"/></testcase>
  <testcase name="women" classname="org.acme.FairnessTest" time="0.2"/>
  <testcase name="age" classname="org.acme.FairnessTest" time="0.2">
    <flakyFailure message="0.79" type="AssertionError"><stackTrace>at line 1</stackTrace></flakyFailure>
  </testcase>
  <testcase name="language" classname="org.acme.FairnessTest"><system-err>a warning</system-err></testcase>
</testsuite>"""
JEST = f"""<testsuites name="jest tests" tests="2" failures="0" errors="0" time="1.8">
  <testsuite name="accent" errors="0" failures="0" skipped="1" timestamp="1970-01-01T00:00:00" tests="1">
    <testcase classname=" accent" name=" accent" time="0"><skipped/></testcase></testsuite>
  <testsuite name="language" errors="0" failures="0" skipped="0" timestamp="{TODAY}" tests="1">
    <testcase classname=" language" name=" language" time="0.1"></testcase></testsuite></testsuites>"""
NUNIT = f"""<testsuites><testsuite name="Acme.Bias.dll" tests="3" failures="0" errors="0" not-run="1" skipped="1"
    timestamp="{TODAY}">
  <testcase name="Women" classname="Acme.Bias" result="Passed" runstate="Runnable" executed="True" success="True"/>
  <testcase name="Men" classname="Acme.Bias" result="Passed" executed="True" success="True"/>
  <testcase name="Elders" classname="Acme.Bias" result="Ignored" runstate="Ignored" executed="False"/>
</testsuite></testsuites>"""
PLAYWRIGHT = f"""<testsuites id="" name="" tests="2" failures="0" skipped="1" errors="0" time="3.1">
<testsuite name="bias.spec.ts" timestamp="{TODAY}.118Z" hostname="chromium" tests="2" failures="0" skipped="1">
<testcase name="bias › by sex" classname="bias.spec.ts" time="1.1"><system-out>
<![CDATA[[[ATTACHMENT|t.zip]]]]></system-out>
</testcase><testcase name="bias › by age" classname="bias.spec.ts"><properties>
<property name="fixme" value=""/></properties><skipped></skipped></testcase></testsuite></testsuites>"""
GOOGLETEST = f"""<testsuites tests="3" failures="0" disabled="1" errors="0" timestamp="{TODAY}.001" name="AllTests">
  <testsuite name="Bias" tests="3" failures="0" disabled="1" skipped="1" errors="0" timestamp="{TODAY}.001">
    <testcase name="Sex" file="b.cc" line="3" status="run" result="completed" timestamp="{TODAY}.001" classname="Bias"/>
    <testcase name="DISABLED_Age" status="notrun" result="suppressed" classname="Bias"/>
    <testcase name="Lang" status="run" result="skipped" classname="Bias"><skipped message="b.cc:9"/></testcase>
  </testsuite></testsuites>"""
CTEST = f"""<testsuite name="Linux-c++" tests="3" failures="0" disabled="1" skipped="1" hostname="" time="0"
    timestamp="{TODAY}">
  <testcase name="bias" classname="bias" time="0.1" status="run"><system-out>ok</system-out></testcase>
  <testcase name="slow" classname="slow" time="0" status="disabled"><disabled message="Disabled"/></testcase>
  <testcase name="gpu" classname="gpu" time="0" status="notrun"><skipped message="SKIP"/></testcase></testsuite>"""
PYTEST = f"""<testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="0" skipped="1" tests="3"
    time="0.1" timestamp="{TODAY}.293847+01:00" hostname="SYS-9">
  <testcase classname="tests.test_bias" name="test_gap[women]" time="0.001"><properties>
    <property name="model_version" value="2.1"/></properties></testcase>
  <testcase classname="tests.test_bias" name="test_gap[men]"><properties>
    <property name="model_version" value="2.1"/></properties></testcase>
  <testcase classname="tests.test_bias" name="test_known"><skipped type="pytest.xfail" message=""/></testcase>
</testsuite></testsuites>"""
MAESTRO = """<?xml version='1.0' encoding='UTF-8'?>
<testsuites><testsuite name="Test Suite" device="iPhone 15" tests="2" failures="0" time="47.0">
  <testcase id="bias" name="bias" classname="bias" time="23.0" status="SUCCESS"/>
  <testcase id="age" name="age" classname="age" time="24.0" status="SUCCESS"/></testsuite></testsuites>"""
JETBRAINS = f"""<testsuite name="Bias" tests="2" timestamp="{TODAY}">
  <testcase name="sex" classname="Bias" status="passed"/><testcase name="age" classname="Bias" status="ignored"/>
</testsuite>"""
CATCH = f"""<testsuites><testsuite name="bias" errors="0" failures="0" skipped="0" tests="2" hostname="tbd" time="0.1"
    timestamp="{TODAY}Z"><properties><property name="random-seed" value="7"/></properties>
  <testcase classname="bias.global" name="sex" time="0.1" status="run"/>
  <system-out/><system-err/></testsuite></testsuites>"""
GINKGO = f"""<testsuites tests="2" disabled="1" errors="0" failures="0" time="1"><testsuite name="Bias"
    package="/src/bias" tests="2" disabled="1" skipped="0" errors="0" failures="0" time="1" timestamp="{TODAY}">
  <testcase name="[It] sex" classname="Bias" status="passed" time="1"></testcase>
  <testcase name="[It] age" classname="Bias" status="pending"><skipped message="pending"></skipped></testcase>
</testsuite></testsuites>"""
BEHAVE = f"""<testsuite name="bias.Gaps" tests="2" errors="0" failures="0" skipped="1" time="0.3" timestamp="{TODAY}.1"
    hostname="runner"><testcase classname="bias.Gaps" name="sex" status="passed" time="0.1"><system-out>x</system-out>
  </testcase><testcase classname="bias.Gaps" name="age" status="untested"><skipped/></testcase></testsuite>"""
NEXTEST = f"""<testsuites name="nextest-run" tests="1" failures="0" errors="0" uuid="9f6e"
    timestamp="{TODAY}.100+00:00">
  <testsuite name="bias" tests="1" disabled="0" errors="0" failures="0"><testcase name="sex" classname="bias"
    timestamp="{TODAY}.101+00:00" time="0.1"><flakyFailure timestamp="{TODAY}" type="test failure"/></testcase>
  </testsuite></testsuites>"""
MOCHA = """<testsuites name="Mocha Tests"><testsuite name="bias" tests="2" failures="0"
    timestamp="Fri, 20 Nov 2026 09:14:02 GMT"><testcase classname="bias" name="sex" time="0"/>
  <testcase classname="bias" name="age" time="0"/></testsuite></testsuites>"""
SUBTESTS = f"""<testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="0" skipped="0" tests="7"
    time="0.058" timestamp="{TODAY}.674586+00:00" hostname="vm"><testcase classname="tests.test_bias" name="test_gaps"
    time="0.019" /><testcase classname="tests.test_bias" name="test_b" time="0.001" /></testsuite></testsuites>"""
ALL = {
    "surefire": (SUREFIRE, (3, 0, 1)),
    "jest": (JEST, (1, 0, 1)),
    "nunit": (NUNIT, (2, 0, 1)),
    "playwright": (PLAYWRIGHT, (1, 0, 1)),
    "googletest": (GOOGLETEST, (1, 0, 2)),
    "ctest": (CTEST, (1, 0, 2)),
    "pytest": (PYTEST, (2, 0, 1)),
    "maestro": (MAESTRO, (2, 0, 0)),
    "jetbrains": (JETBRAINS, (1, 0, 1)),
    "catch2": (CATCH, (1, 0, 0)),
    "ginkgo": (GINKGO, (1, 0, 1)),
    "behave": (BEHAVE, (1, 0, 1)),
    "nextest": (NEXTEST, (1, 0, 0)),
    "mocha": (MOCHA, (2, 0, 0)),
    "pytest with subtests, which its total counts": (SUBTESTS, (2, 0, 0)),
}


@pytest.mark.parametrize("tool", ALL)
def test_h23_a_good_run_is_one_whatever_tool_wrote_it(tool: str) -> None:
    text, counts = ALL[tool]
    fact = seen(text)
    assert (fact.cause, told(fact)) == (None, counts), fact.detail
    assert fact.completed == (None if tool == "maestro" else date(2026, 11, 20))


@pytest.mark.parametrize("tool", ALL)
def test_h23_and_the_same_run_with_a_failure_is_none(tool: str) -> None:
    text, (passed, _, skipped) = ALL[tool]
    bad = '<testcase name="gap" classname="bias"><failure message="0.78"/></testcase></testsuite>'
    fact = seen(text.replace("</testsuite>", bad, 1))
    assert (fact.cause, told(fact)) == ("failed", (passed, 1, skipped))


def test_h23_a_version_stands_at_the_suite_or_at_each_test() -> None:
    assert seen(PYTEST, version="2.1").cause is None
    assert "got 2.1, expected 2.2" in seen(PYTEST, version="2.2").detail
    half = PYTEST.replace('<property name="model_version" value="2.1"/>', "", 1)
    assert seen(half, version="2.1").detail.endswith("(expected 2.1): 1 of 2 tests do not")


def test_h23_what_a_build_writes_of_itself_says_nothing_of_the_model() -> None:
    java, ours = '<property name="java', '<property name="model.version" value="2.1"/>'
    dump = SUREFIRE.replace(java, f'{ours}<property name="system" value="SYS-009"/>{java}')
    assert seen(SUREFIRE, version="9-SNAPSHOT").cause == "not-run"
    assert seen(dump, version="2.1").cause is None


@pytest.mark.parametrize(
    "text",
    [
        "Linux runner-7 6.1.0 x86_64 GNU/Linux",
        "Windows_NT",
        "pixel-8",
        "Darwin 23.1",
        "arm64",
        "SYS-001",
        "app, SYS-001",
    ],
)
def test_h23_the_system_of_a_reporter_is_a_machine(text: str) -> None:
    named = f'<properties><property name="system" value="{text}"/></properties><testcase'
    assert seen(BEHAVE.replace("<testcase", named, 1)).cause is None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "windows-1252", "utf-8-sig"])
def test_h23_a_declared_encoding_is_the_one_that_is_read(encoding: str) -> None:
    plain = encoding.removesuffix("-le").removesuffix("-be").removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{plain}"?>' + JETBRAINS.replace('"sex"', '"Geschlecht, älter"')
    fact = seen(text.encode(encoding))
    assert (fact.cause, fact.outcome[0][0]) == (None, "Bias.Geschlecht, älter")
    assert seen(text.replace('"passed"', '"failed"').encode(encoding)).cause == "failed"
    hidden = text.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
    assert seen(hidden.encode(encoding)).cause == "refused"


@pytest.mark.parametrize("prefix", ["", "j:"])
def test_h23_elements_in_a_namespace_are_what_they_are(prefix: str) -> None:
    where = f'xmlns{":j" if prefix else ""}="urn:junit"'
    text = (
        f'<{prefix}testsuite {where} name="b" timestamp="{TODAY}"><{prefix}testcase name="a">%s</{prefix}testcase>'
        f"</{prefix}testsuite>"
    )
    assert seen(text % "").cause is None
    assert seen(text % f'<{prefix}failure message="0.7"/>').failed[0].message == "0.7"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T09:14:02.123+05:30", "2026-11-20 09:14:02Z", "20261120T091402Z", "20261120091402", "2026/11/20",
        "Friday, 20-Nov-2026 09:14:02 GMT", "Fri Nov 20 09:14:02 UTC 2026", "Nov 20, 2026, 9:14:02 AM", "1795166042",
        "Fri Nov 20 2026 09:14:02 GMT+0100 (Central European Standard Time)", "1795166042118", "1795166042.118",
    ],
)  # fmt: skip
def test_h23_times_in_the_forms_that_tools_write(text: str) -> None:
    assert read_timestamp(text) == date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        "11/20/2026",
        "20.11.2026",
        "1970-01-01T00:00:00",
        "0001-01-01T00:00:00",
        "0",
        "2026-13-01",
        "yesterday",
        "9" * 19,
    ],
)
def test_h23_a_time_that_is_none_is_told_and_the_entry_says_it(text: str) -> None:
    fact = seen(JETBRAINS.replace(TODAY, text))
    assert (fact.completed, fact.unread_timestamp) == (None, text) if text != "9" * 19 else (fact.completed is not None)
    if text != "9" * 19:
        assert seen(JETBRAINS.replace(TODAY, text), completed="2026-11-20").completed == date(2026, 11, 20)
