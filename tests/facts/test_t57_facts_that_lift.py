"""T57: a fact that takes a system out of a class is a weakening, whichever other facts come along with it."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of

LISTED = {"eu_market": True, "annex_iii_points": ["4-a"]}
EXEMPT = {"annex_iii_exemption": "a", "profiles_persons": False}


def kinds(before: dict[str, Any], after: dict[str, Any], **fields: Any) -> dict[str, str]:
    """The kind of change of each fact between two entries that state these."""
    base, result = (snapshot(entry(facts=facts, **fields)) for facts in (before, after))
    found = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    return {change.field: change.kind for change in found if change.kind.startswith("fact-")}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        # stated for the first time: what lifts the class is a weakening, alone or with what it needs for it
        ({**LISTED, "profiles_persons": False}, {"annex_iii_exemption": "a"}, {"annex_iii_exemption": "fact-flipped"}),
        (LISTED, EXEMPT, {"annex_iii_exemption": "fact-flipped", "profiles_persons": "fact-flipped"}),
        ({**LISTED, "profiles_persons": True}, {"annex_iii_exemption": "a"}, {"annex_iii_exemption": "fact-added"}),
        ({**LISTED, "profiles_persons": False}, {"annex_iii_exemption": "none"}, {"annex_iii_exemption": "fact-added"}),
        ({"profiles_persons": False}, {"annex_iii_exemption": "a"}, {"annex_iii_exemption": "fact-added"}),
        ({"annex_iii_points": ["4-a"], "profiles_persons": False}, {"annex_iii_exemption": "a", "eu_market": False},
         {"annex_iii_exemption": "fact-flipped", "eu_market": "fact-answered"}),
        ({"annex_iii_points": ["4-a"], "profiles_persons": False, "eu_market": False}, {"annex_iii_exemption": "a"},
         {"annex_iii_exemption": "fact-added"}),
        # stated before, too: another answer is told by what it changes from
        ({**LISTED, **EXEMPT}, {"annex_iii_exemption": "b"}, {"annex_iii_exemption": "fact-changed"}),
        ({**LISTED, **EXEMPT}, {"annex_iii_exemption": "none"}, {"annex_iii_exemption": "fact-changed"}),
        ({**LISTED, "profiles_persons": False, "annex_iii_exemption": "none"}, {"annex_iii_exemption": "a"},
         {"annex_iii_exemption": "fact-changed"}),
        ({**LISTED, **EXEMPT}, {"profiles_persons": True}, {"profiles_persons": "fact-raised"}),
        ({**LISTED, "annex_iii_exemption": "a", "profiles_persons": True}, {"profiles_persons": False},
         {"profiles_persons": "fact-flipped"}),
        (LISTED, {"annex_iii_points": ["4-a", "1-a"]}, {"annex_iii_points": "fact-raised"}),
        (LISTED, {"annex_iii_points": ["1-a"]}, {"annex_iii_points": "fact-changed"}),
        (LISTED, {"eu_market": False}, {"eu_market": "fact-flipped"}),
        # what only raises, and what bears on no class
        ({}, LISTED, {"eu_market": "fact-added", "annex_iii_points": "fact-added"}),
        ({}, {"org_size": "large"}, {"org_size": "fact-added"}),
        ({"org_size": "large"}, {"org_size": "sme"}, {"org_size": "fact-changed"}),
        (LISTED, {}, {}),
    ],
)  # fmt: skip
def test_t57_the_kind_of_each_fact(before: dict[str, Any], after: dict[str, Any], found: dict[str, str]) -> None:
    assert kinds(before, {**before, **after}) == found


def test_a_fact_that_goes_is_removed() -> None:
    assert kinds(LISTED, {"eu_market": True}) == {"annex_iii_points": "fact-removed"}
    assert kinds({**LISTED, **EXEMPT}, {**LISTED, "profiles_persons": False}) == {"annex_iii_exemption": "fact-removed"}
