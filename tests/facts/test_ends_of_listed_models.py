"""The day on which a listed model ends: whose counts, which change of it weakens, and what is judged meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of
from policy_gate.facts.held_facts import hold
from policy_gate.schema.change import Change
from policy_gate.schema.snapshot import Snapshot

KNOWN = "claude-2.1"
"""the policies say that it ended on 2025-07-21"""
PAGE = "https://house.example/models"


def model(name: str = "ranker", retires: str = "", **fields: Any) -> dict[str, Any]:
    return {"name": name, **({"retires": retires, "source": PAGE} if retires else {}), **fields}


def tree(*models: dict[str, Any]) -> Snapshot:
    return snapshot(entry(models=list(models)))


def between(base: Snapshot, result: Snapshot) -> tuple[Change, ...]:
    return changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())


@pytest.mark.parametrize(
    ("listed", "day", "source"),
    [
        (model(), "", ""),
        (model(retires="2027-03-01"), "2027-03-01", PAGE),
        (model(KNOWN), "2025-07-21", "https://docs.anthropic.com/en/docs/about-claude/model-deprecations"),
        (
            model(KNOWN, "2027-03-01"),
            "2025-07-21",
            "https://docs.anthropic.com/en/docs/about-claude/model-deprecations",
        ),
        (model(KNOWN, "2025-07-20"), "2025-07-20", PAGE),
    ],
)
def test_the_earlier_day_of_entry_and_policies_counts_with_its_source(
    listed: dict[str, Any], day: str, source: str
) -> None:
    (values,) = facts_of(tree(listed), policy())[0].models
    assert (values["model.retires"], values["model.retires_source"]) == (day, source)


ENDS = model(retires="2027-03-01", version="3")
MOVED = "model-end-moved"


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        (ENDS, model(version="3"), [(MOVED, "retires ranker 3", "2027-03-01", None)]),
        (ENDS, model(retires="2027-03-02", version="3"), [(MOVED, "retires ranker 3", "2027-03-01", "2027-03-02")]),
        (ENDS, model(retires="2027-02-28", version="3"), []),
        (model(version="3"), ENDS, []),
        (ENDS, ENDS | {"source": "a letter"}, []),
        # another version is another model, and what the policies know goes on counting
        (ENDS, model(version="4"), [("model-changed", "models ranker", "ranker 3", "ranker 4")]),
        (model(KNOWN, "2027-03-01"), model(KNOWN), []),
        # how a name is written makes no other model of it
        (ENDS, ENDS | {"name": "Ranker"}, []),
        (ENDS, model("RANKER", version="3"), [(MOVED, "retires ranker 3", "2027-03-01", None)]),
        (model(KNOWN, "2025-01-01"), model(KNOWN), [(MOVED, f"retires {KNOWN}", "2025-01-01", "2025-07-21")]),
    ],
)
def test_an_end_that_is_put_off_or_said_no_more_weakens(
    was: dict[str, Any], now: dict[str, Any], found: list[tuple[Any, ...]]
) -> None:
    changes = between(tree(was), tree(now))
    assert [(it.kind, it.field, it.before, it.after) for it in changes] == found
    assert all(it.weakening is (it.kind == MOVED) for it in changes)


def test_meanwhile_the_day_that_base_says_counts() -> None:
    base, result = tree(ENDS, model("other")), tree(model(version="3"), model("other"))
    was, now = facts_of(base, policy()), facts_of(result, policy())
    (held,) = hold(was, now, between(base, result), policy())
    assert [(it["model.retires"], it["model.retires_source"]) for it in held.models] == [("2027-03-01", PAGE), ("", "")]


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (["3"], ["4", "3"], [("ranker 3", "ranker 4, ranker 3")]),
        (["4", "3"], ["3"], [("ranker 4, ranker 3", "ranker 3")]),
        (["4", "3"], ["5", "3"], [("ranker 4, ranker 3", "ranker 5, ranker 3")]),
        (["4", "3"], ["3", "4"], []),
    ],
)
def test_d39_a_name_may_be_listed_with_two_versions(
    was: list[str], now: list[str], told: list[tuple[str, str]]
) -> None:
    trees = [tree(*(model(version=version) for version in listed)) for listed in (was, now)]
    found = [it for it in between(*trees) if it.kind == "model-changed"]
    assert [(it.before, it.after) for it in found] == told
