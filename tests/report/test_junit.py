"""JUnit XML: by the schema that Jenkins takes, read back by another reader, red only for what is red; T21."""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from parts import part
from sample_reports import (
    HOSTILE,
    SAMPLES,
    approval,
    bad_input,
    blocked,
    deferred,
    hostile,
    met,
    nothing_changed,
    other_system,
    passed,
    red_team_missing,
    report,
    rules_changed,
    system,
    trust,
    undecided_fact,
)

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.junit import LINE
from policy_gate.report.sanitise import xml
from policy_gate.schema.report import Report
from policy_gate.schema.source import Location

SCHEMA = Path(__file__).resolve().parent.parent / "data" / "junit-10.xsd"
MARKUP = (
    "]]>",
    "<![CDATA[",
    "&amp;",
    "</failure>",
    '"/><x y="',
    "[[ATTACHMENT|x]]",
    "[[PROPERTY|a=b]]",
    "[ [ATTACHMENT|x]]",
)
READER = """
import json, sys
from lxml import etree
from junitparser import JUnitXml
schema = etree.XMLSchema(file=sys.argv[1])
found = {}
for path in sys.argv[2:]:
    tree = etree.parse(path)
    faults = [] if schema.validate(tree) else [error.message for error in schema.error_log]
    suites = JUnitXml.fromfile(path)
    cases = [[case.name, case.classname, [type(r).__name__.lower() for r in case.result]] for s in suites for case in s]
    found[path] = {
        "faults": faults,
        "totals": [suites.tests, suites.failures, suites.errors],
        "suites": [[s.name, s.tests, s.failures, s.errors, s.skipped] for s in suites],
        "cases": cases,
    }
json.dump(found, sys.stdout)
"""


def told(weighed: Report) -> str:
    return REPORTERS["junit"](weighed, RenderOptions())


def root_of(weighed: Report) -> Any:
    return ElementTree.fromstring(told(weighed))


def cases_of(weighed: Report) -> dict[str, Any]:
    return {case.attrib["name"]: case for case in root_of(weighed).iter("testcase")}


def outcome_of(case: Any) -> str:
    return "passed" if len(case) == 0 else str(case[0].tag)


