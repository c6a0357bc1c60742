"""Roles that must be different people, and the fewest people to ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scratch import Scratch
from world import days_ago, high_system, low_system, medium_system, org_policy, roles, to_yaml

from policy_gate.decide.separation_of_duties import seats

GATE = "production-deployment"
PEOPLE = "abcde"


@given(st.lists(st.lists(st.sampled_from(PEOPLE), max_size=4, unique=True), max_size=5))
def test_as_many_seats_are_filled_as_can_be_and_nobody_sits_twice(slots: list[list[str]]) -> None:
    found = seats(slots)
    taken = [person for person in found if person is not None]
    assert len(taken) == len(set(taken))
    assert all(person is None or person in slot for person, slot in zip(found, slots, strict=True))
    assert len(taken) == _most(slots, frozenset(PEOPLE))


def _most(slots: list[list[str]], free: frozenset[str]) -> int:
    if not slots:
        return 0
    first, rest = slots[0], slots[1:]
    return max([_most(rest, free), *(1 + _most(rest, free - {person}) for person in first if person in free)])


@pytest.fixture
def releasing(scratch: Scratch) -> Scratch:
    """A medium system on its way to production; Sam holds both roles that its gate asks, Sol one of them."""
    held = roles(security_lead="Sam Lee")
    scratch.adopt(medium_system("pre_deployment"), files={"policies/roles.yaml": to_yaml(held)})
    return scratch


def _release(repo: Scratch, name: str) -> None:
    repo.branch(name)
    repo.declare(medium_system("production", stage_since=days_ago(0)))
    repo.commit("Release")


def test_one_person_fills_two_roles_unless_base_keeps_them_apart(releasing: Scratch) -> None:
    _release(releasing, "together")
    for role in ("engineering-manager", "security-lead"):
        releasing.approve(role, GATE, "SYS-002", by="Sam Lee")
    assert releasing.check().code == 0

    releasing.checkout("main")
    apart = org_policy(separate_roles=[["engineering-manager", "security-lead"]])
    releasing.commit("Two pairs of eyes", by="Rae Kim", files={"policies/org.yaml": to_yaml(apart)})
    _release(releasing, "apart")
    for role in ("engineering-manager", "security-lead"):
        releasing.approve(role, GATE, "SYS-002", by="Sam Lee")
    found = releasing.check()
    assert found.code == 1, found
    reopened = [item for item in found.findings("gap") if item["requirement"]["kind"] == "approval"]
    assert len(reopened) == 1
    assert "Sam Lee counts as engineering-manager" in reopened[0]["seen"]
    assert "another person as security-lead" in reopened[0]["seen"]


def test_kept_apart_two_people_are_enough_whoever_could_fill_both(releasing: Scratch) -> None:
    both = roles(security_lead="Sam Lee")
    both["roles"]["engineering-manager"]["members"].append({"name": "Sol Ito", "email": "sol@example.com"})
    apart = org_policy(separate_roles=[["engineering-manager", "security-lead"]])
    files = {"policies/org.yaml": to_yaml(apart), "policies/roles.yaml": to_yaml(both)}
    releasing.commit("Two pairs of eyes", by="Rae Kim", files=files)
    _release(releasing, "apart")
    for role, who in (
        ("engineering-manager", "Sam Lee"),
        ("security-lead", "Sam Lee"),
        ("engineering-manager", "Sol Ito"),
    ):
        releasing.approve(role, GATE, "SYS-002", by=who)
    assert releasing.check().code == 0, "Sol is moved to the role that Sam need not fill"


def test_an_unknown_role_among_those_kept_apart_is_no_policy(releasing: Scratch) -> None:
    typo = org_policy(separate_roles=[["cisco", "legal"]])
    releasing.commit("A typo", by="Rae Kim", files={"policies/org.yaml": to_yaml(typo)})
    _release(releasing, "typo")
    found = releasing.check()
    assert found.code == 3
    assert 'unknown role "cisco"' in str(found.report["problems"])


def test_the_report_names_the_fewest_people_to_ask(scratch: Scratch, tmp_path: Path) -> None:
    held = roles(legal="Ada Example")
    held["roles"]["product-owner"]["members"] = [
        {"name": name, "email": f"{name.split()[0].lower()}@example.com"} for name in ("Pat Moss", "Ada Example")
    ]
    scratch.adopt(high_system("development"), low_system(), files={"policies/roles.yaml": to_yaml(held)})
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("Promote")
    found = scratch.check()
    assert found.report["ask"] == [{"name": "Ada Example", "roles": ["ciso", "legal", "product-owner"]}]
    assert "Ada Example (CISO, Legal and Product owner) can give it all" in scratch.run("check").out


def test_whoever_had_a_hand_in_it_is_not_proposed_and_a_role_without_anybody_left_says_so(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("Promote", by="Ada Example")
    found = scratch.check()
    assert {ask["name"] for ask in found.report["ask"]} == {"Lin Park", "Pat Moss"}
    assert found.finding("ciso")["able"] == []
    assert "Ada Example had a hand in this, and nobody else in base holds the role" in " ".join(
        scratch.run("check").out.split()
    )
