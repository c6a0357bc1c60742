"""Roles that must be different people, and the fewest people to ask."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from decision_world import day, facts, outcomes, system_change
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from scratch import Scratch
from world import days_ago, high_system, low_system, medium_system, org_policy, roles, to_yaml

from policy_gate.decide.separation_of_duties import kept_apart, seats
from policy_gate.decide.weighed_outcome import WeighedOutcome

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


ADA, LIN, PAT = ("ada", "Ada Example"), ("lin", "Lin Park"), ("pat", "Pat Moss")
HERE, THERE = system_change(facts(), facts()), system_change(facts(), facts())
ASKED = next(it for it in outcomes(facts()) if it.requirement.kind == "approval")
APART = (frozenset({"ciso", "legal"}),)


def heard(role: str, *counted: tuple[str, str], **fields: Any) -> WeighedOutcome:
    """What was asked of a role and who said yes; met unless `state` says otherwise."""
    named = {name: fields.pop(name) for name in ("kind", "count") if name in fields}
    requirement = replace(ASKED.requirement, subject=role, **named)
    outcome = replace(ASKED, requirement=requirement, state=fields.pop("state", "met"))
    place = fields.pop("place", HERE)
    return WeighedOutcome(outcome, place, **{"for_": GATE, "counted": counted, **fields})


def states(*items: WeighedOutcome, apart: Sequence[frozenset[str]] = APART) -> list[str]:
    return [it.outcome.state for it in kept_apart(items, items, apart)]


def test_one_person_fills_one_role_of_one_approval() -> None:
    ciso, legal = heard("ciso", ADA), heard("legal", ADA)
    assert states(ciso, legal) == ["met", "gap"]
    assert states(ciso, legal, apart=()) == ["met", "met"]
    assert states(ciso, heard("legal", LIN)) == ["met", "met"]
    assert states(ciso, heard("dpo", ADA)) == ["met", "met"], "no role of the set"
    assert states(ciso, heard("legal", ADA, for_="use-case-change")) == ["met", "met"], "for something else"
    assert states(ciso, heard("legal", ADA, place=replace(THERE, id="OTHER"))) == ["met", "met"], "of another system"
    assert states(heard("legal", ADA, kind="artifact"), ciso) == ["met", "met"], "a paper that is called like a role"
    assert states(heard("ciso", ADA, state="gap", count=2), legal) == ["gap", "met"], "no seat without the other person"
    assert states(heard("ciso", ADA, LIN, count=2), legal) == ["met", "gap"]
    assert states(heard("ciso", ADA, LIN, count=2), heard("legal", ADA, PAT)) == ["met", "met"]
    assert states(heard("ciso")) == ["met"], "one role alone is apart from all, whoever settled it"


def test_a_role_without_a_person_of_its_own_is_open_wherever_the_same_approval_asks_for_it() -> None:
    before = (
        heard("ciso", ADA),
        heard("legal", ADA, blame="introduced", due=day(3)),
        heard("legal", ADA, blame="inherited", due=day(5)),
        heard("legal", ADA, for_="use-case-change"),
        heard("legal", ADA, place=THERE),
        heard("legal", ADA, kind="artifact"),
        heard("legal", ADA, state="waived"),
        heard("dpo", ADA),
    )
    settled = tuple(replace(it, blame=None, due=None) for it in before)
    found = kept_apart(before, settled, APART)
    assert [it.outcome.state for it in found] == ["met", "gap", "gap", "met", "met", "met", "waived", "met"]
    assert [(it.blame, it.due) for it in found[:3]] == [(None, None), ("introduced", day(3)), ("inherited", day(5))]
    assert found[1].outcome.seen == "Ada Example counts as ciso; base's policies want another person as legal"
    assert [it.counted for it in found[:3]] == [(ADA,), (), ()]


def test_of_two_people_for_a_role_the_one_that_has_a_seat_stays_counted() -> None:
    items = heard("ciso", ADA), heard("legal", ADA, LIN, count=2)
    found = kept_apart(items, items, APART)
    assert [it.outcome.state for it in found] == ["met", "gap"]
    assert found[1].counted == (LIN,)
    assert found[1].outcome.seen.startswith("Ada Example counts as ciso, Lin Park counts as legal; ")


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
