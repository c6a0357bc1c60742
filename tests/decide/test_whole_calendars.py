"""Calendars of the full check, line for line: each item with its day, people, words, place and finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from decision_world import RULES, day, evaluation, facts, options, people, report, rules_with, with_entry
from golden_lines import held_against
from msgspec.structs import replace

from policy_gate.decide.decision_context import blamed
from policy_gate.decide.due_items import due_items
from policy_gate.schema.documents import Waivers
from policy_gate.schema.due import DueItem
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document

GOLDEN = Path(__file__).parent / "golden" / "calendars.txt"
VENDOR = {"id": "acme", "vendor_name": "Acme", "assessed_on": day(-325).isoformat(), "has_dpa": True}
LATER = {"field": "has_dpa", "value": False, "from": day(40).isoformat(), "source": "https://acme.example/terms"}


def line(item: DueItem) -> str:
    where = f"{item.location.path}:{item.location.line}" if item.location else "nowhere"
    who = f"{'person ' if item.is_person else ''}{', '.join(item.who)}"
    said = (item.day.isoformat(), item.kind, item.system or "-", item.title, who, item.what, where)
    return f"{' | '.join(said)}{' | told' if item.finding else ''}"


def of(found: Facts, rules: RuleSet = RULES, **on: Any) -> Sequence[DueItem]:
    return report(evaluation([found], [found], rules=rules), people(), mode="all", **on).due


def aged(found: Facts, days: int) -> Facts:
    """Every document and result as old as that."""
    dated = {"completed": day(-days)}
    return replace(
        found,
        artifacts={id_: replace(it, **dated) for id_, it in found.artifacts.items()},
        tests={id_: replace(it, **dated) for id_, it in found.tests.items()},
    )


def _waived() -> Sequence[DueItem]:
    """One that ends today, one of a part, one that has ended, one of another system, one that is far ahead."""

    def waiver(days: int, system: str = "CASE-001", **fields: Any) -> dict[str, Any]:
        return {
            "system": system,
            "rule": "model-card",
            "reason": "The card is written next week.",
            "expires": day(days).isoformat(),
            "owner": "bo@example.com",
            "approver": "ada@example.com",
            "created": day(-5).isoformat(),
            "ticket": "https://example.com/1",
            **fields,
        }

    found = facts()
    said = [
        waiver(0, found.id),
        waiver(20, found.id, subject="model-card"),
        waiver(-1, found.id),
        waiver(20, "SYS-OTHER"),
        waiver(400, found.id),
    ]
    content = Waivers.model_validate({"schema": "policy-gate/waiver/v1", "waivers": said})
    context = blamed(evaluation([found], [found]), options(mode="all"))
    items = due_items(context, (), (), Document("governance/waivers.yaml", "0" * 40, content, {}))
    return [item for item in items if item.kind == "waiver"]


def _from_day(days: int) -> RuleSet:
    """The shipped rules, of which what wants the red team's report begins later."""
    return rules_with(
        "red-team-engagement", rules_with("pre-deployment-security-review", effective=day(days)), effective=day(days)
    )


CASES: dict[str, Callable[[], Sequence[DueItem]]] = {
    "live, with everything ten months old": lambda: of(aged(facts(stage="production", vendors=[VENDOR]), 305)),
    "live, with everything two years old": lambda: of(aged(facts(stage="production"), 730)),
    "critical, live, four months old": lambda: of(aged(facts("critical", "production"), 120)),
    "development, nothing there": lambda: of(with_entry(facts(stage="development", all_met=False), enrolled=day(-10))),
    "raised ten days ago": lambda: of(
        with_entry(facts(stage="production", all_met=False), enrolled=day(-900), reclassified=day(-10))
    ),
    "deprecated": lambda: of(aged(facts(stage="deprecated", vendors=[{**VENDOR, "announced": [LATER]}]), 305)),
    "decommissioned": lambda: of(aged(facts(stage="decommissioned", vendors=[{**VENDOR, "announced": [LATER]}]), 305)),
    "a vendor with other terms ahead": lambda: of(
        facts(stage="production", vendors=[{**VENDOR, "announced": [LATER]}])
    ),
    "rules that begin": lambda: of(facts(artifacts={"red-team-report": "absent"}), _from_day(30)),
    "law that begins": lambda: of(facts(facts={"eu_market": True, "annex_iii_points": ["4-a"]})),
    "waivers": _waived,
}


@pytest.mark.parametrize("case", CASES)
def test_the_whole_calendar(case: str) -> None:
    held_against(GOLDEN, case, [line(item) for item in CASES[case]()])


def test_every_item_is_within_the_window_and_in_order() -> None:
    assert RULES.calendar is not None
    last: date = RULES.calendar.window.after(day(0))
    for case in CASES.values():
        days = [item.day for item in case()]
        assert days == sorted(days)
        assert all(it <= last for it in days)
