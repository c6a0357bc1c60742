"""D05: gates between the stages are entered once; their documents stay owed, approvals and tests do not."""

from __future__ import annotations

from scratch import Scratch
from world import days_ago, high_system

GATES = ["development-authorization", "pre-deployment-security-review", "production-deployment"]


def _entered(found: object) -> list[str]:
    return [gate["id"] for gate in found["gates"] if gate["entered"]]  # type: ignore[index]


def test_d05_a_jump_enters_all_gates_between(scratch: Scratch) -> None:
    scratch.adopt(high_system("conception"))
    scratch.branch()
    scratch.declare(high_system("production"))
    scratch.commit("Straight to production")
    found = scratch.check()
    assert _entered(found.system()) == GATES
    assert {"approval:ciso", "approval:security-lead", "approval:ai-governance-committee"} <= set(found.blocking())


def test_d05_later_changes_owe_documents_but_no_approvals_and_tests(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    scratch.branch("typo")
    scratch.edit(incident_contact="other@example.com")
    scratch.commit("Another contact")
    found = scratch.check()
    assert found.verdict == "pass"
    assert _entered(found.system()) == []
    assert found.finding("ciso")["state"] == "not-applicable"
    assert found.finding("ciso")["message"] == "judged when its gate was entered"
    assert found.finding("smoke-test-suite")["state"] == "not-applicable"

    scratch.branch("gone")
    scratch.remove("governance/red-team-report.md")
    scratch.commit("Tidy up")
    assert scratch.check().blocking() == ["artifact:red-team-report"]


def test_d05_deprecation_enters_its_own_gate_only_and_is_no_promotion(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    entry = scratch.entry()
    owing = [item for item in entry["artifacts"] if item["id"] != "red-team-report"]
    scratch.edit(artifacts=owing, enrolled=days_ago(400))
    scratch.commit("Overdue debt", by="Rae Kim")
    scratch.branch()
    scratch.edit(stage="deprecated")
    scratch.commit("Switch it off")
    found = scratch.check()
    assert _entered(found.system()) == ["deprecation"]
    assert found.code == 0, "overdue debt does not hold up a retirement, and the gate's own gaps remediate"
    assert found.finding("migration-documentation")["blame"] == "introduced"
