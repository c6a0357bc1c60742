"""The edges of what changed: dates that moved, numbers that fell, limits that loosened, answers that got easier."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from facts_world import improved_unassessed
from msgspec.structs import replace

from policy_gate.cards.metrics import is_loosened
from policy_gate.facts.changes_evidence import is_redated, is_redated_test
from policy_gate.schema.facts import ArtifactFact, Metric, TestFact
from policy_gate.schema.source import Location
from policy_gate.schema.vendor_document import VENDOR_TERMS

ACCESS = ("api", "licensed_weights", "self_hosted")
"""where the model runs, the nearest last"""
HERE = Location("governance.yaml", 1, 1)
OLD, NEW = date(2026, 1, 1), date(2026, 1, 2)
PAPER = ArtifactFact("report", "r.md", "1" * 40, "final", OLD, HERE, substance="words")
RESULT = TestFact("suite", "s.xml", "1" * 40, HERE, None, "", executed=1, completed=OLD)


@pytest.mark.parametrize(
    ("now", "redated"),
    [
        ({"completed": NEW}, True),
        ({"completed": OLD}, False),
        ({"completed": date(2025, 12, 31)}, False),
        ({"completed": None}, False),
        ({"completed": NEW, "oid": "2" * 40}, True),
        ({"completed": NEW, "substance": "other words"}, False),
        ({"completed": NEW, "cause": "empty"}, False),
    ],
)
def test_d09_evidence_is_redated_where_its_date_moved_on_and_its_words_did_not(
    now: dict[str, Any], redated: bool
) -> None:
    assert is_redated(PAPER, replace(PAPER, **now)) is redated
    assert not is_redated(replace(PAPER, completed=None), replace(PAPER, **now)), "base had no date"


@pytest.mark.parametrize(
    ("now", "redated"),
    [
        ({"completed": NEW}, True),
        ({"completed": OLD}, False),
        ({"completed": None}, False),
        ({"completed": NEW, "oid": "2" * 40}, False),
    ],
)
def test_d09_a_result_is_redated_where_the_same_file_claims_a_later_day(now: dict[str, Any], redated: bool) -> None:
    assert is_redated_test(RESULT, replace(RESULT, **now)) is redated
    assert not is_redated_test(replace(RESULT, completed=None), replace(RESULT, **now))
    assert not is_redated_test(replace(RESULT, oid=None), replace(RESULT, **{**now, "oid": None}))


@pytest.mark.parametrize(
    ("higher", "before", "after", "loosened"),
    [
        (True, 0.8, 0.8, False),
        (True, 0.8, 0.79, True),
        (True, 0.8, 0.81, False),
        (False, 0.1, 0.1, False),
        (False, 0.1, 0.11, True),
        (False, 0.1, 0.09, False),
        (True, 0.8, None, True),
    ],
)
def test_a_limit_is_loosened_where_it_lets_more_through(
    higher: bool, before: float, after: float | None, loosened: bool
) -> None:
    old = Metric("recall", "all", 0.9, before, higher)
    assert is_loosened(old, replace(old, threshold=after)) is loosened
    assert is_loosened(old, None)


VENDOR = {"vendor.id": "acme", "vendor.assessed_on": "2026-01-01"}


@pytest.mark.parametrize("name", sorted(name for name, reads in VENDOR_TERMS.items() if reads == "true"))
def test_a_yes_of_a_vendor_counts_once_it_was_assessed_again(name: str) -> None:
    no, yes = {**VENDOR, f"vendor.{name}": False}, {**VENDOR, f"vendor.{name}": True}
    assert improved_unassessed(no, yes) == improved_unassessed(VENDOR, yes) == [name]
    assert improved_unassessed(no, {**yes, "vendor.assessed_on": "2026-01-02"}) == []
    assert improved_unassessed(no, {**yes, "vendor.assessed_on": "2025-12-31"}) == [name]
    for one, other in ((yes, no), (yes, yes), (no, no), (VENDOR, no), (yes, VENDOR)):
        assert improved_unassessed(one, other) == []


@pytest.mark.parametrize(
    ("name", "before", "after", "better"),
    [
        ("sla_uptime_percentage", 99.0, 99.1, True),
        ("sla_uptime_percentage", 99.0, 99.0, False),
        ("sla_uptime_percentage", 99.0, 98.9, False),
        ("sla_uptime_percentage", None, 98.9, True),
        ("sla_uptime_percentage", 99.0, None, False),
        *(
            ("access_type", before, after, rank > other)
            for other, before in enumerate(ACCESS)
            for rank, after in enumerate(ACCESS)
        ),
        ("access_type", None, "licensed_weights", True),
        ("access_type", None, "api", False),
        ("access_type", "fine_tuned", "self_hosted", True),
        ("access_type", "fine_tuned", "api", False),
        ("access_type", "api", "fine_tuned", False),
        ("access_type", "self_hosted", None, False),
        ("data_retention_days", 30, 29, True),
        ("data_retention_days", 30, 30, False),
        ("data_retention_days", 30, 31, False),
        ("data_retention_days", None, 31, True),
    ],
)
def test_a_number_of_a_vendor_improves_in_its_own_direction(name: str, before: Any, after: Any, better: bool) -> None:
    was, now = ({**VENDOR, f"vendor.{name}": value} if value is not None else VENDOR for value in (before, after))
    assert improved_unassessed(was, now) == ([name] if better else [])
