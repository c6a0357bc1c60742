"""`policy-gate incident`: opened, triaged, contained, resolved, watched and told of, on real repositories."""

# ruff: noqa: E501 - tables of cases are read one a line

from __future__ import annotations

import os
import pty
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk_world import FILE, LEAK, clock, desk, status
from incident_world import SUPPORT_BOT
from scratch import Result, Scratch

from policy_gate.app.incidents import desk as read_desk
from policy_gate.app.incidents import with_recorded
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import UsageError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.incident_document import TimelineEntry

__all__ = ["desk"]

OPEN = ("incident", "open", "--system", "SYS-002", "--type", "privacy_violation", "--severity", "high",
        "--description", "A customer saw the address of another.")  # fmt: skip
RESOLVE = ("incident", "resolve", "INC-2026-001")
CAUSE = "Answers were cached by question alone: nobody's name was in the key."


def opened(scratch: Scratch, *more: str) -> tuple[Result, str]:
    """An incident that was opened, and the path of its file."""
    done = scratch.run(*OPEN, *more)
    assert done.code == 0, done
    return done, done.out.splitlines()[1].removeprefix("wrote ")


def saying(option: str, value: str) -> tuple[str, ...]:
    """The options of `OPEN`, with another value of one of them."""
    place = OPEN.index(option) + 1
    return (*OPEN[2:place], value, *OPEN[place + 1 :])


def later(**delta: float) -> str:
    return (datetime.now(UTC) + timedelta(**delta)).isoformat(timespec="seconds").replace("+00:00", "Z")


# open


def test_open_writes_what_is_known_in_the_order_of_the_format(desk: Scratch) -> None:
    done, path = opened(desk, "--at", "2026-11-20T09:00:00Z", "--occurred-at", "2026-11-20T07:00:00+00:00",
                        "--aware-at", "2026-11-20T11:00:00+01:00", "--affected-users", "3", "--eu-residents",
                        "--personal-data", "--risk", "high", "--serious", "none", "--data-role", "processor",
                        "--attack-vector", "A shared cache: key # one")  # fmt: skip
    id_ = done.out.splitlines()[0]
    assert path == f"governance/incidents/{id_}.yaml"
    assert id_.startswith("INC-20261120-")
    assert f"next: policy-gate incident triage {id_}" in done.err
    assert desk.read(path).splitlines() == [
        "schema: policy-gate/incident/v1", f"id: {id_}", "system: SYS-002", "type: privacy_violation", "severity: high",
        "description: A customer saw the address of another.", "occurred_at: 2026-11-20T07:00:00Z",
        "detected_at: 2026-11-20T09:00:00Z", "aware_at: 2026-11-20T11:00:00+01:00", "affected_users_estimate: 3",
        "eu_residents_affected: true", "personal_data_exposed: true", "risk_to_persons: high", "serious_incident: none",
        "data_role: processor", "attack_vector: 'A shared cache: key # one'", "timeline: []", 'root_cause: ""',
        "new_tests: []", "control_changes: []",
    ]  # fmt: skip


def test_what_is_left_out_is_not_assessed(desk: Scratch) -> None:
    _, path = opened(desk, "--no-eu-residents")
    said, _ = read_yaml(path, desk.read(path).encode())
    assert said["eu_residents_affected"] is False
    assert not {"occurred_at", "aware_at", "personal_data_exposed", "risk_to_persons", "data_role"} & said.keys()
    assert abs((datetime.now(UTC) - datetime.fromisoformat(said["detected_at"])).total_seconds()) < 60


def test_two_who_open_at_once_get_two_ids(desk: Scratch) -> None:
    with ThreadPoolExecutor(2) as both:
        paths = [path for _, path in both.map(lambda _: opened(desk), range(2))]
    assert len(set(paths)) == 2
    assert all((desk.path / path).is_file() for path in paths)


def test_an_id_of_ones_own_is_taken_once(desk: Scratch) -> None:
    assert opened(desk, "--id", "LEAK-7")[1] == "governance/incidents/LEAK-7.yaml"
    before = desk.read("governance/incidents/LEAK-7.yaml")
    for id_, known in (("LEAK-7", "LEAK-7"), ("INC-2026-001", "INC-2026-001"), ("leak-7", "LEAK-7")):
        again = desk.run(*OPEN, "--id", id_)
        assert (again.code, f"there is an incident {known} already" in again.err) == (2, True)
    assert not {path.name for path in (desk.path / "governance/incidents").iterdir()} & {"leak-7.yaml"}
    assert desk.read("governance/incidents/LEAK-7.yaml") == before
    assert desk.read(FILE) == LEAK


