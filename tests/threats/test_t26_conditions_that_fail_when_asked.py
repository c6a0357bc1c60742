"""T26: a condition that is well formed and fails over facts: in base it would leave every change without an answer."""

from __future__ import annotations

import pytest
from scratch import Scratch
from test_t26_policies_that_match_nothing import RULE
from world import high_system


@pytest.mark.parametrize(
    ("when", "is_told"),
    [
        ("'system.id.matches(\"[\")'", True),
        ("system.score / 0 > 1", True),
        ("system.has_vendors && system.score / 0 > 1", True),
        ('system.law_class[5] == "gdpr:applies"', True),
        ("'system.id.matches(\"[a-z]\")'", False),
        ("system.score / 2 > 1", False),
        ('size(system.law_class) > 5 && system.law_class[5] == "gdpr:applies"', False),
    ],
)
def test_t26_lint_tries_conditions_over_facts(scratch: Scratch, when: str, is_told: bool) -> None:
    scratch.adopt(high_system("development"))
    scratch.write({"policies/own.yaml": RULE.replace('system.tier == "high"', when)})
    found = scratch.run("policy", "lint")
    said = " ".join(found.out.split())
    assert found.code == 0, found
    assert ("policies/own.yaml:6:11: the condition" in said) is is_told, found
