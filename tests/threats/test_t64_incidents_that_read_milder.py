"""T64: an incident that is rewritten, eased, moved or deleted so that it is in nobody's way."""

from __future__ import annotations

from typing import Any

import pytest
from incident_world import FILES, LEARNT, PATH, hours_ago, incident, step
from scratch import Result, Scratch
from world import low_system

pytestmark = pytest.mark.real_git
TOLD: dict[str, Any] = {
    "type": "privacy_violation",
    "severity": "high",
    "occurred_at": hours_ago(101),
    "detected_at": hours_ago(100),
    "aware_at": hours_ago(99),
    "eu_residents_affected": True,
    "personal_data_exposed": True,
    "risk_to_persons": "risk",
    "serious_incident": "serious_harm",
    "affected_users_estimate": 300,
    "timeline": [step("triaged", 90), step("contained", 80)],
}


@pytest.fixture
def told(scratch: Scratch) -> Scratch:
    """Base holds a system in development with a serious incident; a branch is open."""
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.write(incident(**TOLD) | FILES)
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch()
    return scratch


def rewritten(repo: Scratch, **fields: Any) -> Result:
    repo.write(incident(**TOLD | fields))
    repo.commit("Edit")
    return repo.check()


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"severity": "medium"}, "incident-severity-lowered"),
        ({"aware_at": hours_ago(50)}, "incident-rewritten"),
        ({"timeline": [step("triaged", 90)]}, "incident-rewritten"),
        ({"risk_to_persons": "none"}, "incident-eased"),
        ({"not_required": {"gdpr-33": "It is not."}}, "incident-eased"),
        ({"clock_starts": {"gdpr-33": hours_ago(1)}}, "incident-eased"),
        ({"clock_starts": {"gdpr-33": "2199-01-01T00:00:00Z"}}, "incident-eased"),
        ({"system": "SYS-002"}, "incident-dropped"),
    ],
)
def test_t64_what_reads_milder_is_agreed_to_by_somebody_else(told: Scratch, fields: dict[str, Any], kind: str) -> None:
    told.declare(low_system("development", id="SYS-002", paths=["other/**"]))
    told.commit("Another system", by="Rae Kim")
    told.merge("work")
    told.branch("edit")
    found = rewritten(told, **fields)
    assert found.code == 1, found
    assert kind in found.changes()
    assert found.finding("ai-safety-lead", "approval")["state"] == "gap"


def test_t64_deleting_it_is_a_weakening(told: Scratch) -> None:
    told.remove(PATH)
    told.commit("Gone")
    found = told.check()
    assert (found.code, found.changes()) == (1, ["incident-dropped"])


@pytest.mark.parametrize(
    "fields",
    [
        {"severity": "low"},
        {"risk_to_persons": "none", "severity": "low"},
        {"system": None},
        {"aware_at": hours_ago(10)},
        {"clock_starts": {"gdpr-33": hours_ago(1)}},
    ],
)
def test_t64_what_base_holds_judges_the_change_that_eases_it(told: Scratch, fields: dict[str, Any]) -> None:
    if "system" in fields:
        told.remove(PATH)
    else:
        told.write(incident(**TOLD | fields))
    told.declare(low_system("pre_deployment", id="SYS-001", facts={"us_phi": False}))
    told.commit("Ease it and move on")
    rules = {rule["rule"] for item in told.check().findings("gap") for rule in item["because"]}
    assert {"incident-open", "incident-clock-missed"} <= rules


def test_t64_facts_of_the_system_that_stop_a_clock_do_not_in_the_same_change(scratch: Scratch) -> None:
    """A deployer who says that it is none ends no clock by that."""
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": True}))
    scratch.write(incident(**TOLD | {"severity": "low", "detected_at": hours_ago(24 * 70), "occurred_at": None,
                                     "aware_at": hours_ago(24 * 70), "eu_residents_affected": False,
                                     "serious_incident": "none"}))  # fmt: skip
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch()
    scratch.declare(low_system("pre_deployment", id="SYS-001", facts={"us_phi": False}))
    scratch.commit("No health data, and on")
    assert "hipaa-404" in scratch.check().finding("incident-clock-missed")["message"]


