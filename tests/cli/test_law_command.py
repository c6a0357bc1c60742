"""`policy-gate law`, `explain` of rows, and the law in a check, through the command line on real repositories."""

from __future__ import annotations

import json
from typing import Any

import pytest
from law_world import LENDER, SCREENER
from scratch import Result, Scratch
from world import days_ago, high_system, low_system

KEYS = {"id", "regulation", "state", "because", "applies_from", "missing_facts", "evidence", "citation", "checked_on"}
STATES = {"enforceable", "upcoming", "superseded", "not-applicable", "unknown"}
CHATBOT = {
    "eu_market": True,
    "role": ["deployer"],
    "art5_practices": [],
    "interacts_with_persons": True,
    "generates_synthetic_content": ["text"],
}


def rows_of(found: Result, system: str = "SYS-001") -> dict[str, Any]:
    return {row["id"]: row for one in found.report["systems"] if one["id"] == system for row in one["rows"]}


def test_law_as_json_holds_every_row_with_its_reasons(scratch: Scratch) -> None:
    scratch.adopt(high_system(facts=SCREENER), low_system())
    found = scratch.run("law", "--system", "SYS-001", "--as-of", "2026-11-22", "--format", "json")
    assert found.code == 0
    assert [one["id"] for one in found.report["systems"]] == ["SYS-001"]
    rows = rows_of(found)
    assert len(rows) == 218
    assert all(row.keys() >= KEYS and row["state"] in STATES for row in rows.values())
    assert rows["eu-ai-act/art-9"]["applies_from"] == "2027-12-02"
    assert rows["eu-ai-act/art-9"]["days_left"] == 375
    assert rows["gdpr/art-22"]["because"] == "solely_automated is false"
    assert {"id": "dpia", "state": "absent"} in rows["gdpr/art-35"]["evidence"]
    assert rows["us-ca-ccpa/7120"]["missing_facts"] == ["ccpa_business", "cyber_audit_threshold"]
    assert rows["us-co-sb24-205/all"]["state"] == "superseded"


def test_law_on_another_day_and_of_another_system(scratch: Scratch) -> None:
    scratch.adopt(high_system(facts=LENDER), low_system())
    then = scratch.run("law", "--system", "SYS-001", "--as-of", "2027-12-02", "--format", "json")
    assert rows_of(then)["eu-ai-act/art-27"]["state"] == "enforceable"
    nothing = scratch.run("law", "--system", "SYS-003", "--format", "json")
    states = {row["state"] for row in rows_of(nothing, "SYS-003").values()}
    assert states <= {"unknown", "superseded", "not-applicable"}, "nothing stated: nothing surely applies"
    assert scratch.run("law", "--system", "SYS-009").code == 2


@pytest.mark.parametrize("view", ["law", "classify"])
@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"regulatory_scope": ["EU_AI_Act_2024"]}, "unknown regulation (got EU_AI_Act_2024)"),
        ({"regulatory_scope": ["LGPD"]}, "unknown regulation (got LGPD)"),
        ({"facts": {"eu_market": True, "annex_iii_points": ["4a"]}}, "annex_iii_points"),
        ({"facts": {"eu_markt": True}}, "eu_markt"),
        ({"regulatory_scope": ["AI Act"], "facts": {"eu_market": True, "annex_iii_points": ["4-a"]}}, ""),
    ],
    ids=["a law with its year", "a law without a pack", "a value", "a fact", "control: all as it is known"],
)
def test_what_a_view_did_not_read_is_said_beside_its_answer(
    scratch: Scratch, view: str, entry: dict[str, Any], said: str
) -> None:
    scratch.adopt(low_system(**entry))
    found = scratch.run(view, "--format", "json")
    assert (found.code, [one["id"] for one in found.report["systems"]]) == (0, ["SYS-003"])
    lines = [line for line in found.err.splitlines() if line.startswith("governance.yaml:")]
    assert len(lines) == (1 if said else 0), found.err
    assert said in "".join(lines)
    assert "hint: " in found.err or not said


