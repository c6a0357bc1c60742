"""T01: a change of the rules that passes for a formatted file: what is read as another value asks (D11)."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import low_system, org_policy, roles, to_yaml

POLICY, ROLES = "policies/org.yaml", "policies/roles.yaml"
SAID = to_yaml(org_policy() | {"about": "yes: a text\n# with a line that looks like a remark\n"})

TRICKS = {
    "a line of a text taken out": SAID.replace("# with a line that looks like a remark", ""),
    "a key that became a remark": SAID.replace("  governed_changes: recorded", "  #governed_changes: recorded"),
    "another case of a word": SAID.replace("low: recorded", "low: Recorded"),
    "a word beside another": SAID.replace("low: recorded", "low: recorded  verified"),
    "a remark": SAID + "# The committee agreed to leave out the card.\n",
    "a remark behind a break that no editor shows": SAID.replace("low: recorded", "low: recorded\u2028# until June"),
    "another remark at an end": SAID.replace("low: recorded", "low: recorded # until June"),
    "a file in two": SAID.replace("assurance:", "---\nassurance:"),
    "a key under the one above": SAID.replace("\n  governed_changes: ", "\n    governed_changes: "),
}


def _base(scratch: Scratch) -> None:
    scratch.adopt(low_system("development"), files={POLICY: SAID})
    scratch.branch()


@pytest.mark.parametrize("how", TRICKS)
def test_t01_what_is_read_otherwise_is_a_change_of_the_rules(scratch: Scratch, how: str) -> None:
    assert TRICKS[how] != SAID
    _base(scratch)
    scratch.commit("Format", files={POLICY: TRICKS[how]})
    assert scratch.check().code != 0


def test_t01_control_the_same_text_laid_out_otherwise(scratch: Scratch) -> None:
    _base(scratch)
    scratch.commit("Format", files={POLICY: "---\n" + SAID})
    assert scratch.check().code == 0


def test_t01_a_file_that_is_formatted_and_moved_or_doubled_asks(scratch: Scratch) -> None:
    _base(scratch)
    scratch.commit("Double", files={"policies/more.yaml": "---\n" + SAID})
    assert scratch.check().code != 0
    scratch.branch("moved")
    scratch.git("mv", POLICY, "policies/formatted.yaml")
    scratch.commit("Move")
    assert scratch.check().code != 0


def test_t01_a_file_that_another_mode_makes_a_program_of_asks(scratch: Scratch) -> None:
    _base(scratch)
    scratch.write({POLICY: "---\n" + SAID})
    scratch.git("add", "-A")
    scratch.git("update-index", "--chmod=+x", POLICY)
    scratch.git("commit", "-q", "-m", "Format")
    assert scratch.check().blocking() == ["approval:ai-governance-committee"]


def test_t01_two_roles_in_another_order_ask(scratch: Scratch) -> None:
    _base(scratch)
    said = roles()
    said["roles"] = dict(reversed(said["roles"].items()))
    scratch.commit("Sort", files={ROLES: to_yaml(said)})
    assert scratch.check().blocking() == ["approval:ai-governance-committee"]
