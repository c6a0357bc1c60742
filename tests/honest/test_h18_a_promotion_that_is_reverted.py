"""H18: a promotion that is taken back by the button, papers and all: the report says what to keep, and until when."""

from __future__ import annotations

from scratch import Scratch
from world import GATE_ROLES, high_system, low_system

GATE = "pre-deployment-security-review"
UNTIL = "asks for it until the move back to development is merged"
PAPER = "governance/red-team-report.md"


def _reverted(repo: Scratch) -> None:
    """main held the promotion with its papers; `revert` takes both back at once."""
    repo.adopt(high_system("development"), low_system("development"))
    repo.promote()
    for role in GATE_ROLES:
        repo.approve(role, GATE)
    repo.merge()
    repo.branch("revert")
    repo.git("revert", "-m", "1", "--no-edit", "HEAD")


def test_h18_a_reverted_promotion_keeps_its_papers_for_one_change_more(scratch: Scratch) -> None:
    _reverted(scratch)
    without = scratch.manifest()
    found = scratch.check()
    fixes = [it["fix"] for it in found.findings("gap") if it["requirement"]["kind"] == "artifact"]
    assert len(fixes) == 5, found
    assert all(fix.startswith("bring back governance/") and fix.endswith(UNTIL) for fix in fixes), fixes

    scratch.git("checkout", "-q", "main", "--", "governance.yaml", "governance", "reports")
    scratch.edit(stage="development")
    scratch.commit("Back, with the papers")
    assert scratch.check().blocking() == ["approval:ai-safety-lead"]
    scratch.approve("ai-safety-lead", "stage-regression")
    assert scratch.check().code == 0
    scratch.merge("revert")

    scratch.branch("tidy")
    scratch.rewrite(lambda _: without)
    scratch.remove(PAPER)
    scratch.commit("The papers go")
    assert scratch.check().code == 0


def test_h18_control_a_paper_that_goes_while_the_system_stays_is_brought_back(scratch: Scratch) -> None:
    scratch.adopt(high_system("production"), low_system("development"))
    scratch.branch("work")
    entry = scratch.entry()
    kept = [it for it in entry["artifacts"] if it["path"] != PAPER]
    scratch.declare_only(entry | {"artifacts": kept})
    scratch.remove(PAPER)
    for stage in ("production", "pre_deployment"):
        scratch.edit(stage=stage)
        scratch.commit(f"Without it, in {stage}")
        fix = scratch.check().finding("red-team-report")["fix"]
        assert fix == f"bring back {PAPER} and its entry, as base has them", "its gate is behind it still"
