"""D29: "not applicable" holds only where the requirement allows it and the accountable role approved it."""

from __future__ import annotations

import pytest
from scratch import Result, Scratch
from world import days_ago, high_system

GATE = "production-deployment"
CLAIM = [{"id": "shadow-mode-validation", "reason": "it replaces nothing"}]


@pytest.fixture
def promoting(scratch: Scratch) -> Scratch:
    """To production; the shadow run is said not to apply."""
    scratch.adopt(high_system("pre_deployment"))
    scratch.branch()
    scratch.declare(high_system("production", not_applicable=CLAIM, stage_since=days_ago(0)))
    kept = [item for item in scratch.entry()["tests"] if item["id"] != "shadow-mode-validation"]
    scratch.edit(tests=kept)
    scratch.commit("Promote")
    return scratch


def _approved(repo: Scratch, *roles: str) -> Result:
    for role in roles:
        repo.approve(role, GATE)
    return repo.check()


def test_d29_it_holds_once_the_accountable_role_agrees(promoting: Scratch) -> None:
    asked = promoting.check().finding("shadow-mode-validation")
    assert (asked["state"], asked["accountable"], asked["for"]) == ("gap", ["product-owner"], GATE)
    without = _approved(promoting, "engineering-manager", "security-lead")
    assert without.blocking() == ["test:shadow-mode-validation"]
    found = _approved(promoting, "product-owner")
    assert found.verdict == "pass", found
    assert found.finding("shadow-mode-validation")["state"] == "not-applicable"

    promoting.merge()
    promoting.branch("next")
    promoting.edit(incident_contact="x@example.com")
    promoting.commit("Work goes on")
    assert promoting.check().verdict == "pass", "as approved while unchanged"


def test_d29_where_the_requirement_does_not_allow_it_no_approval_helps(promoting: Scratch) -> None:
    entry = promoting.entry()
    more = [*CLAIM, {"id": "rollback-procedure", "reason": "we never go back"}]
    inputs = [item for item in entry["artifacts"] if item["id"] != "rollback-procedure"]
    promoting.edit(not_applicable=more, artifacts=inputs)
    promoting.commit("One more")
    found = _approved(promoting, "engineering-manager", "security-lead", "product-owner")
    assert found.blocking() == ["approval:engineering-manager", "artifact:rollback-procedure"]
    assert "evidence-vouched" in {item.get("for") for item in found.findings("gap")}, (
        "a claim is agreed to all the same"
    )
    assert "does not allow" in found.finding("rollback-procedure")["message"]
