"""What the policies say of incidents: layers tighten it, and faults are told where they stand."""

# ruff: noqa: E501 - tables of cases are read one a line

from __future__ import annotations

import json

import pytest

from policy_gate.collect.policy_files import builtin_layer
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import PolicyError
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.incident_rules import IncidentRules
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document

SHIPPED = builtin_layer()
CLOCK = "{{id: mine, title: T, law: {law}, needs: [{{that: '{that}', otherwise: O}}], hours: 24, recipient: R, checked: M, checked_on: 2026-11-22}}"
STATED = "{id: mine, title: T, law: gdpr, starts: stated, days: 5, recipient: R, checked: M, checked_on: 2026-11-22}"


def own_layer(text: str, kind: str = "repository") -> LayerSource:
    path = f"{kind}/own.yaml"
    raw, marks = read_yaml(path, f"schema: policy-gate/policy/v1\n{text}".encode())
    return LayerSource(kind, kind, (Document(path, "0" * 40, raw, marks),), trusted=True)  # type: ignore[arg-type]


def with_layer(text: str) -> RuleSet:
    return load_policies((SHIPPED, own_layer(text)))


def rules_with(text: str) -> IncidentRules:
    found = with_layer(text).incidents
    assert found is not None
    return found


def told(*layers: LayerSource) -> str:
    with pytest.raises(PolicyError) as fault:
        load_policies(layers)
    return "\n".join(f"{it.line}:{it.column} {it.message} ({it.hint})" for it in fault.value.problems)


def refused(text: str) -> str:
    return told(SHIPPED, own_layer(text))


def clock(that: str = "incident.personal_data_exposed", law: str = "gdpr") -> str:
    return "incident_clocks:\n  - " + CLOCK.format(that=that, law=law)


def severity(escalation: str) -> str:
    return f"incident_severities:\n  - {{id: low, escalation: [{escalation}]}}"


def notice(when: str) -> str:
    """The notice to leadership with one part more, as a layer may add one."""
    shipped = next(it for it in SHIPPED.documents if it.path.endswith("incidents.yaml"))
    parts = next(it["parts"] for it in shipped.content["incident_notices"] if it["id"] == "leadership")
    return "incident_notices:\n  - id: leadership\n    parts: " + json.dumps(
        [*parts, {"title": "Rights", "asks": "A", "when": when}]
    )


# Layers


def test_a_layer_answers_sooner_and_adds_types_clocks_and_parts_of_notices() -> None:
    rules = rules_with(
        "incident_severities: [{id: high, triage: 30, containment: 240, escalation: ['Call Rae within {triage} minutes']}]\n"
        "incident_types: [{id: prompt_leak, title: T, about: A, first_actions: [One], containment_options: [Two]}]\n"
        f"{clock()}\n"
        "incident_notices: [{id: leadership, roles: [legal]}]\n"
    )
    high = rules.severities["high"]
    assert (high.triage, high.containment, high.leadership_notify) == (30, 240, 120)
    assert high.escalation == ("Call Rae within {triage} minutes",)
    assert rules.types["prompt_leak"].first_actions == ("One",)
    assert (rules.clocks["mine"].hours, rules.clocks["gdpr-33"].hours) == (24, 72)
    assert rules.notices["leadership"].roles == ("legal",)


def test_a_clock_that_something_else_starts_needs_nothing() -> None:
    mine = rules_with(f"incident_clocks: [{STATED}]").clocks["mine"]
    assert (mine.starts, mine.needs, mine.days) == ("stated", (), 5)


