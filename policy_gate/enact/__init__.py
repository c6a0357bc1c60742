"""Read the law: policy documents of all layers to one RuleSet, layered, linted and compiled.

The only room that knows CEL. It reads no files: documents come in as plain data with their marks.
"""

from policy_gate.enact.cases import Uncovered, cases, rules_without_cases
from policy_gate.enact.roles import lint_roles
from policy_gate.enact.ruleset import Listed, condition, enact, lint, listing
from policy_gate.enact.variables import variables

__all__ = [
    "Listed",
    "Uncovered",
    "cases",
    "condition",
    "enact",
    "lint",
    "lint_roles",
    "listing",
    "rules_without_cases",
    "variables",
]
