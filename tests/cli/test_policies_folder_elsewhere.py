"""`policies:` of policy-gate.yaml names another folder: what reads the rules reads that one."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import to_yaml

CONFIG = "schema: policy-gate/config/v1\nrepository: example-org/screener\n"
DEBT = to_yaml({"schema": "policy-gate/policy/v1", "debt": {"enrolment": {"high": "P10D"}}})


def test_rules_in_a_folder_of_another_name_are_listed_and_linted(scratch: Scratch) -> None:
    scratch.write({"policy-gate.yaml": f"{CONFIG}policies: rules/ai\n", "rules/ai/own.yaml": DEBT})
    done = scratch.run("policy", "list", "--origin")
    assert (done.code, "P10D" in done.out, "rules/ai/own.yaml:3:" in done.out) == (0, True, True), done
    scratch.write({"rules/ai/own.yaml": DEBT.replace("debt:", "debts:")})
    done = scratch.run("policy", "lint")
    assert (done.code, "rules/ai/own.yaml:2:" in done.out) == (1, True), done


@pytest.mark.parametrize("written", [False, True])
def test_lint_tells_a_folder_that_is_not_there(scratch: Scratch, written: bool) -> None:
    scratch.write({"policy-gate.yaml": f"{CONFIG}policies: rules\n"} | ({"rules/own.yaml": DEBT} if written else {}))
    done = scratch.run("policy", "lint")
    assert done.code == int(not written), done
    assert ("policy-gate.yaml:3:11: policies: rules is no folder" in done.out) == (not written)


def test_lint_tells_what_is_wrong_in_the_config(scratch: Scratch) -> None:
    scratch.write({"policy-gate.yaml": f"{CONFIG}policis: rules\n"})
    done = scratch.run("policy", "lint")
    assert (done.code, "policy-gate.yaml:3:" in done.out, '"policies"' in done.out) == (1, True, True), done


def test_lint_control_no_folder_is_needed_where_none_is_named(scratch: Scratch) -> None:
    scratch.write({"policy-gate.yaml": CONFIG})
    assert scratch.run("policy", "lint").code == 0