def test_a_layer_says_what_brings_data_under_suspicion() -> None:
    assert rules_with("incident_types: [{id: rag_injection, reopens_data: true}]").types["rag_injection"].reopens_data


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("incident_severities: [{id: high, triage: 61}]", "incident-severity high: triage loosens 60 to 61"),
        ("incident_severities: [{id: low, containment: 9999}]", "incident-severity low: containment loosens 4320 to 9999"),
        ("incident_severities: [{id: low, leadership_notify: 2881}]", "leadership_notify loosens 2880 to 2881"),
        ("incident_types: [{id: data_poisoning, reopens_data: false}]", "reopens_data loosens true to false"),
        ("incident_clocks: [{id: gdpr-33, hours: 96}]", "incident-clock gdpr-33: hours loosens 72 to 96"),
        ("incident_clocks: [{id: gdpr-33, starts: stated}]", "incident-clock gdpr-33: starts loosens"),
        ("incident_clocks: [{id: gdpr-33, needs: [{that: 'false', otherwise: never}]}]", "incident-clock gdpr-33: needs loosens"),
        ("incident_clocks: [{id: aia-73-4, applies_from: 2028-01-01}]", "incident-clock aia-73-4: applies_from loosens"),
        ("incident_clocks: [{id: aia-73-4, binds_later: [{from: 2029-01-01, when: 'true'}]}]", "incident-clock aia-73-4: binds_later loosens"),
        ("incident_clocks: [{id: gdpr-33, rests: [{when: 'true', because: we say so}]}]", "incident-clock gdpr-33: rests loosens"),
        ("incident_clocks: [{id: nyc-871-b, business_days: 5}]", "incident-clock nyc-871-b: business_days loosens"),
        ("incident_notices: [{id: leadership, parts: [{title: T, asks: A}]}]", "incident-notice leadership: parts loosens"),
    ],
)  # fmt: skip
def test_a_layer_may_not_loosen_what_is_not_marked(text: str, said: str) -> None:
    assert said in refused(text)


def test_a_layer_may_loosen_what_the_one_before_it_marked_and_it_is_noted() -> None:
    marked = own_layer(clock().replace("title: T", "title: T, overridable: true"), "organisation")
    policy = load_policies((SHIPPED, marked, own_layer("incident_clocks: [{id: mine, hours: 48}]")))
    assert policy.incidents is not None
    assert policy.incidents.clocks["mine"].hours == 48
    assert any("mine" in note for note in policy.notes)


def test_a_layer_may_not_mark_what_is_shipped() -> None:
    assert "overridable loosens false to true" in refused("incident_severities: [{id: low, overridable: true}]")


