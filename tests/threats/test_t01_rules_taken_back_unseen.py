"""T01: a change of the rules that reads as harmless: whoever approves it is told what it takes back, thing by thing."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

RULES = """\
schema: policy-gate/policy/v1
rules:
  - id: own-playbook
    title: Nobody is on call
    why: Incidents come at night.
    when: system.stage == "production"
    enforcement: block
    effective: 2026-01-01
    waivable: false
    require:
      - artifact: on-call-playbook
        max_age: P1Y
      - artifact: rollback-procedure
  - id: own-look
    title: Legal has not looked
    why: Contracts name what is in use.
    for_each: change
    when: change.kind == "stage-advanced"
    enforcement: block
    effective: 2026-01-01
    require:
      - approval: legal
"""
CONFIG = """\
schema: policy-gate/config/v1
repository: example-org/screener
packs: [eu-ai-act, gdpr]
merge_methods: [merge, squash]
"""
LATER_RULE = RULES[RULES.index("  - id: own-look") :]
COVERING = LATER_RULE.replace("own-look", "own-other").replace(
    "    require", "    covers: {own-look: [stage-advanced]}\n    require"
)


def told(scratch: Scratch, rules: str, config: str) -> tuple[str, ...]:
    """What the report of a change that leaves these rules and this config says of them."""
    scratch.adopt(high_system("development"))
    scratch.write({"policies/own.yaml": RULES, "policy-gate.yaml": CONFIG})
    scratch.commit("Rules of our own")
    scratch.branch("work")
    scratch.write({"policies/own.yaml": rules, "policy-gate.yaml": config})
    scratch.commit("Tidy the comments of our rules")
    return tuple(scratch.check().report["preview"][1:])


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("block", "advise", "loosens rule:own-playbook.enforcement: block to advise"),
        ("2026-01-01", "2099-01-01", "loosens rule:own-playbook.effective: 2026-01-01 to 2099-01-01"),
        ("    waivable: false\n", "", "loosens rule:own-playbook.waivable: false to true"),
        (
            '"production"',
            '"deprecated"',
            'loosens rule:own-playbook.when: system.stage == "production" to system.stage == "deprecated"',
        ),
        ("      - artifact: rollback-procedure\n", "", "drops artifact rollback-procedure of rule:own-playbook"),
        ("max_age: P1Y", "max_age: P12W", "changes artifact on-call-playbook of rule:own-playbook"),
        (LATER_RULE, "", "drops rule:own-look"),
        (LATER_RULE, LATER_RULE + COVERING, "loosens rule:own-other.covers.own-look: nothing to stage-advanced"),
    ],
)
def test_t01_what_a_rule_of_base_asks_no_more_is_named(scratch: Scratch, old: str, new: str, line: str) -> None:
    assert line in told(scratch, RULES.replace(old, new, 1), CONFIG)


def test_t01_rules_that_ask_for_the_same_or_more_are_not_named(scratch: Scratch) -> None:
    more = RULES.replace("max_age: P1Y", "max_age: P1Y\n        status: final").replace(
        "Nobody is on call", "No one is"
    )
    added = RULES + LATER_RULE.replace("own-look", "own-other")
    assert told(scratch, added.replace("    why: Incidents", "    # why\n    why: Incidents"), CONFIG) == ()
    scratch.write({"policies/own.yaml": more})
    scratch.commit("More")
    said = scratch.check().report["preview"][1:]
    assert said == ["changes artifact on-call-playbook of rule:own-playbook"], "other terms are told, not weighed"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("[eu-ai-act, gdpr]", "[gdpr]", "policy-gate.yaml changes packs: eu-ai-act, gdpr to gdpr"),
        ("merge_methods", "shared: ['**']\nmerge_methods", "policy-gate.yaml changes shared: nothing to **"),
        ("merge_methods", "enforcement: []\nmerge_methods", "policy-gate.yaml changes enforcement: not set to nothing"),
        ("[merge, squash]", "[merge]", "policy-gate.yaml changes merge_methods: merge, squash to merge"),
    ],
)
def test_t01_settings_that_differ_are_named(scratch: Scratch, old: str, new: str, line: str) -> None:
    assert line in told(scratch, RULES, CONFIG.replace(old, new))


def test_t01_what_is_taken_from_a_shipped_gate_is_named_once(scratch: Scratch) -> None:
    gate = "gates:\n  - id: pre-deployment-security-review\n    require:\n      - artifact: model-card\n"
    said = told(scratch, RULES.replace("rules:\n", f"{gate}rules:\n", 1), CONFIG)
    assert sum(line.count("artifact red-team-report") for line in said) == 1, said
