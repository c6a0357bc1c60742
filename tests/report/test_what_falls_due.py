"""What falls due, as the nightly check lists it: every sort, in order of days, in each format, and in no change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from evidence import document
from icalendar import Calendar
from msgspec.structs import replace
from sample_reports import SAMPLES
from scratch import Scratch
from world import days_ago, from_yaml, high_system, medium_system, roles, to_yaml

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.schema.due import DueItem

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5vcmRpbmFyeWtleWZvcnRoZXRlc3RzMDEyMzQ1"


def ahead(days: int) -> str:
    return days_ago(-days)


VENDOR = {
    "id": "acme",
    "vendor_name": "Acme",
    "product_name": "Models",
    "use_case": "ranking",
    "data_sent": "resumes",
    "access_type": "api",
    "assessed_on": days_ago(325),
    "has_dpa": True,
    "announced": [
        {"field": "data_retention_days", "value": 90, "from": ahead(20), "source": "https://acme.example/terms"}
    ],
}


def live_screener() -> dict[str, Any]:
    """In production for 300 days: its yearly reviews come in 65 days, its model and its vendor's terms sooner."""
    return high_system(
        "production",
        stage_since=days_ago(300),
        models=[{"name": "acme-large", "version": "2", "retires": ahead(50), "source": "https://acme.example/ends"}],
    )


@pytest.fixture
def live(scratch: Scratch) -> Scratch:
    scratch.adopt(live_screener(), medium_system("production", stage_since=days_ago(200)))
    held = from_yaml(to_yaml(roles()))
    held["roles"]["ciso"]["members"][0]["keys"] = [{"key": KEY, "valid_until": ahead(10)}]
    waiver = {
        "system": "SYS-001",
        "rule": "vendor-serious-open",
        "subject": "acme",
        "owner": "Pat Moss",
        "approver": "Rae Kim",
        "reason": "The vendor answers in autumn, and we ask again then",
        "created": days_ago(5),
        "expires": ahead(40),
    }
    entry = scratch.entry()
    papers = [
        {**item, "completed": days_ago(305)} if item["id"] == "red-team-report" else item for item in entry["artifacts"]
    ]
    scratch.edit(artifacts=papers, vendors=["acme"])
    scratch.declare_only(vendors=[VENDOR])
    scratch.commit(
        "What has a last day",
        by="Rae Kim",
        files={
            "policies/roles.yaml": to_yaml(held),
            "governance/waivers.yaml": to_yaml({"schema": "policy-gate/waiver/v1", "waivers": [waiver]}),
        },
    )
    return scratch


def listed(repo: Scratch, *args: str) -> list[dict[str, Any]]:
    due: list[dict[str, Any]] = repo.check("--all", *args).report["due"]
    return due


def test_every_sort_of_thing_that_has_a_day_is_listed_in_order(live: Scratch) -> None:
    due = listed(live)
    days = [item["day"] for item in due]
    assert days == sorted(days)
    found = {(item["kind"], item["day"], item["system"]) for item in due}
    assert {
        ("key", ahead(10), None),
        ("vendor-terms", ahead(20), "SYS-001"),
        ("vendor-assessment", ahead(40), "SYS-001"),
        ("waiver", ahead(40), "SYS-001"),
        ("model", ahead(50), "SYS-001"),
        ("paper", ahead(60), "SYS-001"),
    } <= found
    reviews = {item["title"] for item in due if item["kind"] == "review" and item["system"] == "SYS-001"}
    assert {"Annual Production Review", "Annual review"} <= reviews
    by_kind = {item["kind"]: item for item in due}
    assert (by_kind["key"]["who"], by_kind["key"]["is_person"]) == (["Ada Example"], True)
    assert by_kind["key"]["location"]["path"] == "policies/roles.yaml"
    assert by_kind["waiver"]["location"]["path"] == "governance/waivers.yaml"
    assert by_kind["paper"]["who"] == ["ai-safety-lead"]
    assert all(item["what"] and item["title"] for item in due)


def test_what_lies_beyond_the_window_waits_and_the_window_is_data(live: Scratch) -> None:
    assert "model" in {item["kind"] for item in listed(live)}
    live.commit(
        "Look less far ahead",
        by="Rae Kim",
        files={"policies/ahead.yaml": "schema: policy-gate/policy/v1\ncalendar: {window: P15D}\n"},
    )
    ahead_of_today = {item["kind"] for item in listed(live) if item["day"] > ahead(0)}
    assert ahead_of_today == {"key"}


def test_an_ordinary_change_lists_none_of_it(live: Scratch) -> None:
    live.branch()
    live.edit(incident_contact="new@example.com")
    live.commit("Another contact")
    assert live.check().report["due"] == []
    assert "fall due" not in live.run("check").out