# Faults


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (clock("size(incident.clocks_missed) > 0"), "incident.clocks_missed is worked out of the clocks themselves"),
        (clock("size(incident.duties_open) == 0"), "incident.duties_open is worked out"),
        (clock("incident.is_open"), "incident.is_open changes while the clock runs"),
        (clock("incident.state != \"open\""), "incident.state changes while the clock runs"),
        (clock("today.date > \"2026-01-01\""), "today.date changes while the clock runs"),
        (clock("incident.personal_data"), 'unknown name "incident.personal_data" (did you mean'),
        (clock("incident.affected_users_estimate"), "got INT, expected BOOL"),
        (clock("incident.severity == \"hihg\""), 'incident.severity is never "hihg" (did you mean "high"?)'),
        (clock("incident.type == \"privacy_violaton\""), 'incident.type is never "privacy_violaton" (did you mean "privacy_violation"?)'),
        (clock("incident.serious_incident in [\"death\", \"deaths\"]"), 'incident.serious_incident is never "deaths"'),
        (clock("incident.risk_to_persons == \"medium\""), 'incident.risk_to_persons is never "medium"'),
        (clock("system.stage == \"prod\""), 'system.stage is never "prod"'),
        (clock("\"gpdr\" in system.regulations"), 'system.regulations is never "gpdr" (did you mean "gdpr"?)'),
        (clock("incident.severity == \"high\" && incident.severity == \"low\""), "incident-clock mine: can never fire"),
        (clock("1 > 2"), "can never fire: `1 > 2` is never true"),
        (clock("incident.data_role == \"processor\"', otherwise: O}, {that: 'incident.data_role == \"controller\""), "leaves no value for incident.data_role"),
        (clock(law="gdrp"), 'incident-clock mine: unknown regulation "gdrp" (did you mean "gdpr"?)'),
        (clock(law="eu-ai-atc"), 'unknown regulation "eu-ai-atc" (did you mean "eu-ai-act"?)'),
        (clock().replace("hours: 24", "hours: 24, days: 1"), "a clock has one of hours, days and business_days"),
        (clock().replace("hours: 24", "hours: 24, zone: Europe/Berlin"), "calendar and zone are for business_days"),
        (clock().replace("hours: 24", "hours: 0"), "hours is 0"),
        (clock().replace("hours: 24", "days: 99999999"), "days is 99999999"),
        (clock().replace("hours: 24", "hours: 24, before: true"), "ends before an event that nobody can foresee (write starts: stated"),
        ("incident_notices:\n  - {id: leadership, roles: [cisso]}", 'incident-notice leadership: unknown role "cisso" (did you mean "ciso"?)'),
        (severity("'Call within {triag} minutes'"), 'incident-severity low: no severity has minutes for "triag" (did you mean "triage"?)'),
        (severity("'Call {0}'"), 'no severity has minutes for "0"'),
        (severity("'Call {triage.real}'"), 'no severity has minutes for "triage.real"'),
        (severity("'Call {'"), "a brace stands alone"),
        ("incident_severities:\n  - {id: urgent, triage: 1, containment: 1, leadership_notify: 1, window: W, oecd: O, title: T}", 'id is "urgent"'),
        ("incident_severities:\n  - {id: low, triage: 0}", "triage is 0"),
        ("incident_types:\n  - {id: mine, title: T, about: A, first_actions: [], containment_options: [B]}", "first_actions"),
        ("serious_incidents:\n  - {id: fire, title: T}", 'id is "fire"'),
    ],
)  # fmt: skip
def test_a_fault_is_refused_where_it_stands(text: str, said: str) -> None:
    found = refused(text)
    assert said in found
    assert all(line.startswith("3:") for line in found.splitlines()), found


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("incident.typ == 'regression'", 'unknown name "incident.typ" (did you mean "incident.type"?)'),
        ("incident.state == 'closed'", "incident.state is never 'closed'"),
        ("today.date > '2026'", "today.date is not known to a notice"),
        ("incident.type == 'regression' && incident.type == 'availability'", "can never fire"),
        ("size(incident.clocks_runing) > 0", 'unknown name "incident.clocks_runing"'),
    ],
)
def test_a_condition_of_a_notice_is_looked_at_too(when: str, said: str) -> None:
    assert f"incident-notice leadership: {said}" in refused(notice(when))


def test_notices_read_what_is_worked_out_of_clocks() -> None:
    when = "incident.state == 'open' && size(incident.clocks_running) > 0"
    assert "Rights" in {part.title for part in rules_with(notice(when)).notices["leadership"].parts}


def test_braces_in_pairs_are_braces() -> None:
    assert rules_with(severity("'Run {{it}} within {containment} minutes'")).severities["low"].escalation


def alone(text: str) -> str:
    """What is said of a rule set that has only the shipped policies without their incidents, and these."""
    documents = tuple(it for it in SHIPPED.documents if not it.path.endswith("incidents.yaml"))
    rest = LayerSource("builtin", "builtin", documents, trusted=True)
    return told(rest, own_layer(text))


def test_policies_that_speak_of_incidents_leave_no_severity_and_no_word_out() -> None:
    types = "incident_types: [{id: leak, title: T, about: A, first_actions: [B], containment_options: [C]}]\n"
    high = "incident_severities: [{id: high, title: T, triage: 1, containment: 2, leadership_notify: 3, window: W, oecd: O}]\n"
    said = alone(types + high)
    lacking = [it for it in ("critical", "high", "medium", "low") if f"how fast a {it} incident is answered" in said]
    assert lacking == ["critical", "medium", "low"]
    assert "no incident_types entry says what kinds of incident there are" in alone(high)
    assert "no serious_incidents entry says what widespread is" in alone("serious_incidents: [{id: none, title: T}]")
