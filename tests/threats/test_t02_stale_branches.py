"""T02: law and "before" are base's tip and "after" is what merging gives, wherever the branch began."""

from __future__ import annotations

from pathlib import Path

import pytest
from evidence import document
from scratch import Scratch
from world import days_ago, high_system, low_system, medium_system, to_yaml

STRICTER = {
    "schema": "policy-gate/policy/v1",
    "about": "What this repository asks for beyond the built-in rules.",
    "rules": [
        {
            "id": "runbook-for-all",
            "title": "Nobody could restart it",
            "why": "Every system here is restarted by people who did not build it.",
            "when": 'system.stage == "production"',
            "enforcement": "block",
            "effective": days_ago(1),
            "require": [{"artifact": "deployment-runbook"}],
        }
    ],
}
GATE = "pre-deployment-security-review"


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """`old` has weaker rules and a red-team report that is a template; `main` has mended both since."""
    repo = Scratch(tmp_path_factory.mktemp("t02"))
    repo.adopt(high_system("pre_deployment"), low_system("pre_deployment"))
    repo.commit("The report is a stub", files={"governance/red-team.md": "# Red team\n\nTODO\n"})
    artifacts = repo.entry()["artifacts"]
    for item in artifacts:
        if item["id"] == "red-team-report":
            item["path"] = "governance/red-team.md"
    repo.edit(artifacts=artifacts)
    repo.commit("Point at the stub")
    repo.git("branch", "old")
    repo.commit("Mend the rules", files={"policies/stricter.yaml": to_yaml(STRICTER)})
    repo.commit("Mend the report", files={"governance/red-team.md": document("red-team-report")})
    return repo


@pytest.mark.parametrize(("begins", "base", "exit_code"), [("old", "main", 1), ("main", "main", 1), ("old", "old", 0)])
def test_t02_a_branch_from_before_a_rule_is_judged_by_it(aged: Scratch, begins: str, base: str, exit_code: int) -> None:
    aged.branch("rules", at=begins)
    aged.declare(low_system("production"))
    aged.commit("Go live")
    done = aged.check("--base", base, "--defer", "approval")
    assert done.code == exit_code, done
    assert ("artifact:deployment-runbook" in done.blocking()) is (base == "main")


@pytest.mark.parametrize(("base", "exit_code"), [("main", 1), ("old", 0)])
def test_t02_a_gap_that_base_has_mended_is_not_inherited_from_the_branch_point(
    aged: Scratch, base: str, exit_code: int
) -> None:
    aged.branch("gaps", at="old")
    artifacts = [item | {"path": "governance/other.md"} if item["id"] == "red-team-report" else item
                 for item in aged.entry()["artifacts"]]  # fmt: skip
    aged.edit(artifacts=artifacts)
    aged.commit("Point at another stub", files={"governance/other.md": "# Red team\n\nTODO\n"})
    done = aged.check("--base", base)
    assert done.code == exit_code, done
    blame = done.finding("red-team-report", "artifact")["blame"]
    assert blame == ("introduced" if base == "main" else "overdue")


def test_t02_a_merge_that_keeps_the_old_side_undoes_what_base_has_mended(aged: Scratch) -> None:
    aged.branch("ours", at="old")
    aged.git("merge", "-q", "-s", "ours", "--no-edit", "main")
    evil = aged.check()
    assert evil.code == 1, evil
    assert "artifact:red-team-report" in evil.blocking()
    assert evil.finding("policy-change")["state"] == "gap"
    aged.branch("honest", at="old")
    aged.git("merge", "-q", "--no-edit", "main")
    assert aged.check().code == 0


def test_t02_two_changes_that_are_harmless_alone_are_judged_together(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(medium_system("development"))
    repo.branch("truth")
    repo.edit("SYS-002", risk_profile={"user_vulnerability": "vulnerable_populations"})
    repo.commit("The users are vulnerable")
    repo.branch("go")
    repo.declare(medium_system("pre_deployment"))
    repo.commit("Move on at medium")
    alone = {name: repo.check("--head", name, "--defer", "approval") for name in ("truth", "go")}
    assert {name: done.code for name, done in alone.items()} == {"truth": 0, "go": 0}, alone
    repo.merge("truth")
    together = repo.check("--head", "go", "--defer", "approval")
    assert together.code == 1, together
    assert "artifact:red-team-report" in together.blocking()
    assert together.system("SYS-002")["effective_tier"] == "high"
    assert together.report["trust"]["result"]["from"] == "merge"
