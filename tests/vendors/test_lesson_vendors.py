"""The lesson's scoring of vendors, cell by cell, as the built-in policies hold it; what differs stands in ADR 14."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

import pytest

from policy_gate.app.views import builtin_policies
from policy_gate.facts.facts import vendor_values
from policy_gate.schema.vendor_document import VendorEntry
from policy_gate.schema.vendors import VendorAssessment
from policy_gate.vendors.assessment import assess, with_assessment

POLICIES = builtin_policies()
LESSON_FIELDS = (
    "vendor_name", "product_name", "access_type", "data_sent", "use_case", "soc2_type2_certified",
    "iso27001_certified", "penetration_tested", "bug_bounty_program", "data_retention_days", "opt_out_of_training",
    "sla_uptime_percentage", "has_fallback_provider", "has_dpa", "eu_data_residency", "liability_cap", "audit_rights",
)  # fmt: skip
GOOD: Mapping[str, Any] = {
    "id": "acme",
    "vendor_name": "Acme",
    "product_name": "Acme API",
    "access_type": "api",
    "data_sent": "texts of applicants",
    "use_case": "ranking",
    "soc2_type2_certified": True,
    "iso27001_certified": True,
    "penetration_tested": True,
    "bug_bounty_program": True,
    "data_retention_days": 30,
    "opt_out_of_training": True,
    "sla_uptime_percentage": 99.5,
    "has_fallback_provider": True,
    "has_dpa": True,
    "eu_data_residency": True,
    "liability_cap": "EUR 5 million",
    "audit_rights": True,
    "assessed_on": "2026-05-01",
}


class Cell(NamedTuple):
    """A finding of the lesson: the answer that brings it, its points and severity, and how the lesson words it."""

    id: str
    bad: dict[str, Any]
    points: int
    severity: str
    issue: str


LESSON = (
    Cell("no-soc2-type2", {"soc2_type2_certified": False}, 3, "high", "No SOC 2 Type 2 certification"),
    Cell("no-penetration-test", {"penetration_tested": False}, 2, "medium", "No evidence of penetration testing"),
    Cell("long-retention", {"data_retention_days": 31}, 2, "medium", "Long data retention: 31 days"),
    Cell("no-training-opt-out", {"opt_out_of_training": False}, 3, "high", "Cannot opt out of training"),
    Cell("no-dpa", {"has_dpa": False}, 3, "critical", "No Data Processing Agreement"),
    Cell("no-audit-rights", {"audit_rights": False}, 1, "low", "No audit rights"),
    Cell("no-fallback", {"has_fallback_provider": False}, 2, "medium", "No fallback provider"),
    Cell("low-uptime", {"sla_uptime_percentage": 99.4}, 1, "low", "SLA uptime 99.4% is below 99.5%"),
)
RECOMMENDED = {
    "high": "ESCALATE - requires CISO approval and contractual remediation before use",
    "medium": "CONDITIONAL - address critical and high findings before use",
    "low": "APPROVED - monitor annually",
}


def assessed(personal: bool | None = None, **said: Any) -> VendorAssessment:
    """What the built-in policies make of a good vendor of whom something else is said; None takes an answer away."""
    entry = VendorEntry.model_validate({**GOOD, **said})
    found = assess(with_assessment(vendor_values(entry), personal, POLICIES), POLICIES)
    assert found is not None
    return found


def test_the_entry_has_every_field_of_the_lesson() -> None:
    assert set(LESSON_FIELDS) <= set(VendorEntry.model_fields)


def test_the_policies_hold_the_lessons_findings_and_no_others() -> None:
    held = {id_: (it.points, it.severity) for id_, it in POLICIES.vendor_findings.items()}
    assert held == {cell.id: (cell.points, cell.severity) for cell in LESSON}


@pytest.mark.parametrize("cell", LESSON, ids=[cell.id for cell in LESSON])
def test_one_bad_answer_brings_one_finding(cell: Cell) -> None:
    found = assessed(personal=True, **cell.bad)
    (open_,) = found.open
    assert (open_.finding.id, open_.severity, open_.state) == (cell.id, cell.severity, "found")
    assert open_.issue.startswith(cell.issue)
    assert (found.score, found.least) == (cell.points, cell.points)


@pytest.mark.parametrize(
    ("said", "id_"),
    [
        ({"data_retention_days": 30}, None),
        ({"data_retention_days": 31}, "long-retention"),
        ({"data_retention_days": 0}, None),
        ({"sla_uptime_percentage": 99.5}, None),
        ({"sla_uptime_percentage": 99.49}, "low-uptime"),
        ({"sla_uptime_percentage": 100}, None),
    ],
)
def test_numbers_are_held_against_the_lessons_limits(said: dict[str, Any], id_: str | None) -> None:
    assert [item.finding.id for item in assessed(**said).open] == ([id_] if id_ else [])


TIER_OF = {0: "low", 3: "low", 4: "medium", 7: "medium", 8: "high", 17: "high"}


@pytest.mark.parametrize(("points", "tier"), TIER_OF.items())
def test_points_make_the_lessons_tiers(points: int, tier: str) -> None:
    chosen = next(
        cells for count in range(len(LESSON) + 1) for cells in combinations(LESSON, count)
        if sum(cell.points for cell in cells) == points
    )  # fmt: skip
    found = assessed(**{name: value for cell in chosen for name, value in cell.bad.items()})
    assert (found.score, found.tier.id) == (points, tier)


def test_every_set_of_answers_comes_out_as_in_the_lesson_but_for_the_severity() -> None:
    """All 256: the lesson's score and tier; approved where the lesson does and nothing critical or high is open."""
    for count in range(len(LESSON) + 1):
        for cells in combinations(LESSON, count):
            found = assessed(**{name: value for cell in cells for name, value in cell.bad.items()})
            points, severities = sum(cell.points for cell in cells), {cell.severity for cell in cells}
            tier = "high" if points >= 8 else "medium" if points >= 4 else "low"
            lesson_approves = tier == "low" or (tier == "medium" and "critical" not in severities)
            assert (found.score, found.tier.id) == (points, tier)
            assert found.use_approved is (lesson_approves and not severities & {"critical", "high"})
            if not severities & {"critical", "high"} or tier == "high":
                assert found.answer.recommendation == RECOMMENDED[tier]