def properties_of(weighed: Report, suite: int = 0) -> list[tuple[str, str]]:
    found = root_of(weighed)[suite].find("properties")
    return [(item.attrib["name"], item.attrib["value"]) for item in found]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What lxml with the schema and junitparser read in every sample and in two broken files."""
    python = part("junitparser").with_name("python")
    folder = tmp_path_factory.mktemp("junit")
    texts = {name: told(make()) for name, make in SAMPLES.items()}
    texts["no-counts"] = texts["blocked"].replace(' failures="7"', "")
    texts["file-attribute"] = texts["blocked"].replace("<testcase ", '<testcase file="governance.yaml" ')
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    paths = {name: str(folder / name) for name in texts}
    done = subprocess.run(
        [str(python), "-c", READER, str(SCHEMA), *paths.values()], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    return {name: said[path] for name, path in paths.items()}


@pytest.mark.real_runner
@pytest.mark.parametrize("name", SAMPLES)
def test_each_report_is_junit_by_the_schema_of_jenkins(name: str, read: dict[str, Any]) -> None:
    assert read[name]["faults"] == []


@pytest.mark.real_runner
@pytest.mark.parametrize("name", ["no-counts", "file-attribute"])
def test_the_schema_would_notice(name: str, read: dict[str, Any]) -> None:
    assert read[name]["faults"] != []


@pytest.mark.real_runner
@pytest.mark.parametrize("name", SAMPLES)
def test_another_reader_counts_what_the_file_says(name: str, read: dict[str, Any]) -> None:
    said, weighed = read[name], SAMPLES[name]()
    outcomes = Counter(kind for _, _, kinds in said["cases"] for kind in kinds)
    assert said["totals"] == [len(said["cases"]), outcomes["failure"], outcomes["error"]]
    assert [sum(suite[column] for suite in said["suites"]) for column in (1, 2, 3, 4)] == [
        len(said["cases"]), outcomes["failure"], outcomes["error"], outcomes["skipped"],
    ]  # fmt: skip
    assert bool(outcomes["failure"] + outcomes["error"]) == (weighed.exit_code != 0)
    assert len(said["cases"]) >= len(weighed.findings)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_two_cases_are_called_alike(name: str) -> None:
    """GitLab keeps one of the same name and class in a suite."""
    for suite in root_of(SAMPLES[name]()):
        names = [(case.attrib["classname"], case.attrib["name"]) for case in suite.iter("testcase")]
        assert len(names) == len(set(names))


def test_a_case_is_called_what_is_asked_and_not_what_was_found() -> None:
    names = [name for name in cases_of(nothing_changed()) if "privacy" in name]
    assert names == ["artifact privacy review", "artifact privacy review (2)"]
    asked = red_team_missing()
    found = [asked, replace(asked, title="Red team report is thin: 2 of 4 sections"), replace(asked, state="met")]
    assert [list(cases_of(report(findings=(one,)))) for one in found] == [["artifact red team report"]] * 3
    several = [approval("ciso", id="a1"), approval("ciso", id="a2"), approval("ciso", id="a2")]
    told = list(cases_of(report(findings=tuple(several))))
    assert told == ["approval ciso [a1]", "approval ciso [a2]", "approval ciso [a2] (2)"]


@pytest.mark.parametrize(
    ("changes", "outcome", "message"),
    [
        ({}, "failure", "Red team report is missing"),
        ({"blocks": False, "state": "unknown", "undecided": True}, "error", "Red team report is missing"),
        ({"blocks": False, "enforcement": "advise"}, "skipped", "advice: Red team report is missing"),
        ({"blocks": False, "enforcement": "remediate"}, "skipped", "to remediate: Red team report is missing"),
        ({"blocks": False, "blame": "inherited"}, "skipped", "debt, due at once: Red team report is missing"),
        ({"blocks": False, "blame": "overdue"}, "skipped", "debt, overdue: Red team report is missing"),
        ({"blocks": False, "state": "waived", "waiver": "until then"}, "skipped", "waived: until then"),
        ({"blocks": False, "state": "deferred"}, "skipped", "deferred: the manifest names no such artifact"),
        ({"blocks": False, "state": "upcoming"}, "skipped", "upcoming: the manifest names no such artifact"),
        ({"blocks": False, "state": "not-applicable", "seen": "no users"}, "skipped", "not-applicable: no users"),
    ],
)  # fmt: skip
def test_a_case_is_red_only_for_what_the_run_is_red_for(changes: dict[str, Any], outcome: str, message: str) -> None:
    verdict = "block" if outcome == "failure" else "undecided" if outcome == "error" else "conditions"
    weighed = report(verdict=verdict, findings=(red_team_missing(**changes),))
    [case] = cases_of(weighed).values()
    assert (outcome_of(case), case[0].attrib["message"]) == (outcome, message)
    assert case.attrib["classname"] == "SYS-001.artifact.red-team-report"


def test_what_is_met_passes_and_says_nothing_more() -> None:
    [case] = cases_of(report(verdict="pass", findings=(met("artifact", "model-card"),))).values()
    assert outcome_of(case) == "passed"
    assert {outcome_of(case) for case in cases_of(passed()).values()} == {"passed"}


def test_the_place_is_the_first_line_unless_a_row_names_it() -> None:
    missing = cases_of(blocked())["artifact red team report"][0].text
    assert missing.splitlines()[0] == "governance.yaml:31"
    thin = cases_of(blocked())["artifact bias evaluation results"][0].text
    assert thin.splitlines()[0] == 'seen: governance/bias.md:18: "Results by group": TODO'
    assert thin.count("governance/bias.md") == 1


def test_one_suite_for_each_system_and_the_repository_first() -> None:
    theirs = report(
        systems=(system(), other_system()),
        findings=(approval("ciso"), red_team_missing(system="SYS-002"), red_team_missing(system="SYS-404", id="lost")),
    )
    suites = [(suite.attrib["name"], suite.attrib["tests"]) for suite in root_of(theirs)]
    assert suites == [
        ("repository", "1"),
        ("SYS-001 Hiring Resume Screener", "1"),
        ("SYS-002 Customer Service Chatbot", "1"),
    ]
    [own] = root_of(theirs)[0].iter("testcase")
    assert own.attrib["classname"] == "SYS-404.artifact.red-team-report"
    assert [s.attrib["name"] for s in root_of(rules_changed())] == ["repository"]


def test_t26_a_report_without_anything_still_has_a_case() -> None:
    empty = report(verdict="pass", systems=(), headline="nothing governed changed")
    assert list(cases_of(empty)) == ["nothing governed changed"]
    assert list(cases_of(replace(empty, headline=""))) == ["Nothing is asked for"]
    [case] = cases_of(replace(empty, verdict="undecided")).values()
    assert outcome_of(case) == "error"


def test_problems_are_errors_of_the_repository() -> None:
    cases = cases_of(bad_input())
    assert [outcome_of(case) for case in cases.values()] == ["error", "error"]
    first = cases['human_oversight is "partal" (none, partial or full)'][0]
    assert first.text == 'governance.yaml:14\nfix: did you mean "partial"?'
    assert {outcome_of(case) for case in cases_of(replace(bad_input(), verdict="conditions")).values()} == {"skipped"}


def test_t29_d30_the_first_suite_says_what_the_answer_is_worth() -> None:
    said = properties_of(blocked())
    assert ("verdict", "block") in said
    assert ("exit-code", "1") in said
    assert ("base", "3f2a9c1" + "0" * 33) in said
    assert ("head", "8d41b07" + "0" * 33) in said
    assert ("policies", "sha256:" + "a" * 64) in said
    assert ("enforcing", "true") in said
    loose = properties_of(deferred())
    assert ("enforcing", "false") in loose
    assert ("note", "--defer approval: missing approvals do not count") in loose
    assert ("exit-code", "3") in properties_of(undecided_fact())
    assert properties_of(blocked(), 2)[0] == ("verdict", "pass")


def test_a_long_text_is_cut_and_says_so() -> None:
    weighed = report(findings=(red_team_missing(title="t" * 5000, seen="s" * 5000),))
    [case] = cases_of(weighed).values()
    assert len(case[0].attrib["message"]) == LINE
    assert case[0].attrib["message"].endswith("…")
    assert max(len(line) for line in case[0].text.splitlines()) == LINE


def all_texts(root: Any) -> list[str]:
    return [text for node in root.iter() for text in (*node.attrib.values(), node.text or "", node.tail or "")]


def test_t21_hostile_text_is_text_and_nothing_else() -> None:
    hard = report(
        systems=(system(name=" ".join(MARKUP)),),
        findings=tuple(
            red_team_missing(id=f"m{number}", title=text, seen=text, fix=text, location=Location(text, 3))
            for number, text in enumerate(MARKUP)
        ),
        trust=trust(notes=MARKUP),
    )  # fmt: skip
    tags = {"testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped"}
    for weighed in (hard, hostile()):
        said, root = told(weighed), root_of(weighed)
        assert {node.tag for node in root.iter()} <= tags
        assert "]]>" not in said
        assert "[[" not in said
        assert "<!" not in said
        assert [char for char in said if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\n"] == []
    names = [case[0].attrib["message"] for case in root_of(hard).iter("testcase")]
    assert names[:2] == ["]]>", "<![CDATA["]
    assert names[5] == "[ [ATTACHMENT|x]]"


ATTACHED = st.text(alphabet="[]|ATTACHMENT \t\n", max_size=30)


@given(st.text(max_size=40) | ATTACHED | st.lists(st.sampled_from([*HOSTILE, *MARKUP]), max_size=3).map("".join))
def test_t21_no_text_leaves_its_element_or_attribute(text: str) -> None:
    said = xml(text)
    root = ElementTree.fromstring(f'<a b="{said}">{said}</a>'.encode())
    assert len(root) == 0
    assert root.attrib["b"] == (root.text or "")
    assert "\n" not in said
    assert "]]>" not in said
    assert re.search(r"\[\[\s*\w+\s*\|", said) is None


def test_a_plain_text_keeps_its_words() -> None:
    plain = "Hiring Resume Screener [v2] (beta): 100% of x"
    assert xml(plain) == plain
    root = ElementTree.fromstring(f"<a>{xml(HOSTILE[7])}</a>")
    assert root.text == HOSTILE[7]
