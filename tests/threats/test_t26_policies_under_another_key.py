"""T26: a policy that says by another key, or with a slip in it, what it is, would be no rule and nobody would know."""

from __future__ import annotations

import pytest
from promotion import Promotion
from scratch import Scratch
from test_t26_policies_that_match_nothing import RULE, under
from world import high_system


@pytest.mark.parametrize("key", ["shema", "scheme", "$schema", "Schema", "version"])
def test_t26_our_schema_under_another_key_is_refused(scratch: Scratch, key: str) -> None:
    scratch.adopt(high_system("development"))
    scratch.write({"policies/own.yaml": RULE})
    assert scratch.run("policy", "lint").code == 0, "control: the same under schema"
    scratch.write({"policies/own.yaml": "# ours\n" + RULE.replace("schema:", f"{key}:", 1)})
    found = scratch.run("policy", "lint")
    assert found.code == 1, found
    said = " ".join(found.out.split())
    assert "policies/own.yaml:2:1: " in said
    assert "under a key that is not schema" in said
    assert "schema: policy-gate/policy/v1" in said


def test_t26_in_base_it_is_no_answer(promotion: Promotion) -> None:
    result = under(promotion, RULE.replace("schema:", "shema:", 1))
    assert (result.code, result.verdict) == (3, "undecided"), result
    assert "policies/own.yaml:1:1: " in result.err


def test_t26_what_only_speaks_of_our_schema_is_somebody_elses(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    foreign = (
        "apiVersion: v1\nkind: List\ndata:\n  text: policy-gate/policy/v1\nabout: see policy-gate/policy/v1 there\n"
    )
    scratch.write({"policies/kyverno.yaml": foreign})
    assert scratch.run("policy", "lint").code == 0
