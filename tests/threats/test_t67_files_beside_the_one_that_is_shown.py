"""T67: a yes to one edit of the rules, used for another file of them that the report did not name."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import low_system, org_policy, roles, to_yaml

OWN, ROLES, NEW = "policies/org.yaml", "policies/roles.yaml", "policies/z.yaml"
QUIET = to_yaml(org_policy())
EDITS = {
    OWN: QUIET.replace("schema:", "about: Ours.\nschema:", 1),
    ROLES: to_yaml(roles(ai_safety_lead="Bo Author")),
    NEW: "schema: policy-gate/policy/v1\ndebt:\n  enrolment: {high: P30D}\n",
}


@pytest.mark.parametrize("names", [(OWN,), (OWN, ROLES), (OWN, ROLES, NEW)])
@pytest.mark.parametrize("form", ["text", "markdown", "github"])
def test_t67_each_file_of_the_rules_is_shown_to_whoever_agrees(
    scratch: Scratch, names: tuple[str, ...], form: str
) -> None:
    scratch.adopt(low_system("development"), files={OWN: QUIET})
    scratch.branch()
    scratch.commit("Some rules", files={name: EDITS[name] for name in names})
    done = scratch.run("check", "--format", form)
    said = done.out.replace("\\", "")
    told = {name for name in EDITS if f"{name} changed" in said or f"{name} is new" in said}
    assert (done.code, told) == (1, set(names)), said
    assert (f"{NEW} is new" in said) is (NEW in names)


def test_t67_files_that_go_are_told_as_gone(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"), files={OWN: QUIET})
    scratch.branch()
    scratch.remove(OWN, ROLES)
    scratch.commit("No rules")
    said = scratch.run("check").out
    assert f"seen   {OWN} is gone" in said
    assert f"seen   {ROLES} is gone" in said
