"""Apply the rules: RuleSet x Facts x Changes -> outcomes. Approvals, waivers and blame are heard later."""

from policy_gate.evaluate.obligations import evaluate

__all__ = ["evaluate"]
