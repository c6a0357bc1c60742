"""D17: a first declaration needs one approval by somebody else, at any tier; shared paths take the higher tier."""

from __future__ import annotations

from scratch import Scratch
from world import high_system, low_system, roles, to_yaml


def test_d17_a_low_system_too_is_read_by_somebody_who_did_not_write_it(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare(low_system("development"))
    scratch.commit("A small helper")
    found = scratch.check()
    assert found.blocking() == ["approval:ai-safety-lead"]
    assert found.finding("first-classification")["system"] == "SYS-003"
    scratch.approve("ai-safety-lead", "first-classification", "SYS-003")
    assert scratch.check().verdict == "pass"


def test_d17_its_author_does_not_count_whatever_role_they_hold(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.commit(
        "Bo leads safety", by="Rae Kim", files={"policies/roles.yaml": to_yaml(roles(ai_safety_lead="Bo Author"))}
    )
    scratch.branch()
    scratch.declare(low_system("development"))
    scratch.commit("A small helper")
    scratch.approve("ai-safety-lead", "first-classification", "SYS-003", by="Bo Author")
    found = scratch.check()
    assert found.verdict == "block"
    assert "wrote commit" in str(found.finding("first-classification")["claims"])


def test_d17_a_second_system_over_the_same_code_is_judged_at_the_higher_tier(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare(low_system("pre_deployment", paths=["screener/**"]))
    scratch.commit("The same code, called small")
    found = scratch.check()
    assert (found.system("SYS-003")["tier"], found.system("SYS-003")["effective_tier"]) == ("low", "high")
    assert "approval:ciso" in found.blocking()