def test_no_text_of_law_calls_anything_compliant(scratch: Scratch) -> None:
    scratch.adopt(high_system(facts=SCREENER))
    said = scratch.run("law").out + scratch.run("check", "--all").out + scratch.run("explain", "eu-ai-act/art-14").out
    assert "compliant" not in said.lower()
    assert "not legal advice" in said
    text = " ".join(scratch.run("law", "--as-of", "2026-11-22").out.split())
    assert "eu-ai-act/art-9 from 2027-12-02, in 375 days" in text
    assert "eu-ai-act/art-47 from 2027-12-02, in 375 days, by the letter since 2026-08-02" in text
    assert "because solely_automated" not in text, "what does not apply is counted"


def test_explain_says_of_a_row_what_for_whom_when_and_from_where(scratch: Scratch) -> None:
    told = " ".join(scratch.run("explain", "eu-ai-act/art-14").out.split())
    for said in ("human oversight", "provider", "2027-12-02", "human-oversight-procedure", "AIA-1", "2026-11-22"):
        assert said in told
    assert scratch.run("explain", "law:gdpr/art-33").code == 0
    assert "eu-ai-act/art-9" in scratch.run("explain", "law.high_risk").out
    assert "law gdpr/art-35" in scratch.run("explain", "dpia").out


def test_facts_that_lack_are_one_piece_of_advice_that_stops_nobody(scratch: Scratch) -> None:
    scratch.adopt(low_system(), low_system(id="SYS-004", paths=["other/**"]))
    scratch.branch()
    scratch.edit("SYS-003", facts={"eu_market": True})
    scratch.commit("It is used in the Union")
    found = scratch.check()
    assert found.code == 0, found
    (asked,) = [one for one in found.findings(system="SYS-003") if one["requirement"]["subject"] == "law-facts-missing"]
    assert (asked["state"], asked["enforcement"]) == ("unknown", "advise")
    assert "role" in asked["fix"]
    told = {law["regulation"]: law for law in found.system("SYS-003")["law"]}
    assert all(not law["evidence_complete"] for law in told.values())


