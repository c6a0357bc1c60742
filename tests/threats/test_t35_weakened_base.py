"""T35: a first change only weakens, a later one uses the weak base; every weakening is itself an obligation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scratch import Result, Scratch
from world import days_ago, high_system, medium_system

LOW = {
    "decision_impact": "informational",
    "human_oversight": "full",
    "data_sensitivity": "non_sensitive",
    "user_vulnerability": "professionals",
    "deployment_scale": "internal",
    "decision_reversibility": "reversible",
}
"""The six steps that make 13 points into 5."""


def _plain(stage: str, **overrides: Any) -> dict[str, Any]:
    """High by its points alone, so that steps on points show."""
    return high_system(stage, facts=None, regulatory_scope=None, **overrides)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t35"))
    old = {"enrolled": days_ago(900), "stage_since": days_ago(900), "reclassified": days_ago(400)}
    repo.adopt(
        high_system(
            "pre_deployment", facts={"eu_market": True, "annex_iii_points": ["4-a"], "user_facing": True}, **old
        )
    )
    repo.declare(medium_system("production"))
    repo.commit("A second system", files={"screener/rank/model.py": "print()\n"})
    return repo


def _weakened(repo: Scratch, system: str, fields: dict[str, Any]) -> Result:
    repo.branch("weaken")
    repo.edit(system, **fields)
    repo.commit("Only weaken")
    return repo.check()


WEAKENINGS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a path": ("SYS-001", {"paths": ["screener/rank/**"]}, "path-narrowed", "weakening"),
    "all paths": ("SYS-001", {"paths": []}, "path-narrowed", "weakening"),
    "a fact flipped": ("SYS-001", {"facts": {"user_facing": False}}, "fact-flipped", "weakening"),
    "a fact removed": ("SYS-001", {"facts": {"user_facing": None}}, "fact-removed", "weakening"),
    "a stage": ("SYS-001", {"stage": "development"}, "stage-regressed", "stage-regression"),
    "a law": ("SYS-001", {"regulatory_scope": ["GDPR"]}, "regulation-removed", "weakening"),
    "the clock of enrolment": ("SYS-001", {"enrolled": days_ago(1)}, "enrolled-moved", "weakening"),
    "the clock of reviews": ("SYS-001", {"stage_since": days_ago(1)}, "stage-since-moved", "weakening"),
    "the clock of debt": ("SYS-001", {"reclassified": days_ago(1)}, "reclassified-moved", "weakening"),
    "no clock of debt": ("SYS-001", {"reclassified": None}, "reclassified-moved", "weakening"),
    "a clock that was none": ("SYS-002", {"reclassified": days_ago(1)}, "reclassified-moved", "weakening"),
    "enrolled after the fact": ("SYS-002", {"enrolled": days_ago(1)}, "enrolled-moved", "weakening"),
    "reviews put off": ("SYS-002", {"stage_since": days_ago(1)}, "stage-since-moved", "weakening"),
}  # fmt: skip


@pytest.mark.parametrize("what", WEAKENINGS)
def test_t35_a_change_that_only_weakens_wants_an_approval(repo: Scratch, what: str) -> None:
    system, fields, kind, for_ = WEAKENINGS[what]
    done = _weakened(repo, system, fields)
    assert done.code == 1, done
    assert kind in done.changes(system)
    assert done.finding(for_)["state"] == "gap"


@pytest.mark.parametrize("name", ["enrolled", "reclassified", "stage_since"])
def test_t35_a_clock_cannot_be_set_ahead(repo: Scratch, name: str) -> None:
    done = _weakened(repo, "SYS-002", {name: days_ago(-30)})
    assert done.code == 1, done
    assert f"{name} lies in the future" in done.report["problems"][0]["message"]


@pytest.mark.parametrize(
    "fields",
    [
        {"paths": ["screener/**", "jobs/**"]},
        {"facts": {"profiles_persons": True}},
        {"stage_since": days_ago(1000)},
    ],
)
def test_t35_the_reverse_wants_none(repo: Scratch, fields: dict[str, Any]) -> None:
    done = _weakened(repo, "SYS-001", fields)
    assert done.code == 0, done


def test_t35_two_changes_the_second_on_the_weak_base(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(_plain("development"))
    repo.branch("first")
    repo.edit(risk_profile={"decision_impact": "informational"})
    repo.commit("Only lower the tier")
    first = repo.check()
    assert (first.code, first.blocking()) == (1, ["approval:ai-safety-lead"]), first
    repo.branch("second")
    repo.edit(stage="pre_deployment")
    repo.commit("Promote at the old tier")
    assert "artifact:red-team-report" in repo.check("--defer", "approval").blocking()
    repo.merge("first")
    repo.branch("third")
    repo.edit(stage="pre_deployment")
    repo.commit("Promote at the tier that nobody approved")
    unseen = repo.check("--defer", "approval")
    assert "artifact:red-team-report" not in unseen.blocking(), "what merged unapproved is base: the first check is all"


def test_t35_six_changes_of_one_step_each_want_six_approvals(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(_plain("development"))
    tiers = []
    for name, value in LOW.items():
        repo.branch("step")
        repo.edit(risk_profile={name: value})
        repo.commit(f"Lower {name}")
        done = repo.check()
        wanted = "tier-lowering" if "tier-lowered" in done.changes() else "weakening"
        assert (done.code, done.finding(wanted)["state"]) == (1, "gap"), done
        repo.approve("ai-safety-lead", wanted)
        repo.merge("step")
        tiers.append(done.system()["effective_tier"])
    assert tiers == ["high", "medium", "medium", "medium", "medium", "low"], "the first step to medium is held at high"


def test_t35_the_approval_of_one_step_does_not_carry_the_next(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(_plain("development"))
    repo.branch("steps")
    repo.edit(risk_profile={"data_sensitivity": "non_sensitive"})
    repo.commit("One step")
    repo.approve("ai-safety-lead", "weakening")
    assert repo.check().code == 0
    repo.edit(risk_profile={"user_vulnerability": "professionals"})
    repo.commit("And another")
    done = repo.check()
    assert done.code == 1, done
    repo.git("reset", "-q", "--hard", "HEAD~1")
    repo.merge("steps")
    repo.branch("next")
    repo.edit(risk_profile={"user_vulnerability": "professionals"})
    repo.commit("Another step, with the old record in base")
    assert repo.check().code == 1
