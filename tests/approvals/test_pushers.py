"""Whose pushes brought the commits of a change: of what is in it, whatever else a clone happens to hold (D13)."""

from __future__ import annotations

import pytest

from policy_gate.approvals.pushers import pushers_of
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.schema.people import Author, Commit
from policy_gate.vcs.memory_tree import MemoryTree

BO, ADA = Author("Bo Author", "bo@example.com"), Author("Ada Example", "ada@example.com")
OLD, REBASED, AGAIN = "a" * 40, "b" * 40, "c" * 40
MADE = {oid: (Commit(oid, (BO,), frozenset({"governance.yaml"})),) for oid in (OLD, REBASED, AGAIN)}
PUSHES = ((BO, "", OLD), (ADA, OLD, REBASED), (BO, REBASED, AGAIN))


@pytest.mark.parametrize("held", [(OLD, REBASED, AGAIN), (REBASED, AGAIN), (OLD, AGAIN), (AGAIN,)])
def test_who_pushed_what_another_replaced_pushed_nothing_of_it(held: tuple[str, ...]) -> None:
    here = {oid: MADE[oid] for oid in held}
    query = ApprovalQuery(MemoryTree({}), MemoryTree({}), commits=MADE[AGAIN], head=AGAIN, commits_to=here.get)
    search = pushers_of(AGAIN, query)
    for who, before, after in reversed(PUSHES):
        search.take(who, before, after)
    assert [(it.author, it.commits) for it in search.contributors("pushed")] == [(BO, MADE[AGAIN])]


@pytest.mark.parametrize("held", [(OLD, REBASED), (REBASED,)])
def test_control_who_pushed_what_is_in_it_is_a_hand(held: tuple[str, ...]) -> None:
    here = {oid: MADE[oid] for oid in held}
    query = ApprovalQuery(MemoryTree({}), MemoryTree({}), commits=MADE[REBASED], head=REBASED, commits_to=here.get)
    search = pushers_of(REBASED, query)
    for who, before, after in reversed(PUSHES[:2]):
        search.take(who, before, after)
    assert [(it.author, it.commits) for it in search.contributors("pushed")] == [(ADA, MADE[REBASED])]