def test_t64_declaring_a_serious_incident_over_asks_the_ciso(told: Scratch) -> None:
    timeline = [*TOLD["timeline"], step("notified", 70, clock="gdpr-33"), step("resolved", 1)]
    found = rewritten(told, timeline=timeline, **LEARNT)
    assert found.code == 1
    assert found.finding("ciso", "approval")["state"] == "gap"
    told.approve("ciso", "incident-closing")
    assert told.check().code == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"severity": "critical"},
        {"timeline": [*TOLD["timeline"], step("note", 1)]},
        {"risk_to_persons": "high"},
        {"affected_users_estimate": 301},
        {"description": "The screener gave an address away; said in other words."},
        {"root_cause": "Being looked for."},
        {"clock_starts": {"gdpr-33": hours_ago(100)}},
    ],
)
def test_t64_control_what_is_added_or_worse_asks_nobody(told: Scratch, fields: dict[str, Any]) -> None:
    found = rewritten(told, **fields)
    assert found.code == 0, found


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"serious_incident": "death"}, []),
        ({"serious_incident": "widespread"}, []),
        ({"clock_starts": {"aia-73-2": hours_ago(120)}}, []),
        ({"clock_starts": {"aia-73-2": hours_ago(1)}}, ["incident-eased"]),
        ({"serious_incident": "death", "clock_starts": {"aia-73-4": "2030-01-01T00:00:00Z"}}, ["incident-eased"]),
    ],
)
def test_t64_a_clock_may_begin_earlier_and_give_way_to_a_shorter_one(
    scratch: Scratch, fields: dict[str, Any], asked: list[str]
) -> None:
    facts = {"us_phi": False, "eu_market": True, "role": ["provider"], "annex_iii_points": ["4-a"]}
    scratch.adopt(low_system("development", id="SYS-001", facts=facts))
    scratch.write(incident(**TOLD) | FILES)
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch()
    found = rewritten(scratch, **fields)
    assert [kind for kind in found.changes() if kind.startswith("incident")] == asked, found


OPEN_TEST = "adversarial-robustness-evaluation"


@pytest.mark.parametrize("named", [["README.md"], ["tests/test_tenants.py"], ["smoke-test-suite"]])
def test_t64_a_test_that_has_not_passed_gives_way_to_something_easier(scratch: Scratch, named: list[str]) -> None:
    over = {"severity": "medium", "timeline": [*TOLD["timeline"], step("notified", 79, clock="gdpr-33")]}
    over = {**TOLD, **over, **LEARNT, "new_tests": [OPEN_TEST, "tests/test_tenants.py"]}
    over["timeline"] = [*over["timeline"], step("resolved", 20)]
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.write(incident(**over) | FILES)
    scratch.commit("Over", by="Rae Kim")
    scratch.branch()
    scratch.write(incident(**over | {"new_tests": named}))
    scratch.declare(low_system("pre_deployment", id="SYS-001", facts={"us_phi": False}))
    scratch.commit("On")
    found = scratch.check()
    assert "incident-eased" in found.changes()
    assert {"that:incident-tests", "approval:ai-safety-lead"} <= set(found.blocking()), found


@pytest.mark.parametrize(
    "other", [{"control_changes": ["smoke-test"]}, {"root_cause": "The operator pressed the wrong button, as happens."}]
)
def test_t64_what_was_promised_when_it_was_closed_gives_way_to_something_else(
    scratch: Scratch, other: dict[str, Any]
) -> None:
    over = {**TOLD, **LEARNT, "severity": "low", "timeline": [*TOLD["timeline"], step("resolved", 20)]}
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.write(incident(**over) | FILES)
    scratch.commit("Over", by="Rae Kim")
    scratch.branch()
    scratch.write(incident(**over | other))
    scratch.commit("Reworded")
    found = scratch.check()
    assert (found.code, found.changes()) == (1, ["incident-rewritten"]), found
    assert found.blocking() == ["approval:ai-safety-lead"]


