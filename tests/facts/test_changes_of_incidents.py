"""Which edits of an incident are changes, of which kind, and what judges meanwhile; a table, both ways."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of
from policy_gate.facts.held_facts import hold
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document

TRIAGED = {"at": "2026-11-20T10:20:00Z", "step": "triaged", "by": "rae"}
CONTAINED = {"at": "2026-11-20T12:20:00Z", "step": "contained", "by": "rae"}
RESOLVED = {"at": "2026-11-21T12:20:00Z", "step": "resolved", "by": "rae"}
TOLD: dict[str, Any] = {
    "schema": "policy-gate/incident/v1",
    "id": "INC-1",
    "system": "SYS-001",
    "type": "privacy_violation",
    "severity": "high",
    "description": "A customer saw the address of another.",
    "occurred_at": "2026-11-20T07:00:00Z",
    "detected_at": "2026-11-20T09:00:00Z",
    "aware_at": "2026-11-20T10:00:00Z",
    "affected_users_estimate": 3,
    "eu_residents_affected": True,
    "personal_data_exposed": True,
    "risk_to_persons": "risk",
    "serious_incident": "serious_harm",
    "clock_starts": {"co-1704": "2026-11-20T10:00:00Z"},
    "not_required": {"gdpr-34": "Encrypted."},
    "timeline": [TRIAGED, CONTAINED],
}
LOWERED, REWRITTEN, EASED = "incident-severity-lowered", "incident-rewritten", "incident-eased"


def tree(oid: str, **fields: Any) -> Snapshot:
    told = {name: value for name, value in {**TOLD, **fields}.items() if value is not None}
    document = Document("governance/incidents/INC-1.yaml", oid, Incident.model_validate(told), {})
    return snapshot(entry(), entry(id="SYS-002", paths=["b/**"]), incidents=(document,))


def kinds(was: Snapshot, now: Snapshot) -> dict[str, bool]:
    found = changes_between(facts_of(was, policy()), facts_of(now, policy()), was, now, policy())
    return {change.kind: change.weakening for change in found}


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"severity": "medium"}, LOWERED),
        ({"severity": "low"}, LOWERED),
        ({"occurred_at": None}, REWRITTEN),
        ({"occurred_at": "2026-11-20T06:00:00Z"}, REWRITTEN),
        ({"detected_at": "2026-11-20T09:30:00Z"}, REWRITTEN),
        ({"aware_at": "2026-11-20T11:00:00Z"}, REWRITTEN),
        ({"aware_at": None}, REWRITTEN),
        ({"clock_starts": {}}, REWRITTEN),
        ({"clock_starts": {"co-1704": "2026-11-21T10:00:00Z"}}, REWRITTEN),
        ({"clock_starts": {**TOLD["clock_starts"], "gdpr-33": "2026-11-21T10:00:00Z"}}, EASED),
        ({"timeline": []}, REWRITTEN),
        ({"timeline": [TRIAGED]}, REWRITTEN),
        ({"timeline": [CONTAINED]}, REWRITTEN),
        ({"timeline": [TRIAGED, {**TRIAGED, "step": "note"}, CONTAINED]}, REWRITTEN),
        ({"timeline": [TRIAGED, {**CONTAINED, "by": "bo"}]}, REWRITTEN),
        ({"type": "availability"}, EASED),
        ({"eu_residents_affected": False}, EASED),
        ({"eu_residents_affected": None}, EASED),
        ({"personal_data_exposed": False}, EASED),
        ({"personal_data_exposed": None}, EASED),
        ({"risk_to_persons": "none"}, EASED),
        ({"risk_to_persons": None}, EASED),
        ({"serious_incident": "none"}, EASED),
        ({"serious_incident": None}, EASED),
        ({"serious_incident": "property_or_environment"}, EASED),
        ({"data_role": "processor"}, EASED),
        ({"affected_users_estimate": 2}, EASED),
        ({"affected_users_estimate": None}, EASED),
        ({"not_required": {"gdpr-34": "Encrypted.", "gdpr-33": "No."}}, EASED),
        ({"not_required": {"gdpr-34": "Something else."}}, EASED),
    ],
)
def test_what_reads_milder_weakens_and_base_judges(fields: dict[str, Any], kind: str) -> None:
    was, now = tree("a"), tree("b", **fields)
    assert kinds(was, now) == {kind: True}
    before, after = facts_of(was, policy()), facts_of(now, policy())
    (told,) = found = changes_between(before, after, was, now, policy())
    if kind != LOWERED:
        assert {name.split()[0] for name in told.before} == {name.split()[0] for name in told.after} == {*fields}
    held = hold(before, after, found, policy())
    assert held[0].incidents[0].incident == before[0].incidents[0].incident


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {}),
        ({"severity": "critical"}, {}),
        ({"timeline": [TRIAGED, CONTAINED, {**CONTAINED, "step": "note"}]}, {}),
        ({"description": "In other words."}, {}),
        ({"risk_to_persons": "high"}, {}),
        ({"serious_incident": "death"}, {}),
        ({"serious_incident": "widespread"}, {}),
        ({"affected_users_estimate": 4}, {}),
        ({"not_required": {}}, {}),
        ({"clock_starts": {"co-1704": "2026-11-20T10:00:00Z", "ccpa-7155": "2026-11-20T10:00:00Z"}}, {}),
        ({"root_cause": "A cache key without the tenant."}, {}),
        ({"aware_at": "2026-11-20T11:00:00+01:00"}, {}),
        ({"timeline": [TRIAGED, CONTAINED, RESOLVED]}, {"incident-resolved": False}),
    ],
)
def test_what_is_added_or_worse_asks_for_nothing(fields: dict[str, Any], expected: dict[str, bool]) -> None:
    assert kinds(tree("a"), tree("b", **fields)) == expected


CLOSED: dict[str, Any] = {
    "timeline": [TRIAGED, CONTAINED, RESOLVED],
    "root_cause": "A cache key without the tenant.",
    "attack_vector": "None.",
    "new_tests": ["tests/test_tenants.py::test_one"],
    "control_changes": ["bias-testing"],
}


@pytest.mark.parametrize(
    "fields",
    [
        {"control_changes": ["smoke"]},
        {"control_changes": []},
        {"control_changes": ["bias-testing-2", "README.md"]},
        {"new_tests": []},
        {"new_tests": ["another-suite"]},
        {"root_cause": "Somebody pressed the wrong button."},
        {"root_cause": "A cache key without the tenant. That was no cause after all."},
        {"description": "Nothing worth a word."},
        {"attack_vector": None},
    ],
)
def test_what_a_closed_incident_tells_and_promises_stays(fields: dict[str, Any]) -> None:
    was, now = tree("a", **CLOSED), tree("b", **CLOSED | fields)
    assert kinds(was, now) == {REWRITTEN: True}
    opened = CLOSED | fields | {"timeline": [TRIAGED, CONTAINED, RESOLVED, {**RESOLVED, "step": "note"}]}
    assert kinds(was, tree("b", **opened)) == {REWRITTEN: True}
    still_open = {"timeline": [TRIAGED, CONTAINED]}
    assert kinds(tree("a", **CLOSED | still_open), tree("b", **CLOSED | still_open | fields)) == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"control_changes": ["bias-testing", "drift-monitoring"]},
        {"new_tests": ["another-suite", "tests/test_tenants.py::test_one"]},
        {"root_cause": "A cache key\n  without the tenant.\n"},
        {"timeline": [TRIAGED, CONTAINED, RESOLVED, {**RESOLVED, "step": "note", "what": "It was the key."}]},
    ],
)
def test_what_is_added_to_a_closed_incident_asks_for_nothing(fields: dict[str, Any]) -> None:
    assert kinds(tree("a", **CLOSED), tree("b", **CLOSED | fields)) == {}


ANSWERS = ("eu_residents_affected", "personal_data_exposed", "risk_to_persons", "serious_incident")


@pytest.mark.parametrize("name", ANSWERS)
def test_a_mild_first_answer_is_agreed_to_and_a_bad_one_is_not_asked_about(name: str) -> None:
    mild: Any = "none" if name in ("risk_to_persons", "serious_incident") else False
    bad: Any = {"risk_to_persons": "risk", "serious_incident": "death"}.get(name, True)
    assert kinds(tree("a", **{name: None}), tree("b", **{name: mild})) == {EASED: True}
    assert kinds(tree("a", **{name: None}), tree("b", **{name: bad})) == {}


def test_an_incident_comes_goes_moves_and_opens_again() -> None:
    none = snapshot(entry(), entry(id="SYS-002", paths=["b/**"]))
    assert kinds(none, tree("a")) == {"incident-opened": False}
    assert kinds(tree("a"), none) == {"incident-dropped": True}
    assert kinds(tree("a"), tree("b", system="SYS-002")) == {"incident-dropped": True, "incident-opened": False}
    reopened = kinds(tree("a", timeline=[TRIAGED, RESOLVED]), tree("b", timeline=[TRIAGED]))
    assert reopened == {REWRITTEN: True, "incident-reopened": False}


def test_one_who_closes_and_lowers_at_once_is_asked_for_what_base_says() -> None:
    was, now = tree("a"), tree("b", severity="low", timeline=[TRIAGED, CONTAINED, RESOLVED])
    found = changes_between(facts_of(was, policy()), facts_of(now, policy()), was, now, policy())
    assert [(change.kind, change.before) for change in found] == [("incident-resolved", "high"), (LOWERED, "high")]


def test_a_clock_of_base_judges_although_the_facts_that_stop_it_stand_in_the_result() -> None:
    was, now = tree("a"), tree("b", risk_to_persons="none")
    before, after = facts_of(was, policy()), facts_of(now, policy())
    held = hold(before, after, changes_between(before, after, was, now, policy()), policy())
    late = datetime(2026, 12, 1, tzinfo=UTC)
    assert "gdpr-33" in held[0].incidents[0].values_at(late)["incident.clocks_missed"]
    assert "gdpr-33" not in after[0].incidents[0].values_at(late)["incident.clocks_missed"]


def test_a_high_risk_that_is_a_risk_now_reads_milder() -> None:
    assert kinds(tree("a", risk_to_persons="high"), tree("b", risk_to_persons="risk")) == {EASED: True}
    assert kinds(tree("a", risk_to_persons=None), tree("b", risk_to_persons="risk")) == {}, "the control: assessed"
