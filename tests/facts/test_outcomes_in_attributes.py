"""How tools say that a test passed, failed or did not run, and on which day: in words, flags, elements and times."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from policy_gate.facts.result_dialects import (
    NOTHING_ASSERTED,
    StatedOutcome,
    failure_inside,
    outcome_of_attributes,
    outcome_of_element,
    outcome_of_members,
    outcome_of_property,
    outcome_of_run,
    outcome_of_text,
    read_moment,
    read_timestamp,
    worse,
)

MEMBERS: tuple[tuple[dict[str, object], str, str], ...] = (
    ({}, "passed", ""),
    ({"title": "error"}, "passed", ""),
    ({"Title": "failed", "purple": "blue"}, "passed", ""),
    ({"purple": "failed"}, "failed", 'purple="failed"'),
    ({"purple": "skipped"}, "skipped", 'purple="skipped"'),
    ({"purple": "failed " * 4}, "passed", ""),
    ({"purple": f"failed: {'x' * 16}"}, "failed", f'purple="failed: {"x" * 16}"'),
    ({"purple": f"failed: {'x' * 17}"}, "passed", ""),
    ({"purple": "x" * 24}, "passed", ""),
    ({"status": ""}, "passed", ""),
    ({"status": "purple"}, "unknown", 'status="purple"'),
    ({"status": None}, "passed", ""),
    ({"Success": False}, "failed", 'success="false"'),
    ({"success": True}, "passed", ""),
    ({"failed": 0}, "passed", ""),
    ({"failed": 2}, "failed", 'failed="2"'),
    ({"crash": "x"}, "unknown", 'crash="x"'),
    ({"crash": []}, "passed", ""),
    ({"crash": ["x"]}, "unknown", 'crash="something"'),
    ({"crash": 0}, "passed", ""),
    ({"crash": "x", "status": "failed", "title": "y"}, "failed", 'status="failed"'),
    ({"status": "failed", "crash": "x"}, "failed", 'status="failed"'),
    ({"crash": "y" * 50}, "unknown", f'crash="{"y" * 40}"'),
)


@pytest.mark.parametrize(("members", "outcome", "told"), MEMBERS)
def test_what_members_of_an_object_say_that_its_format_does_not_know(
    members: dict[str, object], outcome: str, told: str
) -> None:
    assert outcome_of_members(members) == StatedOutcome(outcome, told)  # type: ignore[arg-type]


ORDER = ("passed", "skipped", "unknown", "failed")


def said(name: str, value: str) -> str:
    return outcome_of_attributes({name: value}).outcome


@pytest.mark.parametrize("name", ["status", "result", "outcome", "verdict", "conclusion"])
@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("passed", "passed"),
        ("OK", "passed"),
        ("", "passed"),
        ("Not Run", "skipped"),
        ("in-progress", "skipped"),
        ("FAILED", "failed"),
        ("failed: AssertionError", "failed"),
        ("failed; see log", "failed"),
        ("skipped (no GPU)", "skipped"),
        ("error/timeout", "error"),
        ("Timed Out", "error"),
        ("purple", "unknown"),
        ("purple: failed", "unknown"),
    ],
)
def test_a_word_that_says_how_a_test_ended(name: str, word: str, outcome: str) -> None:
    assert said(name, word) == outcome


@pytest.mark.parametrize("name", ["state", "label", "runstate"])
@pytest.mark.parametrize(
    ("word", "outcome"), [("purple", "passed"), ("passed", "passed"), ("failed", "failed"), ("ignored", "skipped")]
)
def test_a_word_that_may_speak_of_something_else_counts_only_against(name: str, word: str, outcome: str) -> None:
    assert said(name, word) == outcome


FLAGS = {
    ("success", "passed", "pass", "succeeded", "successful"): {
        "true": "passed", "yes": "passed", "Y": "passed", "1": "passed", "7": "passed", "ok": "passed",
        "false": "failed", "no": "failed", "n": "failed", "0": "failed", "skipped": "skipped", "purple": "unknown",
    },
    ("failed", "failure", "failures", "error", "errors"): {
        "true": "failed", "yes": "failed", "1": "failed", "2": "failed",
        "false": "passed", "no": "passed", "0": "passed", "none": "passed",
    },
    ("skipped", "skip", "ignored", "disabled", "pending", "notrun"): {
        "true": "skipped", "yes": "skipped", "1": "skipped", "false": "passed", "no": "passed", "0": "passed",
    },
    ("executed", "ran", "run"): {
        "false": "skipped", "no": "skipped", "0": "skipped", "true": "passed", "1": "passed", "": "passed",
    },
    ("name", "classname", "file"): {"failed": "passed", "false": "passed", "skipped": "passed"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "outcome"),
    [(name, *pair) for names, values in FLAGS.items() for name, pair in product(names, values.items())],
)
def test_a_flag(name: str, value: str, outcome: str) -> None:
    assert said(name, value) == outcome


def test_of_several_attributes_the_worst_is_believed_and_named_as_written() -> None:
    found = outcome_of_attributes({"status": "run", "result": "suppressed", "success": " No "})
    assert found == StatedOutcome("failed", 'success="No"')
    assert outcome_of_attributes({"status": "failed", "outcome": "failed"}).said == 'status="failed"'
    assert outcome_of_attributes({"status": "x" * 90}).said == f'status="{"x" * 40}"'
    assert outcome_of_attributes({}) == StatedOutcome("passed", "")


def test_what_is_a_count_or_a_flag_of_its_own_says_nothing_of_a_suite() -> None:
    counts = {"failed": "1", "errors": "2", "skipped": "3", "disabled": "4", "run": "0"}
    assert outcome_of_attributes(counts, of_suite=True) == StatedOutcome()
    assert outcome_of_attributes({**counts, "success": "false"}, of_suite=True).outcome == "failed"
    assert outcome_of_attributes({**counts, "result": "Skipped"}, of_suite=True).outcome == "skipped"


@pytest.mark.parametrize(("one", "other"), list(product(ORDER, ORDER)))
def test_the_worse_of_two(one: str, other: str) -> None:
    assert worse(one, other) == max(one, other, key=ORDER.index)  # type: ignore[arg-type]


def test_a_failure_and_an_error_are_as_bad() -> None:
    assert worse("failed", "error") == "failed"
    assert worse("error", "failed") == "error"
    assert worse("unknown", "error") == "error"


def test_elements() -> None:
    assert [outcome_of_element(tag) for tag in ("failure", "failed", "rerunfailure")] == ["failed"] * 3
    assert [outcome_of_element(tag) for tag in ("error", "rerunerror")] == ["error"] * 2
    names = ("skipped", "skip", "ignored", "disabled", "pending", "notrun", "incomplete")
    assert [outcome_of_element(tag) for tag in names] == ["skipped"] * 7
    assert [outcome_of_element(tag) for tag in ("system-out", "flakyfailure", "property")] == [None] * 3


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-20T08:00:00Z", date(2026, 11, 20)),
        ("2026/1/2 08:00", date(2026, 1, 2)),
        ("2026.01.02", date(2026, 1, 2)),
        ("2026-01/02", None),
        ("2026-01-02x", None),
        ("20261120", date(2026, 11, 20)),
        ("20261120T080000Z", date(2026, 11, 20)),
        ("1763625600", date(2025, 11, 20)),
        ("1763625600.25", date(2025, 11, 20)),
        ("1763625600000", date(2025, 11, 20)),
        ("1763625600000000", date(2025, 11, 20)),
        ("1763625600000000000", date(2025, 11, 20)),
        ("Fri, 20 Nov 2026 08:00:00 GMT", date(2026, 11, 20)),
        ("Friday, 20-Nov-2026 08:00:00 GMT", date(2026, 11, 20)),
        ("3rd December 2026", date(2026, 12, 3)),
        ("Fri Nov 20 08:00:00 2026", date(2026, 11, 20)),
        ("Nov 20, 2026 8:00 AM", date(2026, 11, 20)),
        ("January 1st, 2026", date(2026, 1, 1)),
        ("2000-01-01", date(2000, 1, 1)),
        ("1999-12-31", None),
        ("1970-01-01T00:00:00", None),
        ("0001-01-01T00:00:00", None),
        ("0", None),
        ("2026-02-30", None),
        ("99999999999999", None),
        ("17636256000", None),
        (f"{'x' * 68} 20 Nov 2026", date(2026, 11, 20)),
        (f"{'x' * 69} 20 Nov 2026", None),
        ("11/20/2026", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_day_of_a_timestamp(text: str, day: date | None) -> None:
    assert read_timestamp(text) == day
    assert read_timestamp(f"  {text}\n") == day


@pytest.mark.parametrize(
    ("attributes", "of_test", "of_suite"),
    [
        ({"assertions": "0"}, ("skipped", NOTHING_ASSERTED), ("passed", "")),
        ({"asserts": " 0 "}, ("skipped", NOTHING_ASSERTED), ("passed", "")),
        ({"assertions": "1"}, ("passed", ""), ("passed", "")),
        ({"assertions": "0", "status": "passed"}, ("passed", ""), ("passed", "")),
        ({"assertions": "0", "status": " "}, ("skipped", NOTHING_ASSERTED), ("passed", "")),
        ({"assertions": "0", "purple": "yes"}, ("unknown", 'purple="yes"'), ("unknown", 'purple="yes"')),
        ({"assertions": "0", "crash": "x"}, ("unknown", 'crash="x"'), ("unknown", 'crash="x"')),
        ({"crash": f" {'y' * 50}"}, ("unknown", f'crash="{"y" * 40}"'), ("unknown", f'crash="{"y" * 40}"')),
        ({"status": "z" * 50}, ("unknown", f'status="{"z" * 40}"'), ("unknown", f'status="{"z" * 40}"')),
        ({"status": "skipped", "crash": "x"}, ("skipped", 'status="skipped"'), ("skipped", 'status="skipped"')),
        ({"purple": "no"}, ("unknown", 'purple="no"'), ("passed", "")),
        ({"purple": "0", "blue": "", "crash": "no"}, ("passed", ""), ("passed", "")),
        ({"purple": "blue"}, ("unknown", 'purple="blue"'), ("passed", "")),
        ({"purple": "failed"}, ("unknown", 'purple="failed"'), ("unknown", 'purple="failed"')),
        ({"purple": "1.5"}, ("unknown", 'purple="1.5"'), ("unknown", 'purple="1.5"')),
        ({"purple": "passed", "purple_id": "failed"}, ("passed", ""), ("passed", "")),
        ({"method": "yes"}, ("passed", ""), ("unknown", 'method="yes"')),
        ({"environment": "yes"}, ("unknown", 'environment="yes"'), ("passed", "")),
        ({"disabled": "many"}, ("skipped", 'disabled="many"'), ("unknown", 'disabled="many"')),
        ({"disabled": "3"}, ("skipped", 'disabled="3"'), ("passed", "")),
        ({"blocked": "3"}, ("unknown", 'blocked="3"'), ("passed", "")),
        ({"failed": "0.00"}, ("passed", ""), ("passed", "")),
        ({"failed": "passed"}, ("passed", ""), ("unknown", 'failed="passed"')),
        ({"skipped": "passed"}, ("passed", ""), ("unknown", 'skipped="passed"')),
        ({"run": "yes"}, ("passed", ""), ("passed", "")),
        ({"executed": "7x"}, ("passed", ""), ("passed", "")),
        ({"run": "skipped"}, ("skipped", 'run="skipped"'), ("passed", "")),
        ({"run": "purple"}, ("unknown", 'run="purple"'), ("passed", "")),
        ({"enabled": "no"}, ("skipped", 'enabled="no"'), ("passed", "")),
    ],
)
def test_what_attributes_say_of_a_test_and_of_a_suite(
    attributes: dict[str, str], of_test: tuple[str, str], of_suite: tuple[str, str]
) -> None:
    assert outcome_of_attributes(attributes) == StatedOutcome(*of_test)  # type: ignore[arg-type]
    assert outcome_of_attributes(attributes, of_suite=True) == StatedOutcome(*of_suite)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("members", "of_all", "of_a_sample"),
    [
        ({}, ("passed", ""), ("passed", "")),
        ({"Status": "failed"}, ("failed", 'status="failed"'), ("passed", "")),
        ({"status": "skipped"}, ("passed", ""), ("passed", "")),
        ({"success": False}, ("failed", 'success="false"'), ("passed", "")),
        ({"success": True, "failed": False, "error": None}, ("passed", ""), ("passed", "")),
        ({"error": "no answer"}, ("failed", 'error="no answer"'), ("failed", 'error="no answer"')),
        ({"errors": ["no answer"]}, ("failed", 'errors="something"'), ("failed", 'errors="something"')),
        ({"errors": []}, ("passed", ""), ("passed", "")),
        ({"errors": 2, "failed": 1.5, "failures": {"a": 1}}, ("passed", ""), ("passed", "")),
        ({"passed": ["a"], "result": ["failed"]}, ("passed", ""), ("passed", "")),
        ({"state": "failed"}, ("passed", ""), ("passed", "")),
        ({"status": ""}, ("passed", ""), ("passed", "")),
        ({"failures": 2, "status": "failed"}, ("failed", 'status="failed"'), ("passed", "")),
        ({"error": "e" * 50}, ("failed", f'error="{"e" * 40}"'), ("failed", f'error="{"e" * 40}"')),
        ({"failed": True, "error": "x"}, ("failed", 'failed="true"'), ("failed", 'error="x"')),
    ],
)
def test_what_a_report_says_of_its_run(
    members: dict[str, object], of_all: tuple[str, str], of_a_sample: tuple[str, str]
) -> None:
    assert outcome_of_run(members, sampled=False) == StatedOutcome(*of_all)  # type: ignore[arg-type]
    assert outcome_of_run(members, sampled=True) == StatedOutcome(*of_a_sample)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({}, ""),
        ({"a": {"b": [{"Status": "failed"}]}}, 'Status="failed"'),
        ({"a": [[{"outcome": "timed out"}]]}, 'outcome="timed out"'),
        ({"a": {"result": "skipped"}}, ""),
        ({"a": {"state": "failed"}}, ""),
        ({"previous run": {"status": "failed"}, "baseline": {"status": "failed"}}, ""),
        ({"previous": {"status": "failed"}, "a": {"status": "failed"}}, 'status="failed"'),
        ({"status": ["failed"]}, ""),
        ({"status": 5}, ""),
        ({"a": {"status": "failed"}, "b": [1]}, 'status="failed"'),
        ({"status": f"failed: {'x' * 16}"}, f'status="failed: {"x" * 16}"'),
        ({"status": f"failed: {'x' * 17}"}, ""),
    ],
)
def test_a_failure_that_stands_deep_inside(members: dict[str, object], said: str) -> None:
    assert failure_inside(members) == said


@pytest.mark.parametrize(
    ("name", "value", "outcome"),
    [
        ("status", "failed", "failed"),
        ("test_case.result", "Failed: no answer", "failed"),
        ("xray-test-outcome", "error", "error"),
        ("final verdict", "not run", "skipped"),
        ("status", "rejected", "passed"),
        ("answer_status", "failed", "passed"),
        ("passed", "false", "failed"),
        ("passed", "0", "passed"),
        ("success", "no", "failed"),
        ("failed", "yes", "failed"),
        ("failed", "1", "passed"),
        ("skipped", "true", "skipped"),
        ("not_run", "y", "skipped"),
        ("disabled", "false", "passed"),
    ],
)
def test_what_a_property_says_of_how_its_test_ended(name: str, value: str, outcome: str) -> None:
    assert outcome_of_property(name, value) == outcome


@pytest.mark.parametrize(
    ("tag", "text", "outcome"),
    [
        ("passed", "false", "failed"),
        ("success", " No ", "failed"),
        ("passed", "true", "passed"),
        ("note", "no", "passed"),
        ("note", " Failed ", "failed"),
        ("passed", "skipped", "skipped"),
        ("note", "it failed", "passed"),
    ],
)
def test_what_bare_words_in_a_test_say(tag: str, text: str, outcome: str) -> None:
    assert outcome_of_text(tag, text) == outcome


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T08:05:09Z", "2026-11-20 080509"),
        ("2026-11-20 8:05", "2026-11-20 080500"),
        ("20261120T080509Z", "2026-11-20 080509"),
        ("20261120 0805", "2026-11-20 080500"),
        ("20261120", "2026-11-20"),
        ("2026-11-20", "2026-11-20"),
        ("1763625600", "2025-11-20 080000"),
        ("1763625600000", "2025-11-20 080000"),
        ("Fri,  20 Nov 2026 08:05:09 GMT", "2026-11-20 080509"),
        ("1970-01-01T00:00:00", ""),
        ("yesterday at 08:05", ""),
    ],
)
def test_the_moment_of_a_timestamp(text: str, moment: str) -> None:
    assert read_moment(text) == moment