def test_a_file_of_that_name_that_cannot_be_read_is_not_written_over(desk: Scratch) -> None:
    desk.write({"governance/incidents/LEAK-8.yaml": "no: ["})
    done = desk.run(*OPEN, "--id", "LEAK-8")
    assert (done.code, desk.read("governance/incidents/LEAK-8.yaml")) == (2, "no: [")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "--system, --type, --severity, --description are missing"),
        ((*OPEN[2:8], "--description", " "), "--description is missing"),
        (("--system", "SYS-02", *OPEN[4:]), 'no system "SYS-02"\n  hint: did you mean "SYS-002"?'),
        (saying("--type", "privacy_violaton"), 'did you mean "privacy_violation"?'),
        (saying("--severity", "hihg"), 'no severity "hihg"\n  hint: did you mean "high"?'),
        (saying("--severity", "urgent"), "there are critical, high, medium, low"),
        ((*OPEN[2:], "--risk", "hihg"), 'there is no "hihg" (none, risk, high); did you mean "high"?'),
        ((*OPEN[2:], "--serious", "deaht"), 'did you mean "death"?'),
        ((*OPEN[2:], "--at", "2026-11-20T10:00"), "is no time with its zone (expected as 2026-11-20T10:00:00Z)"),
        ((*OPEN[2:], "--at", later(hours=1)), "lies in the future"),
        ((*OPEN[2:], "--aware-at", later(hours=1)), "lies in the future"),
        ((*OPEN[2:], "--at", "2026-11-20T10:00:00Z", "--occurred-at", "2026-11-20T10:00:01Z"), "detected_at 2026-11-20T10:00:00Z is before occurred_at"),
        ((*OPEN[2:], "--affected-users", "-1"), "--affected-users"),
        ((*OPEN[2:], "--affected-users", "99999999999999999999"), "--affected-users"),
        (saying("--description", "red \x1b[31m"), "holds the character U+001B; nothing was written"),
        ((*OPEN[2:], "--id", "a b"), "letters, digits, dots, - and _"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_an_error_and_nothing_is_written(desk: Scratch, args: tuple[str, ...], said: str) -> None:
    done = desk.run("incident", "open", *args)
    assert (done.code, said in done.err) == (2, True), done
    assert [path.name for path in (desk.path / "governance/incidents").iterdir()] == ["INC-2026-001.yaml"]


def test_on_a_terminal_it_asks_for_what_is_missing(desk: Scratch) -> None:
    said = typed(desk.path, ["SYS-002", "9", "4", "high", "A customer saw it."], "--no-personal-data")
    assert "  4  privacy_violation: Privacy violation" in said
    assert "give a number from 1 to 8, or one of the words" in said
    path = said.split("wrote ")[1].split()[0]
    found, _ = read_yaml(path, desk.read(path).encode())
    assert (found["system"], found["type"], found["severity"]) == ("SYS-002", "privacy_violation", "high")
    assert (found["description"], found["personal_data_exposed"]) == ("A customer saw it.", False)


def typed(folder: Path, lines: list[str], *args: str) -> str:
    """What `incident open` says at a terminal where these lines are typed."""
    ours, theirs = pty.openpty()
    env = os.environ | {"NO_COLOR": "1", "TERM": "dumb"}
    command = [sys.executable, "-P", "-m", "policy_gate", "incident", "open", *args]
    os.write(ours, "".join(f"{line}\n" for line in lines).encode())
    done = subprocess.run(command, cwd=folder, env=env, stdin=theirs, capture_output=True, check=True, timeout=60)
    os.close(ours)
    os.close(theirs)
    return (done.stdout + done.stderr).decode()


def test_the_schema_of_a_file_is_printed(desk: Scratch) -> None:
    schema = desk.run("policy", "schema", "incident").report
    assert {"id", "system", "type", "severity", "description", "detected_at"} <= set(schema["required"])
    assert schema["properties"]["severity"]["enum"] == ["low", "medium", "high", "critical"]


def test_a_desk_in_another_folder_of_the_repository(desk: Scratch) -> None:
    done = desk.run("incident", "triage", "-C", "governance/incidents", "INC-2026-001", "--at", "2026-11-20T10:20:00Z")
    assert (done.code, "step: triaged" in desk.read(FILE)) == (0, True), done
    assert desk.run("incident", "status", "-C", "nowhere").code == 2


# triage and containment


def test_triage_as_json_has_the_promised_keys_and_is_recorded_once(desk: Scratch) -> None:
    done = desk.run("incident", "triage", "INC-2026-001", "--at", "2026-11-20T10:20:00Z", "--format", "json")
    assert done.code == 0, done
    found = done.report
    assert (found["id"], found["severity"]) == ("INC-2026-001", "high")
    assert found["sla_minutes"] == {"triage": 60, "containment": 480, "leadership_notify": 120}
    assert found["immediate_actions"][0] == "Alert AI Security team (SLA: 60 min for triage)"
    assert "Determine affected individuals for notification" in found["immediate_actions"]
    gdpr = clock(found)
    assert {"id", "law", "state", "starts_at", "deadline", "remaining_hours"} <= gdpr.keys()
    assert (gdpr["starts_at"], gdpr["deadline"]) == ("2026-11-20T10:00:00Z", "2026-11-23T10:00:00Z")
    entry = "  - {at: 2026-11-20T10:20:00Z, step: triaged, by: bo@example.com}"
    after = LEAK.replace("timeline: []   # in order", f"timeline:  # in order\n{entry}")
    assert desk.read(FILE) == after
    again = desk.run("incident", "triage", "INC-2026-001", "--at", "2026-11-20T11:00:00Z")
    assert (again.code, "triaged 2026-11-20T10:20:00Z already" in again.err) == (0, True)
    assert desk.read(FILE) == after


def test_triage_says_why_a_clock_does_not_run_and_which_fact_lacks(desk: Scratch) -> None:
    desk.write({FILE: LEAK.replace("risk_to_persons: risk\n", "")})
    words = " ".join(desk.run("incident", "triage", "INC-2026-001").out.split())
    assert "unknown gdpr-33: not stated: incident.risk_to_persons" in words
    assert "not-required aia-26-5 it is no serious incident" in words.replace("aia-26-5:", "aia-26-5")
    assert "- Alert AI Security team" in words


@pytest.mark.parametrize("command", ["triage", "status"])
def test_what_the_clocks_hang_on_is_told_with_the_options_that_state_it(desk: Scratch, command: str) -> None:
    open_ = [line for line in LEAK.splitlines() if not line.startswith(("aware_at", "personal_data"))]
    desk.write({FILE: "\n".join(open_) + "\n"})
    told = " ".join(desk.run("incident", command, "INC-2026-001").out.split())
    state = "incident triage INC-2026-001 --aware-at TIME --[no-]personal-data"
    assert f"to state policy-gate {state}" in told
    given = ("--aware-at", "2026-11-20T10:00:00Z", "--personal-data")
    assert desk.run("incident", "triage", "INC-2026-001", *given).code == 0
    assert "to state" not in desk.run("incident", command, "INC-2026-001").out


def test_triage_states_what_the_file_leaves_open_where_files_have_it(desk: Scratch) -> None:
    desk.write({FILE: LEAK.replace("risk_to_persons: risk\n", "").replace("aware_at: 2026-11-20T10:00:00Z\n", "")})
    done = desk.run("incident", "triage", "INC-2026-001", "--risk", "high", "--aware-at", "2026-11-20T10:00:00Z",
                    "--personal-data", "--at", "2026-11-20T10:20:00Z", "--by", "night desk")  # fmt: skip
    assert done.code == 0, done
    lines = desk.read(FILE).splitlines()
    assert lines[8:13] == [
        "aware_at: 2026-11-20T10:00:00Z", "affected_users_estimate: 3", "eu_residents_affected: true",
        "personal_data_exposed: true", "risk_to_persons: high",
    ]  # fmt: skip
    assert "step: triaged, by: night desk" in desk.read(FILE)
    assert clock(status(desk, "--as-of", "2026-11-20T12:00:00Z"), "gdpr-34")["state"] == "running"


def test_what_is_stated_is_not_written_over(desk: Scratch) -> None:
    done = desk.run("incident", "triage", "INC-2026-001", "--risk", "none", "--affected-users", "1")
    assert done.code == 2
    assert f"{FILE} already says affected_users_estimate 3; risk_to_persons risk" in done.err
    assert desk.read(FILE) == LEAK


def test_contain_lists_the_ways_and_records_the_one_taken(desk: Scratch) -> None:
    listed = desk.run("incident", "contain", "INC-2026-001")
    assert "  2  Deploy emergency PII pattern detection on outputs" in listed.out
    assert desk.run("incident", "contain", "INC-2026-001", "--format", "json").report["containment_options"][1] == (
        "Deploy emergency PII pattern detection on outputs"
    )
    assert desk.read(FILE) == LEAK
    for at, option in (("10:30", "2"), ("11:00", "Took the cache down: all of it")):
        assert (
            desk.run("incident", "contain", "INC-2026-001", "--option", option, "--at", f"2026-11-20T{at}:00Z").code
            == 0
        )
    said, _ = read_yaml(FILE, desk.read(FILE).encode())
    assert [it["what"] for it in said["timeline"]] == [
        "Deploy emergency PII pattern detection on outputs", "Took the cache down: all of it",
    ]  # fmt: skip
    assert "# as in the ticket" in desk.read(FILE)
    assert "# what was learnt" in desk.read(FILE)


CONTAIN = ("incident", "contain", "INC-2026-001", "--option", "1")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((*CONTAIN, "--at", later(hours=20)), 2, "lies in the future; nothing was written"),
        ((*CONTAIN, "--at", "2026-11-20T06:59:59Z"), 2, "is before occurred_at (2026-11-20T07:00:00Z)"),
        ((*CONTAIN, "--at", "2026-11-20T10:00:00"), 2, "is no time with its zone"),
        ((*CONTAIN[:3], "--option", "5"), 2, "there is no option 5\n  hint: there are 1 to 4"),
        ((*CONTAIN[:3], "--option", "-1"), 2, "there is no option -1\n  hint: there are 1 to 4"),
        ((*CONTAIN[:3], "--option", "2."), 2, "there is no option 2.\n  hint: there are 1 to 4"),
        ((*CONTAIN[:3], "--option", " "), 2, "--option says nothing"),
        ((*CONTAIN[:3], "--option", "a\x1b[31m way"), 2, "holds the character U+001B; nothing was written\n  hint: take it out"),
        ((*CONTAIN, "--by", "rae\x07"), 2, "holds the character U+0007"),
        (("incident", "report", "INC-2026-001", "-o", "governance"), 2, "hint: name a file in a folder that is there"),
        ((*CONTAIN[:3], "--by", "rae"), 2, "add --option N"),
        (("incident", "contain", "INC-2026-01"), 2, 'no incident "INC-2026-01"\n  hint: did you mean "INC-2026-001"?'),
        (("incident", "triage", "nothing"), 2, "known: INC-2026-001"),
        (("incident", "resolve", "INC-2026-01"), 2, 'did you mean "INC-2026-001"?'),
        (("incident", "status", "INC-2026-01"), 2, 'did you mean "INC-2026-001"?'),
        (("incident", "report", "INC-2026-01"), 2, 'did you mean "INC-2026-001"?'),
        (("incident", "export", "INC-2026-01"), 2, 'did you mean "INC-2026-001"?'),
        (("incident", "status", "--as-of", "yesterday"), 2, "is neither a day nor a time with its zone"),
        (("incident", "status", "--format", "xml"), 2, 'no format "xml"'),
        (("incident", "opne"), 2, "opne"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_an_error_and_the_file_stays(
    desk: Scratch, args: tuple[str, ...], code: int, said: str
) -> None:
    done = desk.run(*args)
    assert (done.code, said in done.err) == (code, True), done
    assert desk.read(FILE) == LEAK


def test_no_step_comes_before_the_last_on_record(desk: Scratch) -> None:
    desk.run(*CONTAIN, "--at", "2026-11-20T12:00:00Z")
    before = desk.read(FILE)
    done = desk.run("incident", "triage", "INC-2026-001", "--at", "2026-11-20T12:59:59+01:00")
    assert (done.code, "is before the last step on record (contained, 2026-11-20T12:00:00Z)" in done.err) == (2, True)
    assert "hint: write it into the file at its place" in done.err
    assert desk.read(FILE) == before


def test_without_a_name_in_git_somebody_has_to_be_named(desk: Scratch) -> None:
    desk.git("config", "--unset", "user.email")
    done = desk.run(*CONTAIN)
    assert (done.code, "give --by WHO" in done.err) == (2, True)
    assert desk.read(FILE) == LEAK
    assert desk.run(*CONTAIN, "--by", "night desk").code == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("timeline: []   # in order\n", "timeline:  # in order\n  - {STEP}\n"),
        ("", "timeline:\n  - {STEP}\n"),
        ("timeline:\n- {at: 2026-11-20T09:30:00Z, step: note, by: rae, what: Seen}   # ours\n\n", "timeline:\n- {at: 2026-11-20T09:30:00Z, step: note, by: rae, what: Seen}   # ours\n- {STEP}\n\n"),
        ("timeline:\n    - at: 2026-11-20T09:30:00Z\n      step: note\n      by: rae\n      what: |\n        Seen\n", "timeline:\n    - at: 2026-11-20T09:30:00Z\n      step: note\n      by: rae\n      what: |\n        Seen\n    - {STEP}\n"),
    ],
    ids=["empty", "left out", "flow", "block"],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_step_is_appended_in_the_style_of_the_file(desk: Scratch, before: str, after: str, end: str) -> None:
    desk.write({FILE: LEAK.replace("timeline: []   # in order\n", before).replace("\n", end)})
    done = desk.run("incident", "triage", "INC-2026-001", "--at", "2026-11-20T10:20:00Z")
    assert done.code == 0, done
    step = after.replace("{STEP}", "{at: 2026-11-20T10:20:00Z, step: triaged, by: bo@example.com}")
    wanted = LEAK.replace("timeline: []   # in order\n", step).replace("\n", end)
    assert (desk.path / FILE).read_bytes().decode() == wanted


def test_a_file_in_braces_is_left_alone_and_the_lines_are_told(desk: Scratch) -> None:
    text = LEAK.replace(
        "timeline: []   # in order", "timeline: [{at: 2026-11-20T09:30:00Z, step: note, by: rae, what: Seen}]"
    )
    desk.write({FILE: text})
    done = desk.run("incident", "triage", "INC-2026-001", "--at", "2026-11-20T10:20:00Z")
    assert done.code == 2
    assert "takes no lines as it is written; nothing was written" in done.err
    assert "add: timeline: - {at: 2026-11-20T10:20:00Z, step: triaged, by: bo@example.com}" in done.err
    assert desk.read(FILE) == text


def test_a_file_that_changed_meanwhile_is_not_written_over(desk: Scratch) -> None:
    request = Request(desk.path, datetime.now(UTC), worktree=True, everything=True)
    here = read_desk(request)
    fact = here.find("INC-2026-001")
    meanwhile = LEAK.replace("3", "4")
    desk.write({FILE: meanwhile})
    step = TimelineEntry(at=datetime.now(UTC), step="triaged", by="rae")
    with pytest.raises(UsageError, match="is not what it was; nothing was written"):
        with_recorded(here, fact, [step])
    assert desk.read(FILE) == meanwhile


# what is wrong in files


def test_a_broken_file_stops_its_own_steps_and_hides_no_other(desk: Scratch) -> None:
    desk.write({"governance/incidents/INC-2.yaml": LEAK.replace("INC-2026-001", "INC-2").replace("high", "urgent")})
    for words in (("status",), ("metrics",), ("export",)):
        done = desk.run("incident", *words)
        assert done.code == 1, done
        assert "governance/incidents/INC-2.yaml:5:11: severity is" in done.err
        assert "INC-2026-001" in done.out or "1 incident as of" in done.out
    assert desk.run("incident", "triage", "INC-2026-001").code == 0
    assert desk.run(*OPEN).code == 0
    done = desk.run("incident", "triage", "INC-2")
    assert (done.code, "governance/incidents/INC-2.yaml:5:11: severity is" in done.err) == (1, True)
    done = desk.run("incident", "triage", "INC-3")
    assert (done.code, "governance/incidents/INC-2.yaml cannot be read" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("type: privacy_violation", "type: privacy_violaton", f'{FILE}:4:7: there is no type of incident "privacy_violaton"'),
        ("aware_at: 2026-11-20T10:00:00Z", "aware_at: 2026-11-20T06:00:00Z", "aware_at is before occurred_at"),
        ("system: SYS-002", "system: SYS-02", 'no system "SYS-02" is declared'),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_told_where_it_stands(desk: Scratch, was: str, now: str, said: str) -> None:
    text = LEAK.replace(was, now)
    desk.write({FILE: text})
    for words in (("triage", "INC-2026-001"), ("contain", "INC-2026-001", "--option", "1"), ("status",)):
        done = desk.run("incident", *words)
        assert (done.code, said in done.err) == (1, True), done
    assert desk.read(FILE) == text


def test_an_id_that_is_told_twice_is_nobodys(desk: Scratch) -> None:
    desk.write({"governance/incidents/copy.yaml": LEAK})
    done = desk.run("incident", "triage", "INC-2026-001")
    assert (done.code, "is told twice" in done.err) == (1, True)
    assert desk.read(FILE) == LEAK


# status


def test_status_counts_the_time_left_with_its_sign(desk: Scratch) -> None:
    running = clock(status(desk, "--as-of", "2026-11-21T10:00:00Z"))
    assert (running["state"], running["remaining_hours"]) == ("running", 48)
    overdue = clock(status(desk, "--as-of", "2026-11-23T13:10:00Z"))
    assert (overdue["state"], overdue["remaining_hours"]) == ("overdue", -3.1667)
    said = desk.run("incident", "status", "--as-of", "2026-11-23T14:10:00+01:00").out
    assert "gdpr-33: 3 h 10 min late, due since 2026-11-23T10:00:00Z" in said


def test_status_says_what_comes_next_and_who_does_it(desk: Scratch) -> None:
    found = status(desk, "--as-of", "2026-11-20T09:30:00Z")
    assert found["next"]["what"] == "Triage it"
    assert found["next"]["by"] == [
        {"role": "ai-safety-lead", "people": ["Rae Kim"]},
        {"role": "engineering", "people": ["Sam Lee"]},
        {"role": "ciso", "people": ["Ada Example"]},
    ]
    words = " ".join(desk.run("incident", "status", "--as-of", "2026-11-24").out.split())
    assert "next Tell the supervisory authority (gdpr-33), due since 2026-11-23T10:00:00Z" in words
    assert "by Lin Park (Legal), Dee Ortiz (DPO)" in words


def test_response_times_stand_under_a_key_of_their_own(desk: Scratch) -> None:
    found = status(desk, "--as-of", "2026-11-20T10:30:00Z")
    assert {it["id"]: it["state"] for it in found["targets"]} == {
        "sla-triage": "overdue", "sla-containment": "running", "sla-leadership-notify": "running",
    }  # fmt: skip
    assert not [it for it in found["clocks"] if it["id"].startswith("sla-")]


def test_status_shows_the_most_pressing_first_and_nothing_that_is_done(desk: Scratch) -> None:
    done = LEAK.replace("INC-2026-001", "INC-0").replace("eu_residents_affected: true", "eu_residents_affected: false")
    done = done.replace("timeline: []", "timeline: [{at: 2026-11-20T12:00:00Z, step: resolved, by: rae}]")
    done = done.replace('""', "Answers were cached by question alone.").replace(
        "new_tests: []", "new_tests: [tests/test_cache.py]"
    )
    done = done.replace("control_changes: []", "control_changes: [independent-security-assessment]")
    slow = LEAK.replace("INC-2026-001", "INC-1").replace("severity: high", "severity: low")
    slow = slow.replace("eu_residents_affected: true", "eu_residents_affected: false")
    desk.write({"governance/incidents/a.yaml": done, "governance/incidents/b.yaml": slow})
    shown = desk.run("incident", "status", "--as-of", "2026-11-24", "--format", "json").report["incidents"]
    assert [it["id"] for it in shown] == ["INC-2026-001", "INC-1"]
    named = desk.run("incident", "status", "INC-0", "--as-of", "2026-11-24")
    assert "nothing is left to be done" in named.out
    calendar = desk.run("incident", "status", "INC-0", "INC-1", "--as-of", "2026-11-24", "--format", "ics").out
    assert "SUMMARY:policy-gate: 1 incident is open" in calendar


def test_as_of_leaves_out_what_came_later(desk: Scratch) -> None:
    desk.run("incident", "triage", "INC-2026-001", "--at", "2026-11-20T10:20:00Z")
    assert status(desk, "--as-of", "2026-11-20T10:19:59Z")["state"] == "open"
    assert status(desk, "--as-of", "2026-11-20T10:20:00Z")["state"] == "triaged"
    early = desk.run("incident", "status", "--as-of", "2026-11-19")
    assert (early.code, early.out) == (0, "no incident is open\n")


def test_ids_are_completed_in_a_shell(desk: Scratch) -> None:
    opened(desk, "--id", "LEAK-7")
    done = desk.run(_POLICY_GATE_COMPLETE="bash_complete", COMP_WORDS="policy-gate incident triage INC", COMP_CWORD="3")
    assert done.out.split() == ["plain,INC-2026-001"]


OWN = """\
schema: policy-gate/policy/v1
incident_types:
  - {id: wrong_language, title: Wrong language, about: It answers in another., first_actions: [Look], containment_options: [Ask again]}
incident_clocks:
  - {id: house-board, title: Tell the board, law: house, starts: detected_at, hours: 2, recipient: board, tells: [affected-users], checked: ours, checked_on: 2026-11-22}
"""


@pytest.mark.parametrize("of", ["repository", "organisation"])
def test_types_and_clocks_are_those_of_the_policies(desk: Scratch, of: str) -> None:
    folder = "policies" if of == "repository" else "../org"
    desk.write({f"{folder}/own.yaml": OWN})
    desk.commit("Own")
    more = () if of == "repository" else ("--policies", folder)
    words = ("--type", "wrong_language", "--id", "INC-3", "--detected-at", "2026-11-20T09:00:00Z", *more)
    assert desk.run(*OPEN[:4], *OPEN[6:], *words).code == 0
    found = desk.run("incident", "triage", "INC-3", "--at", "2026-11-20T09:10:00Z", "--format", "json", *more).report
    assert found["immediate_actions"][-1] == "Look"
    assert clock(found, "house-board")["deadline"] == "2026-11-20T11:00:00Z"
    told = desk.run("incident", "notify", "INC-3", "--audience", "affected-users", *more)
    assert "- For house-board, until 2026-11-20T11:00:00Z: to the board" in desk.read(
        "governance/incidents/INC-3.affected-users.md"
    ), told


# resolve


def test_resolve_writes_cause_tests_and_controls(desk: Scratch) -> None:
    done = desk.run(*RESOLVE, "--root-cause", CAUSE, "--test", "tests/test_cache.py::test_apart", "--test", "smoke-test-suite",
                    "--control", "independent-security-assessment", "--at", "2026-11-21T09:00:00Z")  # fmt: skip
    assert done.code == 0, done
    assert "next: Tell the supervisory authority (gdpr-33)" in done.err
    text = desk.read(FILE)
    assert f'# what was learnt\nroot_cause: "{CAUSE}"\n' in text.replace("'", '"').replace('nobody""s', "nobody's")
    assert "new_tests: [tests/test_cache.py::test_apart, smoke-test-suite]\n" in text
    assert "control_changes: [independent-security-assessment]\n" in text
    said, _ = read_yaml(FILE, text.encode())
    assert said["root_cause"] == CAUSE
    assert said["timeline"] == [{"at": "2026-11-21T09:00:00Z", "step": "resolved", "by": "bo@example.com"}]
    again = desk.run(*RESOLVE)
    assert (again.code, "is resolved since 2026-11-21T09:00:00Z" in again.err) == (2, True)


def test_resolve_takes_what_the_file_says_and_adds_to_it(desk: Scratch) -> None:
    said = LEAK.replace('root_cause: ""', f"root_cause: >\n  {CAUSE}").replace(
        "new_tests: []", "new_tests:   # two\n  - tests/test_cache.py  # ours"
    )
    desk.write({FILE: said})
    done = desk.run(
        *RESOLVE, "--test", "smoke-test-suite", "--control", "governance.yaml", "--at", "2026-11-21T09:00:00Z"
    )
    assert done.code == 0, done
    text = desk.read(FILE)
    assert "new_tests:   # two\n  - tests/test_cache.py  # ours\n  - smoke-test-suite\n" in text
    assert f"root_cause: >\n  {CAUSE}\n" in text


def test_a_resolved_incident_gets_what_it_lacks_and_no_second_step(desk: Scratch) -> None:
    desk.write({FILE: LEAK.replace("timeline: []", "timeline: [{at: 2026-11-20T12:00:00Z, step: resolved, by: rae}]")})
    assert status(desk)["duties_open"] == ["root_cause", "new_tests", "control_changes"]
    done = desk.run(*RESOLVE, "--root-cause", CAUSE, "--test", "tests/test_cache.py", "--control", "governance.yaml")
    assert done.code == 0, done
    assert desk.read(FILE).count("step: resolved") == 1
    assert status(desk)["duties_open"] == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "--root-cause says too little: at least five different words; --test is missing; --control is missing"),
        (("--root-cause", "bug bug bug bug bug", "--test", "tests/test_cache.py", "--control", "governance.yaml"), "--root-cause says too little"),
        (("--root-cause", CAUSE, "--test", "tests/test_cash.py", "--control", "independent-security-assessmen"), "--test tests/test_cash.py is neither a file nor an id; --control independent-security-assessmen is neither a file nor an id"),
        (("--root-cause", CAUSE, "--test", "smoke-test-suit", "--control", "governance.yaml"), 'did you mean "smoke-test-suite"?'),
        (("--root-cause", CAUSE, "--test", "tests", "--control", "governance.yaml"), "--test tests is neither a file nor an id"),
        (("--root-cause", CAUSE, "--test", "../repo/governance.yaml", "--control", "governance.yaml"), "is neither a file nor an id"),
        (("--root-cause", CAUSE, "--test", "tests/test_cache.py", "--control", "governance.yaml", "--at", later(hours=1)), "lies in the future"),
    ],
)  # fmt: skip
def test_where_something_lacks_nothing_is_resolved(desk: Scratch, args: tuple[str, ...], said: str) -> None:
    done = desk.run(*RESOLVE, *args)
    assert (done.code, said in done.err) == (2, True), done
    assert desk.read(FILE) == LEAK


