"""T05: a change that jumps stages passes through every gate in between."""

from __future__ import annotations

import pytest
from scratch import Result, Scratch
from world import high_system, low_system, medium_system

ALL = ["development-authorization", "pre-deployment-security-review", "production-deployment"]


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t05"))
    repo.adopt(high_system("conception"), medium_system("conception"), low_system("production"))
    return repo


def _entered(done: Result, system: str = "SYS-001") -> list[str]:
    return [gate["id"] for gate in done.system(system)["gates"] if gate["entered"]]


def test_t05_conception_to_production_enters_all_gates(repo: Scratch) -> None:
    repo.branch("jump")
    repo.edit(stage="production")
    repo.commit("Straight to production")
    done = repo.check()
    assert done.code == 1, done
    assert _entered(done) == ALL
    wanted = {"artifact:system-description", "artifact:red-team-report", "artifact:deployment-runbook"}
    wanted |= {"approval:ai-governance-committee", "approval:ciso", "approval:security-lead"}
    wanted |= {"test:bias-benchmark-suite", "test:smoke-test-suite"}
    assert wanted <= set(done.blocking())


def test_t05_work_for_the_last_gate_alone_is_not_enough(repo: Scratch) -> None:
    repo.branch("last-gate")
    repo.declare(high_system("production"))
    own = {"deployment-runbook", "monitoring-and-alerting-setup", "rollback-procedure", "on-call-playbook"}
    entry = repo.entry()
    repo.edit(artifacts=[item for item in entry["artifacts"] if item["id"] in own])
    repo.commit("Only what the last gate lists")
    done = repo.check("--defer", "approval")
    assert done.code == 1, done
    assert "artifact:deployment-runbook" not in done.blocking()
    assert {"artifact:system-description", "artifact:red-team-report"} <= set(done.blocking())


def test_t05_with_all_the_work_done_only_approvals_of_all_gates_remain(repo: Scratch) -> None:
    repo.branch("worked")
    repo.declare(high_system("production"))
    repo.commit("All the work")
    done = repo.check()
    assert {kind.partition(":")[0] for kind in done.blocking()} == {"approval"}, done
    asked = {item["for"] for item in done.findings("gap") if item["requirement"]["kind"] == "approval"}
    assert asked == set(ALL)
    assert repo.check("--defer", "approval").code == 0


def test_t05_one_step_enters_one_gate(repo: Scratch) -> None:
    repo.branch("step")
    repo.declare(high_system("development"))
    repo.commit("One step")
    done = repo.check("--defer", "approval")
    assert (done.code, _entered(done)) == (0, ALL[:1]), done


def test_t05_a_system_declared_in_production_enters_all_gates_from_nothing(repo: Scratch) -> None:
    repo.branch("new")
    new = high_system("production", id="SYS-050", model_card="new/MODEL_CARD.md", paths=["new/**"])
    repo.declare_only(*repo.manifest()["systems"], new)
    repo.commit("New and live at once", files={"new/app.py": "print()\n"})
    done = repo.check()
    assert done.code == 1, done
    assert _entered(done, "SYS-050") == ALL
    assert "artifact:system-description" in done.blocking()


def test_t05_the_stages_of_one_change_are_one_jump_however_many_commits(repo: Scratch) -> None:
    repo.branch("steps")
    for stage in ("development", "pre_deployment", "production"):
        repo.edit("SYS-002", stage=stage)
        repo.commit(stage)
    done = repo.check()
    assert (done.code, _entered(done, "SYS-002")) == (1, ALL), done


def test_t05_retiring_is_no_way_around_production(repo: Scratch) -> None:
    repo.branch("retired")
    repo.edit(stage="deprecated")
    repo.commit("Live, and called deprecated")
    done = repo.check("--defer", "approval")
    assert (done.code, "that:deprecated-before-production" in done.blocking()) == (1, True), done
    repo.branch("honest")
    repo.edit("SYS-003", stage="deprecated")
    repo.commit("It was live and goes")
    assert repo.check().code == 0


def test_t05_a_low_system_owes_little_on_the_same_way(repo: Scratch) -> None:
    repo.branch("low")
    repo.declare_only(low_system("conception"))
    repo.commit("As if it were new")
    repo.git("branch", "-f", "early", "HEAD")
    repo.declare(low_system("production"))
    repo.commit("A small tool")
    done = repo.check("--defer", "approval", "--base", "early")
    assert done.code == 0, done
