"""The lesson's tables of incidents, cell by cell, as the built-in policies hold them; what differs stands in ADR 15."""

from __future__ import annotations

import pytest
from clock_world import RULES, at, written
from pydantic import ValidationError

from policy_gate.respond.clocks import targets_of

TYPES = {
    "SAFETY_VIOLATION": "safety_violation",
    "SECURITY_BREACH": "security_breach",
    "BIAS_HARM": "bias_harm",
    "PRIVACY_VIOLATION": "privacy_violation",
    "PERFORMANCE_REGRESSION": "regression",
    "DATA_POISONING": "data_poisoning",
    "RAG_INJECTION": "rag_injection",
    "AVAILABILITY": "availability",
}
SLA_MINUTES = {
    "critical": {"triage": 15, "containment": 120, "leadership_notify": 30},
    "high": {"triage": 60, "containment": 480, "leadership_notify": 120},
    "medium": {"triage": 240, "containment": 1440, "leadership_notify": 480},
    "low": {"triage": 1440, "containment": 4320, "leadership_notify": 2880},
}
ESCALATION = {
    "critical": (
        "Page AI Security on-call NOW (SLA: 15 min for triage)",
        "Notify CISO within 30 minutes",
        "Open war room - all hands on incident",
        "Assess: shutdown or traffic diversion needed immediately?",
    ),
    "high": (
        "Alert AI Security team (SLA: 60 min for triage)",
        "Notify engineering manager within 120 minutes",
        "Begin impact assessment",
    ),
}
ACTIONS = {
    "safety_violation": (
        "Preserve all violating input/output pairs (do not delete)",
        "Determine scope: isolated edge case or systematic failure?",
        "Check if system prompt was bypassed or model failed",
        "Consider emergency system prompt patch as temporary containment",
    ),
    "security_breach": (
        "Identify attack vector immediately",
        "Revoke any compromised credentials or API keys",
        "Enable enhanced input validation as emergency measure",
        "Preserve attack inputs/patterns for forensics",
    ),
    "data_poisoning": (
        "Identify and quarantine suspected poisoned data",
        "Determine contamination scope",
        "Assess whether model retraining is required",
        "Preserve chain of custody for forensic investigation",
    ),
    "privacy_violation": (
        "GDPR 72-HOUR NOTIFICATION WINDOW STARTS NOW if EU residents affected",
        "Identify what personal data was exposed and to whom",
        "Determine affected individuals for notification",
        "Preserve evidence for regulatory response",
    ),
    "bias_harm": (
        "Identify affected demographic groups",
        "Quantify scale of biased outputs",
        "Document for regulatory response and user communications",
        "Assess whether decisions based on biased output need remediation",
    ),
    "rag_injection": (
        "Identify the poisoned document(s) in the knowledge base",
        "Query audit log for all retrievals of affected document(s)",
        "Identify all users whose sessions retrieved affected documents",
        "Quarantine poisoned documents immediately",
    ),
}
CONTAINMENT = {
    "safety_violation": (
        "Emergency system prompt patch with explicit constraints",
        "Activate keyword blocklist for identified harmful patterns",
        "Route matching query patterns to human review",
        "If systematic: consider full system shutdown pending investigation",
    ),
    "security_breach": (
        "Revoke compromised API keys and credentials",
        "Enable enhanced input validation and rate limiting",
        "Deploy query pattern blocking for identified attack vectors",
        "Rotate all relevant secrets",
    ),
    "data_poisoning": (
        "Remove identified poisoned documents from RAG corpus",
        "Rebuild vector index from verified-clean snapshot",
        "If training data poisoned: roll back to previous model version",
        "Audit all documents from compromised source or integration",
    ),
    "privacy_violation": (
        "Identify and disable queries that expose sensitive data",
        "Deploy emergency PII pattern detection on outputs",
        "Consider model version rollback if memorization is widespread",
        "Implement emergency output scanning and filtering",
    ),
    "bias_harm": (
        "Suspend affected decision pipeline pending bias audit",
        "Implement manual review for all affected decision types",
        "Roll back to previous model version if current version introduced bias",
        "Notify affected users of potential remediation",
    ),
}
WITHOUT_ACTIONS = {"regression", "availability"}
WITHOUT_CONTAINMENT = {"regression", "availability", "rag_injection"}
FALLBACK = "Assess scope before containment - consult AI security team"
TABLE = {
    "critical": ("15 minutes", "2 hours", "30 minutes", "Immediate assessment"),
    "high": ("1 hour", "8 hours", "2 hours", "Within 24 hours"),
    "medium": ("4 hours", "24 hours", "8 hours", "Next business day"),
    "low": ("Next business day", "3 business days", "Weekly report", "N/A"),
}
"""The lesson's table: triage, containment, leadership, regulatory window. Its last row is the GDPR's 72 hours."""
_MINUTES = {"minutes": 1, "hour": 60, "hours": 60}
NOTICES = {
    "regulators": [
        "Nature of the incident", "Scope", "Immediate actions", "Remediation plan", "Timeline", "Nature of the breach",
        "Categories and number of individuals", "Data protection contact", "Likely consequences",
        "Measures taken or proposed",
    ],
    "affected-users": [
        "What happened", "What data may have been affected", "What you should do", "How to get support", "Your rights",
    ],
    "leadership": [
        "Business impact", "Reputational risk", "Regulatory risk", "Decisions needed", "Resourcing", "Timeline",
    ],
}  # fmt: skip
"""What the lesson asks a notice to say, by audience."""