def test_the_hint_is_about_what_lacks_and_not_about_what_is_there(desk: Scratch) -> None:
    desk.write({"reports/smoke-test-suite.xml": "<testsuite/>"})
    there = ("--test", "reports/smoke-test-suite.xml", "--control", "governance.yaml")
    done = desk.run(*RESOLVE, "--root-cause", "too little", *there)
    assert (done.code, "did you mean" in done.err) == (2, False), done
    done = desk.run(*RESOLVE, "--root-cause", "too little", *there, "--test", "smoke-test-suit")
    assert (done.code, done.err.count("did you mean")) == (2, 1), done


def test_another_cause_than_the_file_gives_is_refused(desk: Scratch) -> None:
    text = LEAK.replace('root_cause: ""', f'root_cause: "{CAUSE}"')
    desk.write({FILE: text})
    done = desk.run(*RESOLVE, "--root-cause", "Something else went wrong here.", "--test", "tests/test_cache.py",
                    "--control", "governance.yaml")  # fmt: skip
    assert (done.code, "already says another root_cause" in done.err, desk.read(FILE)) == (2, True, text)


# metrics, report and export


def test_metrics_over_all_incidents_by_severity_and_type(desk: Scratch) -> None:
    desk.run("incident", "triage", "INC-2026-001", "--at", "2026-11-20T09:40:00Z")
    other = LEAK.replace("INC-2026-001", "INC-2").replace("high", "low").replace("privacy_violation", "availability")
    desk.write({"governance/incidents/INC-2.yaml": other})
    found = desk.run("incident", "metrics", "--as-of", "2026-11-20T12:00:00Z", "--format", "json").report
    assert found["incidents"] == 2
    assert found["all"]["triage"] == {
        "count": 1, "within": 1, "late": 0, "overdue": 0, "pending": 1, "median_minutes": 40.0, "worst_minutes": 40.0,
    }  # fmt: skip
    assert list(found["by_severity"]) == ["high", "low"]
    assert found["by_type"]["availability"]["triage"]["pending"] == 1
    assert found["by_severity"]["high"]["leadership"]["overdue"] == 1
    text = desk.run("incident", "metrics", "--as-of", "2026-11-20T12:00:00Z").out
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "  Triage              1        1     0        0     1       40 min       40 min" in text


