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


IN_THE_UNION = {"eu_market": True, "role": ["provider", "deployer"], "annex_iii_points": ["4-a"]}
LEGACY = {"placed_on_market_date": "2024-01-01", "significant_design_change_date": "none"}


@pytest.mark.parametrize(
    ("duty", "claim", "paper"),
    [
        ({"generates_synthetic_content": ["image"]}, {"exempt_50_2": True}, "marking-exemption-assessment"),
        ({"interacts_with_persons": True}, {"obvious_ai": True}, None),
        ({"public_interest_text": True}, {"editorial_control": True}, None),
        ({}, {"annex_iii_exemption": "a", "profiles_persons": False}, "annex-iii-exemption-assessment"),
        ({}, LEGACY, None),
    ],
    ids=["marking", "obvious", "editorial", "annex iii", "legacy"],
)
@pytest.mark.parametrize("together", [False, True], ids=["after its duty", "with its duty"])
def test_t57_an_exemption_wants_somebody_to_agree_and_its_assessment(
    scratch: Scratch, duty: dict[str, Any], claim: dict[str, Any], paper: str | None, together: bool
) -> None:
    before = IN_THE_UNION | ({} if together else duty)
    found = _stated(scratch, before, {**duty, **claim}).check()
    flipped = {item["field"] for item in found.system()["changes"] if item["kind"] == "fact-flipped"}
    assert flipped == set(claim), found
    assert {item["for"] for item in found.findings("gap") if item.get("for")} & {"weakening", "law-class-drop"}, found
    wanted = [
        it["requirement"]["subject"] for it in found.findings("gap") if "exemption-assessment" in str(it["because"])
    ]
    assert f"artifact:{paper}" in found.blocking() if paper else wanted == []


def test_t57_control_an_exemption_that_is_assessed_and_agreed_to_merges(scratch: Scratch) -> None:
    duty = {**IN_THE_UNION, "generates_synthetic_content": ["image"]}
    _stated(scratch, duty, {"exempt_50_2": True})
    paper = {
        "id": "marking-exemption-assessment",
        "path": "docs/no-mark.md",
        "status": "final",
        "completed": days_ago(1),
    }
    scratch.edit(artifacts=[*scratch.entry().get("artifacts", []), paper])
    words = (
        "The tool sharpens photographs that people took with their own cameras. It changes neither what they show nor"
        " what they mean: edges become clearer, noise goes away, and nothing is added to a scene. We looked at two"
        " hundred pairs of pictures before and after, and no reviewer found another object, face, word or place in"
        " them. Whoever uses it decides on each picture and sees both side by side."
    )
    scratch.commit("Say why no mark is owed", files={"docs/no-mark.md": f"# Marking exemption assessment\n\n{words}\n"})
    assert scratch.check().blocking() == ["approval:ai-safety-lead"]
    scratch.approve("ai-safety-lead", "weakening")
    assert scratch.check().code == 0


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
