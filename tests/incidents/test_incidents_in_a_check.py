"""What an incident does to a check: it keeps its own system from moving on, and nothing else, through the command."""

from __future__ import annotations

from typing import Any

import pytest
from incident_world import FILES, LEARNT, PATH, hours_ago, incident, step
from scratch import Result, Scratch
from world import high_system, low_system

LEAK: dict[str, Any] = {
    "type": "privacy_violation",
    "severity": "medium",
    "eu_residents_affected": True,
    "personal_data_exposed": True,
    "risk_to_persons": "risk",
    "occurred_at": hours_ago(101),
    "detected_at": hours_ago(100),
    "aware_at": hours_ago(100),
}


def live(repo: Scratch, **fields: Any) -> None:
    """Base holds a system in development with one incident; a branch is open."""
    repo.adopt(low_system("development", id="SYS-001"))
    repo.write(incident(**fields) | FILES)
    repo.commit("An incident", by="Rae Kim")
    repo.branch()


def moved_on(repo: Scratch, stage: str = "pre_deployment", id_: str = "SYS-001", **fields: Any) -> Result:
    """The system enters the next stage, with all that its gate wants but the approvals."""
    repo.declare(low_system(stage, id=id_, **fields))
    repo.commit("Move on")
    return repo.check("--defer", "approval")


def about_incidents(found: Result) -> dict[str, str]:
    """Rules about incidents that find something missing, with what they say."""
    return {
        rule["rule"]: item["message"]
        for item in found.findings("gap")
        for rule in item["because"]
        if rule["rule"].startswith("incident-") and rule["rule"] != "incident-contact"
    }


@pytest.mark.parametrize("severity", ["critical", "high"])
def test_a_system_does_not_move_on_while_a_serious_incident_is_open(scratch: Scratch, severity: str) -> None:
    live(scratch, severity=severity)
    found = moved_on(scratch)
    assert found.code == 1
    said = about_incidents(found)["incident-open"]
    assert f"INC-1: {severity} availability, open, detected " in said
    finding = found.finding("incident-open")
    assert finding["location"]["path"] == PATH
    assert finding["blame"] == "introduced"


@pytest.mark.parametrize("severity", ["medium", "low"])
def test_control_a_small_one_is_in_nobodys_way(scratch: Scratch, severity: str) -> None:
    live(scratch, severity=severity)
    found = moved_on(scratch)
    assert (found.code, about_incidents(found)) == (0, {}), found


def test_a_missed_clock_stands_in_the_way_whatever_the_severity(scratch: Scratch) -> None:
    live(scratch, **LEAK)
    found = moved_on(scratch)
    assert found.code == 1
    assert "out of time: gdpr-33" in about_incidents(found)["incident-clock-missed"]


def test_who_answers_an_incident_and_who_tells_an_authority_are_those_of_the_raci_matrix(scratch: Scratch) -> None:
    live(scratch, **LEAK | {"severity": "high"})
    found = moved_on(scratch)
    owners = {name: found.finding(name) for name in ("incident-open", "incident-clock-missed")}
    assert {name: (it["responsible"], it["accountable"]) for name, it in owners.items()} == {
        "incident-open": (["ai-safety-lead", "engineering"], ["ciso"]),
        "incident-clock-missed": (["dpo", "legal"], ["legal"]),
    }


def test_a_clock_of_which_nobody_said_whether_it_runs_is_missed_too(scratch: Scratch) -> None:
    live(scratch, **LEAK | {"risk_to_persons": None})
    said = about_incidents(moved_on(scratch))["incident-clock-missed"]
    assert "gdpr-33 (not stated: risk_to_persons)" in said


@pytest.mark.parametrize("detected", [100, 70])
def test_a_clock_of_which_nobody_said_when_it_began_counts_from_when_it_was_detected(
    scratch: Scratch, detected: int
) -> None:
    live(scratch, **LEAK | {"aware_at": None, "detected_at": hours_ago(detected)})
    said = about_incidents(moved_on(scratch, facts={"us_phi": False}))
    told = "gdpr-33 (not stated: aware_at)" in said.get("incident-clock-missed", "")
    assert told is (detected == 100)


@pytest.mark.parametrize(
    "fields",
    [
        {"timeline": [step("notified", 1, clock="gdpr-33")]},
        {"risk_to_persons": "none"},
        {"aware_at": hours_ago(70)},
    ],
    ids=["told late", "no risk", "still running"],
)
def test_control_a_clock_that_is_not_missed(scratch: Scratch, fields: dict[str, Any]) -> None:
    live(scratch, **LEAK | fields)
    found = moved_on(scratch, facts={"us_phi": False})
    assert "incident-clock-missed" not in about_incidents(found), found