def test_the_lessons_recommendations_stand() -> None:
    assert {id_: tier.recommendation for id_, tier in POLICIES.vendor_tiers.items()} == RECOMMENDED
    assert all(str(tier.review_every) == "P1Y" for tier in POLICIES.vendor_tiers.values())


# What differs from the lesson


def test_a_critical_finding_alone_is_not_approved() -> None:
    found = assessed(has_dpa=False)
    assert (found.score, found.tier.id, found.use_approved) == (3, "low", False)
    assert found.answer.recommendation == RECOMMENDED["high"]


@pytest.mark.parametrize("said", [{"opt_out_of_training": False}, {"soc2_type2_certified": False}])
def test_a_high_finding_alone_is_not_approved(said: dict[str, Any]) -> None:
    found = assessed(**said)
    assert (found.tier.id, found.use_approved) == ("low", False)
    assert found.answer.recommendation == RECOMMENDED["medium"]


@pytest.mark.parametrize("cell", LESSON, ids=[cell.id for cell in LESSON])
def test_what_is_not_stated_is_a_question_and_weighs_like_a_bad_answer(cell: Cell) -> None:
    found = assessed(**dict.fromkeys(cell.bad))
    (open_,) = found.questions
    assert (open_.finding.id, open_.missing) == (cell.id, tuple(cell.bad))
    assert open_.issue.endswith("?")
    assert (found.least, found.score) == (0, cell.points)


def test_of_a_vendor_of_whom_nothing_is_said_nothing_is_good() -> None:
    found = assessed(**dict.fromkeys(set(GOOD) - {"id", "vendor_name"}))
    assert (found.score, found.least, found.tier.id, found.use_approved) == (17, 0, "high", False)
    assert found.review_due is None
    assert len(found.questions) == len(LESSON)


ALL = [cell.id for cell in LESSON]


def without(*ids: str) -> list[str]:
    return [id_ for id_ in ALL if id_ not in ids]


@pytest.mark.parametrize(
    ("said", "personal", "expected"),
    [
        ({"access_type": "api"}, None, ALL),
        ({"access_type": "fine_tuned"}, None, ALL),
        ({"access_type": "licensed_weights"}, None, ["no-audit-rights"]),
        ({"access_type": "self_hosted"}, None, []),
        ({"data_classes": ["none"]}, None, without("long-retention", "no-training-opt-out", "no-dpa")),
        ({"data_classes": ["confidential"]}, None, without("no-dpa")),
        ({"data_classes": ["confidential"]}, True, without("no-dpa")),
        ({"data_classes": ["personal"]}, False, ALL),
        ({"data_classes": ["special_category", "public"]}, None, ALL),
        ({}, False, without("no-dpa")),
        ({}, True, ALL),
    ],
)
def test_what_applies_hangs_on_access_and_data(said: dict[str, Any], personal: bool | None, expected: Any) -> None:
    bad = {name: value for cell in LESSON for name, value in cell.bad.items()}
    found = assessed(personal, **{**bad, **said})
    assert sorted(item.finding.id for item in found.open) == sorted(expected)


def test_the_next_review_is_a_year_after_the_last() -> None:
    assert assessed().review_due == date(2027, 5, 1)
    assert assessed(assessed_on="2028-02-29").review_due == date(2029, 2, 28)
