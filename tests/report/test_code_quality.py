"""Code Quality: by our schema of what GitLab shows, one fingerprint each, the same while lines move; T21."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from sample_reports import (
    SAMPLES,
    approval,
    bad_input,
    blocked,
    deferred,
    everything,
    passed,
    purpose_changed,
    red_team_missing,
    report,
    rules_changed,
    system,
    trust,
    undecided_fact,
    weakened,
)

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.codequality import DESCRIPTION
from policy_gate.schema.report import Report
from policy_gate.schema.source import Location, Problem

DATA = Path(__file__).resolve().parent.parent / "data"
SCHEMA = Draft202012Validator(json.loads((DATA / "code-quality.schema.json").read_text("utf-8")))


def entries(weighed: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(REPORTERS["codequality"](weighed, RenderOptions()))
    return found


def shown_by_gitlab(text: str) -> list[dict[str, Any]]:
    """What GitLab's parser keeps: an array's entries up to the first that its schema refuses."""
    kept: list[dict[str, Any]] = []
    for entry in json.loads(text):
        typed = all(isinstance(entry.get(name), str) for name in ("description", "fingerprint", "severity"))
        if not typed or not isinstance(entry.get("location"), dict):
            break
        kept.append(entry)
    return kept


@pytest.mark.parametrize("name", SAMPLES)
def test_each_report_is_code_quality_by_the_schema(name: str) -> None:
    found = entries(SAMPLES[name]())
    assert [error.message for error in SCHEMA.iter_errors(found)] == []
    assert shown_by_gitlab(REPORTERS["codequality"](SAMPLES[name](), RenderOptions())) == found
    prints = [entry["fingerprint"] for entry in found]
    assert len(prints) == len(set(prints))
    assert all(entry["location"]["lines"]["begin"] >= 1 for entry in found)


@pytest.mark.parametrize(
    ("at", "value"),
    [("severity", "fatal"), ("fingerprint", ""), ("location", {"path": "a", "lines": {"begin": 0}}), ("more", 1)],
)
def test_the_schema_would_notice(at: str, value: Any) -> None:
    found = entries(blocked())
    found[0][at] = value
    assert len(list(SCHEMA.iter_errors(found))) == 1


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({}, "blocker"),
        ({"blocks": False, "state": "unknown", "undecided": True}, "critical"),
        ({"blocks": False, "enforcement": "remediate"}, "major"),
        ({"blocks": False, "blame": "overdue"}, "major"),
        ({"blocks": False, "blame": "inherited"}, "minor"),
        ({"blocks": False, "enforcement": "advise"}, "info"),
    ],
)
def test_severity_is_what_the_finding_weighs(changes: dict[str, Any], severity: str) -> None:
    verdict = "block" if severity == "blocker" else "conditions"
    weighed = report(verdict=verdict, findings=(red_team_missing(**changes),))
    assert [entry["severity"] for entry in entries(weighed)] == [severity]


def test_a_missing_answer_is_critical_and_a_bad_document_a_blocker() -> None:
    assert {entry["severity"] for entry in entries(SAMPLES["conflict"]())} == {"critical"}
    assert {entry["severity"] for entry in entries(bad_input())} == {"blocker"}
    assert {entry["severity"] for entry in entries(replace(bad_input(), verdict="undecided"))} == {"critical"}
    old = replace(bad_input(), verdict="pass", problems=(Problem("a.yaml", "old spelling", advice=True),))
    assert [entry["severity"] for entry in entries(old)] == ["minor"]


def test_the_description_is_one_line_with_system_title_and_remedy() -> None:
    first = entries(blocked())[0]
    assert first["description"] == (
        "SYS-001: Red team report is missing; fix: policy-gate draft red-team-report --system SYS-001"
    )
    assert first["check_name"] == "artifact:red-team-report"
    assert first["location"] == {"path": "governance.yaml", "lines": {"begin": 31}}
    [rules] = entries(rules_changed())
    assert rules["description"].startswith("repository: The rules themselves change; seen: policies/lifecycle.yaml")
    assert all("\n" not in entry["description"] for name in SAMPLES for entry in entries(SAMPLES[name]()))


def test_a_row_that_goes_on_is_kept_with_the_row_above() -> None:
    [lowered] = entries(weakened())
    assert (
        "seen: governance.yaml:14: human_oversight: partial -> full; "
        "governance.yaml:15: data_sensitivity: sensitive -> non_sensitive; governance.yaml:9: tier: high -> medium; "
    ) in lowered["description"]
    other = red_team_missing(details=("note: a", "b", "was: c", "d"))
    [entry] = entries(report(findings=(other,)))
    assert "note: a; b; fix" in entry["description"]
    assert "; d" not in entry["description"]


def test_a_long_description_is_cut_and_says_so() -> None:
    [entry] = entries(report(findings=(red_team_missing(seen="word " * 900),)))
    assert len(entry["description"]) == DESCRIPTION
    assert entry["description"].endswith("…")


def test_what_is_met_waived_deferred_or_not_due_has_no_entry() -> None:
    assert entries(passed()) == []
    assert "Stakeholder" not in json.dumps(entries(everything()))
    assert "Appeal" not in json.dumps(entries(everything()))


def test_a_finding_without_a_place_stands_on_its_systems_manifest() -> None:
    theirs = system(id="SYS-009", manifest="b/governance.yaml")
    [entry] = entries(report(systems=(theirs,), findings=(approval("ciso", system="SYS-009"),)))
    assert entry["location"] == {"path": "b/governance.yaml", "lines": {"begin": 1}}


def test_fingerprints_stay_while_lines_move_and_differ_between_things() -> None:
    def prints(weighed: Report) -> list[str]:
        return [entry["fingerprint"] for entry in entries(weighed)]

    moved = tuple(replace(f, location=Location("governance.yaml", 400)) for f in blocked().findings)
    assert prints(replace(blocked(), findings=moved)) == prints(blocked())
    shifted = tuple(replace(problem, line=90) for problem in bad_input().problems)
    assert prints(replace(bad_input(), problems=shifted)) == prints(bad_input())
    assert set(prints(bad_input())) & set(prints(blocked())) == set()


def test_d30_an_answer_that_does_not_enforce_has_an_entry_of_its_own() -> None:
    last = entries(deferred())[-1]
    assert (last["severity"], last["check_name"]) == ("info", "policy-gate:does-not-enforce")
    assert last["description"] == (
        "repository: This answer does not enforce; note: --defer approval: missing approvals do not count"
    )
    assert len(entries(replace(passed(), trust=trust(enforcing=False)))) == 1
    assert "does not enforce" not in json.dumps([entries(blocked()), entries(undecided_fact())])


def test_purposes_side_by_side_are_left_to_formats_with_room() -> None:
    [entry] = entries(purpose_changed())
    assert "was:" not in entry["description"]
    assert entry["location"] == {"path": "MODEL_CARD.md", "lines": {"begin": 9}}