def test_metrics_of_a_repository_without_incidents(scratch: Scratch) -> None:
    scratch.commit("Govern", files={"governance.yaml": SUPPORT_BOT})
    assert scratch.run("incident", "metrics").out == "no incident is on record\n"
    assert scratch.run("incident", "status").out == "no incident is open\n"
    assert scratch.run("incident", "export").report["incidents"] == []


def test_report_tells_the_whole_story_and_obeys_nothing(desk: Scratch) -> None:
    hostile = LEAK.replace(
        "A customer saw the address of another.", '"<script>x</script> [a](http://x.example) @all ::error::x"'
    )
    desk.write({FILE: hostile})
    desk.run("incident", "contain", "INC-2026-001", "--option", "1", "--at", "2026-11-20T11:00:00Z")
    done = desk.run("incident", "report", "INC-2026-001", "--as-of", "2026-11-24", "-o", "after.md")
    assert (done.code, done.out) == (0, "wrote after.md\n")
    text = desk.read("after.md")
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == ["# Post-incident report: INC-2026-001", *(f"## {it}" for it in (
        "Summary", "Timeline", "Legal clocks", "Response times", "What was done", "Root cause", "New tests",
        "Controls that changed", "What is still open"))]  # fmt: skip
    assert "<script>" not in text
    assert "a](http" not in text
    assert "@all" not in text
    assert "- 2026-11-20T11:00:00Z: Identify and disable queries that expose sensitive data" in text
    assert "- Nobody has told the supervisory authority (gdpr-33)." in text
    assert "| `gdpr-33` | supervisory authority | overdue | 2026-11-23T10:00:00Z |" in text
    assert desk.run("incident", "report", "INC-2026-001", "--as-of", "2026-11-24").out == text


