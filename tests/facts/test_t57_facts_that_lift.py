"""T57: a fact that takes a system out of a class is a weakening, whichever other facts come along with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.app.judge import evaluate_change
from policy_gate.schema.dates import end_of_day

DAY = end_of_day(date(2026, 11, 22))

LISTED = {"eu_market": True, "annex_iii_points": ["4-a"]}
EXEMPT = {"annex_iii_exemption": "a", "profiles_persons": False}


def kinds(before: dict[str, Any], after: dict[str, Any], **fields: Any) -> dict[str, str]:
    """The kind of change of each fact between two entries that state these."""
    base, result = (snapshot(entry(facts=facts, **fields)) for facts in (before, after))
    found = evaluate_change(base, result, policy(), DAY).changes
    return {change.field: change.kind for change in found if change.kind.startswith("fact-")}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        # stated for the first time: what lifts the class is a weakening, alone or with what it needs for it
        ({**LISTED, "profiles_persons": False}, {"annex_iii_exemption": "a"}, {"annex_iii_exemption": "fact-flipped"}),
        (LISTED, EXEMPT, {"annex_iii_exemption": "fact-flipped", "profiles_persons": "fact-flipped"}),
        ({**LISTED, "profiles_persons": True}, {"annex_iii_exemption": "a"}, {"annex_iii_exemption": "fact-answered"}),
        ({**LISTED, "profiles_persons": False}, {"annex_iii_exemption": "none"}, {"annex_iii_exemption": "fact-added"}),
        ({"profiles_persons": False}, {"annex_iii_exemption": "a"}, {"annex_iii_exemption": "fact-answered"}),
        ({"annex_iii_points": ["4-a"], "profiles_persons": False}, {"annex_iii_exemption": "a", "eu_market": False},
         {"annex_iii_exemption": "fact-flipped", "eu_market": "fact-answered"}),
        ({"annex_iii_points": ["4-a"], "profiles_persons": False, "eu_market": False}, {"annex_iii_exemption": "a"},
         {"annex_iii_exemption": "fact-answered"}),
        # stated before, too: another answer is told by what it changes from
        ({**LISTED, **EXEMPT}, {"annex_iii_exemption": "b"}, {"annex_iii_exemption": "fact-changed"}),
        ({**LISTED, **EXEMPT}, {"annex_iii_exemption": "none"}, {"annex_iii_exemption": "fact-changed"}),
        ({**LISTED, "profiles_persons": False, "annex_iii_exemption": "none"}, {"annex_iii_exemption": "a"},
         {"annex_iii_exemption": "fact-changed"}),
        ({**LISTED, **EXEMPT}, {"profiles_persons": True}, {"profiles_persons": "fact-raised"}),
        ({**LISTED, "annex_iii_exemption": "a", "profiles_persons": True}, {"profiles_persons": False},
         {"profiles_persons": "fact-flipped"}),
        (LISTED, {"annex_iii_points": ["4-a", "1-a"]}, {"annex_iii_points": "fact-raised"}),
        (LISTED, {"annex_iii_points": ["1-a"]}, {"annex_iii_points": "fact-changed"}),
        (LISTED, {"eu_market": False}, {"eu_market": "fact-flipped"}),
        # what only raises, and what bears on no class
        ({}, LISTED, {"eu_market": "fact-added", "annex_iii_points": "fact-added"}),
        ({}, {"org_size": "large"}, {"org_size": "fact-added"}),
        ({"org_size": "large"}, {"org_size": "sme"}, {"org_size": "fact-changed"}),
        (LISTED, {}, {}),
    ],
)  # fmt: skip
def test_t57_the_kind_of_each_fact(before: dict[str, Any], after: dict[str, Any], found: dict[str, str]) -> None:
    assert kinds(before, {**before, **after}) == found


IN_THE_UNION = {"eu_market": True, "role": ["provider", "deployer"]}
DRAWS, TALKS = {"generates_synthetic_content": ["image"]}, {"interacts_with_persons": True}
LEGACY = {"placed_on_market_date": "2024-01-01", "significant_design_change_date": "none"}
MODEL = {"gpai_provider": True, "training_compute_flops": 5e23, "commission_designated": False}
RECORDS = {"processes_personal_data": True, "eu_residents": True}


@pytest.mark.parametrize(
    ("duty", "claim", "weakened"),
    [
        (DRAWS, {"exempt_50_2": True}, {"exempt_50_2"}),
        (TALKS, {"obvious_ai": True}, {"obvious_ai"}),
        ({"public_interest_text": True}, {"editorial_control": True}, {"editorial_control"}),
        (MODEL, {"gpai_open_source": True}, {"gpai_open_source"}),
        (LISTED, {"annex_iii_exemption": "a", "profiles_persons": False}, {"annex_iii_exemption", "profiles_persons"}),
        (LISTED, LEGACY, set(LEGACY)),
        (DRAWS, {"placed_on_market_date": "2026-08-01"}, {"placed_on_market_date"}),
        ({"us_states": ["CA"], "ccpa_business": True, "sensitive_pi": True}, {"processing_begun_date": "2025-12-31"},
         {"processing_begun_date"}),
        # two at once, each of which would do
        (LISTED, {**LEGACY, "annex_iii_exemption": "a", "profiles_persons": False},
         {*LEGACY, "annex_iii_exemption", "profiles_persons"}),
        ({**TALKS, **DRAWS}, {"obvious_ai": True, "exempt_50_2": True}, {"obvious_ai", "exempt_50_2"}),
    ],
    ids=["marking", "obvious", "editorial", "open source", "annex iii", "legacy", "grace", "begun", "two of one",
         "one of each"],
)  # fmt: skip
def test_t57_what_a_row_of_law_no_longer_asks_is_a_weakening_whenever_the_exemption_is_stated(
    duty: dict[str, Any], claim: dict[str, Any], weakened: set[str]
) -> None:
    def flipped(before: dict[str, Any]) -> set[str]:
        found = kinds({**IN_THE_UNION, **before}, {**IN_THE_UNION, **duty, **claim})
        return {field for field, kind in found.items() if kind == "fact-flipped"}

    assert flipped(duty) == weakened, "after the duty"
    assert flipped({}) == weakened, "together with it"
    assert kinds({}, {**IN_THE_UNION, **duty}).keys() >= duty.keys()
    assert "fact-flipped" not in kinds({}, {**IN_THE_UNION, **duty}).values(), "control: the duty alone"


@pytest.mark.parametrize(
    ("before", "claim"),
    [
        ({}, {"interacts_with_persons": False, "obvious_ai": True}),
        (DRAWS, {"exempt_50_2": False}),
        (LISTED, {"placed_on_market_date": "2027-12-02", "significant_design_change_date": "none"}),
        ({**MODEL, "training_compute_flops": 3e25}, {"gpai_open_source": True}),
        ({**DRAWS, "role": ["deployer"]}, {"exempt_50_2": True}),
        (DRAWS, {"interacts_with_persons": False, "emotion_recognition": False, "gpai_provider": False}),
        (RECORDS, {"solely_automated": False, "special_category_data": False, "org_employees": 40}),
    ],
    ids=["no duty", "not claimed", "too late", "too large", "no provider", "other answers", "no relief"],
)
def test_t57_control_what_lifts_nothing_is_a_first_answer(before: dict[str, Any], claim: dict[str, Any]) -> None:
    was = {**IN_THE_UNION, **before}
    assert "fact-flipped" not in kinds(was, {**was, **claim}).values()


@pytest.mark.parametrize(
    ("claim", "asked"),
    [
        (LEGACY, set(LEGACY)),
        ({"placed_on_market_date": "2024-01-01"}, {"placed_on_market_date"}),
        ({"significant_design_change_date": "none"}, set()),
        ({"placed_on_market_date": "2028-08-02"}, set()),
        ({"annex_iii_exemption": "a"}, {"annex_iii_exemption"}),
        ({"annex_iii_exemption": "none"}, set()),
        ({"obvious_ai": True}, {"obvious_ai"}),
        ({"obvious_ai": False}, set()),
        ({"annex_iii_points": ["4-a"], "profiles_persons": True, "eu_market": True, "role": ["provider"]}, set()),
    ],
)
def test_t57_a_relief_that_comes_before_its_duty_is_read_by_somebody_as_a_first_answer(
    claim: dict[str, Any], asked: set[str]
) -> None:
    found = kinds({}, claim)
    assert {field for field, kind in found.items() if kind == "fact-answered"} == asked
    assert "fact-flipped" not in found.values()


def test_t57_the_second_half_of_a_grace_is_a_weakening_too() -> None:
    known = {**IN_THE_UNION, **LISTED, "placed_on_market_date": "2024-01-01"}
    assert kinds(known, {**known, **LEGACY}) == {"significant_design_change_date": "fact-flipped"}


def test_a_fact_that_goes_is_removed() -> None:
    assert kinds(LISTED, {"eu_market": True}) == {"annex_iii_points": "fact-removed"}
    assert kinds({**LISTED, **EXEMPT}, {**LISTED, "profiles_persons": False}) == {"annex_iii_exemption": "fact-removed"}
