"""What a vendor's entry does to a check: who brings it, moves on with it or has it, through the command."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Result, Scratch
from world import days_ago, high_system
from world import low_system as _low
from world import medium_system as _medium

GOOD: dict[str, Any] = {
    "id": "acme",
    "vendor_name": "Acme",
    "access_type": "api",
    "data_classes": ["personal"],
    "soc2_type2_certified": True,
    "penetration_tested": True,
    "data_retention_days": 30,
    "opt_out_of_training": True,
    "sla_uptime_percentage": 99.9,
    "has_fallback_provider": True,
    "has_dpa": True,
    "eu_data_residency": True,
    "liability_cap": "EUR 5 million",
    "audit_rights": True,
    "assessed_on": days_ago(30),
}
CRITICAL = "vendor-critical-open"
RISKY = {"soc2_type2_certified": False, "opt_out_of_training": False, "penetration_tested": False}
"""eight points, nothing critical"""


def low_system(stage: str, **fields: Any) -> dict[str, Any]:
    return _low(stage, id="SYS-001", **fields)


def medium_system(stage: str = "development") -> dict[str, Any]:
    return _medium(stage, id="SYS-001")


def describe(repo: Scratch, **fields: Any) -> None:
    vendor = {name: value for name, value in {**GOOD, **fields}.items() if value is not None}
    repo.rewrite(lambda data: data | {"vendors": [vendor]})


def supplied(repo: Scratch, system: dict[str, Any], **fields: Any) -> None:
    """Base holds a system that uses the vendor; a branch is open."""
    repo.adopt(system)
    describe(repo, **fields)
    repo.edit(vendors=["acme"])
    repo.commit("With a vendor", by="Rae Kim")
    repo.branch()


def judged(repo: Scratch, *args: str) -> Result:
    repo.commit("Change")
    return repo.check("--defer", "approval", *args)


def about_vendors(found: Result, *states: str) -> dict[str, str]:
    """Rules about vendors that have a finding in one of these states, with whose it is."""
    wanted = states or ("gap", "unknown", "deferred")
    return {
        rule["rule"]: item["blame"]
        for item in found.findings()
        if item["state"] in wanted
        for rule in item["because"]
        if rule["rule"].startswith("vendor-")
    }


# Who brings one


@pytest.mark.parametrize(
    "fields",
    [
        {"has_dpa": False},
        {"has_dpa": None},
        {"has_dpa": None, "data_classes": None},
        {"has_dpa": False, "access_type": None},
        {"has_dpa": False, "data_classes": ["public", "special_category"]},
    ],
    ids=["none", "unsaid", "nothing said of data", "nothing said of access", "special data"],
)
def test_a_vendor_without_a_contract_is_not_taken_up_in_production(scratch: Scratch, fields: Any) -> None:
    scratch.adopt(low_system("production"))
    scratch.branch()
    describe(scratch, **fields)
    scratch.edit(vendors=["acme"])
    found = judged(scratch)
    assert (found.code, about_vendors(found).get(CRITICAL)) == (1, "introduced"), found
    assert found.system()["changes"][0]["kind"] == "vendor-changed"


@pytest.mark.parametrize(
    "fields",
    [{}, {"has_dpa": None, "data_classes": ["none"]}, {"has_dpa": False, "access_type": "self_hosted"}],
    ids=["in order", "no data is sent", "it runs here"],
)
def test_control_a_vendor_that_is_in_order_is_taken_up(scratch: Scratch, fields: Any) -> None:
    scratch.adopt(low_system("production"))
    scratch.branch()
    describe(scratch, **fields)
    scratch.edit(vendors=["acme"])
    found = judged(scratch)
    assert (found.code, about_vendors(found)) == (0, {}), found


def test_control_in_development_nothing_stands_in_the_way(scratch: Scratch) -> None:
    scratch.adopt(medium_system())
    scratch.branch()
    describe(scratch, **dict.fromkeys(set(GOOD) - {"id", "vendor_name"}))
    scratch.edit(vendors=["acme"])
    found = judged(scratch)
    assert found.code == 0, found


# Who has one


def test_control_what_was_there_before_is_debt_and_blocks_nobody(scratch: Scratch) -> None:
    supplied(scratch, low_system("production"), has_dpa=False, assessed_on=None)
    scratch.edit(description="Answers questions, and more of them than before")
    found = judged(scratch)
    assert about_vendors(found)[CRITICAL] == "inherited", found
    assert found.code == 0, found
    assert scratch.check("--all", "--as-of", "2026-12-01").code == 0, found


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"audit_rights": False}, "vendor-right-lost"),
        ({"audit_rights": None, "assessed_on": days_ago(0)}, "vendor-right-lost"),
        ({"eu_data_residency": False, "assessed_on": days_ago(0)}, "vendor-right-lost"),
        ({"liability_cap": "EUR 4 million", "assessed_on": days_ago(0)}, "vendor-liability-lowered"),
        ({"data_classes": ["public"]}, "vendor-weakened"),
        ({"data_retention_days": 1}, "vendor-weakened"),
        ({"vendor_name": "Acme Offshore"}, "vendor-dropped"),
        ({"access_type": "self_hosted"}, "vendor-weakened"),
    ],
)
def test_weaker_terms_need_somebody_elses_yes(scratch: Scratch, fields: Any, kind: str) -> None:
    supplied(scratch, low_system("production"))
    describe(scratch, **fields)
    scratch.commit("Other terms")
    found = scratch.check()
    assert kind in found.changes(), found
    assert (found.code, found.finding("weakening")["state"]) == (1, "gap"), found
    scratch.approve("ai-safety-lead", "weakening")
    assert scratch.check().code == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"audit_rights": True, "data_retention_days": 1, "assessed_on": days_ago(0)},
        {"data_classes": ["personal", "public"]},
        {"data_retention_days": 40},
        {"liability_cap": "EUR 5,000,000"},
    ],
    ids=["better and looked at", "more data", "worse, and said", "the same sum"],
)
def test_control_other_terms_that_hide_nothing_pass(scratch: Scratch, fields: Any) -> None:
    supplied(scratch, low_system("production"))
    describe(scratch, **fields)
    found = judged(scratch)
    assert found.code == 0, found


def test_a_class_of_data_left_out_is_judged_as_if_it_was_sent(scratch: Scratch) -> None:
    supplied(scratch, low_system("production"), has_dpa=False)
    describe(scratch, has_dpa=False, data_classes=["public"])
    scratch.commit("Public after all")
    found = scratch.check()
    assert CRITICAL in about_vendors(found), found


def test_what_is_critical_does_not_go_by_saying_that_the_model_runs_here(scratch: Scratch) -> None:
    supplied(scratch, low_system("production"), has_dpa=False)
    describe(scratch, has_dpa=False, access_type="self_hosted")
    scratch.commit("It runs here")
    found = scratch.check()
    assert (found.code, found.finding("weakening")["state"]) == (1, "gap"), found
    assert CRITICAL in about_vendors(found), found


# Who moves on with one


def test_moving_on_with_a_vendor_of_high_risk_takes_the_ciso(scratch: Scratch) -> None:
    supplied(scratch, medium_system(), **RISKY)
    scratch.edit(stage="pre_deployment")
    scratch.commit("Move on")
    asked = scratch.check().finding("vendor-high-risk")
    assert (asked["state"], asked["enforcement"], asked["blame"]) == ("gap", "block", "introduced")
    scratch.approve("ciso", "vendor-high-risk")
    assert not [it for it in scratch.check().findings("gap") if it.get("for") == "vendor-high-risk"]


def test_a_system_in_use_that_takes_one_up_takes_the_ciso_once(scratch: Scratch) -> None:
    scratch.adopt(medium_system("production"))
    scratch.branch()
    describe(scratch, **RISKY)
    scratch.edit(vendors=["acme"])
    scratch.commit("Take it up")
    found = scratch.check()
    assert "vendor-risk-raised" in found.changes()
    assert found.finding("vendor-high-risk")["state"] == "gap", found
    scratch.approve("ciso", "vendor-high-risk")
    assert scratch.check().code == 0, scratch.check()
    scratch.merge()
    scratch.branch("next")
    scratch.edit(description="Sorts more requests than before, for the same people")
    assert "vendor-high-risk" not in [it.get("for") for it in judged(scratch).findings()]


def test_control_one_of_medium_risk_takes_nobody(scratch: Scratch) -> None:
    scratch.adopt(medium_system("production"))
    scratch.branch()
    describe(scratch, penetration_tested=False, has_fallback_provider=False)
    scratch.edit(vendors=["acme"])
    found = judged(scratch)
    assert "vendor-risk-raised" in found.changes()
    assert (found.code, about_vendors(found)) == (0, {}), found


# What has to be agreed and looked at


@pytest.mark.parametrize(
    ("system", "fields", "rule"),
    [
        (high_system("production"), {"data_retention_days": 91}, "vendor-keeps-data"),
        (high_system("production"), {"opt_out_of_training": False}, "vendor-trains-on-data"),
        (high_system("production"), {"soc2_type2_certified": None}, "vendor-serious-open"),
        (medium_system("production"), {"assessed_on": days_ago(400)}, "vendor-review"),
        (medium_system("production"), {"assessed_on": None}, "vendor-review"),
        (
            low_system("production", facts={"business_critical": True}),
            {"has_fallback_provider": None},
            "vendor-without-fallback",
        ),
    ],
)
def test_what_is_owed_is_told_to_whoever_has_it_and_blocks_nobody(
    scratch: Scratch, system: dict[str, Any], fields: Any, rule: str
) -> None:
    supplied(scratch, system, **fields)
    found = scratch.check("--all")
    told = [it for it in found.findings() if rule in [reason["rule"] for reason in it["because"]]]
    assert [it["state"] for it in told] == ["gap"], found
    assert told[0]["enforcement"] == "remediate"
    assert told[0]["responsible"], told
    assert told[0]["accountable"], told


@pytest.mark.parametrize(
    ("day", "due"),
    [("2028-05-02", "2028-05-01"), ("2028-09-01", "2028-05-01"), ("2028-05-01", None)],
    ids=["the day after", "months after", "its last day"],
)
def test_a_look_that_is_late_is_late_since_its_own_day(scratch: Scratch, day: str, due: str | None) -> None:
    """The day after, it was due since the rule began, two years before: `vendor assess` said another day."""
    supplied(scratch, {**medium_system("production"), "enrolled": "2026-01-01"}, assessed_on="2027-05-01")
    found = scratch.check("--all", "--as-of", day)
    told = [it for it in found.findings() if "vendor-review" in [reason["rule"] for reason in it["because"]]]
    assert [(it["due"], it["blame"]) for it in told if it["state"] == "gap"] == ([(due, "overdue")] if due else [])
    assert "next review     2028-05-01" in scratch.run("vendor", "assess", "--as-of", day).out


def test_what_lapsed_before_its_rule_began_waits_for_the_rules_own_day(scratch: Scratch) -> None:
    supplied(scratch, {**medium_system("production"), "enrolled": "2020-01-01"}, assessed_on="2024-05-01")
    found = scratch.check("--all", "--as-of", "2026-12-01")
    (told,) = [it for it in found.findings() if "vendor-review" in [reason["rule"] for reason in it["because"]]]
    assert (told["due"] > "2026-12-01", told["blame"]) == (True, "inherited")


def test_a_day_that_is_named_and_has_yet_to_come_puts_nothing_off(scratch: Scratch) -> None:
    """A rule that names the day beside something else: what it lacks for that is as late as ever."""
    own = (
        "schema: policy-gate/policy/v1\nrules:\n  - id: house-vendor\n    title: T\n    why: W\n"
        "    when: 'true'\n    for_each: vendor\n"
        "    enforcement: remediate\n    effective: 2026-01-01\n    require:\n"
        "      - that: vendor.review_due >= today.date && vendor.bug_bounty_program\n        message: M\n"
    )
    fields = {"assessed_on": "2027-05-01", "bug_bounty_program": False}
    supplied(scratch, {**medium_system("production"), "enrolled": "2026-01-01"}, **fields)
    folder = scratch.path.parent / "house"
    folder.mkdir()
    (folder / "house.yaml").write_text(own)
    found = scratch.check("--all", "--as-of", "2027-09-01", "--policies", str(folder))
    (told,) = [it for it in found.findings() if "house-vendor" in [reason["rule"] for reason in it["because"]]]
    assert (told["due"] < "2027-01-01", told["blame"]) == (True, "overdue")


def test_control_a_vendor_in_order_is_told_nothing(scratch: Scratch) -> None:
    supplied(scratch, high_system("production"))
    assert about_vendors(scratch.check("--all")) == {}


def test_a_finding_says_which_vendor_it_is_about_and_what_is_open(scratch: Scratch) -> None:
    scratch.adopt(low_system("production"))
    scratch.branch()
    describe(scratch, has_dpa=False)
    scratch.edit(vendors=["acme"])
    message = judged(scratch).finding(CRITICAL)["message"]
    assert message == "What the entry says, or leaves unsaid, is critical. Vendor acme: no-dpa."


def test_a_finding_lists_what_it_is_about_and_no_other_open_question(scratch: Scratch) -> None:
    scratch.adopt(high_system("production"))
    scratch.branch()
    describe(scratch, has_dpa=False, soc2_type2_certified=False, sla_uptime_percentage=None, assessed_on=None)
    scratch.edit(vendors=["acme"])
    found = judged(scratch)
    said = {it["requirement"]["subject"]: it["message"].partition("Vendor ")[2] for it in found.findings()}
    assert said[CRITICAL] == "acme: no-dpa."
    assert said["vendor-serious-open"] == "acme: no-soc2-type2."
    assert said["vendor-review"] == "acme."


def test_a_question_about_a_vendor_is_answered_in_its_entry_and_not_under_facts(scratch: Scratch) -> None:
    scratch.adopt(high_system("production"))
    scratch.branch()
    describe(scratch, access_type=None)
    scratch.edit(vendors=["acme"])
    scratch.commit("A vendor")
    told = scratch.run("check", "--all").out + scratch.run("check").out
    assert "state access_type in the entry of vendor acme" in " ".join(told.split())
    assert "vendor.access_type under facts" not in " ".join(told.split())