def test_what_was_resolved_has_to_be_learnt_from(scratch: Scratch) -> None:
    live(scratch, timeline=[step("resolved", 1)], root_cause="TODO")
    said = about_incidents(moved_on(scratch))
    assert set(said) == {"incident-duties"}
    assert "lacking: root_cause, new_tests, control_changes" in said["incident-duties"]


def test_what_it_names_has_to_be_there(scratch: Scratch) -> None:
    live(
        scratch,
        timeline=[step("resolved", 1)],
        **LEARNT | {"new_tests": ["tests/gone.py"], "control_changes": ["no-such"]},
    )
    said = about_incidents(moved_on(scratch))["incident-duties"]
    assert "new_tests tests/gone.py, which is neither a file nor an id" in said
    assert "control_changes no-such, which is neither a file nor an id" in said


def test_control_having_learnt_it_moves_on(scratch: Scratch) -> None:
    live(scratch, severity="critical", timeline=[step("resolved", 1)], **LEARNT)
    found = moved_on(scratch)
    assert (found.code, about_incidents(found)) == (0, {}), found


def test_a_new_test_is_wanted_by_the_next_gate(scratch: Scratch) -> None:
    live(scratch, timeline=[step("resolved", 1)], **LEARNT | {"new_tests": ["bias-benchmark-suite"]})
    said = about_incidents(moved_on(scratch))["incident-tests"]
    assert "not passed: bias-benchmark-suite" in said


def test_data_under_suspicion_keeps_a_system_where_it_is(scratch: Scratch) -> None:
    live(scratch, type="data_poisoning", severity="low")
    assert "incident-data-suspected" in about_incidents(moved_on(scratch))