def test_a_review_that_was_held_is_listed_one_period_later(scratch: Scratch) -> None:
    held = medium_system("production", stage_since=days_ago(400))
    scratch.adopt(held)
    late = [item for item in listed(scratch) if item["kind"] == "review"]
    entry = scratch.entry("SYS-002")
    papers = [item for item in entry["artifacts"] if item["id"] != "review-record"]
    assert late
    assert all(item["finding"] for item in late if item["day"] < ahead(0))
    record = {"id": "review-record", "path": "governance/review.md", "status": "final", "completed": days_ago(100)}
    scratch.edit("SYS-002", artifacts=[*papers, record])
    scratch.commit("Held", by="Rae Kim", files={"governance/review.md": document("review-record")})
    [review] = [item for item in listed(scratch) if item["kind"] == "review"]
    assert (review["finding"], review["title"]) == (None, "Review twice a year")
    assert ahead(70) <= review["day"] <= ahead(90)


def test_an_identity_that_signs_the_audit_log_is_listed_by_its_last_day(live: Scratch) -> None:
    held = from_yaml(live.read("policies/roles.yaml"))
    pinned = {"issuer": "https://example.com", "identity": "audit@example.com", "valid_until": ahead(15)}
    for role in ("ciso", "ai-governance-committee"):
        held["roles"][role]["members"][0]["identities"] = [dict(pinned)]
    live.commit("Pin it", by="Rae Kim", files={"policies/roles.yaml": to_yaml(held)})
    found = [(item["title"], item["day"]) for item in listed(live) if item["kind"] == "key"]
    assert found == [
        ("A signing key of Ada Example ends", ahead(10)),
        ("A signing identity of Ada Example ends", ahead(15)),
    ]


def test_people_read_the_list_in_each_format(live: Scratch) -> None:
    text = live.run("check", "--all").out
    assert f"{ahead(10)}  A signing key of Ada Example ends, Ada Example" in text
    assert "fall due by" in text
    page = live.run("check", "--all", "--format", "html").out
    assert 'id="due"' in page
    assert "A signing key of Ada Example ends" in page
    comment = live.run("check", "--all", "--format", "markdown").out
    assert f"{ahead(10)}: A signing key of Ada Example ends, Ada Example" in comment
    events = [
        it
        for it in Calendar.from_ical(live.run("check", "--all", "--format", "ics").out).subcomponents
        if it.name == "VEVENT"
    ]
    keys = [it for it in events if "A signing key" in str(it["SUMMARY"])]
    assert [it.decoded("DTSTART").isoformat() for it in keys] == [ahead(10)]
    assert any("Acme" in str(it["SUMMARY"]) or "acme" in str(it["SUMMARY"]) for it in events)


def test_many_of_one_sort_on_one_day_are_one_line() -> None:
    items = tuple(
        DueItem(date(2026, 12, 1), "law", "SYS-001", f"Article {number}", ("engineering",), f"Do {number}")
        for number in range(1, 13)
    )
    report = replace(SAMPLES["adopted"](), due=items)
    text = REPORTERS["text"](report, RenderOptions())
    assert "12 things fall due by 2026-12-01" in text
    assert "SYS-001 Article 1 and 11 more, Sam Lee (Engineering)" in text
    assert "Article 2," not in text


def test_what_is_late_is_told_once_where_it_is_a_finding() -> None:
    late = DueItem(
        date(2026, 11, 1), "debt", "SYS-001", "Red team report is missing", ("ciso",), "Write it", finding="f"
    )
    key = DueItem(date(2026, 11, 2), "key", "", "A signing key of Ada ends", ("Ada",), "Pin another", is_person=True)
    text = REPORTERS["text"](replace(SAMPLES["adopted"](), due=(late, key)), RenderOptions())
    assert "2 things late" in text
    assert "late: A signing key of Ada ends, Ada" in text
    assert "2026-11-01" not in text


def test_a_window_that_is_no_time_is_told_with_its_place(scratch: Scratch) -> None:
    scratch.adopt(medium_system("development"))
    scratch.write({"policies/ahead.yaml": "schema: policy-gate/policy/v1\ncalendar: {window: soon}\n"})
    said = scratch.run("policy", "lint")
    assert said.code == 1
    assert "policies/ahead.yaml:2:20" in said.out + said.err


def test_nothing_is_listed_where_one_system_is_asked_about_but_what_is_its_own(live: Scratch) -> None:
    due = listed(live, "--system", "SYS-001")
    assert {item["system"] for item in due} == {"SYS-001"}
    assert "waiver" in {item["kind"] for item in due}
