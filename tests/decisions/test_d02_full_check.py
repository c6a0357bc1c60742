"""D02: `--all` judges one tree: everything owed is listed, nothing is introduced."""

from __future__ import annotations

from scratch import Scratch
from world import days_ago, high_system, org_policy, to_yaml


def _live(repo: Scratch, enrolled: str) -> None:
    repo.adopt()
    repo.declare_only(high_system("production", enrolled=enrolled, model_card=None))
    repo.commit("Declare what runs", by="Rae Kim")


def test_d02_debt_not_yet_due_is_conditions_and_overdue_debt_blocks(scratch: Scratch) -> None:
    _live(scratch, days_ago(1))
    young = scratch.check("--all")
    assert (young.code, young.verdict, young.report["trust"]["mode"]) == (0, "conditions", "all")
    assert young.report["summary"]["introduced"] == 0
    assert young.finding("red-team-report")["blame"] == "inherited"
    old = scratch.check("--all", "--as-of", days_ago(-200))
    assert (old.code, old.finding("red-team-report")["blame"]) == (1, "overdue")
    assert old.report["summary"]["introduced"] == 0


def test_d02_a_repository_in_order_passes_and_approvals_are_not_asked_again(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    found = scratch.check("--all")
    assert found.code == 0, found
    assert found.finding("ciso")["state"] == "not-applicable"
    assert found.findings("gap") == []


def test_d02_on_another_branch_policies_is_still_bases(scratch: Scratch) -> None:
    _live(scratch, days_ago(100))
    assert scratch.check("--all").code == 1
    scratch.branch()
    soft = org_policy() | {"debt": {"enrolment": {"high": "P5Y"}}}
    scratch.commit("More time for ourselves", files={"policies/org.yaml": to_yaml(soft)})
    assert scratch.check("--all").code == 1
