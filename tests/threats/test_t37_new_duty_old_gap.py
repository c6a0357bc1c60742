"""T37: a new duty does not hide behind an old gap, nor a worse gap behind a better one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from evidence import document
from scratch import Result, Scratch
from world import days_ago, high_system, medium_system, to_yaml

ADVICE = {
    "schema": "policy-gate/policy/v1",
    "about": "Trials of this repository.",
    "rules": [
        {
            "id": "red-team-for-all",
            "title": "Nobody has attacked it yet",
            "why": "A trial: even a medium system is attacked.",
            "when": 'system.stage == "pre_deployment" || system.stage == "production"',
            "enforcement": "advise",
            "require": [{"artifact": "red-team-report"}],
        }
    ],
}
RAISE = {"user_vulnerability": "vulnerable_populations"}
STALE = "security-assessment-report"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A medium system whose red-team report is only advised, and a high one whose assessment has expired."""
    repo = Scratch(tmp_path_factory.mktemp("t37"))
    repo.adopt(
        medium_system("pre_deployment"), high_system("pre_deployment"), files={"policies/x.yaml": to_yaml(ADVICE)}
    )
    artifacts = repo.entry()["artifacts"]
    old = [item | ({"completed": days_ago(380)} if item["id"] == STALE else {}) for item in artifacts]
    repo.edit(artifacts=old)
    repo.commit("An old assessment")
    return repo


def _report(done: Result) -> dict[str, Any]:
    (found,) = [it for it in done.findings("gap", "SYS-002") if it["requirement"]["subject"] == "red-team-report"]
    return found


def _raised(repo: Scratch, **fields: str) -> Result:
    repo.edit("SYS-002", risk_profile=RAISE, **fields)
    repo.commit("The users are vulnerable")
    return repo.check()


def test_t37_a_gap_that_was_advice_is_debt_with_a_date_once_the_tier_rises(repo: Scratch) -> None:
    repo.branch("advised")
    repo.edit("SYS-002", incident_contact="desk@example.com")
    repo.commit("Something else")
    assert _report(repo.check())["enforcement"] == "advise"
    raised = _raised(repo, reclassified=days_ago(0))
    found = _report(raised)
    assert (raised.code, found["enforcement"], found["blame"]) == (0, "block", "inherited"), raised
    assert found["due"] > days_ago(0)
    assert {reason["rule"] for reason in found["because"]} >= {"pre-deployment-security-review", "red-team-for-all"}


def test_t37_raising_does_not_cover_what_the_change_takes_away(repo: Scratch) -> None:
    repo.branch("cover")
    artifacts = repo.entry("SYS-002")["artifacts"]
    repo.edit("SYS-002", artifacts=[item for item in artifacts if item["id"] != "bias-evaluation-results"])
    done = _raised(repo, reclassified=days_ago(0))
    assert "artifact:bias-evaluation-results" in done.blocking(), done


def test_t37_raising_and_promoting_at_once_owes_all(repo: Scratch) -> None:
    repo.branch("both")
    repo.declare(medium_system("production"))
    done = _raised(repo, stage="production", reclassified=days_ago(0))
    assert (done.code, "artifact:red-team-report" in done.blocking()) == (1, True), done


def test_t37_the_next_gate_wants_all_that_the_raise_brought(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(medium_system("pre_deployment"))
    repo.branch("raise")
    assert _raised(repo, reclassified=days_ago(0)).code == 0
    repo.merge("raise")
    repo.branch("live")
    entry = {k: v for k, v in repo.entry("SYS-002").items() if k not in ("artifacts", "tests")}
    repo.declare(medium_system("production"))
    repo.edit("SYS-002", risk_profile=entry["risk_profile"], reclassified=entry["reclassified"])
    repo.commit("Live with the papers of a medium system")
    done = repo.check("--defer", "approval")
    assert done.code == 1, done
    assert {"artifact:red-team-report", "artifact:risk-tier-classification"} <= set(done.blocking())


def test_t37_the_review_of_a_raised_tier_is_not_held_by_older_papers(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(medium_system("production"))
    repo.branch("raise")
    raised = _raised(repo, reclassified=days_ago(0))
    found = raised.finding("risk-tier-classification", "artifact")
    assert "reclassification-review" in {reason["rule"] for reason in found["because"]}
    assert (raised.code, found["blame"]) == (0, "inherited"), raised
    repo.merge("raise")
    repo.branch("look")
    where = "chatbot/governance/risk-tier-classification.md"
    fresh = [
        item | ({"completed": days_ago(0)} if item["id"] == "risk-tier-classification" else {})
        for item in repo.entry("SYS-002")["artifacts"]
    ]
    repo.edit("SYS-002", artifacts=fresh)
    repo.commit("Write it anew", files={where: document("risk-tier-classification", "SYS-002", words=60)})
    assert repo.check().code == 0, "a date on a paper enters no gate"
    repo.edit("SYS-002", reclassification_review=days_ago(0))
    repo.commit("Look again")
    looked = repo.check()
    assert looked.code == 1, looked
    assert {"approval:ciso", "test:security-penetration-test"} <= set(looked.blocking()), "asked once, at the new tier"


def test_t37_evidence_that_was_merely_stale_may_not_be_deleted(repo: Scratch) -> None:
    repo.branch("touch")
    repo.edit(incident_contact="desk@example.com")
    repo.commit("Something else")
    stale = repo.check()
    assert (stale.code, stale.finding(STALE, "artifact")["blame"]) == (0, "inherited"), stale
    path = next(item["path"] for item in repo.entry()["artifacts"] if item["id"] == STALE)
    for attempt in ("entry", "file", "template"):
        repo.branch("delete")
        if attempt == "entry":
            repo.edit(artifacts=[item for item in repo.entry()["artifacts"] if item["id"] != STALE])
        elif attempt == "file":
            repo.remove(path)
        else:
            repo.write({path: "# Security assessment\n\nTODO\n"})
        repo.commit(attempt)
        done = repo.check()
        assert (done.code, done.blocking()) == (1, [f"artifact:{STALE}"]), f"{attempt}: {done}"
