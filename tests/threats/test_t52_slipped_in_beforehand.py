"""T52, D47: what somebody must vouch for is vouched for in the change that brings it, whatever wants it today."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Result, Scratch
from world import base_files, days_ago, high_system, org_policy, to_yaml

FOR = "evidence-vouched"
DIGEST = "ab" * 32
PAPER = "explainability-report"
CLAIM = {"id": "shadow-mode-validation", "reason": "nothing runs today that it replaces"}


def elsewhere(id_: str = PAPER, **over: str) -> dict[str, str]:
    place = {"url": "https://drive.example.com/x", "sha256": DIGEST, "held_by": "Us"}
    return {"id": id_, **place, "status": "final", "completed": days_ago(3), **over}


def rule(**over: Any) -> str:
    wanted = {
        "id": "needs-explaining",
        "title": "It is explained",
        "why": "People ask",
        "when": 'system.tier == "high"',
        "enforcement": "block",
        "effective": days_ago(-30),
        "require": [{"artifact": PAPER}],
        **over,
    }
    return to_yaml(org_policy() | {"rules": [wanted]})


def governed(repo: Scratch, stage: str = "conception", org: str | None = None, **files: str) -> Scratch:
    repo.adopt(high_system(stage), files={**({"policies/org.yaml": org} if org else {}), **files})
    repo.branch()
    return repo


def with_papers(repo: Scratch, *entries: dict[str, str], message: str = "Name it") -> Result:
    ids = {entry["id"] for entry in entries}
    kept = [item for item in repo.entry().get("artifacts", []) if item["id"] not in ids]
    repo.edit(artifacts=[*kept, *entries])
    repo.commit(message)
    return repo.check()


@pytest.mark.parametrize(
    "org",
    [
        rule(),
        rule(enforcement="advise", effective=days_ago(9)),
        rule(enforcement="remediate", effective=days_ago(9)),
        rule(when='system.stage == "production"', effective=days_ago(9)),
        None,
    ],
    ids=["upcoming", "advice", "to remediate", "not yet owed", "no rule at all"],
)
def test_t52_evidence_held_elsewhere_is_asked_about_at_once(scratch: Scratch, org: str | None) -> None:
    found = with_papers(governed(scratch, org=org), elsewhere())
    assert found.code == 1, found
    asked = [item for item in found.findings("gap") if item.get("for") == FOR]
    assert [item["requirement"]["kind"] for item in asked] == ["approval"]
    assert "--key FILE" in asked[0]["fix"], "what nobody can read is vouched for by a verified word"


def test_t52_a_waived_paper_is_asked_about_too(scratch: Scratch) -> None:
    waiver = {
        "system": "SYS-001", "rule": "needs-explaining", "owner": "Pat Moss", "approver": "Rae Kim",
        "reason": "The method is being written up until the end of the month.",
        "created": days_ago(1), "expires": days_ago(-30),
    }  # fmt: skip
    waivers = {"governance/waivers.yaml": to_yaml({"schema": "policy-gate/waiver/v1", "waivers": [waiver]})}
    found = with_papers(governed(scratch, org=rule(effective=days_ago(9)), **waivers), elsewhere())
    assert found.finding(PAPER)["state"] == "waived", found
    assert found.finding(FOR)["state"] == "gap"
    assert found.code == 1


def test_t52_a_claim_of_no_concern_is_asked_about_long_before_its_gate(scratch: Scratch) -> None:
    governed(scratch)
    scratch.edit(not_applicable=[CLAIM])
    scratch.commit("Claim")
    found = scratch.check()
    assert (found.code, found.finding(FOR)["requirement"]["subject"]) == (1, "product-owner"), found
    scratch.approve("product-owner", FOR)
    assert scratch.check().code == 0
    scratch.merge()
    scratch.branch("next")
    scratch.edit(not_applicable=[CLAIM | {"reason": "we never felt like it"}])
    scratch.commit("Reword")
    assert scratch.check().finding(FOR)["state"] == "gap", "another reason is another claim"


def test_t52_an_adoption_leaves_it_for_the_next_change(scratch: Scratch) -> None:
    scratch.commit("Code", files={"screener/app.py": "x = 1\n"})
    scratch.branch()
    scratch.write(base_files())
    scratch.declare(high_system("conception", enrolled=days_ago(0)))
    scratch.commit("Adopt")
    assert scratch.check().code == 0, "the control"
    scratch.edit(not_applicable=[CLAIM])
    scratch.commit("And slip it in")
    found = scratch.check()
    assert found.code == 1, found
    assert "leave it for the next change" in found.finding("product-owner")["message"]


def test_t52_a_system_that_is_declared_asks_as_well(scratch: Scratch) -> None:
    governed(scratch)
    scratch.declare(high_system("conception", id="SYS-002", paths=["b/**"], artifacts=[elsewhere()]))
    scratch.commit("Another")
    asked = {item["for"] for item in scratch.check().findings("gap", "SYS-002") if item.get("for")}
    assert asked == {FOR, "first-classification"}


@pytest.mark.parametrize(
    "over", [{"sha256": "cd" * 32}, {"url": "https://other.example.com/y"}, {"held_by": "Them"}, {"status": "draft"}]
)
def test_d47_another_entry_is_another_word(scratch: Scratch, over: dict[str, str]) -> None:
    scratch.adopt(high_system("conception", artifacts=[elsewhere()]))
    scratch.branch()
    assert with_papers(scratch, elsewhere(**over)).finding(FOR)["state"] == "gap"


def test_d47_moving_renaming_and_reordering_ask_nothing(scratch: Scratch) -> None:
    scratch.adopt(high_system("conception", not_applicable=[CLAIM], artifacts=[elsewhere()]))
    scratch.branch()
    scratch.edit(name="Another name", artifacts=list(reversed(scratch.entry()["artifacts"])))
    turned = dict(reversed(list(scratch.entry().items())))
    scratch.declare_only(turned)
    scratch.commit("Rename and reorder")
    found = scratch.check()
    assert found.code == 0, found
    assert FOR not in {item.get("for") for item in found.findings()}


def test_d47_the_approval_of_the_gate_is_the_one_that_is_asked_for(scratch: Scratch) -> None:
    governed(scratch, "development")
    scratch.declare(high_system("pre_deployment"))
    found = with_papers(scratch, elsewhere("security-assessment-report"))
    gate = "pre-deployment-security-review"
    assert found.finding("security-assessment-report")["for"] == gate, found
    assert FOR not in {item.get("for") for item in found.findings()}


def test_d47_where_the_rule_only_advises_the_change_is_the_one_that_asks(scratch: Scratch) -> None:
    org = rule(enforcement="remediate", effective=days_ago(9))
    found = with_papers(governed(scratch, org=org), elsewhere())
    assert [item["for"] for item in found.findings("gap") if item.get("for")] == [FOR], found
