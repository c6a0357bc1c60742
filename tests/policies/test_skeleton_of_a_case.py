"""`policy-gate policy case`: what it prints for a rule about some subject comes out, or says what does not yet."""

from __future__ import annotations

import pytest
import yaml
from scratch import Scratch

from policy_gate.app.policy_cases import run_cases, skeleton
from policy_gate.app.views import builtin_policies
from policy_gate.schema.policy_cases import Case

SUBJECTS = (
    "vendor-critical-open", "vendor-without-dpa", "vendor-trains-on-data", "vendor-high-risk", "vendor-review",
    "metric-below-threshold", "metric-contradicted", "model-name-moves", "incident-open", "model-re-evaluation",
    "card-after-change", "use-case-note",
)  # fmt: skip


def _printed(rule: str) -> tuple[str, tuple[str, ...]]:
    policy = builtin_policies()
    text = skeleton(policy, next(it for it in policy.rules if it.id == rule and it.kind == "rule"))
    cases = [Case.model_validate(case, strict=False) for case in yaml.safe_load(text)["cases"]]
    return text, run_cases(policy, cases).failed


@pytest.mark.parametrize("rule", SUBJECTS)
def test_a_case_of_a_rule_about_a_subject_comes_out_as_printed(rule: str) -> None:
    text, failed = _printed(rule)
    assert not failed
    assert text.startswith("schema: policy-gate/case/v1\n")


def test_what_cannot_be_guessed_is_said_in_front() -> None:
    text, failed = _printed("four-fifths")
    assert len(failed) == 1
    assert text.startswith(f"# Correct this before you keep it: {failed[0]}\nschema: ")


OWN = """\
schema: policy-gate/policy/v1
rules:
  - id: short-memory
    title: A vendor keeps conversations longer than a month
    why: Our customers were promised thirty days.
    for_each: vendor
    when: system.tier == "medium" && vendor.gets_personal_data
    enforcement: block
    effective: 2026-01-01
    require:
      - that: {that}
        message: The entry says more.
"""


@pytest.mark.parametrize("that", ["vendor.data_retention_days <= 30", "vendor.sla_uptime_percentage >= 99.5"])
def test_a_rule_about_two_answers_of_a_vendor_comes_out_as_printed(scratch: Scratch, that: str) -> None:
    scratch.adopt(files={"policies/own.yaml": OWN.replace("{that}", that)})
    printed = scratch.run("policy", "case", "short-memory")
    assert (printed.code, printed.out.startswith("schema: ")) == (0, True), printed
    scratch.write({"policies/tests/own.yaml": printed.out})
    done = scratch.run("policy", "test")
    assert (done.code, "0 failed" in done.out, "short-memory" in done.out) == (0, True, False), done
