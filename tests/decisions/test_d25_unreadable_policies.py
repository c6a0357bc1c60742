"""D25: unreadable policies in base are undecided; a repair alone is judged, by the last readable ones before it."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import base_files, low_system, org_policy, roles, to_yaml

BROKEN = "schema: policy-gate/policy/v1\nrulez: []\n"


def test_d25_the_last_readable_policies_judges_the_repair_and_not_the_repairs_own(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    for number in range(3):
        scratch.commit("Broken", by="Rae Kim", files={"policies/org.yaml": f"{BROKEN}# {number}\n"})
    assert scratch.check("--all").code == 3
    scratch.branch()
    strict = org_policy(governed_changes="verified")
    scratch.commit("Repair, and ask for more", files={"policies/org.yaml": to_yaml(strict)})
    scratch.approve("ai-governance-committee", "policy-change", None)
    found = scratch.check()
    assert found.verdict == "pass", "the earlier law takes recorded approvals"
    assert "last readable" in " ".join(found.report["trust"]["notes"])


def test_d25_without_any_readable_policies_there_is_no_answer(scratch: Scratch) -> None:
    scratch.write(base_files() | {"policies/org.yaml": BROKEN})
    scratch.declare(low_system("development"))
    scratch.commit("Born broken", by="Rae Kim")
    scratch.branch()
    scratch.commit("Repair", files={"policies/org.yaml": to_yaml(org_policy())})
    found = scratch.check()
    assert found.code == 3
    assert "rulez" in found.err
    assert "of base's own by a change that touches nothing else" in " ".join(scratch.run("check").err.split())


@pytest.mark.parametrize("packs", ["", "packs: [eu-ai-act]\n"])
def test_d25_a_pack_that_nobody_knows_is_repaired_like_a_policy(scratch: Scratch, packs: str) -> None:
    scratch.adopt(low_system("development"))
    good = (scratch.path / "policy-gate.yaml").read_text()
    scratch.commit("Misspelt", by="Rae Kim", files={"policy-gate.yaml": good + "packs: [eu-ai-akt]\n"})
    scratch.branch()
    scratch.commit("Repair", files={"policy-gate.yaml": good + packs})
    assert scratch.check().verdict == "block", "a repair, too, wants its approval"
    scratch.approve("ai-governance-committee", "policy-change", None)
    found = scratch.check()
    assert found.verdict == "pass"
    assert "last readable" in " ".join(found.report["trust"]["notes"])


def test_d25_beside_anything_else_such_a_repair_has_no_answer(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    good = (scratch.path / "policy-gate.yaml").read_text()
    scratch.commit("Misspelt", by="Rae Kim", files={"policy-gate.yaml": good + "packs: [eu-ai-akt]\n"})
    scratch.branch()
    scratch.declare(low_system("production"))
    scratch.commit("Repair, and go on", files={"policy-gate.yaml": good})
    assert scratch.check().code == 3


def test_a_change_that_asks_for_an_unknown_pack_is_told_before_it_merges(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    scratch.branch()
    good = (scratch.path / "policy-gate.yaml").read_text()
    scratch.commit("Misspelt", files={"policy-gate.yaml": good + "packs: [eu-ai-akt]\n"})
    assert 'unknown pack "eu-ai-akt"' in " ".join(scratch.check().report["preview"])


def told_of_roles(scratch: Scratch, text: str | None) -> str:
    scratch.adopt(low_system("development"))
    scratch.branch()
    if text is None:
        scratch.remove("policies/roles.yaml")
    scratch.commit("Other people", files={} if text is None else {"policies/roles.yaml": text})
    return " ".join(scratch.check().report["preview"])


def test_a_change_that_leaves_a_role_without_people_is_told_before_it_merges(scratch: Scratch) -> None:
    said = told_of_roles(scratch, to_yaml(roles(ai_safety_lead=None)))
    assert "role ai-safety-lead is asked to approve" in said


def test_a_role_that_no_rule_knows_is_told_before_it_merges(scratch: Scratch) -> None:
    misspelt = to_yaml(roles()).replace("ai-safety-lead:", "ai-safty-lead:")
    assert 'unknown role "ai-safty-lead"' in told_of_roles(scratch, misspelt)


def test_that_the_roles_are_gone_is_told_before_it_merges(scratch: Scratch) -> None:
    assert "policies/roles.yaml is gone" in told_of_roles(scratch, None)


def test_a_change_of_people_that_leaves_no_role_empty_has_nothing_to_tell(scratch: Scratch) -> None:
    assert "roles.yaml" not in told_of_roles(scratch, to_yaml(roles(ciso="Bo Author")))
