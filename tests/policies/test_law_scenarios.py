"""The scenarios that the law packs were written for: which rows apply to a system on a day, will, and do not.

Eight systems by their facts, as the facts sheet of the packs states them (state of knowledge: 22 November 2026).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from law_world import (
    CHATBOT,
    FRAUD_DETECTOR,
    IMAGE_GENERATOR,
    LARGE_MODEL,
    LENDER,
    MEDICAL_DEVICE,
    SCREENER,
    SMALL_MODEL,
    STRESS_DETECTOR,
    by_state,
    reading,
    results,
)

TODAY = date(2026, 11, 22)

HIGH_RISK_OF_PROVIDERS = {f"eu-ai-act/art-{n}" for n in (8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)}
SCREEN = {f"eu-ai-act/art-5-1-{letter}" for letter in "abcdefgh"}


def test_s1_resume_screener() -> None:
    now = by_state(SCREENER, TODAY)
    wanted = {"eu-ai-act/art-4", *SCREEN, "gdpr/art-5", "gdpr/art-6", "gdpr/art-35"}
    wanted |= {"us-fed-title-vii/703", "us-fed-ada/12112", "us-fed-ugesp/1607-4-d", "us-il-hb3773/2-102-l"}
    wanted |= {f"us-nyc-ll144/20-871-{part}" for part in ("a-1", "a-2", "b")}
    assert wanted <= now["enforceable"]
    to_come = {*HIGH_RISK_OF_PROVIDERS, "eu-ai-act/art-6-2"}
    to_come |= {f"eu-ai-act/art-{part}" for part in ("26-1", "26-5", "26-6", "26-7", "26-9", "26-11", "43", "47", "48")}
    to_come |= {f"eu-ai-act/art-{part}" for part in ("49-1", "72", "73", "86")}
    assert to_come <= now["upcoming"]
    assert {results(SCREENER, TODAY)[id_].applies_from for id_ in to_come} == {date(2027, 12, 2)}
    assert "gdpr/art-22" in now["not-applicable"]
    assert "eu-ai-act/art-27" in now["not-applicable"], "a private employer owes no such assessment"
    assert to_come <= by_state(SCREENER, date(2027, 12, 2))["enforceable"]
    assert to_come <= by_state(SCREENER, date(2027, 12, 1))["upcoming"]


@pytest.mark.parametrize("exemption", ["a", "b", "c", "d"])
def test_s1_profiling_defeats_a_claimed_exemption(exemption: str) -> None:
    claimed = {**SCREENER, "annex_iii_exemption": exemption}
    assert by_state(claimed, TODAY)["upcoming"] >= HIGH_RISK_OF_PROVIDERS
    assert "eu-ai-act/art-6-3" in by_state(claimed, TODAY)["not-applicable"]
    honest = {**claimed, "profiles_persons": False}
    found = by_state({**honest, "annex_i_section": "none"}, TODAY)
    assert found["not-applicable"] >= HIGH_RISK_OF_PROVIDERS, "the control: a claim that holds"
    assert "eu-ai-act/art-6-3" in found["upcoming"], "and wants its assessment"


def test_s2_support_chatbot_on_the_model_of_another() -> None:
    now = by_state(CHATBOT, TODAY)
    assert {"eu-ai-act/art-4", "eu-ai-act/art-50-1", "gdpr/art-5", *SCREEN} <= now["enforceable"]
    assert "eu-ai-act/art-50-2" in now["upcoming"]
    assert results(CHATBOT, TODAY)["eu-ai-act/art-50-2"].applies_from == date(2026, 12, 2)
    assert "eu-ai-act/art-50-2" in by_state(CHATBOT, date(2026, 12, 2))["enforceable"]
    assert "eu-ai-act/art-50-2" in by_state(CHATBOT, date(2026, 12, 1))["upcoming"]
    assert {"eu-ai-act/art-53-1-ab", "eu-ai-act/art-53-1-cd"} <= now["not-applicable"]


def test_s3_image_generator_without_grace() -> None:
    now = results(IMAGE_GENERATOR, TODAY)
    assert now["eu-ai-act/art-50-2"].state == "enforceable"
    for letter in ("ba", "bb"):
        row = now[f"eu-ai-act/art-5-1-{letter}"]
        assert (row.state, row.applies_from) == ("upcoming", date(2026, 12, 2))
        assert "genai-content-safety-safeguards" in [wanted.subject for wanted in row.row.evidence]
    then = results(IMAGE_GENERATOR, date(2026, 12, 2))
    assert then["eu-ai-act/art-5-1-ba"].state == "unknown", "nobody said whether there are safeguards"
    assert then["eu-ai-act/art-5-1-ba"].missing_facts == ("safeguards_ncii",)
    without = results({**IMAGE_GENERATOR, "safeguards_ncii": False}, date(2026, 12, 2))
    assert without["eu-ai-act/art-5-1-ba"].practised


def test_s4_credit_score_and_fraud_detector() -> None:
    score = results(LENDER, TODAY)
    assert (score["eu-ai-act/art-27"].state, score["eu-ai-act/art-27"].applies_from) == ("upcoming", date(2027, 12, 2))
    assert {score["gdpr/art-22"].state, score["gdpr/art-35"].state} == {"enforceable"}
    fraud = results(FRAUD_DETECTOR, date(2027, 12, 2))
    assert fraud["eu-ai-act/art-27"].state == "not-applicable"
    assert results(LENDER, date(2027, 12, 2))["eu-ai-act/art-27"].state == "enforceable"


GPAI = {f"eu-ai-act/art-{part}" for part in ("51", "52", "53-1-ab", "53-1-cd", "55")}


def test_s5_open_weights_with_systemic_risk() -> None:
    assert by_state(LARGE_MODEL, TODAY)["enforceable"] >= GPAI


def test_s6_open_source_below_the_line() -> None:
    now = by_state(SMALL_MODEL, TODAY)
    assert now["enforceable"] & GPAI == {"eu-ai-act/art-53-1-cd"}
    assert now["not-applicable"] >= GPAI - {"eu-ai-act/art-53-1-cd"}


def test_s7_medical_device() -> None:
    now = results(MEDICAL_DEVICE, TODAY)
    high = {*HIGH_RISK_OF_PROVIDERS, "eu-ai-act/art-6-1"}
    assert {(now[id_].state, now[id_].applies_from) for id_ in high} == {("upcoming", date(2028, 8, 2))}
    assert not high & by_state(MEDICAL_DEVICE, date(2027, 12, 2))["enforceable"]
    assert high <= by_state(MEDICAL_DEVICE, date(2028, 8, 2))["enforceable"]
    assert high <= by_state(MEDICAL_DEVICE, date(2028, 8, 1))["upcoming"]


@pytest.mark.parametrize(
    "told",
    [
        {"art5_practices": ["f"]},
        STRESS_DETECTOR,
    ],
    ids=["by the screen", "by its facts"],
)
def test_s8_stress_of_employees(told: dict[str, Any]) -> None:
    row = results({"eu_market": True, **told}, TODAY)["eu-ai-act/art-5-1-f"]
    assert (row.state, row.practised) == ("enforceable", True)
    safe = {"eu_market": True, "art5_practices": [], "emotion_recognition": True, "workplace_use": True}
    assert not results(safe, TODAY)["eu-ai-act/art-5-1-f"].practised


@pytest.mark.parametrize(
    ("row", "facts", "first"),
    [
        ("eu-ai-act/art-4", {"eu_market": True, "role": ["deployer"]}, date(2025, 2, 2)),
        ("eu-ai-act/art-5-1-a", {"eu_market": True, "art5_practices": []}, date(2025, 2, 2)),
        ("eu-ai-act/art-50-1", {"eu_market": True, "role": ["provider"], "interacts_with_persons": True},
         date(2026, 8, 2)),
        ("eu-ai-act/art-53-1-cd", {"gpai_provider": True}, date(2025, 8, 2)),
        ("eu-ai-act/art-53-1-cd", {"gpai_provider": True, "placed_on_market_date": "2025-08-01"}, date(2027, 8, 2)),
        ("us-co-sb26-189/1704", {"us_states": ["CO"], "covered_admt": True, "role": ["deployer"]}, date(2027, 1, 1)),
        ("us-ca-ccpa/7220", {"us_states": ["CA"], "covered_admt": True, "ccpa_business": True,
                             "decision_domain": ["credit"]},
         date(2027, 1, 1)),
        ("us-ca-ccpa/7150", {"us_states": ["CA"], "ccpa_business": True, "sensitive_pi": True}, date(2026, 1, 1)),
        ("us-ca-ccpa/7150", {"us_states": ["CA"], "ccpa_business": True, "sensitive_pi": True,
                             "processing_begun_date": "2025-12-31"}, date(2027, 12, 31)),
        ("us-ca-ccpa/7120", {"ccpa_business": True, "cyber_audit_threshold": True, "annual_revenue_usd": 100.1e6},
         date(2028, 4, 1)),
        ("us-ca-ccpa/7120", {"ccpa_business": True, "cyber_audit_threshold": True, "annual_revenue_usd": 100e6},
         date(2029, 4, 1)),
        ("us-ca-ccpa/7120", {"ccpa_business": True, "cyber_audit_threshold": True, "annual_revenue_usd": 49.9e6},
         date(2030, 4, 1)),
        ("gdpr/art-5", {"processes_personal_data": True, "eu_residents": True}, date(2018, 5, 25)),
    ],
)  # fmt: skip
def test_a_row_applies_from_its_day_and_not_the_day_before(row: str, facts: dict[str, Any], first: date) -> None:
    assert results(facts, first)[row].state == "enforceable"
    assert results(facts, date.fromordinal(first.toordinal() - 1))[row].state == "upcoming"


@pytest.mark.parametrize(
    ("flops", "state"), [(1e25, "not-applicable"), (1.0000001e25, "enforceable"), (9.99e24, "not-applicable")]
)
def test_systemic_risk_begins_strictly_above_1e25(flops: float, state: str) -> None:
    model = {"gpai_provider": True, "training_compute_flops": flops, "commission_designated": False}
    assert results(model, TODAY)["eu-ai-act/art-55"].state == state


@pytest.mark.parametrize(("assets", "state"), [(30e9, "not-applicable"), (30.1e9, "enforceable")])
def test_bank_guidance_is_for_banks_above_30_billion(assets: float, state: str) -> None:
    bank = {"us_bank": True, "bank_assets_usd": assets, "generative_ai": False, "agentic_ai": False}
    assert results(bank, TODAY)["us-fed-sr-26-2/all"].state == state


@pytest.mark.parametrize(("employees", "state"), [(249, "not-applicable"), (250, "enforceable")])
def test_records_of_processing_are_kept_from_250_employees_on(employees: int, state: str) -> None:
    small = {
        "processes_personal_data": True, "eu_residents": True, "org_employees": employees,
        "occasional_processing": True, "special_category_data": False, "risk_to_individuals": "none",
    }  # fmt: skip
    assert results(small, TODAY)["gdpr/art-30"].state == state


def test_legacy_systems_are_left_alone_where_their_dates_are_stated() -> None:
    old = {**SCREENER, "placed_on_market_date": "2027-12-01", "significant_design_change_date": "none"}
    day = date(2028, 1, 1)
    assert results(old, day)["eu-ai-act/art-9"].state == "not-applicable"
    changed = {**old, "significant_design_change_date": "2027-12-02"}
    assert results(changed, day)["eu-ai-act/art-9"].state == "enforceable"
    unsaid = {name: value for name, value in old.items() if name != "significant_design_change_date"}
    assert results(unsaid, day)["eu-ai-act/art-9"].state == "unknown"
    assert results({**old, "placed_on_market_date": "2027-12-02"}, day)["eu-ai-act/art-9"].state == "enforceable"
    public = {**old, "org_type": ["public-body"]}
    assert results(public, date(2030, 8, 1))["eu-ai-act/art-9"].state == "upcoming"
    assert results(public, date(2030, 8, 2))["eu-ai-act/art-9"].state == "enforceable"


def test_replaced_rows_say_what_replaced_them_and_ask_nothing() -> None:
    found = results(SCREENER, TODAY)
    for row, successor in (("us-co-sb24-205/all", "us-co-sb26-189"), ("us-fed-sr-11-7/all", "us-sr-26-2")):
        assert (found[row].state, found[row].row.superseded_by, found[row].row.evidence) == (
            "superseded",
            successor,
            (),
        )


def test_what_is_not_applicable_says_the_fact_that_decided_it() -> None:
    told = {result.row.id: result.because for result in reading(SCREENER, TODAY)}
    assert told["gdpr/art-22"] == "solely_automated is false"
    assert told["us-co-sb26-189/1704"] == "us_states is [IL, NY]"
    assert told["eu-ai-act/art-27"].startswith("org_type is") or "annex_iii_points is [4-a]" in told["eu-ai-act/art-27"]
