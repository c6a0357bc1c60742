"""The JSON report: the contract's keys in the contract's order, held by the published schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from sample_reports import SAMPLES, blocked, report, weakened

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.json import dumped, report_data, report_schema
from policy_gate.report.sanitise import json_text
from policy_gate.schema.change import Change

GOLDEN = sorted(name for name in SAMPLES)
FILES = Path(__file__).parent / "golden"


def told(name: str) -> Any:
    return json.loads(REPORTERS["json"](SAMPLES[name](), RenderOptions()))


def validator() -> Draft202012Validator:
    schema = json.loads(report_schema())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", GOLDEN)
def test_each_golden_report_satisfies_the_published_schema(name: str) -> None:
    data = json.loads((FILES / f"{name}.json").read_text("utf-8"))
    assert [error.message for error in validator().iter_errors(data)] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("verdict"),
        lambda data: data.update(verdict="green"),
        lambda data: data["findings"][0].pop("blame"),
        lambda data: data["findings"][0].update({"for": "x"}) or data["findings"][0].pop("subject_digest", None),
        lambda data: data["systems"][0].update(stage="live"),
        lambda data: data["summary"]["findings"].update(skipped=1),
        lambda data: data["trust"].update(enforcing="yes"),
        lambda data: data["systems"][0].update(subject_digest="9b1c"),
    ],
)
def test_the_schema_refuses_what_breaks_the_contract(spoil: Any) -> None:
    data = told("blocked")
    spoil(data)
    assert list(validator().iter_errors(data))


def test_the_keys_of_the_contract_come_first_and_in_its_order() -> None:
    data = told("weakened")
    assert list(data)[:9] == [
        "schema_version", "tool", "verdict", "as_of", "trust", "summary", "systems", "findings", "problems",
    ]  # fmt: skip
    assert list(data["trust"])[:8] == [
        "mode", "enforcing", "base", "head", "result", "policies", "approvals", "notes",
    ]  # fmt: skip
    system = ["id", "name", "manifest", "presence", "stage", "base_stage", "score", "score_range", "score_tier", "tier",
              "effective_tier", "base_tier", "law_class", "required_controls", "subject_digest", "changes", "gates",
              "law", "verdict"]  # fmt: skip
    assert [key for key in data["systems"][0] if key in system] == system
    finding = ["id", "system", "state", "enforcement", "blame", "requirement", "title", "message", "because",
               "location", "fix", "responsible", "accountable", "due", "waiver"]  # fmt: skip
    assert list(data["findings"][0])[:15] == finding


def test_only_findings_that_want_an_approval_say_for_what() -> None:
    findings = told("blocked")["findings"]
    wants = [finding["requirement"]["kind"] == "approval" for finding in findings]
    said = ["for" in finding for finding in findings]
    assert all(wanted or not told_ for wanted, told_ in zip(wants, said, strict=True))
    approval = next(finding for finding in findings if finding["state"] == "gap" and "for" in finding)
    assert approval["for"] == "pre-deployment-security-review"
    assert approval["subject_digest"].startswith("sha256:")


def test_the_summary_counts_every_state_even_at_zero() -> None:
    summary = told("blocked")["summary"]
    assert list(summary["findings"]) == ["gap", "unknown", "waived", "deferred", "upcoming", "met", "not-applicable"]
    assert summary["findings"]["gap"] == 9
    assert (summary["introduced"], summary["inherited"], summary["overdue"]) == (7, 2, 0)


@pytest.mark.parametrize("name", GOLDEN)
def test_the_same_report_gives_the_same_bytes_whatever_the_look(name: str) -> None:
    plain = REPORTERS["json"](SAMPLES[name](), RenderOptions())
    assert plain == REPORTERS["json"](SAMPLES[name](), RenderOptions(width=20, colour=True, symbols=True))
    assert plain.endswith("}\n")


def test_odd_values_of_a_change_survive_as_json() -> None:
    odd = Change("fact-changed", "SYS-001", "x", None, ["a", 1, True], True)
    base = weakened()
    made = replace(base, systems=(replace(base.systems[0], changes=(odd,)),))
    change = json.loads(REPORTERS["json"](made, RenderOptions()))["systems"][0]["changes"][0]
    assert (change["before"], change["after"]) == (None, ["a", 1, True])


def test_problems_are_located() -> None:
    assert told("bad-input")["problems"][0] == {
        "path": "governance.yaml",
        "line": 14,
        "column": 24,
        "message": 'human_oversight is "partal" (none, partial or full)',
        "hint": 'did you mean "partial"?',
    }


def test_a_report_of_nothing_is_still_whole() -> None:
    data = json.loads(REPORTERS["json"](report(systems=(), findings=()), RenderOptions()))
    assert list(validator().iter_errors(data)) == []


def test_locations_are_null_or_whole() -> None:
    data = json.loads(REPORTERS["json"](blocked(), RenderOptions()))
    places = [finding["location"] for finding in data["findings"]]
    assert None in places
    assert {"path": "governance.yaml", "line": 31, "column": 7} in places


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_data_is_spelt_as_the_standard_library_spells_it(data: Any) -> None:
    assert dumped(data) == json_text(json.dumps(data, indent=2, ensure_ascii=False)) + "\n"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.datetimes() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
)


@given(VALUES, VALUES, st.text(st.characters()))
def test_a_report_is_spelled_as_json_spells_it_whatever_a_change_holds(before: Any, after: Any, title: str) -> None:
    change = Change("stage-advanced", "SYS-001", "stage", before, after)
    sample = blocked()
    one = replace(sample.systems[0], name=title, changes=(change,))
    whole = replace(sample, headline=title, systems=(one, *sample.systems[1:]))
    assert REPORTERS["json"](whole, RenderOptions()) == dumped(report_data(whole))


@pytest.mark.parametrize("name", GOLDEN)
def test_each_sample_is_spelled_as_json_spells_it(name: str) -> None:
    sample = SAMPLES[name]()
    assert REPORTERS["json"](sample, RenderOptions()) == dumped(report_data(sample))
