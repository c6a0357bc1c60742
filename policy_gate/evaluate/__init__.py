"""Apply the rules: RuleSet x Facts x Changes -> outcomes. Approvals, waivers and blame come later."""
