"""H18, H21: where nobody could give an approval as things stand, the report says whom to name, and that works."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import ROLE_HOLDERS, email_of, high_system, low_system, org_policy, roles, to_yaml

AUTHOR = "Bo Author"


def _lowered(repo: Scratch, **holders: str | None) -> dict[str, object]:
    """The finding of a weakening whose approver base does not name, or names as its author alone."""
    repo.adopt(high_system("development"))
    repo.write({"policies/roles.yaml": to_yaml(roles(**holders))})
    repo.commit("Roles")
    repo.branch("work")
    repo.edit(risk_profile={"human_oversight": "full"})
    repo.commit("Lower it")
    return repo.check().finding("weakening")


@pytest.mark.parametrize(
    ("holder", "whom"), [(None, "somebody"), (AUTHOR, "another person")], ids=["nobody", "its author alone"]
)
def test_h18_it_says_whom_to_name_and_then_the_approval_counts(scratch: Scratch, holder: str | None, whom: str) -> None:
    found = _lowered(scratch, ai_safety_lead=holder)
    said = f"name {whom} as ai-safety-lead in policies/roles.yaml, in a change of its own"
    assert str(found["fix"]).startswith(said)
    text = " ".join(scratch.run("check").out.split())
    assert said in text
    assert "policy-gate approve" not in text, "a command that could not count"

    scratch.branch("names")
    named = roles(ai_safety_lead=holder)
    named["roles"].setdefault("ai-safety-lead", {"members": []})
    named["roles"]["ai-safety-lead"]["members"].append({"name": "Rae Kim", "email": email_of("Rae Kim")})
    scratch.write({"policies/roles.yaml": to_yaml(named)})
    scratch.commit("Name her")
    scratch.approve("ai-governance-committee", "policy-change", None)
    assert scratch.check().code == 0
    scratch.merge("names")
    scratch.checkout("work")
    scratch.git("merge", "-q", "--no-edit", "main")
    assert str(scratch.check().finding("weakening")["fix"]).startswith("policy-gate approve --for weakening")
    scratch.approve("ai-safety-lead", "weakening", by="Rae Kim")
    assert scratch.check().findings("gap") == []


def test_h18_so_of_a_rule_of_the_repository(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    scratch.write({"policies/roles.yaml": to_yaml(roles(ai_governance_committee=None))})
    scratch.commit("Roles")
    scratch.branch("work")
    scratch.commit("CI", files={".github/workflows/policy-gate.yml": "name: policy-gate\n"})
    fix = scratch.check().finding("enforcement-change")["fix"]
    assert fix == "name somebody as ai-governance-committee in policies/roles.yaml, in a change of its own"
    scratch.branch("names")
    scratch.commit("Name them", files={"policies/roles.yaml": to_yaml(roles())})
    assert scratch.check().code == 0, "base names nobody who could approve it"


def test_h18_whoever_alone_approves_rules_lets_somebody_else_write_them(scratch: Scratch) -> None:
    """A change of the roles by the one person who approves such changes would be stopped in its turn."""
    scratch.adopt(low_system("development"))
    scratch.write({"policies/roles.yaml": to_yaml(roles(ai_governance_committee=AUTHOR))})
    scratch.commit("Roles")
    scratch.branch("work")
    named = to_yaml(roles(ai_governance_committee="Gov Board"))
    scratch.commit("Name another", files={"policies/roles.yaml": named})
    fix = scratch.check().finding("policy-change")["fix"]
    assert fix.startswith("let somebody else write this one")
    scratch.branch("theirs")
    scratch.commit("Name another", by="Sam Lee", files={"policies/roles.yaml": named})
    scratch.approve("ai-governance-committee", "policy-change", None, by=AUTHOR)
    assert scratch.check().code == 0, scratch.check()


def test_h18_control_where_somebody_can_the_command_is_printed(scratch: Scratch) -> None:
    assert ROLE_HOLDERS["ai-safety-lead"] != AUTHOR
    assert str(_lowered(scratch)["fix"]).startswith("policy-gate approve --for weakening")


@pytest.mark.parametrize("stage", ["pre_deployment", "production"])
def test_h18_what_is_not_known_is_not_told_as_so(scratch: Scratch, stage: str) -> None:
    """A system that leaves its oversight open is not said to have none."""
    profile = {"decision_impact": "life_safety", "data_sensitivity": "special_category"}
    entry = high_system(stage, risk_profile=profile | {"user_vulnerability": "vulnerable_populations"})
    entry["risk_profile"].pop("human_oversight")
    scratch.commit("Code", files={"screener/app.py": "x = 1\n"})
    scratch.branch("adopt")
    scratch.declare_only(entry)
    scratch.commit("Adopt")
    found = scratch.check().finding("human-review-contradicted")
    assert found["title"].startswith('Not known whether "Human review is required, but nobody oversees')
    assert found["fix"] == "state human_oversight in the manifest"


CONFIG = "schema: policy-gate/config/v1\nrepository: example-org/screener\npolicies: rules/ai\n"


def test_h18_the_file_of_the_roles_is_the_one_that_the_settings_name(scratch: Scratch) -> None:
    """Every line about people names it: of a fix, a claim, a waiver, and of what a report says of a role."""
    moved = {
        "policy-gate.yaml": CONFIG,
        "rules/ai/roles.yaml": to_yaml(roles(ai_safety_lead=None)),
        "rules/ai/org.yaml": to_yaml(org_policy()),
    }
    scratch.adopt(high_system("development"))
    scratch.git("rm", "-rq", "policies")
    scratch.write(moved)
    scratch.commit("Elsewhere")
    scratch.branch("work")
    scratch.edit(risk_profile={"human_oversight": "full"})
    scratch.commit("Lower it")
    said = "name somebody as ai-safety-lead in rules/ai/roles.yaml, in a change of its own"
    assert str(scratch.check().finding("weakening")["fix"]).startswith(said)
    scratch.approve("ai-safety-lead", "weakening", by="Rae Kim")
    for form in ("text", "json", "markdown", "html", "sarif"):
        text = scratch.run("check", "--format", form).out
        assert "rules/ai/roles.yaml" in text, form
        assert "policies/roles.yaml" not in text, form
    waived = scratch.run("waive", "model-card", "--system", "SYS-001", "--owner", "Rae Kim", "--approver", "Rae Kim")
    assert "policies/roles.yaml" not in waived.out + waived.err


def test_h18_so_at_adoption(scratch: Scratch) -> None:
    nobody = {"schema": "policy-gate/roles/v1", "roles": {}}
    scratch.commit("Code", by="Rae Kim", files={"app.py": "print(1)\n"})
    scratch.branch("work")
    scratch.write({"policy-gate.yaml": CONFIG, "rules/ai/roles.yaml": to_yaml(nobody)})
    scratch.declare(low_system("development"))
    scratch.commit("Adopt")
    for form in ("text", "html", "json"):
        text = scratch.run("check", "--format", form).out
        assert "rules/ai/roles.yaml" in text, form
        assert "policies/roles.yaml" not in text, form
