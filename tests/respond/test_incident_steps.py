"""When a step may have been taken, what an incident was at an earlier time, and what others call it."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from desk_facts import RULES, at, incident, seen

from policy_gate.report.views.incidents import duration, time_left
from policy_gate.respond.oecd import ai_act_terms, oecd_terms
from policy_gate.respond.post_incident import moments, still_open
from policy_gate.respond.steps import as_of, wrong_moment, wrong_times
from policy_gate.respond.triage import triage_of
from policy_gate.schema.incident_document import Step
from policy_gate.schema.vocabulary import SEVERITIES

NOW = at("25T00:00")


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("25T00:01", "lies in the future"),
        ("20T06:59", "is before occurred_at"),
        ("20T11:59", "is before the last step on record (contained, 2026-11-20T12:00:00Z)"),
        ("20T12:00", None),
        ("25T00:00", None),
    ],
)
def test_when_a_step_may_have_been_taken(moment: str, said: str | None) -> None:
    found = wrong_moment(incident("triaged 20T10:00", "contained 20T12:00"), at(moment), NOW)
    assert (found is None) if said is None else (found is not None and said in found)


def test_a_step_may_fall_together_with_the_beginning() -> None:
    assert wrong_moment(incident(), at("20T07:00"), NOW) is None


def test_without_a_beginning_no_step_is_before_the_detection() -> None:
    found = wrong_moment(incident(occurred_at=None), at("20T08:59"), NOW)
    assert found == "2026-11-20T08:59:00Z is before the incident was detected (2026-11-20T09:00:00Z)"


@pytest.mark.parametrize("step", ["triaged", "leadership-notified", "notified", "resolved"])
def test_nobody_answers_what_nobody_has_seen(step: Step) -> None:
    """As where clocks are put back, and 02:40 is written in the zone of the hour before."""
    assert wrong_moment(incident(), at("20T08:59"), NOW, step) == (
        "2026-11-20T08:59:00Z is before the incident was detected (2026-11-20T09:00:00Z)"
    )
    assert wrong_moment(incident(), at("20T09:00"), NOW, step) is None


@pytest.mark.parametrize("step", ["contained", "note"])
def test_a_guard_may_contain_what_nobody_has_seen(step: Step) -> None:
    assert wrong_moment(incident(), at("20T08:59"), NOW, step) is None


def test_zones_do_not_matter() -> None:
    tokyo = at("20T12:00").astimezone(timezone(timedelta(hours=9)))
    assert wrong_moment(incident("contained 20T12:00"), tokyo, NOW) is None
    assert wrong_moment(incident("contained 20T12:00"), tokyo - timedelta(seconds=1), NOW) is not None


def test_all_that_is_wrong_with_the_times_is_told() -> None:
    stated = {"occurred_at": at("20T10:00"), "detected_at": at("20T09:00"), "aware_at": at("26T09:00")}
    assert wrong_times(stated, NOW) == (
        "detected_at 2026-11-20T09:00:00Z is before occurred_at (2026-11-20T10:00:00Z)",
        "aware_at 2026-11-26T09:00:00Z lies in the future",
    )
    assert wrong_times({"detected_at": NOW, "aware_at": None}, NOW) == ()
    assert wrong_times({"occurred_at": NOW, "detected_at": NOW}, NOW) == ()


def test_an_incident_as_it_stood() -> None:
    whole = incident("triaged 20T10:00", "contained 20T12:00")
    then = as_of(whole, at("20T11:00"))
    assert then is not None
    assert then.state == "triaged"
    assert as_of(whole, at("20T12:00")) == whole
    early = as_of(whole, at("20T09:59"))
    assert early is not None
    assert early.aware_at is None
    assert as_of(whole, at("20T08:59")) is None


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("type_", RULES.types)
def test_every_severity_and_type_has_something_to_do_at_once(severity: str, type_: str) -> None:
    found = triage_of(incident(severity=severity, type=type_), RULES)
    assert found.immediate_actions == (*found.escalation, *RULES.types[type_].first_actions)
    assert found.escalation
    assert not any("{" in line for line in found.immediate_actions)


def test_minutes_stand_in_the_escalation() -> None:
    found = triage_of(incident(severity="critical"), RULES)
    assert found.sla == {"triage": 15, "containment": 120, "leadership_notify": 30}
    assert found.escalation[:2] == (
        "Page AI Security on-call NOW (SLA: 15 min for triage)", "Notify CISO within 30 minutes",
    )  # fmt: skip


def test_the_story_stands_in_order() -> None:
    told = {"at": "2026-11-20T11:00:00Z", "step": "notified", "clock": "gdpr-33", "report": "initial", "by": "rae",
            "audience": "regulators", "what": "By the form"}  # fmt: skip
    assert [it.what for it in moments(seen("triaged 20T09:30", told))] == [
        "It began", "It was seen", "Triaged", "It was certain",
        "Notice sent (regulators, gdpr-33, initial report): By the form",
    ]  # fmt: skip


def test_what_is_open_is_told_to_the_end() -> None:
    assert list(still_open(seen(), NOW)) == [
        "It is not resolved", "Nobody has told the supervisory authority (gdpr-33)",
    ]  # fmt: skip
    done = seen("notified 20T11:00 gdpr-33", "resolved 20T12:00")
    assert list(still_open(done, NOW)) == [
        "Not there: root_cause",
        "Not there: new_tests",
        "Not there: control_changes",
    ]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (-30, "-30 s"), (90, "1 min"), (3600, "1 h"), (-11400, "-3 h 10 min"), (259_199, "71 h 59 min"),
     (345_600, "4 d"), (-349_200, "-4 d 1 h")],
)  # fmt: skip
def test_spans_are_told_with_their_sign(seconds: int, said: str) -> None:
    assert duration(timedelta(seconds=seconds)) == said


def test_late_is_late_and_never_zero() -> None:
    clock = next(it for it in seen().clocks if it.id == "gdpr-33")
    assert time_left(clock, at("23T13:10")) == "3 h 10 min late"
    assert time_left(clock, at("23T10:00") + timedelta(seconds=1)) == "1 s late"
    assert time_left(clock, at("23T09:00")) == "1 h left"
    told = next(it for it in seen("notified 23T13:10 gdpr-33").clocks if it.id == "gdpr-33")
    assert time_left(told, at("30T00:00")) == "3 h 10 min late"


def test_the_oecd_and_the_ai_act_have_words_for_it() -> None:
    leak = incident(serious_incident="fundamental_rights")
    found = oecd_terms(leak, RULES, "Support Bot")
    assert found["harm_types"] == ["human or fundamental rights", "psychological harm"]
    assert (found["event"], found["affected_stakeholders"]) == ("serious AI incident", 3)
    assert ai_act_terms(leak, RULES) == {
        "serious": True,
        "term": "Infringement of duties that protect fundamental rights",
        "article": "Regulation (EU) 2024/1689, Article 3(49)(c)",
    }
    assert ai_act_terms(incident(), RULES)["serious"] is False
    assert ai_act_terms(incident(serious_incident=None), RULES)["serious"] is None
