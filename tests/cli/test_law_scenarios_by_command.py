"""The scenarios of the law packs as a user meets them: a manifest in a repository, `policy-gate law`, and `check`.

What each comes to in memory, with more days and facts, stands in `tests/policies/test_law_scenarios.py`.
"""

from __future__ import annotations

from functools import cache
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
)
from scratch import Result, Scratch
from world import days_ago, high_system, low_system, to_yaml

TODAY = "2026-11-22"
FACTS = {
    "S1": SCREENER,
    "S1-CLAIM": {**SCREENER, "annex_iii_exemption": "a"},
    "S2": CHATBOT,
    "S3": IMAGE_GENERATOR,
    "S4": LENDER,
    "S4-FRAUD": FRAUD_DETECTOR,
    "S5": LARGE_MODEL,
    "S6": SMALL_MODEL,
    "S7": MEDICAL_DEVICE,
    "S8": STRESS_DETECTOR,
}
SCREEN = {f"art-5-1-{letter}" for letter in "abcdefgh"}
OF_HIGH_RISK = {f"art-{number}" for number in (*range(8, 21), 43, 47, 48, 72, 73)}
"""what Chapter III and its like ask of the provider of any high-risk system"""


class Told:
    """What `policy-gate law` tells of the systems on a day."""

    def __init__(self, repo: Scratch) -> None:
        self.repo = repo

    @cache  # noqa: B019 - one object for the module
    def on(self, day: str) -> dict[str, dict[str, dict[str, Any]]]:
        found = self.repo.run("law", "--as-of", day, "--format", "json")
        assert found.code == 0, found
        assert found.report["as_of"] == day
        return {one["id"]: {row["id"]: row for row in one["rows"]} for one in found.report["systems"]}

    def rows(self, system: str, state: str, day: str = TODAY) -> dict[str, dict[str, Any]]:
        """The rows in a state, those of the EU AI Act by their unit alone."""
        rows = self.on(day)[system].values()
        return {row["id"].removeprefix("eu-ai-act/"): row for row in rows if row["state"] == state}

    def of_act(self, system: str, state: str, day: str = TODAY) -> set[str]:
        return {unit for unit in self.rows(system, state, day) if unit.startswith("art-")}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    repo = Scratch(tmp_path_factory.mktemp("scenarios"))
    systems = [
        high_system("production", id=id_, name=f"System {id_}", facts=facts, paths=[f"{id_.lower()}/**"])
        for id_, facts in FACTS.items()
    ]
    repo.declare_only(*systems)
    repo.commit("Declare the systems")
    return Told(repo)


def begins(rows: dict[str, dict[str, Any]]) -> set[str]:
    return {row["applies_from"] for row in rows.values()}


def test_s1_a_resume_screener_of_an_employer_in_the_union(told: Told) -> None:
    now = told.rows("S1", "enforceable")
    european = {"art-4", *SCREEN, *(f"gdpr/art-{number}" for number in (5, 6, 15, 25, 32, 33, 34, 35))}
    american = {"us-fed-title-vii/703", "us-fed-ada/12112", "us-fed-ugesp/1607-4-d", "us-il-hb3773/2-102-l"}
    city = {f"us-nyc-ll144/20-871-{part}" for part in ("a-1", "a-2", "b")}
    assert set(now) == european | american | city
    assert now["us-fed-ugesp/1607-4-d"]["binding"] == "guidance"
    to_come = told.rows("S1", "upcoming")
    of_deployers = {f"art-26-{part}" for part in (1, 5, 6, 7, 9, 11)}
    assert set(to_come) == {"art-6-2", *OF_HIGH_RISK, *of_deployers, "art-49-1", "art-86"}
    assert begins(to_come) == {"2027-12-02"}
    assert {row["days_left"] for row in to_come.values()} == {375}
    out = told.rows("S1", "not-applicable")
    assert out["gdpr/art-22"]["because"] == "solely_automated is false"
    assert out["art-27"]["because"] == "annex_iii_points is [4-a], org_type is [employer]", "a private employer"
    open_ = told.rows("S1", "unknown")
    assert open_["gdpr/art-9"]["missing_facts"] == ["special_category_data"]
    assert open_["art-50-1"]["missing_facts"] == ["interacts_with_persons"]
    assert set(told.rows("S1", "superseded")) == {"us-co-sb24-205/all", "us-fed-sr-11-7/all"}


@pytest.mark.parametrize(("day", "state"), [("2027-12-01", "upcoming"), ("2027-12-02", "enforceable")])
def test_s1_high_risk_begins_on_its_day(told: Told, day: str, state: str) -> None:
    assert told.of_act("S1", state, day) >= {"art-6-2", *OF_HIGH_RISK, "art-49-1", "art-86"}


def test_s1_an_exemption_is_rejected_where_people_are_profiled(told: Told) -> None:
    assert told.of_act("S1-CLAIM", "upcoming") >= {"art-6-2", *OF_HIGH_RISK}
    assert told.rows("S1-CLAIM", "not-applicable")["art-6-3"]["because"] == "profiles_persons is true"
    found = told.repo.check("--all")
    rejected = [it for it in found.findings() if it["requirement"]["subject"] == "exemption-defeated"]
    assert [(it["system"], it["state"]) for it in rejected] == [("S1-CLAIM", "gap")]
    assert rejected[0]["message"].startswith("annex_iii_exemption claims what profiles_persons rules out")