def test_the_types_are_the_lessons_eight_by_its_words() -> None:
    assert set(RULES.types) == set(TYPES.values())
    assert len(RULES.types) == 8


def test_the_severities_are_the_lessons_four() -> None:
    assert set(RULES.severities) == set(SLA_MINUTES)


@pytest.mark.parametrize(
    ("severity", "step", "minutes"),
    [(severity, step, minutes) for severity, row in SLA_MINUTES.items() for step, minutes in row.items()],
)
def test_each_minute_is_the_lessons(severity: str, step: str, minutes: int) -> None:
    assert getattr(RULES.severities[severity], step) == minutes
    targets = {it.id: it for it in targets_of(written(severity=severity), RULES)}
    assert targets[f"sla-{step.replace('_', '-')}"].deadline == at("2026-11-20T09:00:00Z", minutes=minutes)


@pytest.mark.parametrize("severity", TABLE)
def test_the_table_agrees_with_the_minutes_but_for_low(severity: str) -> None:
    *times, window = TABLE[severity]
    row = RULES.severities[severity]
    assert row.window == window
    for words, minutes in zip(times, (row.triage, row.containment, row.leadership_notify), strict=True):
        number, _, unit = words.partition(" ")
        if severity != "low":
            assert int(number) * _MINUTES[unit] == minutes
        else:
            assert unit not in _MINUTES


@pytest.mark.parametrize("severity", ESCALATION)
def test_the_escalation_reads_as_the_lessons_once_minutes_are_put_in(severity: str) -> None:
    row = RULES.severities[severity]
    minutes = {name: getattr(row, name) for name in ("triage", "containment", "leadership_notify")}
    assert tuple(line.format(**minutes) for line in row.escalation) == ESCALATION[severity]


def test_severities_without_escalation_in_the_lesson_have_one_here() -> None:
    assert all(RULES.severities[severity].escalation for severity in set(SLA_MINUTES) - set(ESCALATION))


@pytest.mark.parametrize("type_", ACTIONS)
def test_the_first_actions_are_the_lessons(type_: str) -> None:
    assert RULES.types[type_].first_actions == ACTIONS[type_]


@pytest.mark.parametrize("type_", CONTAINMENT)
def test_the_containment_is_the_lessons(type_: str) -> None:
    assert RULES.types[type_].containment_options == CONTAINMENT[type_]


def test_what_the_lesson_leaves_empty_is_completed() -> None:
    assert set(TYPES.values()) - set(ACTIONS) == WITHOUT_ACTIONS
    assert set(TYPES.values()) - set(CONTAINMENT) == WITHOUT_CONTAINMENT
    every = [set(it) for it in (*ACTIONS.values(), *CONTAINMENT.values())]
    completed = [RULES.types[type_].first_actions for type_ in WITHOUT_ACTIONS]
    completed += [RULES.types[type_].containment_options for type_ in WITHOUT_CONTAINMENT]
    assert len(completed) == 5
    for lines in completed:
        assert len(set(lines)) == len(lines) == 4
        assert FALLBACK not in lines
        assert not set(lines) & set.union(*every)


def test_any_incident_with_data_of_people_in_the_eu_has_the_72_hours() -> None:
    clock = RULES.clocks["gdpr-33"]
    assert (clock.hours, clock.recipient, clock.starts) == (72, "supervisory authority", "aware_at")


@pytest.mark.parametrize("audience", NOTICES)
def test_a_notice_asks_for_all_that_the_lesson_asks_for(audience: str) -> None:
    titles = [part.title for part in RULES.notices[audience].parts]
    assert set(NOTICES[audience]) <= set(titles)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("severity", ["urgent", "", "Critical", None])
def test_an_unknown_severity_is_an_error_and_not_medium(severity: str | None) -> None:
    with pytest.raises(ValidationError, match="severity"):
        written(severity=severity)