def test_t64_control_another_test_beside_it_and_a_renamed_file_ask_nobody(scratch: Scratch) -> None:
    over = {**TOLD, **LEARNT, "severity": "low", "timeline": [*TOLD["timeline"], step("resolved", 20)]}
    over["new_tests"] = [OPEN_TEST, "tests/test_tenants.py"]
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.write(incident(**over) | FILES)
    scratch.commit("Over", by="Rae Kim")
    scratch.branch()
    scratch.git("mv", "tests/test_tenants.py", "tests/test_tenancy.py")
    scratch.write(incident(**over | {"new_tests": ["smoke-test-suite", OPEN_TEST, "tests/test_tenancy.py"]}))
    scratch.commit("Tidy")
    found = scratch.check()
    assert (found.code, found.changes()) == (0, []), found


OVER: dict[str, Any] = {**TOLD, **LEARNT, "timeline": [*TOLD["timeline"], step("resolved", 2)]}


@pytest.mark.parametrize("severity", ["critical", "high"])
def test_t64_a_serious_one_that_is_only_recorded_once_it_is_over(scratch: Scratch, severity: str) -> None:
    """Kept out of the repository for as long as it is open, it would be in nobody's way, and nobody would be asked."""
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.branch()
    scratch.write(incident(**OVER | {"severity": severity}) | FILES)
    scratch.commit("It is over")
    found = scratch.check()
    assert (found.code, found.blocking()) == (1, ["approval:ciso"]), found
    assert found.changes() == ["incident-opened", "incident-resolved"]
    scratch.approve("ciso", "incident-closing")
    assert scratch.check().code == 0


@pytest.mark.parametrize("fields", [TOLD, OVER | {"severity": "medium"}], ids=["open", "less severe, and over"])
def test_t64_control_recording_one_asks_nobody(scratch: Scratch, fields: dict[str, Any]) -> None:
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.branch()
    scratch.write(incident(**fields) | FILES)
    scratch.commit("What happened")
    found = scratch.check()
    assert (found.code, found.blocking()) == (0, []), found


MISSED: dict[str, Any] = {**TOLD, "severity": "medium", "timeline": [step("triaged", 98)]}
"""the supervisory authority should have been told a day ago and more"""


@pytest.mark.parametrize(
    ("told", "also", "asked"),
    [
        (step("notified", 90, clock="gdpr-33"), {}, ["incident-notice-backdated"]),
        (step("notified", 90, clock="gdpr-33", report="initial"), {}, ["incident-notice-backdated"]),
        (step("notified", 90, clock="gdpr-33"), {"severity": "critical"}, ["incident-notice-backdated"]),
        (step("notified", 1, clock="gdpr-33"), {}, []),
        (step("notified", 90, clock="gdpr-34"), {}, []),
        (step("note", 90), {}, []),
    ],
    ids=["in time", "a first report", "among worse", "late, as it was", "for a clock without an end", "a note"],
)
def test_t64_a_clock_that_ran_out_is_said_to_have_been_met(
    scratch: Scratch, told: dict[str, str], also: dict[str, Any], asked: list[str]
) -> None:
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.write(incident(**MISSED | {"risk_to_persons": "high"}) | FILES)
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch()
    scratch.write(incident(**MISSED | {"risk_to_persons": "high"} | also | {"timeline": [*MISSED["timeline"], told]}))
    scratch.commit("We told them")
    found = scratch.check()
    assert (found.code, found.changes()) == (int(bool(asked)), asked), found
    if asked:
        assert found.blocking() == ["approval:ai-safety-lead"]
        scratch.approve("ai-safety-lead", "weakening")
        assert scratch.check().code == 0
        scratch.declare(low_system("pre_deployment", id="SYS-001", facts={"us_phi": False}))
        scratch.commit("And on")
        rules = {rule["rule"] for item in scratch.check().findings("gap") for rule in item["because"]}
        assert "incident-clock-missed" in rules, "base's clock judges meanwhile"


