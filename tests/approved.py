"""A promotion that is approved, and what an author makes of it afterwards.

`main` holds SYS-001 in development, `work` moves it to pre_deployment with all its papers and the three
recorded approvals of its gate, so that the untouched branch exits 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scratch import Result, Scratch
from world import days_ago, high_system

GATE = "pre-deployment-security-review"
APPROVERS = ("ciso", "legal", "product-owner")
NOT_APPROVED = sorted(f"approval:{role}" for role in APPROVERS)
CI = ".github/workflows/governance.yml"
WORKFLOW = """\
name: governance
on: pull_request
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - run: policy-gate check
"""
HOOK = "repos:\n  - repo: local\n    hooks:\n      - id: policy-gate\n        entry: policy-gate hook\n"
SETTLED = dict.fromkeys(
    ("has_dpa", "soc2_type2_certified", "opt_out_of_training", "penetration_tested", "has_fallback_provider"), True
)
"""Answers that leave nothing serious open about a vendor."""
VENDOR = {
    "id": "acme",
    "vendor_name": "Acme",
    "access_type": "api",
    "has_dpa": True,
    "assessed_on": days_ago(200),
    **SETTLED,
}


class Approved(Scratch):
    """One repository for many attempts: each is the branch `attempt`, made from `work`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.write({CI: WORKFLOW, ".pre-commit-config.yaml": HOOK, "screener/rank.py": "RANK = 1\n"})
        self.adopt(high_system("development"))
        self.branch("work")
        self.declare(high_system("pre_deployment"))
        self.rewrite(lambda data: data | {"vendors": [VENDOR]})
        self.edit(vendors=["acme"])
        self.commit("Promote the screener")
        self.git("branch", "unapproved")
        for role in APPROVERS:
            self.approve(role, GATE)

    def restart(self, at: str = "work") -> None:
        """Begin another attempt: the files as they are at `at`."""
        self.git("checkout", "-q", "-f", "-B", "attempt", at)
        self.git("clean", "-q", "-f", "-d", "-x")

    def attempt(self, files: Mapping[str, str | bytes] | None = None, at: str = "work", **fields: Any) -> Result:
        """Judge `at` with these files rewritten and fields of the entry changed."""
        self.restart(at)
        self.write(files or {})
        if fields:
            self.edit(**fields)
        self.commit("Attempt")
        return self.check()
