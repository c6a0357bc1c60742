"""D06: a review is entered once, by the change that dates its papers; its approvals block that change alone."""

from __future__ import annotations

import pytest
from evidence import document, junit
from scratch import Scratch
from world import days_ago, high_system, medium_system

REVIEW = "annual-production-review"
PAPERS = ("annual-performance-report", "bias-drift-assessment", "security-incident-log-review", "model-card-update")
RERUNS = ("bias-benchmark-rerun", "adversarial-robustness-rerun")


@pytest.fixture
def overdue(scratch: Scratch) -> Scratch:
    """In production for 500 days and never reviewed."""
    scratch.adopt(high_system("production", stage_since=days_ago(500)))
    return scratch


def _hold(repo: Scratch, day: str, inputs: tuple[str, ...] = PAPERS, words: int = 0) -> None:
    entry = repo.entry()
    kept = [item for item in entry["artifacts"] if item["id"] not in inputs]
    held = [{"id": name, "path": f"governance/{name}.md", "status": "final", "completed": day} for name in inputs]
    tests = [item for item in entry["tests"] if item["id"] not in RERUNS]
    reruns = [{"id": name, "report": f"reports/{name}.xml"} for name in RERUNS]
    repo.edit(artifacts=[*kept, *held], tests=[*tests, *reruns])
    repo.write({f"governance/{name}.md": document(name, words=words) for name in inputs})
    repo.write({f"reports/{name}.xml": junit(name) for name in RERUNS})


def test_d06_an_overdue_review_is_in_nobodys_way(overdue: Scratch) -> None:
    overdue.branch()
    overdue.edit(incident_contact="new@example.com")
    overdue.commit("Something else")
    found = overdue.check()
    assert (found.code, found.verdict) == (0, "conditions")
    report = found.finding("annual-performance-report")
    assert (report["blame"], report["enforcement"]) == ("overdue", "remediate")
    assert overdue.check("--all").code == 0


def test_d06_the_review_is_entered_once_and_its_approvals_block_that_change_alone(overdue: Scratch) -> None:
    overdue.branch()
    _hold(overdue, days_ago(1))
    overdue.commit("Review of the year")
    held = overdue.check()
    assert [gate["id"] for gate in held.system()["gates"] if gate["entered"]] == [REVIEW]
    assert held.blocking() == ["approval:ai-safety-lead", "approval:product-owner"]
    for role in ("ai-safety-lead", "product-owner"):
        overdue.approve(role, REVIEW)
    assert overdue.check().verdict == "pass"
    overdue.merge()
    overdue.branch("next")
    overdue.edit(incident_contact="new@example.com")
    overdue.commit("Something else")
    assert overdue.check().verdict == "pass", "nothing is asked again"


def test_d06_half_a_review_enters_nothing_and_stays_due(overdue: Scratch) -> None:
    overdue.branch()
    _hold(overdue, days_ago(1), PAPERS[:2])
    overdue.commit("Half of it")
    found = overdue.check()
    assert (found.code, found.verdict) == (0, "conditions")
    assert not [gate for gate in found.system()["gates"] if gate["entered"]]
    assert found.finding("model-card-update")["blame"] == "overdue"


def test_d06_a_raise_enters_no_review_by_documents_that_base_has(scratch: Scratch) -> None:
    scratch.adopt(medium_system("production", stage_since=days_ago(20)))
    done = [
        {"id": name, "path": f"governance/{name}.md", "status": "final", "completed": days_ago(9)} for name in PAPERS
    ]
    kept = scratch.entry("SYS-002")["artifacts"]
    scratch.edit("SYS-002", artifacts=[*kept, *done])
    scratch.commit(
        "A look of our own", by="Rae Kim", files={f"governance/{it}.md": document(it, "SYS-002") for it in PAPERS}
    )
    scratch.branch()
    raised = {"decision_impact": "employment", "decision_reversibility": "difficult_to_reverse"}
    scratch.edit("SYS-002", risk_profile=raised, reclassified=days_ago(0))
    scratch.commit("It decides more than we said")
    found = scratch.check()
    assert (found.code, found.system("SYS-002")["tier"]) == (0, "high"), found
    assert not [gate["id"] for gate in found.system("SYS-002")["gates"] if gate["entered"]]