def test_export_speaks_in_our_words_the_oecds_and_the_ai_acts(desk: Scratch) -> None:
    desk.write({FILE: LEAK.replace("serious_incident: none", "serious_incident: fundamental_rights")})
    (found,) = desk.run("incident", "export", "INC-2026-001", "--format", "json").report["incidents"]
    assert (found["schema"], found["type"], found["severity"]) == (
        "policy-gate/incident/v1",
        "privacy_violation",
        "high",
    )
    assert found["oecd"]["harm_types"] == ["human or fundamental rights", "psychological harm"]
    assert found["oecd"]["event"] == "serious AI incident"
    assert found["ai_act"]["article"] == "Regulation (EU) 2024/1689, Article 3(49)(c)"
    assert clock(found)["law"] == "gdpr"


def test_a_system_that_is_gone_leaves_its_incidents_behind(desk: Scratch) -> None:
    desk.write({FILE: LEAK.replace("timeline: []", "timeline: [{at: 2026-11-20T12:00:00Z, step: resolved, by: rae}]")})
    desk.rewrite(lambda data: {**data, "systems": [{**data["systems"][0], "id": "SYS-9"}]})
    desk.commit("Another id")
    found = status(desk, "--as-of", "2026-11-24")
    assert found["system_name"] == "(in no manifest)"
    assert clock(found)["state"] == "overdue"


# other words


@pytest.mark.parametrize(
    ("word", "said"),
    [("close", "resolve says why"), ("list", "status all"), ("reopen", "open, and name the first"), ("update", "note"),
     ("postmortem", "report is the document"), ("delete", "take its file out")],
)  # fmt: skip
def test_a_word_of_another_tool_says_what_does_that_here(desk: Scratch, word: str, said: str) -> None:
    done = desk.run("incident", word, "INC-2026-001")
    assert (done.code, f'no command "{word}": ' in done.err, said in done.err) == (2, True, True), done


def test_a_command_that_is_misspelt_is_no_word_of_another_tool(desk: Scratch) -> None:
    done = desk.run("incident", "opne")
    assert (done.code, "open" in done.err) == (2, True), done
