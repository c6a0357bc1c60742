"""T57: an exemption lifts a class only where somebody agreed, and what is deprecated still runs."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Scratch
from world import days_ago, high_system


def _stated(repo: Scratch, before: dict[str, Any], after: dict[str, Any]) -> Scratch:
    repo.adopt(high_system("development", facts=before))
    repo.branch()
    repo.edit(facts=after)
    repo.commit("Say more")
    return repo


EXEMPT = {"annex_iii_exemption": "a", "profiles_persons": False}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"eu_market": True}, {"annex_iii_points": ["5-b"], **EXEMPT}),
        ({}, {"eu_market": True, "annex_iii_points": ["4-a"], **EXEMPT}),
        ({"eu_market": True, "profiles_persons": False}, {"annex_iii_points": ["1-a"], "annex_iii_exemption": "d"}),
        ({"annex_iii_points": ["4-a"], "profiles_persons": False}, {"annex_iii_exemption": "b"}),
    ],
    ids=["with the points", "with everything", "profiles known", "points known"],
)
def test_t57_an_exemption_first_stated_is_a_weakening(
    scratch: Scratch, before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = _stated(scratch, before, after).check()
    flipped = [item for item in found.system()["changes"] if item["kind"] == "fact-flipped"]
    assert "annex_iii_exemption" in {item["field"] for item in flipped}, found
    assert found.blocking(), found
    assert {item["for"] for item in found.findings("gap") if item.get("for")} & {"weakening", "law-class-drop"}


@pytest.mark.parametrize(
    "after", [{"annex_iii_points": ["4-a"]}, {"annex_iii_exemption": "none"}, {"org_size": "large"}]
)
def test_t57_control_telling_more_of_the_truth_asks_nobody(scratch: Scratch, after: dict[str, Any]) -> None:
    found = _stated(scratch, {"eu_market": True}, after).check()
    assert found.code == 0, found
    assert "fact-flipped" not in found.changes()


RETIREMENT = "deprecation"


def test_t57_a_retirement_asks_for_its_approvals_at_once_and_is_not_held_up(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(900)))
    scratch.branch()
    scratch.declare(high_system("deprecated", stage_since=days_ago(900)))
    scratch.commit("Retire")
    found = scratch.check()
    (asked,) = (item for item in found.findings() if item.get("for") == RETIREMENT)
    assert (found.code, found.verdict) == (0, "conditions"), found
    assert (asked["state"], asked["for"], bool(asked["subject_digest"])) == ("gap", RETIREMENT, True)
    assert found.finding("annual-performance-report")["blame"] == "overdue", "its code still runs"
    scratch.approve("product-owner", RETIREMENT)
    assert [item["state"] for item in scratch.check().findings() if item.get("for") == RETIREMENT] == ["met"]
    scratch.merge()
    assert scratch.check("--all").finding("annual-performance-report")["blame"] == "overdue"


def test_t57_control_what_is_decommissioned_owes_no_review(scratch: Scratch) -> None:
    scratch.adopt(high_system("decommissioned", stage_since=days_ago(900)))
    found = scratch.check("--all")
    assert not [item for item in found.findings() if item["requirement"]["subject"] == "annual-performance-report"]