def test_s2_a_chatbot_on_the_model_of_another(told: Told) -> None:
    now = told.rows("S2", "enforceable")
    gdpr = {f"gdpr/art-{number}" for number in (5, 6, 15, 25, 32, 33, 34)}
    assert set(now) == {"art-4", *SCREEN, "art-50-1", *gdpr}
    to_come = told.rows("S2", "upcoming")
    assert {unit: row["applies_from"] for unit, row in to_come.items()} == {"art-50-2": "2026-12-02"}
    out = told.rows("S2", "not-applicable")
    for unit in ("art-51", "art-52", "art-53-1-ab", "art-53-1-cd", "art-55"):
        assert out[unit]["because"] == "gpai_provider is false", unit
    assert "art-50-2" in told.of_act("S2", "upcoming", "2026-12-01")
    assert "art-50-2" in told.of_act("S2", "enforceable", "2026-12-02")


def test_s3_an_image_generator_has_no_grace(told: Told) -> None:
    assert told.of_act("S3", "enforceable") == {"art-4", *SCREEN, "art-50-2"}
    to_come = told.rows("S3", "upcoming")
    assert set(to_come) == {"art-5-1-ba", "art-5-1-bb"}
    for row in to_come.values():
        assert row["applies_from"] == "2026-12-02"
        assert {"id": "genai-content-safety-safeguards", "state": "absent"} in row["evidence"]
    then = told.rows("S3", "unknown", "2026-12-02")
    assert then["art-5-1-ba"]["missing_facts"] == ["safeguards_ncii"], "whether there are safeguards is not guessed"
    assert then["art-5-1-bb"]["missing_facts"] == ["safeguards_csam"]


def test_s4_a_credit_score_and_a_fraud_detector(told: Told) -> None:
    assert {"gdpr/art-22", "gdpr/art-35"} <= set(told.rows("S4", "enforceable"))
    assessment = told.rows("S4", "upcoming")["art-27"]
    assert assessment["applies_from"] == "2027-12-02"
    assert [wanted["id"] for wanted in assessment["evidence"]] == ["fundamental-rights-impact-assessment"]
    assert "art-27" in told.of_act("S4", "enforceable", "2027-12-02")
    for day in (TODAY, "2027-12-02"):
        assert told.rows("S4-FRAUD", "not-applicable", day)["art-27"]["because"] == "annex_iii_points is []"


def test_s5_open_weights_waive_nothing_of_a_model_with_systemic_risk(told: Told) -> None:
    assert set(told.rows("S5", "enforceable")) == {"art-51", "art-52", "art-53-1-ab", "art-53-1-cd", "art-55"}
    assert told.rows("S5", "upcoming") == {}


def test_s6_a_small_open_model_owes_its_copyright_policy_alone(told: Told) -> None:
    assert set(told.rows("S6", "enforceable")) == {"art-53-1-cd"}
    assert told.rows("S6", "upcoming") == {}
    assert told.of_act("S6", "not-applicable") >= {"art-51", "art-52", "art-53-1-ab", "art-55"}


def test_s7_a_medical_device_has_until_the_date_of_products(told: Told) -> None:
    to_come = told.rows("S7", "upcoming")
    assert set(to_come) == {"art-6-1", *OF_HIGH_RISK}
    assert begins(to_come) == {"2028-08-02"}
    assert told.of_act("S7", "upcoming", "2027-12-02") == set(to_come), "none of them on the date of Annex III"
    assert told.of_act("S7", "upcoming", "2028-08-01") == set(to_come)
    assert set(to_come) <= told.of_act("S7", "enforceable", "2028-08-02")


def test_s8_the_stress_of_employees_is_a_prohibited_practice(told: Told) -> None:
    row = told.rows("S8", "enforceable")["art-5-1-f"]
    assert row["prohibited"]
    assert "PROHIBITED" in told.repo.run("law", "--system", "S8", "--as-of", TODAY).out
    others = [row for id_ in FACTS for row in told.on(TODAY)[id_].values() if row["prohibited"]]
    assert others == [row], "and no other system does anything of the kind"


def merged_with(scratch: Scratch, stage: str, *waivers: dict[str, str]) -> Result:
    """The check of a change that lets a system read the stress of employees, before a base with these waivers."""
    scratch.adopt(low_system(stage))
    scratch.commit(
        "Waivers",
        files={"governance/waivers.yaml": to_yaml({"schema": "policy-gate/waiver/v1", "waivers": list(waivers)})},
    )
    scratch.branch()
    scratch.edit("SYS-003", facts=STRESS_DETECTOR)
    scratch.commit("It reads the stress of employees")
    return scratch.check("--defer", "approval")


@pytest.mark.parametrize("stage", ["conception", "development", "pre_deployment", "production", "deprecated"])
def test_s8_it_blocks_at_every_stage(scratch: Scratch, stage: str) -> None:
    found = merged_with(scratch, stage)
    ban = found.finding("eu-ai-act/art-5-1-f")
    assert (found.code, ban["state"], ban["blocks"], ban["due"]) == (1, "gap", True, None), found


def test_s8_a_waiver_is_not_accepted(scratch: Scratch) -> None:
    wish = {
        "system": "SYS-003",
        "rule": "eu-ai-act/art-5-1-f",
        "subject": "eu-ai-act/art-5-1-f",
        "owner": "Pat Moss",
        "approver": "Rae Kim",
        "reason": "The call centre cannot do without it before the end of the year.",
        "created": days_ago(1),
        "expires": days_ago(-30),
    }
    found = merged_with(scratch, "development", wish)
    ban = found.finding("eu-ai-act/art-5-1-f")
    assert (found.code, ban["state"], ban["blocks"]) == (1, "gap", True), found
    refused = found.finding("waiver-refused")
    assert "eu-ai-act/art-5-1-f can never be waived" in refused["message"]
