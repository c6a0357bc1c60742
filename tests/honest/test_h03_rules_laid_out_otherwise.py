"""H03: rules that a formatter or an editor laid out otherwise, and that say the same, ask nobody (D11)."""

from __future__ import annotations

import pytest
import yaml
from scratch import Scratch
from world import low_system, org_policy, roles, to_yaml

POLICY, ROLES = "policies/org.yaml", "policies/roles.yaml"
SAID = "# Ours, #1\n" + to_yaml(org_policy()) + "  # end\n"

REWRITTEN = {
    "empty lines and blanks": SAID.replace("\n", "  \n\n"),
    "line ends": SAID.replace("\n", "\r\n"),
    "quotes": SAID.replace("schema: policy-gate/policy/v1", 'schema: "policy-gate/policy/v1"'),
    "lines that are wider": "# Ours, #1\n"
    + yaml.safe_dump(org_policy(), sort_keys=False, width=400, indent=4)
    + "# end\n",
    "a document mark": "---\n" + SAID,
}


@pytest.mark.parametrize("how", REWRITTEN)
def test_h03_a_policy_that_says_the_same_asks_nobody(scratch: Scratch, how: str) -> None:
    assert REWRITTEN[how] != SAID
    scratch.adopt(low_system("development"), files={POLICY: SAID})
    scratch.branch()
    scratch.commit("Format", files={POLICY: REWRITTEN[how]})
    done = scratch.check()
    assert (done.code, done.verdict, done.blocking()) == (0, "pass", [])
    assert f"{POLICY} is laid out otherwise" in str(done.report["trust"]["notes"])


def test_h03_roles_and_settings_too(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"))
    config = scratch.read("policy-gate.yaml")
    scratch.branch()
    scratch.commit("Format", files={ROLES: "---\n" + to_yaml(roles()), "policy-gate.yaml": config + "\n"})
    done = scratch.check()
    assert (done.code, done.blocking()) == (0, [])


def test_h03_what_is_approved_is_what_changed_and_not_what_was_formatted_beside_it(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"), files={POLICY: SAID})
    scratch.branch()
    taken = to_yaml(roles(ai_governance_committee="Bo Author"))
    scratch.commit("Take over", files={POLICY: SAID + "\n", ROLES: taken})
    done = scratch.check()
    assert done.blocking() == ["approval:ai-governance-committee"]
    asked = str(done.finding("policy-change"))
    assert ROLES in asked
    assert POLICY not in asked


def test_h03_of_rules_that_say_the_same_no_other_answer_is_told(scratch: Scratch) -> None:
    """The control beside it: one word more in a rule, and what the new rules would say is told."""
    scratch.adopt(low_system("development"), files={POLICY: SAID})
    scratch.branch()
    scratch.commit("Format", files={POLICY: REWRITTEN["quotes"]})
    assert scratch.check().report["trust"].get("preview", []) == []
    assert "do not judge it" not in scratch.run("check").out
    scratch.commit("Another rule", files={POLICY: SAID.replace("forge.", "forge yet.")})
    assert "do not judge it" in scratch.run("check").out


def test_h03_rules_that_nobody_could_read_are_told_with_what_merging_them_does(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"), files={POLICY: SAID})
    scratch.branch()
    scratch.commit("Misspelt", files={POLICY: SAID.replace("assurance:", "asurance:")})
    said = " ".join(scratch.run("check").out.split())
    assert f"{POLICY}:" in said
    assert "every check is undecided until a change mends them: policy-gate policy lint" in said
    assert scratch.run("policy", "lint").code != 0, "the command that is named finds it"