def test_suspicion_reopens_approvals_that_rest_on_the_data(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("Move on")
    gate = "pre-deployment-security-review"
    before = scratch.system_digest(gate)
    scratch.checkout("main")
    scratch.write(incident(type="availability", severity="low"))
    scratch.commit("Unavailable", by="Rae Kim")
    scratch.checkout("work")
    scratch.git("merge", "-q", "main", "-m", "Merge")
    assert scratch.system_digest(gate) == before
    scratch.checkout("main")
    scratch.write(incident(id="INC-2", type="data_poisoning", severity="low"))
    scratch.commit("Poisoned?", by="Rae Kim")
    scratch.checkout("work")
    scratch.git("merge", "-q", "main", "-m", "Merge")
    assert scratch.system_digest(gate) != before


@pytest.mark.parametrize(
    ("fields", "line", "message"),
    [
        ({"type": None}, 1, "type is missing"),
        ({"severity": "hihg"}, 5, 'severity is "hihg" (low, medium, high or critical)'),
        ({"type": "privacy_breach"}, 4, 'no type of incident "privacy_breach"'),
        ({"detected_at": "2026-11-20T09:00:00"}, 8, 'detected_at is "2026-11-20T09:00:00" (a time with its zone'),
        ({"detected_at": hours_ago(13)}, 8, "detected_at is before occurred_at"),
        ({"aware_at": hours_ago(-60)}, 9, "aware_at lies in the future"),
        ({"system": "SYS-01"}, 3, 'no system "SYS-01" is declared'),
        ({"timeline": [step("contained", 2), step("triaged", 3)]}, 17, "timeline[1] (triaged) is before timeline[0]"),
        ({"timeline": [step("notified", 2, clock="gdpr33")]}, 17, 'no clock "gdpr33"'),
        ({"not_required": {"gdpr-35": "no"}}, 14, 'no clock "gdpr-35"'),
    ],
    ids=["no type", "severity", "type", "no zone", "before it began", "to come", "no system", "order",
         "clock", "not required"],
)  # fmt: skip
def test_a_file_that_cannot_be_so_is_one_located_problem(
    scratch: Scratch, fields: dict[str, Any], line: int, message: str
) -> None:
    scratch.adopt(low_system("production", id="SYS-001"))
    scratch.branch()
    scratch.write(incident(**fields))
    scratch.commit("An incident")
    found = scratch.check()
    assert found.code == 1, found
    [problem] = [it for it in found.report["problems"] if message in it["message"]]
    assert (problem["path"], problem["line"]) == (PATH, line)
    assert problem["hint"]


def test_two_files_with_one_id_are_a_problem(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", id="SYS-001"))
    scratch.branch()
    scratch.write(incident() | {"governance/incidents/again.yaml": incident()[PATH]})
    scratch.commit("Twice")
    found = scratch.check()
    assert found.code == 1
    assert "incident INC-1 is told twice" in found.report["problems"][0]["message"]


def test_no_system_moves_on_past_an_incident_that_cannot_be_read(scratch: Scratch) -> None:
    scratch.adopt(low_system("development", id="SYS-001"))
    scratch.write({PATH: "schema: policy-gate/incident/v1\nid: ["})
    scratch.commit("Broken", by="Rae Kim")
    scratch.branch()
    scratch.edit(description="Ranks applicants for a recruiter, and says why.")
    scratch.commit("Edit")
    assert scratch.check("--defer", "approval").code == 0
    found = moved_on(scratch)
    assert found.code == 3, found
    assert any("may tell of an incident of SYS-001" in note for note in found.report["trust"]["notes"])


def test_the_full_check_begins_with_the_clocks(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", id="SYS-001"))
    scratch.write(incident(**LEAK) | incident(id="INC-2", aware_at=None))
    scratch.write(incident(id="INC-3", severity="low", timeline=[step("resolved", 1)], **LEARNT) | FILES)
    scratch.commit("Three incidents", by="Rae Kim")
    told = scratch.run("check", "--all").out
    assert "2 incidents, clocks: 1 overdue" in told
    assert told.index("INC-1 of SYS-001: medium privacy_violation, open") < told.index("INC-2 of SYS-001: high")
    assert "gdpr-33 overdue since " in told
    assert "supervisory authority" in told
    assert "INC-3" not in told
    found = scratch.check("--all")
    assert [it["id"] for it in found.report["incidents"]] == ["INC-1", "INC-2"]
    [clock] = [it for it in found.report["incidents"][0]["clocks"] if it["id"] == "gdpr-33"]
    assert (clock["state"], clock["law"]) == ("overdue", "gdpr")
    markdown = scratch.run("check", "--all", "--format", "markdown").out
    assert "2 incidents, clocks: 1 overdue" in markdown


def test_a_check_with_nothing_else_to_say_still_tells_of_clocks(scratch: Scratch) -> None:
    scratch.adopt(low_system("conception", id="SYS-001"))
    scratch.write(incident(**LEAK | {"aware_at": hours_ago(1)}))
    scratch.commit("An incident", by="Rae Kim")
    told = scratch.run("check", "--all").out
    assert "gdpr-33 runs until " in told


def test_clocks_are_events_of_the_calendar_of_the_full_check_and_of_the_desk(scratch: Scratch) -> None:
    icalendar = pytest.importorskip("icalendar")
    scratch.adopt(low_system("production", id="SYS-001"))
    scratch.write(
        incident(
            **LEAK
            | {"occurred_at": None, "detected_at": "2026-11-20T09:00:00+01:00", "aware_at": "2026-11-20T10:00:00+01:00"}
        )
    )
    scratch.commit("An incident", by="Rae Kim")
    seen = []
    for command in (("check", "--all"), ("incident", "status")):
        told = scratch.run(*command, "--format", "ics").out
        events = {str(it["SUMMARY"]): it for it in icalendar.Calendar.from_ical(told).walk("VEVENT")}
        event = events["INC-1: Tell the supervisory authority of a breach of personal data"]
        assert event["DTSTART"].dt.isoformat() == "2026-11-23T09:00:00+00:00"
        assert told.count("NAME:policy-gate example-org/screener\r\n") == 2
        seen.append((str(event["UID"]), str(event["DESCRIPTION"])))
    assert seen[0] == seen[1]


def test_the_page_begins_with_incidents(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", id="SYS-001"))
    scratch.write(incident(**LEAK))
    scratch.commit("An incident", by="Rae Kim")
    page = scratch.run("check", "--all", "--format", "html").out
    assert page.index('id="incidents"') < page.index('id="do"')
    assert "gdpr-33 overdue since " in page
    assert '<a href="#incidents">' in page


@pytest.mark.parametrize("path", ["governance/incidents/2026/INC-1.yaml", "governance/incidents/INC-1.YML"])
def test_an_incident_is_found_in_a_folder_below_and_by_any_ending_of_yaml(scratch: Scratch, path: str) -> None:
    scratch.adopt(low_system("development", id="SYS-001"))
    scratch.write({path: incident()[PATH]})
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch()
    assert "incident-open" in about_incidents(moved_on(scratch))


def test_a_link_in_the_place_of_an_incident_is_refused(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", id="SYS-001"))
    scratch.branch()
    scratch.write({"elsewhere.yaml": incident()[PATH]})
    (scratch.path / "governance/incidents").mkdir(parents=True)
    (scratch.path / PATH).symlink_to("../../elsewhere.yaml")
    scratch.commit("A link")
    found = scratch.check()
    assert found.code == 1
    assert [it["path"] for it in found.report["problems"]] == [PATH]
