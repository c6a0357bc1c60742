"""T36: "does not concern us", by claim or by a fact, holds only where somebody else agrees."""

from __future__ import annotations

from typing import Any

import pytest
from evidence import completed
from scratch import Result, Scratch
from world import high_system

GATE = "production-deployment"
CLAIM = {"id": "shadow-mode-validation", "reason": "no predecessor to shadow"}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t36"))
    repo.adopt(high_system("pre_deployment"))
    stated = high_system("pre_deployment", id="SYS-002", model_card="b/MODEL_CARD.md", paths=["b/**"])
    stated["facts"] = stated["facts"] | {"replaces_existing_process": True}
    repo.declare(stated)
    repo.commit("A second one that says what it replaces")
    return repo


def _live(repo: Scratch, system: str = "SYS-001", without: str = CLAIM["id"], **fields: Any) -> Result:
    """Promote with all the work done but one requirement, and what is said of it."""
    repo.branch("live")
    entry = repo.entry(system)
    done, files = completed({k: v for k, v in entry.items() if k not in ("artifacts", "tests")}, "production")
    done |= {"stage": "production"}
    for kind in ("artifacts", "tests"):
        done[kind] = [item for item in done[kind] if item["id"] != without]
    repo.declare_only(done)
    repo.edit(system, **fields)
    repo.commit("Go live", files=files)
    return repo.check("--defer", "approval")


def test_t36_a_claim_alone_is_a_gap_and_an_approval_settles_it(repo: Scratch) -> None:
    assert "test:shadow-mode-validation" in _live(repo).blocking()
    claimed = _live(repo, not_applicable=[CLAIM])
    assert claimed.finding(CLAIM["id"])["state"] == "deferred"
    plain = repo.check()
    assert "test:shadow-mode-validation" in plain.blocking()
    assert plain.finding(CLAIM["id"])["for"] == GATE
    repo.approve("product-owner", GATE)
    agreed = repo.check()
    assert agreed.finding(CLAIM["id"])["state"] == "not-applicable", agreed
    assert "test:shadow-mode-validation" not in agreed.blocking()


def test_t36_another_reason_is_another_claim(repo: Scratch) -> None:
    _live(repo, not_applicable=[CLAIM])
    repo.approve("product-owner", GATE)
    assert "test:shadow-mode-validation" not in repo.check().blocking()
    repo.edit(not_applicable=[CLAIM | {"reason": "we never felt like it"}])
    repo.commit("Reword the reason")
    assert "test:shadow-mode-validation" in repo.check().blocking()


@pytest.mark.parametrize("what", ["red-team-report", "smoke-test-suite", "model-card"])
def test_t36_most_requirements_allow_no_such_claim(repo: Scratch, what: str) -> None:
    gone = {"model_card": None} if what == "model-card" else {}
    done = _live(repo, without=what, not_applicable=[{"id": what, "reason": "none of our concern"}], **gone)
    assert done.code == 1, done
    assert [name for name in done.blocking() if name.endswith(f":{what}")]
    repo.approve("product-owner", GATE)
    assert [name for name in repo.check().blocking() if name.endswith(f":{what}")]


def test_t36_a_gate_or_rule_cannot_be_claimed_away(repo: Scratch) -> None:
    claims = [{"id": name, "reason": "no"} for name in (GATE, "weakening", "red-team-engagement")]
    done = _live(
        repo, without="deployment-runbook", not_applicable=claims, risk_profile={"decision_impact": "financial"}
    )
    assert done.code == 1, done
    assert {"artifact:deployment-runbook"} <= set(done.blocking())
    assert done.finding("weakening")["state"] == "deferred"


@pytest.mark.parametrize(
    ("system", "kind", "for_"),
    [("SYS-002", "fact-flipped", "weakening"), ("SYS-001", "fact-answered", "first-classification")],
)
def test_t36_a_fact_that_excuses_asks_somebody_from_true_and_from_absent(
    repo: Scratch, system: str, kind: str, for_: str
) -> None:
    done = _live(repo, system, facts={"replaces_existing_process": False})
    assert kind in done.changes(system), done
    assert repo.check().finding(for_)["state"] == "gap"
    assert "test:shadow-mode-validation" in done.blocking(), "base's value judges this change, approved or not"
    repo.approve("ai-safety-lead", for_, system)
    agreed = repo.check()
    assert agreed.finding(for_)["state"] == "met"
    assert "test:shadow-mode-validation" in agreed.blocking()


def test_t36_dropping_the_fact_excuses_nothing_either(repo: Scratch) -> None:
    done = _live(repo, "SYS-002", facts={"replaces_existing_process": None})
    assert "fact-removed" in done.changes("SYS-002")
    assert "test:shadow-mode-validation" in done.blocking()


def test_t36_saying_that_it_does_concern_us_wants_nobody(repo: Scratch) -> None:
    done = _live(repo, without="", facts={"replaces_existing_process": True})
    assert done.code == 0, done
    assert "weakening" not in {item.get("for") for item in done.findings()}
