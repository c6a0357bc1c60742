"""T69: a rule of one's own layer that asks somebody easier in place of a rule that nobody may loosen (`covers`)."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

RULE = """\
schema: policy-gate/policy/v1
rules:
  - id: own-look
    title: Nobody of the team has looked
    why: Four eyes see more.
    for_each: change
    when: {when}
    enforcement: block
    effective: 2026-01-01
{covers}    require:
      - approval: engineering
"""


@pytest.mark.parametrize(
    ("when", "covers"),
    [
        ("change.weakening", "{weakening: [fact-flipped, evidence-redated]}"),
        ('change.kind == "system-added"', "{first-classification: [system-added]}"),
        ('change.kind == "incident-resolved"', "{incident-closing: [incident-resolved]}"),
        (
            'change.kind == "evidence-attested"',
            "{evidence-vouched: [evidence-attested]}",
        ),
    ],
)
def test_t69_a_new_rule_takes_the_place_of_a_built_in_one(scratch: Scratch, when: str, covers: str) -> None:
    scratch.adopt(high_system("development"))
    scratch.write({"policies/own.yaml": RULE.format(when=when, covers="")})
    assert scratch.run("policy", "lint").code == 0, "control: a rule beside the others"
    scratch.write({"policies/own.yaml": RULE.format(when=when, covers=f"    covers: {covers}\n")})
    found = scratch.run("policy", "lint")
    assert found.code == 1, found
    assert "does not mark" in " ".join(found.out.split()), found


def test_t69_rules_of_the_same_layer_may_stand_in_for_each_other(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    own = RULE.format(when="change.weakening", covers="    covers: {own-note: [fact-flipped]}\n")
    note = RULE.format(when="change.weakening", covers="").replace("own-look", "own-note")
    scratch.write({"policies/own.yaml": own, "policies/note.yaml": note})
    assert scratch.run("policy", "lint").code == 0


def test_t69_a_duplicate_in_one_layer_is_told_with_where_the_first_stands(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.write({"policies/own.yaml": "schema: policy-gate/policy/v1\nassurance: {valid_for: P30D}\n"})
    said = " ".join(scratch.run("policy", "lint").out.split())
    assert "assurance: is there twice in one layer (first at policies/org.yaml:" in said, said


@pytest.mark.parametrize(
    ("regulation", "rank", "is_refused"),
    [("eu-ai-act", 2, False), ("eu-ai-act", 3, True), ("eu-ai-act", 9, True), ("gdpr", 1, False), ("gdpr", 2, True)],
)
def test_t69_a_new_law_class_makes_up_for_the_loss_of_none(
    scratch: Scratch, regulation: str, rank: int, is_refused: bool
) -> None:
    scratch.adopt(high_system("development"))
    own = f"""schema: policy-gate/policy/v1
law_classes:
  - id: {regulation}:looked-at
    title: Looked at by us
    why: We looked.
    regulation: {regulation}
    rank: {rank}
    when: '"eu_market" in system.declared && system.eu_market'
"""
    scratch.write({"policies/own.yaml": own})
    found = scratch.run("policy", "lint")
    assert (found.code == 1) is is_refused, found
    assert (f"nothing above {regulation}:" in " ".join(found.out.split())) is is_refused, found