@pytest.mark.parametrize("aware", [None, hours_ago(59)], ids=["its start not stated", "stated"])
def test_t64_a_clock_that_still_counts_is_met_by_whoever_tells_in_time(scratch: Scratch, aware: str | None) -> None:
    running = MISSED | {"occurred_at": hours_ago(61), "detected_at": hours_ago(60), "aware_at": aware}
    running["timeline"] = [step("triaged", 58)]
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.write(incident(**running) | FILES)
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch()
    scratch.write(incident(**running | {"timeline": [*running["timeline"], step("notified", 20, clock="gdpr-33")]}))
    scratch.commit("We told them on Friday")
    found = scratch.check()
    assert (found.code, found.changes()) == (0, []), found


@pytest.mark.parametrize(
    ("starts", "message"),
    [
        ({"gdpr-33": "2199-01-01T00:00:00Z"}, "clock_starts gdpr-33 lies in the future"),
        ({"gdpr-33": hours_ago(-30)}, "clock_starts gdpr-33 lies in the future"),
        ({"ccpa-7155": "2199-01-01T00:00:00Z"}, "clock_starts ccpa-7155 lies in the future"),
        ({"gdpr-33": hours_ago(99)}, ""),
        ({"nyc-871-b": "2199-01-01T00:00:00Z"}, ""),
    ],
    ids=["never", "in two days", "by what is stated", "control: it has come", "control: a use that is planned"],
)
def test_t64_a_clock_that_counts_from_its_detection_is_said_to_start_some_day(
    scratch: Scratch, starts: dict[str, str], message: str
) -> None:
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.write(incident(**MISSED | {"aware_at": None}) | FILES)
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch()
    scratch.write(incident(**MISSED | {"aware_at": None, "clock_starts": starts}))
    scratch.commit("It starts later")
    found = scratch.check()
    assert found.code == (1 if message else 0), found
    assert [it["message"].startswith(message) for it in found.report["problems"]] == ([True] if message else [])


def test_t64_who_never_says_when_it_was_certain_starts_a_clock_all_the_same(scratch: Scratch) -> None:
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.write(incident(**MISSED | {"aware_at": None}) | FILES)
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch()
    scratch.declare(low_system("pre_deployment", id="SYS-001", facts={"us_phi": False}))
    scratch.commit("On")
    found = scratch.check()
    assert "that:incident-clock-missed" in found.blocking(), found
    assert "gdpr-33 (not stated: aware_at)" in found.finding("incident-clock-missed")["message"]
    scratch.write(incident(**MISSED | {"aware_at": hours_ago(30)}))
    scratch.commit("It was certain yesterday")
    stated = scratch.check()
    assert "that:incident-clock-missed" not in stated.blocking(), "the control: 72 hours from then"


@pytest.mark.parametrize(
    ("named", "shows_nothing"),
    [("tests/empty.py", True), ("tests/blank.py", True), (PATH, True), (f"{PATH}::a", True), ("tests/one.py", False)],
)
@pytest.mark.parametrize("what", ["new_tests", "control_changes"])
def test_t64_what_an_incident_led_to_is_a_file_with_nothing_in_it(
    scratch: Scratch, what: str, named: str, shows_nothing: bool
) -> None:
    over = {
        **TOLD,
        **LEARNT,
        "severity": "low",
        "personal_data_exposed": False,
        "serious_incident": "none",
        what: [named],
    }
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.write({"tests/empty.py": "", "tests/blank.py": " \n\n", "tests/one.py": "def test_it() -> None: ...\n"})
    scratch.write(incident(**over | {"timeline": [step("resolved", 1)]}) | FILES)
    scratch.commit("Over", by="Rae Kim")
    scratch.branch()
    scratch.declare(low_system("pre_deployment", id="SYS-001", facts={"us_phi": False}))
    scratch.commit("On")
    found = scratch.check("--defer", "approval")
    assert (found.code, "that:incident-duties" in found.blocking()) == (int(shows_nothing), shows_nothing), found
    if shows_nothing:
        assert f"{what} {named}, which is blank" in found.finding("incident-duties")["message"]
