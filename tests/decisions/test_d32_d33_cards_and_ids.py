"""D32: the approver that a card names settles nothing. D33: one id may be an artifact and a control, told apart."""

from __future__ import annotations

from decision_world import RULES
from evidence import card
from scratch import Scratch
from world import high_system

BOTH = {"model-card", "privacy-impact-assessment", "incident-response-plan"}
APPROVED = card() + "\n## Approved by\n\nAda Example, CISO, on 2026-11-01\n"


def test_d32_the_approver_a_card_names_is_no_approval(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("Promote")
    without = scratch.check()
    scratch.commit("Says it is approved", files={"MODEL_CARD.md": APPROVED})
    said = scratch.check()
    assert said.blocking() == without.blocking() == ["approval:ciso", "approval:legal", "approval:product-owner"]
    assert said.finding("ciso")["subject_digest"] != without.finding("ciso")["subject_digest"], "the card is in it"
    for role in ("ciso", "legal", "product-owner"):
        scratch.approve(role, "pre-deployment-security-review")
    assert scratch.check().code == 0, "the control: the gate's own approvals"


def test_d33_an_id_is_unique_per_kind_and_the_reasons_say_which(scratch: Scratch) -> None:
    assert set(RULES.artifacts) & set(RULES.controls) >= BOTH
    assert len({(rule.kind, rule.id) for rule in RULES.rules}) == len(RULES.rules)
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    scratch.remove("governance/incident-response-plan.md")
    scratch.commit("Promote without a plan")
    because = scratch.check().finding("incident-response-plan", "artifact")["because"]
    assert {(item["kind"], item["rule"]) for item in because} == {
        ("control", "incident-response-plan"),
        ("gate", "pre-deployment-security-review"),
    }


def test_d33_explain_tells_the_kinds_apart(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    artifact, control = (scratch.run("explain", f"{kind}:model-card") for kind in ("artifact", "control"))
    assert (artifact.code, control.code) == (0, 0)
    assert artifact.out != control.out
    assert scratch.run("explain", "control:red-team-report").code == 2, "it is an artifact and no control"
    assert scratch.run("explain", "red-team-report").code == 0, "the control: one kind has it"
