"""H11: base's policies are broken and a change repairs them: it can merge (D25)."""

from __future__ import annotations

from scratch import Scratch
from world import low_system, org_policy, roles, to_yaml

BROKEN = "schema: policy-gate/policy/v1\nrulez: []\n"


def _break(repo: Scratch, path: str, text: str) -> None:
    repo.adopt(low_system("development"))
    repo.commit("Broken by a direct push", by="Rae Kim", files={path: text})
    repo.branch()


def test_h11_the_repair_merges_once_it_is_approved(scratch: Scratch) -> None:
    _break(scratch, "policies/org.yaml", BROKEN)
    scratch.commit("Repair", files={"policies/org.yaml": to_yaml(org_policy())})
    asked = scratch.check()
    assert (asked.code, asked.blocking()) == (1, ["approval:ai-governance-committee"])
    scratch.approve("ai-governance-committee", "policy-change", None)
    done = scratch.check()
    assert (done.code, done.verdict) == (0, "pass"), done
    scratch.merge()
    scratch.branch("next")
    scratch.edit("SYS-003", incident_contact="new@example.com")
    scratch.commit("Work goes on")
    assert scratch.check().verdict == "pass"


def test_h11_control_a_repair_that_carries_something_else_is_undecided(scratch: Scratch) -> None:
    _break(scratch, "policies/org.yaml", BROKEN)
    scratch.edit("SYS-003", incident_contact="new@example.com")
    scratch.commit("Repair and more", files={"policies/org.yaml": to_yaml(org_policy())})
    assert scratch.check().code == 3
    scratch.branch("half")
    scratch.commit("No repair", files={"policies/org.yaml": BROKEN + "# still\n"})
    assert scratch.check().code == 3


def test_h11_a_repair_of_the_roles_is_approved_by_the_last_readable_ones(scratch: Scratch) -> None:
    good = to_yaml(roles())
    _break(scratch, "policies/roles.yaml", good.replace("members", "membrs"))
    taken = to_yaml(roles(ai_governance_committee="Bo Author"))
    scratch.commit("Take over", files={"policies/roles.yaml": taken})
    assert scratch.check().blocking() == ["approval:ai-governance-committee"]
    scratch.approve("ai-governance-committee", "policy-change", None, by="Bo Author")
    assert scratch.check().blocking() == ["approval:ai-governance-committee"]

    scratch.branch("repair")
    scratch.commit("Repair", files={"policies/roles.yaml": good})
    scratch.approve("ai-governance-committee", "policy-change", None)
    assert scratch.check().verdict == "pass"
