"""Everything that is read of a result, of a document and of an entry, held against files that people have read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from facts_world import entry, evidence, policy, snapshot
from golden_lines import held_against
from msgspec import Struct
from msgspec.structs import replace

from policy_gate.facts.declared_models import model_values
from policy_gate.facts.document_sections import read_data
from policy_gate.facts.facts import facts_of
from policy_gate.schema.documents import ModelEntry
from policy_gate.schema.facts import ArtifactFact, Facts, TestFact
from policy_gate.schema.rule_set import ModelName

GOLDEN = Path(__file__).parent / "golden"
SUITE, PAPER = "bias-benchmark-suite", "red-team-report"


def said(value: Struct, left_out: Iterable[str] = ()) -> list[str]:
    """Each field that says something."""
    names = [name for name in value.__struct_fields__ if name not in left_out]
    return [
        f"{name}: {getattr(value, name)!r}" for name in names if getattr(value, name) not in (None, "", (), 0, False)
    ]


# Results


def result(text: str, **fields: Any) -> TestFact:
    more = {name: fields.pop(name) for name in ("model_version", "model_card") if name in fields}
    tests = [{"id": SUITE, "report": "r.xml", **fields}]
    files = {"r.xml": text, "card.md": "# Card\n\n## Version\n\nVersion 2.1 of May\n"}
    other = entry(id="SYS-002", paths=["other/**"])
    return facts_of(snapshot(entry(tests=tests, **more), other, files=files), policy())[0].tests[SUITE]


def suite(inner: str = "", /, name: str = "s", **attributes: str) -> str:
    return f"<testsuite name='{name}'{''.join(f' {k}={v!r}' for k, v in attributes.items())}>{inner}</testsuite>"


def case(name: str = "a", inner: str = "", /, **attributes: str) -> str:
    return f"<testcase name='{name}'{''.join(f' {k}={v!r}' for k, v in attributes.items())}>{inner}</testcase>"


def properties(**values: str) -> str:
    items = "".join(f"<property name='{name.replace('_', '-')}' value='{value}'/>" for name, value in values.items())
    return f"<properties>{items}</properties>"


_ERROR = "<error message='m'/>"
RESULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "one that passed": (suite(case("a", classname="c", time="0.5"), timestamp="2026-10-01T10:00:00"), {}),
    "no name, or only a class": (suite(case("") + case("", classname="c") + case("x", **{"class": "k"})), {}),
    "no name and a fault": (suite(case("", "<failure/>")), {}),
    "texts of failures": (
        suite(
            case("a", "<failure message='  too \n low '>more words</failure>")
            + case("b", "<failure>only\n words</failure>")
            + case("c", "<error/>")
            + case("d", "<failure message='first'/><error message='second'/>")
            + case("e", "<skipped message='why'/><failure/>", status="failed")
            + case("f", "<failure>x</failure><failure message='clearer'/>", result="failed")
        ),
        {},
    ),
    "suites fail by themselves": (
        f"<testsuites>{suite(case('a'), status='failed')}{suite(_ERROR + case('b'), name='')}</testsuites>",
        {},
    ),
    "a suite fails with its tests": (suite(case("a", "<failure/>") + case("b"), result="failed"), {}),
    "totals say worse": (suite(suite(case("a") + case("b", "<failure/>"), failures="1"), name="o", failures="2"), {}),
    "totals of a nameless suite": (suite(case("a"), name="", errors="1"), {}),
    "totals count what a suite says of itself": (suite("<failure message='x'/>" + case("a"), failures="1"), {}),
    "totals count more than a suite says of itself": (suite("<failure message='x'/>" + case("a"), failures="2"), {}),
    "totals hide skips": (suite(case("a") + case("b") + case("c"), skipped="1", disabled="1", tests="3"), {}),
    "a suite of another kind of total": (suite(case("a"), total="4", skips="2", inconclusive="3"), {}),
    "words for an outcome": (
        suite(
            case("a", status="run")
            + case("b", result="Failed:Error")
            + case("c", outcome="timed out")
            + case("d", success="false")
            + case("e", executed="false")
            + case("f", ran="maybe")
            + case("g", failed="0.0")
            + case("h", ignored="yes")
            + case("i", state="ERROR")
            + case("j", label="purple")
            + case("k", successful="7")
        ),
        {},
    ),
    "attributes that nobody knows": (suite(case("a", purple="1") + case("b", exit_code="3") + case("c", odd="no")), {}),
    "attributes of a suite that nobody knows": (suite(case("a"), crashes="2", colour="blue", deadlocks="1,5"), {}),
    "elements that nobody knows": (suite(case("a", "<purple/>") + case("b", "<system-out><purple/></system-out>")), {}),
    "an element of a suite that nobody knows": (suite("<purple/>" + case("a"), name=""), {}),
    "suites within": (
        suite(
            suite(case("a"), name="in", timestamp="2026-09-03") + case("b", "<skipped/>", timestamp="2026-10-02"),
            name="out",
            timestamp="2026-09-09T23:59:59Z",
        ),
        {},
    ),
    "a suite that did not run": (suite("<skipped/>" + case("a") + suite(case("b", "<failure/>"), name="in")), {}),
    "days of tests": (suite(case("a", timestamp="20260901T101112") + case("b", timestamp="1790000000123")), {}),
    "a day of words": (suite(case("a"), timestamp="Tue, 3 Nov 2026 09:05:07 GMT"), {}),
    "a day that can be read in two ways": (
        suite(case("a"), timestamp="11/12/2026 and more " * 6),
        {"completed": "2026-08-01"},
    ),
    "a day that nobody set": (suite(case("a", timestamp="1970-01-01"), timestamp=""), {}),
    "the wanted suite": (
        suite(suite(case("a"), name="My_Suite") + suite(case("b"), name="x"), name="o"),
        {"suite": "my suite"},
    ),
    "no such suite": (suite(case("a"), name="x"), {"suite": "my suite"}),
    "no such suite among many": (
        f"<testsuites>{''.join(suite(case('a'), name=f'n{number}') for number in range(11))}</testsuites>",
        {"suite": "my suite"},
    ),
    "no suite has a name": (suite(case("a"), name=""), {"suite": "my suite"}),
    "the suite of another test": (suite(case("a"), name="Smoke test suite"), {}),
    "the suite of another test among others": (
        f"<testsuites>{suite(case('a'), name='smoke-test-suite')}{suite(case('b'), name='x')}</testsuites>",
        {},
    ),
    "the suite of another test with cases": (suite(case("a"), name="smoke-test-suite"), {"cases": ["a*"]}),
    "the wanted cases": (suite(case("alpha_one") + case("alpha_two") + case("beta")), {"cases": ["alpha*", "*gamma*"]}),
    "no such cases": (suite(case("alpha") + case("beta")), {"cases": ["gamma", "d*lta"]}),
    "cases in the middle": (suite(case("ab") + case("aXbYc") + case("abc")), {"cases": ["a*b*c"]}),
    "cases that overlap": (suite(case("aba") + case("ababa")), {"cases": ["aba*aba"]}),
    "the version wanted": (suite(properties(model_version="3.0") + case("a")), {"version": "3.0"}),
    "the version of some": (
        suite(case("a", properties(modelVersion="3.0")) + case("b") + case("c", "<skipped/>")),
        {"version": "3.0"},
    ),
    "the version of none": (suite(case("a") + case("b")), {"version": "3.0"}),
    "another version": (suite(properties(version="2.0") + case("a")), {"version": "3.0"}),
    "two versions": (
        suite(case("a", properties(version="2.0")) + case("b", properties(version="3.0"))),
        {"version": "3.0"},
    ),
    "the version of the entry": (suite(properties(model_version="2.0") + case("a")), {"model_version": "2.1"}),
    "the version of the card": (suite(properties(model_version="v2.1") + case("a")), {"model_card": "card.md"}),
    "not the version of the card": (suite(properties(model_version="9") + case("a")), {"model_card": "card.md"}),
    "the version of the entry, and not of the card": (
        suite(properties(model_version="3.0") + case("a")),
        {"model_version": "3.0", "model_card": "card.md"},
    ),
    "a model is named, and such reports name none": (suite(case("a")), {"model": "gpt-4o"}),
    "none ran, of another system": (suite(properties(system_id="SYS-002") + case("a", "<skipped/>")), {}),
    "one ran, and one of another system did not": (
        suite(case("a") + case("b", properties(system_id="SYS-002") + "<skipped/>")),
        {},
    ),
    "all settings of a build": (
        suite(
            "<properties><property name='java.home' value='/j'/><property name='version' value='9'/>"
            "<property name='system' value='SYS-002'/></properties>" + case("a")
        ),
        {"version": "3.0"},
    ),
    "of this system": (suite(properties(system="SYS-001, SYS-002") + case("a")), {}),
    "of another system": (suite(properties(system_id="SYS-002") + case("a")), {}),
    "of another system that nobody knows": (suite(properties(system="SYS-077 SYS-001x") + case("a")), {}),
    "of a machine": (suite(properties(system="Linux SYS-002", systems="Darwin") + case("a")), {}),
    "of two systems": (
        suite(case("a", properties(systems="SYS-003")) + case("b", properties(ai_system="SYS-001"))),
        {},
    ),
    "of this system and another": (suite(properties(system="SYS-001", systems="SYS-003") + case("a")), {}),
    "a property with text": (
        suite("<properties><property name='model_version'>3.0</property><property name='x'/></properties>" + case("a")),
        {"version": "3.0"},
    ),
    "no tests": (suite(), {}),
    "all skipped": (suite(case("a", "<skipped/>") + case("b", "<skipped/>")), {}),
    "numbers that are none": (suite(case("a"), failures="many"), {}),
    "numbers that are left out": (suite(case("a"), failures="", errors=" 0 "), {}),
    "a suite within a test": (suite(f"<testcase name='a'>{suite()}</testcase>"), {}),
    "a test within a test": (suite(f"<testcase name='a'>{case('b')}</testcase>"), {}),
    "another root": ("<html><testsuite/></html>", {}),
    "not closed": ("<testsuite><testcase name='a'>", {}),
    "a declared entity": ("<!DOCTYPE x [<!ENTITY y 'z'>]><testsuite/>", {}),
    "an include": ("<testsuite xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='x'/></testsuite>", {}),
    "as deep as may be": ("<testsuite>" * 39 + case("a") + "</testsuite>" * 39, {}),
    "too deep": ("<testsuite>" * 40 + case("a") + "</testsuite>" * 40, {}),
    "names of another space": ("<t:testsuite xmlns:t='urn:x' t:name='s'><t:testcase t:name='a'/></t:testsuite>", {}),
}


@pytest.mark.parametrize("name", RESULTS)
def test_what_is_read_of_a_result(name: str) -> None:
    text, fields = RESULTS[name]
    held_against(GOLDEN / "results.txt", name, said(result(text, **fields), ("id", "path", "oid", "declared_at")))


def test_one_result_serves_one_test() -> None:
    text = suite(case("a") + case("b"), name="x", timestamp="2026-10-01")
    again = text.replace("<testsuite ", "<testsuite  ")
    tests = [
        {"id": "smoke-test-suite", "report": "a.xml"},
        {"id": "shadow-mode-validation", "report": "b.xml"},
        {"id": SUITE, "report": "a.xml", "suite": "x"},
        {"id": "security-penetration-test", "report": "a.xml", "cases": ["b"]},
        {"id": "out-of-distribution-testing", "report": "c.xml"},
    ]
    tree = snapshot(entry(tests=tests), files={"a.xml": text, "b.xml": again, "c.xml": "<testsuite/>"})
    found = facts_of(tree, policy())[0].tests
    held_against(
        GOLDEN / "results.txt", "one for many", [f"{id_}: {it.cause} {it.detail}" for id_, it in found.items()]
    )


# Documents

WORDS = "Three people looked at it for a week and wrote down what they saw and what has to be mended by whom. "
MORE = "Its ranking was run again on last year's sample, and nobody in the group was placed lower than before. "
LAST = "When the queue grows beyond an hour the duty engineer turns it off and tells the recruiters by phone. "
DOCUMENTS: dict[str, tuple[str, str]] = {
    "sections": ("r.md", f"# Title\n\n{WORDS}\n\n## One\n\n{MORE}\n\n### Below\n\n{LAST}\n\n## Two\n\nTODO\n"),
    "front matter": ("r.md", f"---\nsystem: SYS-001\n---\n\n# Title\n\n## One\n\nTBD\n\n{WORDS}\n"),
    "only templates": ("r.md", "# T\n\n## A\n\nTODO\n\n## B\n\n*Describe the scope.*\n\nTBD\n"),
    "a hollow one": ("r.md", f"# T\n\n{WORDS * 2}\n\n## A\n\nTODO\n\n## B\n\n"),
    "few words": ("r.md", "# T\n\nWe looked at it and it is fine.\n\nTBD\n"),
    "questions": ("r.md", f"# T\n\nWho does it? What is it? \n\n- [x] Is it done?\n\n{WORDS}"),
    "labels": ("r.md", f"# T\n\nOwner:\n\nThis is a long label that goes on and on for ever:\n\n{WORDS}"),
    "labels over two lines": ("r.md", f"# T\n\nOwner of\nit all:\n\n{WORDS}"),
    "tables": ("r.md", f"# T\n\n| a | b |\n|---|---|\n| one | two words |\n| TBD | |\n| three | |\n\n{WORDS}"),
    "more to fill in than was written": ("r.md", f"# T\n\n{WORDS * 2}\n\nTBD\n\nTODO\n"),
    "as much to fill in as was written": ("r.md", f"# T\n\n{WORDS}\n\n{MORE}\n\nTBD\n\nTODO\n"),
    "a row of blanks": ("r.md", f"# T\n\n| a | b | c |\n|---|---|---|\n| one | | |\n| | two | three |\n\n{WORDS}"),
    "a label with a day": ("r.md", f"# T\n\n{WORDS}\n\n**Reviewed:** 2026-10-01\n\n## Reviewed 2026-10-02\n\n{MORE}\n"),
    "code": ("r.md", f"# T\n\n```\nrun this now\n\nand that\n```\n\n{WORDS}"),
    "the title again": ("r.md", f"# Red team\n\nRed team\n\n## Scope\n\nScope\n\n{WORDS}"),
    "again and again": ("r.md", "# T\n\n## A\n\n" + "We tested the thing with care. " * 12),
    "a placeholder below": ("r.md", f"# T\n\n{WORDS}\n\nfirst line\nsecond\nthis is TODO\n\n## A\n\n{MORE}\n\nTBD"),
    "a run-in heading": ("r.md", f"**Scope.** {WORDS}\n\n**Result:** {MORE}\n"),
    "data": (
        "r.yaml",
        f"scope: {WORDS}\nresult:\n  who: three people of the lab\n  open: TBD\n  empty:\n# note\n_note: nothing\n",
    ),
    "data in lists": (
        "r.yaml",
        f"findings:\n  - text: {WORDS}\n    grade: high\n  - {MORE}\n  - 2026-10-01\nexample_x: y\n",
    ),
    "data that is withdrawn": ("r.yaml", f"scope: {WORDS}\nold:\n  withdrawn: true\n  text: {MORE}\nstatus: final\n"),
    "data that is obsolete": ("r.json", '{"status": "obsolete", "scope": "Three people looked at all of it in May."}'),
    "data with markup": (
        "r.yaml",
        f"scope: 'we ~~did~~ saw <!-- not --> this and [^1] that and ~~all'\nmore: '{WORDS}'\n",
    ),
    "data that is a list": (
        "r.json",
        '["Three people looked at it for a week.", {"comment": "x", "$note": 1, "deprecated_x": 2}]',
    ),
    "restructured text": (
        "r.rst",
        f"Title\n=====\n\n.. a remark\n   goes on\n\n   still\n\n{WORDS}\n\n"
        f".. note:: shown\n   :class: x\n\n   {MORE}\n\n"
        f"..\n   hidden {LAST}\n\n.. [1] {WORDS}\n\n.. image:: x.png\n"
        f"   :alt: y\n\n.. code-block:: sh\n   :linenos:\n\n   ls -la\n\nAs said\n\n   :field: {MORE}\n",
    ),
    "asciidoc": (
        "r.adoc",
        f"= Title\n:author: me\n\n// remark\n\n////\nhidden {WORDS}\n////\n"
        f"\n{MORE}\n\n[comment]\nhidden too\nand this\n\n"
        f"[comment]\n--\nin a block {LAST}\n\nstill\n--\n\nifdef::x[]\n"
        f"hidden {WORDS}\nifndef::y[shown?]\nendif::[]\n\nlast {MORE}\n"
        "endif::[]\n/// kept\n",
    ),
    "asciidoc with a condition": (
        "r.adoc",
        f'= Title\n\n{WORDS}\n\nifeval::["{{x}}" == "y"]\nhidden {LAST}\nendif::[]\n\nifdef::x[shown?]\n\n{MORE}\n',
    ),
    "tex": (
        "r.tex",
        f"\\section{{A}} {WORDS} % gone\n50\\% stays\n\\\\% gone\n"
        f"\\begin{{comment}}\nhidden\n\\end{{comment}}\n\\iffalse no\n\\fi\n"
        f"\\phantom{{ghost}} {MORE}\n{{\\color{{white}} ink}}\n\\end{{document}}\nafter {LAST}\n",
    ),
    "org": (
        "r.org",
        f"#+title: Shown title here\n#+options: x\n# remark\n* One\n{WORDS}\n"
        f":PROPERTIES:\n:x: y\n:END:\n* COMMENT Two\nhidden {MORE}\n"
        f"** below\nhidden\n* Three\n{LAST}\n#+begin_comment\nno\n"
        f"#+end_comment\n** TODO COMMENT Four\nhidden\n*** deeper\n"
        f"** Five\n{WORDS}\n:end:\nlast words here\n",
    ),
    "mdx": ("r.mdx", f"# T\n\n{WORDS}\n\n{{/* hidden\nand this */}}\n\nlast words of it\n\n{{ /* open {MORE}"),
    "for a system": ("r.md", f"# T\n\nSystem: SYS-001, SYS-002 and SYS-999\n\n{WORDS}"),
    "for a system by name": ("r.yaml", f"system: Hiring Resume Screener\nscope: {WORDS}\n"),
    "for systems": ("r.yaml", f"systems: [SYS-002, SYS-003]\nsystem_id: ''\nscope: {WORDS}\n"),
    "for a system in small letters": ("r.md", f"# T\n\n**For systems** : sys-002 SYS-002\n\n{WORDS}"),
    "too far below": ("r.md", "# T\n" + "\n" * 39 + f"System: SYS-002\n\n{WORDS}"),
    "just near enough": ("r.md", "# T\n" + "\n" * 38 + f"System: SYS-002\n\n{WORDS}"),
    "dates in it": (
        "r.md",
        f"# T\n\nReviewed: 2026-10-01\n\nOn 3 May 2026 at 10:00 UTC {WORDS} In 2025 and 12/2025 or 2026-07.\n",
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_read_of_a_document(name: str) -> None:
    path, text = DOCUMENTS[name]
    other = entry(id="SYS-002", paths=["other/**"])
    tree = snapshot(entry(artifacts=[{"id": PAPER, "path": path}]), other, files={path: text})
    fact: ArtifactFact = facts_of(tree, policy())[0].artifacts[PAPER]
    lines = [line for line in said(fact, ("id", "path", "oid", "declared_at")) if not line.startswith("sections:")]
    lines += [f"section {' '.join(said(section))}" for section in fact.sections]
    held_against(GOLDEN / "documents.txt", name, lines)


@pytest.mark.parametrize("name", ["status", "State", "document status", "document_status", "validity"])
def test_data_that_says_of_itself_that_it_holds_no_more_says_nothing(name: str) -> None:
    assert read_data({name: "obsolete", "scope": WORDS}, {}).words == 0
    assert read_data({name: "final", "scope": WORDS}, {}).words > 10
    assert read_data({name: 3, "scope": WORDS}, {}).words > 10
    assert read_data({"colour": "obsolete", "scope": WORDS}, {}).words > 10


def test_where_data_stands_is_told_by_its_keys() -> None:
    found = evidence("r.yaml", f"a: {WORDS}\n\nb_c:\n  d: TBD\n")
    reading = read_data(found.data, found.marks)
    assert [(it.title, it.line, it.placeholder) for it in reading.sections] == [("a", 1, None), ("b c", 3, "TBD")]
    assert reading.placeholder_line == 3
    assert read_data({"x": "TBD"}, {}).placeholder_line == 1
    assert read_data({"x": [1, None, True]}, {}).substance == "x 1 x true"


# Entries

ENTRIES: dict[str, dict[str, Any]] = {
    "nothing stated": {},
    "facts of each type": {
        "facts": {
            "eu_market": True,
            "role": ["deployer", "provider", "deployer"],
            "org_employees": 12,
            "training_compute_flops": 7,
            "placed_on_market_date": "2026-01-01",
        }
    },
    "facts of another type": {
        "facts": {
            "eu_market": "yes",
            "role": "deployer",
            "org_employees": 1.5,
            "training_compute_flops": True,
            "placed_on_market_date": 2026,
            "children": 1,
        }
    },
    "facts at their limits": {"facts": {"org_employees": 2**63 - 1, "training_compute_flops": 1e300}},
    "facts beyond their limits": {"facts": {"org_employees": 2**63, "training_compute_flops": 1e301}},
    "facts without an end": {
        "facts": {"training_compute_flops": float("inf"), "modification_compute_flops": float("nan")}
    },
    "facts that nobody knows": {"facts": {"eu_markt": True, "tier": "low", "zzz": 1}},
    "values that nobody knows": {"facts": {"annex_iii_points": ["4-a", "4-z"], "annex_iii_exemption": "x"}},
    "laws": {"regulatory_scope": ["EU AI Act", "eu_ai_act", "GDPR", "EEOC"]},
    "laws by another name": {"regulatory_scope": ["  gdpr ", "CCPA", "ccpa", "US Title VII"]},
    "laws that nobody knows": {"regulatory_scope": ["GDPPR", "EU-AI-Acts"]},
    "a day, a contact and a card": {
        "deployment_date": "2026-12",
        "incident_contact": " ",
        "model_card": "card.md",
        "vendors": ["a"],
        "paths": [],
    },
    "raised and reviewed": {"reclassified": "2026-10-01", "reclassification_review": "2026-10-01"},
    "raised and reviewed before": {"reclassified": "2026-10-01", "reclassification_review": "2026-09-30"},
    "ids that nobody knows": {
        "artifacts": [{"id": "red-team-reports"}, {"id": PAPER}, {"id": PAPER}],
        "tests": [{"id": "smoke-test", "report": "x.xml"}],
        "not_applicable": [{"id": "red-team-engagements", "reason": "x"}, {"id": "incident-contact", "reason": "y"}],
        "vendors": ["openaii", "openai", "openai"],
    },
}


@pytest.mark.parametrize("name", ENTRIES)
def test_what_is_read_of_an_entry(name: str) -> None:
    vendors = [{"id": "openai", "vendor_name": "OpenAI", "assessed_on": "2026-01-01", "sla_uptime_percentage": 99}]
    files = {"card.md": "# Card\n"}
    (found,) = facts_of(snapshot(entry(**ENTRIES[name]), files=files, vendors=vendors), policy())
    held_against(GOLDEN / "entries.txt", name, _entry(found))


def _entry(found: Facts) -> list[str]:
    lines = [f"{name}: {value!r}" for name, value in sorted(found.stated.items())]
    lines += [f"regulations: {found.regulations}", *(f"vendor: {vendor}" for vendor in found.vendors)]
    lines += said(found.rating)
    return lines + [f"problem: {it.location}: {it.message} ({it.hint})" for it in found.problems]


@pytest.mark.parametrize(
    "model",
    [
        {"name": "gpt-4o"},
        {"name": "gpt-4o-2024-08-06"},
        {"name": "openai/gpt-4o"},
        {"name": "gpt-4o", "version": "2024-08-06"},
        {"name": "gpt-4o", "version": "latest"},
        {"name": "gpt-4o", "digest": "a" * 64},
        {"name": "claude-3-opus-20240229"},
        {"name": "claude-3-opus", "version": "20240229"},
        {"name": "gpt-3.5-turbo", "version": "0125"},
        {"name": "gpt-3.5-turbo-0125"},
        {"name": "our-own", "version": "1"},
    ],
    ids=lambda model: " ".join(model.values()),
)
def test_what_is_read_of_a_listed_model(model: dict[str, str]) -> None:
    values = model_values(ModelEntry(**model), policy())
    held_against(
        GOLDEN / "models.txt", " ".join(model.values()), [f"{name}: {value!r}" for name, value in values.items()]
    )


def test_a_name_for_dated_models_ends_none_without_a_version() -> None:
    rules = replace(
        policy(),
        model_names={
            "all": ModelName(id="all", title="", names=("ranker",), retires=date(2027, 6, 1)),
            "dated": ModelName(id="dated", title="", names=("ranker-*",), retires=date(2027, 3, 1)),
            "one": ModelName(id="one", title="", names=("ranker-2",), retires=date(2027, 9, 1)),
            "never": ModelName(id="never", title="", names=("ranker*",)),
        },
    )

    def retires(**model: str) -> str:
        return str(model_values(ModelEntry(**model), rules)["model.retires"])

    assert retires(name="ranker") == "2027-06-01"
    assert retires(name="ranker", version="2") == "2027-03-01", "the earlier of those for this version"
    assert retires(name="ranker-2") == "2027-03-01"
    assert retires(name="other", version="2") == ""
    assert retires(name="Us/ranker", version="1") == "2027-03-01"