def test_a_production_system_that_was_there_owes_its_gaps_as_debt(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", facts=CHATBOT, stage_since=days_ago(20)))
    scratch.branch()
    scratch.commit("A line of code", files={"summarizer/new.py": "x = 1\n"})
    found = scratch.check()
    assert found.code == 0, found
    gap = found.finding("ai-literacy-record")
    assert (gap["state"], gap["blame"]) == ("gap", "inherited")
    assert gap["due"] > days_ago(0)
    assert {(reason["kind"], reason["rule"]) for reason in gap["because"]} == {("law", "eu-ai-act/art-4")}
    night = scratch.check("--all")
    assert night.code == 0, "debt with a date does not stop the night's check"


def test_going_live_in_the_union_wants_the_evidence(scratch: Scratch) -> None:
    scratch.adopt(low_system("pre_deployment", facts=CHATBOT))
    before = scratch.check("--all")
    assert before.finding("ai-literacy-record")["state"] == "upcoming"
    assert "production-deployment" not in [gate["id"] for gate in before.system("SYS-003")["gates"]]
    scratch.branch()
    scratch.edit("SYS-003", stage="production")
    scratch.commit("It goes live")
    found = scratch.check()
    assert found.code == 1, found
    gap = found.finding("ai-literacy-record")
    assert (gap["state"], gap["enforcement"], gap["blame"]) == ("gap", "block", "introduced")
    screen = found.finding("prohibited-practices-screening")
    assert len(screen["because"]) == 8, "eight rows want one document"


def test_a_prohibited_practice_blocks_at_every_stage_whoever_waives(scratch: Scratch) -> None:
    scratch.adopt(low_system("conception"))
    scratch.branch()
    stress = {"eu_market": True, "emotion_recognition": True, "workplace_use": True, "medical_or_safety_purpose": False}
    scratch.edit("SYS-003", facts=stress)
    scratch.commit("It reads the stress of employees")
    found = scratch.check()
    assert found.code == 1, found
    ban = found.finding("eu-ai-act/art-5-1-f")
    assert (ban["state"], ban["enforcement"]) == ("gap", "block")
    waived = scratch.run(
        "waive",
        "--system",
        "SYS-003",
        "--rule",
        "eu-ai-act/art-5-1-f",
        "--reason",
        "Please",
        "--expires",
        days_ago(-30),
    )
    assert (waived.code, "eu-ai-act/art-5-1-f can never be waived" in waived.err) == (2, True), waived


def test_evidence_that_a_row_of_law_wants_can_be_waived_for_a_while_and_is_not_complete_then(scratch: Scratch) -> None:
    scratch.adopt(low_system("pre_deployment", facts=CHATBOT))
    people = ("--owner", "Pat Moss", "--approver", "Rae Kim")
    asked = ("waive", "--system", "SYS-003", *people, "--expires", "P30D", "--yes")
    reason = ("--reason", "The course is held in the first week of next month.")
    near = scratch.run(*asked, *reason, "--rule", "eu-ai-act/art-35b")
    assert (near.code, "did you mean" in near.err) == (2, True), near
    done = scratch.run(*asked, *reason, "--rule", "eu-ai-act/art-4")
    assert done.code == 0, done
    scratch.commit("More time for the course", by="Rae Kim")
    scratch.branch()
    scratch.edit("SYS-003", stage="production")
    scratch.commit("It goes live")
    found = scratch.check()
    paper = found.finding("ai-literacy-record")
    assert (paper["state"], paper["blocks"]) == ("waived", False)
    assert "first week of next month" in paper["waiver"]
    assert found.finding("prohibited-practices-screening")["state"] == "gap"
    (act,) = [law for law in found.system("SYS-003")["law"] if law["regulation"] == "eu-ai-act"]
    assert not act["evidence_complete"]


def test_a_law_of_which_no_row_can_be_told_is_not_called_unevaluated(scratch: Scratch) -> None:
    scratch.adopt(low_system(regulatory_scope=["GDPR"]))
    assert "facts are missing" in scratch.run("check", "--all", "--format", "html").out
    assert "gdpr: evidence incomplete" in scratch.run("check", "--all", "--format", "oscal").out


def test_every_format_tells_of_law(scratch: Scratch) -> None:
    scratch.adopt(low_system("pre_deployment", facts=CHATBOT))
    scratch.branch()
    scratch.edit("SYS-003", stage="production")
    scratch.commit("It goes live")
    names = ("json", "markdown", "sarif", "junit", "codequality", "html", "oscal")
    done = scratch.run("check", *(f"--format={name}=out.{name}" for name in names))
    assert done.code == 1, done
    for name in names:
        assert "ai-literacy-record" in scratch.read(f"out.{name}"), name
    sarif = json.loads(scratch.read("out.sarif"))
    rules = {rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]}
    assert "artifact:ai-literacy-record" in rules


def test_an_interview_asks_only_what_answers_need_and_shows_the_lines(scratch: Scratch) -> None:
    scratch.adopt(low_system(facts={"eu_market": False}, regulatory_scope=["GDPR"]))
    done = scratch.run("classify", "--system", "SYS-003", "--interview", "--format", "json", stdin="?\nno\n.\n")
    assert done.code == 0, done
    assert done.report["systems"][0]["id"] == "SYS-003", "the questions are not in the answer"
    assert "processes_personal_data: false" in done.err
    assert "It decides" in done.err
    whole = scratch.run("classify", "--interview", stdin="no\n" * 40)
    assert "controller_or_processor_in_eu:" not in whole.err, "without personal data nobody need say"
    assert "annex_iii_points:" not in whole.err, "outside the market neither"


def test_an_empty_answer_is_no_no(scratch: Scratch) -> None:
    scratch.adopt(low_system(facts={"eu_market": True}))
    done = scratch.run("classify", "--interview", stdin="\n" * 80)
    assert done.code == 0, done
    assert "Nothing was answered" in done.err
    assert "false" not in done.err
