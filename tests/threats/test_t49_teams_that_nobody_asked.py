"""T49: a committee that is a forge's team is somebody, whether or not anybody can look into it here (D56)."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Scratch
from world import AUTHOR, email_of, low_system, roles, to_yaml

COMMITTEE = "ai-governance-committee"
TEAM = {"teams": ["github:example-org/ai-governance"]}
HELD: dict[str, dict[str, Any]] = {
    "a team": {COMMITTEE: TEAM},
    "a group of another forge": {COMMITTEE: {"teams": ["gitlab:example-org/ai"]}},
    "a name that is no team's": {COMMITTEE: {"teams": ["@example-org/ai"]}},
    "a stand-in for a team": {COMMITTEE: {"same_as": "dpo"}, "dpo": TEAM},
    "a stand-in at two removes": {COMMITTEE: {"same_as": "dpo"}, "dpo": {"same_as": "ciso"}, "ciso": TEAM},
}
NOBODY: dict[str, dict[str, Any]] = {
    "no entry": {},
    "an empty entry": {COMMITTEE: {}},
    "a stand-in for nobody": {COMMITTEE: {"same_as": "dpo"}, "dpo": {}},
    "a circle": {COMMITTEE: {"same_as": "dpo"}, "dpo": {"same_as": COMMITTEE}},
}


def governed(repo: Scratch, held: dict[str, Any]) -> None:
    """Base with these entries of the roles, and the author's branch that takes the committee for himself."""
    repo.adopt(low_system("development"))
    said = roles(ai_governance_committee=None, dpo=None)
    repo.commit("Roles", by="Rae Kim", files={"policies/roles.yaml": to_yaml({**said, "roles": said["roles"] | held})})
    repo.branch()
    repo.commit("Take the roles", files={"policies/roles.yaml": to_yaml(roles(ai_governance_committee=AUTHOR))})


@pytest.mark.parametrize("way", HELD)
def test_t49_roles_that_a_team_holds_are_not_for_the_taking(scratch: Scratch, way: str) -> None:
    governed(scratch, HELD[way])
    found = scratch.check()
    assert (found.code, found.verdict) == (3, "undecided")
    assert "whose members are not looked up here" in str(found.findings("unknown"))
    scratch.approve(COMMITTEE, "policy-change", None, by=AUTHOR)
    assert scratch.check().code != 0, email_of(AUTHOR)


def test_t49_a_member_beside_the_team_can_still_agree(scratch: Scratch) -> None:
    ada = {"members": [{"name": "Ada Example", "email": "ada@example.com"}]}
    governed(scratch, {COMMITTEE: ada | TEAM})
    assert scratch.check().code == 3
    scratch.approve(COMMITTEE, "policy-change", None)
    assert scratch.check().verdict == "pass"


@pytest.mark.parametrize("way", NOBODY)
def test_t49_control_roles_that_lead_to_nobody_name_nobody(scratch: Scratch, way: str) -> None:
    governed(scratch, NOBODY[way])
    found = scratch.check()
    assert (found.code, found.verdict) == (0, "conditions")


def test_t49_roles_of_base_that_a_broken_config_hides_are_no_less_there(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    config = scratch.read("policy-gate.yaml")
    scratch.commit("Broken", by="Rae Kim", files={"policy-gate.yaml": config + "polcies: rules\n"})
    scratch.branch()
    taken = {"policies/roles.yaml": to_yaml(roles(ai_governance_committee=AUTHOR)), "policy-gate.yaml": config}
    scratch.commit("Repair, and take", files=taken)
    assert scratch.check().blocking() == [f"approval:{COMMITTEE}"]


def test_t49_lint_names_what_nobody_is_called(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    people = [
        {"name": "Rae", "github": "@rae"},
        {"name": "Rae", "github": "https://github.com/rae"},
        {"name": "Rae", "gitlab": "Rae Kim"},
        {"name": "Rae", "github": "rae\u00a0"},
        {"name": "Rae", "email": "rae@example.com\u200b"},
        {"name": "Rae\u202e", "email": "rae@example.com"},
    ]
    good = [
        {"name": "Zoë", "github": "zoe-x_corp", "gitlab": "z.o_e"},
        {"name": "نیم\u200cفاصله", "email": "n@example.com"},
    ]
    said = roles()
    said["roles"] |= {
        "legal": {"members": people, "teams": ["@acme/safety", "github:acme"]},
        "dpo": {"members": good, "teams": ["github:acme/safety", "gitlab:acme/sub/group"]},
        "ciso": {"members": [{"name": "Ada Example"}]},
    }
    scratch.write({"policies/roles.yaml": to_yaml(said)})
    found = scratch.run("policy", "lint")
    assert found.code != 0
    lines = [line for line in found.out.splitlines() if "role legal: " in line or "role dpo: " in line]
    assert len(lines) == 8, found.out
    assert "role ciso: Ada Example cannot be told from anybody" in found.out
