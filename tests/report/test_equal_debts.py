"""Debts that would be told in the same words stand in one row of the text, with what tells them apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace
from sample_reports import debt, report, system

from policy_gate.report import REPORTERS
from policy_gate.report.style import RenderOptions

SAID = "What the entry says is critical. Vendor {}: no-dpa."
DAY = date(2027, 5, 21)


def _owed(number: int, seen: str, **other: Any) -> Any:
    one = debt("vendor-critical-open", "Something critical is open about a vendor", DAY, "ciso")
    return replace(one, id=f"v{number}", seen=seen, **other)


def _told(*findings: Any, format_: str = "text") -> str:
    told = report(systems=(system(verdict="conditions"),), findings=findings, verdict="conditions")
    return REPORTERS[format_](told, RenderOptions())


def test_equal_debts_are_told_once_with_what_tells_them_apart() -> None:
    owed = [_owed(number, SAID.format(f"v{number}")) for number in range(24)]
    said = " ".join(_told(*owed).split())
    assert said.count("Something critical is open about a vendor") == 1
    assert "Debt: 24 things" in said
    assert "24 of them: v0, v1, v2, v3, v4, v5, v6, v7 and 16 more" in said


@pytest.mark.parametrize(
    "other",
    [{"due": date(2027, 6, 1)}, {"title": "Something else"}, {"fix": "another"}, {"responsible": ("dpo",)},
     {"blame": "overdue"}, {"missing_facts": ("eu_market",)}],
)  # fmt: skip
def test_what_differs_in_anything_that_is_told_stands_apart(other: dict[str, Any]) -> None:
    said = _told(_owed(1, SAID.format("v1")), _owed(2, SAID.format("v2"), **other))
    assert "of them" not in said


def test_equal_debts_with_nothing_to_tell_them_apart_are_counted() -> None:
    assert "2 of them\n" in _told(_owed(1, "the same"), _owed(2, "the same"))


def test_for_programs_each_stands_by_itself() -> None:
    owed = [_owed(number, SAID.format(f"v{number}")) for number in range(3)]
    assert _told(*owed, format_="json").count('"id": "v') == 3
