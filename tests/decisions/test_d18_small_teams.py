"""D18: one role may stand in for another, and base may let one person agree with themselves, aloud."""

from __future__ import annotations

from scratch import Scratch
from world import high_system, low_system, medium_system, org_policy, roles, to_yaml

GATE = "development-authorization"


def _alone(repo: Scratch, **assurance: object) -> None:
    """Bo Author holds every role, and base's policy says this of assurance."""
    held = roles(ai_governance_committee="Bo Author", ai_safety_lead="Bo Author")
    repo.adopt(low_system("development"))
    policy = {"policies/roles.yaml": to_yaml(held), "policies/org.yaml": to_yaml(org_policy(**assurance))}
    repo.commit("A team of one", by="Rae Kim", files=policy)
    repo.branch()


def test_d18_base_may_let_one_person_agree_with_themselves_for_conditions_at_best(scratch: Scratch) -> None:
    _alone(scratch, self_approval=["low", "medium"])
    scratch.declare(medium_system("conception"))
    scratch.commit("Declare")
    assert scratch.check().verdict == "block"
    scratch.approve("ai-safety-lead", "first-classification", "SYS-002", by="Bo Author")
    found = scratch.check()
    assert (found.code, found.verdict) == (0, "conditions")
    assert "by an author of the content" in " ".join(found.report["trust"]["notes"])


def test_d18_as_shipped_and_for_high_it_does_not_count(scratch: Scratch) -> None:
    _alone(scratch)
    scratch.declare(medium_system("conception"))
    scratch.commit("Declare")
    scratch.approve("ai-safety-lead", "first-classification", "SYS-002", by="Bo Author")
    assert scratch.check().verdict == "block"

    scratch.checkout("main")
    own = org_policy(self_approval=["low", "medium"])
    scratch.commit("Allow it", by="Rae Kim", files={"policies/org.yaml": to_yaml(own)})
    scratch.branch("high")
    scratch.declare(high_system("conception"))
    scratch.commit("Declare something grave")
    scratch.approve("ai-safety-lead", "first-classification", "SYS-001", by="Bo Author")
    found = scratch.check()
    assert found.verdict == "block"
    assert "wrote commit" in str(found.finding("first-classification")["claims"])


def test_d18_self_approval_of_high_is_no_policy_at_all(scratch: Scratch) -> None:
    _alone(scratch, self_approval=["low", "high"])
    scratch.edit("SYS-003", incident_contact="x@example.com")
    scratch.commit("Something")
    assert scratch.check().code == 3


def test_d18_lint_names_the_roles_that_only_the_usual_authors_hold(scratch: Scratch) -> None:
    held = roles(ciso="Bo Author")
    scratch.adopt(low_system("development"), files={"policies/roles.yaml": to_yaml(held)})
    for number in range(10):
        scratch.commit("Work", files={"summariser/run.py": f"n = {number}\n"})
    said = scratch.run("policy", "lint")
    assert said.code == 0
    assert "role ciso: only Bo Author can approve gate pre-deployment-security-review" in " ".join(said.out.split())
    assert "role legal" not in said.out
    two = roles(ciso="Bo Author")
    two["roles"]["ciso"]["members"].append({"name": "Ada Example", "email": "ada@example.com"})
    scratch.write({"policies/roles.yaml": to_yaml(two)})
    assert scratch.run("policy", "lint").out.strip() == "nothing wrong"


def test_d18_a_role_may_be_the_same_as_another(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    shared = roles(ai_safety_lead=None)
    shared["roles"]["ai-safety-lead"] = {"same_as": "ciso"}
    scratch.commit("Few people", by="Rae Kim", files={"policies/roles.yaml": to_yaml(shared)})
    scratch.branch()
    scratch.declare(medium_system("conception", regulatory_scope=None))
    scratch.commit("Declare")
    scratch.approve("ai-safety-lead", "first-classification", "SYS-002", by="Ada Example")
    assert scratch.check().verdict == "pass"
