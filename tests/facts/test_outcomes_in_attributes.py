"""How tools say that a test passed, failed or did not run, and on which day: in words, flags, elements and times."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from policy_gate.facts.result_dialects import (
    StatedOutcome,
    outcome_of_attributes,
    outcome_of_element,
    outcome_of_members,
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
        ("11/20/2026", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_day_of_a_timestamp(text: str, day: date | None) -> None:
    assert read_timestamp(text) == day
    assert read_timestamp(f"  {text}\n") == day
