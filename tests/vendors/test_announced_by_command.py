"""Terms that a vendor announced, through the command: told before their day, judged from it on."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Result, Scratch
from world import days_ago, medium_system

TERMS = "https://acme.example/terms"
GOOD: dict[str, Any] = {
    "id": "acme",
    "vendor_name": "Acme",
    "access_type": "api",
    "data_classes": ["personal"],
    "soc2_type2_certified": False,
    "penetration_tested": True,
    "data_retention_days": 30,
    "opt_out_of_training": False,
    "sla_uptime_percentage": 99.9,
    "has_fallback_provider": True,
    "has_dpa": True,
    "audit_rights": True,
    "assessed_on": days_ago(30),
}


def term(value: Any = 90, day: str = "2027-01-01", field: str = "data_retention_days") -> dict[str, Any]:
    return {"field": field, "value": value, "from": day, "source": TERMS}


def supplied(repo: Scratch, *announced: dict[str, Any], **fields: Any) -> None:
    repo.adopt(medium_system("production", id="SYS-001"))
    describe(repo, *announced, **fields)
    repo.edit(vendors=["acme"])
    repo.commit("With a vendor", by="Rae Kim")
    repo.branch()


def describe(repo: Scratch, *announced: dict[str, Any], **fields: Any) -> None:
    vendor = {name: value for name, value in {**GOOD, **fields}.items() if value is not None}
    repo.rewrite(lambda data: data | {"vendors": [{**vendor, **({"announced": list(announced)} if announced else {})}]})


def assessed(repo: Scratch, day: str) -> Any:
    (found,) = repo.run("vendor", "assess", "acme", "--as-of", day, "--format", "json").report["vendors"]
    return found


def test_assess_tells_what_will_change_and_goes_by_it_from_the_day_on(scratch: Scratch) -> None:
    supplied(scratch, term())
    before, after = assessed(scratch, "2026-12-31"), assessed(scratch, "2027-01-01")
    assert (before["risk_score"], before["risk_tier"], after["risk_score"], after["risk_tier"]) == (
        6,
        "medium",
        8,
        "high",
    )
    announced = {"field": "data_retention_days", "value": 90, "from": "2027-01-01", "source": TERMS}
    assert before["announced"] == [{**announced, "in_force": False}]
    assert after["announced"] == [{**announced, "in_force": True}]
    (later,) = before["later"]
    assert (later["from"], later["risk_score"], later["risk_tier"]) == ("2027-01-01", 8, "high")
    assert [it["id"] for it in later["findings"]] == [it["id"] for it in after["findings"]]
    assert after["later"] == []
    said = " ".join(scratch.run("vendor", "assess", "acme", "--as-of", "2026-12-31").out.split())
    assert f"announced from 2027-01-01: data is kept for 90 days (source {TERMS}); then high, 8 points" in said
    since = " ".join(scratch.run("vendor", "assess", "acme", "--as-of", "2027-01-01").out.split())
    assert f"announced since 2027-01-01: data is kept for 90 days (source {TERMS}) used by" in since
    assert "Long data retention: 90 days" in since


def test_what_was_announced_is_asked_no_more_from_its_day_on(scratch: Scratch) -> None:
    supplied(scratch, term(False, "2027-01-01", "bug_bounty_program"))
    asked = [scratch.run("vendor", "questionnaire", "acme", "--as-of", day).out for day in ("2026-12-31", "2027-01-01")]
    assert ["bug_bounty_program:" in form for form in asked] == [True, False]
    assert ["# Questions to Acme, 2026-12-31" in form for form in asked] == [True, False]


def imported(repo: Scratch, answer: str) -> Result:
    repo.write({"a.yaml": f"schema: policy-gate/vendor-answers/v1\nvendor: acme\nanswers:\n  {answer}\n"})
    return repo.run("vendor", "import", "a.yaml")


def test_an_answer_is_held_against_what_was_announced(scratch: Scratch) -> None:
    supplied(scratch, term(90, days_ago(10)), term(False, days_ago(10), "bug_bounty_program"))
    before = scratch.read("governance.yaml")
    assert imported(scratch, "data_retention_days: 90").out == "acme: nothing new\n"
    assert imported(scratch, "bug_bounty_program: false").out == "acme: nothing new\n"
    for answer, said in (
        ("data_retention_days: 30", "the answer is 30, and the entry of acme says 90"),
        ("bug_bounty_program: true", "the answer is true, and the entry of acme says false"),
    ):
        refused = imported(scratch, answer)
        assert (refused.code, said in refused.err) == (1, True), refused
    assert scratch.read("governance.yaml") == before


def test_check_tells_it_with_its_day_and_judges_by_it_from_then_on(scratch: Scratch) -> None:
    supplied(scratch, term(False, "2099-01-01", "has_dpa"))
    told = scratch.check("--all").finding("vendor-terms-change")
    assert (told["state"], told["due"], told["enforcement"]) == ("upcoming", "2099-01-01", "advise")
    assert "From 2099-01-01: there is no data processing agreement" in told["message"]
    then = scratch.check("--all", "--as-of", "2099-01-01")
    assert then.finding("vendor-critical-open")["state"] == "gap"
    assert not [it for it in then.findings() if it["requirement"]["subject"] == "vendor-terms-change"]


@pytest.mark.parametrize("moved", [(), (term(False, "2099-01-02", "has_dpa"),)], ids=["taken out", "put off"])
def test_an_announcement_does_not_leave_without_somebody_elses_yes(scratch: Scratch, moved: Any) -> None:
    supplied(scratch, term(False, "2099-01-01", "has_dpa"))
    describe(scratch, *moved, assessed_on=days_ago(0))
    scratch.commit("Tidy up the vendor")
    found = scratch.check()
    assert (found.code, "vendor-weakened" in found.changes()) == (1, True), found
    assert scratch.check("--as-of", "2099-01-01").finding("vendor-critical-open")["state"] == "gap"


def test_control_the_entry_says_so_itself(scratch: Scratch) -> None:
    supplied(scratch, term(90, "2099-01-01"))
    describe(scratch, data_retention_days=90, soc2_type2_certified=True)
    scratch.commit("They keep it longer now")
    assert "vendor-weakened" in scratch.check().changes(), "the control: a report that nobody looked at"
    describe(scratch, data_retention_days=90)
    scratch.commit("They keep it longer now")
    assert "vendor-weakened" not in scratch.check().changes()


def test_a_malformed_announcement_blocks_with_its_place(scratch: Scratch) -> None:
    supplied(scratch)
    describe(scratch, term(field="data_retention"))
    scratch.commit("Announced")
    found = scratch.run("check")
    assert found.code == 1
    assert 'field is "data_retention"' in found.out
    assert 'did you mean "data_retention_days"?' in found.out
