"""T26: a policy in base that can never want anything."""

from __future__ import annotations

import pytest
from promotion import Promotion
from scratch import Result
from world import to_yaml

RULE = """schema: policy-gate/policy/v1
rules:
  - id: own-rule
    title: Own rule
    why: Because.
    when: system.tier == "high"
    enforcement: block
    require:
      - artifact: on-call-playbook
"""
GATE = """schema: policy-gate/policy/v1
gates:
  - id: own-gate
    title: Own gate
    why: Because.
    from: development
    to: pre_deployment
    tiers: [high]
    none_for: [critical, medium, low]
    enforcement: block
    require:
      - approval: legal
"""
CONFIG = {"schema": "policy-gate/config/v1", "repository": "example-org/screener"}


def under(promotion: Promotion, text: str, path: str = "policies/own.yaml") -> Result:
    """Judge the finished promotion under a base that holds this file too."""
    promotion.restart("main")
    promotion.write({path: text})
    base = promotion.commit("Add to the law")
    return promotion.check("--base", base, "--head", "work", "--defer", "approval")


def test_t26_the_same_policies_without_a_fault_decide(promotion: Promotion) -> None:
    result = under(promotion, RULE)
    assert (result.code, result.blocking()) == (1, ["artifact:on-call-playbook"])
    assert under(promotion, RULE.replace("on-call-playbook", "red-team-report")).code == 0
    assert under(promotion, GATE).code == 0


@pytest.mark.parametrize(
    ("old", "new", "place", "said", "hint"),
    [
        ('"high"', '"hihg"', "6:26", 'system.tier is never "hihg"', '"high"'),
        ("system.tier", "system.tierr", "6:11", 'unknown name "system.tierr"', '"system.tier"'),
        ('== "high"', "== 5", "6:23", "(string, int)", "quotes"),
        ('system.tier == "high"', 'system.stage == "prod"', "6:27", 'system.stage is never "prod"', "production"),
        ('system.tier == "high"', "'false'", "6:11", "can never fire: `false` is never true", ""),
        ('system.tier == "high"', '\'"x" == "y"\'', "6:11", "can never fire", ""),
        ("on-call-playbook", "on-call-playbok", "9:19", "unknown artifact", '"on-call-playbook"'),
        ("artifact: on-call-playbook", "approval: cisso", "9:19", 'unknown role "cisso"', '"ciso"'),
        ("\n      - artifact: on-call-playbook", " []", "8:14", "require is empty", ""),
        ("    require:\n      - artifact: on-call-playbook\n", "", "3:5", "require is missing", ""),
        ("require:", "requires:", "8:5", "unknown key requires", '"require"'),
        ("policy/v1", "polcy/v1", "1:9", "policy-gate/polcy/v1", '"policy-gate/policy/v1"'),
    ],
)
def test_t26_a_rule_that_wants_nothing_is_no_pass(
    promotion: Promotion, old: str, new: str, place: str, said: str, hint: str
) -> None:
    result = under(promotion, RULE.replace(old, new))
    assert (result.code, result.verdict) == (3, "undecided"), result
    assert f"policies/own.yaml:{place}: " in result.err
    assert said in result.err
    assert hint in result.err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tiers: [high]", "tiers: [hihg]", 'policies/own.yaml:8:13: tiers[0] is "hihg"'),
        ("tiers: [high]", "tiers: []", "policies/own.yaml:8:12: tiers is empty"),
        ("none_for: [critical, medium, low]", "none_for: [low]", "own-gate"),
        ("to: pre_deployment", "to: pre-deployment", "policies/own.yaml:7:9"),
        ("\n      - approval: legal", " []", "require is empty"),
        ("own-gate", "pre-deployment-security-reviw", 'did you mean gate "pre-deployment-security-review"?'),
    ],
)
def test_t26_a_gate_that_wants_nothing_is_no_pass(promotion: Promotion, old: str, new: str, said: str) -> None:
    text = GATE if old != "own-gate" else GATE[: GATE.index("    title")] + "    require: [{approval: legal}]\n"
    result = under(promotion, text.replace(old, new))
    assert (result.code, said in result.err) == (3, True), result


def test_t26_an_empty_or_unknown_pack_is_no_pass(promotion: Promotion) -> None:
    result = under(promotion, to_yaml(CONFIG | {"packs": ["eu-ai-atc"]}), "policy-gate.yaml")
    assert (result.code, 'did you mean "eu-ai-act"?' in result.err) == (3, True)
    result = under(promotion, to_yaml(CONFIG | {"packs": ["own-pack"]}), "policy-gate.yaml")
    assert (result.code, 'unknown pack "own-pack"' in result.err) == (3, True)


@pytest.mark.parametrize("text", ["", "about: Nothing yet.\n", "rules: []\ngates: []\n"])
def test_t26_a_policy_that_holds_nothing_is_no_pass(promotion: Promotion, text: str) -> None:
    result = under(promotion, f"schema: policy-gate/policy/v1\n{text}")
    assert (result.code, "policies/own.yaml:1:1: the policy holds nothing" in result.err) == (3, True), result


def test_t26_nothing_weakened_is_silently_gone(promotion: Promotion) -> None:
    text = "schema: policy-gate/policy/v1\ngates:\n  - id: pre-deployment-security-review\n    enforcement: advise\n"
    result = under(promotion, text)
    notes = " ".join(result.report["trust"]["notes"])
    assert result.code == 3 or "pre-deployment-security-review" in notes
