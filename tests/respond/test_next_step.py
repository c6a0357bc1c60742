"""What comes next about an incident, and in which order: late duties, triage, what is due first, what was learnt."""

from __future__ import annotations

from typing import Any

import pytest
from desk_facts import RULES, at, seen

from policy_gate.respond.next_step import NextStep, next_step
from policy_gate.schema.incidents import IncidentFact

LEAD = ("ai-safety-lead", "ciso")
EARLY = at("20T10:05")
ANSWERED = ("triaged 20T10:20", "contained 20T11:00", "leadership-notified 20T11:00")
TOLD = (*ANSWERED, "notified 20T15:00 gdpr-33")
LEARNT: dict[str, Any] = {
    "root_cause": "Answers were cached by question alone.",
    "new_tests": ["tests/test_cache.py::test_apart"],
    "control_changes": ["independent-security-assessment"],
    "files": {"tests/test_cache.py": "aa"},
}


def step_of(fact: IncidentFact, now: str = "20T10:05", *drafted: str) -> NextStep:
    found = next_step(fact, RULES, LEAD, at(now), drafted)
    assert found is not None
    return found


def test_triage_comes_first_and_is_the_leads() -> None:
    found = step_of(seen())
    assert (found.what, found.roles, found.due) == ("Triage it", LEAD, at("20T10:00"))
    assert found.command == "policy-gate incident triage INC-1"


def test_what_is_due_first_comes_first() -> None:
    assert step_of(seen("triaged 20T10:20")).what == "Tell leadership"
    assert step_of(seen("triaged 20T10:20")).roles == ("ciso", "ai-safety-lead")
    assert step_of(seen("triaged 20T10:20", "leadership-notified 20T10:30")).what == "Contain it"
    found = step_of(seen(*ANSWERED))
    assert (found.what, found.due) == ("Tell the supervisory authority (gdpr-33)", at("23T10:00"))
    assert found.roles == ("legal", "dpo")


def test_a_clock_that_ran_out_comes_before_everything() -> None:
    found = step_of(seen(), "23T10:01")
    assert found.what == "Tell the supervisory authority (gdpr-33)"
    assert step_of(seen(), "23T10:00").what == "Triage it"


def test_what_surely_runs_comes_before_what_may() -> None:
    provider = {"role": ["provider"], "us_phi": False, "gpai_provider": False, "annex_iii_points": ["4-a"]}
    both = seen(stated=provider, risk_to_persons=None, serious_incident="death")
    assert step_of(both, "30T12:00").what.endswith("(aia-73-4)")
    alone = seen(stated=provider, risk_to_persons=None)
    assert step_of(alone, "30T12:00").what == "State incident.risk_to_persons: gdpr-33 may run, and hangs on it"


def test_a_notice_that_lies_there_is_to_be_sent() -> None:
    assert step_of(seen(*ANSWERED)).command == "policy-gate incident notify INC-1 --audience regulators"
    command = step_of(seen(*ANSWERED), "20T12:00", "regulators").command
    assert command == "policy-gate incident notify INC-1 --audience regulators --sent --clock gdpr-33"


def test_without_undue_delay_is_due_with_the_containment() -> None:
    found = step_of(seen(*TOLD, risk_to_persons="high"))
    assert (found.what, found.due) == ("Tell affected people (gdpr-34)", at("20T17:00"))
    assert "--audience affected-users" in found.command


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ({"aware_at": None}, "--aware-at TIME"),
        ({"risk_to_persons": None}, "--risk WORD"),
        ({"personal_data_exposed": None}, "--[no-]personal-data"),
    ],
)
def test_a_fact_that_a_clock_hangs_on_is_asked_for(said: dict[str, Any], flag: str) -> None:
    found = step_of(seen(*ANSWERED, **said))
    assert "may run, and hangs on it" in found.what
    assert found.command == f"policy-gate incident triage INC-1 {flag}"


def test_a_fact_of_the_system_is_asked_for_where_it_is_stated() -> None:
    stated = {"role": ["deployer"], "us_phi": False, "annex_iii_points": []}
    found = step_of(seen(*TOLD, stated=stated, serious_incident="death"))
    assert found.command == "policy-gate classify --interview --system SYS-001"


def test_a_first_report_leaves_the_complete_one_to_do() -> None:
    initial = {"at": "2026-11-20T15:00:00Z", "step": "notified", "clock": "gdpr-33", "report": "initial", "by": "rae"}
    found = step_of(seen(*ANSWERED, initial))
    assert found.what == "Send the complete report to the supervisory authority (gdpr-33)"
    complete = {**initial, "report": "complete"}
    assert step_of(seen(*ANSWERED, initial, complete)).what.startswith("Find the cause")


def test_what_was_resolved_is_done_once_something_was_learnt() -> None:
    assert step_of(seen(*TOLD)).command.startswith("policy-gate incident resolve INC-1")
    bare = step_of(seen(*TOLD, "resolved 21T09:00"))
    assert bare.what == "Say what is lacking: root_cause; new_tests; control_changes"
    assert next_step(seen(*TOLD, "resolved 21T09:00", **LEARNT), RULES, LEAD, EARLY) is None
    tests = {**LEARNT, "new_tests": ["smoke-test-suite"]}
    open_ = step_of(seen(*TOLD, "resolved 21T09:00", results={"smoke-test-suite": "failed"}, **tests))
    assert open_.what == "Show that its new tests pass: smoke-test-suite"


def test_a_clock_runs_on_after_the_incident_is_resolved() -> None:
    found = step_of(seen(*ANSWERED, "resolved 20T12:00", **LEARNT))
    assert found.what == "Tell the supervisory authority (gdpr-33)"


def test_whom_no_notice_of_ours_is_for_is_told_all_the_same() -> None:
    found = step_of(seen(*ANSWERED, data_role="processor"))
    assert found.what == "Tell the controller (gdpr-33-2), and record it"
    assert found.command.endswith("--sent --clock gdpr-33-2")
    found = step_of(seen(*ANSWERED, eu_residents_affected=False, clock_starts={"ccpa-7155": "2026-11-20T10:00:00Z"}))
    assert found.what == "Update the risk assessment after a material change (ccpa-7155), and record it"
